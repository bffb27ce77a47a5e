"""Assets: bought, registered, in use, at the end of life; licences unused."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame
from rasad.web.portal.query import PAGE, page_number
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    crumbs,
    need,
    newest_day,
    said,
    share,
    unit_name,
)
from rasad.web.portal.tables import pages_of
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Field, Option, Stat, Table


@page
def assets(request: HttpRequest, release: Release) -> HttpResponse:
    """Show assets: bought and registered, in use, at the end of life, licences unused; 404 without records."""
    need(release)
    day = newest_day(release)
    every = release.records.table("asset")
    kind, what = request.GET.get("kind", ""), request.GET.get("what", "")
    kinds = sorted({row["kind"] for row in every})
    shown = [row for row in every if kind in ("", row["kind"]) and _is(row, what, day)]
    shown.sort(key=lambda row: -(row["price"] or 0))
    number = page_number(request.GET)
    pages = pages_of(request.GET, number, len(shown))
    licences = [row for row in every if row["kind"] == "licence" and row["used"] is not None]
    bought, used = sum(r["quantity"] or 0 for r in licences), sum(r["used"] or 0 for r in licences)
    registered = [row for row in every if row["registered_on"]]
    context = frame(request, release, "city")
    context |= {
        "title": _("Assets"),
        "crumbs": crumbs(_("Assets")),
        "fields": [
            Field(
                "kind",
                _("Kind"),
                kind,
                [Option(k, said(release, "asset", "kind", k)) for k in kinds],
                empty=_("all"),
            ),
            Field(
                "what",
                _("Which"),
                what,
                [
                    Option("unregistered", _("bought and not registered")),
                    Option("idle", _("registered and not in use")),
                    Option("old", _("at the end of life")),
                ],
                empty=_("all"),
            ),
        ],
        "stats": [
            Stat(
                _("Registered of those bought"), share=share(len(registered), len(every)), text=show.NOTHING
            ),
            Stat(
                _("In use of those registered"),
                share=share(sum(row["state"] == "in_use" for row in registered), len(registered)),
                text=show.NOTHING,
            ),
            Stat(_("At the end of life"), number=sum(_is(row, "old", day) for row in every)),
            Stat(_("Licences unused"), share=share(bought - used, bought), text=show.NOTHING),
        ],
        "table": Table(
            id="assets",
            caption=_("Assets, the dearest first"),
            columns=[
                Column("name", _("Asset"), note="unit"),
                Column("tag", _("Tag"), "code"),
                Column("state", _("State")),
                Column("bought_on", _("Bought on"), "date"),
                Column("registered_on", _("Registered on"), "date"),
                Column("end_of_life", _("End of life"), "date"),
                Column("price", _("Price"), "money"),
            ],
            rows=[
                {
                    **row,
                    "unit": unit_name(release, row["unit"]),
                    "state": said(release, "asset", "state", row["state"]),
                }
                for row in shown[pages.first - 1 : pages.last]
            ]
            if shown
            else [],
        ),
        "pages": pages_of(request.GET, number, len(shown), size=PAGE),
    }
    context |= records_here(release, "assets")
    return TemplateResponse(request, "portal/assets.html", context)


def _is(row: dict[str, Any], what: str, day: date) -> bool:
    if what == "unregistered":
        return not row["registered_on"]
    if what == "idle":
        return bool(row["registered_on"]) and row["state"] != "in_use"
    if what == "old":
        return bool(row["end_of_life"]) and row["end_of_life"] <= day and row["state"] != "retired"
    return True
