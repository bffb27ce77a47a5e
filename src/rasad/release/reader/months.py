"""The twelve months of a fiscal year, and which of them the data of a year reach."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from rasad.persian import dates
from rasad.release.reader.open import Release

MONTHS = 12
LATE = 25
"""A year's last month counts as reached when its data come to this day of the month at least."""


@dataclass(frozen=True)
class Period:
    """Months `first` to `last` of a fiscal year, counted from the fiscal year's own first month; 1 to 12 is the whole year, with
    lines that have no date or one outside the year."""

    year: int
    first: int = 1
    last: int = MONTHS

    @property
    def whole(self) -> bool:
        return (self.first, self.last) == (1, MONTHS)


@dataclass
class Months:
    """Where a release's months lie: the calendar month in which its fiscal years begin, and the months that each year's lines are dated in."""

    first_month: int
    newest: dict[tuple[str, str, str], date] = field(default_factory=dict)
    there: dict[tuple[str, str, str, int], set[int]] = field(default_factory=dict)
    calendar: dates.Calendar = "jalali"

    def calendar_month(self, year: int, place: int) -> tuple[int, int]:
        """Return (calendar year, calendar month) of a fiscal year's month, from 1 to 12."""
        ahead, month = divmod(self.first_month - 1 + place - 1, MONTHS)
        return year + ahead, month + 1

    def key(self, year: int, place: int) -> str:
        """Return the month as the index has it, such as 1403-05."""
        return "{:04d}-{:02d}".format(*self.calendar_month(year, place))

    def place(self, month: str) -> int:
        """Return the place in its fiscal year of a month such as 1403-05."""
        return (int(month[5:]) - self.first_month) % MONTHS + 1

    def span(self, year: int, *, flow: str, book: str, stage: str) -> tuple[int, int] | None:
        """Return the first and the last month of a fiscal year that its lines reach; None where they have no dates.

        The last month of the newest year is left out while its data end before its 25th day.
        """
        places = self.there.get((flow, book, stage, year))
        if not places:
            return None
        first, last = min(places), max(places)
        newest = self.newest.get((flow, book, stage))
        if newest is not None:
            newest_year, newest_month, day = dates.from_date(newest, self.calendar)
            if (newest_year, newest_month) == self.calendar_month(year, last) and day < LATE and last > first:
                last = max(place for place in places if place < last)
        return first, last

    def in_common(self, a: int, b: int, *, flow: str, book: str, stage: str) -> tuple[int, int] | None:
        """Return the months that two years can be compared in: 1 to 12 where both reach the same, else the months that both reach.

        None where either has no dates, or no month of the one is in the other.
        """
        spans = [self.span(year, flow=flow, book=book, stage=stage) for year in (a, b)]
        if spans[0] is None or spans[1] is None:
            return None
        if spans[0] == spans[1]:
            return 1, MONTHS
        first, last = max(spans[0][0], spans[1][0]), min(spans[0][1], spans[1][1])
        return (first, last) if first <= last else None

    def one_sided(self, a: Period, b: Period, *, flow: str, book: str, stage: str) -> list[int]:
        """Return the months within two periods in which one year has lines and the other has none."""
        there = [self.there.get((flow, book, stage, period.year), set()) for period in (a, b)]
        return [place for place in range(b.first, b.last + 1) if (place in there[0]) != (place in there[1])]


_known: WeakKeyDictionary[Release, Months] = WeakKeyDictionary()


def months_of(release: Release) -> Months:
    """Return a release's months; read once per release."""
    found = _known.get(release)
    if found is None:
        found = _known[release] = _read(release)
    return found


def _read(release: Release) -> Months:
    table = release.table({"flow", "book", "stage", "fiscal_year", "month"})
    rows = release.from_table(
        table,
        f"select flow, book, stage, fiscal_year, month, sum(lines) from {table} where month is not null group by 1, 2, 3, 4, 5",
    )
    weight: dict[int, int] = defaultdict(int)
    for *_parts, year, month, lines in rows:
        own_year, own_month = int(month[:4]), int(month[5:])
        for first in range(1, MONTHS + 1):
            # A fiscal year is called by the calendar year in which it begins.
            weight[first] += lines if (own_year if own_month >= first else own_year - 1) == year else 0
    best = max(weight.values(), default=0)
    first_month = min((first for first, lines in weight.items() if lines == best), default=1)
    found = Months(first_month, calendar="jalali" if release.city["calendar"] == "jalali" else "gregorian")
    for flow, book, stage, year, month, _lines in rows:
        place = found.place(month)
        if found.key(year, place) == month:
            found.there.setdefault((flow, book, stage, year), set()).add(place)
    for one in release.coverage():
        if one.last_date:
            key = (one.flow, one.book, one.stage)
            day = date.fromisoformat(one.last_date)
            found.newest[key] = max(day, found.newest.get(key, day))
    return found
