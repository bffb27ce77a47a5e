"""Reference classes from a city's own finished projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StrictInt

from rasad.roadmap.problem.parts import WHOLE_SHARE, Id, Part
from rasad.roadmap.uncertainty.classes import Empirical, ReferenceClass

LEAST = 5
"""Finished projects that a class of its own needs; with fewer, all projects together stand for it."""
MOST_FACTOR = 1_000_000


class Finished(Part):
    """A finished project: what was planned and what came of it, cost in any one unit and duration in any one unit."""

    id: Id
    kind: Id = Field(description="Id of the reference class.")
    planned_cost: Annotated[StrictInt, Field(ge=1)]
    actual_cost: Annotated[StrictInt, Field(ge=0)]
    planned_duration: Annotated[StrictInt, Field(ge=1)]
    actual_duration: Annotated[StrictInt, Field(ge=0)]


class Fit(Part):
    """Classes as finished projects have them. `pooled`: those with so few of their own that all projects together stand for them."""

    classes: tuple[ReferenceClass, ...]
    pooled: tuple[str, ...] = ()


def fit(finished: Sequence[Finished], *, least: int = LEAST) -> Fit:
    """Return a reference class for each kind of finished project, each factor as it was: no shape is assumed."""
    kinds = sorted({project.kind for project in finished})
    classes, pooled = [], []
    for kind in kinds:
        own = [project for project in finished if project.kind == kind]
        meant = own
        if len(own) < least:
            pooled.append(kind)
            meant = list(finished)
        classes.append(
            ReferenceClass(
                id=kind,
                cost=_factors([(one.actual_cost, one.planned_cost) for one in meant]),
                duration=_factors([(one.actual_duration, one.planned_duration) for one in meant]),
                projects=len(meant),
            )
        )
    return Fit(classes=tuple(classes), pooled=tuple(pooled))


def _factors(pairs: list[tuple[int, int]]) -> Empirical:
    """Return actual ÷ planned in hundredths of a per cent, rounded to the nearest."""
    found = sorted(
        min(MOST_FACTOR, (2 * WHOLE_SHARE * actual + planned) // (2 * planned)) for actual, planned in pairs
    )
    return Empirical(kind="empirical", factors=tuple(found))
