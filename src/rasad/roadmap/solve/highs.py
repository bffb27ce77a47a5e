"""HiGHS, a branch-and-cut solver in floating point: best where there are few periods. What it finds is checked exactly."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence

import highspy
import numpy as np

from rasad.roadmap.rows import Expression, Rows
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.starts import Starts
from rasad.roadmap.solve.watch import Watch

STATUSES = {
    "kOptimal": Status.OPTIMAL,
    "kInfeasible": Status.INFEASIBLE,
    # Without an unbounded variable it means that no plan holds.
    "kUnboundedOrInfeasible": Status.INFEASIBLE,
    "kUnbounded": Status.UNBOUNDED,
    "kTimeLimit": Status.TIME,
    "kIterationLimit": Status.LIMIT,
    "kSolutionLimit": Status.LIMIT,
    "kObjectiveBound": Status.LIMIT,
    "kObjectiveTarget": Status.LIMIT,
    "kInterrupt": Status.CANCELLED,
    "kHighsInterrupt": Status.CANCELLED,
    "kMemoryLimit": Status.MEMORY,
    "kModelEmpty": Status.OPTIMAL,
    "kModelError": Status.REFUSED,
    "kLoadError": Status.REFUSED,
    "kPresolveError": Status.FAILED,
    "kSolveError": Status.FAILED,
    "kPostsolveError": Status.FAILED,
    "kUnknown": Status.FAILED,
    "kNotset": Status.FAILED,
}
"""Every status of HiGHS, by its name, and what it means here."""

LARGE = 2**10
"""Coefficients are brought to about this size, by powers of two, which round nothing."""


FEW = 8
"""Starts of an initiative up to which the search is over starts. Measured: 60 × 5 is proven sooner, most often in less than half of the time."""

MANY = 1000
"""Variables up to which it is. Measured, after seven seconds of one core: 200 × 5 (760 of them) 0.055 % rather than 0.063 %, 500 × 5 (2,100) 0.074 % rather than 0.039 %."""


class Quiet(highspy.Highs):
    """HiGHS without its greeting, which it would print where others read JSON."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Highs:
    """One search with HiGHS. `starts`: over starts rather than steps, the same plans with other cuts; None: where there are few periods."""

    name = "HiGHS"

    def __init__(self, *, threads: int = 0, starts: bool | None = None) -> None:
        self.solver = Quiet()  # type: ignore[no-untyped-call]
        self._threads, self._over_starts = threads, starts
        self._stopped = threading.Event()
        self._waiting: tuple[int, ...] | None = None
        self._form: Starts | None = None

    def stop(self) -> None:
        self._stopped.set()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search; the watch's best values are where it starts."""
        solver, target = self.solver, watch.target
        for name, value in {
            "threads": self._threads,
            "time_limit": float(seconds),
            # Only a proof ends the search.
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-7,
        }.items():
            solver.setOptionValue(name, value)
        over_starts = few_periods(watch.rows) if self._over_starts is None else self._over_starts
        self._form = Starts(watch.rows, target) if over_starts else None
        if self._form is not None:
            target = self._form.target
        scale = objective_scale(target)
        matrix = watch.matrix if self._form is None else Matrix(self._form.rows)
        solver.passModel(as_lp(matrix, target, scale))
        if watch.values is not None:
            self._start_from(watch.values)
        self._listen(watch, scale)
        solver.run()
        model = solver.getModelStatus()
        raw = solver.modelStatusToString(model)
        status = STATUSES.get(model.name, Status.FAILED)
        info = solver.getInfo()
        if status is not Status.INFEASIBLE and watch.rows.variables:
            watch.bounded(info.mip_dual_bound / scale, self.name)
        held = True
        if info.primal_solution_status == 2:
            held = watch.offer(self._plan(solver.getSolution().col_value), self.name)
        if not watch.rows.variables:
            held = watch.offer([], self.name)
            status = status if held else Status.INFEASIBLE
        # A proof about a plan that does not hold exactly proves nothing about those that do.
        return (status if held or status is not Status.OPTIMAL else Status.NUMERIC), raw

    def _plan(self, values: Iterable[float]) -> list[int]:
        """Return the values over steps of what the solver found."""
        found = [round(value) for value in values]
        return found if self._form is None else self._form.to_steps(found)

    def _told(self, values: Sequence[int]) -> list[float]:
        """Return values over steps as the solver takes them."""
        return [float(value) for value in (values if self._form is None else self._form.from_steps(values))]

    def _start_from(self, values: tuple[int, ...]) -> None:
        solution = highspy.HighsSolution()
        solution.col_value = self._told(values)
        self.solver.setSolution(solution)

    def _listen(self, watch: Watch, scale: float) -> None:
        def improved(event: highspy.HighsCallbackEvent) -> None:
            watch.offer(self._plan(event.data_out.mip_solution), self.name)

        def interrupted(event: highspy.HighsCallbackEvent) -> None:
            if self._stopped.is_set():
                event.interrupt()

        def looked(event: highspy.HighsCallbackEvent) -> None:
            watch.bounded(event.data_out.mip_dual_bound / scale, self.name)
            interrupted(event)

        def given(event: highspy.HighsCallbackEvent) -> None:
            found, self._waiting = self._waiting, None
            if found is not None and event.data_in is not None:
                event.data_in.setSolution(np.array(self._told(found)))

        def noticed(values: tuple[int, ...], _objective: int) -> None:
            self._waiting = values

        watch.listen(noticed)
        self.solver.cbMipImprovingSolution += improved
        self.solver.cbMipUserSolution += given
        self.solver.cbMipInterrupt += looked
        self.solver.cbSimplexInterrupt += interrupted
        self.solver.cbIpmInterrupt += interrupted


def few_periods(rows: Rows) -> bool:
    """Return whether initiatives have so few starts that sums over them stay short, and they are not too many."""
    longest = max((len(block.starts) for block in rows.blocks.values()), default=0)
    return longest <= FEW and len(rows.variables) <= MANY


def objective_scale(target: Expression) -> float:
    """Return the power of two that brings the largest coefficient of the objective to about `LARGE`."""
    return power_of_two(max(map(abs, target.linear.coefficients), default=1))


def power_of_two(largest: int) -> float:
    return 1.0 if largest <= LARGE else 2.0 ** -math.ceil(math.log2(largest / LARGE))


def as_lp(matrix: Matrix, target: Expression, scale: float) -> highspy.HighsLp:
    """Return the rows and the objective as HiGHS takes them, each row brought to size by a power of two."""
    rows: Rows = matrix.rows
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(rows.variables), len(rows.rows)
    cost = np.zeros(lp.num_col_)
    cost[list(target.linear.columns)] = [coefficient * scale for coefficient in target.linear.coefficients]
    lp.col_cost_, lp.offset_ = cost, target.linear.constant * scale
    lp.sense_ = highspy.ObjSense.kMaximize if target.maximise else highspy.ObjSense.kMinimize
    lp.col_lower_ = np.array([float(variable.lower) for variable in rows.variables])
    lp.col_upper_ = np.array([float(variable.upper) for variable in rows.variables])
    scales = np.array([power_of_two(max(map(abs, row.coefficients), default=1)) for row in rows.rows])
    lp.row_lower_ = np.array([-highspy.kHighsInf if v is None else float(v) for v in matrix.lower]) * scales
    lp.row_upper_ = np.array([highspy.kHighsInf if v is None else float(v) for v in matrix.upper]) * scales
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.starts.astype(np.int32)
    lp.a_matrix_.index_ = matrix.columns.astype(np.int32)
    lp.a_matrix_.value_ = matrix.coefficients.astype(float) * np.repeat(scales, np.diff(matrix.starts))
    # What is left over follows from what is spent: where any real amount will do, a whole one does.
    kinds = {True: highspy.HighsVarType.kContinuous, False: highspy.HighsVarType.kInteger}
    lp.integrality_ = [kinds[variable.role == "carry"] for variable in rows.variables]
    return lp
