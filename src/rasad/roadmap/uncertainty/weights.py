"""How often each initiative is chosen as weights vary over all that are possible."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from rasad.roadmap.problem import Objective, Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.uncertainty.result import OftenChosen, WeighedPlan, Weights
from rasad.roadmap.verify import verify

SECONDS, DRAWS = 120.0, 50
FINE = 10**6
"""The largest weight that is solved with."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def vary_weights(
    problem: Problem,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    seconds: float = SECONDS,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> Weights:
    """Return how often each initiative is in the best plan for weights drawn evenly from all that sum to a whole.

    Each target is measured by how far it reaches between the best plans for each target alone, so that a weight of one half means half whatever the units.
    """
    began = time.monotonic()
    end = began + seconds
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    targets = problem.objective.targets
    signs = [1 if target.maximise else -1 for target in rows_of(problem).targets]
    known: list[tuple[Plan, tuple[int, ...]]] = []
    chosen: dict[int, tuple[int, tuple[int, ...]]] = {}
    solved = proven = 0

    def best(weights: Sequence[int], left: int) -> tuple[int, Status] | None:
        """Return which known plan is best by some weights, after looking for a better one."""
        weighted = tuple(
            target.model_copy(update={"weight": weight})
            for target, weight in zip(targets, weights, strict=True)
        )
        asked = problem.model_copy(update={"objective": Objective(method="weighted", targets=weighted)})
        worth = [
            sum(w * s * v for w, s, v in zip(weights, signs, values, strict=True)) for _plan, values in known
        ]
        start = known[worth.index(max(worth))][0] if known else None
        result = solve(asked, seconds=max(0.05, end - time.monotonic()) / left, start=start, cancel=stop)
        if result.plan is None:
            return None
        values = verify(problem, result.plan).values
        plans = [plan for plan, _values in known]
        if result.plan not in plans:
            known.append((result.plan, values))
            plans.append(result.plan)
        return plans.index(result.plan), result.status

    alone = []
    for at in range(len(targets)):
        if not stop.is_set():
            found = best([int(at == other) for other in range(len(targets))], draws + len(targets) - at)
            if found is not None:
                alone.append(known[found[0]][1])
    reach = [max(1, max(column) - min(column)) for column in zip(*alone, strict=True)] if alone else []
    drawn = np.random.default_rng(seed).dirichlet([1.0] * len(targets), draws)
    for number, shares in enumerate(drawn):
        if not reach or stop.is_set() or time.monotonic() >= end:
            break
        parts = _whole(shares)
        found = best(_measured(parts, reach), draws - number)
        if found is not None:
            solved, proven = solved + 1, proven + (found[1] is Status.OPTIMAL)
            count, first = chosen.get(found[0], (0, parts))
            chosen[found[0]] = count + 1, first
        report(_n("varying weights"), number + 1, draws)
    often = {initiative.id: 0 for initiative in problem.initiatives}
    for at, (count, _parts) in chosen.items():
        for choice in known[at][0].choices:
            often[choice.initiative] += count
    plans = [
        WeighedPlan(plan=known[at][0], values=known[at][1], count=count, weights=parts)
        for at, (count, parts) in sorted(chosen.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    names = {initiative.id: initiative.name for initiative in problem.initiatives}
    return Weights(
        draws=draws,
        seed=seed,
        solved=solved,
        proven=proven,
        initiatives=tuple(
            OftenChosen(initiative=id_, name=names[id_], count=count) for id_, count in often.items()
        ),
        plans=tuple(plans),
        seconds=time.monotonic() - began,
    )


def _whole(shares: Sequence[float]) -> tuple[int, ...]:
    """Return shares as hundredths of a per cent that sum to a whole: what rounding leaves goes to the largest remainders."""
    exact = [share * WHOLE_SHARE for share in shares]
    found = [int(value) for value in exact]
    for at in sorted(range(len(found)), key=lambda at: found[at] - exact[at])[: WHOLE_SHARE - sum(found)]:
        found[at] += 1
    return tuple(found)


def _measured(parts: Sequence[int], reach: Sequence[int]) -> list[int]:
    """Return whole weights in proportion to part ÷ reach, the largest being `FINE`."""
    wished = [Fraction(part, far) for part, far in zip(parts, reach, strict=True)]
    largest = max(wished)
    return [round(FINE * wish / largest) for wish in wished]
