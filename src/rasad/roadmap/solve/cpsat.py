"""CP-SAT, a constraint solver in whole numbers: its proofs are exact, and it is best where there are many periods."""

from __future__ import annotations

import math
import threading

from ortools.sat.python import cp_model

from rasad.roadmap.rows import Expression, Row, Rows
from rasad.roadmap.solve.matrix import SAFE, reach_of
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.watch import Watch

STATUSES = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.TIME,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.TIME,
    cp_model.MODEL_INVALID: Status.REFUSED,
}

WORKERS = 8
"""Measured on two cores: with 2 workers the bound stands still for a minute where 8 prove in a second."""
LIMB = 2**40
"""Where a row is too large for 64 bits it is said in two parts, each smaller than this."""


class CpSat:
    """One search with CP-SAT."""

    name = "CP-SAT"

    def __init__(self, *, workers: int = WORKERS, seed: int = 1) -> None:
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = workers
        self.solver.parameters.random_seed = seed
        if workers == 1:
            self.solver.parameters.linearization_level = 2
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self.solver.stop_search()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search; the watch's best values are its hint."""
        model, columns = as_model(watch.rows)
        scale = set_objective(model, columns, watch)
        if watch.values is not None:
            for column, value in zip(columns, watch.values, strict=True):
                model.add_hint(column, value)
        solver = self.solver
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.best_bound_callback = lambda bound: watch.bounded(_loosened(watch, bound, scale), self.name)
        if self._stopped.is_set():
            return Status.CANCELLED, ""
        code = solver.solve(model, _Offering(watch, columns, self))
        status = STATUSES.get(code, Status.FAILED)
        if code in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            watch.offer([solver.value(column) for column in columns], self.name)
            watch.bounded(_loosened(watch, solver.best_objective_bound, scale), self.name)
        if scale != 1 and status is Status.OPTIMAL and not watch.met:
            status = Status.LIMIT
        return status, str(solver.status_name(code))


class _Offering(cp_model.CpSolverSolutionCallback):
    def __init__(self, watch: Watch, columns: list[cp_model.IntVar], engine: CpSat) -> None:
        super().__init__()
        self._watch, self._columns, self._engine = watch, columns, engine

    def on_solution_callback(self) -> None:
        self._watch.offer([self.value(column) for column in self._columns], self._engine.name)


def as_model(rows: Rows) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Return a model of the rows, and its variables in their order."""
    model = cp_model.CpModel()
    columns = [model.new_int_var(variable.lower, variable.upper, "") for variable in rows.variables]
    for row in rows.rows:
        add_row(model, columns, rows, row)
    return model, columns


def add_row(model: cp_model.CpModel, columns: list[cp_model.IntVar], rows: Rows, row: Row) -> None:
    """Add a row, in two parts where 64 bits do not hold its sum."""
    if not row.columns:
        if (row.lower or 0) > 0 or (row.upper is not None and row.upper < 0):
            model.add_bool_or([])
        return
    largest = sum(
        abs(coefficient) * max(abs(rows.variables[column].lower), abs(rows.variables[column].upper))
        for column, coefficient in zip(row.columns, row.coefficients, strict=True)
    )
    if max(largest, abs(row.lower or 0), abs(row.upper or 0)) >= SAFE // 2:
        _add_in_parts(model, columns, rows, row)
        return
    taken = [columns[column] for column in row.columns]
    total = cp_model.LinearExpr.weighted_sum(taken, list(row.coefficients))
    lower = -SAFE if row.lower is None else row.lower
    upper = SAFE if row.upper is None else row.upper
    model.add_linear_constraint(total, lower, upper)


def _add_in_parts(model: cp_model.CpModel, columns: list[cp_model.IntVar], rows: Rows, row: Row) -> None:
    """Say Σ a x as LIMB · (Σ h x + c) + r, where a = LIMB · h + l, Σ l x = LIMB · c + r and 0 ≤ r < LIMB; then compare parts."""
    taken = [columns[column] for column in row.columns]
    low = [int(math.fmod(a, LIMB)) if abs(a) < LIMB else a - LIMB * (a // LIMB) for a in row.coefficients]
    high = [(a - part) // LIMB for a, part in zip(row.coefficients, low, strict=True)]
    reach = [
        max(abs(rows.variables[column].lower), abs(rows.variables[column].upper)) for column in row.columns
    ]
    most = sum(abs(part) * far for part, far in zip(low, reach, strict=True)) // LIMB + 2
    carried = model.new_int_var(-most, most, "")
    rest = model.new_int_var(0, LIMB - 1, "")
    weighted = cp_model.LinearExpr.weighted_sum
    model.add(weighted(taken, low) == LIMB * carried + rest)
    top = weighted(taken, high) + carried
    if row.upper is not None:
        whole, part = divmod(row.upper, LIMB)
        over = model.new_bool_var("")
        model.add(rest <= part + (LIMB - 1 - part) * over)
        model.add(top + over <= whole)
    if row.lower is not None:
        whole, part = divmod(row.lower, LIMB)
        under = model.new_bool_var("")
        model.add(rest >= part - part * under)
        model.add(top - under >= whole)


def set_objective(model: cp_model.CpModel, columns: list[cp_model.IntVar], watch: Watch) -> int:
    """Set the objective, divided by its greatest common divisor; return the power of two that it was rounded by, 1 where exact."""
    target = watch.target
    step = _step(target)
    scale = 1
    while reach_of(target.linear, watch.rows) // (step * scale) >= SAFE // 8:
        scale *= 2
    taken = [columns[column] for column in target.linear.columns]
    coefficients = [coefficient // (step * scale) for coefficient in target.linear.coefficients]
    total = cp_model.LinearExpr.weighted_sum(taken, coefficients)
    if target.maximise:
        model.maximize(total)
    else:
        model.minimize(total)
    return scale


def _loosened(watch: Watch, bound: float, scale: int) -> float:
    """Return a bound on the whole objective from one on the divided and rounded one."""
    target = watch.target
    found = bound * _step(target) * scale
    if scale != 1 and target.maximise:
        # Each coefficient was rounded down by less than one step of the scale.
        reach = [watch.rows.variables[column].upper for column in target.linear.columns]
        found += _step(target) * scale * sum(reach)
    return found + target.linear.constant


def _step(target: Expression) -> int:
    return math.gcd(*target.linear.coefficients) or 1
