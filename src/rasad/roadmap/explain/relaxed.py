"""What the relaxation says of each choice the other way: a bound in a few thousandths of a second, and in which order to ask."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import highspy
import numpy as np

from rasad.roadmap.explain.base import Base
from rasad.roadmap.solve.highs import Quiet, as_lp
from rasad.roadmap.solve.scales import Scales


class Relaxed:
    """The relaxation of the first target, solved once and then again from its basis with one row changed."""

    def __init__(self, base: Base, stop: threading.Event) -> None:
        self.base = base
        target = base.stages[0].target
        scales = Scales.of(base.rows)
        self.scale = scales.objective(target)
        lp = as_lp(base.matrix, target, scales)
        lp.integrality_ = []
        self.solver = Quiet()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("threads", 1)
        self.solver.passModel(lp)
        self.solver.heed(stop)
        # A free row for each initiative says "is chosen"; bounding it forces the choice.
        self.rows: dict[int, int] = {}
        for at, blocks in base.blocks.items():
            columns = np.array([block.chosen for block in blocks], dtype=np.int32)
            self.rows[at] = self.solver.getNumRow()
            self.solver.addRow(
                -highspy.kHighsInf, highspy.kHighsInf, len(columns), columns, np.ones(len(columns))
            )

    def bound(self, at: int, *, chosen: bool, seconds: float) -> float | None:
        """Return what no plan passes that has an initiative other than `chosen`; None where the time did not do. Infinite: no plan has it so."""
        if at not in self.rows:
            return None
        row, free = self.rows[at], highspy.kHighsInf
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.changeRowBounds(row, *((-free, 0.0) if chosen else (1.0, free)))
        self.solver.run()
        status = self.solver.getModelStatus()
        found = self.solver.getInfo().objective_function_value / self.scale
        self.solver.changeRowBounds(row, -free, free)
        if status == highspy.HighsModelStatus.kInfeasible:
            return -math.inf if self.base.stages[0].target.maximise else math.inf
        return float(found) if status == highspy.HighsModelStatus.kOptimal else None


def easiest_first(base: Base, bounds: dict[int, float], places: Sequence[int]) -> list[int]:
    """Return initiatives in the order of how little is not known of them: those that no plan has the other way, then by what lies between bound and best known plan."""
    stage = base.stages[0]
    given = {at for at, one in enumerate(base.problem.initiatives) if one.mandatory or one.frozen is not None}

    def open_(at: int) -> float:
        if at in given or at not in base.blocks:
            return -math.inf
        bound = bounds.get(at)
        if bound is None:
            return math.inf
        if math.isinf(bound):
            return -math.inf
        known = base.otherwise(at, chosen=base.chosen(at))
        if known is None:
            return float(stage.sign * (bound - stage.objective)) + 10.0**18
        return stage.sign * (bound - stage.target.linear.value(known))

    return sorted(places, key=open_)
