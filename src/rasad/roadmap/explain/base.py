"""The plan that is explained: what it reaches of each target, what is left of the others, and what another plan loses against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rasad.roadmap.explain.pool import Pool
from rasad.roadmap.explain.result import Aim, Move, aim_of
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.rows import Block, Expression, Rows, build, decode
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.wording import Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Stage:
    """One target among those that are taken one after the other: what the best plan reaches, and the bound that none passes that keeps the targets before it.

    `rows` are the problem's, and that the targets before are kept. `kept` and `kept_bound`: what of `objective` and `bound` must be kept for the targets after it; of the
    last one all.
    """

    target: Expression
    rows: Rows
    objective: int
    bound: int
    kept: int
    kept_bound: int

    @property
    def sign(self) -> int:
        return 1 if self.target.maximise else -1

    def loses(self, objective: int | None, bound: int | None) -> tuple[int, int | None]:
        """Return at least and at most what the best plan loses of what is kept, where only plans between objective and bound are allowed.

        The best that is kept is between `kept` and `kept_bound`, and so is the best of what is allowed between its own: the loss is at least what lies between our plan
        and that bound.
        """
        least = max(0, self.sign * (self.kept - (self.bound if bound is None else bound)))
        most = None if objective is None else max(0, self.sign * (self.kept_bound - objective))
        return least, most

    def as_aim(self, problem: Problem) -> Aim:
        """Return the stage as it is told."""
        target = self.target
        return aim_of(
            problem, target.key, target.words, target.maximise, self.objective, self.bound, self.kept
        )


@dataclass
class Base:
    """A plan, the stages in which it is the best, and every plan that was seen on the way."""

    problem: Problem
    rows: Rows
    stages: tuple[Stage, ...]
    values: tuple[int, ...]
    pool: Pool = field(repr=False)

    @property
    def complete(self) -> bool:
        """Return whether every target has its stage."""
        return len(self.stages) == len(self.rows.in_order(self.problem.objective.method))

    @cached_property
    def plan(self) -> Plan:
        return decode(self.problem, self.rows, self.values)

    @cached_property
    def named(self) -> Rows:
        """Return the rows in which every limit has its own."""
        return build(self.problem, named_windows=True)

    @cached_property
    def matrix(self) -> Matrix:
        return Matrix(self.rows)

    @cached_property
    def blocks(self) -> dict[int, list[Block]]:
        """Return the blocks of each initiative that has any."""
        found: dict[int, list[Block]] = {}
        for block in self.rows.blocks.values():
            found.setdefault(block.initiative, []).append(block)
        return found

    def chosen(self, at: int) -> bool:
        return any(self.values[block.chosen] for block in self.blocks.get(at, []))

    def otherwise(self, at: int, *, chosen: bool) -> tuple[int, ...] | None:
        """Return the best plan that was seen with an initiative other than `chosen`; None where none was."""
        return self.pool.best(at, not chosen, self._rank)

    def _rank(self, reached: Sequence[int]) -> tuple[int, ...]:
        """Return what a plan is ranked by: the targets in their order, none better than what must be kept of it."""
        ranked = [
            min(stage.sign * value, stage.sign * stage.kept)
            for stage, value in zip(self.stages, reached, strict=False)
        ]
        return (*ranked[:-1], self.stages[-1].sign * reached[len(ranked) - 1])

    def at_most(self, values: Sequence[int]) -> tuple[int, int]:
        """Return in which stage a plan loses, and at most how much the best plan loses there when it is taken instead."""
        for number, stage in enumerate(self.stages):
            _least, most = stage.loses(stage.target.linear.value(values), None)
            assert most is not None
            if most or stage is self.stages[-1]:
                return number, most
        raise AssertionError("a problem has a target")

    def moves(self, plan: Plan, but: str) -> tuple[Move, ...]:
        """Return what another plan has otherwise, all but one initiative."""
        before = {choice.initiative: choice for choice in self.plan.choices}
        after = {choice.initiative: choice for choice in plan.choices}
        found = []
        for initiative in self.problem.initiatives:
            was, now = before.get(initiative.id), after.get(initiative.id)
            if was == now or initiative.id == but:
                continue
            name, horizon = initiative.name, self.problem.horizon
            if now is None:
                kind, words = "out", Words(_n("%(initiative)s goes out"), {"initiative": name})
            elif was is None:
                kind = "in"
                words = Words(_n("%(initiative)s comes in, starting in %(period)s"),
                              {"initiative": name, "period": horizon.name(now.start)})  # fmt: skip
            elif was.mode != now.mode:
                mode = next(mode.name for mode in initiative.modes if mode.id == now.mode)
                kind = "moved"
                words = Words(_n("%(initiative)s is done as %(mode)s, starting in %(period)s"),
                              {"initiative": name, "mode": mode, "period": horizon.name(now.start)})  # fmt: skip
            else:
                kind = "moved"
                words = Words(_n("%(initiative)s starts in %(period)s rather than in %(before)s"),
                              {"initiative": name, "period": horizon.name(now.start), "before": horizon.name(was.start)})  # fmt: skip
            found.append(
                Move.model_validate({"initiative": initiative.id, "name": name, "kind": kind, "words": words})
            )
        return tuple(found)
