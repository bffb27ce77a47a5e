"""Why a plan is as it is, by solving again: with each choice the other way, and with each limit a step wider."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from rasad.roadmap.explain.base import Base
from rasad.roadmap.explain.forcing import both, exact, forced, passed_by_none, settled
from rasad.roadmap.explain.relaxed import Relaxed, easiest_first
from rasad.roadmap.explain.result import Explanation, Why, Worth
from rasad.roadmap.explain.searching import best_plan
from rasad.roadmap.explain.together import ask_together, worthwhile
from rasad.roadmap.explain.worths import candidates, worth
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.solve.outcome import Status, StepCall

SECONDS = 60.0
AT_ONCE = 2
"""How many are solved side by side, for two cores."""
FOR_BEST, FOR_WHYS = 0.3, 0.8
"""Which share of the time the best plan may take, and of what is then left the choices; the limits have the rest."""
FOR_BOUNDS = 0.05
"""Which share of the time for the choices the relaxation of one may take."""
FOR_MANY = 0.6
"""Which share of the time for the choices all may be asked about together, before each by itself."""
FOR_LATE = 0.02
"""Which share of the time is left to solvers that look at their clock late."""
WORTHWHILE = 0.5
"""Seconds that must be left for asking again."""

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

    `start`: a plan to begin with, such as the one that is asked about; without it the published plan. Of targets that are taken one after the other it is said in which of them
    another choice loses first, and how much; a front is explained like these. Setting `cancel` ends it with what is known until then. A problem that no plan keeps is
    explained by `infeasible.finding.why_infeasible`.
    """
    began = time.monotonic()
    end = began + seconds * (1 - FOR_LATE)
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    report(_n("looking for the best plan"), 0, 0)
    status, base, (target, bound) = best_plan(problem, start, seconds * FOR_BEST, stop)
    if base is None:
        return Explanation(status=status, target=target.words, maximise=target.maximise, plan=None, objective=None,
                           bound=bound, seconds=time.monotonic() - began)  # fmt: skip
    places = list(range(len(problem.initiatives)))
    until = time.monotonic() + (end - time.monotonic()) * FOR_WHYS
    whys = dict(_whys(base, places, until, stop, report))
    _again(base, whys, until, stop)
    listed = [] if stop.is_set() else candidates(base)
    worths = dict(_worths(base, listed, end, stop, report))
    # What the limits did not need of their time falls to the choices that are still open.
    _again(base, whys, end, stop)
    ranked = sorted(
        (one for one in worths.values() if one is not None),
        key=lambda one: (one.target, -one.at_least, -(one.at_most or 0), one.limit.id),
    )
    first = base.stages[0]
    return Explanation(
        status=Status.CANCELLED if stop.is_set() and status is not Status.OPTIMAL else status,
        target=first.target.words,
        maximise=first.target.maximise,
        plan=base.plan,
        objective=first.objective,
        bound=first.bound,
        aims=tuple(stage.as_aim(problem) for stage in base.stages),
        whys=tuple(settled(base, whys[at]) for at in sorted(whys)),
        worths=tuple(ranked),
        complete=not stop.is_set()
        and base.complete
        and len(whys) == len(places)
        and len(worths) == len(listed),
        seconds=time.monotonic() - began,
    )


def _whys(
    base: Base, places: list[int], end: float, stop: threading.Event, report: StepCall
) -> Iterator[tuple[int, Why]]:
    """Yield why each initiative is in or out: those of which least is unknown first, so that what they find serves the others."""
    if stop.is_set():
        return
    bounds: dict[int, float] = {}
    relaxed = Relaxed(base, stop)
    for at in places:
        left = end - time.monotonic()
        if stop.is_set() or left <= 0:
            break
        bound = relaxed.bound(at, chosen=base.chosen(at), seconds=left * FOR_BOUNDS)
        if bound is not None:
            bounds[at] = bound
    if worthwhile(base, bounds):
        ask_together(base, places, bounds, time.monotonic() + (end - time.monotonic()) * FOR_MANY, stop)

    def why(at: int, share: float) -> Why:
        return forced(base, at, share, stop, bounds.get(at))

    for done, (at, one) in enumerate(_side_by_side(easiest_first(base, bounds, places), why, end, stop), 1):
        report(_n("asking about each initiative"), done, len(places))
        yield at, one


def _again(base: Base, whys: dict[int, Why], end: float, stop: threading.Event) -> None:
    """Ask once more about the choices of which it is not exact what they cost, from what is known by now, as far as the time does."""
    waiting = sorted(
        (at for at, why in whys.items() if not exact(base, why)), key=lambda at: -(whys[at].at_least or 0)
    )

    def why(at: int, share: float) -> Why:
        return forced(base, at, share, stop, passed_by_none(base, whys[at]))

    if end - time.monotonic() > WORTHWHILE:
        for at, one in _side_by_side(waiting, why, end, stop):
            whys[at] = both(whys[at], one)


def _worths(
    base: Base, listed: list[str], end: float, stop: threading.Event, report: StepCall
) -> Iterator[tuple[str, Worth | None]]:
    """Yield what a step more of each limit is worth; None where there cannot be more of it, or nothing was found of it."""

    def gain(group: str, share: float) -> list[Worth]:
        gained = worth(base, group, share, stop)
        return [] if gained is None else [gained]

    for done, (group, gained) in enumerate(_side_by_side(listed, gain, end, stop), 1):
        report(_n("asking about each limit"), done, len(listed))
        yield group, gained[0] if gained else None


def _side_by_side(
    tasks: list[_Task], work: Callable[[_Task, float], _Found], end: float, stop: threading.Event
) -> Iterator[tuple[_Task, _Found]]:
    """Yield each task with what `work(task, seconds)` found, as they end; what one does not need of its share falls to the others."""
    left = len(tasks)
    lock = threading.Lock()

    def timed(task: _Task) -> _Found | None:
        nonlocal left
        with lock:
            rest = end - time.monotonic()
            share = min(rest, AT_ONCE * rest / max(1, left))
            left -= 1
        return None if stop.is_set() or share <= 0 else work(task, share)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: dict[Future[_Found | None], _Task] = {pool.submit(timed, task): task for task in tasks}
        for future in as_completed(waiting):
            found = future.result()
            if found is not None:
                yield waiting[future], found
