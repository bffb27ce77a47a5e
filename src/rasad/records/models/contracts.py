"""Contracts as people keep them: what the ledger's own contract rows do not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.units import Unit
from rasad.records.problems import Refusal, not_negative, out_of_order

CONTRACT_STATES = ("running", "suspended", "completed", "terminated")


class ContractQuerySet(AuditedQuerySet):
    """Reads of contracts."""

    def running(self) -> ContractQuerySet:
        """Return the contracts that have not come to their end."""
        return self.filter(state__in=("running", "suspended"))

    def past_end(self, on: date) -> ContractQuerySet:
        """Return the contracts that run on after the day they were to end."""
        return self.running().filter(end__lt=on)


class Contract(Audited):
    """A contract (قرارداد) by its number, which payments name too. `amount` is as signed, `current_amount` after changes."""

    KEY = ("contract_no",)

    contract_no = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="contracts")
    supplier_name = models.CharField(max_length=300, blank=True)
    supplier_id = models.CharField(max_length=40, blank=True)
    supplier_is_person = models.BooleanField(default=False)
    method = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    current_amount = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=[(s, s) for s in CONTRACT_STATES], default="running")
    closed_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="contract_in_order",
            )
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: days out of their order, an amount below nought."""
        yield from out_of_order(self, "start", "end")
        yield from out_of_order(self, "signed_on", "closed_on")
        yield from not_negative(self, "amount", "current_amount")
