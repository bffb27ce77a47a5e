"""A first plan in a second: what must be goes in first, then what brings most for what it takes; then what is short is repaired.

With the values of the relaxation as a guide, what it chooses goes in first, as near as can be to when it starts there.

Works on the rows alone, in floating point; what it finds is checked exactly like any other plan. It may find none where a solver would.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Block, Expression, Rows

Floats = NDArray[np.float64]

_Change = tuple[float, int, "_Move | None", int]
"""How much less is short (negative: better), the initiative, its move (None: out), and its start in it."""

_SOFT = frozenset({"mandatory", "frozen", "group", "synergy", "lock", "fairness", "goal_share", "goal_score"})
"""Kinds of limits that may be broken on the way and are repaired at the end."""


@dataclass(frozen=True)
class _Move:
    """What starting a block does: which rows it touches, and by how much for each start."""

    block: Block
    rows: NDArray[np.int64]
    steps: Floats
    gains: Floats


class Greedy:
    """One search for a first plan."""

    def __init__(
        self, problem: Problem, rows: Rows, target: Expression, guide: Sequence[float] | None = None
    ) -> None:
        self.problem, self.rows, self.guide = problem, rows, guide
        kept = [row for row in rows.rows if not _auxiliary(rows, row.columns)]
        self.lower = np.array([-np.inf if row.lower is None else float(row.lower) for row in kept])
        self.upper = np.array([np.inf if row.upper is None else float(row.upper) for row in kept])
        kinds = [rows.groups[row.group].kind for row in kept]
        shares = [
            kind == "category_share" and row.upper is None for kind, row in zip(kinds, kept, strict=True)
        ]
        self.soft = np.array([kind in _SOFT for kind in kinds], dtype=bool) | np.array(shares, dtype=bool)
        self.size = np.array([float(max(map(abs, row.coefficients), default=1)) for row in kept])
        self.moves = self._moves(kept, target)
        self.by_initiative: dict[int, list[_Move]] = {}
        for move in self.moves:
            self.by_initiative.setdefault(move.block.initiative, []).append(move)
        self.sums = np.zeros(len(kept))
        self.chosen: dict[int, tuple[_Move, int]] = {}
        self._cancel: threading.Event | None = None

    def run(self, seconds: float, cancel: threading.Event | None = None) -> list[int]:
        """Return values for every variable; auxiliary ones are left at nought. `seconds` of this thread's own work; `cancel` ends it with what is chosen until then."""
        self._cancel = cancel
        end = time.thread_time() + seconds
        for at in self._musts():
            if not self._insert_with_required(at):
                self._force(at)
        self._fill(end)
        while self._short() > 1e-9 and not self._over(end):
            if not self._repair() and not self._swap(end):
                break
        if self._short() <= 1e-9:
            # Everything holds: what still fits may come in where it breaks nothing at all.
            self.soft[:] = False
            self._fill(end)
        values = [0] * len(self.rows.variables)
        for move, start in self.chosen.values():
            block = move.block
            values[block.column + start : block.chosen + 1] = [1] * (block.chosen + 1 - block.column - start)
        return values

    def _over(self, end: float) -> bool:
        return time.thread_time() >= end or (self._cancel is not None and self._cancel.is_set())

    def _fill(self, end: float) -> None:
        """Insert whatever is allowed, the best first; again while that lets more in (software makes room for hardware under a cap)."""
        order, more = self._by_worth(), True
        while more and not self._over(end):
            more = False
            for at in order:
                if self._over(end):
                    return
                if at not in self.chosen and self._insert_with_required(at):
                    more = True

    def _moves(self, kept: list, target: Expression) -> list[_Move]:  # type: ignore[type-arg]
        entries: dict[int, list[tuple[int, int]]] = {}
        for at, row in enumerate(kept):
            for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                entries.setdefault(column, []).append((at, coefficient))
        worth = dict(zip(target.linear.columns, target.linear.coefficients, strict=True))
        sign = 1 if target.maximise else -1
        moves = []
        for block in self.rows.blocks.values():
            columns = range(block.column, block.chosen + 1)
            touched = sorted({at for column in columns for at, _ in entries.get(column, ())})
            place = {at: number for number, at in enumerate(touched)}
            steps = np.zeros((len(touched), len(columns)))
            for number, column in enumerate(columns):
                for at, coefficient in entries.get(column, ()):
                    steps[place[at], number] = coefficient
            # Starting at s sets the columns of s and later: sums from behind.
            steps = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
            gains = np.cumsum([sign * worth.get(column, 0) for column in reversed(columns)], dtype=float)[
                ::-1
            ]
            moves.append(_Move(block, np.array(touched, dtype=np.int64), steps, gains))
        return moves

    def _musts(self) -> list[int]:
        """Return what must be chosen, in the order in which the time for it runs out."""
        initiatives = self.problem.initiatives
        locked = {lock.initiative for lock in self.problem.locks if lock.choice == "in"}
        must = [at for at, one in enumerate(initiatives) if one.mandatory or one.id in locked]
        frozen = [at for at, one in enumerate(initiatives) if one.frozen is not None]
        latest = {at: max((m.block.last for m in self.by_initiative.get(at, [])), default=0) for at in must}
        return frozen + sorted(set(must) - set(frozen), key=lambda at: (latest[at], at))

    def _by_worth(self) -> list[int]:
        """Return initiatives that bring something, those first that bring most for the share of the limits that they take."""
        room = np.where(np.isfinite(self.upper) & (self.upper > 0), self.upper, np.inf)
        ratios: dict[int, tuple[float, float]] = {}
        for at, moves in self.by_initiative.items():
            best = 0.0
            for move in moves:
                taken = np.maximum(move.steps, 0).sum(axis=1) / move.steps.shape[1] / room[move.rows]
                best = max(best, float(move.gains.max()) / (1e-6 + float(taken.sum())))
            chosen = sum(self.guide[move.block.chosen] for move in moves) if self.guide else 0.0
            ratios[at] = (round(chosen, 3), best)
        return sorted((at for at in ratios if ratios[at] > (0, 0)), key=lambda at: ratios[at], reverse=True)

    def _insert_with_required(self, at: int) -> bool:
        """Insert an initiative after all that it requires and lacks; all of them or none."""
        before, sums = dict(self.chosen), self.sums.copy()
        if all(self._insert(one) for one in self._lacking(at)):
            return True
        self.chosen, self.sums = before, sums
        return False

    def _lacking(self, at: int) -> list[int]:
        """Return what is required and not chosen, in order, the initiative itself last."""
        found: list[int] = []
        waiting = [(at, False)]
        seen: set[int] = set()
        while waiting:
            here, ready = waiting.pop()
            if ready:
                found.append(here)
                continue
            if here in self.chosen or here in seen:
                continue
            seen.add(here)
            waiting.append((here, True))
            if self.problem.initiatives[here].frozen is None:
                required = self.problem.initiatives[here].requires
                waiting.extend((self.problem.places[one.initiative], False) for one in required)
        return found

    def _allowed(self, move: _Move, sums: Floats) -> NDArray[np.bool_]:
        """Return for each start whether no hard row is broken, or broken further."""
        rows = move.rows
        now, hard = sums[rows], ~self.soft[rows]
        then = now[:, None] + move.steps
        high = np.maximum(self.upper[rows], now)[:, None] + 1e-9
        low = np.minimum(self.lower[rows], now)[:, None] - 1e-9
        good = (then <= high) & (then >= low) | ~hard[:, None]
        return np.asarray(good.all(axis=0))

    def _insert(self, at: int) -> bool:
        """Insert at the best start and mode that is allowed."""
        best: tuple[float, int, _Move] | None = None
        for move in self.by_initiative.get(at, []):
            allowed = self._allowed(move, self.sums)
            if allowed.any():
                worth = np.where(allowed, self._worth(move), -np.inf)
                start = int(worth.argmax())
                if best is None or float(worth[start]) > best[0]:
                    best = float(worth[start]), start, move
        if best is None:
            return False
        self._put(best[2], best[1])
        return True

    def _worth(self, move: _Move) -> Floats:
        """Return how much each start of a block is to be wished: by its gain, or as the guide has it and then near it."""
        block = move.block
        if self.guide is None or not self.guide[block.chosen]:
            return move.gains
        begun = np.array(self.guide[block.column : block.chosen + 1])
        middle = int(np.searchsorted(begun, begun[-1] / 2))
        # Far above any gain: a mode that the guide does not choose is wished by its gain alone.
        return np.asarray(1e15 * begun[-1] - np.abs(np.arange(len(begun)) - middle))

    def _force(self, at: int) -> None:
        """Insert what must be, and what it requires, where that breaks least; what comes after may mend it."""
        for one in self._lacking(at):
            best: tuple[float, float, int, _Move] | None = None
            for move in self.by_initiative.get(one, []):
                then = self._shortness(self.sums[move.rows][:, None] + move.steps, move.rows).sum(axis=0)
                start = int(np.lexsort((-move.gains, then))[0])
                key = (float(then[start]), -float(move.gains[start]))
                if best is None or key < best[:2]:
                    best = (*key, start, move)
            if best is not None:
                self._put(best[3], best[2])

    def _put(self, move: _Move, start: int) -> None:
        self.sums[move.rows] += move.steps[:, start]
        self.chosen[move.block.initiative] = (move, start)

    def _take(self, at: int) -> None:
        move, start = self.chosen.pop(at)
        self.sums[move.rows] -= move.steps[:, start]

    def _short(self) -> float:
        """Return by how much rows are broken, each in its largest coefficient."""
        return float(self._shortness(self.sums, slice(None)).sum())

    def _shortness(self, sums: Floats, rows: slice | NDArray[np.int64]) -> Floats:
        lower, upper, size = self.lower[rows], self.upper[rows], self.size[rows]
        if sums.ndim == 2:
            lower, upper, size = lower[:, None], upper[:, None], size[:, None]
        return np.asarray(np.maximum(np.maximum(lower - sums, sums - upper), 0) / size)

    def _repair(self) -> bool:
        """Make the one insertion, removal or move that repairs most; return whether there was one."""
        best = min(self._changes(), key=lambda change: change[0], default=None)
        if best is None or best[0] > -1e-9:
            return False
        self._change(best)
        return True

    def _changes(self) -> Iterator[_Change]:
        """Yield the best change of each initiative: by how much it shortens what is short, and what it is."""
        for at, moves in self.by_initiative.items():
            there = self.chosen.get(at)
            sums, without = self.sums, 0.0
            if there is not None:
                rows = there[0].rows
                sums = self.sums.copy()
                sums[rows] -= there[0].steps[:, there[1]]
                before, after = self._shortness(self.sums[rows], rows), self._shortness(sums[rows], rows)
                without = float(after.sum() - before.sum())
                if not ((after > before + 1e-9) & ~self.soft[rows]).any():
                    yield without, at, None, 0
            for move in moves:
                change = self._shortness(sums[move.rows][:, None] + move.steps, move.rows).sum(axis=0)
                change = change - self._shortness(sums[move.rows], move.rows).sum() + without
                change = np.where(self._allowed(move, sums), change, np.inf)
                start = int(change.argmin())
                yield float(change[start]), at, move, start

    def _change(self, change: _Change) -> None:
        _by, at, move, start = change
        if at in self.chosen:
            self._take(at)
        if move is not None:
            self._put(move, start)

    def _swap(self, end: float) -> bool:
        """Take one initiative out and make the change that then repairs most, the first such pair that repairs."""
        short = self._short()
        for at in list(self.chosen):
            if self._over(end):
                return False
            move, start = self.chosen[at]
            self._take(at)
            found = min(
                (c for c in self._changes() if c[1] != at), key=lambda change: change[0], default=None
            )
            if found is not None and self._short() + found[0] < short - 1e-9:
                self._change(found)
                return True
            self._put(move, start)
        return False


def _auxiliary(rows: Rows, columns: tuple[int, ...]) -> bool:
    """Return whether a row is about what follows from a plan; what may be left over is taken to be nought."""
    return any(rows.variables[column].role not in ("step", "carry") for column in columns)
