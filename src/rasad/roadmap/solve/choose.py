"""The way into a search: the rows, a first plan by hand, then the engines that fit the size."""

from __future__ import annotations

import time

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Rows, build
from rasad.roadmap.solve.engine import outcome
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.solve.onepass import early_end, is_scheduling
from rasad.roadmap.solve.outcome import Engines, Outcome, Status
from rasad.roadmap.solve.watch import Watch

SMALL = 120
"""Variables up to which one exact worker is tried first, for a moment."""
FIRST_PLAN = 1.0
"""Seconds for a first plan by hand before engines start."""


def rows_of(problem: Problem) -> Rows:
    """Return the rows of a problem for solving; of pure scheduling only as long as a schedule made in one pass."""
    return build(problem, complete_by=early_end(problem) if is_scheduling(problem) else None)


def run(problem: Problem, rows: Rows, watch: Watch, seconds: float, engines: Engines = "auto") -> Outcome:
    """Search for the best values of the watch's target; see `Outcome` for how it may end."""
    end = time.monotonic() + seconds
    if watch.values is None and rows.blocks:
        greedy = Greedy(problem, rows, watch.target)
        watch.offer(greedy.run(min(FIRST_PLAN, seconds / 4), watch.cancel), "greedy")
    if watch.cancel.is_set():
        return outcome(watch, Status.CANCELLED, "greedy", "", seconds - (end - time.monotonic()))
    # The solvers take a second to load: the first plan is there before them.
    from rasad.roadmap.solve.bysize import search_by_size

    return search_by_size(problem, rows, watch, max(0.0, end - time.monotonic()), engines)
