"""Cells that have a type, as text: numbers as exactly as they are stored, days of their own as ISO dates."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from math import isfinite

_WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?")
_FIRST_DAY, _LAST_DAY = 1, 2_958_465
"""Days that spreadsheets can show: of 1900 and of 9999."""


def cell_text(value: object, decimal: str) -> str:
    """Return a workbook's cell as text. A workbook stores numbers as doubles: a whole one is written without a point,
    another with the source's decimal mark, as a person would see it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 2**53
            else repr(value).replace(".", decimal)
        )
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def number_text(written: str, decimal: str) -> str:
    """Return a number that is written in a markup, as a workbook's cell would be; anything else as it is written.

    A whole number keeps every digit: no double is made of it.
    """
    plain = written.strip()
    if _WHOLE.fullmatch(plain):
        return plain.removeprefix("+")
    if not _NUMBER.fullmatch(plain):
        return written
    value = float(plain)
    return cell_text(value, decimal) if isfinite(value) else written


def day_text(written: str) -> str | None:
    """Return the day, with its time where it has one, of a spreadsheet's number of days since 1900; None where it is none."""
    if not _NUMBER.fullmatch(written.strip()):
        return None
    count = float(written)
    if not _FIRST_DAY <= count <= _LAST_DAY:
        return None
    whole = date(1899, 12, 30) + timedelta(days=int(count))
    seconds = round((count % 1) * 86_400)
    at = datetime(whole.year, whole.month, whole.day) + timedelta(seconds=seconds)  # noqa: DTZ001 - no zone is known
    return cell_text(at, ".")
