"""Restricted to known problems, the engine reaches the best values, found here by plain enumeration of the classic statements."""

from __future__ import annotations

import ast
import json
import re
import sys
from itertools import combinations, permutations
from pathlib import Path
from random import Random

import brute
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_problems import small_problem, tried

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.published.statements import knapsack, next_release, scheduling

from rasad.roadmap.front.tracing import trace
from rasad.roadmap.problem import parse
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.neighbourhoods import Neighbourhoods
from rasad.roadmap.solve.onepass import is_scheduling
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.solve.watch import Watch

SEEDS = range(4)
PAGE = (Path(__file__).parents[2] / "docs" / "roadmap-problems.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\s+(Best|Front): ([^\n]*)", PAGE, re.DOTALL)


def subsets(count: int) -> list[tuple[int, ...]]:
    return [chosen for size in range(count + 1) for chosen in combinations(range(count), size)]


@pytest.mark.parametrize("seed", SEEDS)
def test_next_release(seed: int) -> None:
    draw = Random(seed)
    costs = [draw.randint(1, 9) for _ in range(7)]
    needs = [draw.sample(range(at), min(at, draw.choice([0, 1, 2]))) for at in range(7)]
    profits = [draw.randint(5, 30) for _ in range(6)]
    wishes = [draw.sample(range(7), draw.randint(1, 3)) for _ in range(6)]
    budget = round(sum(costs) * 0.5)

    def closure(wished: set[int]) -> set[int]:
        more = wished | {other for one in wished for other in needs[one]}
        return wished if more == wished else closure(more)

    best = 0
    for customers in subsets(6):
        needed = closure({wish for customer in customers for wish in wishes[customer]})
        if sum(costs[one] for one in needed) <= budget:
            best = max(best, sum(profits[customer] for customer in customers))
    result = solve(parse(next_release(costs, needs, profits, wishes, budget)))
    assert (result.status, result.objective) == (Status.OPTIMAL, best * 10_000)


@pytest.mark.parametrize("seed", SEEDS)
def test_multidimensional_knapsack(seed: int) -> None:
    draw = Random(seed)
    values = [draw.randint(10, 99) for _ in range(11)]
    weights = [[draw.randint(1, 40) for _ in range(11)] for _ in range(3)]
    capacities = [sum(row) // 2 for row in weights]
    best = max(
        sum(values[item] for item in chosen)
        for chosen in subsets(11)
        if all(sum(row[item] for item in chosen) <= cap for row, cap in zip(weights, capacities, strict=True))
    )
    result = solve(parse(knapsack([values], weights, capacities)))
    assert (result.status, result.objective) == (Status.OPTIMAL, best * 10_000)


def shortest(
    durations: list[int], before: list[list[int]], needs: list[list[int]], capacities: list[int]
) -> int:
    """Return the least makespan: the serial schedule of every order; one of them is best (Kolisch 1996)."""
    count = len(durations)
    best = 10**9
    for order in permutations(range(count)):
        place = {at: number for number, at in enumerate(order)}
        if any(place[other] > place[at] for at in range(count) for other in before[at]):
            continue
        used: dict[int, list[int]] = {}
        ends: dict[int, int] = {}
        for at in order:
            start = max((ends[other] for other in before[at]), default=0)
            while any(
                used.get(t, [0] * len(capacities))[k] + needs[at][k] > capacities[k]
                for t in range(start, start + durations[at])
                for k in range(len(capacities))
            ):
                start += 1
            ends[at] = start + durations[at]
            for t in range(start, ends[at]):
                row = used.setdefault(t, [0] * len(capacities))
                for k in range(len(capacities)):
                    row[k] += needs[at][k]
        best = min(best, max(ends.values()))
    return best


@pytest.mark.parametrize("seed", SEEDS)
def test_resource_constrained_scheduling(seed: int) -> None:
    draw = Random(seed)
    durations = [draw.randint(0, 5) for _ in range(7)]
    before = [draw.sample(range(at), min(at, draw.choice([0, 1, 1, 2]))) for at in range(7)]
    successors = [[at for at in range(7) if one in before[at]] for one in range(7)]
    capacities = [draw.randint(4, 6), draw.randint(4, 6)]
    needs = [[draw.randint(0, 4) for _ in capacities] for _ in range(7)]
    best = shortest(durations, before, needs, capacities)
    data = scheduling(durations, successors, needs, capacities, sum(durations))
    if seed % 2:
        # Said by a sink that waits for all: only it must be done, and only its end counts.
        for one in data["initiatives"]:
            one["mandatory"] = False
        sink = {
            "id": "sink",
            "mandatory": True,
            "modes": [{"duration": 0}],
            "requires": [{"initiative": one["id"]} for one in data["initiatives"]],
        }
        data["initiatives"].append(sink)
        data["horizon"]["count"] += 1
        for skill in data["limits"]["skills"]:
            skill["amounts"].append(skill["amounts"][0])
        data["objective"]["targets"] = [
            {"kind": "completion", "of": "each" if seed == 1 else "last", "initiatives": ["sink"]}
        ]
    problem = parse(data)
    assert is_scheduling(problem)
    result = solve(problem)
    assert (result.status, result.objective) == (Status.OPTIMAL, best)


@pytest.mark.parametrize("seed", SEEDS)
def test_ends_of_a_two_objective_knapsack(seed: int) -> None:
    draw = Random(seed)
    values = [[draw.randint(1, 30) for _ in range(10)] for _ in range(2)]
    weights = [draw.randint(1, 20) for _ in range(10)]
    data = knapsack(values, [weights], [sum(weights) // 2])
    data["objective"]["method"] = "lexicographic"
    found = [
        tuple(10_000 * sum(row[item] for item in chosen) for row in values)
        for chosen in subsets(10)
        if sum(weights[item] for item in chosen) <= sum(weights) // 2
    ]
    assert solve(parse(data)).values == max(found)
    data["objective"]["targets"].reverse()
    assert solve(parse(data)).values == max((second, first) for first, second in found)


@pytest.mark.parametrize("seed", range(2))
def test_front_of_a_two_objective_knapsack(seed: int) -> None:
    draw = Random(seed)
    values = [[draw.randint(1, 30) for _ in range(10)] for _ in range(2)]
    weights = [draw.randint(1, 20) for _ in range(10)]
    data = knapsack(values, [weights], [sum(weights) // 2])
    data["objective"]["method"] = "front"
    every = {
        tuple(10_000 * sum(row[item] for item in chosen) for row in values)
        for chosen in subsets(10)
        if sum(weights[item] for item in chosen) <= sum(weights) // 2
    }
    front = trace(parse(data))
    assert front.status is Status.OPTIMAL
    assert [point.values for point in front.points] == unbeaten(every)


def unbeaten(every: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the points that no other is at least as good as in each objective, the best of the first objective first."""
    return sorted(
        (
            one
            for one in every
            if not any(o != one and all(a >= b for a, b in zip(o, one, strict=True)) for o in every)
        ),
        reverse=True,
    )


@pytest.mark.parametrize(
    ("text", "kind", "said"), EXAMPLES, ids=["next release", "knapsack", "scheduling", "front"]
)
def test_the_examples_of_the_documentation(text: str, kind: str, said: str) -> None:
    problem = parse(json.loads(text))
    if kind == "Best":
        found, best = solve(problem), brute.best(problem)
        assert best is not None
        assert (found.status, found.objective) == (Status.OPTIMAL, int(said))
        assert abs(best[0]) == int(said)
        return
    every = {
        tuple(brute.values(problem, plan)) for plan in brute.all_plans(problem) if brute.keeps(problem, plan)
    }
    points = [point.values for point in trace(problem).points]
    assert points == unbeaten(every) == list(ast.literal_eval(said))


@tried(12)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 4),
    count=st.integers(1, 4),
    features=st.frozensets(st.sampled_from(["modes", "windows", "requires", "skills", "skill_capacity"])),
)
def test_pure_scheduling_with_modes_and_windows(
    seed: int, size: int, count: int, features: frozenset[str]
) -> None:
    data = small_problem(seed, size, count, features).model_dump()
    for one in data["initiatives"]:
        one["mandatory"] = True
        for mode in one["modes"]:
            level = {skill: max(values, default=0) // 2 for skill, values in mode["skills"].items()}
            mode["skills"] = {skill: (need,) * mode["duration"] for skill, need in level.items()}
    data["limits"] = {"skills": data["limits"]["skills"]}
    data["objective"] = {"targets": [{"kind": "completion", "of": "last"}]}
    problem = parse(data)
    assert is_scheduling(problem)
    found, best = solve(problem), brute.best(problem)
    if best is None:
        assert (found.status, found.plan) == (Status.INFEASIBLE, None)
    else:
        assert (found.status, found.objective) == (Status.OPTIMAL, -best[0])


def test_what_is_only_required_follows_those_who_require_it() -> None:
    """A search that keeps most of a plan holds customers and frees all requirements, which alone would hold their customers too."""
    alone, wished = 20, 12
    problem = parse(
        next_release(
            costs=[1] * (alone + wished),
            needs=[()] * (alone + wished),
            profits=[4] * alone + [100],
            wishes=[*([at] for at in range(alone)), list(range(alone, alone + wished))],
            budget=alone,
        )
    )
    rows = rows_of(problem)
    watch = Watch(rows, rows.weighted)
    search = Neighbourhoods(problem, rows)
    search.run(watch, 2.0)
    assert {problem.initiatives[place].id for place in search.places} == {f"c{at}" for at in range(alone + 1)}
    assert watch.values is not None
    assert watch.target.linear.value(watch.values) // WHOLE_SHARE == 100 + 4 * (alone - wished)
