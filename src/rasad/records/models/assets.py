"""Assets: what was bought, whether it is registered, whether it is in use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rasad.records.audited import Audited
from rasad.records.models.units import Unit

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

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="asset_price_not_negative"
            )
        ]
