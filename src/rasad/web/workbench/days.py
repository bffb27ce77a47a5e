"""Days as people type them on the workbench."""

from __future__ import annotations

import re
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


_ISO_DAY = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")


def days_said(text: str) -> str:
    """Return a text, such as a record's key, with its ISO days as the city's calendar and the page's language write them."""

    def said(found: re.Match[str]) -> str:
        try:
            return dates.format_date(
                date.fromisoformat(found[0]), calendar=calendar(), lang=frame.lang(), style="short"
            )
        except ValueError:
            return found[0]

    return _ISO_DAY.sub(said, text)
