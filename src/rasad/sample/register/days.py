"""Jalali days as records have them."""

from __future__ import annotations

from datetime import date, timedelta

from rasad.persian.calendar import days_in_month, to_gregorian

Row = dict[str, str]


def day(year: int, month: int = 1, of_month: int = 1) -> str:
    """Return a Jalali day as ISO; a day beyond the month's last is its last."""
    return to_gregorian(year, month, min(of_month, days_in_month(year, month))).isoformat()


def last_day(year: int) -> str:
    """Return the last day of a Jalali year as ISO."""
    return day(year, 12, 30)


def later(start: str, days: int) -> str:
    """Return the day so many days after another."""
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat()
