"""The Jalali (Solar Hijri) calendar, both ways, for the years 1 to 3177.

Leap years follow the breaks tabulated by Kazimierz Borkowski (*The Persian calendar for 3000 years*, Earth, Moon and Planets 74,
1996), which agree with the official calendar of Iran; the tests hold every day of 1206 to 1498 against another library.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

FIRST_YEAR, LAST_YEAR = 1, 3177

_BREAKS = (
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178,
)  # fmt: skip

MONTHS_FA = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
MONTHS_EN = (
    "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
    "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _year(jy: int) -> tuple[int, date]:
    """Return (years since the last leap year, 0 being a leap year; the Gregorian date of 1 Farvardin)."""
    if not FIRST_YEAR <= jy <= LAST_YEAR:
        raise ValueError(f"Jalali year {jy} is outside {FIRST_YEAR} to {LAST_YEAR}")
    gregorian_year = jy + 621
    leaps = -14
    index = bisect_right(_BREAKS, jy)
    for before, after in pairwise(_BREAKS[:index]):
        jump = after - before
        leaps += jump // 33 * 8 + jump % 33 // 4
    start = _BREAKS[index - 1]
    jump = _BREAKS[index] - start
    n = jy - start
    leaps += n // 33 * 8 + (n % 33 + 3) // 4
    if jump % 33 == 4 and jump - n == 4:
        leaps += 1
    gregorian_leaps = gregorian_year // 4 - (gregorian_year // 100 + 1) * 3 // 4 - 150
    march = 20 + leaps - gregorian_leaps
    if jump - n < 6:
        n = n - jump + (jump + 4) // 33 * 33
    since_leap = ((n + 1) % 33 - 1) % 4
    return since_leap, date(gregorian_year, 3, march)


def is_leap(jy: int) -> bool:
    """Return whether Jalali year `jy` has 366 days. ValueError outside 1 to 3177."""
    since_leap, _ = _year(jy)
    return since_leap == 0


def days_in_month(jy: int, jm: int) -> int:
    """Return 29, 30 or 31. ValueError where the month is not 1 to 12."""
    if not 1 <= jm <= 12:
        raise ValueError(f"month {jm} is not 1 to 12")
    if jm <= 6:
        return 31
    return 30 if jm <= 11 or is_leap(jy) else 29


def to_gregorian(jy: int, jm: int, jd: int) -> date:
    """Return the Gregorian date. ValueError where there is no such day (30 Esfand of a common year)."""
    if not 1 <= jd <= days_in_month(jy, jm):
        raise ValueError(f"day {jd} is not in month {jm} of {jy}")
    _, new_year = _year(jy)
    return new_year + timedelta(days=_day_of_year(jm, jd))


def from_gregorian(day: date) -> tuple[int, int, int]:
    """Return (year, month, day) of the Jalali calendar. ValueError outside its years."""
    jy = day.year - 621
    if jy > LAST_YEAR or day < _year(jy)[1]:
        jy -= 1
    passed = (day - _year(jy)[1]).days
    if passed < 186:
        return jy, passed // 31 + 1, passed % 31 + 1
    passed -= 186
    return jy, passed // 30 + 7, passed % 30 + 1


def days(first_jy: int, last_jy: int) -> Iterator[tuple[int, int, int, date]]:
    """Yield (year, month, day, Gregorian date) for every day of the years `first_jy` to `last_jy`, both included."""
    for jy in range(first_jy, last_jy + 1):
        day = _year(jy)[1]
        for jm in range(1, 13):
            for jd in range(1, days_in_month(jy, jm) + 1):
                yield jy, jm, jd, day
                day += timedelta(days=1)


def _day_of_year(jm: int, jd: int) -> int:
    """Days passed since 1 Farvardin."""
    return (jm - 1) * 31 + jd - 1 if jm <= 7 else 186 + (jm - 7) * 30 + jd - 1
