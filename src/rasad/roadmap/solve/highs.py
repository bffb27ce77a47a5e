"""HiGHS, a branch-and-cut solver in floating point: best where there are few periods. What it finds is checked exactly."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

import highspy
import numpy as np

from rasad.roadmap.rows import Expression, Rows
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.solve.outcome import Status, whole_bound
from rasad.roadmap.solve.scales import Scales
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

FEW = 8
"""Starts of an initiative up to which the search is over starts. Measured: 60 × 5 is proven sooner, most often in less than half of the time."""

MANY = 1000
"""Variables up to which it is. Measured, after seven seconds of one core: 200 × 5 (760 of them) 0.055 % rather than 0.063 %, 500 × 5 (2,100) 0.074 % rather than 0.039 %."""


AS_NEAR = 1e-9
"""How near the value that HiGHS says must be to that of what it returns, as a share of what is added up."""

GAP = 1e-7
"""Between plan and bound, in the objective as it is brought to size: as good as none."""

SHORTEST = 0.05
"""Seconds that must be left for another search."""


class Quiet(highspy.Highs):
    """HiGHS without its greeting, which it would print where others read JSON."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]

    def heed(self, stop: threading.Event) -> None:
        """End a search without whole numbers soon after `stop` is set."""

        def asked(event: highspy.HighsCallbackEvent) -> None:
            if stop.is_set():
                event.interrupt()

        self.cbSimplexInterrupt += asked
        self.cbIpmInterrupt += asked


class Highs:
    """One search with HiGHS. `starts`: over starts rather than steps, the same plans with other cuts; None: where there are few periods."""

    name = "HiGHS"

    def __init__(self, *, threads: int = 0, starts: bool | None = None) -> None:
        self.solver = Quiet()  # type: ignore[no-untyped-call]
        self._threads, self._over_starts = threads, starts
        self._stopped = threading.Event()
        self._waiting: tuple[int, ...] | None = None
        self._form: Starts | None = None
        self._wide: Sequence[int] = ()
        self._mistaken = False

    def stop(self) -> None:
        self._stopped.set()

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search; the watch's best values are where it starts.

        HiGHS 1.16 is known to take a plan that it is given for one of another value, once presolve has changed the model, and to call it the best. What it
        calls the best is therefore held against its value; where they differ, it searches again without being given any.
        """
        end = time.monotonic() + seconds
        found = self._search(watch, seconds, given=True)
        if self._mistaken and not self._stopped.is_set() and end - time.monotonic() > SHORTEST:
            self.solver = Quiet()  # type: ignore[no-untyped-call]
            found = self._search(watch, end - time.monotonic(), given=False)
        return found

    def _search(self, watch: Watch, seconds: float, *, given: bool) -> tuple[Status, str]:
        """Search once; `given`: from the watch's best values, and hearing of better ones."""
        solver, target = self.solver, watch.target
        for name, value in {
            "threads": self._threads,
            "time_limit": float(seconds),
            # Only a proof ends the search.
            "mip_rel_gap": 0.0,
            "mip_abs_gap": GAP,
        }.items():
            solver.setOptionValue(name, value)
        over_starts = few_periods(watch.rows) if self._over_starts is None else self._over_starts
        self._form = Starts(watch.rows, target) if over_starts else None
        if self._form is not None:
            target = self._form.target
        matrix = watch.matrix if self._form is None else Matrix(self._form.rows)
        scales = Scales.of(matrix.rows)
        scale, self._wide = scales.objective(target), scales.columns
        solver.passModel(as_lp(matrix, target, scales))
        if given and watch.values is not None:
            self._start_from(watch.values)
        self._listen(watch, scale, given=given)
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
        # A proof about a plan that does not hold exactly, or is worth something else, proves nothing about those that do.
        if status is Status.OPTIMAL and watch.rows.variables:
            self._mistaken = held and not self._agrees(watch, info, scale)
        if status is Status.OPTIMAL and (
            self._mistaken or not held or self._short_of(watch, info.objective_function_value / scale)
        ):
            status = Status.NUMERIC
        return status, raw

    def _agrees(self, watch: Watch, info: highspy.HighsInfo, scale: float) -> bool:
        """Return whether what the solver returns is worth what it says, its bound is that too, and nobody has a better plan, as near as its arithmetic goes."""
        lp, claimed = self.solver.getLp(), info.objective_function_value
        parts = np.array(lp.col_cost_) * np.array(self.solver.getSolution().col_value)
        near = AS_NEAR * (1 + np.abs(parts).sum())
        whole = whole_bound(watch.target, claimed / scale)
        mixed = highspy.HighsVarType.kInteger in lp.integrality_
        return bool(
            abs(parts.sum() + lp.offset_ - claimed) <= near
            and (not mixed or abs(info.mip_dual_bound - claimed) <= near + GAP)
            and (whole is None or watch.objective is None or not watch.target.better(watch.objective, whole))
        )

    def _short_of(self, watch: Watch, claimed: float) -> bool:
        """Return whether a sum with a least amount that was not held whole may be less than claimed, by more than a billionth, for want of its fraction."""
        columns = watch.target.linear.columns
        if len(columns) == 1 or watch.objective is None:
            return False
        least = any(
            watch.rows.variables[column].role == "least" and self._wide[column] != 1 for column in columns
        )
        return least and abs(claimed - watch.objective) > AS_NEAR * abs(claimed)

    def _plan(self, values: Iterable[float]) -> list[int]:
        """Return the values over steps of what the solver found."""
        found = [round(value * one) for value, one in zip(values, self._wide, strict=True)]
        return found if self._form is None else self._form.to_steps(found)

    def _told(self, values: Sequence[int]) -> list[float]:
        """Return values over steps as the solver takes them."""
        taken = values if self._form is None else self._form.from_steps(values)
        return [value / one for value, one in zip(taken, self._wide, strict=True)]

    def _start_from(self, values: tuple[int, ...]) -> None:
        solution = highspy.HighsSolution()
        solution.col_value = self._told(values)
        self.solver.setSolution(solution)

    def _listen(self, watch: Watch, scale: float, *, given: bool) -> None:
        def improved(event: highspy.HighsCallbackEvent) -> None:
            watch.offer(self._plan(event.data_out.mip_solution), self.name)

        def looked(event: highspy.HighsCallbackEvent) -> None:
            watch.bounded(event.data_out.mip_dual_bound / scale, self.name)
            if self._stopped.is_set():
                event.interrupt()

        def asked(event: highspy.HighsCallbackEvent) -> None:
            found, self._waiting = self._waiting, None
            if found is not None and event.data_in is not None:
                event.data_in.setSolution(np.array(self._told(found)))

        def noticed(values: tuple[int, ...], _objective: int) -> None:
            self._waiting = values

        if given:
            watch.listen(noticed)
            self.solver.cbMipUserSolution += asked
        self.solver.cbMipImprovingSolution += improved
        self.solver.cbMipInterrupt += looked
        self.solver.heed(self._stopped)


def few_periods(rows: Rows) -> bool:
    """Return whether initiatives have so few starts that sums over them stay short, and they are not too many."""
    longest = max((len(block.starts) for block in rows.blocks.values()), default=0)
    return longest <= FEW and len(rows.variables) <= MANY


def as_lp(matrix: Matrix, target: Expression, scales: Scales) -> highspy.HighsLp:
    """Return the rows and the objective as HiGHS takes them, each row and each amount brought to size by a power of two."""
    rows: Rows = matrix.rows
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(rows.variables), len(rows.rows)
    wide, scale = np.array(scales.columns, dtype=float), scales.objective(target)
    cost = np.zeros(lp.num_col_)
    cost[list(target.linear.columns)] = [coefficient * scale for coefficient in target.linear.coefficients]
    lp.col_cost_, lp.offset_ = cost * wide, target.linear.constant * scale
    lp.sense_ = highspy.ObjSense.kMaximize if target.maximise else highspy.ObjSense.kMinimize
    lp.col_lower_ = np.array([float(variable.lower) for variable in rows.variables]) / wide
    lp.col_upper_ = np.array([float(variable.upper) for variable in rows.variables]) / wide
    lp.row_lower_ = (
        np.array([-highspy.kHighsInf if v is None else float(v) for v in matrix.lower]) * scales.rows
    )
    lp.row_upper_ = (
        np.array([highspy.kHighsInf if v is None else float(v) for v in matrix.upper]) * scales.rows
    )
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.starts.astype(np.int32)
    lp.a_matrix_.index_ = matrix.columns.astype(np.int32)
    taken = wide[matrix.columns] if len(matrix.columns) else np.zeros(0)
    lp.a_matrix_.value_ = (
        matrix.coefficients.astype(float) * taken * np.repeat(scales.rows, np.diff(matrix.starts))
    )
    # What is left over follows from what is spent: where any real amount will do, a whole one does. A least amount that is brought to size is rounded down afterwards.
    kinds = {True: highspy.HighsVarType.kContinuous, False: highspy.HighsVarType.kInteger}
    lp.integrality_ = [
        kinds[variable.role == "carry" or one != 1]
        for variable, one in zip(rows.variables, wide, strict=True)
    ]
    return lp
