"""Pure scheduling is recognised, and a first schedule made in one pass; without a solver."""

from __future__ import annotations

from collections.abc import Iterable

from rasad.roadmap.problem import CompletionTarget, Initiative, Limits, Problem


def is_scheduling(problem: Problem) -> bool:
    """Return whether the problem has nothing but what must be done, prerequisites and skills, and only the end of all of it counts."""
    [target, *others] = problem.objective.targets
    return (
        not others
        and target.kind == "completion"
        and bool(problem.initiatives)
        and _ends_with_all(problem, target)
        and all(one.frozen is None and _even(one) for one in problem.initiatives)
        and _all_needed(problem)
        and not (problem.groups or problem.synergies or problem.locks)
        and problem.limits == Limits(skills=problem.limits.skills)
    )


def _ends_with_all(problem: Problem, target: CompletionTarget) -> bool:
    """Return whether what the target is about is complete only when everything is: all, or a sink that waits for the rest."""
    if not target.initiatives:
        return target.of == "last" or len(problem.initiatives) == 1
    waited = _with_what_they_require(problem, target.initiatives, ("completion",))
    return (target.of == "last" or len(set(target.initiatives)) == 1) and len(waited) == len(
        problem.initiatives
    )


def _all_needed(problem: Problem) -> bool:
    """Return whether each is mandatory or required, step by step, by one that is."""
    must = [one.id for one in problem.initiatives if one.mandatory]
    return len(_with_what_they_require(problem, must, ("completion", "start"))) == len(problem.initiatives)


def _with_what_they_require(problem: Problem, ids: Iterable[str], after: tuple[str, ...]) -> set[str]:
    """Return initiatives with all that they require in one of the ways, step by step."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            required = problem.initiatives[problem.places[here]].requires
            waiting += [one.initiative for one in required if one.after in after]
    return found


def _even(initiative: Initiative) -> bool:
    """Return whether every need is the same from start to completion, as an interval has it."""
    return all(
        len(set(values)) <= 1 and (len(values) == mode.duration or not any(values))
        for mode in initiative.modes
        for values in mode.skills.values()
    )


def early_end(problem: Problem) -> int | None:
    """Return the end of a schedule made in one pass, a bound on the best end; None where the pass runs out of the horizon.

    Serial schedule generation by least latest start (Kolisch 1996): each in its shortest mode as early as skills allow.
    """
    count = problem.horizon.count
    amounts = {limit.skill: list(limit.amounts) for limit in problem.limits.skills}
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    slack = _tails(problem)
    waiting = {one.id: one for one in problem.initiatives}
    while waiting:
        ready = [one for one in waiting.values() if all(r.initiative in ends for r in one.requires)]
        one = max(ready, key=lambda initiative: slack[initiative.id])
        mode = min(one.modes, key=lambda mode: mode.duration)
        start = one.earliest_start
        for required in one.requires:
            reached = ends if required.after == "completion" else starts
            start = max(start, reached[required.initiative] + required.lag)
        needs = {skill: values[0] for skill, values in mode.skills.items() if values and skill in amounts}
        last = (
            count - max(mode.duration, 1)
            if one.deadline is None
            else one.deadline + 1 - max(mode.duration, 1)
        )
        # A need of what is done at once lasts for its period.
        lasting = max(mode.duration, 1)
        while start <= last and any(
            amounts[skill][period] < need
            for skill, need in needs.items()
            for period in range(start, start + lasting)
        ):
            start += 1
        if start > last:
            return None
        for skill, need in needs.items():
            for period in range(start, start + lasting):
                amounts[skill][period] -= need
        starts[one.id], ends[one.id] = start, start + mode.duration
        del waiting[one.id]
    return max(ends.values())


def _tails(problem: Problem) -> dict[str, int]:
    """Return how long the longest chain from each initiative's start to the end is."""
    followers: dict[str, list[str]] = {one.id: [] for one in problem.initiatives}
    for one in problem.initiatives:
        for required in one.requires:
            followers[required.initiative].append(one.id)
    shortest = {one.id: min(mode.duration for mode in one.modes) for one in problem.initiatives}
    found: dict[str, int] = {}
    waiting = list(followers)
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        open_ = [one for one in followers[here] if one not in found]
        if open_:
            waiting += [here, *open_]
        else:
            found[here] = shortest[here] + max((found[one] for one in followers[here]), default=0)
    return found
