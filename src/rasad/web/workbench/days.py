"""Days as people type them on the workbench."""

from __future__ import annotations

from datetime import date
from typing import cast

from rasad.persian import dates
from rasad.web.workbench import frame


def calendar() -> dates.Calendar:
    """Return the city's calendar."""
    return cast(dates.Calendar, frame.city().get("calendar", "jalali"))


def parse_day(text: str) -> date:
    """Return the day that a text names in the city's calendar, or as an ISO date. DateError where it is none.

    An ISO date is one of the other calendar only where its year is: 1403-05-12 is read in the city's own.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return dates.parse(text, calendar=calendar())
    first, last = dates.YEARS["gregorian"]
    return day if first <= day.year <= last else dates.parse(text, calendar=calendar())
