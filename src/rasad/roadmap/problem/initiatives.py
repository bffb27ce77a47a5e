"""Initiatives: what may be done, in which ways, and how they hang together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from rasad.roadmap.problem.parts import WHOLE_SHARE, Count, Id, Money, Named, Part, Period, Points, Value

Lasting = Annotated[StrictInt, Field(ge=0, le=400)]


class Effect(Part):
    """What an initiative brings a goal once it is complete, in the goal's unit."""

    once: Value = Field(0, description="Brought once, where it is complete by the horizon's end.")
    per_period: tuple[Value, ...] = Field(
        (), description="Brought in the first, second, … period after completion; the last value goes on."
    )


class Mode(Named):
    """One way of doing an initiative: small or full, buy or build."""

    id: Id = "base"
    duration: Lasting = Field(description="Periods from start to completion; 0: at once.")
    costs: dict[str, tuple[Money, ...]] = Field(
        default_factory=dict, description="Category → cost in the first, second, … period of the work."
    )
    run_costs: dict[str, Money] = Field(
        default_factory=dict, description="Category → cost in every period after completion."
    )
    skills: dict[str, tuple[Count, ...]] = Field(
        default_factory=dict, description="Skill → need in the first, second, … period of the work."
    )
    effects: dict[str, Effect] = Field(
        default_factory=dict, description="Goal → what completion brings it, if it succeeds."
    )
    probability: Points = Field(
        WHOLE_SHARE,
        description="Probability of success, in hundredths of a per cent; effects count times it.",
    )


class Requirement(Part):
    """An initiative that must be done before: chosen, and complete (or started) so many periods earlier."""

    initiative: Id
    lag: Lasting = Field(0, description="Periods between its completion (or start) and this one's start.")
    after: Literal["completion", "start"] = "completion"


class Frozen(Part):
    """It is running already: its mode, and when it started. No limit on its own window applies to it any more."""

    mode: Id = "base"
    start: Annotated[StrictInt, Field(ge=-400)] = Field(description="Negative: before the first period.")


class Initiative(Named):
    """One thing that may be done."""

    unit: str = Field("", description="The owner: id of a unit.")
    partners: tuple[Id, ...] = Field((), description="Units that work with the owner.")
    reference_class: Annotated[str, Field(pattern=r"^[^\s/]{0,80}$")] = Field(
        "",
        description="The kind of project that it is: id of the reference class by which its cost and duration may vary.",
    )
    districts: dict[str, Points] = Field(
        default_factory=dict, description="District → its share; what is left is the whole city's."
    )
    goal_shares: dict[str, Points] = Field(
        default_factory=dict, description="Goal → which share of the spending serves it."
    )
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)]
    earliest_start: Period = 0
    deadline: Period | None = Field(None, description="The period by whose end it must be complete.")
    requires: tuple[Requirement, ...] = ()
    mandatory: StrictBool = False
    frozen: Frozen | None = None


class Group(Named):
    """Initiatives of which at least, at most, or exactly so many are chosen. Exclusive: at most one."""

    initiatives: tuple[Id, ...] = Field(min_length=1)
    at_least: Count = 0
    at_most: Count | None = None


class Synergy(Named):
    """Initiatives that are worth more together."""

    initiatives: tuple[Id, ...] = Field(min_length=2)
    kind: Literal["together", "bonus"] = Field(
        "bonus", description="together: all of them or none. bonus: effects from when all are complete."
    )
    effects: dict[str, Effect] = Field(default_factory=dict, description="Goal → bonus, as of a mode.")
    probability: Points = WHOLE_SHARE


class Lock(Named):
    """A choice made by hand."""

    initiative: Id
    choice: Literal["in", "out"] = "in"
    mode: Id | None = Field(None, description="For `in`: in this mode.")
    start: Annotated[StrictInt, Field(ge=-400)] | None = Field(None, description="For `in`: starting then.")
