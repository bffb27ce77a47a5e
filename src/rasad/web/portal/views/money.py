"""The money explorer: a table first, a chart beside it, filters that live in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.release.reader.periods import DIMENSIONS as COMPARABLE
from rasad.web.portal import against
from rasad.web.portal.addresses import supplier_url
from rasad.web.portal.certainty import unknown_share, withheld
from rasad.web.portal.changes import here
from rasad.web.portal.choices import chips, fields, kept
from rasad.web.portal.current import page
from rasad.web.portal.drawing import groups_chart
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, Query, changed, read, without
from rasad.web.portal.scope import grouping, scope
from rasad.web.portal.tables import (
    NEXT,
    PARAMETER,
    breakdown_rows,
    breakdown_table,
    download_links,
    lines_table,
    pages_of,
    per_resident,
    residents,
)
from rasad.web.theme import show
from rasad.web.theme.parts import Stat


@page
def money(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the money that the address asks for, in groups or line by line."""
    query = read(request.GET, release)
    context = frame(request, release, "money")
    context |= {
        "query": query,
        "keep": kept(query),
        "fields": fields(query, release),
        "chips": chips(request.GET, query, release),
        "clear_url": reverse("portal:money"),
        "views": _views(request, query),
        "scope": scope(query, release),
        "grouping": grouping(query),
    }
    context |= here(release, request.GET, shown=[query.filters])
    context |= _lines(request, query, release) if query.view == "lines" else _groups(request, query, release)
    return TemplateResponse(request, "portal/money.html", context)


def _groups(request: HttpRequest, query: Query, release: Release) -> dict[str, Any]:
    found = release.breakdown(query.by, query.filters, order=query.order, limit=PAGE, offset=query.offset)
    pages = pages_of(request.GET, query.number, found.groups)
    people = residents(release) if query.per_resident else None
    here = PARAMETER.get(query.by, query.by)

    def follow(key: str) -> str:
        if not key:
            return ""
        if query.by == "supplier":
            return supplier_url(key)
        return changed(request.GET, **{here: key, "by": NEXT[query.by], "view": None, "order": None})

    hidden_shares = shares_withheld(query, release)
    if hidden_shares:
        found = replace(found, rows=[replace(row, share=None) for row in found.rows])
    rows = breakdown_rows(found, release, follow, people=people)
    return {
        "stats": _stats(query, release, found.total_amount, found.total_lines),
        "withheld": hidden_shares,
        "table": breakdown_table(
            found,
            rows,
            id="groups",
            caption=f"{grouping(query)}: {scope(query, release)}",
            order=query.order,
            hidden=True,
            people=people,
        ),
        "chart": groups_chart(query, release, rows, found.groups, id="groups-chart"),
        "pages": pages,
        "embed_url": reverse("portal:embed-how", args=["money"]) + without(request.GET, "order"),
        "downloads": download_links("money", without(request.GET)),
        "line_downloads": download_links("money", changed(request.GET, view="lines", order=None))
        if query.filters.stage
        else None,
    }


def _lines(request: HttpRequest, query: Query, release: Release) -> dict[str, Any]:
    amount, count = release.total(query.filters)
    pages = pages_of(request.GET, query.number, count)
    lines = release.lines(query.filters, order=query.order, limit=PAGE, offset=query.offset, listed=True)
    return {
        "stats": _stats(query, release, amount, count),
        "table": lines_table(
            lines,
            id="lines",
            caption=f"{grouping(query)}: {scope(query, release)}",
            order=query.order,
            hidden=True,
        ),
        "chart": None,
        "pages": pages,
        "downloads": download_links("money", without(request.GET)),
    }


def _stats(query: Query, release: Release, amount: int | None, lines: int) -> list[Stat]:
    """Return the total, its lines, its part per resident and how much of it nobody could classify."""
    stats = []
    if amount is not None:
        stats.append(Stat(_("Total"), amount=amount))
    stats.append(Stat(_("Lines"), number=lines))
    people = residents(release)
    # Of several years together, an amount per resident would be read as one year's.
    if people and amount is not None and query.filters.year is not None:
        number = show.grouped(people, lang())
        note = _("%(number)s residents") % {"number": number}
        stats.append(Stat(_("Per resident"), amount=per_resident(amount, people), note=note))
    if query.filters.stage:
        stats += _unknown(query, release)
        compared = against.stat(release, query.filters, query.by if query.by in COMPARABLE else "class")
        stats += [compared] if compared else []
    return stats


def shares_withheld(query: Query, release: Release) -> bool:
    """Return whether shares of classes among IT spending are asked for and not told under these filters."""
    if query.by != "class" or not query.filters.it_only:
        return False
    return withheld(release.breakdown("class", replace(query.filters, it_only=False)))


def _unknown(query: Query, release: Release) -> list[Stat]:
    """Return the share of money whose class nobody could tell: it bears on every class, so it stands with each of them."""
    classes = release.breakdown("class", replace(query.filters, cls=None, it_only=False))
    share = unknown_share(classes)
    if share is None:
        return []
    narrowed = query.filters.cls is not None or query.filters.it_only
    note = (
        _("of the money of all classes under these filters")
        if narrowed
        else _("of this total: it may belong to any class")
    )
    return [Stat(_("Class unknown"), share=share, note=note)]


def _views(request: HttpRequest, query: Query) -> list[dict[str, Any]]:
    groups, lines = (
        changed(request.GET, view=None, order=None),
        changed(request.GET, view="lines", order=None),
    )
    return [
        {"label": _("Groups"), "url": groups, "current": query.view == "groups"},
        {"label": _("Line by line"), "url": lines, "current": query.view == "lines"},
    ]
