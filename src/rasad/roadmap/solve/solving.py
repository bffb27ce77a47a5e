"""Solving a problem: its targets one after the other or together, and the independent check at the end."""

from __future__ import annotations

import threading
import time

from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.rows import Expression, Rows, decode, encode
from rasad.roadmap.solve.choose import rows_of, run
from rasad.roadmap.solve.outcome import Engines, Outcome, ProgressCall, Status
from rasad.roadmap.solve.result import Result, Stage
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.verify import verify

SECONDS = 60.0
"""How long is searched where nobody says."""


def solve(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    start: Plan | None = None,
    rows: Rows | None = None,
    engines: Engines = "auto",
    progress: ProgressCall | None = None,
    cancel: threading.Event | None = None,
) -> Result:
    """Return the best plan that is found within `seconds`, and how good it is proven to be.

    `start`: a plan to begin with, such as the last one; without it the published plan. What no longer fits of it is left out. `rows`: those of
    the problem, where they are at hand or changed. `progress` is called from other threads with every better plan or bound. Setting `cancel` ends
    the search within a second with the best plan until then. A front is solved for its first end, like a lexicographic objective.
    """
    began = time.monotonic()
    rows = rows or rows_of(problem)
    targets = rows.in_order(problem.objective.method)
    known = start if start is not None else problem.published
    values = None if known is None else tuple(encode(problem, rows, known))
    stages: list[Stage] = []
    status = Status.OPTIMAL
    for number, target in enumerate(targets):
        watch = Watch(rows, target, progress=progress, cancel=cancel, began=began, stage=number)
        if values is not None:
            watch.offer(values, "start")
        # What is left is shared among the targets that are left; what one does not need falls to the others.
        share = max(0.0, seconds - (time.monotonic() - began)) / (len(targets) - number)
        found = run(problem, rows, watch, share, engines)
        stages.append(_stage(target, found))
        if found.values is None or found.status is Status.CANCELLED:
            status = found.status
            values = found.values or values
            break
        values = found.values
        status = status if found.status is Status.OPTIMAL else found.status
        if number + 1 < len(targets):
            assert found.objective is not None
            rows = rows.plus([target.reaching(target.kept(found.objective))])
    plan = None if values is None or not watch.matrix.holds(values) else decode(problem, rows, values)
    verdict = None if plan is None else verify(problem, plan)
    if verdict is not None and not verdict.keeps:
        status = Status.UNVERIFIED
    return Result(problem, status, plan, tuple(stages), verdict, time.monotonic() - began)


def _stage(target: Expression, found: Outcome) -> Stage:
    return Stage(target.key, target.words, target.maximise, found.status, found.engine, found.raw,
                 found.objective, found.bound, found.seconds)  # fmt: skip
