"""Reference classes: how much dearer and longer than planned projects of a kind became, as data (Flyvbjerg 2008).

A factor is what came of a plan ÷ what was planned, in hundredths of a per cent: 10000 is as planned, 13000 is 30 % more.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from rasad.roadmap.problem.faults import Fault, FaultsFound
from rasad.roadmap.problem.initiatives import Initiative
from rasad.roadmap.problem.parts import WHOLE_SHARE, Id, Named, Part, Points

Factor = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class Fixed(Part):
    """Always the same."""

    kind: Literal["fixed"] = "fixed"
    factor: Factor = WHOLE_SHARE


class Empirical(Part):
    """As it was: each factor as probable as any other, and what lies between two neighbours too."""

    kind: Literal["empirical"]
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]


class Triangular(Part):
    """From `low` to `high`, `mode` being the most probable."""

    kind: Literal["triangular"]
    low: Factor
    mode: Factor
    high: Factor

    @model_validator(mode="after")
    def _in_order(self) -> Triangular:
        if not self.low <= self.mode <= self.high:
            raise FaultsFound([Fault("in_order", "", f"{self.low}, {self.mode}, {self.high}", "low ≤ mode ≤ high")])  # fmt: skip
        return self


class Lognormal(Part):
    """As probable above `median` as below, and in one case of ten above `ninetieth`."""

    kind: Literal["lognormal"]
    median: Annotated[Factor, Field(ge=1)]
    ninetieth: Annotated[Factor, Field(ge=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Lognormal:
        if self.median > self.ninetieth:
            raise FaultsFound([Fault("in_order", "", f"{self.median}, {self.ninetieth}", "median ≤ ninetieth")])  # fmt: skip
        return self


Spread = Annotated[Fixed | Empirical | Triangular | Lognormal, Field(discriminator="kind")]


class ReferenceClass(Named):
    """A kind of project. `source` says where its figures are from; `projects` how many finished ones they rest on."""

    cost: Spread = Fixed()
    duration: Spread = Fixed()
    source: str = ""
    projects: Annotated[StrictInt, Field(ge=0)] = 0


class Uncertainty(Part):
    """How uncertain the initiatives of a problem are.

    `of`: initiative → id of its class; of one that it does not name, the class that the initiative itself says, where there is one of that id. `otherwise`: the class of
    the rest; empty: they go as planned. `shared`: which share of the variation is common to all (prices, one short-handed department), in hundredths of a per cent;
    the rest is each initiative's own.
    """

    version: Literal[1] = 1
    classes: tuple[ReferenceClass, ...] = ()
    of: dict[str, Id] = Field(default_factory=dict)
    otherwise: str = ""
    shared: Points = 0

    @model_validator(mode="after")
    def _classes_known(self) -> Uncertainty:
        known = [one.id for one in self.classes]
        faults = [
            Fault("twice", f"classes.{at}.id", id_) for at, id_ in enumerate(known) if id_ in known[:at]
        ]
        faults += [
            Fault("not_known", f"of.{key}", id_, "classes")
            for key, id_ in self.of.items()
            if id_ not in known
        ]
        if self.otherwise and self.otherwise not in known:
            faults.append(Fault("not_known", "otherwise", self.otherwise, "classes"))
        if faults:
            raise FaultsFound(faults)
        return self

    def class_of(self, initiative: Initiative) -> ReferenceClass | None:
        """Return the class of an initiative; None where it goes as planned."""
        known = {one.id: one for one in self.classes}
        named = self.of.get(initiative.id) or initiative.reference_class
        return known.get(named) or known.get(self.otherwise)
