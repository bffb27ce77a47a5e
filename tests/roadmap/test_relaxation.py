"""The relaxation bounds every plan, and a plan made along it holds."""

from __future__ import annotations

import brute
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import build
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.solve.matrix import first_bound
from rasad.roadmap.solve.relaxation import relaxation
from rasad.roadmap.solve.watch import Watch


@tried(25)
@given(problem=problems(most=3))
def test_no_plan_passes_the_bounds(problem: Problem) -> None:
    rows = build(problem)
    watch = Watch(rows, rows.weighted)
    best = brute.best(problem)
    found = relaxation(watch, 10)
    if best is None:
        return
    # A single cost or completion is minimised: brute force counts it against.
    value = best[0] if rows.weighted.maximise else -best[0]
    assert found is not None
    for bound in (watch.bound, first_bound(rows, rows.weighted)):
        assert bound >= value if rows.weighted.maximise else bound <= value


def test_a_plan_along_the_relaxation_is_near_it() -> None:
    problem = instance(200, tightness="loose")
    rows = build(problem)
    watch = Watch(rows, rows.weighted)
    guide = relaxation(watch, 60)
    assert guide is not None
    assert watch.offer(Greedy(problem, rows, rows.weighted, guide).run(5), "guided")
    assert watch.objective is not None
    guided = watch.objective
    assert guided > 0.95 * watch.bound
    by_hand = Watch(rows, rows.weighted)
    assert by_hand.offer(Greedy(problem, rows, rows.weighted).run(5), "by hand")
    assert by_hand.objective is not None
    assert by_hand.objective < guided
