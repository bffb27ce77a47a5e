"""Rows over starts say what those over steps say, and a search over either finds the same best plan."""

from __future__ import annotations

import brute
import pytest
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.rows import build, encode
from rasad.roadmap.solve.engine import search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.solve.starts import Starts
from rasad.roadmap.solve.watch import Watch


@tried(30)
@given(problem=problems(most=3))
def test_rows_over_starts_hold_for_the_same_plans(problem: Problem) -> None:
    rows = build(problem)
    starts = Starts(rows, rows.weighted)
    for plan in brute.all_plans(problem):
        values = encode(problem, rows, plan)
        found = starts.from_steps(values)
        assert starts.to_steps(found) == values
        assert starts.target.linear.value(found) == rows.weighted.linear.value(values)
        assert bool(starts.rows.broken(found)) == bool(rows.broken(values)), plan


@pytest.mark.parametrize("starts", [True, False])
@tried(10)
@given(problem=problems())
def test_a_search_over_either_finds_the_best_plan(starts: bool, problem: Problem) -> None:
    rows = build(problem)
    watch = Watch(rows, rows.weighted)
    found = search([Highs(threads=1, starts=starts)], watch, 30)
    best = brute.best(problem)
    if best is None:
        assert found.values is None
    elif found.status is not Status.NUMERIC:
        assert found.status is Status.OPTIMAL
        assert found.objective == (best[0] if rows.weighted.maximise else -best[0])


@pytest.mark.parametrize("start", range(4))
def test_a_plan_to_begin_with_is_not_called_best_where_it_is_not(start: int) -> None:
    """HiGHS 1.16, given that one of the two is done, called it the best; to do nothing costs nothing."""
    problem = parse(
        {
            "horizon": {"count": 5},
            "initiatives": [
                {"id": "one", "modes": [{"duration": 2}]},
                {"id": "other", "modes": [{"duration": 1, "costs": {"software": [6]}}]},
            ],
            "synergies": [{"id": "both", "initiatives": ["other", "one"]}],
            "objective": {"targets": [{"kind": "cost"}]},
        }
    )
    last = Plan(choices=(Choice(initiative="other", start=start),))
    found = solve(problem, start=last, engines="highs", seconds=10)
    assert (found.status, found.objective, found.bound) == (Status.OPTIMAL, 0, 0)


@pytest.mark.parametrize("rial", [1, 10**12, 10**15])
@pytest.mark.parametrize("starts", [True, False])
def test_what_is_left_over_counts_however_large_the_amounts_are(starts: bool, rial: int) -> None:
    """A rial left over beside costs of 10¹² was less than the least coefficient of HiGHS: what has to be saved for was called out of reach."""
    problem = parse(
        {
            "horizon": {"count": 2},
            "goals": [{"id": "g"}],
            "districts": [{"id": "d"}, {"id": "e"}],
            "initiatives": [
                {
                    "id": "dear",
                    "districts": {"d": 5000, "e": 5000},
                    "modes": [{"duration": 1, "costs": {"hardware": [5 * rial]}}],
                },
                {
                    "id": "cheap",
                    "districts": {"d": 9000},
                    "modes": [{"duration": 1, "costs": {"hardware": [2 * rial]}}],
                },
            ],
            "limits": {"budgets": [{"id": "all", "amounts": [3 * rial, 4 * rial], "carry_share": 5000}]},
            "objective": {"targets": [{"kind": "least"}]},
        }
    )
    rows = build(problem)
    watch = Watch(rows, rows.targets[0])
    found = search([Highs(threads=1, starts=starts)], watch, 10)
    assert (found.status, found.objective, found.bound) == (Status.OPTIMAL, *[5 * rial // 2] * 2)
