"""Why one initiative is in or out: the best plan that has it the other way, or the limits that forbid one."""

from __future__ import annotations

import math
import threading
import time

from rasad.roadmap.explain.base import Base
from rasad.roadmap.explain.needs import need
from rasad.roadmap.explain.result import Why
from rasad.roadmap.explain.searching import again
from rasad.roadmap.infeasible.finding import Finder
from rasad.roadmap.rows import Group, Row, Rows, decode
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Words

FORCED = Group("forced", "forced", "", Words(""))
"""The choice that is asked about. No user wrote it, and it is never named."""
FEW = 12
"""Limits that are said although not each was proven to be needed."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def forced(base: Base, at: int, seconds: float, stop: threading.Event, bound: float | None = None) -> Why:
    """Return why an initiative is in or out of the plan, as far as `seconds` do. `bound`: what the relaxation says of the first target with it the other way."""
    end = time.monotonic() + seconds
    initiative = base.problem.initiatives[at]
    chosen = base.chosen(at)
    why = Why(initiative=initiative.id, name=initiative.name, chosen=chosen, verdict="unknown")
    limits = _by_itself(base, at, chosen=chosen)
    if limits is None and at in base.blocks:
        if bound is None or not math.isinf(bound):
            why = _costs(base, at, why, seconds, stop, bound)
        if why.at_least is None and not stop.is_set():
            limits = _forbidden(base, at, end - time.monotonic(), stop, chosen=chosen)
    elif limits is None and not stop.is_set():
        limits = _forbidden(base, at, end - time.monotonic(), stop, chosen=chosen)
    if limits is not None:
        why = why.model_copy(update={"verdict": "forbidden", "limits": limits})
    return why


def _costs(base: Base, at: int, why: Why, seconds: float, stop: threading.Event, bound: float | None) -> Why:
    """Return what the best plan loses with an initiative the other way: target by target, until one is lost. Nothing is known of the loss where no plan has it so."""
    end = time.monotonic() + seconds
    for number, stage in enumerate(base.stages):
        found = again(
            base.problem,
            _with(stage.rows, at, chosen=why.chosen),
            stage.target,
            max(0.05, end - time.monotonic()) if number else seconds,
            stop,
            values=base.otherwise(at, chosen=why.chosen) or (),
            bound=None if number else bound,
            seen=base.pool.add,
            near=(at, base.values),
        )
        if found.status is Status.INFEASIBLE and number == 0:
            return why
        least, most = stage.loses(found.objective, found.bound)
        why = why.model_copy(update={"target": number, "at_least": least, "at_most": most})
        if most != 0 or stop.is_set() or time.monotonic() >= end:
            break
    return why


def exact(base: Base, why: Why) -> bool:
    """Return whether it is known to the unit what a choice costs, or that no plan has it the other way."""
    if why.verdict == "forbidden":
        return True
    known = base.otherwise(base.problem.places[why.initiative], chosen=why.chosen)
    if known is None or why.at_least is None:
        return False
    number, most = base.at_most(known)
    return number == why.target and why.at_least >= most


def passed_by_none(base: Base, why: Why) -> int | None:
    """Return the bound on the first target that a loss which is proven comes to, for asking again; None where it says nothing."""
    stage = base.stages[0]
    return None if why.target or not why.at_least else stage.kept - stage.sign * why.at_least


def both(before: Why, after: Why) -> Why:
    """Return what two askings about the same choice prove together."""
    if after.verdict == "forbidden" or before.at_least is None:
        return after
    if after.at_least is None or after.target < before.target:
        return before
    if after.target > before.target:
        return after
    ends = [one for one in (before.at_most, after.at_most) if one is not None]
    return after.model_copy(
        update={"at_least": max(before.at_least, after.at_least), "at_most": min(ends, default=None)}
    )


def settled(base: Base, why: Why) -> Why:
    """Return what is known when all have been asked about: a plan that was found for another question may cost less; what would be otherwise, and be needed."""
    at = base.problem.places[why.initiative]
    if why.verdict != "forbidden":
        known = base.otherwise(at, chosen=why.chosen)
        if known is not None:
            number, most = base.at_most(known)
            if number > why.target:
                why = why.model_copy(update={"target": number, "at_least": 0})
            plan = decode(base.problem, base.rows, known)
            why = why.model_copy(
                update={
                    # Where nothing is lost of a target and others after it were not asked about, it is not free yet.
                    "verdict": "costs" if most or not base.complete else "free",
                    "at_least": min(why.at_least or 0, most),
                    "at_most": most,
                    "moves": base.moves(plan, why.initiative),
                }
            )
    if not why.chosen:
        allowed = why.at_most if why.verdict == "costs" else None
        why = why.model_copy(update={"need": need(base, at, allowed, _benefit(base, why))})
    return why


def _benefit(base: Base, why: Why) -> int | None:
    """Return how much more an initiative would have to bring to be in a best plan; None where benefit is not what is lost, or may never do."""
    stage = base.stages[why.target]
    if why.verdict != "costs" or stage.as_aim(base.problem).kind not in ("weighted", "goal"):
        return None
    if stage is base.stages[-1] and base.complete:
        return why.at_most
    # As good is not enough where targets that follow may prefer a plan without it, and the best is not where they may take less than it.
    return None if why.at_most is None or stage.kept != stage.objective else why.at_most + 1


def _by_itself(base: Base, at: int, *, chosen: bool) -> tuple[Group, ...] | None:
    """Return the one limit that says outright how an initiative must be; None where there is none."""
    initiative, groups = base.problem.initiatives[at], base.rows.groups
    if not chosen and all(block.initiative != at for block in base.named.blocks.values()):
        words = Words(
            _n("%(initiative)s takes longer than all the periods together"), {"initiative": initiative.name}
        )
        return (Group(f"horizon:{initiative.id}", "horizon", f"initiatives.{at}.modes", words),)
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
