"""A plan a thousand times over: how probable it is that it stays within money and time, and what matters most for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.problem import Budget, Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows.limits import budget_group
from rasad.roadmap.uncertainty.classes import Fixed, Uncertainty
from rasad.roadmap.uncertainty.drawing import Factors, Floats, draw, quantiles, spread_of
from rasad.roadmap.uncertainty.result import (
    Band,
    Budgeted,
    Expected,
    Forecast,
    GoalBand,
    PeriodChances,
    Swing,
)
from rasad.roadmap.uncertainty.simulation import (
    Booleans,
    Course,
    benefit,
    brings,
    by_the_end_of,
    in_time,
    kept,
    ordered,
    run,
    spending,
    weights_of,
)
from rasad.roadmap.verify import Figures, Work

DRAWS = 10_000
HUNDRED = 100


def forecast(
    problem: Problem, plan: Plan, uncertainty: Uncertainty, *, draws: int = DRAWS, seed: int = 1
) -> Forecast:
    """Return how a plan may go. The same seed gives the same figures.

    Initiatives start as planned or when what they require is complete, whichever is later; nothing else is re-planned.
    """
    figures = Figures.of(problem, plan)
    works = ordered(problem, figures)
    random = np.random.default_rng(seed)
    factors = draw(uncertainty, works, draws, random)
    course = run(works, factors)
    count = problem.horizon.count
    every = [category.id for category in problem.categories]
    total = np.zeros((draws, count))
    costs = np.zeros((draws, len(works)))
    for at, spent in spending(course, factors.cost, every, count):
        total += spent
        costs[:, at] = spent.sum(axis=1)
    budgets, kept_in = _budgets(problem, figures, course, factors)
    within = kept_in.all(axis=1)
    timely = np.array([in_time(course, at, count) for at in range(len(works))]).reshape(len(works), draws)
    on_time = np.asarray(timely.all(axis=0))
    both = float((within & on_time).mean())
    planned = sum(sum(figures.spending(category)) for category in every)
    spending_swings, benefit_swings = _swings(problem, works, uncertainty)
    return Forecast(
        draws=draws,
        seed=seed,
        within_budget=float(within.mean()),
        on_time=float(on_time.mean()),
        both=both,
        error=_error(both, draws),
        spending=_band(planned, total.sum(axis=1)),
        budgets=tuple(budgets),
        periods=tuple(_periods(problem, course, kept_in)),
        initiatives=tuple(
            Expected(
                initiative=work.initiative.id,
                name=work.initiative.name,
                on_time=float(timely[at].mean()),
                complete=_band(HUNDRED * work.complete, HUNDRED * course.complete[:, at]),
                cost=_band(figures.cost_of(work), costs[:, at]),
            )
            for at, work in enumerate(works)
        ),
        goals=tuple(_goals(problem, figures, course, random)),
        spending_swings=spending_swings,
        benefit_swings=benefit_swings,
    )


def stays_within(
    problem: Problem, plan: Plan, uncertainty: Uncertainty, *, draws: int = DRAWS, seed: int = 1
) -> float:
    """Return the probability that a plan keeps every budget in every period."""
    figures = Figures.of(problem, plan)
    works = ordered(problem, figures)
    factors = draw(uncertainty, works, draws, np.random.default_rng(seed))
    return float(_budgets(problem, figures, run(works, factors), factors)[1].all(axis=1).mean())


def kept_by_period(
    problem: Problem,
    plan: Plan,
    uncertainty: Uncertainty,
    share: float,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> tuple[Floats, Floats]:
    """Return for each period how probable it is that all its budgets are kept, and how many times what is planned its spending is not above in `share` of the draws.

    The second is that of the budget for which it is the largest; nought where nothing is planned.
    """
    figures = Figures.of(problem, plan)
    works = ordered(problem, figures)
    factors = draw(uncertainty, works, draws, np.random.default_rng(seed))
    course, count = run(works, factors), problem.horizon.count
    within, times = np.ones((draws, count), dtype=bool), np.zeros(count)
    for _number, budget, planned, spent in _spent(problem, figures, course, factors):
        within &= kept(budget.amounts, budget.carry_share, spent)
        meant = planned.astype(float)
        high = np.quantile(spent, share, axis=0)
        times = np.maximum(times, np.divide(high, meant, out=np.zeros(count), where=meant > 0))
    return within.mean(axis=0), times


def _spent(
    problem: Problem, figures: Figures, course: Course, factors: Factors
) -> Iterator[tuple[int, Budget, NDArray[np.object_], Floats]]:
    """Yield each budget with what the plan spends on it by period, and what is spent in each draw (draws × periods)."""
    draws, count = len(factors.cost), problem.horizon.count
    for number, budget in enumerate(problem.limits.budgets):
        categories = budget.categories or tuple(category.id for category in problem.categories)
        spent = np.zeros((draws, count))
        for _at, part in spending(course, factors.cost, categories, count):
            spent += part
        planned = np.sum([figures.spending(category) for category in categories], axis=0, dtype=object)
        yield number, budget, planned, spent


def _budgets(
    problem: Problem, figures: Figures, course: Course, factors: Factors
) -> tuple[list[Budgeted], Booleans]:
    """Return each budget in each period, and in which draws and periods all are kept."""
    draws = len(factors.cost)
    within = np.ones((draws, problem.horizon.count), dtype=bool)
    found = []
    for number, budget, planned, spent in _spent(problem, figures, course, factors):
        holds = kept(budget.amounts, budget.carry_share, spent)
        within &= holds
        for period, amount in enumerate(budget.amounts):
            share = float(holds[:, period].mean())
            group = budget_group(problem, number, period)
            found.append(
                Budgeted(limit=group, amount=amount, probability=share, error=_error(share, draws),
                         spending=_band(int(planned[period]), spent[:, period]))
            )  # fmt: skip
    return found, within


def _periods(problem: Problem, course: Course, kept_in: Booleans) -> Iterator[PeriodChances]:
    """Yield how probable it is, period by period, that money and progress are as planned."""
    draws = len(course.start)
    for period in range(problem.horizon.count):
        done = np.ones(draws, dtype=bool)
        for at, work in enumerate(course.works):
            if work.last <= period:
                done &= by_the_end_of(course, at, period)
        both = float((done & kept_in[:, period]).mean())
        yield PeriodChances(
            period=period,
            name=problem.horizon.name(period),
            within_budget=float(kept_in[:, period].mean()),
            as_planned=float(done.mean()),
            both=both,
            error=_error(both, draws),
        )


def _goals(problem: Problem, figures: Figures, course: Course, random: np.random.Generator) -> list[GoalBand]:
    """Return what each goal gets: each initiative succeeds or fails, in each draw, as probably as it says."""
    draws, count = len(course.start), problem.horizon.count
    succeeds = [random.random(draws) < work.mode.probability / WHOLE_SHARE for work in course.works]
    places = {work.initiative.id: at for at, work in enumerate(course.works)}
    together = []
    for synergy in problem.synergies:
        if synergy.kind == "bonus" and all(id_ in places for id_ in synergy.initiatives):
            complete = course.complete[:, [places[id_] for id_ in synergy.initiatives]].max(axis=1)
            together.append((synergy, complete, random.random(draws) < synergy.probability / WHOLE_SHARE))
    found = []
    for goal in problem.goals:
        score = np.zeros(draws)
        for at, work in enumerate(course.works):
            effect = work.mode.effects.get(goal.id)
            if effect is not None:
                score += succeeds[at] * benefit(course, at, effect, count)
        for synergy, complete, succeeded in together:
            if goal.id in synergy.effects:
                score += succeeded * brings(synergy.effects[goal.id], complete, count)
        band = _band(figures.score(goal.id), WHOLE_SHARE * score)
        found.append(GoalBand(goal=goal.id, name=goal.name, score=band))
    return found


def _swings(
    problem: Problem, works: tuple[Work, ...], uncertainty: Uncertainty
) -> tuple[tuple[Swing, ...], tuple[Swing, ...]]:
    """Return how far each input alone moves all spending, and the weighted benefit: two rows for each, all others at their middle."""
    inputs = [
        (at, kind)
        for at, work in enumerate(works)
        for kind in ("cost", "duration")
        if not isinstance(spread_of(uncertainty, work, kind), Fixed)
    ]
    if not inputs:
        return (), ()
    middle, ends = np.array([0.5]), np.array([0.1, 0.9])
    factors = Factors(*(
        np.tile([float(quantiles(spread_of(uncertainty, work, kind), middle)[0]) for work in works], (2 * len(inputs), 1))
        for kind in ("cost", "duration")
    ))  # fmt: skip
    for row, (at, kind) in enumerate(inputs):
        column = factors.cost if kind == "cost" else factors.duration
        column[2 * row : 2 * row + 2, at] = quantiles(spread_of(uncertainty, works[at], kind), ends)
    course, count = run(works, factors), problem.horizon.count
    spent = np.zeros(2 * len(inputs))
    for _at, part in spending(course, factors.cost, [category.id for category in problem.categories], count):
        spent += part.sum(axis=1)
    brought = np.zeros(2 * len(inputs))
    for goal, weight in weights_of(problem).items():
        for at, work in enumerate(works):
            effect = work.mode.effects.get(goal)
            if effect is not None:
                brought += weight * work.mode.probability * benefit(course, at, effect, count)
    return _ranked(works, inputs, spent), _ranked(works, inputs, brought)


def _ranked(works: tuple[Work, ...], inputs: Sequence[tuple[int, str]], figure: Floats) -> tuple[Swing, ...]:
    found = [
        Swing.model_validate({"initiative": works[at].initiative.id, "name": works[at].initiative.name, "input": kind,
                              "low": round(figure[2 * row]), "high": round(figure[2 * row + 1])})
        for row, (at, kind) in enumerate(inputs)
    ]  # fmt: skip
    moving = [swing for swing in found if swing.low != swing.high]
    return tuple(
        sorted(moving, key=lambda swing: (-abs(swing.high - swing.low), swing.initiative, swing.input))
    )


def _band(planned: int, figure: Floats) -> Band:
    p10, p50, p80, p90 = (round(float(value)) for value in np.quantile(figure, (0.1, 0.5, 0.8, 0.9)))
    return Band(planned=planned, mean=round(float(figure.mean())), p10=p10, p50=p50, p80=p80, p90=p90)


def _error(share: float, draws: int) -> float:
    return float(np.sqrt(share * (1 - share) / draws))
