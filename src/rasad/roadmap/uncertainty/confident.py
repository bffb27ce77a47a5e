"""A plan at a chosen confidence: the best that stays within its budgets often enough, found with reserves on all costs."""

from __future__ import annotations

import threading
import time

from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import build, encode
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.uncertainty.classes import Uncertainty
from rasad.roadmap.uncertainty.forecast import DRAWS, stays_within
from rasad.roadmap.uncertainty.result import ConfidentPlan, Trial


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


SECONDS = 120.0
STEP, FIRST, LARGEST = 100, 800, 12_800
"""Reserves are tried in whole hundredths: first 8 %, then twice as much up to 128 %, then halving between."""
TRYING = _n("trying reserves")
TRIALS = 9
"""How many reserves are tried at most, for sharing the time."""


def confident_plan(
    problem: Problem,
    uncertainty: Uncertainty,
    confidence: int,
    *,
    seconds: float = SECONDS,
    draws: int = DRAWS,
    seed: int = 1,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> ConfidentPlan:
    """Return the best plan that is found to keep all budgets with a probability of `confidence` (hundredths of a per cent).

    With a reserve of r, every cost is planned dearer by r and the best plan is sought; what comes of it is simulated with the costs as they are. A larger reserve
    mostly means more confidence, not always: between the last that did not do and the first that did, reserves are halved down to a hundredth. Of the plans that do,
    the best by the problem's objective is returned, all its targets in their order; of those that are worth the same the one with the smallest reserve. A larger
    one can have found the better plan where a search was stopped by time, or where a target's slack was given up for those after it.
    """
    end = time.monotonic() + seconds
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    rows = build(problem)
    aim = rows.in_order(problem.objective.method)[0]
    trials: dict[int, Trial] = {}
    plans: dict[int, Plan] = {}
    values: dict[int, list[int]] = {}

    def sure(reserve: int) -> bool:
        probability = trials[reserve].probability
        return probability is not None and WHOLE_SHARE * probability >= confidence

    def does(reserve: int) -> bool:
        report(TRYING, len(trials), 0)
        share = max(0.1, end - time.monotonic()) / max(1, TRIALS - len(trials))
        result = solve(dearer(problem, reserve), seconds=share, cancel=stop)
        found = worth = None
        if result.plan is not None:
            plans[reserve], values[reserve] = result.plan, encode(problem, rows, result.plan)
            found = stays_within(problem, result.plan, uncertainty, draws=draws, seed=seed)
            worth = aim.linear.value(values[reserve])
        trials[reserve] = Trial(reserve=reserve, status=result.status, probability=found, objective=worth)
        return sure(reserve)

    low, high = -STEP, None
    reserve = 0
    while high is None and reserve <= LARGEST and not stop.is_set() and time.monotonic() < end:
        if does(reserve):
            high = reserve
        elif trials[reserve].status is Status.INFEASIBLE:
            break
        else:
            low, reserve = reserve, 2 * reserve or FIRST
    # Beyond what no plan can bear there is nothing; below it there may be.
    bound = (
        high
        if high is not None
        else reserve
        if trials and trials[max(trials)].status is Status.INFEASIBLE
        else None
    )
    while bound is not None and bound - low > STEP and not stop.is_set() and time.monotonic() < end:
        middle = low + (bound - low) // (2 * STEP) * STEP
        if middle in (low, bound):
            break
        if does(middle):
            high = bound = middle
        elif trials[middle].status is Status.INFEASIBLE:
            bound = middle
        else:
            low = middle
    enough = [one for one in sorted(plans) if sure(one)]
    kept = [enough[at] for at in rows.best_of(problem.objective.method, [values[one] for one in enough])]
    best = trials[kept[0]] if kept else None
    probability = None if best is None else best.probability
    return ConfidentPlan(
        confidence=confidence,
        reserve=None if best is None else best.reserve,
        plan=None if best is None else plans[best.reserve],
        probability=probability,
        error=None if probability is None else (probability * (1 - probability) / draws) ** 0.5,
        objective=None if best is None else best.objective,
        without=trials[0].objective if 0 in trials else None,
        trials=tuple(trials[reserve] for reserve in sorted(trials)),
        draws=draws,
        seed=seed,
    )


def dearer(problem: Problem, reserve: int) -> Problem:
    """Return the problem with every cost planned dearer by so many hundredths of a per cent, rounded up."""
    if not reserve:
        return problem

    def more(amount: int) -> int:
        return -(-amount * (WHOLE_SHARE + reserve) // WHOLE_SHARE)

    initiatives = []
    for one in problem.initiatives:
        modes = [
            mode.model_copy(update={
                "costs": {category: tuple(map(more, values)) for category, values in mode.costs.items()},
                "run_costs": {category: more(value) for category, value in mode.run_costs.items()},
            })
            for mode in one.modes
        ]  # fmt: skip
        initiatives.append(one.model_copy(update={"modes": tuple(modes)}))
    return problem.model_copy(update={"initiatives": tuple(initiatives)})
