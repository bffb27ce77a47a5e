"""Why each initiative is in a plan or out of it, as far as the plan itself shows: what it brings, who needs it, and which limits the rest of the
plan leaves no room under. Found by checking changed plans with the independent verifier; nothing is searched.

What forcing an initiative in or out would cost, with everything else free to move, is another question: see `rasad.roadmap.explain`.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasad.roadmap.problem import Choice, Initiative, Plan, Problem
from rasad.roadmap.verify import Verdict, Violation, verify
from rasad.roadmap.wording import Words, names


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one initiative is in (`chosen`) or out: a code, words, and for some what they rest on, line by line."""

    initiative: str
    chosen: bool
    code: str
    words: Words
    details: tuple[Words, ...] = ()


DETAILS = 3
"""How many broken limits are named."""


def reasons(problem: Problem, plan: Plan) -> dict[str, Reason]:
    """Return why each initiative is in the plan or out of it, by its id. The plan is taken to keep every limit."""
    verdict = verify(problem, plan)
    found = {}
    for initiative in problem.initiatives:
        inside = initiative.id in verdict.figures.works
        found[initiative.id] = (
            _inside(problem, plan, verdict, initiative)
            if inside
            else _outside(problem, plan, verdict, initiative)
        )
    return found


# --- In -------------------------------------------------------------------------------------------------------------


def _inside(problem: Problem, plan: Plan, verdict: Verdict, one: Initiative) -> Reason:
    if one.frozen is not None:
        return Reason(one.id, True, "running", Words(_n("It is running already.")))
    if one.mandatory:
        return Reason(one.id, True, "mandatory", Words(_n("It is mandatory.")))
    if any(lock.initiative == one.id and lock.choice == "in" for lock in problem.locks):
        return Reason(one.id, True, "locked_in", Words(_n("It was put in by hand.")))
    rest = Plan(choices=tuple(choice for choice in plan.choices if choice.initiative != one.id))
    without = verify(problem, rest)
    needing = [
        other.name
        for other in problem.initiatives
        if other.id in verdict.figures.works and any(need.initiative == one.id for need in other.requires)
    ]
    if needing:
        return Reason(one.id, True, "needed", Words(_n("Others in the plan need it: %(others)s."), {"others": names(needing)}))  # fmt: skip
    if not without.keeps:
        words = Words(_n("Without it the plan would break a limit."))
        return Reason(one.id, True, "holds", words, _lines(without.violations))
    if _worth(problem, verdict) > _worth(problem, without):
        goals = [goal.name for goal in problem.goals if verdict.figures.brought(verdict.figures.works[one.id], goal.id) > 0]  # fmt: skip
        if goals:
            return Reason(one.id, True, "brings", Words(_n("It serves: %(goals)s."), {"goals": names(goals)}))
        return Reason(one.id, True, "better", Words(_n("The plan is better with it.")))
    return Reason(one.id, True, "idle", Words(_n("The plan would be as good without it.")))


# --- Out ------------------------------------------------------------------------------------------------------------


def _outside(problem: Problem, plan: Plan, verdict: Verdict, one: Initiative) -> Reason:
    if any(lock.initiative == one.id and lock.choice == "out" for lock in problem.locks):
        return Reason(one.id, False, "locked_out", Words(_n("It was left out by hand.")))
    least: tuple[Violation, ...] | None = None
    for choice in _ways(problem, one):
        tried = verify(problem, Plan(choices=(*plan.choices, choice)))
        if tried.keeps:
            if _worth(problem, tried) > _worth(problem, verdict):
                words = Words(_n("It would fit and make the plan better: the plan is not the best one."))
                return Reason(one.id, False, "better", words)
            least = ()
        elif least is None or (least and _count(tried.violations) < _count(least)):
            least = tried.violations
    if least is None:
        return Reason(one.id, False, "never", Words(_n("It cannot be complete within the horizon.")))
    if not least:
        return Reason(one.id, False, "adds_nothing", Words(_n("It would fit, but the plan would be no better for it.")))  # fmt: skip
    words = Words(_n("Beside all that is chosen there is no room for it. Even where it fits best, this would be broken:"))  # fmt: skip
    return Reason(one.id, False, "no_room", words, _lines(least))


def _ways(problem: Problem, one: Initiative) -> list[Choice]:
    """Return every mode and start with which an initiative is complete within its window."""
    end = problem.horizon.count if one.deadline is None else min(one.deadline + 1, problem.horizon.count)
    found = []
    for mode in one.modes:
        last = min(end - mode.duration, problem.horizon.count - 1)
        found += [
            Choice(initiative=one.id, mode=mode.id, start=start)
            for start in range(one.earliest_start, last + 1)
        ]
    return found


def _count(violations: tuple[Violation, ...]) -> tuple[int, int]:
    """Return how many limits are broken, and how often."""
    return len({found.limit for found in violations}), len(violations)


def _lines(violations: tuple[Violation, ...]) -> tuple[Words, ...]:
    """Return the words of the first breach of each limit."""
    first: dict[str, Words] = {}
    for found in violations:
        first.setdefault(found.limit, found.words)
    return tuple(first.values())[:DETAILS]


def _worth(problem: Problem, verdict: Verdict) -> tuple[int, ...]:
    """Return what a plan is judged by, larger being better: the weighted sum, or the targets in their order."""
    signed = [
        value if target.kind in ("goal", "least") else -value
        for target, value in zip(problem.objective.targets, verdict.values, strict=True)
    ]
    if problem.objective.method == "weighted":
        weights = [target.weight for target in problem.objective.targets]
        return (sum(weight * value for weight, value in zip(weights, signed, strict=True)),)
    return tuple(signed)
