"""Units of the municipality (a dated tree), institutions outside it, and posts with their holders."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet

UNIT_KINDS = ("department", "organisation", "company", "district", "section", "office", "other")
INSTITUTION_KINDS = (
    "government",
    "judiciary",
    "utility",
    "bank",
    "university",
    "company",
    "association",
    "other",
)


class UnitQuerySet(AuditedQuerySet):
    """Reads of units."""

    def standing(self, on: date) -> UnitQuerySet:
        """Return the units that stand on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        )


class Unit(Audited):
    """A unit (واحد): a node of the municipality's tree, from one day until another.

    `code` is the one that ledgers name it by. `is_it` marks the IT organisation.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in UNIT_KINDS], default="department")
    is_it = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="unit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="unit_not_own_parent"
            ),
        ]


class Institution(Audited):
    """An institution (نهاد) outside the municipality, with which it is linked or ought to be."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in INSTITUTION_KINDS], default="government")
    note = models.TextField(blank=True)


class Post(Audited):
    """A post of a unit and who holds it, from one day until another."""

    KEY = ("unit", "title", "valid_from")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "title", "valid_from"], name="post_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]
