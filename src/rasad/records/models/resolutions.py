"""Resolutions of the council, as far as projects and baselines need to name them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db import models

from rasad.records.audited import Audited
from rasad.records.problems import Refusal, out_of_order

RESOLUTION_STATES = ("approved", "notified", "objected", "binding", "verified")


class Resolution(Audited):
    """A resolution (مصوبه): council term, commission, number, date, title, subject, text, votes."""

    KEY = ("number",)

    number = models.CharField(max_length=60, unique=True)
    council_term = models.PositiveSmallIntegerField(null=True, blank=True)
    commission = models.CharField(max_length=200, blank=True)
    date = models.DateField()
    title = models.CharField(max_length=500)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=[(s, s) for s in RESOLUTION_STATES], default="approved")
    notified_no = models.CharField(max_length=60, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_abstaining = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_absent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-date", "number"]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a notification before the resolution."""
        yield from out_of_order(self, "date", "notified_on")
