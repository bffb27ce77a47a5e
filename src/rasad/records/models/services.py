"""Services to citizens, after the Core Public Service Vocabulary (CPSV-AP): competent unit, channels, cost, time, legal basis."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rasad.records.audited import Audited
from rasad.records.models.units import Unit

CHANNELS = ("in_person", "service_office", "web", "app", "phone", "message", "kiosk", "post")


class Service(Audited):
    """A service (خدمت) that a unit is competent for."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="services")
    description = models.TextField(blank=True)
    audience = models.CharField(max_length=200, blank=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    fee = models.BigIntegerField(null=True, blank=True)
    promised_days = models.PositiveIntegerField(null=True, blank=True)
    yearly_cases = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)


class Channel(Audited):
    """One way to a service, and what it asks of a citizen: trips, minutes of waiting, cost of the way, days from asking to having."""

    KEY = ("service", "kind")

    service = models.ForeignKey(Service, models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=20, choices=[(c, c) for c in CHANNELS])
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    trips = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    waiting_minutes = models.PositiveIntegerField(null=True, blank=True)
    travel_cost = models.BigIntegerField(null=True, blank=True)
    elapsed_days = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    yearly_cases = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "kind"], name="channel_once")]
