"""Rows over starts say what those over steps say, and a search over either finds the same best plan."""

from __future__ import annotations

import brute
import pytest
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import build, encode
from rasad.roadmap.solve.engine import search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.outcome import Status
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
