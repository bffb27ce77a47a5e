"""Searching for the plan that is explained, and again from it with something otherwise."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from rasad.roadmap.explain.base import Base, Stage
from rasad.roadmap.explain.pool import Pool
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.rows import Expression, Rows, encode
from rasad.roadmap.solve.bysize import MOMENT
from rasad.roadmap.solve.choose import SMALL, rows_of, run
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import outcome, search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.neighbourhoods import Neighbourhoods
from rasad.roadmap.solve.outcome import Outcome, Status, gap
from rasad.roadmap.solve.watch import Watch

FAR = 0.05
"""From which gap on the relaxation says little: CP-SAT proves sooner where the rows are few, and where they are many better plans are looked for first."""
FEW = 500
"""Variables up to which they are few. Measured, all choices of 60 × 5 (230 of them): tight, of which the gap is 9 %, 49 s of processor time with CP-SAT and 97 s with HiGHS;
loose, of which it is 2 %, as much with either."""


def best_plan(
    problem: Problem, start: Plan | None, seconds: float, stop: threading.Event
) -> tuple[Status, Base | None, tuple[Expression, int | None]]:
    """Return how the search for the best plan ended, the plan with its stages, and the first target with its bound.

    Where the time does not do for all targets, those that were not reached are left out of the stages.
    """
    end = time.monotonic() + seconds
    whole = rows = rows_of(problem)
    targets = rows.in_order(problem.objective.method)
    pool = Pool(rows, targets)
    known = start if start is not None else problem.published
    values = None if known is None else tuple(encode(problem, rows, known))
    stages: list[Stage] = []
    status = Status.OPTIMAL
    first: tuple[Expression, int | None] = (targets[0], None)
    for number, target in enumerate(targets):
        watch = Watch(rows, target, cancel=stop)
        watch.listen(pool.add)
        if values is not None:
            watch.offer(values, "start")
        found = run(problem, rows, watch, max(0.0, end - time.monotonic()) / (len(targets) - number))
        if number == 0:
            first = (target, found.bound)
        if found.values is None or found.objective is None or found.bound is None:
            status = found.status
            break
        values = found.values
        status = status if found.status is Status.OPTIMAL else found.status
        last = number + 1 == len(targets)
        kept, kept_bound = (found.objective, found.bound) if last else (target.kept(found.objective), target.kept(found.bound))  # fmt: skip
        stages.append(Stage(target, rows, found.objective, found.bound, kept, kept_bound))
        rows = rows.plus([target.reaching(kept)])
    if not stages or values is None:
        return status, None, first
    return status, Base(problem, whole, tuple(stages), values, pool), first


class _Near:
    """An engine that keeps most of a plan in which one initiative is to be otherwise."""

    name = Neighbourhoods.name

    def __init__(self, problem: Problem, rows: Rows, place: int, values: tuple[int, ...]) -> None:
        self._place, self._values = place, values
        self._search = Neighbourhoods(problem, rows)

    def stop(self) -> None:
        self._search.stop()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        self._search.near(watch, self._values, self._place, seconds)
        return (Status.OPTIMAL if watch.met else Status.TIME), ""


def again(
    problem: Problem,
    rows: Rows,
    target: Expression,
    seconds: float,
    stop: threading.Event,
    *,
    values: Sequence[int] = (),
    bound: float | None = None,
    seen: Callable[[tuple[int, ...], int], None] | None = None,
    near: tuple[int, tuple[int, ...]] | None = None,
) -> Outcome:
    """Search rows like those of the plan again; one engine with one worker, since others work beside it.

    `values`: a plan to begin with; `bound`: what is known that none passes. `seen` is told of every plan. `near`: an initiative that is to be otherwise than in
    a plan; where no good one is known, first what hangs together with it is changed and the rest kept.
    """
    end = time.monotonic() + seconds
    watch = Watch(rows, target, cancel=stop)
    if seen is not None:
        watch.listen(seen)
    if len(values):
        watch.offer(values, "start")
    if bound is not None:
        watch.bounded(bound, "HiGHS")
    if watch.met:
        return outcome(watch, Status.OPTIMAL, "HiGHS", "", 0.0)
    if stop.is_set():
        return outcome(watch, Status.CANCELLED, "HiGHS", "", 0.0)
    if len(rows.variables) <= SMALL:
        found = search([CpSat(workers=1)], watch, min(MOMENT, seconds))
        if found.status.proven or stop.is_set():
            return found
    width = gap(watch.objective, watch.bound)
    wide = width is None or width > FAR
    if wide and len(rows.variables) <= FEW:
        return search([CpSat(workers=1)], watch, max(0.05, end - time.monotonic()))
    if near is not None and wide:
        search([_Near(problem, rows, *near)], watch, seconds / 3)
    found = search([Highs(threads=1)], watch, max(0.05, end - time.monotonic()))
    if found.status is Status.NUMERIC:
        found = search([CpSat(workers=1)], watch, max(0.05, end - time.monotonic()))
    return found
