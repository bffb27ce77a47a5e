"""Staff of the IT organisation by skill: head counts and capacity, no personal files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rasad.records.audited import Audited
from rasad.records.models.units import Unit


class StaffCount(Audited):
    """How many people of a skill a unit has on a day, and how many person-days they have in a year."""

    KEY = ("unit", "skill", "as_of")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff")
    skill = models.CharField(max_length=100)
    as_of = models.DateField()
    heads = models.PositiveIntegerField()
    capacity_days = models.PositiveIntegerField()
    vacancies = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "skill", "as_of"], name="staff_count_once")
        ]
