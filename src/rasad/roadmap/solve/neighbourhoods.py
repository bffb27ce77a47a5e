"""Large-neighbourhood search: most of the best plan is kept, a part of it is freed and solved again, over and over.

It finds better plans where the whole is too large, and proves nothing: it runs beside an engine that does. (Shaw 1998; Pisinger and Ropke 2010.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from random import Random

from ortools.sat.python import cp_model

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Block, Rows
from rasad.roadmap.solve.cpsat import as_model, set_objective
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.watch import Watch

FIRST_SHARE, LEAST, STEP = 0.3, 6, 1.15
"""How much is freed at first (of all initiatives), at least how many, and by how much that grows or shrinks."""
EACH = 2.0
"""Seconds for one neighbourhood."""
_WAIT = 0.05

Free = set[int]
"""Places of the initiatives that are freed."""


class Neighbourhoods:
    """One large-neighbourhood search."""

    name = "LNS"

    def __init__(self, problem: Problem, rows: Rows, *, seed: int = 1) -> None:
        self.problem, self.rows = problem, rows
        self.random = Random(seed)  # noqa: S311
        self.places = sorted({block.initiative for block in rows.blocks.values()})
        self.blocks: dict[int, list[Block]] = {}
        for block in rows.blocks.values():
            self.blocks.setdefault(block.initiative, []).append(block)
        self.linked = _links(problem)
        self.kinds: tuple[Callable[[int, tuple[int, ...]], Free], ...] = (
            self._any,
            self._chain,
            self._window,
            self._unit,
            self._rivals,
        )
        self._stopped = threading.Event()
        self._solver: cp_model.CpSolver | None = None
        self._owners = {
            column: block.initiative
            for block in rows.blocks.values()
            for column in range(block.column, block.chosen + 1)
        }

    def stop(self) -> None:
        self._stopped.set()
        if self._solver is not None:
            self._solver.stop_search()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search until the time is up, from whatever is best at the moment."""
        end = time.monotonic() + seconds
        model, columns = as_model(self.rows)
        set_objective(model, columns, watch)
        share, turn = FIRST_SHARE, 0
        while not self._stopped.is_set() and time.monotonic() < end and not watch.met:
            values = watch.values
            if values is None or not self.places:
                self._stopped.wait(_WAIT)
                continue
            size = min(len(self.places), max(LEAST, round(share * len(self.places))))
            free = self.kinds[turn % len(self.kinds)](size, values)
            turn += 1
            self._fix(model, values, free)
            model.clear_hints()  # type: ignore[no-untyped-call]
            for column, value in zip(columns, values, strict=True):
                model.add_hint(column, value)
            left = min(EACH, end - time.monotonic())
            began = time.monotonic()
            code = self._solve(model, columns, watch, max(left, 0.01))
            took = time.monotonic() - began
            if code == cp_model.OPTIMAL and took < EACH / 3:
                share = min(1.0, share * STEP)
            elif code not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
                share = max(LEAST / max(len(self.places), 1), share / STEP)
        return (Status.OPTIMAL if watch.met else Status.TIME), ""

    def _solve(
        self, model: cp_model.CpModel, columns: list[cp_model.IntVar], watch: Watch, seconds: float
    ) -> int:
        solver = self._solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = self.random.randrange(2**31)
        if self._stopped.is_set():
            return int(cp_model.UNKNOWN)
        code = solver.solve(model)
        if code in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            watch.offer([solver.value(column) for column in columns], self.name)
        return int(code)

    def _fix(self, model: cp_model.CpModel, values: tuple[int, ...], free: Free) -> None:
        """Let the freed initiatives move and hold all others."""
        variables = model.proto.variables
        for column, owner in self._owners.items():
            variable, domain = self.rows.variables[column], variables[column].domain
            domain[0] = variable.lower if owner in free else values[column]
            domain[1] = variable.upper if owner in free else values[column]

    def _any(self, size: int, _values: tuple[int, ...]) -> Free:
        return set(self.random.sample(self.places, size))

    def _filled(self, found: Free, size: int) -> Free:
        rest = [place for place in self.places if place not in found]
        return found | set(self.random.sample(rest, min(len(rest), max(0, size - len(found)))))

    def _chain(self, size: int, _values: tuple[int, ...]) -> Free:
        """Free some that hang together by prerequisites, groups and synergies."""
        found: Free = set()
        waiting = [self.random.choice(self.places)]
        while waiting and len(found) < size // 2:
            here = waiting.pop(0)
            if here not in found:
                found.add(here)
                waiting.extend(self.linked.get(here, ()))
        return self._filled(found, size)

    def _window(self, size: int, values: tuple[int, ...]) -> Free:
        """Free what is under way around one period, and some that are left out."""
        middle = self.random.randrange(self.problem.horizon.count)
        near: list[tuple[int, int]] = []
        for place in self.places:
            for block in self.blocks[place]:
                if values[block.chosen]:
                    start = block.last - sum(values[block.column : block.chosen + 1]) + 1
                    near.append((abs(start + block.duration // 2 - middle), place))
        self.random.shuffle(near)
        found = {place for _far, place in sorted(near, key=lambda pair: pair[0])[: size // 2]}
        return self._filled(found, size)

    def _unit(self, size: int, _values: tuple[int, ...]) -> Free:
        """Free the initiatives of one unit."""
        unit = self.problem.initiatives[self.random.choice(self.places)].unit
        mine = [place for place in self.places if self.problem.initiatives[place].unit == unit]
        self.random.shuffle(mine)
        return self._filled(set(mine[:size]), size)

    def _rivals(self, size: int, _values: tuple[int, ...]) -> Free:
        """Free initiatives that one limit is about."""
        row = self.random.choice(self.rows.rows) if self.rows.rows else None
        owners = sorted({self._owners[c] for c in row.columns if c in self._owners}) if row else []
        self.random.shuffle(owners)
        return self._filled(set(owners[: size // 2]), size)


def _links(problem: Problem) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}

    def link(ids: list[str]) -> None:
        for one in ids:
            here = found.setdefault(problem.places[one], [])
            here.extend(problem.places[other] for other in ids if other != one)

    for initiative in problem.initiatives:
        for required in initiative.requires:
            link([initiative.id, required.initiative])
    for members in [*(g.initiatives for g in problem.groups), *(s.initiatives for s in problem.synergies)]:
        link(list(members))
    return found
