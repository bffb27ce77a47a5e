"""What an address asks to be compared: two years, or the same months of both, and in which prices."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.persian import dates
from rasad.persian.digits import to_latin
from rasad.persian.money import currency_name
from rasad.release.prices import PriceIndex, price_index
from rasad.release.reader import Filters, Release
from rasad.release.reader.months import MONTHS, Months, Period, months_of
from rasad.release.reader.periods import DIMENSIONS, ORDERS, Comparison, common_book, compare
from rasad.web.portal.choices import fields as money_fields
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query, one_of, read, value_of
from rasad.web.portal.tables import dimension_name
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Field, Option

OWN = ("a", "b", "from", "to", "terms")
"""Names in an address that belong to the comparison alone."""


@dataclass(frozen=True)
class Asked:
    """Two periods and how they are told. `common`: the months that both years reach, None where dates do not tell; `dated`: months can
    be chosen; `undated`, `absent`: years without dates, and without lines; `chosen`: the address names months itself; `prices`: the city's index where it knows both years; `real`: a is told in b's prices."""

    query: Query
    filters: Filters
    a: Period
    b: Period
    years: tuple[int, ...]
    months: Months
    common: tuple[int, int] | None
    dated: bool
    undated: tuple[int, ...]
    absent: tuple[int, ...]
    chosen: bool
    prices: PriceIndex | None
    real: bool

    @property
    def ratio(self) -> tuple[int, int] | None:
        """Return what turns amounts of a into prices of b, None in nominal terms."""
        return self.prices.ratio(self.a.year, self.b.year) if self.real and self.prices else None

    def compare(self, release: Release, *, limit: int | None, offset: int = 0) -> Comparison:
        return compare(
            release,
            self.query.by,
            self.filters,
            self.a,
            self.b,
            prices=self.ratio,
            order=self.query.order,
            limit=limit,
            offset=offset,
        )


def years_there(release: Release, filters: Filters) -> tuple[int, ...]:
    """Return the fiscal years that have lines of the flow, the stage and the book, oldest first."""
    return tuple(
        sorted(
            {
                c.year
                for c in release.coverage()
                if (c.flow, c.stage) == (filters.flow, filters.stage) and filters.book in (None, c.book)
            }
        )
    )


def read_asked(params: QueryDict, release: Release) -> Asked | None:
    """Return what `params` ask to be compared, with the newest year and the one before where they name none.

    None where the release has but one year at the stage. BadRequest says what is wrong.
    """
    query = read(params, release, dimensions=DIMENSIONS, orders=ORDERS)
    # Both belong to the periods here.
    query = replace(
        query, given={name: value for name, value in query.given.items() if name not in ("year", "month")}
    )
    filters = replace(query.filters, year=None, month=None)
    years = years_there(release, filters)
    b = _year(params, "b") or max(years, default=None)
    a = _year(params, "a") or max((year for year in years if b is not None and year < b), default=None)
    if a is None or b is None:
        return None
    if a == b:
        raise BadRequest(_("A year cannot be compared with itself: choose two years."))
    filters = replace(
        filters, book=filters.book or common_book(release, str(filters.stage), a, b, flow=filters.flow)
    )
    months = months_of(release)
    told = {"flow": filters.flow, "book": str(filters.book), "stage": str(filters.stage)}
    common = months.in_common(a, b, **told)
    undated = tuple(year for year in (a, b) if year in years and months.span(year, **told) is None)
    dated = not undated and {a, b} <= set(years)
    first, last = _month(params, "from"), _month(params, "to")
    chosen = dated and (first is not None or last is not None)
    span = (first or 1, last or MONTHS) if chosen else common or (1, MONTHS)
    if span[0] > span[1]:
        raise BadRequest(_("The first month comes after the last one: choose the months in their order."))
    prices = price_index(release.city)
    if prices is not None and prices.ratio(a, b) is None:
        prices = None
    terms = one_of("terms", value_of(params, "terms") or "nominal", ("nominal", "real"))
    return Asked(
        query=replace(query, filters=filters),
        filters=filters,
        a=Period(a, *span),
        b=Period(b, *span),
        years=years,
        months=months,
        common=common,
        dated=dated,
        undated=undated,
        absent=tuple(year for year in (a, b) if year not in years),
        chosen=chosen,
        prices=prices,
        real=terms == "real" and prices is not None,
    )


def _year(params: QueryDict, name: str) -> int | None:
    text = to_latin(value_of(params, name))
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        raise BadRequest(_("“%(value)s” is no fiscal year: expected four digits.") % {"value": text[:60]})
    return int(text)


def _month(params: QueryDict, name: str) -> int | None:
    text = to_latin(value_of(params, name))
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MONTHS:
        raise BadRequest(
            _("“%(value)s” is no month of a fiscal year: expected a number from 1 to 12.")
            % {"value": text[:60]}
        )
    return int(text)


def fields(asked: Asked, release: Release) -> list[Field]:
    """Return the fields of the comparison, then those of the money explorer that narrow it down."""
    by = [Option(name, dimension_name(name)) for name in DIMENSIONS]
    own = [
        _years(asked, "a", _("Year"), asked.a.year),
        _years(asked, "b", _("compared with"), asked.b.year),
        Field("by", _("Group by"), asked.query.by, by),
    ]
    if asked.dated:
        names = [Option(str(place), month_name(asked, place)) for place in range(1, MONTHS + 1)]
        own.append(Field("from", _("From month"), str(asked.a.first), names))
        own.append(Field("to", _("To month"), str(asked.a.last), names))
    if asked.prices is not None:
        terms = [
            Option("nominal", _("as they were")),
            Option("real", _("in prices of %(year)s") % {"year": show.digits_of(asked.b.year, lang())}),
        ]
        own.append(Field("terms", _("Prices"), "real" if asked.real else "nominal", terms))
    return [
        *own,
        *(one for one in money_fields(asked.query, release) if one.name not in ("by", "year", "per")),
    ]


def _years(asked: Asked, name: str, label: str, chosen: int) -> Field:
    years = sorted({*asked.years, chosen}, reverse=True)
    return Field(
        name, label, str(chosen), [Option(str(year), show.digits_of(year, lang())) for year in years]
    )


def kept(asked: Asked) -> dict[str, str]:
    """Return the filters that stand in the address and have no field."""
    names = ("supplier", "economic", "nature", "source")
    return {name: value for name, value in asked.query.given.items() if name in names}


def month_name(asked: Asked, place: int) -> str:
    """Return the name of a month by its place in the fiscal year."""
    return month_names(asked.months, place, place)


def month_names(months: Months, first: int, last: int) -> str:
    """Return the months of a period: one, or the first and the last."""
    calendar: dates.Calendar = months.calendar
    one, other = (
        dates.month_name(months.calendar_month(2000, place)[1], calendar=calendar, lang=lang())
        for place in (first, last)
    )
    return one if first == last else _("%(first)s to %(last)s") % {"first": one, "last": other}


def year_names(asked: Asked) -> tuple[str, str]:
    """Return the two years as a column's head names them; the months, being the same, stand in the scope."""
    return show.digits_of(asked.a.year, lang()), show.digits_of(asked.b.year, lang())


def periods_name(asked: Asked) -> str:
    """Return both periods in words: the years, with their months where they are not all twelve."""
    a, b = year_names(asked)
    if asked.a.whole:
        return _("fiscal years %(a)s and %(b)s") % {"a": a, "b": b}
    months = month_names(asked.months, asked.a.first, asked.a.last)
    return _("%(months)s of %(a)s and %(b)s") % {"months": months, "a": a, "b": b}


def scope(asked: Asked, release: Release) -> str:
    """Return what all figures of the comparison are of."""
    year = {"year": show.digits_of(asked.b.year, lang())}
    parts = [
        labels.label(labels.FLOWS, asked.filters.flow),
        labels.label(labels.STAGES, asked.filters.stage),
        periods_name(asked),
        labels.label(labels.BOOKS, asked.filters.book),
        _("amounts in %(currency)s") % {"currency": currency_name(release.currency, lang())},
        _("in prices of %(year)s") % year if asked.real else _("inflation not taken out"),
    ]
    return " · ".join(parts)


def about(asked: Asked) -> dict[str, Any]:
    """Return what an exported file says of itself."""
    return {
        "a": asked.a.year,
        "b": asked.b.year,
        "from": asked.a.first,
        "to": asked.a.last,
        "by": asked.query.by,
        "stage": asked.filters.stage,
        "book": asked.filters.book,
        "terms": "real" if asked.real else "nominal",
    }
