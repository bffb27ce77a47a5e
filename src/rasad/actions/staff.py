"""Counting the staff by skill: heads and capacity, no personal files."""

from __future__ import annotations

from datetime import date

from rasad.records.changes import changing
from rasad.records.models import Account, StaffCount, Unit


def count(
    *,
    unit: Unit,
    skill: str,
    as_of: date,
    heads: int,
    capacity_days: int,
    vacancies: int = 0,
    by: Account | None,
    why: str = "",
) -> StaffCount:
    """Take down how many people of a skill a unit has on a day. ValidationError where that day has its count already."""
    with changing(by=by, action="staff.add", why=why) as change:
        return change.add(
            StaffCount(
                unit=unit,
                skill=skill,
                as_of=as_of,
                heads=heads,
                capacity_days=capacity_days,
                vacancies=vacancies,
            )
        )


def correct_count(
    *,
    staff: StaffCount,
    seen: int,
    heads: int,
    capacity_days: int,
    vacancies: int = 0,
    by: Account | None,
    why: str = "",
) -> StaffCount:
    """Put a count right; what was counted before stays on the trail."""
    with changing(by=by, action="staff.change", why=why) as change:
        return change.update(staff, seen=seen, heads=heads, capacity_days=capacity_days, vacancies=vacancies)
