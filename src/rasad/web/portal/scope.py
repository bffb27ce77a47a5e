"""What a figure is of, in words: flow, stage, fiscal year, book, currency. No figure stands without it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rasad.persian.money import currency_name
from rasad.release.reader import Filters, Release
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query
from rasad.web.portal.tables import dimension_name
from rasad.web.theme import labels, show


def scope(query: Query, release: Release) -> str:
    """Return what all figures of the page are of."""
    return scope_of(query.filters, release)


def scope_of(filters: Filters, release: Release) -> str:
    """Return what figures under these filters are of: flow, stage, fiscal year, book, currency."""
    parts = [labels.label(labels.FLOWS, filters.flow)]
    if filters.stage:
        parts.append(labels.label(labels.STAGES, filters.stage))
    parts.append(years(filters, release))
    parts.append(labels.label(labels.BOOKS, book_of(filters, release)))
    parts.append(_("amounts in %(currency)s") % {"currency": currency_name(release.currency, lang())})
    return " · ".join(parts)


def short_scope(query: Query, release: Release) -> str:
    """Return stage and fiscal year, for what stands below a heading that says the rest."""
    stage = labels.label(labels.STAGES, query.filters.stage) if query.filters.stage else ""
    return " · ".join(part for part in (stage, years(query.filters, release)) if part)


def grouping(query: Query) -> str:
    """Return how the figures are laid out."""
    if query.view == "lines":
        return _("Line by line")
    return by_name(query.by)


def by_name(dimension: str) -> str:
    """Return "by" a dimension."""
    name = dimension_name(dimension)
    return _("By %(dimension)s") % {"dimension": name.lower() if lang() == "en" else name}


def years(filters: Filters, release: Release) -> str:
    """Return the fiscal year, or the years that stand together."""
    if filters.year is not None:
        return _("fiscal year %(year)s") % {"year": show.digits_of(filters.year, lang())}
    there = {
        c.year for c in release.coverage() if c.flow == filters.flow and filters.stage in (None, c.stage)
    }
    if len(there) < 2:
        return "".join(
            _("fiscal year %(year)s") % {"year": show.digits_of(year, lang())} for year in there
        ) or _("no fiscal year")
    return _("fiscal years %(first)s to %(last)s together") % {
        "first": show.digits_of(min(there), lang()),
        "last": show.digits_of(max(there), lang()),
    }


def book_of(filters: Filters, release: Release) -> str:
    """Return the book that answers: the one asked for, else the one that the reader takes."""
    if filters.book:
        return filters.book
    return release.book(filters.stage, year=filters.year, flow=filters.flow) if filters.stage else "budget"
