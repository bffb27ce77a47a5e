"""What simulations find. Written as JSON by `model_dump_json`, read by `model_validate_json`.

Probabilities are shares of the draws, from 0 to 1, with their standard error √(p(1 − p) ÷ draws). Money is rounded to the currency's smallest unit. Times are in
hundredths of a period from the horizon's beginning: 250 is the middle of the third period.
"""

from __future__ import annotations

from typing import Literal

from rasad.roadmap.problem import Plan
from rasad.roadmap.problem.parts import Part
from rasad.roadmap.rows.table import Group
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Name

TOGETHER, EACH = "together", "each"
"""What may be asked to hold so surely: all budgets of all periods together, or those of each period by itself. A period's number stands for that one alone."""


def asked_periods(holds: str, count: int, *, first: int = 0) -> tuple[int, ...] | None:
    """Return the periods (from 0) that are each to be kept by themselves: none for `TOGETHER`, all for `EACH`, else the one whose number, from `first`, is given.

    None where a horizon of so many periods has no such period.
    """
    if holds in (TOGETHER, EACH):
        return tuple(range(count if holds == EACH else 0))
    # Digits of any script, and no more of them than a period has.
    at = int(holds) - first if holds.isdecimal() and len(holds) < 6 else -1
    return (at,) if at in range(count) else None


class Band(Part):
    """A figure over all draws: as planned, on average, and not above in 10, 50, 80 and 90 of a hundred."""

    planned: int
    mean: int
    p10: int
    p50: int
    p80: int
    p90: int


class Budgeted(Part):
    """One budget in one period: how probable it is that spending stays within it (with what was carried over), and what is spent."""

    limit: Group
    amount: int
    probability: float
    error: float
    spending: Band


class PeriodChances(Part):
    """One period: how probable it is that all spending in it stays within its budgets, that what the plan has complete by its end is complete by then, and both."""

    period: int
    name: Name
    within_budget: float
    as_planned: float
    both: float
    error: float


class Expected(Part):
    """One initiative of the plan: how probable it is that it is complete by its deadline, when it is complete, and what it costs."""

    initiative: str
    name: Name
    on_time: float
    complete: Band
    cost: Band


class GoalBand(Part):
    """What a goal gets, in ten-thousandths of its unit, initiatives failing as probably as they say."""

    goal: str
    name: Name
    score: Band


class Swing(Part):
    """How far one uncertain input alone moves a figure: with it at its 10th and at its 90th in a hundred, all others at their middle."""

    initiative: str
    name: Name
    input: Literal["cost", "duration"]
    low: int
    high: int


class Forecast(Part):
    """A plan a thousand times over. `within_budget`: all budgets kept in all periods; `on_time`: everything complete by its deadline, and by the horizon's end; `both`: all of it.

    `spending_swings` and `benefit_swings` (tornado) move all spending, and the weighted sum of goals, the widest first.
    """

    draws: int
    seed: int
    within_budget: float
    on_time: float
    both: float
    error: float
    spending: Band
    budgets: tuple[Budgeted, ...] = ()
    periods: tuple[PeriodChances, ...] = ()
    initiatives: tuple[Expected, ...] = ()
    goals: tuple[GoalBand, ...] = ()
    spending_swings: tuple[Swing, ...] = ()
    benefit_swings: tuple[Swing, ...] = ()


class Trial(Part):
    """One reserve that was tried: all costs planned dearer by `reserve` hundredths of a per cent, and what the best plan under it came to.

    Where periods have reserves of their own, `reserves` has each and `reserve` the largest.
    """

    reserve: int
    status: Status
    probability: float | None
    objective: int | None
    reserves: tuple[int, ...] = ()


class ConfidentPlan(Part):
    """A plan that stays within budgets in at least `confidence` hundredths of a per cent of the draws; None where no reserve that was tried does.

    `periods`: those of which each is kept that often by itself; none: all budgets of all periods are, together. `probability` is of what was asked: of all
    together, or of the least sure of these periods. By periods, `reserves` has the reserve of each period of the horizon (`reserve` is the largest), and `kept`
    how probable it is that the period's budgets hold.
    `objective` and `without` are what it and the plan without reserve are worth: the difference is the price of confidence.
    """

    confidence: int
    reserve: int | None
    plan: Plan | None
    probability: float | None
    error: float | None
    objective: int | None
    without: int | None
    trials: tuple[Trial, ...]
    draws: int
    seed: int
    periods: tuple[int, ...] = ()
    reserves: tuple[int, ...] = ()
    kept: tuple[float, ...] = ()


class OftenChosen(Part):
    """In how many of the draws of weights the best plan has an initiative."""

    initiative: str
    name: Name
    count: int


class WeighedPlan(Part):
    """A plan that was best for `count` of the draws, the value of each target, and one of the weights that it is best for."""

    plan: Plan
    values: tuple[int, ...]
    count: int
    weights: tuple[int, ...]


class Weights(Part):
    """Weights drawn evenly from all that sum to a whole: how often each initiative is chosen, and by which plans.

    `solved`: draws for which a plan was found; `proven`: for which it is proven to be the best.
    """

    draws: int
    seed: int
    solved: int
    proven: int
    initiatives: tuple[OftenChosen, ...]
    plans: tuple[WeighedPlan, ...]
    seconds: float = 0.0
