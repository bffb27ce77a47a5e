"""When each initiative can start in each mode, and the step variables for it."""

from __future__ import annotations

from rasad.roadmap.problem import Initiative, Problem
from rasad.roadmap.rows.building import Sheet
from rasad.roadmap.rows.table import Block

Window = tuple[int, int]
"""First and last start; empty where the last is before the first."""
NEVER = 10**6


def add_steps(sheet: Sheet) -> None:
    """Add the step variables. Windows are as tight as the data imply, or whole where their limits are to be named."""
    windows = _whole(sheet.problem) if sheet.named_windows else _tight(sheet.problem, sheet.complete_by)
    for (at, mode_at), (first, last) in windows.items():
        if last < first:
            continue
        initiative = sheet.problem.initiatives[at]
        mode = initiative.modes[mode_at]
        name = f"{initiative.id}/{mode.id}"
        columns = [sheet.variable(f"{name} by {t}", "step") for t in range(first, last + 1)]
        sheet.blocks[at, mode_at] = Block(at, mode_at, first, last, columns[0], mode.duration)


def _whole(problem: Problem) -> dict[tuple[int, int], Window]:
    found: dict[tuple[int, int], Window] = {}
    for at, initiative in enumerate(problem.initiatives):
        for mode_at, mode in enumerate(initiative.modes):
            frozen = initiative.frozen
            if frozen is None:
                found[at, mode_at] = (0, problem.horizon.count - mode.duration)
                if not mode.duration:
                    found[at, mode_at] = (0, problem.horizon.count - 1)
            elif frozen.mode == mode.id:
                found[at, mode_at] = (frozen.start, frozen.start)
    return found


def _tight(problem: Problem, complete_by: int | None) -> dict[tuple[int, int], Window]:
    """Return windows by earliest start and deadline, and by what is required before and, for the mandatory, after."""
    windows = _whole(problem)
    for at, initiative in enumerate(problem.initiatives):
        if initiative.frozen is None:
            for mode_at, mode in enumerate(initiative.modes):
                first, last = windows[at, mode_at]
                due = NEVER if initiative.deadline is None else initiative.deadline + 1 - mode.duration
                # What is done at once is done in its period, not at the beginning of the next.
                due -= 0 if mode.duration else 1
                due = due if complete_by is None else min(due, complete_by - mode.duration)
                windows[at, mode_at] = (max(first, initiative.earliest_start), min(last, due))
    order = _before_those_that_require_them(problem)
    for at in order:
        _not_before(problem, at, windows)
    mandatory = {at for at, one in enumerate(problem.initiatives) if one.mandatory and one.frozen is None}
    for at in reversed(order):
        if at in mandatory:
            mandatory |= _not_after(problem, at, windows)
    return windows


def _not_before(problem: Problem, at: int, windows: dict[tuple[int, int], Window]) -> None:
    """Raise the first start of an initiative to what those that it requires allow."""
    initiative = problem.initiatives[at]
    if initiative.frozen is not None:
        return
    earliest = 0
    for required in initiative.requires:
        other = problem.places[required.initiative]
        reached = [
            first + (mode.duration if required.after == "completion" else 0)
            for mode_at, mode in enumerate(problem.initiatives[other].modes)
            for first, last in [windows.get((other, mode_at), (0, -1))]
            if first <= last
        ]
        earliest = max(earliest, min(reached, default=NEVER) + required.lag)
    for mode_at in range(len(initiative.modes)):
        first, last = windows[at, mode_at]
        windows[at, mode_at] = (max(first, earliest), last)


def _not_after(problem: Problem, at: int, windows: dict[tuple[int, int], Window]) -> set[int]:
    """Lower the last start of what a mandatory initiative requires; return those, which are mandatory too."""
    initiative = problem.initiatives[at]
    latest = max(windows[at, mode_at][1] for mode_at in range(len(initiative.modes)))
    found = set()
    for required in initiative.requires:
        other = problem.places[required.initiative]
        if problem.initiatives[other].frozen is not None:
            continue
        found.add(other)
        for mode_at, mode in enumerate(problem.initiatives[other].modes):
            first, last = windows[other, mode_at]
            due = latest - required.lag - (mode.duration if required.after == "completion" else 0)
            windows[other, mode_at] = (first, min(last, due))
    return found


def _before_those_that_require_them(problem: Problem) -> list[int]:
    """Return the places of initiatives, each after all that it requires. The problem has no circles."""
    order: list[int] = []
    waiting = {at: len(_distinct(one)) for at, one in enumerate(problem.initiatives)}
    followers: dict[int, list[int]] = {}
    for at, one in enumerate(problem.initiatives):
        for id_ in _distinct(one):
            followers.setdefault(problem.places[id_], []).append(at)
    ready = [at for at, count in waiting.items() if not count]
    while ready:
        at = ready.pop()
        order.append(at)
        for follower in followers.get(at, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return order


def _distinct(initiative: Initiative) -> set[str]:
    return {required.initiative for required in initiative.requires}
