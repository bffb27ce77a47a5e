"""The linear relaxation: what the best plan would be if initiatives could be done in part. It bounds, and it guides."""

from __future__ import annotations

import highspy

from rasad.roadmap.solve.highs import Quiet, as_lp
from rasad.roadmap.solve.scales import Scales
from rasad.roadmap.solve.watch import Watch


def relaxation(watch: Watch, seconds: float) -> list[float] | None:
    """Return the values of the best solution in reals, and tell the watch its bound; None where the time does not do."""
    if not watch.rows.variables:
        return []
    solver = Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("threads", 1)
    scales = Scales.of(watch.rows)
    lp = as_lp(watch.matrix, watch.target, scales)
    lp.integrality_ = []
    solver.passModel(lp)
    solver.heed(watch.cancel)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    watch.bounded(solver.getInfo().objective_function_value / scales.objective(watch.target), "HiGHS")
    found = solver.getSolution().col_value
    return [float(value) * one for value, one in zip(found, scales.columns, strict=True)]
