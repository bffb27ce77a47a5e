"""Rows as arrays: what engines load, and the exact check of a candidate in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.rows import Expression, Linear, Rows

SAFE = 2**62
"""What a sum may come to in 64 bits, with room for one more addition."""


class Matrix:
    """The rows of a problem, row by row: `starts` (rows + 1), `columns` and `coefficients` (entries)."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        lengths = [len(row.columns) for row in rows.rows]
        self.starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.columns = np.array([column for row in rows.rows for column in row.columns], dtype=np.int64)
        entries = [coefficient for row in rows.rows for coefficient in row.coefficients]
        self.lower = [row.lower for row in rows.rows]
        self.upper = [row.upper for row in rows.rows]
        self.reach = np.array(
            [max(abs(variable.lower), abs(variable.upper)) for variable in rows.variables], dtype=object
        )
        # Python's own whole numbers where 64 bits may not hold a row's sum: slower, and as exact.
        self.narrow = all(self.largest(at, entries) < SAFE for at in range(len(rows.rows)))
        self.coefficients: NDArray[np.int64] | NDArray[np.object_] = np.array(
            entries, dtype=np.int64 if self.narrow else object
        )

    def largest(self, at: int, entries: Sequence[int] | None = None) -> int:
        """Return a bound on a row's sum and bounds, whatever the values."""
        row = self.rows.rows[at]
        total = sum(abs(c) * int(self.reach[j]) for c, j in zip(row.coefficients, row.columns, strict=True))
        return max(total, abs(row.lower or 0), abs(row.upper or 0))

    def sums(self, values: Sequence[int]) -> NDArray[np.int64] | NDArray[np.object_]:
        """Return Σ coefficient × value of every row, exactly."""
        taken = np.array(values, dtype=np.int64 if self.narrow else object)[self.columns]
        products = self.coefficients * taken
        # reduceat gives an empty row the entry at its place; such rows come to nought.
        padded = np.append(products, np.zeros(1, dtype=products.dtype))
        totals = np.add.reduceat(padded, self.starts[:-1]) if len(self.lower) else padded[:0]
        totals[self.starts[1:] == self.starts[:-1]] = 0
        return totals

    def holds(self, values: Sequence[int]) -> bool:
        """Return whether every row and every variable's bounds hold, exactly."""
        if any(not v.lower <= x <= v.upper for v, x in zip(self.rows.variables, values, strict=True)):
            return False
        totals = self.sums(values)
        low, high = self._bounds
        return bool(np.all(totals >= low) and np.all(totals <= high))

    def broken(self, values: Sequence[int]) -> NDArray[np.intp]:
        """Return the places of the rows that do not hold, exactly."""
        totals = self.sums(values)
        low, high = self._bounds
        return np.flatnonzero((totals < low) | (totals > high))

    @cached_property
    def _bounds(
        self,
    ) -> tuple[NDArray[np.int64] | NDArray[np.object_], NDArray[np.int64] | NDArray[np.object_]]:
        kind = np.int64 if self.narrow else object
        # What is not bounded is bounded by what no row can come to.
        far = SAFE if self.narrow else 10**60
        low = np.array([-far if value is None else value for value in self.lower], dtype=kind)
        high = np.array([far if value is None else value for value in self.upper], dtype=kind)
        return low, high


def completed(rows: Rows, values: Sequence[int]) -> list[int]:
    """Return the values with every auxiliary variable as its definition has it, within its bounds."""
    found = list(values)
    for defined in rows.defined:
        variable = rows.variables[defined.column]
        found[defined.column] = min(max(defined.value(found), variable.lower), variable.upper)
    return found


def reach_of(linear: Linear, rows: Rows) -> int:
    """Return a bound on the absolute value of an expression."""
    total = abs(linear.constant)
    for column, coefficient in zip(linear.columns, linear.coefficients, strict=True):
        variable = rows.variables[column]
        total += abs(coefficient) * max(abs(variable.lower), abs(variable.upper))
    return total


def first_bound(rows: Rows, target: Expression) -> int:
    """Return a bound that needs no search: every initiative at its best by itself, every other variable at its best."""
    sign = 1 if target.maximise else -1
    worth = dict(zip(target.linear.columns, target.linear.coefficients, strict=True))
    best: dict[int, int] = {}
    for block in rows.blocks.values():
        gain = 0
        for column in range(block.chosen, block.column - 1, -1):
            gain += sign * worth.pop(column, 0)
            best[block.initiative] = max(best.get(block.initiative, 0), gain)
    total = sum(best.values())
    for column, coefficient in worth.items():
        variable = rows.variables[column]
        total += max(sign * coefficient * variable.lower, sign * coefficient * variable.upper)
    return target.linear.constant + sign * total
