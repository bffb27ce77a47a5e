"""What a started initiative spends, needs and brings, as terms over its step variables.

With Y_s "started by s", the start is Y_s − Y_(s−1); so a figure v(s) that depends on the start s is Σ (v(s) − v(s+1)) · Y_s, v beyond the last start being 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rasad.roadmap.problem import Effect, Mode, Problem
from rasad.roadmap.rows.building import Sheet, Terms
from rasad.roadmap.rows.table import Block


@dataclass(frozen=True, slots=True)
class Profile:
    """A figure by the age of the work in periods: `during` for the first ages, `after` from then on."""

    during: tuple[int, ...]
    after: int = 0

    def at(self, age: int) -> int:
        """Return the figure at `age`; nought before the start."""
        if age < 0:
            return 0
        return self.during[age] if age < len(self.during) else self.after

    def totals(self, starts: range, count: int) -> list[int]:
        """Return, for each start, the sum over the periods 0 … count − 1."""
        # sums[age] is the sum before that age; a start before the horizon has its first ages behind it.
        oldest = max(count - starts.start, 0)
        sums = [0, *accumulate(self.at(age) for age in range(oldest))]
        return [sums[max(count - start, 0)] - sums[min(max(-start, 0), oldest)] for start in starts]


def spending(mode: Mode, weights: Mapping[str, int]) -> Profile:
    """Return what a mode spends by age, each category times its weight; run costs begin with completion."""
    length = max([mode.duration, *(len(values) for values in mode.costs.values())])
    during = [0] * length
    for category, values in mode.costs.items():
        weight = weights.get(category, 0)
        for age, value in enumerate(values):
            during[age] += weight * value
    run = sum(weights.get(category, 0) * value for category, value in mode.run_costs.items())
    for age in range(mode.duration, length):
        during[age] += run
    return Profile(tuple(during), run)


def need(mode: Mode, skill: str) -> Profile:
    """Return what a mode needs of a skill by age."""
    return Profile(mode.skills.get(skill, ()))


def running(mode: Mode) -> Profile:
    """Return 1 for every age at which the work is under way."""
    return Profile((1,) * mode.duration)


def benefit(effect: Effect, completion: int, count: int) -> int:
    """Return what completion at the beginning of period `completion` brings within the horizon, in the goal's unit.

    What was complete before the horizon brings its yearly benefit and no longer its single one.
    """
    if completion > count:
        return 0
    once = effect.once if completion >= 0 else 0
    if not effect.per_period:
        return once
    last = len(effect.per_period) - 1
    return once + sum(
        effect.per_period[min(period - completion, last)] for period in range(max(completion, 0), count)
    )


def in_period(block: Block, profile: Profile, period: int) -> Iterator[tuple[int, int]]:
    """Yield the terms of a profile's figure in one period. Only starts that can still be felt as a difference have one."""
    at, last = profile.at, block.last
    oldest = max(block.first, period - len(profile.during))
    for start in range(oldest, min(last - 1, period) + 1):
        coefficient = at(period - start) - at(period - start - 1)
        if coefficient:
            yield block.column + start - block.first, coefficient
    if last <= period and (coefficient := at(period - last)):
        yield block.chosen, coefficient


def by_start(block: Block, values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the terms of a figure that depends on the start: its values for the block's first start, …, its last."""
    for at, value in enumerate(values):
        coefficient = value - (values[at + 1] if at + 1 < len(values) else 0)
        if coefficient:
            yield block.column + at, coefficient


def all_spending(problem: Problem, weight: int = 1) -> dict[str, int]:
    """Return every category with one weight."""
    return {category.id: weight for category in problem.categories}


def goal_terms(sheet: Sheet, goal: str, factor: Callable[[int], int] = lambda _at: 1) -> Terms:
    """Return the terms of benefit × probability for a goal, each initiative's times `factor(its place)`; without synergies."""
    problem, count = sheet.problem, sheet.problem.horizon.count
    for block in sheet.blocks.values():
        mode = problem.initiatives[block.initiative].modes[block.mode]
        effect = mode.effects.get(goal)
        weight = factor(block.initiative) * mode.probability
        if effect is not None and weight:
            reached = range(block.first + block.duration, block.last + block.duration + 1)
            yield from by_start(block, [weight * benefit(effect, complete, count) for complete in reached])


def spending_terms(
    sheet: Sheet, weights: Mapping[str, int], factor: Callable[[int], int] = lambda _at: 1
) -> Terms:
    """Return the terms of spending over the horizon, each initiative's times `factor(its place)`."""
    problem, count = sheet.problem, sheet.problem.horizon.count
    for block in sheet.blocks.values():
        weight = factor(block.initiative)
        if weight:
            profile = spending(problem.initiatives[block.initiative].modes[block.mode], weights)
            totals = profile.totals(block.starts, count)
            yield from by_start(block, [weight * total for total in totals])
