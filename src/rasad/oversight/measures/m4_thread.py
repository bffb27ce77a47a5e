"""M4, thread completeness: the share of money whose thread reaches a project, a goal, an indicator, a resolution. See docs/measures/M4.md."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from rasad.oversight.figure import Figure, State
from rasad.persian.apportion import apportion

ID, VERSION = "M4", "1"
STEPS = ("project", "goal", "indicator", "resolution")
WHOLE_BP = 10_000
Scope = TypeVar("Scope", bound=Hashable)


@dataclass(frozen=True)
class Reach:
    """How far the thread goes from each project, as the records say.

    `goals`: project → goal → weight in basis points, together at most the whole. `told`: the goals of which an indicator tells. `ordered`:
    the projects that a resolution ordered. `projects`: every project that there is.
    """

    projects: frozenset[str]
    goals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    ordered: frozenset[str] = frozenset()

    @staticmethod
    def of(
        *,
        projects: Iterable[tuple[str, str | None]],
        project_goals: Iterable[tuple[str, str, int]],
        goal_indicators: Iterable[tuple[str, str]],
    ) -> Reach:
        """Return the reach that tables say: (project, resolution), (project, goal, weight_bp), (goal, indicator)."""
        known = list(projects)
        goals: dict[str, dict[str, int]] = {}
        for project, goal, weight in project_goals:
            goals.setdefault(project, {})[goal] = weight
        return Reach(
            projects=frozenset(project for project, _ in known),
            goals=goals,
            told=frozenset(goal for goal, _ in goal_indicators),
            ordered=frozenset(project for project, resolution in known if resolution),
        )


@dataclass(frozen=True)
class Completeness:
    """The four figures of one scope; each has the scope's whole amount as its denominator, and `rest` is what the thread does not reach."""

    project: Figure
    goal: Figure
    indicator: Figure
    resolution: Figure

    def steps(self) -> tuple[tuple[str, Figure], ...]:
        """Return the figures by the name of the step that the thread reaches."""
        return tuple((step, getattr(self, step)) for step in STEPS)


def completeness(
    rows: Iterable[tuple[Scope, str | None, int]], reach: Reach, *, unit: str
) -> dict[Scope, Completeness]:
    """Return the figures of each scope. `rows` has scope, project (None: unlinked) and amount; rows of one scope and project are summed.

    A scope is of one stage, book and flow: these are never added together. Amounts are in `unit`, the currency's smallest. Money goes to a
    project's goals by their weights, whole units by largest remainders; what weights leave over reaches no goal.
    """
    sums: dict[Scope, dict[str | None, int]] = {}
    for scope, project, amount in rows:
        of = sums.setdefault(scope, {})
        of[project] = of.get(project, 0) + amount
    return {scope: _of_scope(of, reach, unit) for scope, of in sums.items()}


def _of_scope(amounts: Mapping[str | None, int], reach: Reach, unit: str) -> Completeness:
    whole = sum(amounts.values())
    linked = {project: amount for project, amount in amounts.items() if project is not None}
    to_goals = {
        project: _to_goals(amount, reach.goals.get(project, {})) for project, amount in linked.items()
    }
    told = {
        project: sum(amount for goal, amount in goals.items() if goal in reach.told)
        for project, goals in to_goals.items()
    }
    ordered = {project: amount for project, amount in linked.items() if project in reach.ordered}
    reached = (
        linked,
        {project: sum(goals.values()) for project, goals in to_goals.items()},
        told,
        ordered,
    )
    return Completeness(*(_figure(step, whole, reach, unit) for step in reached))


def _to_goals(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return the amount of each goal; what the weights leave over is no goal's."""
    names = sorted(weights)
    rest = max(WHOLE_BP - sum(weights.values()), 0)
    if not names or sum(weights.values()) <= 0:
        return {}
    sign = -1 if amount < 0 else 1
    parts = apportion(abs(amount), [*(weights[name] for name in names), rest])
    return {name: sign * part for name, part in zip(names, parts, strict=False)}


def _figure(amounts: Mapping[str, int], whole: int, reach: Reach, unit: str) -> Figure:
    numerator = sum(amounts.values())
    return Figure(
        measure=ID,
        version=VERSION,
        numerator=numerator,
        denominator=whole,
        unit=unit,
        state=_state(numerator, whole, reach),
        evidence=tuple(sorted(project for project, amount in amounts.items() if amount)),
    )


def _state(numerator: int, whole: int, reach: Reach) -> State:
    if whole == 0:
        return "not_applicable"
    # No project is recorded at all: that none is reached says nothing of the money.
    if not reach.projects:
        return "insufficient"
    # More was paid back than paid, in all or in what is left over: no share of it can be said.
    if not 0 <= numerator <= whole:
        return "insufficient"
    return "ok"
