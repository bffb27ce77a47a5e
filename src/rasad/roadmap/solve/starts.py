"""Rows over starts instead of steps: X_t = Y_t − Y_(t−1), "starts in t".

What a period takes is a sum of mixed signs over steps, and one of amounts over starts of which an initiative has one. Covers of such rows are what branch and cut
thrives on; over steps it does not see them. Both say the same, and the relaxation is as tight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rasad.roadmap.rows import STRUCTURE, Block, Expression, Linear, Row, Rows


class Starts:
    """The rows and a target over starts. A block's columns stand for its starts in the same places."""

    def __init__(self, rows: Rows, target: Expression) -> None:
        self.blocks = list(rows.blocks.values())
        self._owner = {c: block for block in self.blocks for c in range(block.column, block.chosen + 1)}
        kept = [self._row(row) for row in rows.rows if not self._monotone(row)]
        self.rows = replace(rows, rows=(*kept, *self._once()))
        self.target = replace(target, linear=self._linear(target.linear))

    def from_steps(self, values: Sequence[int]) -> list[int]:
        """Return the values over starts of values over steps."""
        found = list(values)
        for block in self.blocks:
            for column in range(block.chosen, block.column, -1):
                found[column] = values[column] - values[column - 1]
        return found

    def to_steps(self, values: Sequence[int]) -> list[int]:
        """Return the values over steps of values over starts."""
        found = list(values)
        for block in self.blocks:
            for column in range(block.column + 1, block.chosen + 1):
                found[column] = found[column - 1] + values[column]
        return found

    def _monotone(self, row: Row) -> bool:
        """Return whether a row says only that what has started stays started: over starts it is a bound of nought."""
        if row.group != STRUCTURE.id or len(row.columns) != 2 or row.lower is not None or row.upper != 0:
            return False
        one, other = row.columns
        return (
            row.coefficients == (1, -1)
            and other == one + 1
            and one in self._owner
            and self._owner[one] is self._owner.get(other)
        )

    def _once(self) -> list[Row]:
        """Return that an initiative starts once; where it has several modes its rows say so already."""
        of: dict[int, list[Block]] = {}
        for block in self.blocks:
            of.setdefault(block.initiative, []).append(block)
        found = []
        for block in (blocks[0] for blocks in of.values() if len(blocks) == 1):
            columns = tuple(range(block.column, block.chosen + 1))
            if len(columns) > 1:
                found.append(Row(STRUCTURE.id, columns, (1,) * len(columns), None, 1))
        return found

    def _row(self, row: Row) -> Row:
        total = self._linear(Linear(row.columns, row.coefficients))
        return replace(row, columns=total.columns, coefficients=total.coefficients)

    def _linear(self, linear: Linear) -> Linear:
        """Return an expression over starts: a start's coefficient is the sum of those of its step and the later ones."""
        found: dict[int, int] = {}
        parts: dict[int, dict[int, int]] = {}
        for column, value in zip(linear.columns, linear.coefficients, strict=True):
            if column in self._owner:
                parts.setdefault(self._owner[column].column, {})[column] = value
            else:
                found[column] = value
        for first, part in parts.items():
            total = 0
            for column in range(self._owner[first].chosen, first - 1, -1):
                total += part.get(column, 0)
                if total:
                    found[column] = total
        return Linear(tuple(found), tuple(found.values()), linear.constant)
