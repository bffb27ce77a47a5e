"""One initiative that has begun, as a problem has it: its real start, what was paid period by period, and what is left of its work and its cost.

What is left to be paid is the larger of two: the promised cost less what was paid, and the promised cost of the work that is not done yet by
the latest report. The promised cost is the plan's cost of the work, and by how much the project's budget was raised since. What is left is
spread evenly over the periods that are left. All in whole units of money.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasad.actions.roadmap_actuals import Actual, period_of, period_paid
from rasad.persian.apportion import apportion
from rasad.roadmap.problem import Mode, Problem, dump
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.verify import Work

__all__ = ["Frame", "Remaining", "Stood", "Work", "remaining", "stand"]


@dataclass(frozen=True)
class Frame:
    """What initiatives are placed in: the problem with its horizon, the city's calendar, the present period and the day it is taken on."""

    problem: Problem
    calendar: str
    now: int
    day: date

    def period(self, day: date) -> int:
        return period_of(self.problem.horizon, day, self.calendar)


@dataclass(frozen=True)
class Stood:
    """An initiative as the new problem has it, and what was taken from where."""

    initiative: dict[str, Any]
    fact: dict[str, Any]


@dataclass(frozen=True)
class Remaining:
    """What is left to be paid: `promised` − `paid` by the budget, or the promised cost of what is not done by the progress; the larger counts."""

    promised: int
    paid: int
    amount: int
    source: str


def work_cost(mode: Mode) -> int:
    """Return what the work itself costs, without what running it costs after."""
    return sum(sum(values) for values in mode.costs.values())


def remaining(mode: Mode, actual: Actual, paid: int) -> Remaining:
    """Return what is left to be paid for work in a mode of which so much was paid; nothing where it is done."""
    promised = max(0, work_cost(mode) + actual.growth)
    if actual.done:
        return Remaining(promised, paid, 0, "done")
    by_budget = max(0, promised - paid)
    if actual.progress_bp is None:
        return Remaining(promised, paid, by_budget, "budget")
    by_progress = -(-promised * (WHOLE_SHARE - actual.progress_bp) // WHOLE_SHARE)
    if by_progress > by_budget:
        return Remaining(promised, paid, by_progress, "progress")
    return Remaining(promised, paid, by_budget, "budget")


def stand(frame: Frame, work: Work, actual: Actual) -> Stood:
    """Return the initiative frozen as it stands."""
    one, mode = work.initiative, work.mode
    paid, others = _paid(frame, mode, actual)
    start, start_from = _start(frame, work, actual, paid)
    last, end_from = _end(frame, work, actual, start)
    spent = sum(sum(by.values()) for by in paid.values())
    left = remaining(mode, actual, spent)
    duration = 0 if mode.duration == 0 and last == start else last - start + 1
    made = {**dump_of(frame.problem, one.id)}
    new: dict[str, Any] = {
        **next(kept for kept in made["modes"] if kept.get("id", "base") == mode.id),
        "duration": duration,
        "skills": {name: _people(need, mode.duration, duration) for name, need in mode.skills.items()},
    }
    if actual.done:
        new["costs"] = _as_it_was(frame, mode, paid, start, start + duration)
        # What running it costs is in the costs by now, as it was paid.
        new.pop("run_costs", None)
    else:
        new["costs"] = _paid_and_left(frame, mode, paid, left.amount, start, last)
    made |= {"modes": [new], "frozen": {"mode": mode.id, "start": start}}
    fact = {
        "id": one.id,
        "project": actual.project.code,
        "state": "done" if actual.done else "going",
        "start": start,
        "start_was": work.start,
        "start_on": actual.started.isoformat() if actual.started else None,
        "start_from": start_from,
        "end": last,
        "end_was": work.last,
        "end_from": end_from,
        "paid": spent,
        "paid_by_period": {
            str(period): amount
            for period in range(start, frame.now + 1)
            if (amount := sum(by.get(period, 0) for by in paid.values()))
        },
        "other_classes": others,
        "promised": left.promised,
        "planned": work_cost(mode),
        "left": left.amount,
        "left_from": left.source,
        "progress_bp": actual.progress_bp,
        "rebaselines": actual.rebaselines,
    }
    return Stood(made, fact)


def dump_of(problem: Problem, id_: str) -> dict[str, Any]:
    """Return an initiative as a problem's JSON has it."""
    initiatives: list[dict[str, Any]] = dump(problem)["initiatives"]
    return initiatives[problem.places[id_]]


def _paid(frame: Frame, mode: Mode, actual: Actual) -> tuple[dict[str, dict[int, int]], int]:
    """Return what was paid by category and period until now, and how much of it was of a class that the roadmap does not have: it counts
    with the category that the work was planned to cost most of."""
    known = {one.id for one in frame.problem.categories}
    main = max(mode.costs, key=lambda name: sum(mode.costs[name]), default=frame.problem.categories[0].id)
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    others = 0
    for one in actual.paid:
        period = period_paid(frame.problem.horizon, one, frame.calendar)
        if period > frame.now:
            continue
        others += 0 if one.cls in known else one.amount
        found[one.cls if one.cls in known else main][period] += one.amount
    return _netted(found), others


def _netted(paid: dict[str, dict[int, int]]) -> dict[str, dict[int, int]]:
    """Return the same money with nothing below nought: what was paid back is taken from the latest payment before it, else from the next, else
    from another category's. Paid back beyond all of it, nothing was paid."""
    debt = 0
    found: dict[str, dict[int, int]] = {}
    for name, by in paid.items():
        held = 0
        found[name] = {}
        for period in sorted(by, reverse=True):
            value = by[period] - held
            held, found[name][period] = max(0, -value), max(0, value)
        debt += held
    for by in found.values():
        for period in sorted(by):
            taken = min(debt, by[period])
            debt, by[period] = debt - taken, by[period] - taken
    return found


def _start(frame: Frame, work: Work, actual: Actual, paid: dict[str, dict[int, int]]) -> tuple[int, str]:
    first = min((period for by in paid.values() for period, amount in by.items() if amount), default=None)
    if actual.started is not None:
        start = min(frame.period(actual.started), frame.now)
        # Money that was paid before has its place in the plan too.
        return (first, "payment") if first is not None and first < start else (start, actual.started_from)
    return (first, "payment") if first is not None else (min(work.start, frame.now), "plan")


def _end(frame: Frame, work: Work, actual: Actual, start: int) -> tuple[int, str]:
    """Return the period in whose course the work is done, or is to be, and who says so."""
    if actual.done:
        if actual.project.ended_on:
            return max(start, min(frame.period(actual.project.ended_on), frame.now)), "project"
        return max(start, min(work.last, frame.now)), "plan"
    if actual.current is not None and actual.current.end is not None:
        end = frame.period(actual.current.end)
        source = "baseline"
    else:
        end, source = start + max(work.mode.duration, 1) - 1, "duration"
    # What goes on goes on at least until now.
    return (end, source) if end >= frame.now else (frame.now, "late")


def _people(need: tuple[int, ...], planned: int, duration: int) -> list[int]:
    """Return the need of people by age: as planned, and the last year's goes on where the work lasts longer."""
    whole = [*need, *[0] * max(0, planned - len(need))]
    more = [whole[-1]] * max(0, duration - len(whole)) if whole else []
    return [*whole, *more][: max(duration, 1)]


def _as_it_was(
    frame: Frame, mode: Mode, paid: dict[str, dict[int, int]], start: int, complete: int
) -> dict[str, list[int]]:
    """Return costs by age to the horizon's end: as paid until now, and what running it costs from then on."""
    costs = {}
    for category in {**mode.costs, **mode.run_costs, **paid}:
        run = mode.run_costs.get(category, 0)
        by = []
        for period in range(start, frame.problem.horizon.count):
            amount = paid.get(category, {}).get(period, 0)
            planned = run if period >= max(complete, frame.now) else 0
            by.append(max(amount, planned))
        costs[category] = by
    return {category: by for category, by in costs.items() if any(by)}


def _paid_and_left(
    frame: Frame, mode: Mode, paid: dict[str, dict[int, int]], left: int, start: int, last: int
) -> dict[str, list[int]]:
    """Return costs by age of work that goes on: as paid, and what is left, evenly over the periods that are left."""
    names = list({**mode.costs, **paid}) or [frame.problem.categories[0].id]
    planned = {name: sum(mode.costs.get(name, ())) for name in names}
    open_ = [max(0, planned[name] - sum(paid.get(name, {}).values())) for name in names]
    weights = open_ if any(open_) else [planned[name] for name in names]
    parts = apportion(left, weights if any(weights) else [1] * len(names))
    costs = {}
    for name, part in zip(names, parts, strict=True):
        by = [paid.get(name, {}).get(period, 0) for period in range(start, last + 1)]
        first = frame.now - start
        for at, more in enumerate(apportion(part, [1] * (len(by) - first)), first):
            by[at] += more
        costs[name] = by
    return {name: by for name, by in costs.items() if any(by)}
