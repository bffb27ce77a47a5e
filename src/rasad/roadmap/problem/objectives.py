"""What makes one plan better than another: targets, and how they are taken together."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rasad.roadmap.problem.parts import Count, Id, Part, Points, Weight


class _Target(Part):
    maximise: ClassVar[bool] = False
    weight: Weight = Field(1, description="For the method `weighted`.")
    slack: Points = Field(
        0,
        description="For `lexicographic`: which share of its best value may be given up for those after it.",
    )


class GoalTarget(_Target):
    """As much as possible for a goal: benefit × probability over the horizon, in ten-thousandths of its unit."""

    maximise: ClassVar[bool] = True
    kind: Literal["goal"]
    goal: Id


class CostTarget(_Target):
    """As little spending as possible over the horizon."""

    kind: Literal["cost"]
    categories: tuple[Id, ...] = Field((), description="Empty: all.")


class CompletionTarget(_Target):
    """Complete as early as possible.

    last: the number of periods until everything that is chosen is complete. each: the sum, over initiatives, of the periods until it is complete;
    one that is not complete by the horizon's end counts its length and one.
    """

    kind: Literal["completion"]
    of: Literal["last", "each"] = "last"
    initiatives: tuple[Id, ...] = Field((), description="Empty: all.")


class ChangeTarget(_Target):
    """As little change as possible against the published plan: a sum over initiatives."""

    kind: Literal["change"]
    added: Count = Field(10, description="For one that was not in the plan.")
    dropped: Count = Field(10, description="For one that is no longer in it.")
    moved: Count = Field(1, description="For each period that its start moves.")
    mode: Count = Field(3, description="For another mode.")


class LeastTarget(_Target):
    """As much as possible for the district or unit that gets least by its weight.

    What one gets (spending, or benefit × probability of a goal) ÷ its weight, rounded down; of these the least.
    """

    maximise: ClassVar[bool] = True
    kind: Literal["least"]
    by: Literal["district", "unit"] = "district"
    of: Literal["spending", "benefit"] = "spending"
    goal: str = Field("", description="For benefit: of which goal.")


Target = Annotated[
    GoalTarget | CostTarget | CompletionTarget | ChangeTarget | LeastTarget, Field(discriminator="kind")
]


def in_money(target: Target) -> bool:
    """Return whether a target is counted in money: spending, or the least spending that anyone gets."""
    return target.kind == "cost" or (target.kind == "least" and target.of == "spending")


class Objective(Part):
    """The targets, and how they are taken together.

    weighted: their sum by weight; goals and the least count for, cost, completion and change against. lexicographic: the first as well as
    possible, then the next without giving up more than its slack. front: all plans of which none is better in every target.
    """

    method: Literal["weighted", "lexicographic", "front"] = "weighted"
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
