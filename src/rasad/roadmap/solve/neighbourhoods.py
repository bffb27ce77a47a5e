"""Large-neighbourhood search: most of the best plan is kept, a part of it is freed and solved again, over and over.

It finds better plans where the whole is too large, and proves nothing: it runs beside an engine that does. (Shaw 1998; Pisinger and Ropke 2010.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from random import Random

from ortools.sat.python import cp_model

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Block, Rows
from rasad.roadmap.solve.cpsat import as_model, set_objective
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.relaxation import relaxation
from rasad.roadmap.solve.watch import Watch

FIRST_SHARE, LEAST, STEP = 0.3, 6, 1.15
"""How much is freed at first (of all initiatives), at least how many, and by how much that grows or shrinks."""
NEAR, NEAR_WORK = (0.3, 0.5, 0.7), 0.2
"""Which shares of all initiatives are freed one after the other near a plan that is to be changed, and how much work each may be."""
EACH = 2.0
"""Seconds for one neighbourhood, as CP-SAT counts its work: the same on a busy machine."""

Free = set[int]
"""Places of the initiatives that are freed."""


class Neighbourhoods:
    """One large-neighbourhood search.

    `places`: those of the initiatives that may move, where it is known that the others need not. `relaxed`: the relaxation's values, where they are at hand.
    """

    name = "LNS"

    def __init__(
        self,
        problem: Problem,
        rows: Rows,
        *,
        seed: int = 1,
        places: Collection[int] | None = None,
        relaxed: list[float] | None = None,
    ) -> None:
        self.problem, self.rows = problem, rows
        self.random = Random(seed)  # noqa: S311
        there = {block.initiative for block in rows.blocks.values()}
        self.places = sorted(there if places is None else there & set(places)) or sorted(there)
        self.whole = len(self.places) == len(there)
        self.blocks: dict[int, list[Block]] = {}
        for block in rows.blocks.values():
            self.blocks.setdefault(block.initiative, []).append(block)
        self.linked = _links(problem)
        self.kinds: tuple[Callable[[int, tuple[int, ...]], Free], ...] = (
            self._any,
            self._chain,
            self._window,
            self._relaxed,
            self._unit,
            self._rivals,
            self._relaxed,
        )
        self.relaxed = relaxed
        self._followers: Free = set()
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
        if not self.places:
            return Status.TIME, ""
        end = time.monotonic() + seconds
        self._let_follow(watch)
        # Where the relaxation was at hand, a plan was made along it already, and what they differ in comes first.
        first = 0 if self.relaxed is None else self.kinds.index(self._relaxed)
        if self.relaxed is None:
            self._guide(watch, seconds)
        model, columns = as_model(self.rows)
        exact = set_objective(model, columns, watch) == 1
        share, turn, work = FIRST_SHARE, first, EACH
        while not self._stopped.is_set() and time.monotonic() < end and not watch.met:
            values = watch.values
            if values is None:
                # Nothing to keep yet: the whole, for any plan at all, longer each time.
                code, _took = self._solve(model, columns, watch, end - time.monotonic(), work)
                work *= 2
                if code == cp_model.INFEASIBLE:
                    return Status.INFEASIBLE, "INFEASIBLE"
                if code == cp_model.MODEL_INVALID:
                    return Status.REFUSED, "MODEL_INVALID"
                continue
            size = min(len(self.places), max(LEAST, round(share * len(self.places))))
            free = self.kinds[turn % len(self.kinds)](size, values)
            turn += 1
            self._fix(model, values, free)
            model.clear_hints()  # type: ignore[no-untyped-call]
            for column, value in zip(columns, values, strict=True):
                model.add_hint(column, value)
            code, took = self._solve(model, columns, watch, end - time.monotonic(), EACH)
            if code == cp_model.OPTIMAL and exact and self.whole and len(free) == len(self.places):
                # The whole was freed and solved to its end.
                return Status.OPTIMAL, "OPTIMAL"
            if code == cp_model.OPTIMAL and took < EACH / 3:
                share = min(1.0, share * STEP)
            elif code not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
                share = max(LEAST / len(self.places), share / STEP)
        return (Status.OPTIMAL if watch.met else Status.TIME), ""

    def _let_follow(self, watch: Watch) -> None:
        """Free always what the target does not count, such as what is there only because others require it.

        Such initiatives follow what is decided of the others; held, they would hold those too.
        """
        counted = {self._owners.get(column) for column in watch.target.linear.columns}
        if None not in counted:
            own = [place for place in self.places if place in counted]
            if len(own) >= LEAST:
                self._followers = set(self.places) - set(own)
                self.places = own

    def near(self, watch: Watch, values: tuple[int, ...], place: int, seconds: float) -> None:
        """Look for plans that keep most of `values`, which need not hold: what hangs together with one initiative is freed first, then more."""
        end = time.monotonic() + seconds
        model, columns = as_model(self.rows)
        set_objective(model, columns, watch)
        for share in NEAR:
            size = min(len(self.places), max(LEAST, round(share * len(self.places))))
            kept = values if watch.values is None else watch.values
            # The first that is found may be any; once more, it is made better.
            for _again in range(2 if watch.values is None else 1):
                if self._stopped.is_set() or watch.cancel.is_set() or time.monotonic() >= end:
                    return
                self._fix(model, kept, self._around(place, size))
                model.clear_hints()  # type: ignore[no-untyped-call]
                for column, value in zip(columns, kept, strict=True):
                    model.add_hint(column, value)
                self._solve(model, columns, watch, end - time.monotonic(), NEAR_WORK)
                kept = kept if watch.values is None else watch.values

    def _guide(self, watch: Watch, seconds: float) -> None:
        """Solve the relaxation, and make a plan along it."""
        self.relaxed = relaxation(watch, seconds)
        if self.relaxed is not None and not self._stopped.is_set():
            greedy = Greedy(self.problem, self.rows, watch.target, self.relaxed)
            watch.offer(greedy.run(min(2.0, seconds)), self.name)

    def _solve(
        self,
        model: cp_model.CpModel,
        columns: list[cp_model.IntVar],
        watch: Watch,
        seconds: float,
        work: float,
    ) -> tuple[int, float]:
        """Solve for so many seconds and so much work at most; return CP-SAT's status and how much work it was."""
        solver = self._solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.max_deterministic_time = work
        solver.parameters.stop_after_first_solution = watch.values is None
        solver.parameters.random_seed = self.random.randrange(2**31)
        if self._stopped.is_set():
            return int(cp_model.UNKNOWN), 0.0
        code = solver.solve(model)
        if code in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            watch.offer([solver.value(column) for column in columns], self.name)
        return int(code), float(solver.deterministic_time)

    def _fix(self, model: cp_model.CpModel, values: tuple[int, ...], free: Free) -> None:
        """Let the freed initiatives move and hold all others."""
        variables = model.proto.variables
        free = free | self._followers
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
        return self._around(self.random.choice(self.places), size)

    def _around(self, place: int, size: int) -> Free:
        found: Free = set()
        waiting = [place]
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

    def _relaxed(self, size: int, values: tuple[int, ...]) -> Free:
        """Free what the relaxation has otherwise than the plan, the most different first (RINS; Danna, Rothberg and Le Pape 2005)."""
        if self.relaxed is None:
            return self._any(size, values)
        apart = []
        for place in self.places:
            columns = (c for b in self.blocks[place] for c in range(b.column, b.chosen + 1))
            # Shaken a little, so that the same plan is not freed in the same way twice.
            apart.append(
                (sum(abs(self.relaxed[c] - values[c]) for c in columns) * self.random.uniform(0.5, 1), place)
            )
        apart.sort(reverse=True)
        return self._filled({place for far, place in apart[:size] if far > 1e-6}, size)

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
