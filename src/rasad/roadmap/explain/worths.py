"""What one step more of a limit is worth: the problem with the limit a step wider, solved again."""

from __future__ import annotations

import threading
from typing import Any

import highspy
import numpy as np

from rasad.roadmap.explain.base import Base
from rasad.roadmap.explain.result import Worth
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import Group, encode
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.highs import Quiet, as_lp, objective_scale
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
    """Return what a step more of a limit is worth, as far as `seconds` do; None where there cannot be more of it."""
    limit = base.rows.groups[group]
    step = _step(base.problem, limit)
    wider = widened(base.problem, limit, step)
    if wider is None:
        return None
    rows = rows_of(wider)
    found = base.again(wider, rows, seconds, stop, encode(wider, rows, base.plan))
    if found.objective is None:
        return None
    sign = 1 if base.target.maximise else -1
    least = max(0, sign * (found.objective - base.bound))
    most = None if found.bound is None else max(0, sign * (found.bound - base.objective))
    return Worth(
        limit=limit,
        step=step,
        words=_words(base.problem, limit, step),
        left=_left(base, limit),
        at_least=least,
        at_most=most,
    )


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
        value: Any = problem
        for part in limit.field.split("."):
            value = value[int(part)] if part.isdigit() else getattr(value, part)
        return max(1, int(value) // 100)
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
    """Return what a step of each limit is worth at the margin in the relaxation, where that is anything."""
    solver = Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    lp = as_lp(base.matrix, base.target, objective_scale(base.target))
    lp.integrality_ = []
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return {}
    duals = np.abs(np.array(solver.getSolution().row_dual))
    found: dict[str, float] = {}
    for row, dual in zip(base.rows.rows, duals, strict=True):
        group = base.rows.groups[row.group]
        if group.kind in STEPPED and dual > 1e-9:
            found[row.group] = max(
                found.get(row.group, 0.0), float(dual) * _step(base.problem, group) / row.scale
            )
    return found
