"""What the values of a column look like: amounts and how they are written, dates and their calendar, numbers with check digits."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from stdnum.es import nif as spanish

from rasad.ledger.columns import OF_A_CELL, SERIAL
from rasad.persian.dates import PIVOT, Calendar, DateError, Order, parse
from rasad.persian.digits import plain_figure, to_latin
from rasad.persian.identifiers import is_legal_id, is_national_id, is_sheba

_INVISIBLE = re.compile("[\u200b-\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_MINUS = re.compile("[\u2212\u2010-\u2013\ufe63\uff0d]")


def _patterns(slash: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a figure is, and what one is with a mark beside it; `slash` is one where it may part groups or decimals."""
    figure = (
        rf"[0-9]{{1,3}}(?:(?P<group>[٬،,.' {slash}])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*(?P<decimal>[.,٫{slash}][0-9]+)?"
        rf"|[0-9]+(?P<only>[.,٫{slash}][0-9]+)?"
    )
    beside = rf"[^0-9().,+{slash}-]{{1,8}}"
    marked = rf"^(?P<before>{beside}?)?\s*(?P<figure>[-+(]?\s?[0-9][0-9٬٫،.,' {slash}]*[0-9]?\s?[-)]?)\s*(?P<behind>{beside})?$"
    return re.compile(figure), re.compile(marked)


_PLAIN, _SLASHED = _patterns(""), _patterns("/")
_TWO_DIGITS = re.compile(r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}$|^[0-9]{6}$")
EMPTY = ("-", "—", "–", "--", "---", "n/a", "N/A", ".", "ندارد")
FORMS: tuple[tuple[Calendar, Order], ...] = (
    ("jalali", "ymd"), ("gregorian", "ymd"), ("gregorian", "dmy"), ("gregorian", "mdy"),
)  # fmt: skip


@dataclass
class Figures:
    """How the amounts of one or more columns are written: counts of what was seen."""

    seen: int = 0
    filled: int = 0
    negative: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    decimals: Counter[str] = field(default_factory=Counter)
    places: int = 0
    three: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """How many of the filled cells are figures."""
        return self.seen / self.filled if self.filled else 0.0

    @property
    def slash(self) -> Literal["", "thousands", "decimal", "either"]:
        """What a slash does in the figures: nothing else can be meant by two groups of three behind it, or by a group of other than three."""
        groups, decimals = self.groups["/"], self.decimals["/"]
        if groups and not decimals:
            return "thousands"
        if decimals and not groups:
            return "decimal"
        return "either" if groups or self.three["/"] else ""

    def add(self, other: Figures) -> None:
        """Take in what another column has."""
        self.seen += other.seen
        self.filled += other.filled
        self.places = max(self.places, other.places)
        for name in ("negative", "groups", "decimals", "three", "marks", "empty"):
            getattr(self, name).update(getattr(other, name))


def figures(texts: list[str], *, slashes: bool = False) -> Figures:
    """Return how the cells that are figures are written. `slashes`: of a column that is known to hold amounts, where 1/250/000 is no date and no code."""
    found = Figures()
    figure_, marked_ = _SLASHED if slashes else _PLAIN
    for raw in texts:
        text = (
            _MINUS.sub("-", _INVISIBLE.sub("", plain_figure(raw)))
            .replace("\u00a0", " ")
            .replace("\u202f", " ")
            .replace("’", "'")
            .strip()
        )
        if not text:
            continue
        if text in EMPTY:
            found.empty[text] += 1
            continue
        found.filled += 1
        marked = marked_.match(text)
        if not marked:
            continue
        figure = marked["figure"].strip()
        plain = figure.strip("()+- ")
        match = figure_.fullmatch(plain)
        if not match or (match["group"] == "/" and (match["decimal"] or "").startswith("/")):
            continue
        found.seen += 1
        for mark in (marked["before"], marked["behind"]):
            if mark and mark.strip():
                found.marks[mark.strip()] += 1
        if figure.startswith("-"):
            found.negative["leading"] += 1
        elif figure.endswith("-"):
            found.negative["trailing"] += 1
        elif figure.startswith("("):
            found.negative["parentheses"] += 1
        decimal = match["decimal"] or match["only"]
        if match["group"]:
            # 12.345 alone may be grouped or have three decimals; two groups, or a decimal mark besides, leave no doubt.
            sure = plain.count(match["group"]) > 1 or decimal or match["group"] in "٬،' "
            (found.groups if sure else found.three)[match["group"]] += 1
        if decimal:
            found.decimals[decimal[0]] += 1
            found.places = max(found.places, len(decimal) - 1)
    return found


def date_share(texts: list[str], calendar: Calendar, order: Order) -> float:
    """Return how many of the filled cells are dates of the calendar in this order."""
    filled = [text for text in texts if text.strip()]
    return sum(_is_date(text, calendar, order) for text in filled) / len(filled) if filled else 0.0


@lru_cache(50_000)
def _is_date(text: str, calendar: Calendar, order: Order) -> bool:
    day = re.sub(r"(?i)[ t]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$", "", to_latin(text).strip())
    # A figure of one to five digits is no date, whatever it could be read as.
    if re.fullmatch("[0-9]{1,5}", day):
        return False
    try:
        parse(day, calendar=calendar, order=order, pivot=PIVOT[calendar])
    except DateError:
        return False
    return True


def is_after(text: str, last: date, calendar: Calendar, order: Order) -> bool:
    """Whether the cell is a date later than the last that is expected."""
    try:
        return parse(text, calendar=calendar, order=order, pivot=PIVOT[calendar]) > last
    except DateError:
        return False


def is_days_number(text: str) -> bool:
    """Whether the cell is a number of days since 1900 as spreadsheets store dates, from 1954 to 2064."""
    plain = to_latin(text).strip()
    return bool(SERIAL.fullmatch(plain)) and 20_000 <= int(plain[:5]) <= 60_000


def is_days_cell(text: str) -> bool:
    """Whether a workbook's cell holds a day of its own, which is read whatever calendar the texts are in."""
    day = to_latin(text).strip()
    return is_days_number(day) or bool(OF_A_CELL.match(day))


def leaves_century_open(text: str) -> bool:
    """Whether a date has a year of two digits."""
    return bool(_TWO_DIGITS.match(to_latin(text).strip()))


def begins_with_year(text: str) -> bool:
    """Whether a date begins with its year in full."""
    return bool(re.match("[0-9]{4}", to_latin(text).strip()))


def is_year(text: str) -> bool:
    """Whether the cell is a year that ledgers have."""
    plain = to_latin(text).strip()
    return bool(re.fullmatch("1[34][0-9]{2}|19[89][0-9]|20[0-4][0-9]", plain))


IdKind = Literal["legal", "national", "sheba", "nif", ""]


def id_kind(text: str) -> IdKind:
    """Return which kind of identifier has check digits that hold."""
    plain = to_latin(text).strip()
    if is_legal_id(plain):
        return "legal"
    if is_national_id(plain):
        return "national"
    if is_sheba(plain):
        return "sheba"
    return "nif" if spanish.is_valid(plain) else ""


def share(texts: list[str], test: object) -> float:
    """Return how many of the filled cells pass the test."""
    assert callable(test)
    filled = [text for text in texts if text.strip()]
    return sum(bool(test(text)) for text in filled) / len(filled) if filled else 0.0


def is_code(text: str) -> bool:
    """Whether the cell is a code: digits, perhaps parted or with few letters, and no sum of money."""
    return bool(
        re.fullmatch(
            r"[0-9]{1,14}|[0-9A-Z]{1,6}([-./][0-9A-Z]{1,6}){1,4}|[A-Z]{1,4}-?[0-9]{1,10}",
            to_latin(text).strip(),
        )
    )
