"""A part of a problem's rows: those of some limits, and of what no user wrote whatever these hang on."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace

from rasad.roadmap.rows import STRUCTURE, Expression, Linear, Row, Rows
from rasad.roadmap.solve.cpsat import CpSat
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


def plan_for(rows: Rows, groups: Collection[str], seconds: float) -> tuple[Status, tuple[int, ...] | None]:
    """Return whether a plan keeps some limits, searched exactly: OPTIMAL and values of one, INFEASIBLE, or TIME_NONE."""
    watch = Watch(only(rows, groups), NOTHING)
    if watch.matrix.holds([variable.lower for variable in rows.variables]):
        return Status.OPTIMAL, tuple(variable.lower for variable in rows.variables)
    began = time.monotonic()
    status, _raw = CpSat(workers=1).run(watch, min(seconds, QUICK))
    if not status.proven and seconds > QUICK:
        status, _raw = CpSat().run(watch, seconds - (time.monotonic() - began))
    if watch.values is not None:
        return Status.OPTIMAL, watch.values
    return (status if status is Status.INFEASIBLE else Status.TIME_NONE), None


QUICK = 1.0
"""Seconds for one worker alone before all are set to it."""


def _for_targets(rows: Rows, row: Row) -> bool:
    return any(rows.variables[column].role in FOR_TARGETS for column in row.columns)


def _hangs_on(rows: Rows, row: Row, touched: set[int]) -> bool:
    """Return whether a row is about variables that are touched; one about a bonus only where the bonus is."""
    bonuses = [column for column in row.columns if rows.variables[column].role == "bonus"]
    return not touched.isdisjoint(bonuses or row.columns)
