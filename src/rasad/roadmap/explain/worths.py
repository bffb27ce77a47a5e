"""What one step more of a limit is worth: the problem with the limit a step wider, solved again."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from rasad.roadmap.explain.base import Base, Stage
from rasad.roadmap.explain.result import Worth
from rasad.roadmap.explain.searching import again
from rasad.roadmap.infeasible.elastic import amount_of
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import Group, encode
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.highs import Quiet, as_lp
from rasad.roadmap.solve.matrix import Matrix
from rasad.roadmap.solve.scales import Scales
from rasad.roadmap.wording import Amount, Share, Value, Words

SHARES = ("category_share", "fairness", "goal_share")
"""Limits that are a share: a step is one hundredth."""
STEPPED = ("budget", "skill", "running", *SHARES, "goal_score")


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def candidates(base: Base) -> list[str]:
    """Return the limits that may bind: those that have a price in the relaxation, the dearest first, then those of which less than a step is left."""
    prices = _prices(base)
    sums = base.matrix.sums(base.values)
    tight: dict[str, None] = {}
    for row, total in zip(base.rows.rows, sums, strict=True):
        group = base.rows.groups[row.group]
        if group.kind not in STEPPED:
            continue
        left = min(
            row.upper - int(total) if row.upper is not None else int(total) - (row.lower or 0),
            int(total) - row.lower if row.lower is not None else (row.upper or 0) - int(total),
        )
        step = _step(base.problem, group)
        if left * row.scale < (step if group.kind in ("budget", "skill", "running") else 1):
            tight[row.group] = None
    priced = sorted(prices, key=lambda group: -prices[group])
    # A limit that is written once for several periods is widened once.
    found: dict[str, str] = {}
    for id_ in [*priced, *tight]:
        found.setdefault(_field(base.rows.groups[id_]), id_)
    return list(found.values())


def worth(base: Base, group: str, seconds: float, stop: threading.Event) -> Worth | None:
    """Return what a step more of a limit is worth, as far as `seconds` do: of the first target that gains by it. None where there cannot be more of it."""
    limit = base.rows.groups[group]
    step = _step(base.problem, limit)
    wider = widened(base.problem, limit, step)
    if wider is None:
        return None
    end = time.monotonic() + seconds
    rows = rows_of(wider)
    # The rows' own: a wider limit may have variables that the plan's rows lack.
    targets = rows.in_order(wider.objective.method)
    values: Sequence[int] = encode(wider, rows, base.plan)
    gained: Worth | None = None
    for number, (stage, target) in enumerate(zip(base.stages, targets, strict=False)):
        left = max(0.05, end - time.monotonic()) if number else seconds
        found = again(wider, rows, target, left, stop, values=values)
        if found.objective is None or found.values is None:
            break
        values = found.values
        least = max(0, stage.sign * (found.objective - stage.bound))
        most = None if found.bound is None else max(0, stage.sign * (found.bound - stage.objective))
        gained = Worth(
            limit=limit,
            step=step,
            words=_words(base.problem, limit, step),
            left=_left(base, limit),
            target=number,
            at_least=least,
            at_most=most,
        )
        if most != 0 or stop.is_set() or time.monotonic() >= end:
            break
        rows = rows.plus([target.reaching(stage.kept)])
    return gained


def widened(problem: Problem, limit: Group, step: int) -> Problem | None:
    """Return the problem with one limit a step wider; None where it is as wide as can be."""
    data = problem.model_dump(mode="json")
    holder: Any = data
    *parents, last = _field(limit).split(".")
    for part in parents:
        holder = holder[int(part)] if part.isdigit() else holder[part]
    key: int | str = int(last) if last.isdigit() else last
    wider = holder[key] + step if _more(limit) else holder[key] - step
    if limit.kind in SHARES and not 0 <= wider <= WHOLE_SHARE:
        wider = min(max(wider, 0), WHOLE_SHARE)
        if wider == holder[key]:
            return None
    holder[key] = wider
    return parse(data)


def _field(limit: Group) -> str:
    """Return the path of the figure that a limit is about."""
    return (
        f"{limit.field}.at_least" if limit.kind in ("fairness", "goal_share", "goal_score") else limit.field
    )


def _more(limit: Group) -> bool:
    return limit.kind in ("budget", "skill", "running") or limit.field.endswith(".at_most")


def _step(problem: Problem, limit: Group) -> int:
    """Return a step of a limit in its own unit: a hundredth of money, one person, one initiative, one hundredth of a share."""
    if limit.kind == "budget":
        return max(1, amount_of(problem, limit) // 100)
    return WHOLE_SHARE // 100 if limit.kind in SHARES else 1


def _words(problem: Problem, limit: Group, step: int) -> Words:
    if limit.kind == "budget":
        amount: Value = Amount(step, problem.currency)
        return Words(_n("one hundredth more money (%(amount)s)"), {"amount": amount})
    if limit.kind == "skill":
        return Words(_n("one more of the skill"))
    if limit.kind == "running":
        return Words(_n("one more running at once"))
    if limit.kind in SHARES:
        return Words(_n("the share %(share)s wider"), {"share": Share(step)})
    return Words(_n("one less to reach"))


def _left(base: Base, limit: Group) -> int | None:
    """Return how much of an amount the plan leaves."""
    if limit.kind not in ("budget", "skill", "running"):
        return None
    sums = base.matrix.sums(base.values)
    left = [
        (row.upper - int(total)) * row.scale
        for row, total in zip(base.rows.rows, sums, strict=True)
        if row.group == limit.id and row.upper is not None
    ]
    return min(left, default=None)


def _prices(base: Base) -> dict[str, float]:
    """Return what a step of each limit is worth at the margin in the relaxation of a target, where that is anything."""
    found: dict[str, float] = {}
    for stage in base.stages:
        for group, price in _stage_prices(base, stage).items():
            found.setdefault(group, price)
    return found


def _stage_prices(base: Base, stage: Stage) -> dict[str, float]:
    solver = Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    lp = as_lp(Matrix(stage.rows), stage.target, Scales.of(stage.rows))
    lp.integrality_ = []
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return {}
    duals = np.abs(np.array(solver.getSolution().row_dual))
    found: dict[str, float] = {}
    for row, dual in zip(stage.rows.rows, duals, strict=True):
        group = base.rows.groups[row.group]
        if group.kind in STEPPED and dual > 1e-9:
            found[row.group] = max(
                found.get(row.group, 0.0), float(dual) * _step(base.problem, group) / row.scale
            )
    return found
