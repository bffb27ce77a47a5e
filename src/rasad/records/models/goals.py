"""Goals: a tree with weights, and the indicators that tell whether a goal comes nearer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.indicators import Indicator
from rasad.records.models.units import Unit
from rasad.records.problems import WHOLE_BP, Refusal, not_a_share, out_of_order
from rasad.records.trees import below, cycles, own_parent


class GoalQuerySet(AuditedQuerySet):
    """Reads of goals."""

    def standing(self, on: date) -> GoalQuerySet:
        """Return the goals that hold on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        )

    def within(self, goal: Goal) -> GoalQuerySet:
        """Return a goal and all that stand below it."""
        return self.filter(pk__in=below(Goal, goal.pk))

    def without_indicator(self) -> GoalQuerySet:
        """Return the goals of which no indicator tells."""
        return self.filter(goal_indicators__isnull=True)


class Goal(Audited):
    """A goal (هدف) in a tree; `weight_bp` is its weight among its siblings, in basis points.

    `is_general`: so wide that money put on it is no focus.
    """

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    weight_bp = models.PositiveIntegerField(default=0)
    is_general = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="goals")
    programme_code = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    indicators: models.ManyToManyField[Indicator, GoalIndicator] = models.ManyToManyField(
        Indicator, through="GoalIndicator", related_name="goals"
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight_bp__lte=WHOLE_BP), name="goal_weight_within_whole"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="goal_not_own_parent"
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a weight beyond the whole, an end before the start, a goal below itself."""
        yield from not_a_share(self, "weight_bp")
        yield from out_of_order(self, "valid_from", "valid_until")
        yield from own_parent(self)

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield goals that stand below themselves, and those whose siblings' weights come to more than the whole on a day."""
        yield from cycles(touched)
        parents = {goal.parent_id for goal in touched}
        siblings: dict[int | None, list[Goal]] = {parent: [] for parent in parents}
        for goal in cls._base_manager.filter(Q(parent__in=parents - {None}) | Q(parent__isnull=True)):
            if goal.parent_id in siblings:
                siblings[goal.parent_id].append(goal)
        heaviest = {parent: _heaviest(goals) for parent, goals in siblings.items()}
        for goal in touched:
            if goal.weight_bp and (weight := heaviest[goal.parent_id]) > WHOLE_BP:
                yield goal, Refusal("weight_bp", "siblings_exceed", str(weight), str(WHOLE_BP))


def _heaviest(goals: list[Goal]) -> int:
    """Return the most that goals weigh together on any day: it is reached on a day on which one of them begins."""
    begins = {goal.valid_from or date.min for goal in goals}
    return max(
        (
            sum(
                goal.weight_bp
                for goal in goals
                if (goal.valid_from or date.min) <= day
                and (goal.valid_until is None or goal.valid_until > day)
            )
            for day in begins
        ),
        default=0,
    )


class GoalIndicator(Audited):
    """An indicator tells of a goal."""

    KEY = ("goal", "indicator")
    REMOVABLE = True

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="goal_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="goal_indicators")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "indicator"], name="goal_indicator_once")
        ]
