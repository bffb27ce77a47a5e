"""The roadmap as it went: what was promised against what happened, and every decision since, with what it changed and who took it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.roadmap_decisions import decisions
from rasad.web.portal.roadmap_in_days import InDays
from rasad.web.portal.roadmap_in_steps import InSteps
from rasad.web.portal.roadmap_went import Went, named
from rasad.web.portal.tables import local
from rasad.web.portal.views.roadmap import pages
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Table


@page
def progress(request: HttpRequest, release: Release) -> HttpResponse:
    """Show what became of the adopted roadmap; 404 where the release knows none."""
    heads = release.records.table("roadmap") if release.records.slippage else []
    if not heads:
        raise Http404
    went = Went(release, heads[0])
    slippage = InDays(went) if went.dated else InSteps(went)
    as_of = went.actual[0]["as_of"] if went.actual else None
    context = (
        frame(request, release, "roadmap")
        | records_here(release, "roadmap-progress")
        | {
            "title": _("The roadmap as it went"),
            "kicker": local(named(went.head)),
            "pages": pages("roadmap-progress", release),
            "as_of": went.day(as_of) if as_of else "",
            "dated": went.dated,
            "stats": slippage.stats(),
            # A release of a roadmap of steps that was made before they were told has nothing of them.
            "timeline": slippage.timeline() if went.actual else None,
            "slipped": slippage.slipped() if went.actual else None,
            "paid": _paid(went) if went.paid else None,
            "decisions": decisions(went),
            "currency": went.currency,
            "data_url": reverse("portal:data"),
        }
    )
    return TemplateResponse(request, "portal/roadmap_progress.html", context)


def _paid(went: Went) -> Table:
    """Return what was paid for what the roadmap promised, by fiscal year and class."""
    cells: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in went.paid:
        cells[row["fiscal_year"]][row["class"]] += row["amount"]
    order = list(labels.CLASSES)
    classes = sorted({row["class"] for row in went.paid}, key=order.index)
    rows: list[dict[str, Any]] = [
        {"year": show.digits_of(year, lang()), **cells[year], "sum": sum(cells[year].values())}
        for year in sorted(cells)
    ]
    sums = {name: sum(row.get(name, 0) for row in rows) for name in (*classes, "sum")}
    return Table(
        id="paid",
        caption=_("Paid for the roadmap's projects, by fiscal year and class"),
        columns=[
            Column("year", _("Fiscal year")),
            *(Column(name, labels.label(labels.CLASSES, name), "money") for name in classes),
            Column("sum", _("Together"), "money"),
        ],
        rows=rows,
        total={"year": _("Total"), **sums},
        row_header="year",
        stack=False,
        currency=went.currency,
    )
