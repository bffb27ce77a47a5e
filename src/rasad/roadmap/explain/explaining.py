"""Why a plan is as it is, by solving again: with each choice the other way, and with each limit a step wider."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from rasad.roadmap.explain.base import Base, target_of
from rasad.roadmap.explain.forcing import forced
from rasad.roadmap.explain.result import Explanation, Why, Worth
from rasad.roadmap.explain.worths import candidates, worth
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.rows import encode
from rasad.roadmap.solve.choose import rows_of, run
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.solve.watch import Watch

SECONDS = 60.0
AT_ONCE = 2
"""How many are solved side by side, for two cores."""
FOR_BEST, FOR_WHYS = 0.3, 0.75
"""Which share of the time the best plan may take, and of what is then left the choices; the limits have the rest."""

_Task = TypeVar("_Task")
_Found = TypeVar("_Found")


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def explain(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    start: Plan | None = None,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> Explanation:
    """Return why each initiative is in or out of the best plan, and what its limits are worth, as far as `seconds` do.

    `start`: a plan to begin with, such as the one that is asked about; without it the published plan. Of a lexicographic objective, or a front, the first
    target is explained. Setting `cancel` ends it with what is known until then. A problem that no plan keeps is explained by
    `infeasible.finding.why_infeasible`.
    """
    began = time.monotonic()
    end = began + seconds
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    report(_n("looking for the best plan"), 0, 0)
    rows = rows_of(problem)
    target = target_of(problem, rows)
    watch = Watch(rows, target, cancel=stop)
    known = start if start is not None else problem.published
    if known is not None:
        watch.offer(encode(problem, rows, known), "start")
    found = run(problem, rows, watch, seconds * FOR_BEST)
    if found.values is None or found.objective is None or found.bound is None:
        return Explanation(status=found.status, target=target.words, maximise=target.maximise, plan=None, objective=None,
                           bound=found.bound, seconds=time.monotonic() - began)  # fmt: skip
    base = Base(problem, rows, target, found.values, found.objective, found.bound)

    def why(at: int, share: float) -> Why:
        return forced(base, at, share, stop)

    middle = time.monotonic() + (end - time.monotonic()) * FOR_WHYS
    places = list(range(len(problem.initiatives)))
    whys: dict[int, Why] = {}
    for at, one in _side_by_side(places, why, middle, stop):
        whys[at] = one
        report(_n("asking about each initiative"), len(whys), len(places))

    def gain(group: str, share: float) -> list[Worth]:
        gained = worth(base, group, share, stop)
        return [] if gained is None else [gained]

    listed = candidates(base)
    worths: list[Worth] = []
    done = 0
    for _group, gained in _side_by_side(listed, gain, end, stop):
        done += 1
        worths += gained
        report(_n("asking about each limit"), done, len(listed))
    ranked = sorted(worths, key=lambda one: (-one.at_least, -(one.at_most or 0), one.limit.id))
    status = Status.CANCELLED if stop.is_set() and found.status is not Status.OPTIMAL else found.status
    return Explanation(
        status=status,
        target=target.words,
        maximise=target.maximise,
        plan=base.plan,
        objective=base.objective,
        bound=base.bound,
        whys=tuple(whys[at] for at in sorted(whys)),
        worths=tuple(ranked),
        complete=len(whys) == len(places) and done == len(listed),
        seconds=time.monotonic() - began,
    )


def _side_by_side(
    tasks: list[_Task], work: Callable[[_Task, float], _Found], end: float, stop: threading.Event
) -> Iterator[tuple[_Task, _Found]]:
    """Yield each task with what `work(task, seconds)` found, as they end; what one does not need of its share falls to the others."""
    left = len(tasks)
    lock = threading.Lock()

    def timed(task: _Task) -> _Found | None:
        nonlocal left
        with lock:
            share = AT_ONCE * (end - time.monotonic()) / max(1, left)
            left -= 1
        return None if stop.is_set() or share <= 0 else work(task, share)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: dict[Future[_Found | None], _Task] = {pool.submit(timed, task): task for task in tasks}
        for future in as_completed(waiting):
            found = future.result()
            if found is not None:
                yield waiting[future], found
