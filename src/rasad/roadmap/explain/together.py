"""Asking about many choices at once: the best plan in which at least one of them is the other way answers for that one, and bounds the others.

Asked one by one, each search would go through the same plans near the best again. Those that the plan has the other way are settled, and it is asked about the
rest, until none is left or the time is up.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Collection, Mapping

from rasad.roadmap.explain.base import Base
from rasad.roadmap.rows import STRUCTURE, Row
from rasad.roadmap.solve.bysize import together
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import Engine, search
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.outcome import Status, gap
from rasad.roadmap.solve.watch import Watch

FAR = 0.05
"""Up to which gap between the relaxation and the best plan that is. Measured on 60 × 5, exact of 60 choices: loose (a gap of 2 %) 30 rather than 16, tight (9 %) 30 rather than 39."""
FEW = 500
"""Variables up to which the second core proves too, in whole numbers; beyond, it looks for better plans."""


def worthwhile(base: Base, bounds: Mapping[int, float]) -> bool:
    """Return whether the relaxation is near the best plan, so that asking about many at once is sooner done than about each by itself."""
    stage = base.stages[0]
    finite = [
        stage.sign * bound for at, bound in bounds.items() if not math.isinf(bound) and not given(base, at)
    ]
    width = gap(stage.objective, stage.sign * round(max(finite))) if finite else None
    return width is not None and width <= FAR


def ask_together(
    base: Base, places: Collection[int], bounds: dict[int, float], end: float, stop: threading.Event
) -> None:
    """Tighten in `bounds` what no plan passes of the first target that has an initiative other than the best one; what is found on the way is in the pool.

    `bounds`: what the relaxation says of those of `places` that may be the other way; infinite where no plan has it so.
    """
    stage = base.stages[0]
    sign = stage.sign
    left = {at for at in places if not given(base, at) and not math.isinf(bounds.get(at, 0.0))}
    while left and not stop.is_set() and time.monotonic() < end:
        watch = Watch(stage.rows.plus([_one_of(base, left)]), stage.target, cancel=stop)
        watch.listen(base.pool.add)
        for known in filter(None, (base.otherwise(at, chosen=base.chosen(at)) for at in left)):
            watch.offer(known, "start")
        watch.bounded(max(sign * bounds.get(at, sign * stage.bound) for at in left) * sign, "HiGHS")
        found = search(_engines(base, watch), watch, max(0.05, end - time.monotonic()))
        if found.status is Status.INFEASIBLE:
            bounds.update(dict.fromkeys(left, -sign * math.inf))
            return
        if found.bound is not None:
            for at in left:
                bounds[at] = sign * min(sign * bounds.get(at, found.bound), sign * found.bound)
        if found.status is not Status.OPTIMAL:
            return
        settled = {at for at in left if _reaches(base, at, bounds[at])}
        if not settled:
            return
        left -= settled


def given(base: Base, at: int) -> bool:
    """Return whether an initiative is never chosen, or a limit says outright how it must be."""
    one = base.problem.initiatives[at]
    locked = any(lock.initiative == one.id for lock in base.problem.locks)
    return at not in base.blocks or one.mandatory or one.frozen is not None or locked


def _one_of(base: Base, places: Collection[int]) -> Row:
    """Return the row that at least one initiative is other than in the best plan."""
    columns, coefficients, least = [], [], 1
    for at in sorted(places):
        chosen = base.chosen(at)
        least -= chosen
        for block in base.blocks[at]:
            columns.append(block.chosen)
            coefficients.append(-1 if chosen else 1)
    return Row(STRUCTURE.id, tuple(columns), tuple(coefficients), least, None)


def _engines(base: Base, watch: Watch) -> list[Engine]:
    if len(watch.rows.variables) <= FEW:
        return [Highs(threads=1), CpSat(workers=1)]
    return together(base.problem, watch.rows)


def _reaches(base: Base, at: int, bound: float) -> bool:
    """Return whether the best plan that was seen with an initiative the other way is as good as any can be, or loses nothing that must be kept."""
    known = base.otherwise(at, chosen=base.chosen(at))
    stage = base.stages[0]
    if known is None:
        return False
    return stage.sign * stage.target.linear.value(known) >= min(stage.sign * bound, stage.sign * stage.kept)
