"""Computing plans to weigh: the best by a grid of weights over the simplex, and of those a few that differ most."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

from rasad.persian.apportion import apportion
from rasad.roadmap.problem import GoalTarget, Objective, Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import Rows
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.matrix import reach_of
from rasad.roadmap.solve.outcome import Outcome, Status, StepCall, gap
from rasad.roadmap.solve.weighted import Parts, Weigher, drawn, measured
from rasad.roadmap.verify import verify
from rasad.roadmap.weighing.result import ToWeigh, Weighable, WeighedGoal

SECONDS, MOST = 180.0, 12
GRID = 36
"""Weights of the grid at most, beside one for each goal."""
LITTLE = 10
"""What a goal weighs that weighs nothing, in hundredths of a per cent: then no plan is best that another beats."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def plans_to_weigh(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    seed: int = 1,
    most: int = MOST,
    given: Plan | None = None,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> ToWeigh:
    """Return up to `most` plans, each the best by some weights of the goals, that differ as much as can be. ValueError where no initiative serves a goal.

    The problem's own objective plays no part: its limits, locks and what is frozen do. Each goal is measured by how far it reaches between the plans that are best for one
    goal alone. `given`: a plan that is to be among them where it keeps the limits, such as the adopted one. `seed`: of the weights that are tried beyond the grid where it gave
    fewer plans. Setting `cancel` ends it with the plans until then.
    """
    return _Computing(problem, seconds, seed, most, progress, cancel).run(given)


@dataclass
class _Best:
    """For which weights a plan is the best that was found, and how far that is proven."""

    parts: Parts
    outcome: Outcome


class _Computing:
    def __init__(
        self,
        problem: Problem,
        seconds: float,
        seed: int,
        most: int,
        progress: StepCall | None,
        cancel: threading.Event | None,
    ) -> None:
        self.began = time.monotonic()
        self.end = self.began + seconds
        self.seed, self.most = seed, most
        self.progress = progress or (lambda _what, _done, _total: None)
        self.cancel = cancel or threading.Event()
        self.problem, rows = _by_goals(problem)
        self.names = [
            target.goal for target in self.problem.objective.targets if isinstance(target, GoalTarget)
        ]
        self.weigher = Weigher(self.problem, rows, self.cancel)
        # At first a goal reaches as far as its figures can; then as far as the plans for one goal alone do.
        self.reach = [max(1, reach_of(target.linear, rows)) for target in rows.targets]
        self.best: dict[int, _Best] = {}
        self.failed: Status | None = None

    def run(self, given: Plan | None) -> ToWeigh:
        named = None if given is None else self.weigher.offer(given)
        ends = list(_ends(len(self.names)))
        inner = list(_inside(len(self.names)))
        searched = self._search(ends, len(ends) + len(inner), 0)
        alone = [self.weigher.known[at].signed for at in self.best]
        if alone:
            self.reach = [max(1, max(column) - min(column)) for column in zip(*alone, strict=True)]
            searched += self._search(inner, len(ends) + len(inner), searched)
            self._further()
        return self._told(named, [*ends, *inner], searched)

    def _search(self, grid: Sequence[Parts], total: int, before: int) -> int:
        """Look for the best plan by each of some weights; return how many were looked at."""
        for number, parts in enumerate(grid):
            if self.cancel.is_set() or time.monotonic() >= self.end or self.failed is Status.INFEASIBLE:
                return number
            share = (self.end - time.monotonic()) / (total - before - number)
            self._one(parts, max(0.05, share))
            self.progress(_n("looking for plans to weigh"), before + number + 1, total)
        return len(grid)

    def _one(self, parts: Parts, seconds: float) -> None:
        weights = measured([max(part, LITTLE) for part in parts], self.reach)
        at, outcome = self.weigher.best(weights, seconds)
        if at is None:
            self.failed = outcome.status
            return
        before = self.best.get(at)
        if before is None or _width(outcome) < _width(before.outcome):
            self.best[at] = _Best(parts, outcome)

    def _further(self) -> None:
        """Try weights drawn evenly from all, while there are fewer plans than wished and time is left."""
        if len(self.names) < 2:
            return
        tries = 2 * self.most
        for number, parts in enumerate(islice(drawn(len(self.names), self.seed), tries)):
            left = self.end - time.monotonic()
            if len(self.best) >= self.most or self.cancel.is_set() or left <= 0:
                return
            self._one(parts, max(0.05, left / (tries - number)))

    def _told(self, named: int | None, grid: Sequence[Parts], searched: int) -> ToWeigh:
        known = self.weigher.known
        good = [
            at
            for at in self.best
            if not any(_beats(known[other].signed, known[at].signed) for other in self.best)
        ]
        # Of plans that bring every goal the same, one.
        distinct = list({known[at].signed: at for at in reversed(good)}.values())
        kept = self._different(sorted(distinct))
        if named is not None and named not in kept:
            kept = [named, *(at for at in kept if known[at].signed != known[named].signed)][
                : max(1, self.most)
            ]
        columns = list(zip(*(known[at].signed for at in kept), strict=True))
        least, best = [min(column) for column in columns], [max(column) for column in columns]
        titles = {goal.id: goal.name for goal in self.problem.goals}
        plans = [self._weighable(at, named, least, best) for at in kept]
        told = ToWeigh(
            status=self._status(kept, named, searched == len(grid)),
            goals=tuple(
                WeighedGoal(goal=id_, name=titles[id_], least=low, best=high)
                for id_, low, high in zip(
                    self.names, least or [0] * len(self.names), best or [0] * len(self.names), strict=True
                )
            ),
            plans=tuple(plans),
            grid=len(grid),
            searched=searched,
            seed=self.seed,
            seconds=time.monotonic() - self.began,
        )
        wins = [told.best(parts) for parts in grid]
        counted = [one.model_copy(update={"count": wins.count(at)}) for at, one in enumerate(told.plans)]
        return told.model_copy(update={"plans": tuple(sorted(counted, key=lambda one: -one.count))})

    def _different(self, places: list[int]) -> list[int]:
        """Return up to `most` plans: the best of each goal, then again and again the one that is farthest from all that are taken (Gonzalez 1985)."""
        if not places:
            return []
        known = self.weigher.known
        taken = list(
            dict.fromkeys(
                max(places, key=lambda at: known[at].signed[goal]) for goal in range(len(self.names))
            )
        )
        while len(taken) < min(self.most, len(places)):
            rest = [at for at in places if at not in taken]
            taken.append(max(rest, key=lambda at: min(self._apart(at, other) for other in taken)))
        return taken[: self.most]

    def _apart(self, one: int, other: int) -> int:
        """Return how far two plans are from one another: in goals, each by its reach, and in initiatives."""
        here, there = self.weigher.known[one], self.weigher.known[other]
        goals = sum(
            WHOLE_SHARE * abs(a - b) // far
            for a, b, far in zip(here.signed, there.signed, self.reach, strict=True)
        )
        chosen = [{choice.initiative for choice in plan.plan.choices} for plan in (here, there)]
        return goals + WHOLE_SHARE * len(chosen[0] ^ chosen[1]) // max(1, len(self.problem.initiatives))

    def _weighable(self, at: int, named: int | None, least: list[int], best: list[int]) -> Weighable:
        one, found = self.weigher.known[at], self.best.get(at)
        verdict = verify(self.problem, one.plan)
        values = tuple(verdict.scores[id_] for id_ in self.names)
        checked = verdict.keeps and values == one.signed
        figures = verdict.figures
        return Weighable(
            plan=one.plan,
            values=values,
            met=tuple(
                WHOLE_SHARE if high == low else WHOLE_SHARE * (value - low) // (high - low)
                for value, low, high in zip(one.signed, least, best, strict=True)
            ),
            cost=sum(figures.cost_of(work) for work in figures.works.values()),
            status=Status.UNVERIFIED if not checked else found.outcome.status if found else None,
            gap=gap(found.outcome.objective, found.outcome.bound) if found else None,
            weights=found.parts if found else tuple(apportion(WHOLE_SHARE, [1] * len(self.names))),
            count=0,
            given=at == named,
        )

    def _status(self, kept: list[int], named: int | None, whole: bool) -> Status:
        if not kept:
            if self.cancel.is_set():
                return Status.CANCELLED_NONE
            return self.failed or Status.TIME_NONE
        if self.cancel.is_set():
            return Status.CANCELLED
        proven = all(self.best[at].outcome.status is Status.OPTIMAL for at in kept if at in self.best)
        return Status.OPTIMAL if proven and whole and self.failed is None else Status.TIME


def _by_goals(problem: Problem) -> tuple[Problem, Rows]:
    """Return the problem with every goal that is served as a target, and its rows. ValueError where there is none."""
    every = tuple(GoalTarget(kind="goal", goal=goal.id) for goal in problem.goals)
    if every:
        asked = problem.model_copy(update={"objective": Objective(method="weighted", targets=every)})
        served = tuple(
            target for target, row in zip(every, rows_of(asked).targets, strict=True) if row.linear.columns
        )
        if served:
            asked = problem.model_copy(update={"objective": Objective(method="weighted", targets=served)})
            return asked, rows_of(asked)
    raise ValueError("no initiative serves a goal")


def _ends(goals: int) -> Iterator[Parts]:
    for at in range(goals):
        yield tuple(WHOLE_SHARE * (at == other) for other in range(goals))


def _inside(goals: int) -> Iterator[Parts]:
    """Yield weights that lie evenly over the simplex, without its corners, and the middle: as fine as `GRID` allows."""
    middle = tuple(apportion(WHOLE_SHARE, [1] * goals))
    if goals > 1:
        yield middle
    steps = 2
    while goals > 1 and comb(steps + goals, goals - 1) <= GRID:
        steps += 1
    for counts in _sums(steps, goals) if goals > 1 else ():
        parts = tuple(apportion(WHOLE_SHARE, list(counts)))
        if max(counts) < steps and parts != middle:
            yield parts


def _sums(whole: int, count: int) -> Iterator[Parts]:
    """Yield every way to write a number as a sum of so many, in order."""
    if count == 1:
        yield (whole,)
        return
    for first in range(whole, -1, -1):
        for rest in _sums(whole - first, count - 1):
            yield (first, *rest)


def _width(outcome: Outcome) -> float:
    found = gap(outcome.objective, outcome.bound)
    return float("inf") if found is None else found


def _beats(one: Sequence[int], other: Sequence[int]) -> bool:
    return one != other and all(here >= there for here, there in zip(one, other, strict=True))
