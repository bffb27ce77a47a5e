"""Assets: what was bought, whether it is registered, whether it is in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q, Sum

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.units import Unit
from rasad.records.problems import Refusal, not_negative

ASSET_KINDS = (
    "server",
    "storage",
    "network",
    "computer",
    "printer",
    "phone",
    "camera",
    "licence",
    "other",
)
ASSET_STATES = ("ordered", "in_stock", "in_use", "in_repair", "retired", "lost")


class AssetQuerySet(AuditedQuerySet):
    """Reads of assets."""

    def standing(self) -> AssetQuerySet:
        """Return the assets that were not given up."""
        return self.exclude(state__in=("retired", "lost"))

    def unregistered(self) -> AssetQuerySet:
        """Return what was bought and is not registered."""
        return self.filter(bought_on__isnull=False, registered_on__isnull=True)

    def past_life(self, on: date) -> AssetQuerySet:
        """Return what stands though its life ended before a day."""
        return self.standing().filter(end_of_life__lt=on)

    def unused_licences(self) -> AssetQuerySet:
        """Return licences of which fewer are in use than were bought."""
        return self.standing().filter(kind="licence", used__lt=F("quantity"))

    def by_kind(self) -> AssetQuerySet:
        """Return rows of kind, records, pieces and price."""
        counted = {"records": Count("pk"), "pieces": Sum("quantity"), "worth": Sum("price")}
        found: AssetQuerySet = self.values("kind").annotate(**counted).order_by("kind")
        return found


class Asset(Audited):
    """An asset (دارایی), known by its tag. For licences `quantity` is how many were bought and `used` how many are in use."""

    KEY = ("tag",)

    tag = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ASSET_KINDS], default="other")
    model = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="assets")
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=[(s, s) for s in ASSET_STATES], default="in_use")
    bought_on = models.DateField(null=True, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    price = models.BigIntegerField(null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(null=True, blank=True)
    contract_no = models.CharField(max_length=80, blank=True)
    document_no = models.CharField(max_length=80, blank=True)
    end_of_life = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=80, blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="asset_price_not_negative"
            )
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a price below nought."""
        yield from not_negative(self, "price")
