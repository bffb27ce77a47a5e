"""The problem: everything that a roadmap is chosen from, and what it must keep. Checked when it is built."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rasad.roadmap.problem.checks import check
from rasad.roadmap.problem.faults import FaultsFound
from rasad.roadmap.problem.initiatives import Group, Initiative, Lock, Synergy
from rasad.roadmap.problem.limits import Limits
from rasad.roadmap.problem.objectives import Objective
from rasad.roadmap.problem.parts import Holder, Horizon, Measured, Named, Part
from rasad.roadmap.problem.plan import Plan

CATEGORIES = (
    Named(id="hardware", title_fa="سخت‌افزار", title_en="hardware"),
    Named(id="software", title_fa="نرم‌افزار", title_en="software"),
    Named(id="services", title_fa="خدمات", title_en="services"),
    Named(id="staff", title_fa="نیروی انسانی", title_en="staff"),
    Named(id="telecom_cloud", title_fa="ارتباطات و ابر", title_en="telecom and cloud"),
)
"""The classes of IT spending that a city plans by, where a problem names no others."""


class Problem(Part):
    """A roadmap to be found. Immutable; building one raises ProblemError through `parse`, with each field that is wrong."""

    version: Literal[1] = 1
    title_fa: str = ""
    title_en: str = ""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "IRR"
    horizon: Horizon
    categories: Annotated[tuple[Named, ...], Field(min_length=1)] = CATEGORIES
    goals: tuple[Measured, ...] = ()
    skills: tuple[Measured, ...] = ()
    units: tuple[Holder, ...] = ()
    districts: tuple[Holder, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    groups: tuple[Group, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    limits: Limits = Limits()
    locks: tuple[Lock, ...] = ()
    published: Plan | None = Field(None, description="The plan that least change is measured against.")
    objective: Objective

    @model_validator(mode="after")
    def _parts_fit(self) -> Problem:
        faults = list(check(self))
        if faults:
            raise FaultsFound(faults)
        return self

    @cached_property
    def places(self) -> dict[str, int]:
        """Return where each initiative stands in `initiatives`, by id."""
        return {initiative.id: at for at, initiative in enumerate(self.initiatives)}

    def holders(self, by: str) -> tuple[Holder, ...]:
        """Return the districts or the units."""
        return self.districts if by == "district" else self.units
