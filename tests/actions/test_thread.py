"""How far the money's thread goes, over records and ledger together."""

from __future__ import annotations

from datetime import date

import pytest
from judged_town import People, Town

from rasad.actions import allocations
from rasad.actions.thread import thread_completeness
from rasad.records.changes import changing
from rasad.records.models import Goal, GoalIndicator, Indicator, Project, ProjectGoal, Resolution

pytestmark = pytest.mark.django_db


def test_the_thread_reaches_what_rules_people_and_records_join(
    town: Town, people: People, projects: list[Project]
) -> None:
    with changing(by=people[0], action="test") as change:
        goal = change.add(Goal(code="g1", title="goal"))
        change.add(ProjectGoal(project=projects[0], goal=goal, weight_bp=10_000))
        indicator = change.add(Indicator(code="i1", title="indicator"))
        change.add(GoalIndicator(goal=goal, indicator=indicator))
        resolution = change.add(Resolution(number="r1", date=date(2021, 1, 1), title="ordered"))
        change.update(projects[1], seen=1, resolution=resolution)
    for number, parts in ((0, {"p1": 6_000, "p2": 3_000}), (1, {"p3": 10_000})):
        allocations.judge(
            home=town.home, kind="line", subject=town.line_ids[number], parts=parts, by=people[0]
        )
    rows = {row.scope["in_it"]: row for row in thread_completeness(home=town.home, by=["in_it"])}
    inside = rows[True]
    assert inside.scope == {
        "flow": "expense",
        "book": "payments",
        "stage": "paid",
        "currency": "EUR",
        "in_it": True,
    }
    assert {step: figure.numerator for step, figure in inside.figures.steps()} == {
        "project": 600 + 300 + 333,
        "goal": 600,
        "indicator": 600,
        "resolution": 300,
    }
    assert (inside.figures.project.denominator, inside.figures.project.rest) == (1_338, 105)
    assert (inside.judged, inside.ruled) == (1_233, 0)
    # The chairs of another unit were given back: no share of a negative sum can be said.
    assert rows[False].figures.project.state == "insufficient"
