"""Whether each limit of a conflict is needed: a plan that keeps all the others shows it. One model, in which one limit at a time gives way."""

from __future__ import annotations

from collections.abc import Sequence

from ortools.sat.python import cp_model

from rasad.roadmap.infeasible.parts import only, packed
from rasad.roadmap.rows import Rows
from rasad.roadmap.solve.cpsat import as_model
from rasad.roadmap.solve.matrix import SAFE
from rasad.roadmap.solve.outcome import Status


class Needed:
    """The rows of a conflict as one model."""

    def __init__(self, rows: Rows, groups: Sequence[str]) -> None:
        self.rows = packed(only(rows, groups))
        self.model, self.columns = as_model(self.rows)
        self.gone: set[str] = set()
        self.hint: list[int] | None = None

    @property
    def usable(self) -> bool:
        """Return whether every row is one constraint: a row of nothing, or one beyond 64 bits, is not."""
        return all(row.columns for row in self.rows.rows) and len(self.model.proto.constraints) == len(
            self.rows.rows
        )

    def without(self, group: str, seconds: float) -> Status:
        """Return whether a plan keeps all but one limit and those that are gone: OPTIMAL, INFEASIBLE, or TIME_NONE. Where none does, that one is gone too."""
        given_way = {*self.gone, group}
        for at, row in enumerate(self.rows.rows):
            domain = self.model.proto.constraints[at].linear.domain
            kept = row.group not in given_way
            domain[0] = row.lower if kept and row.lower is not None else -SAFE
            domain[1] = row.upper if kept and row.upper is not None else SAFE
        if self.hint is not None:
            self.model.clear_hints()  # type: ignore[no-untyped-call]
            for column, value in zip(self.columns, self.hint, strict=True):
                self.model.add_hint(column, value)
        status = self._solve(given_way, seconds)
        if status is Status.INFEASIBLE:
            self.gone.add(group)
        return status

    def _solve(self, given_way: set[str], seconds: float) -> Status:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        code = solver.solve(self.model)
        if code == cp_model.INFEASIBLE:
            return Status.INFEASIBLE
        if code not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Status.TIME_NONE
        self.hint = [solver.value(column) for column in self.columns]
        kept = all(row.holds(self.hint) for row in self.rows.rows if row.group not in given_way)
        return Status.OPTIMAL if kept else Status.TIME_NONE
