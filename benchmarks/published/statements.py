"""Problems of the literature as problems of a roadmap: what a converter writes. Each takes the classic data and returns JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def next_release(
    costs: Sequence[int],
    needs: Sequence[Sequence[int]],
    profits: Sequence[int],
    wishes: Sequence[Sequence[int]],
    budget: int,
) -> dict[str, Any]:
    """Return a next release problem: requirements with costs and prerequisites, customers with profits and wishes, one budget.

    A customer is an initiative that costs nothing and needs every requirement that it wishes. (Bagnall, Rayward-Smith and Whittley 2001.)
    """
    requirements = [
        {
            "id": f"r{at}",
            "modes": [{"duration": 0, "costs": {"services": [cost]}}],
            "requires": [{"initiative": f"r{other}"} for other in needs[at]],
        }
        for at, cost in enumerate(costs)
    ]
    customers = [
        {
            "id": f"c{at}",
            "modes": [{"duration": 0, "effects": {"profit": {"once": profit}}}],
            "requires": [{"initiative": f"r{wish}"} for wish in wishes[at]],
        }
        for at, profit in enumerate(profits)
    ]
    return {
        "horizon": {"kind": "step", "count": 1},
        "goals": [{"id": "profit"}],
        "initiatives": [*requirements, *customers],
        "limits": {"budgets": [{"id": "budget", "amounts": [budget]}]},
        "objective": {"targets": [{"kind": "goal", "goal": "profit"}]},
    }


def knapsack(
    values: Sequence[Sequence[int]], weights: Sequence[Sequence[int]], capacities: Sequence[int]
) -> dict[str, Any]:
    """Return a multidimensional knapsack problem: for each objective and each dimension, a figure per item."""
    items = range(len(values[0]))
    return {
        "horizon": {"kind": "step", "count": 1},
        "categories": [{"id": f"w{at}"} for at in range(len(weights))],
        "goals": [{"id": f"g{at}"} for at in range(len(values))],
        "initiatives": [
            {
                "id": f"i{item}",
                "modes": [
                    {
                        "duration": 0,
                        "costs": {f"w{at}": [row[item]] for at, row in enumerate(weights)},
                        "effects": {f"g{at}": {"once": row[item]} for at, row in enumerate(values)},
                    }
                ],
            }
            for item in items
        ],
        "limits": {
            "budgets": [
                {"id": f"w{at}", "categories": [f"w{at}"], "amounts": [capacity]}
                for at, capacity in enumerate(capacities)
            ]
        },
        "objective": {"targets": [{"kind": "goal", "goal": f"g{at}"} for at in range(len(values))]},
    }


def scheduling(
    durations: Sequence[int],
    successors: Sequence[Sequence[int]],
    needs: Sequence[Sequence[int]],
    capacities: Sequence[int],
    horizon: int,
) -> dict[str, Any]:
    """Return a resource-constrained project scheduling problem: all must be done; the makespan is the earliest completion of the last."""
    return {
        "horizon": {"kind": "step", "count": horizon},
        "skills": [{"id": f"k{at}"} for at in range(len(capacities))],
        "initiatives": [
            {
                "id": f"a{at}",
                "mandatory": True,
                "modes": [
                    {
                        "duration": duration,
                        "skills": {f"k{k}": [need] * duration for k, need in enumerate(needs[at]) if need and duration},
                    }
                ],
                "requires": [{"initiative": f"a{other}"} for other in range(len(durations)) if at in successors[other]],
            }
            for at, duration in enumerate(durations)
        ],
        "limits": {
            "skills": [{"id": f"k{at}", "skill": f"k{at}", "amounts": [capacity] * horizon} for at, capacity in enumerate(capacities)]
        },
        "objective": {"targets": [{"kind": "completion", "of": "last"}]},
    }  # fmt: skip
