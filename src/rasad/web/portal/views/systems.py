"""Systems, and the data links between units and institutions."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    crumbs,
    need,
    newest_day,
    said,
    share,
    title_of,
    unit_name,
)
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table

UNSEEN_AFTER = timedelta(days=90)
"""A link that was not seen in use for so long is not in use, whatever was said of it."""


def link_state(row: dict[str, Any], on: date) -> str:
    """Return `needed`, `agreed`, `in_use` or `unseen` (said to be in use, not seen for `UNSEEN_AFTER`) as of a day."""
    if row["in_use_since"] and row["in_use_since"] <= on:
        seen = row["last_seen_on"]
        return "in_use" if seen and on - seen <= UNSEEN_AFTER else "unseen"
    return "agreed" if row["agreed_on"] and row["agreed_on"] <= on else "needed"


def state_name(state: str) -> str:
    """Return what a link's state is called."""
    return {
        "needed": _("needed, not agreed"),
        "agreed": _("agreed, never used"),
        "in_use": _("in use"),
        "unseen": _("not seen in use of late"),
    }[state]


@page
def systems(request: HttpRequest, release: Release) -> HttpResponse:
    """Show systems and the data links between units and institutions; 404 without records."""
    need(release)
    day = newest_day(release)
    links = release.records.table("data_link")
    states = Counter(link_state(row, day) for row in links)
    agreed = len(links) - states["needed"]
    linked = {
        row[side]
        for row in links
        for side in ("provider_unit", "consumer_unit")
        if link_state(row, day) == "in_use"
    }
    owners = {row["unit"] for row in release.records.table("system")}
    context = frame(request, release, "city")
    context |= {
        "title": _("Systems and links"),
        "crumbs": crumbs(_("Systems and links")),
        "as_of": day,
        "stats": [
            Stat(_("Systems"), number=len(release.records.table("system"))),
            Stat(_("Links agreed of those needed"), share=share(agreed, len(links)), text=show.NOTHING),
            Stat(_("In use of those agreed"), share=share(states["in_use"], agreed), text=show.NOTHING),
            Stat(
                _("Isolated units"),
                number=len(owners - linked),
                note=_("have a system and no link in use"),
            ),
        ],
        "links": links_table(release, links),
        "table": Table(
            id="systems",
            caption=_("Systems"),
            columns=[
                Column("name", _("System"), note="unit"),
                Column("purpose", _("What it does")),
                Column("state", _("State")),
                Column("since", _("In use since"), "date"),
                Column("users", _("Users"), "number"),
            ],
            rows=[
                {
                    "name": title_of(row),
                    "unit": unit_name(release, row["unit"]),
                    "purpose": row["purpose"] or "",
                    "state": said(release, "system", "state", row["state"]),
                    "since": row["in_use_since"],
                    "users": row["users"],
                }
                for row in release.records.table("system")
            ],
            caption_hidden=True,
        ),
    }
    context |= records_here(release, "systems")
    return TemplateResponse(request, "portal/systems.html", context)


def links_table(release: Release, links: list[dict[str, Any]]) -> Table:
    day = newest_day(release)
    order = ("unseen", "agreed", "needed", "in_use")
    rows = [
        {
            "data": row["data"],
            "from": _side(release, row, "provider"),
            "to": _side(release, row, "consumer"),
            "key": link_state(row, day),
            "state": state_name(link_state(row, day)),
            "agreed": row["agreed_on"],
            "seen": row["last_seen_on"],
            "trips": row["trips_saved"],
        }
        for row in links
    ]
    rows.sort(key=lambda row: (order.index(row["key"]), row["data"]))
    return Table(
        id="links",
        caption=_("Data links, those that do not work first"),
        columns=[
            Column("data", _("Data")),
            Column("from", _("From")),
            Column("to", _("To")),
            Column("state", _("State")),
            Column("agreed", _("Agreed on"), "date"),
            Column("seen", _("Last seen in use"), "date"),
            Column("trips", _("Trips saved a year"), "number"),
        ],
        rows=rows,
    )


def _side(release: Release, row: dict[str, Any], side: str) -> str:
    if row[f"{side}_unit"]:
        return unit_name(release, row[f"{side}_unit"])
    body = release.records.one("institution", row[f"{side}_institution"] or "")
    return title_of(body) if body else ""
