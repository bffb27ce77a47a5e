"""A plan at a chosen confidence: the smallest reserve on all costs with which the best plan stays within its budgets often enough."""

from __future__ import annotations

import threading
import time

from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import Rows, build, encode
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
    """Return the best plan with the smallest reserve that is found to keep all budgets with a probability of `confidence` (hundredths of a per cent).

    With a reserve of r, every cost is planned dearer by r and the best plan is sought; what comes of it is simulated with the costs as they are. A larger reserve
    mostly means more confidence, not always: between the last that did not do and the first that did, reserves are halved down to a hundredth.
    """
    end = time.monotonic() + seconds
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    rows = build(problem)
    trials: dict[int, Trial] = {}
    plans: dict[int, Plan] = {}

    def does(reserve: int) -> bool:
        report(TRYING, len(trials), 0)
        share = max(0.1, end - time.monotonic()) / max(1, TRIALS - len(trials))
        result = solve(dearer(problem, reserve), seconds=share, cancel=stop)
        found = None
        if result.plan is not None:
            plans[reserve] = result.plan
            found = stays_within(problem, result.plan, uncertainty, draws=draws, seed=seed)
        worth = None if result.plan is None else _worth(problem, rows, result.plan)
        trials[reserve] = Trial(reserve=reserve, status=result.status, probability=found, objective=worth)
        return found is not None and WHOLE_SHARE * found >= confidence

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
    best = None if high is None else trials[high]
    probability = None if best is None else best.probability
    return ConfidentPlan(
        confidence=confidence,
        reserve=high,
        plan=None if high is None else plans[high],
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


def _worth(problem: Problem, rows: Rows, plan: Plan) -> int:
    """Return what a plan is worth by the problem's own objective."""
    return rows.in_order(problem.objective.method)[0].linear.value(encode(problem, rows, plan))
