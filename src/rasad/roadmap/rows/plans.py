"""Between a plan and the values of a problem's variables."""

from __future__ import annotations

from collections.abc import Sequence

from rasad.roadmap.problem import Choice, Plan, Problem
from rasad.roadmap.rows.table import Rows


def decode(problem: Problem, rows: Rows, values: Sequence[int]) -> Plan:
    """Return the plan that the values mean: an initiative starts in the first period by which it has started."""
    choices = []
    for block in rows.blocks.values():
        if values[block.chosen]:
            initiative = problem.initiatives[block.initiative]
            start = block.last - sum(values[block.column : block.chosen + 1]) + 1
            choices.append(
                Choice(initiative=initiative.id, mode=initiative.modes[block.mode].id, start=start)
            )
    return Plan(choices=tuple(choices))


def encode(problem: Problem, rows: Rows, plan: Plan) -> list[int]:
    """Return the values that mean a plan, auxiliary ones included.

    What the rows have no variable for (a start outside its window, an initiative that is gone) is left out.
    """
    values = [0] * len(rows.variables)
    for choice in plan.choices:
        at = problem.places.get(choice.initiative)
        if at is None:
            continue
        modes = [mode.id for mode in problem.initiatives[at].modes]
        block = rows.blocks.get((at, modes.index(choice.mode))) if choice.mode in modes else None
        if block is not None and block.first <= choice.start <= block.last:
            begun = block.column + choice.start - block.first
            values[begun : block.chosen + 1] = [1] * (block.chosen + 1 - begun)
    for defined in rows.defined:
        variable = rows.variables[defined.column]
        # Within its bounds, so that a plan with nothing left breaks a row rather than being owed.
        values[defined.column] = min(max(defined.value(values), variable.lower), variable.upper)
    return values
