"""From a problem to its rows. Read `build` as the list of contents."""

from __future__ import annotations

from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import limits, selection, targets
from rasad.roadmap.rows.building import Sheet
from rasad.roadmap.rows.table import Rows
from rasad.roadmap.rows.windows import add_steps


def build(problem: Problem, *, named_windows: bool = False, complete_by: int | None = None) -> Rows:
    """Return the rows of a problem.

    `named_windows`: every limit has a group of rows, earliest starts and deadlines too, and none is used to tighten another; for explaining.
    Otherwise windows are as tight as all limits together make them; for solving. `complete_by`: only plans of which everything is complete at the
    beginning of that period, where a plan is known that is.
    """
    sheet = Sheet(problem, named_windows, complete_by)
    add_steps(sheet)
    selection.add_structure(sheet)
    selection.add_windows(sheet)
    selection.add_requirements(sheet)
    selection.add_groups(sheet)
    bonuses = selection.add_synergies(sheet)
    selection.add_choices(sheet)
    limits.add_budgets(sheet)
    limits.add_category_shares(sheet)
    limits.add_skills(sheet)
    limits.add_running(sheet)
    limits.add_fairness(sheet)
    goals = targets.goal_expressions(sheet, bonuses)
    limits.add_goal_limits(sheet, goals)
    expressions = targets.target_expressions(sheet, goals)
    return Rows(
        variables=tuple(sheet.variables),
        rows=tuple(sheet.rows),
        groups=sheet.groups,
        targets=expressions,
        goals=goals,
        blocks=sheet.blocks,
        defined=tuple(sheet.defined),
    )
