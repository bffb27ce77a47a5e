"""The plan that is explained, and solving again from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rasad.roadmap.explain.result import Move
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.rows import Block, Expression, Rows, build, decode
from rasad.roadmap.solve.choose import MOMENT, SMALL
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import Engine, search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.solve.neighbourhoods import Neighbourhoods
from rasad.roadmap.solve.outcome import Outcome, Status
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.wording import Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def target_of(problem: Problem, rows: Rows) -> Expression:
    """Return what is explained: the weighted sum, or the first target of those that are taken one by one."""
    return rows.weighted if problem.objective.method == "weighted" else rows.targets[0]


@dataclass
class Base:
    """A plan with its value, and the bound that no plan can pass."""

    problem: Problem
    rows: Rows
    target: Expression
    values: tuple[int, ...]
    objective: int
    bound: int

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

    def loses(self, found: Outcome) -> tuple[int, int | None]:
        """Return at least and at most what the best plan loses where only what `found` looked for is allowed.

        The best is between objective and bound, and so is the best of what is allowed: the loss is at least what lies between our plan and
        that bound.
        """
        sign = 1 if self.target.maximise else -1
        bound = self.bound if found.bound is None else found.bound
        least = max(0, sign * (self.objective - bound))
        most = None if found.objective is None else max(0, sign * (self.bound - found.objective))
        return least, most

    def again(
        self,
        problem: Problem,
        rows: Rows,
        seconds: float,
        stop: threading.Event,
        values: Sequence[int] = (),
        near: int | None = None,
    ) -> Outcome:
        """Solve rows like those of the plan again; one engine with one worker, since others work beside it.

        `values`: a plan to begin with. `near`: the initiative that is to be otherwise; first what hangs together with it is changed, the rest kept.
        """
        end = time.monotonic() + seconds
        # The rows' own: a wider limit may have variables that the plan's rows lack.
        target = target_of(problem, rows)
        watch = Watch(rows, target, cancel=stop)
        if len(values):
            watch.offer(values, "start")
        if len(rows.variables) <= SMALL:
            found = search([CpSat(workers=1)], watch, min(MOMENT, seconds))
            if found.status.proven or stop.is_set():
                return found
        if near is not None:
            Neighbourhoods(problem, rows).near(watch, self.values, near, seconds / 2)
        engine: Engine = Highs(threads=1)
        found = search([engine], watch, max(0.05, end - time.monotonic()))
        if found.status is Status.NUMERIC:
            found = search([CpSat(workers=1)], watch, max(0.05, end - time.monotonic()))
        return found

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
