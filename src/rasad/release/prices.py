"""A city's price index, by which amounts of two years can be told in the prices of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from rasad.ledger.problems import LedgerError, Problem
from rasad.persian.digits import to_latin

LEAST_YEAR, LAST_YEAR = 1300, 2200
PLACES = 6
"""Decimals of an index that are read; no office publishes more."""


class SettingsError(LedgerError):
    """A setting of `city.toml` cannot be used: nothing was written."""


@dataclass(frozen=True)
class PriceIndex:
    """Fiscal year → the index's mean over it, in millionths; its name and source in both languages; whether it is invented."""

    index: Mapping[int, int]
    name_fa: str
    name_en: str
    source_fa: str
    source_en: str
    invented: bool

    def ratio(self, year: int, into: int) -> tuple[int, int] | None:
        """Return (numerator, denominator) that turn an amount of `year` into prices of `into`; None where the index lacks either year."""
        if year not in self.index or into not in self.index:
            return None
        return self.index[into], self.index[year]


def price_index(city: Mapping[str, Any]) -> PriceIndex | None:
    """Return the price index of a city's settings (its table `prices`), None where it has none. SettingsError says what is wrong with it."""
    given = city.get("prices")
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise _wrong("prices", given, "[city.prices]")
    names = {key: str(given.get(key, "")).strip() for key in ("name_fa", "name_en", "source_fa", "source_en")}
    for key, text in names.items():
        if not text:
            raise _wrong(f"prices.{key}", given.get(key, ""), f'{key} = "…"')
    table = given.get("index")
    if not isinstance(table, Mapping) or not table:
        raise _wrong("prices.index", "" if table is None else table, '{ 1402 = "100", 1403 = "132.4" }')
    index = {}
    for year, value in table.items():
        text = to_latin(str(year))
        if not (text.isdecimal() and LEAST_YEAR <= int(text) <= LAST_YEAR):
            raise _wrong("prices.index", year, '1403 = "132.4"')
        index[int(text)] = _millionths(text, value)
    return PriceIndex(index=index, invented=bool(given.get("invented")), **names)


def _millionths(year: str, value: Any) -> int:
    try:
        number = Decimal(to_latin(str(value)))
        scaled = number.scaleb(PLACES)
    except InvalidOperation:
        raise _wrong(f"prices.index.{year}", value, f'{year} = "132.4"') from None
    if isinstance(value, bool) or not number.is_finite() or not 0 < number < 10**9 or scaled % 1:
        raise _wrong(f"prices.index.{year}", value, f'{year} = "132.4"')
    return int(scaled)


def _wrong(key: str, found: object, expected: str) -> SettingsError:
    problem = Problem(
        "mapping", file="city.toml", column=f"city.{key}", found=f"“{found}”"[:80], expected=expected
    )
    return SettingsError(problem)
