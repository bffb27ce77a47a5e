"""Every engine finds what brute force finds, says honestly how good it is, and stops when told."""

from __future__ import annotations

import threading
import time
from typing import get_args

import brute
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_problems import problems, small_problem, tried

from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.rows import build
from rasad.roadmap.solve.outcome import Engines, Progress, Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.verify import verify


@pytest.mark.parametrize("engines", get_args(Engines))
@tried(20)
@given(problem=problems())
def test_the_best_plan_is_that_of_brute_force(engines: Engines, problem: Problem) -> None:
    result = solve(problem, engines=engines, seconds=30)
    best = brute.best(problem)
    if best is None:
        assert (result.status, result.plan) == (Status.INFEASIBLE, None)
    else:
        assert result.status is Status.OPTIMAL
        assert result.plan is not None
        assert brute.keeps(problem, result.plan)
        assert brute.weighted(problem, result.plan) == best[0]
        assert result.gap == 0


@tried(25)
@given(problem=problems(most=3), slack=st.sampled_from([0, 0, 1000, 5000]))
def test_targets_one_after_the_other(problem: Problem, slack: int) -> None:
    data = problem.model_dump()
    data["objective"]["method"] = "lexicographic"
    data["objective"]["targets"][0]["slack"] = slack
    problem = parse(data)
    result = solve(problem, seconds=30)
    expected = brute.lexicographic(problem)
    if expected is None:
        assert (result.status, result.plan) == (Status.INFEASIBLE, None)
        return
    assert result.status is Status.OPTIMAL
    assert result.values is not None
    reached = [stage.objective for stage in result.stages]
    assert reached[-1] == result.values[-1] == expected[-1]
    assert (
        reached[0]
        == brute.lexicographic(parse({**data, "objective": {"targets": data["objective"]["targets"][:1]}}))[0]
    )  # type: ignore[index]


@tried(15)
@given(problem=problems(most=3), more=st.integers(1, 9), period=st.integers(0, 2))
def test_more_money_never_makes_the_best_plan_worse(problem: Problem, more: int, period: int) -> None:
    data = problem.model_dump()
    for limit in data["limits"]["budgets"]:
        amounts = list(limit["amounts"])
        amounts[period % len(amounts)] += more
        limit["amounts"] = amounts
    richer = solve(parse(data), seconds=30)
    before = solve(problem, seconds=30)
    if before.plan is not None:
        assert richer.plan is not None
        assert brute.weighted(problem, richer.plan) >= brute.weighted(problem, before.plan)


def test_a_search_stopped_by_time_is_never_called_best() -> None:
    problem = instance(200, periods=20, kind="quarter")
    seen: list[Progress] = []
    result = solve(problem, seconds=3, progress=seen.append)
    assert result.status is Status.TIME
    assert "stopped by time" in result.status.words.said()
    assert result.seconds < 6
    assert result.plan is not None
    assert verify(problem, result.plan).keeps
    assert result.objective is not None
    assert result.bound is not None
    assert result.objective < result.bound
    objectives = [step.objective for step in seen if step.objective is not None]
    assert objectives == sorted(objectives)
    bounds = [step.bound for step in seen if step.bound is not None]
    assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize("engines", get_args(Engines))
def test_cancelling_gives_the_best_plan_until_then_within_a_second(engines: Engines) -> None:
    problem = instance(120, periods=20, kind="quarter")
    rows = build(problem)
    cancel = threading.Event()
    told: list[float] = []

    def progress(step: Progress) -> None:
        if step.objective is not None and step.seconds > 1.5 and not told:
            told.append(time.monotonic())
            cancel.set()

    def at_last() -> None:
        if not told:
            told.append(time.monotonic())
            cancel.set()

    timer = threading.Timer(4, at_last)
    timer.start()
    result = solve(problem, rows=rows, seconds=60, engines=engines, progress=progress, cancel=cancel)
    ended = time.monotonic()
    timer.cancel()
    assert result.status is Status.CANCELLED
    assert result.plan is not None
    assert result.verdict is not None
    assert result.verdict.keeps
    # A second, where the machine is not shared; in any case long before the time is up.
    assert ended - told[0] < 10


def test_nothing_found_in_no_time_is_not_called_infeasible() -> None:
    # Ten of these fit only in one way, which no first guess finds.
    problem = instance(60)
    data = problem.model_dump()
    data["limits"]["goal_scores"] = [{"id": "much", "goal": "access", "at_least": 10**9}]
    result = solve(parse(data), seconds=0)
    assert result.status in (Status.TIME_NONE, Status.INFEASIBLE)
    cancelled = threading.Event()
    cancelled.set()
    assert solve(problem, seconds=20, cancel=cancelled).status in (Status.CANCELLED, Status.CANCELLED_NONE)


def test_a_search_begins_with_the_last_plan() -> None:
    problem = instance(20, tightness="loose")
    first = solve(problem, seconds=4)
    assert first.plan is not None
    seen: list[Progress] = []
    solve(problem, seconds=0.5, start=first.plan, progress=seen.append)
    assert (seen[0].engine, seen[0].objective) == ("start", first.objective)


def test_a_start_that_no_longer_fits_does_no_harm() -> None:
    problem = small_problem(3, 3, 3, frozenset())
    wrong = Plan(choices=tuple(Choice(initiative=f"i{at}", mode="base", start=2) for at in range(3)))
    assert solve(problem, start=wrong).objective == solve(problem).objective


def test_no_initiatives_at_all() -> None:
    problem = parse({"horizon": {"count": 1}, "objective": {"targets": [{"kind": "cost"}]}})
    for engines in get_args(Engines):
        result = solve(problem, engines=engines)
        assert (result.status, result.plan, result.objective) == (Status.OPTIMAL, Plan(), 0)


def test_figures_beyond_64_bits_are_exact() -> None:
    """One rial too much is too much, in sums of 10^24."""
    large = 10**16
    data = {
        "horizon": {"count": 1},
        "districts": [{"id": "a"}, {"id": "b"}],
        "goals": [{"id": "g"}],
        "initiatives": [
            {"id": "x", "districts": {"a": 10_000}, "modes": [{"duration": 1, "costs": {"software": [large]}, "effects": {"g": {"once": 5}}}]},
            {"id": "y", "districts": {"b": 10_000}, "modes": [{"duration": 1, "costs": {"software": [large - 1]}, "effects": {"g": {"once": 7}}}]},
        ],
        "limits": {"fairness": [{"id": "f", "at_least": 5000, "whom": "b"}]},
        "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
    }  # fmt: skip
    for engines in get_args(Engines):
        found = solve(parse(data), engines=engines, seconds=20)
        assert found.plan is not None
        # With both, b has one rial less than half.
        assert [choice.initiative for choice in found.plan.choices] == ["y"], engines
        assert (found.status, found.objective) == (Status.OPTIMAL, 70_000)


def test_every_status_has_words() -> None:
    said = {status.words.said() for status in Status}
    assert len(said) == len(Status)
