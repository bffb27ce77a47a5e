"""Limits that a plan must keep. Each has an id, so that what binds or contradicts can be named."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from rasad.roadmap.problem.parts import Count, Id, Money, Named, Part, Period, Points, Value


class Budget(Named):
    """What may be spent in each period, in all or on some categories."""

    categories: tuple[Id, ...] = Field((), description="Empty: all spending.")
    amounts: tuple[Money, ...] = Field(description="One for each period.")
    carry_share: Points = Field(
        0, description="Which share of a period's own amount may be left for the next."
    )


class CategoryShare(Named):
    """The share of some categories in all spending: hardware at most so much."""

    categories: Annotated[tuple[Id, ...], Field(min_length=1)]
    at_most: Points | None = None
    at_least: Points | None = None
    per: Literal["period", "horizon"] = "period"
    since: Period = Field(
        0, description="For `period`: the first that it holds in. What was spent before is a fact."
    )


class SkillCapacity(Named):
    """How much of a skill there is in each period."""

    skill: Id
    amounts: tuple[Count, ...] = Field(description="One for each period.")


class Running(Named):
    """How many initiatives a unit may have running at once, against scatter."""

    unit: str = Field("", description="Empty: each unit.")
    at_most: tuple[Count, ...] = Field(description="One for each period, or one for all.")
    partners: StrictBool = Field(False, description="An initiative counts for its partners too.")


class Fairness(Named):
    """A least share for a district or a unit, of what all districts or units get together over the horizon."""

    by: Literal["district", "unit"] = "district"
    whom: str = Field("", description="A district or unit. Empty: each.")
    of: Literal["spending", "benefit"] = "spending"
    goal: str = Field("", description="For benefit: of which goal.")
    at_least: Points


class GoalShare(Named):
    """A least share of all spending over the horizon that serves a goal."""

    goal: Id
    at_least: Points


class GoalScore(Named):
    """A goal must be served by at least so much, in its own unit."""

    goal: Id
    at_least: Value


class Limits(Part):
    """Every limit."""

    budgets: tuple[Budget, ...] = ()
    category_shares: tuple[CategoryShare, ...] = ()
    skills: tuple[SkillCapacity, ...] = ()
    running: tuple[Running, ...] = ()
    fairness: tuple[Fairness, ...] = ()
    goal_shares: tuple[GoalShare, ...] = ()
    goal_scores: tuple[GoalScore, ...] = ()
