"""The dates people type, read in a stated calendar; dates for display; fiscal years."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from rasad.persian import calendar as solar
from rasad.persian.digits import to_persian
from rasad.persian.text import ZWNJ, normalise, search_key

Calendar = Literal["jalali", "gregorian"]
Order = Literal["ymd", "dmy", "mdy"]
Reason = Literal["empty", "form", "year", "month", "day", "leap_day"]

PIVOT = {"jalali": 1350, "gregorian": 1950}
"""A two-digit year means the one of the hundred years that begin here: 1350–1449, 1950–2049."""
YEARS = {"jalali": (1200, 1600), "gregorian": (1800, 2200)}
"""First and last year that is taken for one; the two do not meet, so that a date of the other calendar is never misread."""

MONTHS_GREGORIAN_FA = ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر")  # fmt: skip
MONTHS_GREGORIAN_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS_ES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
# Other spellings of a month that are in use, by its number.
_ALSO_JALALI = {
    1: "Farvardeen",
    2: "Ordibehest",
    5: "امرداد Amordad",
    7: "Mehr",
    10: "Dei",
    12: "اسپند Esphand",
}
_ALSO_GREGORIAN = {
    3: "مارچ", 4: "اپریل", 5: "می", 6: "جون", 7: "جولای ژوییه", 8: "آگوست", 9: "Sept setiembre", 10: "اکتوبر",
}  # fmt: skip


class DateError(ValueError):
    """A text is no date of the calendar.

    `reason` is `empty`; `form` (no known way to write a date); `year`, `month` or `day` (that part is out of its range); or
    `leap_day` (30 Esfand or 29 February of a common year).
    """

    def __init__(self, text: str, reason: Reason) -> None:
        super().__init__(f"{text!r} is no date: {reason}")
        self.text = text
        self.reason: Reason = reason


def _numbered(*lists: tuple[str, ...]) -> dict[str, int]:
    return {search_key(name): number for names in lists for number, name in enumerate(names, 1)}


def _also(names: dict[int, str]) -> dict[str, int]:
    return {search_key(name): number for number, some in names.items() for name in some.split()}


def _short(names: tuple[str, ...]) -> dict[str, int]:
    return {name[:3].lower(): number for number, name in enumerate(names, 1)}


_MONTHS: dict[Calendar, dict[str, int]] = {
    "jalali": _numbered(solar.MONTHS_FA, solar.MONTHS_EN, tuple(f"{name}ماه" for name in solar.MONTHS_FA))
    | _also(_ALSO_JALALI),
    "gregorian": _short(_MONTHS_ES)
    | _short(MONTHS_GREGORIAN_EN)
    | _numbered(MONTHS_GREGORIAN_FA, MONTHS_GREGORIAN_EN, _MONTHS_ES)
    | _also(_ALSO_GREGORIAN),
}
_WEEKDAYS = (
    "شنبه یکشنبه دوشنبه سه‌شنبه سهشنبه چهارشنبه پنجشنبه پنج‌شنبه جمعه یک‌شنبه دو‌شنبه چهار‌شنبه "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "lunes martes miércoles jueves viernes sábado domingo"
).split()
# Words beside a date that say nothing more than it; the parts of «سه شنبه» too, parted as people part them.
_FILLERS = (
    frozenset(word for day in _WEEKDAYS for word in search_key(day).split())
    | frozenset(map(search_key, ("ماه", "سال", "مورخ", "مورخه", "تاریخ", "روز", "یک", "دو", "چهار", "پنج")))
    | {"de", "del", "of", "م", "ام"}
)  # fmt: skip
_CLOCK = r"(?:ساعت )?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:[ap]\.?m\.?|[قب]\.?ظ\.?|صبح|عصر))?"
_TIME_AFTER = re.compile(rf"[ t،,]+{_CLOCK}(?: ?(?:z|[+-]\d{{2}}:?\d{{2}}))?$")
_TIME_BEFORE = re.compile(rf"^{_CLOCK}[ ،,]+(?=\S)")
_NUMBERS = re.compile(r"(\d{1,4}) ?[/\\⁄.\-‐‑–−_ ] ?(\d{1,2}) ?[/\\⁄.\-‐‑–−_ ] ?(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


def parse(
    text: str, *, calendar: Calendar = "jalali", order: Order = "dmy", pivot: int | None = None
) -> date:
    """Return the Gregorian date of `text`, which is read in `calendar`. Raises DateError.

    Forms, in any digits: ۱۴۰۳/۵/۱۲, 1403-05-12, 1403.5.12, 14030512, ۱۲/۵/۱۴۰۳, ۱۲ مرداد ۱۴۰۳, 12-Mar-2021, 2 de mayo de 2021, with a
    weekday before and a time of day on either side. Times are dropped. A part of three or four digits is the year wherever it stands (Jalali
    ۴۰۳ is 1403). With a two-digit year, 03/05/12, Jalali is year first and Gregorian follows `order`; `pivot` is the first of the
    hundred years that it falls into (PIVOT by default); where it is stated 030512 is read too.
    """
    plain = normalise(text).replace(ZWNJ, " ").lower()
    if not plain:
        raise DateError(text, "empty")
    plain = _TIME_BEFORE.sub("", _TIME_AFTER.sub("", plain))
    parts = _numeric(plain, calendar, order) or _worded(plain, calendar, order)
    if parts is None and pivot is not None and (calendar == "jalali" or order == "ymd"):
        # Six digits alone may be any number: they are a date where it is stated that years have two.
        short = _COMPACT_SHORT.fullmatch(plain)
        parts = (short[1], int(short[2]), int(short[3])) if short else None
    if parts is None:
        raise DateError(text, "form")
    year, month, day = parts
    return _build(text, _full_year(year, calendar, pivot), month, day, calendar)


def _numeric(plain: str, cal: Calendar, order: Order) -> tuple[str, int, int] | None:
    if found := _COMPACT.fullmatch(plain):
        return found[1], int(found[2]), int(found[3])
    found = _NUMBERS.fullmatch(plain)
    if not found:
        return None
    first, middle, last = found.groups()
    if len(first) > 2 or (len(last) <= 2 and (cal == "jalali" or order == "ymd")):
        year, month, day = first, middle, last
    elif order == "mdy" and cal == "gregorian":
        month, day, year = first, middle, last
    else:
        day, month, year = first, middle, last
    # A year of one digit is as likely a day.
    return (year, int(month), int(day)) if len(year) > 1 and len(day) < 3 else None


def _worded(plain: str, cal: Calendar, order: Order) -> tuple[str, int, int] | None:
    """A month by its name between, or before, a day and a year; or numbers beside a weekday."""
    kept = [word for word in re.split(r"[\s،,]+", plain) if search_key(word) not in _FILLERS | {""}]
    if len(kept) == 1 and kept[0] != plain:
        return _numeric(kept[0], cal, order)
    words = [word for word in search_key(" ".join(kept)).split() if word not in _FILLERS]
    names = _MONTHS[cal]
    spot = next((i for i, word in enumerate(words) if word in names and not word.isdigit()), None)
    if spot is None:
        return None
    others = [word for i, word in enumerate(words) if i != spot]
    if len(others) != 2 or spot > 1:
        return None
    day, year = reversed(others) if len(others[0]) > 2 and others[0].isdigit() else others
    number = _DAY.fullmatch(day)
    if not number or not re.fullmatch(r"\d{2,4}", year):
        return None
    return year, names[words[spot]], int(number[1])


def _full_year(year: str, cal: Calendar, pivot: int | None) -> int:
    number = int(year)
    if len(year) == 3 and cal == "jalali":
        return 1000 + number
    if len(year) > 2:
        return number
    first = PIVOT[cal] if pivot is None else pivot
    return first + (number - first) % 100


def _build(text: str, year: int, month: int, day: int, cal: Calendar) -> date:
    low, high = YEARS[cal]
    if not low <= year <= high:
        raise DateError(text, "year")
    if not 1 <= month <= 12:
        raise DateError(text, "month")
    try:
        return solar.to_gregorian(year, month, day) if cal == "jalali" else date(year, month, day)
    except ValueError:
        leap_day = (month, day) == ((12, 30) if cal == "jalali" else (2, 29))
        raise DateError(text, "leap_day" if leap_day else "day") from None


def format_date(
    day: date, *, calendar: Calendar, lang: str, style: Literal["short", "long"] = "short"
) -> str:
    """Return `day` for display: ۱۴۰۳/۰۵/۱۲ or «۱۲ مرداد ۱۴۰۳» in Persian; 1403-05-12 or "12 Mordad 1403" in English."""
    year, month, number = from_date(day, calendar)
    if style == "short":
        separator = "/" if lang == "fa" else "-"
        text = f"{year:04d}{separator}{month:02d}{separator}{number:02d}"
    else:
        text = f"{number} {month_name(month, calendar=calendar, lang=lang)} {year}"
    return to_persian(text) if lang == "fa" else text


def from_date(day: date, cal: Calendar) -> tuple[int, int, int]:
    """Return (year, month, day) of `day` in the calendar."""
    return solar.from_gregorian(day) if cal == "jalali" else (day.year, day.month, day.day)


def month_name(month: int, *, calendar: Calendar, lang: str) -> str:
    """Return the name of month 1 to 12. ValueError for another number."""
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not 1 to 12")
    if calendar == "jalali":
        return (solar.MONTHS_FA if lang == "fa" else solar.MONTHS_EN)[month - 1]
    return (MONTHS_GREGORIAN_FA if lang == "fa" else MONTHS_GREGORIAN_EN)[month - 1]


def fiscal_year(day: date, *, calendar: Calendar, first_month: int = 1) -> int:
    """Return the fiscal year of `day`: the calendar's year in which it began. It begins on the first of `first_month`."""
    year, month, _ = from_date(day, calendar)
    return year if month >= first_month else year - 1


def fiscal_span(year: int, *, calendar: Calendar, first_month: int = 1) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year."""
    return _first_of(year, first_month, calendar), _first_of(year + 1, first_month, calendar) - timedelta(1)


def fiscal_label(year: int, *, lang: str, first_month: int = 1) -> str:
    """Return a fiscal year as people write it: «۱۴۰۳», "2021", or "2021/22" where it runs over two calendar years."""
    text = str(year) if first_month == 1 else f"{year}/{(year + 1) % 100:02d}"
    return to_persian(text) if lang == "fa" else text


def _first_of(year: int, month: int, cal: Calendar) -> date:
    return solar.to_gregorian(year, month, 1) if cal == "jalali" else date(year, month, 1)
