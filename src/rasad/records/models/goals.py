"""Goals: a tree with weights, and the indicators that tell whether a goal comes nearer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited
from rasad.records.models.indicators import Indicator
from rasad.records.models.units import Unit

WHOLE_BP = 10_000
"""Shares and weights are whole basis points: 10,000 are the whole."""


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

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight_bp__lte=WHOLE_BP), name="goal_weight_within_whole"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="goal_not_own_parent"
            ),
        ]


class GoalIndicator(Audited):
    """An indicator tells of a goal."""

    KEY = ("goal", "indicator")

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="goal_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="goal_indicators")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "indicator"], name="goal_indicator_once")
        ]
