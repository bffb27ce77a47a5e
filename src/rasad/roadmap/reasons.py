"""Why each initiative is in a plan or out of it, as far as the plan itself shows: what it brings, who needs it, and which limits the rest of the
plan leaves no room under. Nothing is searched: changed plans are looked through by the rows of the problem, and what is said of one is checked with the independent verifier.

What forcing an initiative in or out would cost, with everything else free to move, is another question: see `rasad.roadmap.explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rasad.roadmap.problem import Choice, Initiative, Plan, Problem
from rasad.roadmap.rows import build, encode
from rasad.roadmap.solve.matrix import Matrix, completed
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
    room = _Room(problem, plan)
    found = {}
    for initiative in problem.initiatives:
        inside = initiative.id in verdict.figures.works
        found[initiative.id] = (
            _inside(problem, plan, verdict, initiative)
            if inside
            else _outside(problem, plan, verdict, room, initiative)
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
    if _worth(problem, verdict.values) > _worth(problem, without.values):
        goals = [goal.name for goal in problem.goals if verdict.figures.brought(verdict.figures.works[one.id], goal.id) > 0]  # fmt: skip
        if goals:
            return Reason(one.id, True, "brings", Words(_n("It serves: %(goals)s."), {"goals": names(goals)}))
        return Reason(one.id, True, "better", Words(_n("The plan is better with it.")))
    return Reason(one.id, True, "idle", Words(_n("The plan would be as good without it.")))


# --- Out ------------------------------------------------------------------------------------------------------------


def _outside(problem: Problem, plan: Plan, verdict: Verdict, room: _Room, one: Initiative) -> Reason:
    if any(lock.initiative == one.id and lock.choice == "out" for lock in problem.locks):
        return Reason(one.id, False, "locked_out", Words(_n("It was left out by hand.")))
    ways = list(room.ways(one))
    if not ways:
        return Reason(one.id, False, "never", Words(_n("It cannot be complete within the horizon.")))
    tried = verify(problem, Plan(choices=(*plan.choices, min(ways, key=lambda way: way.rank).choice)))
    if tried.keeps and _worth(problem, tried.values) > _worth(problem, verdict.values):
        words = Words(_n("It would fit and make the plan better: the plan is not the best one."))
        return Reason(one.id, False, "better", words)
    if tried.keeps:
        return Reason(one.id, False, "adds_nothing", Words(_n("It would fit, but the plan would be no better for it.")))  # fmt: skip
    words = Words(_n("Beside all that is chosen there is no room for it. Even where it fits best, this would be broken:"))  # fmt: skip
    return Reason(one.id, False, "no_room", words, _lines(tried.violations))


@dataclass(frozen=True, slots=True)
class _Way:
    """One mode and start of an initiative beside the plan. `rank`: how many limits it breaks, how often, then what the plan is worth with it; less is better."""

    choice: Choice
    rank: tuple[int, ...]


class _Room:
    """The plan as values of the problem's rows, to look through all ways of adding an initiative: some hundred times as fast as to verify each."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.rows = build(problem, named_windows=True)
        self.matrix = Matrix(self.rows)
        self.values = encode(problem, self.rows, plan)
        limits = {id_: number for number, id_ in enumerate(self.rows.groups)}
        self.limits = np.array([limits[row.group] for row in self.rows.rows], dtype=np.int64)

    def ways(self, one: Initiative) -> Iterator[_Way]:
        """Yield every mode and start with which an initiative is complete within its window."""
        end = self.problem.horizon.count if one.deadline is None else min(one.deadline + 1, self.problem.horizon.count)  # fmt: skip
        for number, mode in enumerate(one.modes):
            block = self.rows.blocks.get((self.problem.places[one.id], number))
            if block is None:
                continue
            # What is done at once is done in its period, not at the beginning of the next.
            last = min(end - max(mode.duration, 1), block.last)
            for start in range(max(one.earliest_start, block.first), last + 1):
                values = list(self.values)
                begun = block.column + start - block.first
                values[begun : block.chosen + 1] = [1] * (block.chosen + 1 - begun)
                choice = Choice(initiative=one.id, mode=mode.id, start=start)
                yield _Way(choice, self._rank(completed(self.rows, values)))

    def _rank(self, values: list[int]) -> tuple[int, ...]:
        broken = self.matrix.broken(values)
        reached = tuple(target.linear.value(values) for target in self.rows.targets)
        worth = _worth(self.problem, reached)
        return (len(np.unique(self.limits[broken])), len(broken), *(-value for value in worth))


def _lines(violations: tuple[Violation, ...]) -> tuple[Words, ...]:
    """Return the words of the first breach of each limit."""
    first: dict[str, Words] = {}
    for found in violations:
        first.setdefault(found.limit, found.words)
    return tuple(first.values())[:DETAILS]


def _worth(problem: Problem, values: Sequence[int]) -> tuple[int, ...]:
    """Return what a plan is judged by, larger being better: the weighted sum, or the targets in their order."""
    signed = [
        value if target.maximise else -value
        for target, value in zip(problem.objective.targets, values, strict=True)
    ]
    if problem.objective.method == "weighted":
        weights = [target.weight for target in problem.objective.targets]
        return (sum(weight * value for weight, value in zip(weights, signed, strict=True)),)
    return tuple(signed)
