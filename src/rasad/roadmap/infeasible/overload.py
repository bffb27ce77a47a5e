"""Conflicts that adding up shows: what must be done needs more of one thing in some periods than there is of it, whenever it is done.

The energy argument of scheduling (Baptiste, Le Pape and Nuijten 2001), over every stretch of periods and every limit with amounts; in whole numbers, so that what is
found is proven.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.rows import Block, Row, Rows

LIMITED = frozenset({"budget", "skill", "running"})
MUSTS = frozenset({"mandatory", "frozen"})
WINDOWS = frozenset({"earliest", "deadline"})
_Table = NDArray[np.object_]


@dataclass(frozen=True)
class _Stretch:
    """A limit in some periods that run on: what there is, and what each initiative takes at least once it is chosen."""

    groups: tuple[str, ...]
    there: int
    taken: dict[int, int]


def overload(rows: Rows, groups: Collection[str]) -> list[str] | None:
    """Return the fewest of `groups` found that contradict each other by adding up: what must be done first, then the limits; None where none do.

    Windows are named only where nothing is too much without them. None of what must be done can be left out of the sum; whether each limit is needed to the
    last is another question.
    """
    asked = set(groups)
    musts = _musts(rows, asked)
    if not musts:
        return None
    for windows in ({}, _windows(rows, asked)):
        found = [
            core
            for stretch in _stretches(rows, asked, windows)
            if (core := _core(stretch, musts, windows)) is not None
        ]
        if found:
            return min(found, key=len)
        if not WINDOWS & {rows.groups[group].kind for group in asked}:
            break
    return None


def _musts(rows: Rows, asked: set[str]) -> dict[int, str]:
    """Return for each initiative that must be chosen the limit that says so."""
    owners = _owners(rows)
    found: dict[int, str] = {}
    for row in rows.rows:
        if row.group in asked and rows.groups[row.group].kind in MUSTS and row.lower == 1 and row.columns:
            found.setdefault(owners[row.columns[0]].initiative, row.group)
    return found


def _owners(rows: Rows) -> dict[int, Block]:
    return {
        column: block for block in rows.blocks.values() for column in range(block.column, block.chosen + 1)
    }


@dataclass
class _Window:
    """Which starts of an initiative's blocks its windows forbid, and the limits that say so."""

    groups: list[str]
    forbidden: set[tuple[int, int]]


def _windows(rows: Rows, asked: set[str]) -> dict[int, _Window]:
    owners = _owners(rows)
    found: dict[int, _Window] = {}
    for row in rows.rows:
        if row.group not in asked or rows.groups[row.group].kind not in WINDOWS or row.upper != 0:
            continue
        for block in dict.fromkeys(owners[column] for column in row.columns):
            window = found.setdefault(block.initiative, _Window([], set()))
            if row.group not in window.groups:
                window.groups.append(row.group)
            reached = _by_start(block, dict(zip(row.columns, row.coefficients, strict=True)))
            window.forbidden |= {(block.column, at) for at, value in enumerate(reached) if value > 0}
    return found


def _by_start(block: Block, coefficients: dict[int, int]) -> list[int]:
    """Return what each start of a block adds to a row: it sets its own column and those after it."""
    columns = range(block.chosen, block.column - 1, -1)
    return list(accumulate(coefficients.get(column, 0) for column in columns))[::-1]


def _stretches(rows: Rows, asked: set[str], windows: dict[int, _Window]) -> Iterator[_Stretch]:
    """Yield every limit with amounts in every stretch of periods."""
    series: dict[str, list[Row]] = {}
    for row in rows.rows:
        kind = rows.groups[row.group].kind
        if row.group in asked and kind in LIMITED and row.upper is not None:
            series.setdefault(f"{kind}:{row.group.rsplit(':', 1)[0]}", []).append(row)
    for found in series.values():
        found.sort(key=lambda row: rows.groups[row.group].period or 0)
        yield from _of_limit(rows, found, windows)


def _of_limit(rows: Rows, limit: list[Row], windows: dict[int, _Window]) -> Iterator[_Stretch]:
    """Yield one limit's stretches; `limit` has its rows in the order of their periods."""
    coefficients = [
        {c: value * row.scale for c, value in zip(row.columns, row.coefficients, strict=True)}
        for row in limit
    ]
    places: list[tuple[int, int, int]] = []
    columns: list[list[int]] = []
    for block in rows.blocks.values():
        taken = [_by_start(block, part) for part in coefficients]
        if not any(map(any, taken)):
            # A way of doing it that takes nothing is the least.
            places.append((block.initiative, block.column, 0))
            columns.append([0] * len(limit))
            continue
        for at in range(len(taken[0])):
            places.append((block.initiative, block.column, at))
            columns.append([part[at] for part in taken])
    table: _Table = np.array(columns, dtype=object).reshape(len(places), len(limit))
    sums = np.concatenate([np.zeros((len(places), 1), dtype=object), np.cumsum(table, axis=1)], axis=1)
    owned = _owners(rows)
    other = [{c: value for c, value in part.items() if c not in owned} for part in coefficients]
    for first in range(len(limit)):
        for last in range(first, len(limit)):
            groups = tuple(dict.fromkeys(row.group for row in limit[first : last + 1]))
            there = sum((row.upper or 0) * row.scale for row in limit[first : last + 1])
            least = _least(places, sums[:, last + 1] - sums[:, first], windows)
            yield _Stretch(groups, there - _elsewhere(rows, other[first : last + 1]), least)


def _least(places: list[tuple[int, int, int]], taken: _Table, windows: dict[int, _Window]) -> dict[int, int]:
    """Return the least that each initiative takes once it is chosen, over its modes and starts."""
    found: dict[int, int] = {}
    for (initiative, column, at), value in zip(places, taken.tolist(), strict=True):
        if initiative in windows and (column, at) in windows[initiative].forbidden:
            continue
        if initiative not in found or value < found[initiative]:
            found[initiative] = value
    return found


def _elsewhere(rows: Rows, parts: list[dict[int, int]]) -> int:
    """Return the least that what is left over adds: minus what the period before may leave."""
    total: dict[int, int] = {}
    for part in parts:
        for column, value in part.items():
            total[column] = total.get(column, 0) + value
    return sum(
        min(value * rows.variables[c].lower, value * rows.variables[c].upper) for c, value in total.items()
    )


def _core(stretch: _Stretch, musts: dict[int, str], windows: dict[int, _Window]) -> list[str] | None:
    """Return few of what must be done that together take more than there is, with the limits; None where all together do not."""
    # What is not in the core may be left out, or be there where it gives back.
    room = stretch.there - sum(min(0, value) for value in stretch.taken.values())
    needs = sorted(
        ((value, at) for at, value in stretch.taken.items() if at in musts and value > 0), reverse=True
    )
    reached = list(accumulate(value for value, _at in needs))
    count = next((number for number, total in enumerate(reached, 1) if total > room), None)
    if count is None:
        return None
    # The last one as small as will do: the less too much, the easier the proof that each is needed.
    before = reached[count - 1] - needs[count - 1][0]
    last = min(need for need in needs[count - 1 :] if before + need[0] > room)
    chosen = sorted(at for _value, at in [*needs[: count - 1], last])
    named = [musts[at] for at in chosen]
    named += [group for at in chosen if at in windows for group in windows[at].groups]
    return [*named, *stretch.groups]
