"""What a plan comes to adds up to its whole, its limits are those that the verifier knows, and every reason stands up to being tried."""

from __future__ import annotations

import pytest

from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.reasons import reasons
from rasad.roadmap.rows import build, decode
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.sums import benefits, bounds, bounds_over_all, parts, spending
from rasad.roadmap.verify import verify


@pytest.fixture(scope="module", params=[("year", 5, 1), ("quarter", 8, 2), ("half", 6, 3)], ids=str)
def planned(request: pytest.FixtureRequest) -> tuple[Problem, Plan]:
    """A made-up problem and a first plan for it, found by hand."""
    kind, periods, seed = request.param
    problem = instance(24, periods=periods, kind=kind, seed=seed)
    rows = build(problem)
    values = Greedy(problem, rows, rows.weighted).run(2)
    return problem, decode(problem, rows, values)


def test_parts_add_up(planned: tuple[Problem, Plan]) -> None:
    problem, plan = planned
    verdict = verify(problem, plan)
    assert verdict.keeps
    figures = verdict.figures
    whole = sum(figures.cost_of(work) for work in figures.works.values())
    assert sum(one.amount for one in spending(figures)) == whole > 0
    for by in ("goal", "unit", "district"):
        assert sum(part.amount for part in parts(figures) if part.by == by) == whole
    for goal in problem.goals:
        assert sum(one.amount for one in benefits(figures) if one.goal.id == goal.id) == figures.score(
            goal.id
        )
    for one in bounds(figures):
        assert one.used >= one.there if one.floor else one.used <= one.there


def test_a_limit_says_what_it_counts_and_how_much_it_allows() -> None:
    """Two years that spend 100 and 60, hardware 30 and 10: a cap by the year, another over both, and a least share beside the cap."""
    problem = parse({
        "horizon": {"first_year": 1405, "count": 2},
        "goals": [{"id": "g"}],
        "initiatives": [
            {"id": "a", "modes": [{"duration": 2, "costs": {"hardware": [30, 10], "software": [70, 50]}, "effects": {"g": {"once": 1}}}]}
        ],
        "limits": {
            "budgets": [{"id": "all", "amounts": [110, 90]}],
            "category_shares": [
                {"id": "cap", "categories": ["hardware"], "at_most": 4000, "at_least": 1000, "since": 1},
                {"id": "soft", "categories": ["software", "services"], "at_least": 7000, "per": "horizon"},
            ],
        },
        "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
    })  # fmt: skip
    figures = verify(problem, Plan(choices=(Choice(initiative="a", start=0),))).figures
    told = [
        (one.id, one.period, one.until, one.categories, one.points, one.floor, one.there, one.used)
        for one in (*bounds(figures), *bounds_over_all(figures))
    ]
    assert told == [
        ("all", 0, 0, (), None, False, 110, 100),
        ("all", 1, 1, (), None, False, 90, 60),
        ("cap", 1, 1, ("hardware",), 4000, False, 24, 10),
        ("cap", 1, 1, ("hardware",), 1000, True, 6, 10),
        ("soft", 0, 1, ("software", "services"), 7000, True, 112, 120),
    ]


def test_reasons_stand_up_to_being_tried(planned: tuple[Problem, Plan]) -> None:
    problem, plan = planned
    found = reasons(problem, plan)
    assert set(found) == set(problem.places)
    chosen = {choice.initiative for choice in plan.choices}
    for one in problem.initiatives:
        reason = found[one.id]
        assert reason.chosen == (one.id in chosen)
        assert reason.words.said()
        if reason.code == "no_room":
            # Wherever it is put beside the others, a limit breaks; those that are named do in some place.
            tried = [
                verify(
                    problem,
                    Plan(choices=(*plan.choices, Choice(initiative=one.id, mode=mode.id, start=start))),
                )
                for mode in one.modes
                for start in range(problem.horizon.count)
            ]
            assert not any(verdict.keeps for verdict in tried)
            named = {words.said() for words in reason.details}
            assert named
            assert any(named <= {broken.words.said() for broken in verdict.violations} for verdict in tried)
        if reason.code == "holds":
            rest = Plan(choices=tuple(choice for choice in plan.choices if choice.initiative != one.id))
            assert not verify(problem, rest).keeps
    assert {reason.code for reason in found.values()} - {"running", "mandatory"}
