"""What is done with goals: their tree, their weights, the indicators that tell of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.actions.sets import put_in_place
from rasad.records.changes import changing
from rasad.records.models import Account, Goal, GoalIndicator, Indicator


def add_goal(*, code: str, title: str, by: Account | None, why: str = "", **values: Any) -> Goal:
    """Add a goal. ValidationError where it cannot stand: weights of siblings beyond the whole, a goal below itself."""
    with changing(by=by, action="goal.add", why=why) as change:
        return change.add(Goal(**resolved(Goal, {"code": code, "title": title, **values})))


def change_goal(*, goal: Goal, seen: int, by: Account | None, why: str = "", **values: Any) -> Goal:
    """Change what is said of a goal. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="goal.change", why=why) as change:
        return change.update(goal, seen=seen, **resolved(Goal, values))


def move_goal(
    *, goal: Goal, seen: int, parent: Goal | None, weight_bp: int, by: Account | None, why: str = ""
) -> Goal:
    """Put a goal below another, or at the top, with its weight among those there. ValidationError where it would stand below itself."""
    with changing(by=by, action="goal.move", why=why) as change:
        return change.update(goal, seen=seen, parent=parent, weight_bp=weight_bp)


def weigh(
    *, weights: Mapping[Goal, int], seen: Mapping[Goal, int], by: Account | None, why: str = ""
) -> None:
    """Give goals beside one another their weights, in one change; `seen` has the version of each as whoever decided had it."""
    with changing(by=by, action="goal.weigh", why=why) as change:
        for goal, weight in weights.items():
            change.update(goal, seen=seen[goal], weight_bp=weight)


def end_goal(*, goal: Goal, seen: int, on: date, by: Account | None, why: str = "") -> Goal:
    """Say from which day a goal no longer holds; it stays in view with what was spent on it."""
    with changing(by=by, action="goal.end", why=why) as change:
        return change.update(goal, seen=seen, valid_until=on)


def set_indicators(
    *, goal: Goal, indicators: Collection[Indicator], seen: str | None, by: Account | None, why: str = ""
) -> None:
    """Make these the indicators that tell of a goal. `seen`: see `actions.sets.fingerprint`."""
    wanted = [GoalIndicator(goal=goal, indicator=indicator) for indicator in indicators]
    with changing(by=by, action="goal.set_indicators", why=why) as change:
        put_in_place(change, goal, GoalIndicator, "goal", wanted, seen)
