"""A part of a problem's rows: those of some limits, and of what no user wrote whatever these hang on."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import replace

from rasad.roadmap.rows import STRUCTURE, Expression, Linear, Row, Rows
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import search
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.wording import Words

NOTHING = Expression("nothing", Words(""), Linear((), ()), True)
"""The target where any plan will do."""
FOR_TARGETS = frozenset({"finished", "least"})
"""Roles of variables that no limit is about."""


def only(rows: Rows, groups: Collection[str]) -> Rows:
    """Return the rows of some groups, and of what no user wrote those that touch the same variables.

    Auxiliary variables are no longer computed from their definitions, since these hold the limits that are left out.
    """
    needed = set(groups)
    kept = [row for row in rows.rows if row.group in needed]
    touched = {column for row in kept for column in row.columns}
    waiting = [row for row in rows.rows if row.group == STRUCTURE.id and not _for_targets(rows, row)]
    more = True
    while more:
        left = []
        for row in waiting:
            if _hangs_on(rows, row, touched):
                kept.append(row)
                touched.update(row.columns)
            else:
                left.append(row)
        more, waiting = len(left) < len(waiting), left
    return replace(rows, rows=tuple(kept), defined=())


def plan_for(
    rows: Rows, groups: Collection[str], seconds: float, cancel: threading.Event | None = None
) -> Status:
    """Return whether a plan keeps some limits, searched exactly: OPTIMAL where one does, INFEASIBLE where none does, else TIME_NONE."""
    small = packed(only(rows, groups))
    watch = Watch(small, NOTHING, cancel=cancel)
    if watch.matrix.holds([variable.lower for variable in small.variables]):
        return Status.OPTIMAL
    began = time.monotonic()
    found = search([CpSat(workers=1)], watch, min(seconds, QUICK))
    if not found.status.proven and seconds > QUICK and not watch.cancel.is_set():
        found = search([CpSat()], watch, seconds - (time.monotonic() - began))
    if watch.values is not None:
        return Status.OPTIMAL
    return Status.INFEASIBLE if found.status is Status.INFEASIBLE else Status.TIME_NONE


def packed(rows: Rows) -> Rows:
    """Return the rows over those variables alone that a plan may need: what only ever takes is left out of it, and what no row is about."""
    idle = _idle(rows)
    used = sorted({column for row in rows.rows for column in row.columns} - idle)
    place = {column: at for at, column in enumerate(used)}
    kept = []
    for row in rows.rows:
        pairs = [
            (place[column], value)
            for column, value in zip(row.columns, row.coefficients, strict=True)
            if column in place
        ]
        if pairs or not row.holds((0,) * len(rows.variables)):
            kept.append(
                replace(
                    row, columns=tuple(at for at, _ in pairs), coefficients=tuple(value for _, value in pairs)
                )
            )
    return replace(
        rows,
        variables=tuple(rows.variables[column] for column in used),
        rows=tuple(kept),
        blocks={},
        defined=(),
    )


def _idle(rows: Rows) -> set[int]:
    """Return the columns of the blocks that no row is the better for, whenever they start: a plan without them keeps what one with them keeps."""
    owner = {
        column: key for key, block in rows.blocks.items() for column in range(block.column, block.chosen + 1)
    }
    needed: set[tuple[int, int]] = set()
    for row in rows.rows:
        parts: dict[tuple[int, int], dict[int, int]] = {}
        for column, value in zip(row.columns, row.coefficients, strict=True):
            if column in owner:
                parts.setdefault(owner[column], {})[column] = value
        if row.group == STRUCTURE.id:
            # Started stays started, and one mode of an initiative, hold without it; what ties it to others does not.
            if (len(parts) > 1 and not _one_mode(row)) or any(column not in owner for column in row.columns):
                needed.update(parts)
            continue
        for key, values in parts.items():
            total = 0
            for column in range(rows.blocks[key].chosen, rows.blocks[key].column - 1, -1):
                total += values.get(column, 0)
                if (total < 0 and row.upper is not None) or (total > 0 and row.lower is not None):
                    needed.add(key)
                    break
    return {column for column, key in owner.items() if key not in needed}


def _one_mode(row: Row) -> bool:
    return row.lower is None and row.upper == 1 and all(value == 1 for value in row.coefficients)


QUICK = 1.0
"""Seconds for one worker alone before all are set to it."""


def _for_targets(rows: Rows, row: Row) -> bool:
    return any(rows.variables[column].role in FOR_TARGETS for column in row.columns)


def _hangs_on(rows: Rows, row: Row, touched: set[int]) -> bool:
    """Return whether a row is about variables that are touched; one about a bonus only where the bonus is."""
    bonuses = [column for column in row.columns if rows.variables[column].role == "bonus"]
    return not touched.isdisjoint(bonuses or row.columns)
