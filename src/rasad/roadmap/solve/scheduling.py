"""Pure scheduling: everything must be done, people are scarce, and the end should come early (RCPSP). CP-SAT's own intervals fit it best."""

from __future__ import annotations

import threading
from typing import Protocol

from ortools.sat.python import cp_model

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Block, Rows
from rasad.roadmap.solve.cpsat import STATUSES, WORKERS
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.watch import Watch


class Scheduling:
    """One search with CP-SAT over intervals."""

    name = "CP-SAT"

    def __init__(self, problem: Problem, rows: Rows, *, workers: int = WORKERS) -> None:
        self.problem, self.rows = problem, rows
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = workers
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self.solver.stop_search()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search; the watch's best values are its hint."""
        model = _Model(self.problem, self.rows)
        if watch.values is not None:
            model.hint(watch.values)
        solver = self.solver
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.best_bound_callback = lambda bound: watch.bounded(bound, self.name)
        if self._stopped.is_set():
            return Status.CANCELLED, ""
        code = solver.solve(model.model, _Offering(watch, model, self.name))
        if code in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            watch.offer(model.values(solver.value), self.name)
            watch.bounded(solver.best_objective_bound, self.name)
        return STATUSES.get(code, Status.FAILED), str(solver.status_name(code))


class _Model:
    def __init__(self, problem: Problem, rows: Rows) -> None:
        self.rows = rows
        self.model = model = cp_model.CpModel()
        self.starts: dict[int, cp_model.IntVar] = {}
        self.chosen: dict[tuple[int, int], cp_model.IntVar] = {}
        self.blocks = rows.blocks
        self.ends: dict[int, cp_model.IntVar] = {}
        uses: dict[str, list[tuple[cp_model.IntervalVar, int]]] = {}
        by_initiative: dict[int, list[Block]] = {}
        for block in rows.blocks.values():
            by_initiative.setdefault(block.initiative, []).append(block)
        for at, initiative in enumerate(problem.initiatives):
            blocks = by_initiative.get(at, [])
            first = min((block.first for block in blocks), default=0)
            last = max((block.last for block in blocks), default=-1)
            if last < first:
                model.add_bool_or([])
                continue
            start = self.starts[at] = model.new_int_var(first, last, "")
            end = self.ends[at] = model.new_int_var(0, problem.horizon.count, "")
            for block in blocks:
                mode = initiative.modes[block.mode]
                chosen = self.chosen[at, block.mode] = model.new_bool_var("")
                model.add(start >= block.first).only_enforce_if(chosen)
                model.add(start <= block.last).only_enforce_if(chosen)
                model.add(end == start + mode.duration).only_enforce_if(chosen)
                needs = {skill: values[0] for skill, values in mode.skills.items() if values and values[0]}
                if needs:
                    size = max(mode.duration, 1)
                    interval = model.new_optional_fixed_size_interval_var(start, size, chosen, "")
                    for skill, need in needs.items():
                        uses.setdefault(skill, []).append((interval, need))
            model.add_exactly_one([self.chosen[at, block.mode] for block in blocks])
        self._precede(problem)
        self._share(problem, uses)
        makespan = model.new_int_var(0, problem.horizon.count, "")
        for end in self.ends.values():
            model.add(makespan >= end)
        model.minimize(makespan)

    def _precede(self, problem: Problem) -> None:
        for at, initiative in enumerate(problem.initiatives):
            for required in initiative.requires:
                other = problem.places[required.initiative]
                if at in self.starts and other in self.starts:
                    reached = self.ends if required.after == "completion" else self.starts
                    self.model.add(self.starts[at] >= reached[other] + required.lag)

    def _share(self, problem: Problem, uses: dict[str, list[tuple[cp_model.IntervalVar, int]]]) -> None:
        for limit in problem.limits.skills:
            used = uses.get(limit.skill, [])
            most = max(limit.amounts)
            # Where there is less of a skill than at most, an interval that stands still takes the difference.
            gaps = [(self.model.new_fixed_size_interval_var(t, 1, ""), most - amount)
                    for t, amount in enumerate(limit.amounts) if amount < most]  # fmt: skip
            intervals = [interval for interval, _ in [*used, *gaps]]
            self.model.add_cumulative(intervals, [need for _, need in [*used, *gaps]], most)

    def hint(self, values: tuple[int, ...]) -> None:
        for (at, mode), chosen in self.chosen.items():
            block = self.blocks[at, mode]
            self.model.add_hint(chosen, values[block.chosen])
            if values[block.chosen]:
                start = block.last - sum(values[block.column : block.chosen + 1]) + 1
                self.model.add_hint(self.starts[at], start)

    def values(self, value: _Value) -> list[int]:
        """Return the values of the rows' variables; auxiliary ones follow from them."""
        found = [0] * len(self.rows.variables)
        for (at, mode), chosen in self.chosen.items():
            block = self.blocks[at, mode]
            if value(chosen):
                begun = block.column + value(self.starts[at]) - block.first
                found[begun : block.chosen + 1] = [1] * (block.chosen + 1 - begun)
        return found


class _Value(Protocol):
    def __call__(self, variable: cp_model.IntVar, /) -> int: ...


class _Offering(cp_model.CpSolverSolutionCallback):
    def __init__(self, watch: Watch, model: _Model, name: str) -> None:
        super().__init__()
        self._watch, self._model, self._name = watch, model, name

    def on_solution_callback(self) -> None:
        self._watch.offer(self._model.values(self.value), self._name)
