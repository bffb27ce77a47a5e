"""How a file says things: its headers, the names of choices, days and figures; and back, in whatever of these ways a file says them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils import translation

from rasad.actions import cities
from rasad.ledger.filled import Ways
from rasad.ledger.schema import Column, Table
from rasad.persian.dates import from_date
from rasad.persian.text import search_key
from rasad.records.audited import Audited
from rasad.records.labels import CHOICES, label

Language = Literal["fa", "en", "names"]
"""What headers and choices are written in: Persian, English, or the plain names and codes for programs."""
Days = Literal["iso", "jalali"]
"""How days are written: 2024-08-02, or 1403/05/12 for people who think in that calendar. Reading takes either."""
VERSION, REMOVE, PROBLEMS = "rasad_version", "rasad_remove", "rasad_problems"
"""Columns of Rasad's own: the version of the record as it was exported, whether a joint is to be taken away, what was wrong with a row."""
# What a workbook's XML cannot hold; JSON has its own way to write it.
_UNWRITABLE = re.compile("[\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Wording:
    """How a file that is written says things."""

    language: Language = "names"
    days: Days = "iso"
    minor_digits: int = 0

    @property
    def rtl(self) -> bool:
        """Whether its sheets run from right to left."""
        return self.language == "fa"

    def noun(self, table: Table) -> str:
        """Return what a table is called."""
        return {"fa": table.fa, "en": table.en, "names": table.name}[self.language]

    def title(self, column: Column) -> str:
        """Return what a column is called."""
        return {"fa": column.fa, "en": column.en, "names": column.name}[self.language]

    def choice(self, model: str, field: str, code: str) -> str:
        """Return what a choice is called."""
        if self.language == "names" or not code:
            return code
        with translation.override(self.language):
            return str(label(model, field, code))

    def cell(self, record: Audited, column: Column) -> Any:
        """Return a record's value as the file has it: text, a number, a day, or None where there is nothing."""
        value = getattr(record, column.name)
        if value is None:
            return None
        if isinstance(value, Audited):
            return str(getattr(value, value.KEY[0]))
        if isinstance(value, dict | list):
            said = json.dumps(value, ensure_ascii=False, sort_keys=True)
            return _UNWRITABLE.sub(lambda char: f"\\u{ord(char[0]):04x}", said)
        if isinstance(value, bool):
            return self.yes(value)
        if isinstance(value, date):
            return self.day(value)
        if column.type == "money" and self.minor_digits:
            return Decimal(value).scaleb(-self.minor_digits)
        model = type(record).__name__
        if (model, column.name) in CHOICES:
            return self.choice(model, column.name, value)
        return value

    def yes(self, value: bool) -> str:
        """Return yes or no."""
        words = {"fa": ("خیر", "بله"), "en": ("no", "yes"), "names": ("false", "true")}
        return words[self.language][value]

    def day(self, day: date) -> date | str:
        """Return a day: as such, or written in the Jalali calendar."""
        if self.days == "iso":
            return day
        year, month, number = from_date(day, "jalali")
        return f"{year:04d}/{month:02d}/{number:02d}"


@cache
def codes(model: str, field: str) -> dict[str, str]:
    """Return search key → code, of every code and of what it is called in either language."""
    known = {search_key(code): code for code in CHOICES[model, field]}
    for language in ("fa", "en"):
        with translation.override(language):
            for code in CHOICES[model, field]:
                known.setdefault(search_key(str(label(model, field, code))), code)
    return known


def city_ways(home: Path | None = None) -> Ways:
    """Return how the city of a home (the site's own by default) writes figures and days; as Iranian cities do where it does not say."""
    home = home or Path(getattr(settings, "HOME", "."))
    if not (home / "city.toml").is_file():
        return Ways()
    city = cities.settings(home)
    return Ways(int(city.get("minor_digits", 0)), city.get("calendar", "jalali"))
