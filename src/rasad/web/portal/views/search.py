"""Search over lines and suppliers, however ی, ک, digits and spaces are typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, changed, page_number
from rasad.web.portal.tables import line_row, pages_of
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Pages, Table

LONGEST = 200
SUPPLIERS = 10
DEEPEST = 100
"""The last page of hits that can be opened."""


@page
def search(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the lines and suppliers in which every word typed stands; `kind=supplier` pages through suppliers alone."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    number = page_number(request.GET)
    context = frame(request, release, "")
    context |= {"q": q, "alone": request.GET.get("kind") == "supplier"}
    if q and context["alone"]:
        context |= _suppliers(release, q, limit=PAGE, offset=(min(number, DEEPEST) - 1) * PAGE)
        context["pages"] = _pages(request, number, context["supplier_count"])
    elif q:
        context |= _suppliers(release, q, limit=SUPPLIERS, offset=0)
        context |= _lines(request, release, q, number)
        more = context["supplier_count"] > SUPPLIERS
        context["more_url"] = changed(request.GET, kind="supplier") if more else ""
    return render(request, "portal/search.html", context)


def _suppliers(release: Release, q: str, *, limit: int, offset: int) -> dict[str, Any]:
    found = release.search(q, kind="supplier", limit=limit, offset=offset)
    suppliers = [
        {"name": hit.label, "lines": hit.lines, "url": reverse("portal:supplier", args=[hit.key])}
        for hit in found.hits
    ]
    return {"suppliers": suppliers, "supplier_count": found.count, "supplier_more": found.more}


def _lines(request: HttpRequest, release: Release, q: str, number: int) -> dict[str, Any]:
    found = release.search(q, limit=PAGE, offset=(min(number, DEEPEST) - 1) * PAGE)
    lines = [hit.line for hit in found.hits if hit.line is not None]
    return {
        "count": found.count,
        "more": found.more,
        "table": _table(lines),
        "pages": _pages(request, number, found.count),
    }


def _pages(request: HttpRequest, number: int, count: int) -> Pages:
    """Return where the list stands; it ends where nobody would page any further, but search for one word more."""
    return pages_of(request.GET, number, min(count, DEEPEST * PAGE))


def _table(lines: list[dict[str, Any]]) -> Table:
    """Return the hits; each says its own stage and year, because hits of different stages stand in one list."""
    rows = []
    for line in lines:
        row = line_row(line)
        stage = labels.label(labels.STAGES, line["stage"])
        row["when"] = f"{stage} · {show.digits_of(line['fiscal_year'], lang())}"
        rows.append(row)
    columns = [
        Column("title", _("Description"), link="url", note="under"),
        Column("supplier", _("Supplier"), link="supplier_url"),
        Column("class", _("Class"), "class"),
        Column("when", _("Stage and year")),
        Column("amount", _("Amount"), "money"),
    ]
    if not any(row["supplier"] for row in rows):
        columns = [column for column in columns if column.key != "supplier"]
    return Table(
        id="hits",
        caption=_("Lines, the largest first; each has its own stage and year, so they have no sum"),
        columns=columns,
        rows=rows,
    )
