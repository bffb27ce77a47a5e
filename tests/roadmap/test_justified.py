"""Schedules that are made in one pass and justified keep everything, and searching among them finds the shortest."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.published.statements import scheduling

from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.rows import decode
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import search
from rasad.roadmap.solve.justified import Justified, Shop
from rasad.roadmap.solve.onepass import is_scheduling
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.verify import verify

SEEDS = range(6)


def drawn(seed: int, count: int = 9) -> dict[str, Any]:
    draw = Random(seed)
    successors = [
        sorted(draw.sample(range(at + 1, count), min(count - at - 1, draw.choice([0, 1, 2]))))
        for at in range(count)
    ]
    durations = [draw.choice([0, 1, 2, 3, 4]) for _ in range(count)]
    needs = [[draw.choice([0, 1, 2, 3]) for _ in range(2)] for _ in range(count)]
    problem = scheduling(durations, successors, needs, [4, 3], sum(durations) + count)
    if seed % 2:
        for one in problem["initiatives"][::3]:
            one["earliest_start"] = draw.randint(0, 3)
            for required in one["requires"]:
                required["lag"] = draw.randint(0, 2)
    if seed % 3 == 2:
        problem["limits"]["skills"][0]["amounts"][2] = 3
        for one in problem["initiatives"]:
            for required in one["requires"]:
                required["after"] = draw.choice(["completion", "start"])
    return problem


def kept(problem: Problem, starts: list[int], *, since: int = 0) -> bool:
    """Return whether starts keep what is required and what there is of each skill, counted period by period."""
    initiatives = problem.initiatives
    for at, one in enumerate(initiatives):
        for required in one.requires:
            other = problem.places[required.initiative]
            length = initiatives[other].modes[0].duration if required.after == "completion" else 0
            if starts[at] < starts[other] + length + required.lag:
                return False
    for limit in problem.limits.skills:
        for period in range(since, max(starts) + 10):
            taken = 0
            for one, start in zip(initiatives, starts, strict=True):
                [mode] = one.modes
                if start <= period < start + max(mode.duration, 1):
                    taken += (mode.skills.get(limit.skill) or [0])[0]
            there = limit.amounts[min(max(period, 0), len(limit.amounts) - 1)]
            if taken > there:
                return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_in_one_pass_keeps_everything_and_justified_it_is_no_longer(seed: int) -> None:
    problem = parse(drawn(seed))
    shop = Shop(problem)
    order = shop.order_of([0] * len(problem.initiatives))
    starts = shop.forwards(order)
    assert kept(problem, starts)
    assert all(start >= one.earliest_start for start, one in zip(starts, problem.initiatives, strict=True))
    if shop.even:
        ends = sorted(order, key=lambda at: (starts[at] + shop.lengths[at], shop.rank[at]), reverse=True)
        late = shop.backwards(ends, shop.length(starts))
        assert kept(problem, late, since=-20)
        assert all(there >= before for there, before in zip(late, starts, strict=True))
    length, justified = shop.justified(order)
    assert kept(problem, justified)
    assert length == shop.length(justified) <= shop.length(starts)


@pytest.mark.parametrize("seed", SEEDS)
def test_searching_among_them_finds_the_shortest(seed: int) -> None:
    problem = parse(drawn(seed))
    assert is_scheduling(problem)
    rows = rows_of(problem)
    exact = search([CpSat(workers=1)], Watch(rows, rows.weighted), 20)
    assert exact.status is Status.OPTIMAL
    watch = Watch(rows, rows.weighted)
    watch.bounded(exact.objective, "CP-SAT")  # type: ignore[arg-type]
    status, _raw = Justified(problem, rows).run(watch, 10)
    assert (status, watch.objective) == (Status.OPTIMAL, exact.objective)
    assert watch.values is not None
    assert verify(problem, decode(problem, rows, watch.values)).keeps


def test_what_there_is_never_enough_of_is_left_to_others() -> None:
    data = drawn(0)
    needed = max(need for one in data["initiatives"] for need in one["modes"][0]["skills"].get("k0", [0]))
    data["limits"]["skills"][0]["amounts"] = [needed - 1] * data["horizon"]["count"]
    problem = parse(data)
    assert is_scheduling(problem)
    assert solve(problem, seconds=20).status is Status.INFEASIBLE
    # People only at first: a schedule in one pass runs past the horizon.
    data["limits"]["skills"][0]["amounts"] = [needed] * 3 + [0] * (data["horizon"]["count"] - 3)
    problem = parse(data)
    rows = rows_of(problem)
    exact = search([CpSat(workers=1)], Watch(rows, rows.weighted), 20)
    found = solve(problem, seconds=20)
    assert (found.status, found.objective) == (exact.status, exact.objective)


def test_it_stops_when_it_is_told() -> None:
    problem = parse(drawn(0))
    rows = rows_of(problem)
    engine = Justified(problem, rows)
    # The bound is out of reach: only being told ends it.
    watch = Watch(rows, rows.weighted)
    threading.Timer(0.2, engine.stop).start()
    assert engine.run(watch, 60)[0] is Status.TIME
    assert watch.values is not None
