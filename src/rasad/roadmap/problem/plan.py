"""A plan: which initiatives are chosen, in which mode, and when each starts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt, model_validator

from rasad.roadmap.problem.faults import Fault, FaultsFound
from rasad.roadmap.problem.parts import Id, Part


class Choice(Part):
    """One initiative that is chosen."""

    initiative: Id
    mode: Id = "base"
    start: Annotated[StrictInt, Field(ge=-400)] = Field(
        description="The period, from 0; negative: before the first."
    )


class Plan(Part):
    """What is chosen. An initiative that is not named is left out."""

    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _once_each(self) -> Plan:
        seen: set[str] = set()
        for at, choice in enumerate(self.choices):
            if choice.initiative in seen:
                raise FaultsFound([Fault("twice", f"choices.{at}.initiative", choice.initiative)])
            seen.add(choice.initiative)
        return self

    def of(self, initiative: str) -> Choice | None:
        """Return what is chosen for an initiative; None where it is left out."""
        return next((choice for choice in self.choices if choice.initiative == initiative), None)
