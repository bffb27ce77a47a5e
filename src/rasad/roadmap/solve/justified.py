"""Good schedules soon: a genetic algorithm over orders, each made into a schedule in one pass and justified to the right and back to the left.

It finds what a search for proofs finds late, and proves nothing: it runs beside an engine that does. (Kolisch and Hartmann 2006; Valls, Ballestín and Quintanilla 2008.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from random import Random

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Rows
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.watch import Watch

MANY = 40
"""Orders that are kept."""
STALE = 60
"""Generations without a better schedule after which all but the best are drawn anew."""
EARLY = 3.0
"""How strongly what has little slack is drawn first: the bias of regret-based sampling (Drexl 1991)."""

Order = list[int]
Starts = list[int]


class Justified:
    """One search, for problems of pure scheduling in which everything has one mode."""

    name = "GA"

    def __init__(self, problem: Problem, rows: Rows, *, seed: int = 1) -> None:
        self.rows = rows
        self.random = Random(seed)  # noqa: S311
        self.shop = Shop(problem)
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search until the time is up or the bound is met."""
        end = time.monotonic() + seconds
        best: int | None = None
        if not self.shop.possible:
            return Status.TIME, ""
        for length, starts in self._found():
            if best is None or length < best:
                best = length
                values = self._values(starts)
                if values is not None:
                    watch.offer(values, self.name)
            if self._stopped.is_set() or watch.met or time.monotonic() >= end:
                break
        return (Status.OPTIMAL if watch.met else Status.TIME), ""

    def _found(self) -> Iterator[tuple[int, Starts]]:
        """Yield schedules without end, each by its length."""
        kept: list[tuple[int, Order]] = []
        while True:
            # All but the best begin anew; the best stays, and what comes of it.
            kept = kept[:1]
            while len(kept) < MANY:
                length, starts = self.shop.justified(self._drawn())
                kept.append((length, self.shop.order_of(starts)))
                yield length, starts
            kept.sort(key=lambda one: one[0])
            stale = 0
            while stale < STALE:
                before = kept[0][0]
                self.random.shuffle(kept)
                born = []
                for (_long, one), (_other, other) in zip(kept[::2], kept[1::2], strict=True):
                    for first, second in ((one, other), (other, one)):
                        length, starts = self.shop.justified(self._mutated(self._crossed(first, second)))
                        born.append((length, self.shop.order_of(starts)))
                        yield length, starts
                kept = _fittest(kept + born)
                stale = 0 if kept[0][0] < before else stale + 1

    def _drawn(self) -> Order:
        """Return an order that is drawn: what has little slack sooner."""
        shop, found = self.shop, []
        waiting = [len(ones) for ones in shop.before]
        ready = [one for one, count in enumerate(waiting) if not count]
        while ready:
            most = max(shop.latest[one] for one in ready)
            weights = [(most - shop.latest[one] + 1) ** EARLY for one in ready]
            [one] = self.random.choices(ready, weights)
            ready.remove(one)
            found.append(one)
            for other, _far in shop.after[one]:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
        return found

    def _crossed(self, one: Order, other: Order) -> Order:
        """Return a part of one order, and the rest as the other has it (two points; Hartmann 1998)."""
        low, high = sorted(self.random.sample(range(len(one) + 1), 2)) if len(one) > 1 else (0, 1)
        head = one[:low]
        taken = set(head)
        middle = [at for at in other if at not in taken][: high - low]
        taken.update(middle)
        return head + middle + [at for at in one if at not in taken]

    def _mutated(self, order: Order) -> Order:
        """Return the order with some neighbours swapped where nothing forbids it."""
        found = list(order)
        for at in range(len(found) - 1):
            one, other = found[at], found[at + 1]
            if self.random.random() < 0.05 and other not in self.shop.direct[one]:
                found[at], found[at + 1] = other, one
        return found

    def _values(self, starts: Starts) -> list[int] | None:
        """Return the values of the rows' variables; None where something would start outside of its window."""
        found = [0] * len(self.rows.variables)
        for (at, _mode), block in self.rows.blocks.items():
            if starts[at] not in block.starts:
                return None
            begun = block.column + starts[at] - block.first
            found[begun : block.chosen + 1] = [1] * (block.chosen + 1 - begun)
        return found


def _fittest(orders: list[tuple[int, Order]]) -> list[tuple[int, Order]]:
    """Return the shortest, no order twice as far as there are others."""
    orders.sort(key=lambda one: one[0])
    seen: set[tuple[int, ...]] = set()
    first: list[tuple[int, Order]] = []
    again: list[tuple[int, Order]] = []
    for one in orders:
        key = tuple(one[1])
        (again if key in seen else first).append(one)
        seen.add(key)
    return (first + again)[:MANY]


class Shop:
    """What must be done, in what order, with what: schedules are made in one pass, forwards or backwards.

    What is free in a period is one number, a field of bits for each skill with a bit on guard above it: a need fits where taking it away leaves every guard
    in its place.
    """

    def __init__(self, problem: Problem) -> None:
        initiatives = problem.initiatives
        count = len(initiatives)
        self.lengths = [one.modes[0].duration for one in initiatives]
        self.first = [one.earliest_start for one in initiatives]
        self.after: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self.before: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for at, one in enumerate(initiatives):
            for required in one.requires:
                other = problem.places[required.initiative]
                far = required.lag + (self.lengths[other] if required.after == "completion" else 0)
                self.after[other].append((at, far))
                self.before[at].append((other, far))
        self.direct = [{other for other, _far in ones} for ones in self.after]
        self._pack(problem)
        ranked = self._ranked()
        self.rank = [0] * count
        for place, at in enumerate(ranked):
            self.rank[at] = place
        self.latest = self._latest(ranked)

    def _pack(self, problem: Problem) -> None:
        skills = [limit.skill for limit in problem.limits.skills]
        amounts = [list(limit.amounts) for limit in problem.limits.skills]
        needs = [
            [(one.modes[0].skills.get(skill) or [0])[0] for skill in skills] for one in problem.initiatives
        ]
        fields = [max([*row, *(need[k] for need in needs)]).bit_length() for k, row in enumerate(amounts)]
        shifts = [sum(fields[:k]) + k for k in range(len(fields))]
        self.guard = sum(1 << (shift + field) for shift, field in zip(shifts, fields, strict=True))
        self.needs = [sum(one << shift for one, shift in zip(need, shifts, strict=True)) for need in needs]
        # What is done at once takes what it needs for its period.
        self.sizes = [
            max(length, 1) if need else 0 for length, need in zip(self.lengths, self.needs, strict=True)
        ]
        # Longer than any schedule made in one pass: one after the other, each after all lags.
        self.span = problem.horizon.count + max(self.first) + sum(max(one, 1) for one in self.lengths)
        self.span += sum(far for ones in self.after for _other, far in ones)
        self.free = [
            self.guard
            # Beyond the horizon there is as much as there ever is, so that everything ends, if too late.
            + sum(
                (row[t] if t < len(row) else max(row)) << shift
                for row, shift in zip(amounts, shifts, strict=True)
            )
            for t in range(2 * self.span)
        ]
        self.possible = all(need[k] <= max(row) for need in needs for k, row in enumerate(amounts))
        # Justified is only where what ends later is what others wait for, and there is as much of a skill in every period.
        self.even = all(len(set(row)) == 1 for row in amounts) and all(
            required.after == "completion" for one in problem.initiatives for required in one.requires
        )

    def _ranked(self) -> list[int]:
        """Return the initiatives, each after all that it requires."""
        found: list[int] = []
        waiting = [len(ones) for ones in self.before]
        ready = [one for one, count in enumerate(waiting) if not count]
        while ready:
            one = ready.pop()
            found.append(one)
            for other, _far in self.after[one]:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
        return found

    def _latest(self, ranked: Order) -> list[int]:
        """Return the latest start of each, counted back from nought, as if there were enough of every skill."""
        found = [-length for length in self.lengths]
        for one in reversed(ranked):
            for other, far in self.after[one]:
                found[one] = min(found[one], found[other] - far)
        return found

    def length(self, starts: Starts) -> int:
        return max(start + long for start, long in zip(starts, self.lengths, strict=True))

    def order_of(self, starts: Starts) -> Order:
        """Return the order in which a schedule starts, each after all that it requires."""
        return sorted(range(len(starts)), key=lambda at: (starts[at], self.latest[at], self.rank[at]))

    def justified(self, order: Order) -> tuple[int, Starts]:
        """Return the schedule of an order, justified to the right and to the left, by its length."""
        starts = self.forwards(order)
        length = self.length(starts)
        if not self.even:
            return length, starts
        ends = sorted(order, key=lambda at: (starts[at] + self.lengths[at], self.rank[at]), reverse=True)
        late = self.backwards(ends, length)
        again = self.forwards(self.order_of(late))
        return min((length, starts), (self.length(again), again), key=lambda one: one[0])

    def forwards(self, order: Order) -> Starts:
        """Return the schedule in which each starts as early as what came before it in the order lets it."""
        starts = [0] * len(order)
        free, guard = self.free.copy(), self.guard
        for at in order:
            start = self.first[at]
            for other, far in self.before[at]:
                start = max(start, starts[other] + far)
            need, size = self.needs[at], self.sizes[at]
            period = start
            while period < start + size:
                if (free[period] - need) & guard != guard:
                    start = period + 1
                period += 1
            for period in range(start, start + size):
                free[period] -= need
            starts[at] = start
        return starts

    def backwards(self, order: Order, end: int) -> Starts:
        """Return the schedule in which each starts as late as what came before it in the order lets it; it may begin before nought."""
        starts = [0] * len(order)
        free, guard, room = self.free.copy(), self.guard, len(self.free) - self.span
        for at in order:
            start = end - self.lengths[at]
            for other, far in self.after[at]:
                start = min(start, starts[other] - far)
            need, size = self.needs[at], self.sizes[at]
            period = start + size - 1
            while period >= start:
                if (free[period + room] - need) & guard != guard:
                    start = period - size
                period -= 1
            for period in range(start, start + size):
                free[period + room] -= need
            starts[at] = start
        return starts
