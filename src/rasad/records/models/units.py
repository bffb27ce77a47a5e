"""Units of the municipality (a dated tree), institutions outside it, and posts with their holders."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.problems import Refusal, out_of_order
from rasad.records.trees import below, cycles, own_parent

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

    def within(self, unit: Unit) -> UnitQuerySet:
        """Return a unit and all that stand below it."""
        return self.filter(pk__in=below(Unit, unit.pk))

    def of_it(self) -> UnitQuerySet:
        """Return the IT organisation: the units marked so, and all below them."""
        marked = Unit.objects.filter(is_it=True).values_list("pk", flat=True)
        return self.filter(pk__in={pk for root in marked for pk in below(Unit, root)})


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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: an end that is not after the start, a unit below itself."""
        yield from out_of_order(self, "valid_from", "valid_until", apart=True)
        yield from own_parent(self)

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield units that stand below themselves."""
        yield from cycles(touched)

    def stands(self, on: date) -> bool:
        """Return whether the unit stands on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or self.valid_until > on
        )


class Institution(Audited):
    """An institution (نهاد) outside the municipality, with which it is linked or ought to be."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in INSTITUTION_KINDS], default="government")
    note = models.TextField(blank=True)


class PostQuerySet(AuditedQuerySet):
    """Reads of posts."""

    def held(self, on: date) -> PostQuerySet:
        """Return the posts as they are held on a day."""
        return self.filter(Q(valid_from__lte=on), Q(valid_until__isnull=True) | Q(valid_until__gt=on))


class Post(Audited):
    """A post of a unit and who holds it, from one day until another."""

    KEY = ("unit", "title", "valid_from")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "title", "valid_from"], name="post_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: an end that is not after the start."""
        yield from out_of_order(self, "valid_from", "valid_until", apart=True)
