"""The thread as a whole: how much of the money reaches a project, a goal, an indicator, a resolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rasad.actions import class_judgements
from rasad.actions.allocations import holding, rules_in_force
from rasad.ledger.allocate import APART, allocated_sums
from rasad.oversight.measures.m4_thread import Completeness, Reach, completeness
from rasad.records.models import GoalIndicator, Project, ProjectGoal


@dataclass(frozen=True)
class ThreadRow:
    """One scope: the values of flow, book, stage and currency and of what was asked for, and its four figures.

    `judged` and `ruled` are the amounts that people judged to be for projects, and that rules suggest.
    """

    scope: dict[str, object]
    figures: Completeness
    judged: int
    ruled: int


def reach() -> Reach:
    """Return how far the thread goes from each project, as the records say today."""
    return Reach.of(
        projects=Project.objects.values_list("code", "resolution__number"),
        project_goals=ProjectGoal.objects.values_list("project__code", "goal__code", "weight_bp"),
        goal_indicators=GoalIndicator.objects.values_list("goal__code", "indicator__code"),
    )


def thread_completeness(*, home: Path, by: Sequence[str] = ()) -> list[ThreadRow]:
    """Return M4 of each scope: per flow, book, stage and currency, and by columns of lines such as class, fiscal_year or in_it."""
    class_judgements.settle(home=home)
    names = [*APART, *by]
    sums = allocated_sums(home, rules_in_force(), holding(), by)
    methods: dict[tuple[tuple[object, ...], str], int] = {}
    for one in sums:
        if one.project is not None:
            methods[one.scope, one.method] = methods.get((one.scope, one.method), 0) + one.amount
    known = reach()
    found = []
    for unit in sorted({str(one.scope[APART.index("currency")]) for one in sums}):
        rows = (
            (one.scope, one.project, one.amount) for one in sums if one.scope[APART.index("currency")] == unit
        )
        for key, figures in completeness(rows, known, unit=unit).items():
            found.append(
                ThreadRow(
                    scope=dict(zip(names, key, strict=True)),
                    figures=figures,
                    judged=methods.get((key, "person"), 0),
                    ruled=methods.get((key, "rule"), 0),
                )
            )
    return found
