"""The six-stage budget of a year, as a tree of parents and children per unit, consistent with what was paid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from rasad.sample.city import CHAPTERS, GROUPS, ITEMS, UNITS
from rasad.sample.spending import Payment

STAGES = ("initial", "modification", "final", "allocated", "committed", "paid")

Figures = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a budget: its unit's place, tree code of two, four or six digits, and rials in each of STAGES."""

    unit: int
    code: str
    name: str
    programme: str
    figures: Figures
    leaf: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A parent whose figures differ from its children's, planted: by `factor` of each stage."""

    code: str
    factor: float


OVER = Fault("1202", 1.04)
"""A group that holds more than its parts: the difference is an explicit remainder."""
UNDER = Fault("2103", 0.95)
"""A group that holds less than its parts: a problem to be shown."""


def budget(
    random: Random, payments: list[Payment], *, unit: int, faults: tuple[Fault, ...], step: int
) -> list[Row]:
    """Return the year's budget: for every unit its chapters, groups and items, parents above their children.

    `faults` are planted in one `unit`. Every figure is a multiple of `step` rials; a chapter is the sum of its groups as
    stated, so that the chapters are the roots' totals.
    """
    paid: dict[tuple[int, str], int] = defaultdict(int)
    for payment in payments:
        paid[payment.unit, payment.kind.item] += payment.amount
    leaves = {place: _leaf(random, amount, step) for place, amount in sorted(paid.items())}
    # Some items are planned and never spent.
    for place in range(len(UNITS)):
        for code in random.sample(sorted(ITEMS), 3):
            if (place, code) not in leaves:
                planned = random.randint(400, 9_000) * 1_000_000
                leaves[place, code] = (planned, 0, planned, 0, 0, 0)
    planted = {fault.code: fault.factor for fault in faults}
    rows: list[Row] = []
    for place in range(len(UNITS)):
        mine = {code: figures for (owner, code), figures in leaves.items() if owner == place}
        for chapter, chapter_name in CHAPTERS.items():
            below: list[Row] = []
            totals: list[Figures] = []
            for group, group_name in GROUPS.items():
                children = sorted(code for code in mine if code.startswith(group))
                if not group.startswith(chapter) or not children:
                    continue
                figures = _sum([mine[code] for code in children])
                if place == unit and group in planted:
                    figures = _scaled(figures, planted[group], step)
                totals.append(figures)
                below.append(Row(place, group, group_name, "", figures, leaf=False))
                below += [
                    Row(place, code, ITEMS[code].name, ITEMS[code].programme, mine[code], leaf=True)
                    for code in children
                ]
            if totals:
                rows.append(Row(place, chapter, chapter_name, "", _sum(totals), leaf=False))
                rows += below
    return rows


def _leaf(random: Random, paid: int, step: int) -> Figures:
    """Return the stages of one item: paid ≤ committed ≤ allocated ≤ final = initial + modification."""
    paid = max(0, paid) // step * step
    committed = _up(paid * random.uniform(1.0, 1.12), paid, step)
    allocated = _up(committed * random.uniform(1.0, 1.10), committed, step)
    final = _up(allocated * random.uniform(1.0, 1.35), allocated, step)
    initial = _up(final * random.uniform(0.82, 1.12), 0, step)
    return (initial, final - initial, final, allocated, committed, paid)


def _up(value: float, least: int, step: int) -> int:
    """Round to whole million rials, as budgets are, or to `step` where that is coarser; never below `least`."""
    coarse = max(step, 1_000_000)
    return max(least, round(value / coarse) * coarse)


def _scaled(figures: Figures, factor: float, step: int) -> Figures:
    """Return the figures off by `factor`; the modification stays, so that final = initial + modification still holds."""
    coarse = max(step, 1_000_000)
    initial, modification, final, *rest = figures
    off = round(initial * (factor - 1) / coarse) * coarse
    allocated, committed, paid = (round(figure * factor / coarse) * coarse for figure in rest)
    return (initial + off, modification, final + off, allocated, committed, paid)


def _sum(figures: list[Figures]) -> Figures:
    a, b, c, d, e, f = (sum(column) for column in zip(*figures, strict=True))
    return (a, b, c, d, e, f)
