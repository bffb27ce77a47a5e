"""Systems, and the data links between units, institutions and systems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.units import Institution, Unit
from rasad.records.problems import Refusal, not_one_of, out_of_order

SYSTEM_STATES = ("planned", "building", "in_use", "retired")
UNSEEN_AFTER = timedelta(days=90)
"""A link that was not seen in use for so long is not in use, whatever was said of it."""


class System(Audited):
    """A system (سامانه) of a unit."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="systems")
    purpose = models.CharField(max_length=300, blank=True)
    supplier = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=[(s, s) for s in SYSTEM_STATES], default="in_use")
    in_use_since = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    users = models.PositiveIntegerField(null=True, blank=True)

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: retired before it was in use."""
        yield from out_of_order(self, "in_use_since", "retired_on")


class DataLinkQuerySet(AuditedQuerySet):
    """Reads of data links; `DataLink.state` says the same of one."""

    def agreed(self, on: date) -> DataLinkQuerySet:
        """Return the links that were agreed by a day."""
        return self.filter(agreed_on__lte=on)

    def in_use(self, on: date) -> DataLinkQuerySet:
        """Return the links that were seen in use within `UNSEEN_AFTER` before a day."""
        return self.filter(in_use_since__lte=on, last_seen_on__gte=on - UNSEEN_AFTER)

    def unseen(self, on: date) -> DataLinkQuerySet:
        """Return the links that are said to be in use and were not seen so."""
        return self.filter(in_use_since__lte=on).exclude(last_seen_on__gte=on - UNSEEN_AFTER)

    def of_unit(self, unit: Unit) -> DataLinkQuerySet:
        """Return the links in which a unit provides or uses data."""
        return self.filter(Q(provider_unit=unit) | Q(consumer_unit=unit))

    def with_sides(self) -> DataLinkQuerySet:
        """Return the links with both of their sides at hand."""
        return self.select_related(
            "provider_unit", "provider_institution", "provider_system",
            "consumer_unit", "consumer_institution", "consumer_system",
        )  # fmt: skip


class DataLink(Audited):
    """Data that one side provides and another uses: needed, agreed, in use, last seen in use."""

    code = models.CharField(max_length=60, unique=True)
    provider_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="links_provided"
    )
    provider_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="links_provided"
    )
    provider_system = models.ForeignKey(
        System, models.PROTECT, null=True, blank=True, related_name="links_provided"
    )
    consumer_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="links_consumed"
    )
    consumer_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="links_consumed"
    )
    consumer_system = models.ForeignKey(
        System, models.PROTECT, null=True, blank=True, related_name="links_consumed"
    )
    data = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300, blank=True)
    needed_since = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    in_use_since = models.DateField(null=True, blank=True)
    last_seen_on = models.DateField(null=True, blank=True)
    trips_saved = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = DataLinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(provider_unit__isnull=True) ^ Q(provider_institution__isnull=True),
                name="data_link_one_provider",
            ),
            models.CheckConstraint(
                condition=Q(consumer_unit__isnull=True) ^ Q(consumer_institution__isnull=True),
                name="data_link_one_consumer",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_on__isnull=True)
                | Q(in_use_since__isnull=True)
                | Q(last_seen_on__gte=F("in_use_since")),
                name="data_link_seen_after_start",
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a side that is none or two, a link from a side to itself, last seen before it was in use."""
        yield from not_one_of(self, "provider_unit", "provider_institution")
        yield from not_one_of(self, "consumer_unit", "consumer_institution")
        yield from out_of_order(self, "in_use_since", "last_seen_on")
        sides = [
            tuple(getattr(self, f"{side}_{kind}_id") for kind in ("unit", "institution", "system"))
            for side in ("provider", "consumer")
        ]
        if sides[0] == sides[1] and any(sides[0]):
            side = self.provider_unit or self.provider_institution or self.provider_system
            yield Refusal("consumer_unit", "link_to_itself", str(side))

    @property
    def provider(self) -> Unit | Institution:
        """Who provides the data."""
        side = self.provider_unit or self.provider_institution
        assert side is not None
        return side

    @property
    def consumer(self) -> Unit | Institution:
        """Who uses the data."""
        side = self.consumer_unit or self.consumer_institution
        assert side is not None
        return side

    def state(self, on: date) -> str:
        """Return `needed`, `agreed`, `in_use` or `unseen` (said to be in use, not seen for `UNSEEN_AFTER`) as of a day."""
        if self.in_use_since and self.in_use_since <= on:
            seen = self.last_seen_on
            return "in_use" if seen and on - seen <= UNSEEN_AFTER else "unseen"
        if self.agreed_on and self.agreed_on <= on:
            return "agreed"
        return "needed"
