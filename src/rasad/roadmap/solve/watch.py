"""What runs beside a search: the best values so far, checked exactly, the bound, and whether to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from rasad.roadmap.rows import Expression, Rows
from rasad.roadmap.solve.matrix import Matrix, completed, first_bound
from rasad.roadmap.solve.outcome import Progress, ProgressCall, whole_bound


class Watch:
    """One target's search, shared by the engines that work on it. Safe to use from their threads."""

    def __init__(
        self,
        rows: Rows,
        target: Expression,
        *,
        progress: ProgressCall | None = None,
        cancel: threading.Event | None = None,
        began: float | None = None,
        stage: int = 0,
    ) -> None:
        self.rows, self.target = rows, target
        self.matrix = Matrix(rows)
        self.values: tuple[int, ...] | None = None
        self.objective: int | None = None
        self.bound = first_bound(rows, target)
        self.refused = 0
        self.cancel = cancel or threading.Event()
        self.began = time.monotonic() if began is None else began
        self._progress, self._stage = progress, stage
        self._lock = threading.Lock()
        self._listeners: list[Callable[[tuple[int, ...], int], None]] = []

    def listen(self, call: Callable[[tuple[int, ...], int], None]) -> None:
        """Call `call(values, objective)` with every better plan, whichever engine finds it."""
        self._listeners.append(call)

    def offer(self, values: Sequence[int], engine: str) -> bool:
        """Take values where they hold exactly and are better than the best so far; return whether they hold."""
        found = tuple(completed(self.rows, values))
        if not self.matrix.holds(found):
            with self._lock:
                self.refused += 1
            return False
        objective = self.target.linear.value(found)
        with self._lock:
            if self.objective is not None and not self.target.better(objective, self.objective):
                return True
            self.values, self.objective = found, objective
        for listener in self._listeners:
            listener(found, objective)
        self._report(engine)
        return True

    def bounded(self, bound: float, engine: str) -> None:
        """Take a bound that no plan can pass, where it is tighter than the one so far; a whole one as it stands."""
        whole = bound if isinstance(bound, int) else whole_bound(self.target, bound)
        if whole is None:
            return
        with self._lock:
            if not self.target.better(self.bound, whole):
                return
            self.bound = whole
        self._report(engine)

    @property
    def met(self) -> bool:
        """Return whether the best so far reaches the bound: it is proven."""
        with self._lock:
            return self.objective is not None and not self.target.better(self.bound, self.objective)

    def _report(self, engine: str) -> None:
        if self._progress is not None:
            seconds = time.monotonic() - self.began
            self._progress(Progress(seconds, engine, self.objective, self.bound, self._stage))
