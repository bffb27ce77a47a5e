"""Which engines search, by the size of the problem. The choices are measured: `make bench-roadmap`."""

from __future__ import annotations

import time

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Rows
from rasad.roadmap.solve.choose import SMALL
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import Engine, search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.justified import Justified
from rasad.roadmap.solve.neighbourhoods import Neighbourhoods
from rasad.roadmap.solve.onepass import is_scheduling
from rasad.roadmap.solve.outcome import Engines, Outcome, Status
from rasad.roadmap.solve.scheduling import Scheduling
from rasad.roadmap.solve.watch import Watch

MOMENT = 2.0
BY_HAND = 4.0
"""Seconds in which schedules are made by hand beside the search. Measured on J60's hardest: a makespan shorter by one after the same work, where CP-SAT then begins from them."""


def search_by_size(problem: Problem, rows: Rows, watch: Watch, seconds: float, engines: Engines) -> Outcome:
    """Search with the engines asked for, or those that fit the size."""
    end = time.monotonic() + seconds
    if engines == "cpsat":
        return search([CpSat()], watch, left(end))
    if engines == "highs":
        return exactly(search([Highs()], watch, left(end)), watch, end)
    if is_scheduling(problem):
        return _schedule(problem, rows, watch, end)
    if len(rows.variables) <= SMALL:
        found = search([CpSat(workers=1)], watch, min(MOMENT, left(end)))
        if found.status.proven or found.status is Status.CANCELLED or left(end) <= 0.1:
            return found
    return exactly(search(together(problem, rows), watch, left(end)), watch, end)


def _schedule(problem: Problem, rows: Rows, watch: Watch, end: float) -> Outcome:
    """Search among intervals; where that takes longer, again from the best schedule that was made by hand beside it."""
    if all(len(one.modes) == 1 for one in problem.initiatives):
        engines: list[Engine] = [Scheduling(problem, rows), Justified(problem, rows)]
        found = search(engines, watch, min(BY_HAND, left(end)))
        if found.status.proven or found.status is Status.CANCELLED or left(end) <= 0.1:
            return found
    return search([Scheduling(problem, rows)], watch, left(end))


def together(problem: Problem, rows: Rows) -> list[Engine]:
    """Return what searches side by side: one engine for the bound, one for better plans, for two cores."""
    return [Highs(threads=1), Neighbourhoods(problem, rows)]


def exactly(found: Outcome, watch: Watch, end: float) -> Outcome:
    """Hand over to the exact engine where floating point found a plan that does not hold exactly, and none that does."""
    if found.status is not Status.NUMERIC and not (found.values is None and watch.refused):
        return found
    if left(end) <= 0.1:
        return found
    return search([CpSat()], watch, left(end))


def left(end: float) -> float:
    return max(0.0, end - time.monotonic())
