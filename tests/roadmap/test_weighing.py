"""Plans to weigh: each is the best by its weights, as an enumeration of all plans finds it, and none beats another."""

from __future__ import annotations

import threading

import brute
import pytest
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.verify import verify
from rasad.roadmap.weighing import ToWeigh
from rasad.roadmap.weighing.computing import plans_to_weigh


@tried(12)
@given(problem=problems(most=3))
def test_each_plan_is_one_that_no_plan_beats(problem: Problem) -> None:
    data = problem.model_dump(mode="json")
    data["objective"] = {"targets": [{"kind": "goal", "goal": goal.id} for goal in problem.goals]}
    problem = parse(data)
    every = [
        tuple(brute.values(problem, plan)) for plan in brute.all_plans(problem) if brute.keeps(problem, plan)
    ]
    try:
        found = plans_to_weigh(problem, seconds=60)
    except ValueError:
        assert len(set(every)) <= 1
        return
    if not every:
        assert (found.status, found.plans) == (Status.INFEASIBLE, ())
        return
    assert found.status is Status.OPTIMAL
    assert found.searched == found.grid
    places = [[goal.id for goal in problem.goals].index(goal.goal) for goal in found.goals]
    for one in found.plans:
        assert brute.keeps(problem, one.plan)
        whole = brute.values(problem, one.plan)
        assert one.values == tuple(whole[at] for at in places)
        assert (one.status, one.gap) == (Status.OPTIMAL, 0.0) or one.gap is None
        for other in every:
            there = tuple(other[at] for at in places)
            assert there == one.values or any(a < b for a, b in zip(there, one.values, strict=True))
    for at, goal in enumerate(found.goals):
        assert goal.best == max(one.values[at] for one in found.plans)


def test_a_citizen_finds_the_plan_that_fits_and_the_adopted_one_is_among_them() -> None:
    problem = instance(15)
    adopted = solve(problem, seconds=20).plan
    assert adopted is not None
    found = plans_to_weigh(problem, seconds=30, most=5, given=adopted)
    assert 2 <= len(found.plans) <= 5
    assert [one.plan for one in found.plans if one.given] == [adopted]
    assert all(verify(problem, one.plan).keeps for one in found.plans)
    assert sum(one.count for one in found.plans) == found.grid
    for at, goal in enumerate(found.goals):
        alone = [int(at == other) for other in range(len(found.goals))]
        fits = found.fits(alone)
        best = found.best(alone)
        assert best is not None
        assert fits[best] == 10_000
        assert found.plans[best].values[at] == goal.best
    assert found.fits([0] * len(found.goals)) == found.fits([7] * len(found.goals))
    assert ToWeigh.model_validate_json(found.model_dump_json()) == found


def test_a_plan_that_breaks_a_limit_is_not_among_them_and_the_search_can_be_stopped() -> None:
    problem = instance(15)
    cancel = threading.Event()
    cancel.set()
    everything = Plan(
        choices=tuple(
            Choice(initiative=one.id, mode=one.modes[0].id, start=one.earliest_start)
            for one in problem.initiatives
        )
    )
    assert not verify(problem, everything).keeps
    found = plans_to_weigh(problem, given=everything, cancel=cancel)
    assert (found.status, found.searched) == (Status.CANCELLED_NONE, 0)
    assert found.best([1] * len(found.goals)) is None


def test_where_no_goal_is_served_there_is_nothing_to_weigh() -> None:
    data = {
        "horizon": {"count": 1},
        "initiatives": [{"id": "a", "modes": [{"duration": 1}]}],
        "objective": {"targets": [{"kind": "cost"}]},
    }
    with pytest.raises(ValueError, match="no initiative serves a goal"):
        plans_to_weigh(parse(data))
