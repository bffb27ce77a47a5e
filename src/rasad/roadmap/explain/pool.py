"""Every plan that was seen while searching: what was found for one question is often the answer, or half of it, to another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from rasad.roadmap.rows import Expression, Rows

MOST = 2_000_000
"""Values that are remembered, over all plans; beyond that no plan is added."""


class Pool:
    """Plans that keep the rows. Safe to use from several threads."""

    def __init__(self, rows: Rows, targets: Iterable[Expression]) -> None:
        self._targets = tuple(targets)
        self._most = MOST // max(1, len(rows.variables))
        self._columns: dict[int, list[int]] = {}
        for block in rows.blocks.values():
            self._columns.setdefault(block.initiative, []).append(block.chosen)
        self._seen: dict[tuple[int, ...], tuple[frozenset[int], tuple[int, ...]]] = {}
        self._ranked: list[tuple[tuple[int, ...], tuple[int, ...], frozenset[int]]] = []
        self._counted = 0
        self._lock = threading.Lock()

    def add(self, values: tuple[int, ...], _objective: int = 0) -> None:
        """Take a plan that keeps the rows; as a watch's listener does."""
        if values in self._seen or len(self._seen) >= self._most:
            return
        inside = frozenset(
            at for at, columns in self._columns.items() if any(values[column] for column in columns)
        )
        reached = tuple(target.linear.value(values) for target in self._targets)
        with self._lock:
            self._seen[values] = inside, reached

    def best(
        self, at: int, chosen: bool, rank: Callable[[Sequence[int]], tuple[int, ...]]
    ) -> tuple[int, ...] | None:
        """Return the plan that is ranked highest, by what it reaches of each target, of those with an initiative in (`chosen`) or out.

        `rank` must be the same whenever it is asked: a plan is ranked once.
        """
        with self._lock:
            fresh = list(islice(self._seen.items(), self._counted, None))
            self._counted += len(fresh)
            if fresh:
                more = [(rank(reached), values, inside) for values, (inside, reached) in fresh]
                self._ranked = sorted([*self._ranked, *more], key=lambda one: one[0], reverse=True)
            ranked = self._ranked
        return next((values for _rank, values, inside in ranked if (at in inside) == chosen), None)
