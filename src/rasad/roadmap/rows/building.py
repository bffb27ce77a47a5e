"""The sheet that rows are written on: variables, groups and rows, with whole-number arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows.table import STRUCTURE, Block, Defined, Group, Linear, Role, Row, Variable

Terms = Iterable[tuple[int, int]]
"""Pairs of column and coefficient; a column may come more than once."""


def linear(terms: Terms, constant: int = 0) -> Linear:
    """Return the sum of `terms`, each column once, those that cancel left out."""
    total: dict[int, int] = {}
    for column, coefficient in terms:
        total[column] = total.get(column, 0) + coefficient
    kept = {column: coefficient for column, coefficient in total.items() if coefficient}
    return Linear(tuple(kept), tuple(kept.values()), constant)


@dataclass
class Sheet:
    """Rows in the making."""

    problem: Problem
    named_windows: bool = False
    complete_by: int | None = None
    variables: list[Variable] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=lambda: {STRUCTURE.id: STRUCTURE})
    blocks: dict[tuple[int, int], Block] = field(default_factory=dict)
    defined: list[Defined] = field(default_factory=list)

    def variable(self, name: str, role: Role, upper: int = 1, lower: int = 0) -> int:
        """Add a variable; return its column."""
        self.variables.append(Variable(name, lower, upper, role))
        return len(self.variables) - 1

    def define(self, column: int, parts: Iterable[tuple[Linear, int]]) -> None:
        """Say what an auxiliary variable is: the least of ⌊expression ÷ divisor⌋."""
        self.defined.append(Defined(column, tuple(parts)))

    def group(self, group: Group) -> str:
        """Add a group; return its id."""
        self.groups[group.id] = group
        return group.id

    def row(
        self,
        group: str,
        terms: Terms,
        *,
        lower: int | None = None,
        upper: int | None = None,
        constant: int = 0,
    ) -> None:
        """Add lower ≤ Σ terms + constant ≤ upper.

        Both sides are divided by the greatest common divisor of the coefficients and rounded inwards, which no whole solution notices. A row that
        nothing can break is left out.
        """
        total = linear(terms)
        lower = None if lower is None else lower - constant
        upper = None if upper is None else upper - constant
        if not total.columns and (lower is None or lower <= 0) and (upper is None or upper >= 0):
            return
        scale = math.gcd(*total.coefficients) or 1
        self.rows.append(
            Row(
                group,
                total.columns,
                tuple(coefficient // scale for coefficient in total.coefficients),
                None if lower is None else -(-lower // scale),
                None if upper is None else upper // scale,
                scale,
            )
        )

    def blocks_of(self, initiative: int) -> Iterator[Block]:
        """Yield the blocks of an initiative, one for each mode that it can be done in."""
        for mode in range(len(self.problem.initiatives[initiative].modes)):
            block = self.blocks.get((initiative, mode))
            if block is not None:
                yield block

    def started(self, initiative: int, period: int) -> Terms:
        """Return "has started by `period`"."""
        found = (block.by(period) for block in self.blocks_of(initiative))
        return [(column, 1) for column in found if column is not None]

    def complete(self, initiative: int, period: int) -> Terms:
        """Return "is complete at the beginning of `period`"."""
        found = (block.by(period - block.duration) for block in self.blocks_of(initiative))
        return [(column, 1) for column in found if column is not None]

    def chosen(self, initiative: int) -> Terms:
        """Return "is chosen"."""
        return [(block.chosen, 1) for block in self.blocks_of(initiative)]


def times(factor: int, terms: Terms) -> Terms:
    """Return `terms` multiplied."""
    return [(column, factor * coefficient) for column, coefficient in terms]
