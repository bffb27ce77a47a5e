"""Every plan that was seen while searching: what was found for one question is often the answer, or half of it, to another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

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
        """Return the plan that is ranked highest, by what it reaches of each target, of those with an initiative in (`chosen`) or out."""
        with self._lock:
            seen = list(self._seen.items())
        able = [(rank(reached), values) for values, (inside, reached) in seen if (at in inside) == chosen]
        return max(able, key=lambda pair: pair[0])[1] if able else None
