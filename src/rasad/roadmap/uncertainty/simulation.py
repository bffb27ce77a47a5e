"""A plan as it goes when things cost more and take longer: every draw at once, in continuous time.

Work starts when planned, or later, when what it requires lets it; its cost stretches with it. As planned, the figures are those of the verifier to the rial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.problem import Effect, Problem
from rasad.roadmap.uncertainty.drawing import Factors, Floats
from rasad.roadmap.verify import Figures, Work

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Course:
    """When each piece of work starts and is complete, in periods from the horizon's beginning: a row for each draw, a column for each work."""

    works: tuple[Work, ...]
    start: Floats
    complete: Floats
    stretch: Floats


def ordered(problem: Problem, figures: Figures) -> tuple[Work, ...]:
    """Return what is chosen, each after what it requires."""
    found: dict[str, Work] = {}
    waiting = list(figures.works.values())
    while waiting:
        later = []
        for work in waiting:
            open_ = [one.initiative for one in work.initiative.requires if one.initiative in figures.works]
            if work.initiative.frozen is None and any(one not in found for one in open_):
                later.append(work)
            else:
                found[work.initiative.id] = work
        waiting = later
    return tuple(found.values())


def run(works: tuple[Work, ...], factors: Factors) -> Course:
    """Return the course of every draw."""
    places = {work.initiative.id: at for at, work in enumerate(works)}
    start = np.empty_like(factors.duration)
    complete = np.empty_like(factors.duration)
    for at, work in enumerate(works):
        begins = np.full(len(start), float(work.start))
        if work.initiative.frozen is None:
            for required in work.initiative.requires:
                if required.initiative in places:
                    reached = complete if required.after == "completion" else start
                    begins = np.maximum(begins, reached[:, places[required.initiative]] + required.lag)
        start[:, at] = begins
        # What lies before the horizon is past, and no longer stretches.
        past = max(0, -work.start) if work.start < 0 else 0
        left = max(0, work.mode.duration - past)
        elapsed = min(past, work.mode.duration)
        complete[:, at] = begins + elapsed + left * factors.duration[:, at]
    return Course(works, start, complete, factors.duration)


def spending(
    course: Course, costs: Floats, weights: Iterable[str], count: int
) -> Iterable[tuple[int, Floats]]:
    """Yield for each piece of work what it spends on some categories by period (draws × periods), without those that spend nothing."""
    categories = set(weights)
    edges = np.arange(count + 1, dtype=float)
    for at, work in enumerate(course.works):
        by_age = _by_age(work, categories)
        run_cost = sum(cost for category, cost in work.mode.run_costs.items() if category in categories)
        if not by_age.any() and not run_cost:
            continue
        reached = np.interp(
            _ages(course, at, edges), np.arange(len(by_age) + 1), np.concatenate([[0.0], np.cumsum(by_age)])
        )
        spent = np.diff(reached, axis=1)
        if run_cost:
            running = np.clip(edges[1:] - np.maximum(edges[:-1], course.complete[:, at, None]), 0, None)
            spent = spent + run_cost * running
        yield at, spent * costs[:, at, None]


def _by_age(work: Work, categories: set[str]) -> Floats:
    """Return costs by the planned age of the work; what is done at once has its cost in one period."""
    found = np.zeros(max([work.mode.duration, 1, *map(len, work.mode.costs.values())]))
    for category, values in work.mode.costs.items():
        if category in categories:
            found[: len(values)] += values
    return found


def _ages(course: Course, at: int, times: Floats) -> Floats:
    """Return how far the work is, in planned periods, at some times (draws × times)."""
    work = course.works[at]
    stretch = course.stretch[:, at, None] if work.mode.duration else np.ones((len(course.start), 1))
    if work.start >= 0:
        return np.asarray((times - course.start[:, at, None]) / np.maximum(stretch, 1e-12))
    past = -work.start
    return np.asarray(past + times / np.maximum(stretch, 1e-12))


def benefit(course: Course, at: int, effect: Effect, count: int) -> Floats:
    """Return what an effect of one piece of work brings within the horizon, by draw."""
    return brings(effect, course.complete[:, at], count)


def brings(effect: Effect, complete: Floats, count: int) -> Floats:
    """Return what an effect brings within the horizon when it begins at `complete`, part periods counting in part."""
    in_time = complete <= count + 1e-9
    total = np.where(in_time & (complete >= 0), float(effect.once), 0.0)
    if effect.per_period:
        first = float(min(0.0, complete.min(initial=0.0)))
        length = int(count - first) + 2
        steps = [float(effect.per_period[min(age, len(effect.per_period) - 1)]) for age in range(length)]
        reached = np.concatenate([[0.0], np.cumsum(steps)])
        grid = np.arange(length + 1)
        total = (
            total
            + np.interp(count - complete, grid, reached)
            - np.interp(np.maximum(-complete, 0.0), grid, reached)
        )
    return np.asarray(np.where(in_time, total, 0.0))


def kept(amounts: tuple[int, ...], carry_share: int, spent: Floats) -> Booleans:
    """Return in which draws and periods a budget is kept, with what the period before leaves; half a rial is no overrun."""
    left = np.zeros(len(spent))
    found = np.empty(spent.shape, dtype=bool)
    for period, amount in enumerate(amounts):
        rest = amount + left - spent[:, period]
        found[:, period] = rest >= -0.5
        left = np.clip(rest, 0, amount * carry_share // 10_000)
    return found


def in_time(course: Course, at: int, count: int) -> Booleans:
    """Return in which draws a piece of work is complete by its deadline, or by the horizon's end; what is running already, or as planned."""
    work = course.works[at]
    deadline = work.initiative.deadline
    due = float(count if deadline is None else deadline + 1)
    if work.initiative.frozen is not None:
        # What is running already may reach beyond the horizon as it stands.
        due = float(max(count, work.complete))
    return by_the_end_of(course, at, round(due) - 1)


def by_the_end_of(course: Course, at: int, period: int) -> Booleans:
    """Return in which draws a piece of work is complete by the end of a period."""
    end = float(period + 1)
    if not course.works[at].mode.duration:
        # Done at once, in the course of a period.
        return np.asarray(course.complete[:, at] < end - 1e-9)
    return np.asarray(course.complete[:, at] <= end + 1e-9)


def weights_of(problem: Problem) -> Mapping[str, int]:
    """Return the weight of each goal that is a target; 1 for each goal where none is."""
    found: dict[str, int] = {}
    for target in problem.objective.targets:
        if target.kind == "goal":
            found[target.goal] = found.get(target.goal, 0) + target.weight
    return found or {goal.id: 1 for goal in problem.goals}
