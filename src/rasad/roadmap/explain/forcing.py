"""Why one initiative is in or out: the best plan that has it the other way, or the limits that forbid one."""

from __future__ import annotations

import threading
import time

from rasad.roadmap.explain.base import Base
from rasad.roadmap.explain.needs import need
from rasad.roadmap.explain.result import Why
from rasad.roadmap.infeasible.finding import Finder
from rasad.roadmap.rows import Group, Row, Rows, decode
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Words

FORCED = Group("forced", "forced", "", Words(""))
"""The choice that is asked about. No user wrote it, and it is never named."""
FEW = 12
"""Limits that are said although not each was proven to be needed."""


def forced(base: Base, at: int, seconds: float, stop: threading.Event) -> Why:
    """Return why an initiative is in or out of the plan, as far as `seconds` do."""
    end = time.monotonic() + seconds
    initiative = base.problem.initiatives[at]
    chosen = base.chosen(at)
    why = Why(initiative=initiative.id, name=initiative.name, chosen=chosen, verdict="unknown")
    limits = _by_itself(base, at, chosen=chosen)
    if limits is None and at in base.blocks:
        found = base.again(base.problem, _with(base.rows, at, chosen=chosen), seconds, stop, near=at)
        if found.values is not None:
            least, most = base.loses(found)
            assert most is not None
            why = why.model_copy(
                update={
                    "verdict": "costs" if most else "free",
                    "at_least": least,
                    "at_most": most,
                    "moves": base.moves(decode(base.problem, base.rows, found.values), initiative.id),
                }
            )
        elif found.status is not Status.INFEASIBLE:
            why = why.model_copy(update={"at_least": base.loses(found)[0]})
        else:
            limits = _forbidden(base, at, end - time.monotonic(), stop, chosen=chosen)
    elif limits is None:
        limits = _forbidden(base, at, end - time.monotonic(), stop, chosen=chosen)
    if limits is not None:
        why = why.model_copy(update={"verdict": "forbidden", "limits": limits})
    if not chosen:
        why = why.model_copy(update={"need": need(base, at, why.at_most if why.verdict == "costs" else None)})
    return why


def _by_itself(base: Base, at: int, *, chosen: bool) -> tuple[Group, ...] | None:
    """Return the one limit that says outright how an initiative must be; None where there is none."""
    initiative, groups = base.problem.initiatives[at], base.rows.groups
    wanted = [f"frozen:{initiative.id}", f"mandatory:{initiative.id}"] if chosen else []
    wanted += [
        f"lock:{lock.id}"
        for lock in base.problem.locks
        if lock.initiative == initiative.id and (lock.choice == "in") == chosen
    ]
    found = [groups[id_] for id_ in wanted if id_ in groups]
    return (found[0],) if found else None


def _with(rows: Rows, at: int, *, chosen: bool) -> Rows:
    """Return the rows with an initiative the other way."""
    columns = tuple(block.chosen for block in rows.blocks.values() if block.initiative == at)
    row = Row(FORCED.id, columns, (1,) * len(columns), None if chosen else 1, 0 if chosen else None)
    return rows.plus([row], [FORCED])


def _forbidden(
    base: Base, at: int, seconds: float, stop: threading.Event, *, chosen: bool
) -> tuple[Group, ...] | None:
    """Return a smallest set of limits that no plan keeps with an initiative the other way; none of them where the time did not do to make it small.

    None where it is not proven that no plan does.
    """
    finder = Finder(_with(base.named, at, chosen=chosen), max(seconds, 1.0), stop, always=(FORCED.id,))
    conflict = next(finder.conflicts(most=1), None)
    if conflict is None or not conflict.proven:
        return None
    return conflict.limits if conflict.minimal or len(conflict.limits) <= FEW else ()
