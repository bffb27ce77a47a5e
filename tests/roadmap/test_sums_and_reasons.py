"""What a plan comes to adds up to its whole, its limits are those that the verifier knows, and every reason stands up to being tried."""

from __future__ import annotations

import pytest

from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem
from rasad.roadmap.reasons import reasons
from rasad.roadmap.rows import build, decode
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.sums import benefits, bounds, parts, spending
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
