"""What a plan comes to as plain rows, exact: by period and category, by goal, unit and district, and what citizens get when.

Money is in the currency's smallest unit, benefits in ten-thousandths of their goal's unit, periods counted from 0. Rows of one kind add up
to the plan's whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rasad.persian.apportion import apportion
from rasad.roadmap.problem import CategoryShare, Effect
from rasad.roadmap.problem.parts import WHOLE_SHARE, Named
from rasad.roadmap.verify import Figures
from rasad.roadmap.wording import Name

NOBODY = Name("", "")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a category takes in a period."""

    period: int
    category: Named
    amount: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of a period, or of all of them up to `until`: how much there is, and how much the plan takes. `kind`: "budget", "share" or "skill".

    Of a budget `there` holds what the period before left over; a share's is what it allows of the spending, rounded down. A least share is
    `floor`: the plan takes at least as much, rounded up. `categories`: those whose spending counts, none: all (and of a skill, which is no
    money). `points`: of a share, which part of all spending, in hundredths of a per cent.
    """

    kind: str
    id: str
    name: Name
    period: int
    there: int
    used: int
    own: int
    until: int
    categories: tuple[str, ...] = ()
    points: int | None = None
    floor: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one goal, unit or district gets of the spending; `id` is empty for what goes to none."""

    by: str
    id: str
    name: Name
    amount: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What a goal is expected to get in a period: benefit × probability, in ten-thousandths of the goal's unit."""

    goal: Named
    period: int
    amount: int


def spending(figures: Figures) -> Iterator[Spent]:
    """Yield spending by period and category."""
    for category in figures.problem.categories:
        for period, amount in enumerate(figures.spending(category.id)):
            yield Spent(period, category, amount)


def bounds(figures: Figures) -> Iterator[Bound]:
    """Yield budgets, category shares of single periods and skills, period by period, each beside what is taken of it."""
    limits, periods, by_category = figures.problem.limits, figures.periods, _by_category(figures)
    for budget in limits.budgets:
        meant = budget.categories or tuple(by_category)
        left = 0
        for period in periods:
            used = sum(by_category[one][period] for one in meant)
            own = budget.amounts[period]
            there = own + left
            yield Bound("budget", budget.id, budget.name, period, there, used, own, period, budget.categories)
            left = min(max(0, there - used), budget.carry_share * own // WHOLE_SHARE)
    for share in limits.category_shares:
        if share.per == "period":
            for period in periods[share.since :]:
                yield from _shares(share, by_category, period, period)
    skills = {one.id: one.name for one in figures.problem.skills}
    for skill in limits.skills:
        for period, used in enumerate(figures.need(skill.skill)):
            there = skill.amounts[period]
            name = skills.get(skill.skill, skill.name)
            yield Bound("skill", skill.id, name, period, there, used, there, period)


def bounds_over_all(figures: Figures) -> Iterator[Bound]:
    """Yield category shares of the whole horizon, each beside what is taken of it."""
    by_category = _by_category(figures)
    for share in figures.problem.limits.category_shares:
        if share.per == "horizon":
            yield from _shares(share, by_category, 0, len(figures.periods) - 1)


def _by_category(figures: Figures) -> dict[str, Sequence[int]]:
    return {one.id: figures.spending(one.id) for one in figures.problem.categories}


def _shares(share: CategoryShare, spent: dict[str, Sequence[int]], first: int, last: int) -> Iterator[Bound]:
    """Yield what a category share allows, and what it asks for at least, of what is spent from one period to another."""
    used, every = (
        sum(sum(spent[one][first : last + 1]) for one in categories)
        for categories in (share.categories, tuple(spent))
    )
    for points, floor in ((share.at_most, False), (share.at_least, True)):
        if points is not None:
            there = -(-every * points // WHOLE_SHARE) if floor else every * points // WHOLE_SHARE
            yield Bound("share", share.id, share.name, first, there, used, there, last, share.categories, points, floor)  # fmt: skip


def parts(figures: Figures) -> Iterator[Part]:
    """Yield the spending by goal, by unit and by district; each way's parts add up to the whole, to the smallest unit."""
    problem = figures.problem
    cost = {id_: figures.cost_of(work) for id_, work in figures.works.items()}
    shares = {
        "goal": {id_: work.initiative.goal_shares for id_, work in figures.works.items()},
        "district": {id_: work.initiative.districts for id_, work in figures.works.items()},
        "unit": {
            id_: {work.initiative.unit: WHOLE_SHARE} if work.initiative.unit else {}
            for id_, work in figures.works.items()
        },
    }
    holders: dict[str, tuple[Named, ...]] = {
        "goal": problem.goals,
        "unit": problem.units,
        "district": problem.districts,
    }
    for by, holding in holders.items():
        found = {one.id: 0 for one in holding} | {"": 0}
        for id_, amount in cost.items():
            given = shares[by][id_]
            divided = apportion(amount, [*given.values(), WHOLE_SHARE - sum(given.values())])
            for whose, piece in zip([*given, ""], divided, strict=True):
                found[whose] += piece
        for one in holding:
            yield Part(by, one.id, one.name, found[one.id])
        yield Part(by, "", NOBODY, found[""])


def benefits(figures: Figures) -> Iterator[Brought]:
    """Yield what each goal is expected to get in each period; together the goal's score."""
    problem, count = figures.problem, figures.problem.horizon.count
    for goal in problem.goals:
        sums = [0] * count
        for work in figures.works.values():
            effect = work.mode.effects.get(goal.id)
            if effect is not None:
                _add(sums, effect, work.complete, work.mode.probability)
        for synergy in problem.synergies:
            effect = synergy.effects.get(goal.id)
            members = [figures.works.get(id_) for id_ in synergy.initiatives]
            if synergy.kind == "bonus" and effect is not None and None not in members:
                complete = max(work.complete for work in members if work is not None)
                _add(sums, effect, complete, synergy.probability)
        for period, amount in enumerate(sums):
            yield Brought(goal, period, amount)


def _add(sums: list[int], effect: Effect, complete: int, probability: int) -> None:
    """Add what an effect brings from its completion on: once in the period that begins then (the last one at the horizon's end)."""
    count = len(sums)
    if complete > count:
        return
    if complete >= 0 and effect.once:
        sums[min(complete, count - 1)] += probability * effect.once
    steps = effect.per_period
    for period in range(max(complete, 0), count):
        if steps:
            sums[period] += probability * steps[min(period - complete, len(steps) - 1)]
