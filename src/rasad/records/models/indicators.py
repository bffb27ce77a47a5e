"""Indicators, what is aimed at by when, and what was read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited
from rasad.records.models.units import Unit
from rasad.records.problems import Refusal, out_of_order

DIRECTIONS = ("up", "down", "keep")
FREQUENCIES = ("monthly", "quarterly", "half_yearly", "yearly", "irregular")
QUALITIES = (
    "measured",
    "survey_extrapolation",
    "higher_level_extrapolation",
    "estimate",
    "personal_estimate",
    "untraceable",
)


class Indicator(Audited):
    """An indicator (شاخص): what is counted, in which unit, which way is better, from which baseline."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    definition = models.TextField(blank=True)
    measured_in = models.CharField(max_length=100, blank=True)
    direction = models.CharField(max_length=10, choices=[(d, d) for d in DIRECTIONS], default="up")
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    baseline_date = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    frequency = models.CharField(max_length=20, choices=[(f, f) for f in FREQUENCIES], default="yearly")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="indicators")
    programme_code = models.CharField(max_length=40, blank=True)


class Target(Audited):
    """The value that an indicator is to reach by a day."""

    KEY = ("indicator", "due")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    due = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "due"], name="target_once")]


class Reading(Audited):
    """A reading (مقدار) of an indicator over a period, with what it was divided from and how good it is."""

    KEY = ("indicator", "period_start", "period_end")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    quality = models.CharField(max_length=30, choices=[(q, q) for q in QUALITIES], default="untraceable")
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "period_start", "period_end"], name="reading_once"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="reading_period_in_order"
            ),
            models.CheckConstraint(condition=Q(quality__in=QUALITIES), name="reading_quality_known"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | ~Q(denominator=0), name="reading_not_by_nought"
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a period out of order, division by nought, a value that is not the quotient."""
        yield from out_of_order(self, "period_start", "period_end")
        given = [
            figure for figure in (self.value, self.numerator, self.denominator) if isinstance(figure, Decimal)
        ]
        if self.denominator == 0:
            yield Refusal("denominator", "denominator")
        elif len(given) == 3 and not is_quotient(*given):
            value, numerator, denominator = given
            yield Refusal("value", "not_the_quotient", plain(value), plain(numerator / denominator))


def is_quotient(value: Decimal, numerator: Decimal, denominator: Decimal) -> bool:
    """Return whether the value is the quotient as people write it: as it is, in percent, per thousand … per million, rounded."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(min(exponent, 0) - 1)
    return any(
        abs(value - Decimal(10) ** power * numerator / denominator) <= half for power in (0, 2, 3, 4, 5, 6)
    )


def plain(value: Decimal) -> str:
    """Return a figure in at most six decimals, without noughts at the end."""
    return f"{round(value, 6).normalize():f}"
