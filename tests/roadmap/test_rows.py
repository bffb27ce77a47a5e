"""The rows hold for exactly the plans that keep every limit, and their expressions are the plans' figures."""

from __future__ import annotations

import brute
import pytest
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import build, decode, encode


@pytest.mark.parametrize("named_windows", [False, True])
@tried(40)
@given(problem=problems(most=3))
def test_rows_hold_for_exactly_the_plans_that_keep_every_limit(named_windows: bool, problem: Problem) -> None:
    rows = build(problem, named_windows=named_windows)
    for plan in brute.all_plans(problem):
        values = encode(problem, rows, plan)
        same = set(decode(problem, rows, values).choices) == set(plan.choices)
        holds = same and not rows.broken(values)
        assert holds == brute.keeps(problem, plan), plan
        if holds:
            found = [target.linear.value(values) for target in rows.targets]
            assert found == brute.values(problem, plan), plan
            chosen = brute.chosen_of(problem, plan)
            for goal, expression in rows.goals.items():
                assert expression.value(values) == brute.score(problem, chosen, goal)
