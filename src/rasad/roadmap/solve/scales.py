"""How large numbers are brought to a size that a solver in floating point can tell apart: by powers of two, which round nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.rows import Expression, Rows

LARGE = 2**10
"""Coefficients are brought to about this size."""

FAR, AMOUNTS = 2**39, ("carry", "least")
"""How many times an amount the largest coefficient of a row may be, and which variables are amounts. A row is brought to `LARGE` by its largest; what is then less than 10⁻⁹ HiGHS passes over.
Proofs take up to twice as long where amounts are brought nearer to the rest."""


@dataclass(frozen=True)
class Scales:
    """What the columns and rows of one problem are brought to size by."""

    columns: Sequence[int]
    """What one of each variable stands for in the solver."""
    rows: NDArray[np.float64]
    """What each row is multiplied by, so that its largest coefficient is about `LARGE`."""

    @classmethod
    def of(cls, rows: Rows) -> Scales:
        """Return the scales of these rows."""
        columns = _columns(rows)
        largest = (
            max(
                (abs(value) * columns[at] for value, at in zip(row.coefficients, row.columns, strict=True)),
                default=1,
            )
            for row in rows.rows
        )
        return cls(columns, np.array([_power_of_two(one) for one in largest]))

    def objective(self, target: Expression) -> float:
        """Return what the objective is multiplied by, so that its largest coefficient is about `LARGE`."""
        pairs = zip(target.linear.coefficients, target.linear.columns, strict=True)
        return _power_of_two(max((abs(value) * self.columns[at] for value, at in pairs), default=1))


def _power_of_two(largest: int) -> float:
    return 1.0 if largest <= LARGE else 2.0 ** -math.ceil(math.log2(largest / LARGE))


def _columns(rows: Rows) -> list[int]:
    """Return what one of each variable stands for: 1, and of amounts of money beside very large ones as large a power of two as makes one of it count beside them.

    A rial left over beside costs of 10¹² is less than the least coefficient that HiGHS knows: it would be passed over, and with it every plan that saves.
    """
    beside: dict[int, int] = {}
    for row in rows.rows:
        amounts = [column for column in row.columns if rows.variables[column].role in AMOUNTS]
        if amounts:
            largest = max(map(abs, row.coefficients))
            beside |= {column: max(largest, beside.get(column, 0)) for column in amounts}
    return [
        2 ** math.ceil(math.log2(beside[at] / FAR)) if beside.get(at, 0) > FAR else 1
        for at in range(len(rows.variables))
    ]
