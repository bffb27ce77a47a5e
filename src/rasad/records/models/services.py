"""Services to citizens, after the Core Public Service Vocabulary (CPSV-AP): competent unit, channels, cost, time, legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db import models

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.units import Unit
from rasad.records.problems import Refusal, not_negative, out_of_order

CHANNELS = ("in_person", "service_office", "web", "app", "phone", "message", "kiosk", "post")


class ServiceQuerySet(AuditedQuerySet):
    """Reads of services."""

    def active(self) -> ServiceQuerySet:
        """Return the services that are given."""
        return self.filter(is_active=True)

    def online(self) -> ServiceQuerySet:
        """Return the services that have a way in without a visit."""
        return self.filter(channels__kind__in=("web", "app", "message")).distinct()


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

    objects = ServiceQuerySet.as_manager()

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a fee below nought."""
        yield from not_negative(self, "fee")


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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: an end before the start, a figure below nought."""
        yield from out_of_order(self, "since", "until")
        yield from not_negative(self, "trips", "travel_cost", "elapsed_days")
