"""The front is what an enumeration of all plans finds: every value of which none is better in all targets, and no other."""

from __future__ import annotations

import threading

import brute
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_problems import problems, tried

from rasad.roadmap.front import Front
from rasad.roadmap.front.tracing import trace
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import spoken

TARGETS = [
    {"kind": "goal", "goal": "access"},
    {"kind": "goal", "goal": "trust"},
    {"kind": "cost"},
    {"kind": "completion", "of": "last"},
    {"kind": "completion", "of": "each"},
    {"kind": "change"},
    {"kind": "least", "of": "benefit", "goal": "access"},
    {"kind": "least", "by": "unit"},
]


def fronted(problem: Problem, targets: list[dict[str, object]]) -> Problem:
    data = problem.model_dump(mode="json")
    data["objective"] = {"method": "front", "targets": targets}
    return parse(data)


def best_values(problem: Problem) -> set[tuple[int, ...]]:
    """Return the values of which none is at least as good in all targets and better in one."""
    signs = [1 if target.kind in ("goal", "least") else -1 for target in problem.objective.targets]
    every = {
        tuple(sign * value for sign, value in zip(signs, brute.values(problem, plan), strict=True))
        for plan in brute.all_plans(problem)
        if brute.keeps(problem, plan)
    }
    kept = {
        one
        for one in every
        if not any(other != one and all(a >= b for a, b in zip(other, one, strict=True)) for other in every)
    }
    return {tuple(sign * value for sign, value in zip(signs, one, strict=True)) for one in kept}


@tried(25)
@given(
    problem=problems(most=3),
    targets=st.permutations(TARGETS).flatmap(lambda some: st.sampled_from([some[:2], some[:3]])),
)
def test_the_front_is_that_of_brute_force(problem: Problem, targets: list[dict[str, object]]) -> None:
    problem = fronted(problem, targets)
    front = trace(problem, seconds=60)
    expected = best_values(problem)
    assert front.status is (Status.OPTIMAL if expected else Status.INFEASIBLE)
    assert {point.values for point in front.points} == expected
    assert len(front.points) == len(expected)
    assert front.open == 0
    for point in front.points:
        assert point.status is Status.OPTIMAL
        assert brute.keeps(problem, point.plan)
        assert tuple(brute.values(problem, point.plan)) == point.values


def test_spread_points_are_on_the_front() -> None:
    problem = fronted(
        instance(15), [{"kind": "goal", "goal": "access"}, {"kind": "goal", "goal": "time"}, {"kind": "cost"}]
    )
    front = trace(problem, seconds=20, spread=2)
    assert 3 <= len(front.points) <= 7
    for point in front.points:
        assert verify(problem, point.plan).keeps
        if point.status is Status.OPTIMAL:
            assert not any(_better(other.values, point.values) for other in front.points)
    assert Front.model_validate_json(front.model_dump_json()) == front
    assert [axis["words"] for axis in spoken(front.axes)] == [
        "access to services",
        "citizens' time",
        "all spending",
    ]


def _better(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    signs = (1, 1, -1)
    pairs = [(sign * a, sign * b) for sign, a, b in zip(signs, one, other, strict=True)]
    return one != other and all(a >= b for a, b in pairs)


def test_cancelling_gives_the_points_until_then() -> None:
    problem = fronted(instance(25), [{"kind": "goal", "goal": "access"}, {"kind": "cost"}])
    cancel = threading.Event()

    def progress(_what: str, done: int, _total: int) -> None:
        if done == 2:
            cancel.set()

    front = trace(problem, seconds=30, progress=progress, cancel=cancel)
    assert front.status is Status.CANCELLED
    assert front.open
    assert len(front.points) >= 2


def test_a_front_needs_two_or_three_targets() -> None:
    with pytest.raises(ValueError, match="two or three"):
        trace(instance(6))
