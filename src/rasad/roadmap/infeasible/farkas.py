"""Refuting limits by adding rows up (Farkas 1902): found by the simplex method in floating point, proven in whole numbers."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.infeasible.parts import NOTHING, only
from rasad.roadmap.rows import STRUCTURE, Rows
from rasad.roadmap.solve.highs import Quiet, as_lp
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.solve.scales import Scales

FINE = 2**40
"""Multipliers are rounded to parts of the largest one."""


@dataclass(frozen=True)
class Refutation:
    """Limits that no plan keeps together, not even if initiatives could be done in part. `proven`: added up in whole numbers."""

    groups: frozenset[str]
    proven: bool


class Relaxation:
    """The rows of some groups as a linear program, of which groups are switched on and off. What no user wrote is always on."""

    def __init__(
        self, rows: Rows, groups: Collection[str] | None = None, cancel: threading.Event | None = None
    ) -> None:
        self.rows = rows if groups is None else only(rows, groups)
        self.solver = Quiet()  # type: ignore[no-untyped-call]
        # Without presolve, so that each answer is where the search for the next begins, and a refutation has its multipliers.
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("solver", "simplex")
        scales = Scales.of(self.rows)
        lp = as_lp(Matrix(self.rows), NOTHING, scales)
        lp.integrality_ = []
        self.lower, self.upper = np.array(lp.row_lower_), np.array(lp.row_upper_)
        self.scales = scales.rows
        self.groups = np.array([row.group for row in self.rows.rows], dtype=object)
        self.solver.passModel(lp)
        if cancel is not None:
            self.solver.heed(cancel)

    def refute(self, groups: Collection[str], seconds: float) -> Refutation | None:
        """Return a refutation of some of `groups`, not the smallest; None where there is none, or the time does not do."""
        on = np.isin(self.groups, [STRUCTURE.id, *groups]) if len(self.groups) else np.zeros(0, dtype=bool)
        alone = {
            row.group
            for row, used in zip(self.rows.rows, on, strict=True)
            if used and not row.columns and not row.holds(())
        }
        if alone:
            # A row without variables breaks by itself.
            return Refutation(frozenset(alone), proven=True)
        low, high = np.where(on, self.lower, -highspy.kHighsInf), np.where(on, self.upper, highspy.kHighsInf)
        self.solver.changeRowsBounds(len(on), np.arange(len(on), dtype=np.int32), low, high)  # type: ignore[attr-defined]
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(seconds, 0.01))
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return None
        _status, there, ray = self.solver.getDualRay()  # type: ignore[attr-defined]
        if not there:
            return Refutation(frozenset(groups), proven=False)
        return self._refutation(np.array(ray))

    def _refutation(self, ray: NDArray[np.float64]) -> Refutation:
        largest = float(np.abs(ray).max())
        places = np.flatnonzero(np.abs(ray) > largest * 1e-9)
        # In the solver rows are brought to size by powers of two, down only; here they stand as they are.
        most = 1 / float(self.scales.min(initial=1.0))
        multipliers = {
            int(at): round(float(ray[at]) / largest * FINE) * int(float(self.scales[at]) * most)
            for at in places
        }
        found = frozenset(self.rows.rows[at].group for at in multipliers) - {STRUCTURE.id}
        # Which sign the solver gives is its own affair.
        turned = {at: -value for at, value in multipliers.items()}
        return Refutation(found, adds_up(self.rows, multipliers) or adds_up(self.rows, turned))


def adds_up(rows: Rows, multipliers: dict[int, int]) -> bool:
    """Return whether the rows times their multipliers add up to what no values within the variables' bounds reach. Exact.

    A row with a positive multiplier counts with its lower bound, one with a negative with its upper: Σ y·a·x ≥ Σ y·b for every plan.
    """
    total: dict[int, int] = {}
    needed = 0
    for at, multiplier in multipliers.items():
        row = rows.rows[at]
        bound = row.lower if multiplier > 0 else row.upper
        if bound is None:
            return False
        needed += multiplier * bound
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            total[column] = total.get(column, 0) + multiplier * coefficient
    reached = sum(
        value * (rows.variables[column].upper if value > 0 else rows.variables[column].lower)
        for column, value in total.items()
    )
    return reached < needed
