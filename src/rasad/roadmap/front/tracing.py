"""The exact front, by the epsilon-constraint method over search zones with lexicographic tightening.

A zone says what each target must pass. One zone after the other is searched: the first target as well as possible while the others pass what the zone says, then
the second without giving up the first, and so on; so no plan is at least as good in all targets and better in one. A point splits every zone that it lies in; a
zone is done when it is proven that no plan is left in it. (Haimes, Lasdon and Wismer 1971; Klamroth, Lacour and Vanderpooten 2015.)
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

from rasad.roadmap.front.result import Axis, Front, Point
from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Row, decode
from rasad.roadmap.solve.choose import SMALL, rows_of, run
from rasad.roadmap.solve.outcome import Status, StepCall, gap
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.verify import verify

SECONDS, EACH = 300.0, 60.0
"""How long is searched in all, and for one point, where nobody says."""

AT_ONCE = 2
"""How many searches run side by side, for two cores, where the problem is so small that each runs on one."""

Zone = tuple[int | None, ...]
"""What each target must pass, signed so that more is better; None: nothing."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def trace(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    each: float = EACH,
    spread: int | None = None,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> Front:
    """Return the plans of which none is better in every target, as far as `seconds` do. ValueError where there are not two or three targets.

    `each`: seconds for one point at most; a point that is not proven by then says so. `spread`: not all of them but about so many for each target beyond
    the first, spread evenly between its ends. Setting `cancel` ends the search with the points until then.
    """
    if len(problem.objective.targets) not in (2, 3):
        raise ValueError("a front has two or three targets")
    return _Tracer(problem, seconds, each, progress, cancel).run(spread)


@dataclass(frozen=True)
class _Found:
    """A point, its targets signed so that more is better, and its values of all variables."""

    signed: tuple[int, ...]
    values: tuple[int, ...]
    point: Point


@dataclass
class _Answer:
    """What a search of a zone says: the values of a point, or that there is nothing in it (else: not known); `empty`: a zone in which none is, by what was proven."""

    zone: Zone
    values: tuple[int, ...] | None = None
    nothing: bool = False
    empty: Zone | None = None
    status: Status = Status.OPTIMAL
    gap: float | None = None
    solves: int = 0
    seconds: float = 0.0


class _Tracer:
    def __init__(
        self,
        problem: Problem,
        seconds: float,
        each: float,
        progress: StepCall | None,
        cancel: threading.Event | None,
    ) -> None:
        self.problem, self.each = problem, each
        self.began = time.monotonic()
        self.end = self.began + seconds
        self.progress = progress or (lambda _what, _done, _total: None)
        self.cancel = cancel or threading.Event()
        self.rows = rows_of(problem)
        self.at_once = AT_ONCE if len(self.rows.variables) <= SMALL else 1
        self.targets = self.rows.targets
        self.signs = tuple(1 if target.maximise else -1 for target in self.targets)
        self.found: list[_Found] = []
        self.empty: list[Zone] = []
        self.undecided = 0
        self.solves = 0

    def run(self, spread: int | None) -> Front:
        """Search every zone, or some that are spread evenly."""
        zones: list[Zone] = [(None,) * len(self.targets)]
        if spread is not None:
            zones = self._spread(spread)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while zones and self._stopped() is None:
                zones = self._searched(zones, pool, whole=spread is None)
        status = self._stopped() if zones or self.undecided else None
        if status is None:
            unproven = self.undecided or any(one.point.status is not Status.OPTIMAL for one in self.found)
            status = (
                Status.TIME
                if unproven
                else Status.LIMIT
                if spread is not None and self.found
                else Status.OPTIMAL
            )
        if not self.found:
            none = {Status.CANCELLED: Status.CANCELLED_NONE, Status.TIME: Status.TIME_NONE}
            status = none.get(status, Status.INFEASIBLE)
        ordered = sorted(self.found, key=lambda found: tuple(-value for value in found.signed))
        return Front(
            status=status,
            axes=tuple(Axis(key=one.key, words=one.words, maximise=one.maximise) for one in self.targets),
            points=tuple(found.point for found in ordered),
            open=len(zones) + self.undecided,
            solves=self.solves,
            seconds=time.monotonic() - self.began,
        )

    def _searched(self, zones: list[Zone], pool: ThreadPoolExecutor, *, whole: bool) -> list[Zone]:
        """Search some zones side by side, or the only one from two of its ends; return what is left to search. `whole`: every point of a zone, else one."""
        zones = [zone for zone in zones if not self._is_empty(zone)]
        here = zones[: self.at_once]
        ends = [(zone, 0) for zone in here]
        if whole and len(here) == 1 < self.at_once:
            ends.append((here[0], 1))
        answers = list(pool.map(lambda end: self._point(*end), ends))
        points = [self._keep(answer) for answer in answers]
        for zone in here:
            mine = [answer for answer in answers if answer.zone == zone]
            if all(answer.values is None for answer in mine):
                self.undecided += not any(answer.nothing for answer in mine)
            elif whole:
                continue
            zones.remove(zone)
        for point in points if whole else ():
            zones = zones if point is None else _split(zones, point.signed)
        return zones

    def _stopped(self) -> Status | None:
        if self.cancel.is_set():
            return Status.CANCELLED
        return Status.TIME if time.monotonic() >= self.end else None

    def _spread(self, count: int) -> list[Zone]:
        """Find the end of each target; return zones that divide what lies between evenly."""
        everything: Zone = (None,) * len(self.targets)
        for first in range(len(self.targets)):
            if self._stopped() is None:
                answer = self._point(everything, first)
                self.undecided += answer.values is None and not answer.nothing
                self._keep(answer)
        steps: list[list[int]] = []
        for at in range(1, len(self.targets)):
            reached = [found.signed[at] for found in self.found] or [0]
            low, high = min(reached), max(reached)
            steps.append(sorted({low + (high - low) * step // (count + 1) for step in range(1, count + 1)}))
        return [(None, *passed) for passed in product(*steps)] if self.found else []

    def _is_empty(self, zone: Zone) -> bool:
        """Return whether the zone lies within one that is proven to have no plan."""
        return any(_within(zone, empty) for empty in self.empty)

    def _point(self, zone: Zone, first: int = 0) -> _Answer:
        """Search a zone for a point: `first` as well as possible, then the others in their order."""
        began = time.monotonic()
        limit = min(self.end, began + self.each)
        rows = self.rows.plus(
            self._passing(at, passed + 1) for at, passed in enumerate(zone) if passed is not None
        )
        order = (first, *(at for at in range(len(self.targets)) if at != first))
        answer = _Answer(zone)
        gaps: list[float | None] = []
        for number, at in enumerate(order):
            target = self.targets[at]
            watch = Watch(rows, target, cancel=self.cancel)
            for known in [one.values for one in self.found] if answer.values is None else [answer.values]:
                watch.offer(known, "start")
            share = max(0.05, limit - time.monotonic()) / (len(order) - number)
            found = run(self.problem, rows, watch, share)
            answer.solves += 1
            if found.values is None or found.objective is None:
                answer.nothing = found.status is Status.INFEASIBLE
                answer.values = None
                break
            answer.values = found.values
            gaps.append(gap(found.objective, found.bound))
            reached = self.signs[at] * found.objective
            if found.status is not Status.OPTIMAL:
                answer.status = found.status
            elif number == 0:
                # None that passes the others is better in the first.
                answer.empty = (*zone[:at], reached, *zone[at + 1 :])
            rows = rows.plus([self._passing(at, reached)])
        answer.gap = None if None in gaps else max((one for one in gaps if one is not None), default=None)
        answer.seconds = time.monotonic() - began
        return answer

    def _passing(self, at: int, least: int) -> Row:
        """Return the row that a target, signed so that more is better, is at least so much."""
        return self.targets[at].reaching(self.signs[at] * least)

    def _keep(self, answer: _Answer) -> _Found | None:
        """Take what a search of a zone says, and its point among those found; out goes what that is better than: only one that was not proven can be."""
        self.solves += answer.solves
        self.empty += [answer.zone] if answer.nothing else []
        self.empty += [] if answer.empty is None else [answer.empty]
        if answer.values is None:
            return None
        plan = decode(self.problem, self.rows, answer.values)
        verdict = verify(self.problem, plan)
        status = answer.status if verdict.keeps else Status.UNVERIFIED
        point = Point(values=verdict.values, plan=plan, status=status, gap=answer.gap, seconds=answer.seconds)
        signed = tuple(sign * value for sign, value in zip(self.signs, verdict.values, strict=True))
        found = _Found(signed, answer.values, point)
        kept = [one for one in self.found if not _as_good(signed, one.signed)]
        if not any(_as_good(one.signed, signed) for one in kept):
            self.found = [*kept, found]
        self.progress(_n("tracing the front"), len(self.found), 0)
        return found


def _as_good(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether one point is at least as good as another in every target."""
    return all(here >= there for here, there in zip(one, other, strict=True))


def _split(zones: list[Zone], point: tuple[int, ...]) -> list[Zone]:
    """Return the zones without what is no better than the point: each that it lies in becomes one for each target, in which that target passes the point's."""
    outside, parts = [], []
    for zone in zones:
        if all(passed is None or value > passed for value, passed in zip(point, zone, strict=True)):
            parts += [(*zone[:at], point[at], *zone[at + 1 :]) for at in range(len(zone))]
        else:
            outside.append(zone)
    # A part that lies within another zone says nothing new.
    everything = [*outside, *dict.fromkeys(parts)]
    return outside + [
        part
        for part in dict.fromkeys(parts)
        if not any(_within(part, other) for other in everything if other != part)
    ]


def _within(zone: Zone, other: Zone) -> bool:
    return all(
        passed is None or (here is not None and here >= passed)
        for here, passed in zip(zone, other, strict=True)
    )
