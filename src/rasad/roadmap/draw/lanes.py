"""What a plan's bars are grouped by."""

from __future__ import annotations

from rasad.roadmap.verify import Figures, Work
from rasad.roadmap.wording import Name


def lanes(figures: Figures, by: str) -> list[tuple[Name, list[Work]]]:
    """Return the works under their unit, or (by "goal") their main goal, in the problem's order, each lane's by their start."""
    problem = figures.problem
    named = problem.goals if by == "goal" else problem.units
    nobody = Name("بی هدف", "no goal") if by == "goal" else Name("بی واحد", "no unit")
    names = {**{one.id: one.name for one in named}, "": nobody}
    found: dict[str, list[Work]] = {id_: [] for id_ in names}
    for work in sorted(figures.works.values(), key=lambda one: (one.start, one.complete, one.initiative.id)):
        key = _main_goal(figures, work) if by == "goal" else work.initiative.unit
        found[key].append(work)
    return [(names[id_], works) for id_, works in found.items() if works]


def _main_goal(figures: Figures, work: Work) -> str:
    """Return the goal that most of the spending serves, else the one that most benefit goes to."""
    shares = work.initiative.goal_shares
    if shares:
        return max(shares, key=lambda goal: shares[goal])
    found = {goal: figures.brought(work, goal) for goal in work.mode.effects}
    return max(found, key=lambda goal: found[goal], default="")
