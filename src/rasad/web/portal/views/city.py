"""The city's register: units, services, systems and links, assets."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Filters, Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, page_number
from rasad.web.portal.register import (
    chosen,
    need,
    number_text,
    project_url,
    said,
    share,
    title_of,
    unit_name,
    unit_url,
)
from rasad.web.portal.scope import scope_of
from rasad.web.portal.tables import breakdown_rows, breakdown_table, pages_of
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Field, Option, Stat, Table
from rasad.web.theme.site import Link

UNSEEN_AFTER = timedelta(days=90)
"""A link that was not seen in use for so long is not in use, whatever was said of it."""


@page
def city(request: HttpRequest, release: Release) -> HttpResponse:
    """Show what the register holds, with a way to each part; 404 without records."""
    need(release)
    records = release.records
    day = as_of(release)
    links = [link_state(row, day) for row in records.table("data_link")]
    assets = records.table("asset")
    context = frame(request, release, "city")
    context |= {
        "parts": [
            {
                "name": _("Units"),
                "url": reverse("portal:units"),
                "number": len(records.table("unit")),
                "note": _("the municipality's own"),
            },
            {
                "name": _("Services"),
                "url": reverse("portal:services"),
                "number": len(records.table("service")),
                "note": _("to citizens, with what each asks of them"),
            },
            {
                "name": _("Systems and links"),
                "url": reverse("portal:systems"),
                "number": len(records.table("system")),
                "note": _("%(used)s of %(all)s data links are in use")
                % {
                    "used": show.digits_of(links.count("in_use"), lang()),
                    "all": show.digits_of(len(links), lang()),
                },
            },
            {
                "name": _("Assets"),
                "url": reverse("portal:assets"),
                "number": len(assets),
                "note": _("%(number)s bought and not registered")
                % {"number": show.digits_of(sum(not row["registered_on"] for row in assets), lang())},
            },
        ],
    }
    return TemplateResponse(request, "portal/city.html", context)


def as_of(release: Release) -> date:
    """Return the day on which the release was made."""
    return date.fromisoformat(release.created_at[:10])


def newest_day(release: Release) -> date:
    """Return the last day that the city's own data speaks of: what is late or unseen is told as of then, not as of today."""
    days = [c.last_date for c in release.coverage() if c.last_date]
    return date.fromisoformat(max(days)) if days else as_of(release)


# Units


@page
def units(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the units as a tree; 404 without records."""
    need(release)
    children = release.records.by("unit", "parent")
    projects = Counter(row["unit"] for row in release.records.table("project"))
    rows: list[dict[str, Any]] = []

    def walk(row: dict[str, Any], depth: int) -> None:
        rows.append(
            {
                "name": title_of(row),
                "depth": depth,
                "url": unit_url(row["code"]),
                "code": row["code"],
                "kind": said(release, "unit", "kind", row["kind"]),
                "it": _("IT organisation") if row["is_it"] else "",
                "projects": projects[row["code"]],
            }
        )
        for child in children.get(row["code"], []):
            walk(child, depth + 1)

    for root in children.get("", []):
        walk(root, 0)
    context = frame(request, release, "city")
    context |= {
        "title": _("Units"),
        "crumbs": _crumbs(_("Units")),
        "table": Table(
            id="units",
            caption=_("Units"),
            columns=[
                Column("name", _("Unit"), link="url", note="it", depth="depth"),
                Column("code", _("Code"), "code"),
                Column("kind", _("Kind")),
                Column("projects", _("Projects"), "number"),
            ],
            rows=rows,
            caption_hidden=True,
        ),
    }
    return TemplateResponse(request, "portal/list.html", context)


@page
def unit(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show a unit: its money, projects, systems, services and links; 404 where there is none such."""
    need(release)
    found = release.records.one("unit", code)
    if found is None:
        raise Http404
    year, stage = release.defaults()
    filters = Filters(year=year, stage=stage, unit=code)
    classes = release.breakdown("class", filters) if stage else None
    context = frame(request, release, "city")
    context |= {
        "title": title_of(found),
        "kicker": said(release, "unit", "kind", found["kind"]),
        "crumbs": _crumbs(title_of(found), Link(_("Units"), reverse("portal:units"))),
        "scope": scope_of(filters, release) if stage else "",
        "facts": [
            fact
            for fact in (
                Fact(_("Code"), found["code"], "code"),
                Fact(_("Parent"), unit_name(release, found["parent"]), link=unit_url(found["parent"])),
                Fact(_("From"), found["valid_from"] or "", "date"),
                Fact(_("Until"), found["valid_until"] or "", "date"),
            )
            if fact.value not in ("", None)
        ],
        "classes": breakdown_table(
            classes,
            breakdown_rows(
                classes,
                release,
                lambda key: (
                    f"{reverse('portal:money')}?unit={code}&year={year}&stage={stage}&class={key}&view=lines"
                ),
            ),
            id="by-class",
            caption=_("Its money by class"),
        )
        if classes and classes.rows
        else None,
        "projects": _named(release, "project", code, lambda row: project_url(row["code"]), "status"),
        "systems": _named(release, "system", code, lambda row: reverse("portal:systems"), "state"),
        "services": _named(
            release, "service", code, lambda row: reverse("portal:service", args=[row["code"]]), ""
        ),
        "links": _links_of(release, code),
        "staff": _staff(release, code),
    }
    return TemplateResponse(request, "portal/unit.html", context)


def _named(release: Release, noun: str, unit_code: str, url: Any, state: str) -> list[dict[str, str]]:
    return [
        {
            "name": title_of(row),
            "url": url(row),
            "state": said(release, noun, state, row[state]) if state else "",
        }
        for row in chosen(release.records.table(noun), unit=unit_code)
    ]


def _staff(release: Release, code: str) -> Table | None:
    rows = chosen(release.records.table("staff"), unit=code)
    if not rows:
        return None
    newest = max(row["as_of"] for row in rows)
    return Table(
        id="staff",
        caption=_("Staff by skill"),
        columns=[
            Column("skill", _("Skill")),
            Column("heads", _("Head count"), "number"),
            Column("capacity_days", _("Person-days a year"), "number"),
            Column("vacancies", _("Vacancies"), "number"),
        ],
        rows=[dict(row) for row in rows if row["as_of"] == newest],
    )


def _links_of(release: Release, code: str) -> Table | None:
    rows = [
        row
        for row in release.records.table("data_link")
        if code in (row["provider_unit"], row["consumer_unit"])
    ]
    return _links_table(release, rows) if rows else None


# Services


@page
def services(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the services with their channels; 404 without records."""
    need(release)
    channels = release.records.by("channel", "service")
    rows = []
    for row in release.records.table("service"):
        mine = channels.get(row["code"], [])
        cases = sum(channel["yearly_cases"] or 0 for channel in mine)
        digital = sum(c["yearly_cases"] or 0 for c in mine if c["kind"] in ("web", "app"))
        rows.append(
            {
                "name": title_of(row),
                "url": reverse("portal:service", args=[row["code"]]),
                "unit": unit_name(release, row["unit"]),
                "days": row["promised_days"],
                "cases": row["yearly_cases"],
                "digital": share(digital, cases),
                "cls": "",
            }
        )
    rows.sort(key=lambda row: -(row["cases"] or 0))
    context = frame(request, release, "city")
    context |= {
        "title": _("Services"),
        "lede": _("What citizens ask the municipality for, and by which way they get it."),
        "crumbs": _crumbs(_("Services")),
        "table": Table(
            id="services",
            caption=_("Services, those asked for most first"),
            columns=[
                Column("name", _("Service"), link="url", note="unit"),
                Column("cases", _("Cases a year"), "number"),
                Column("days", _("Promised working days"), "number"),
                Column("digital", _("Digital take-up"), "share", bar="cls"),
            ],
            rows=rows,
            caption_hidden=True,
        ),
    }
    return TemplateResponse(request, "portal/list.html", context)


@page
def service(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show a service: what each way to it asks of a citizen, and the projects that should change it; 404 where there is none such."""
    need(release)
    found = release.records.one("service", code)
    if found is None:
        raise Http404
    rows = [
        {
            "kind": said(release, "channel", "kind", row["kind"]),
            "since": row["since"],
            "trips": number_text(row["trips"]),
            "waiting": row["waiting_minutes"],
            "travel": row["travel_cost"],
            "days": number_text(row["elapsed_days"]),
            "cases": row["yearly_cases"],
        }
        for row in release.records.by("channel", "service").get(code, [])
    ]
    projects = [
        {
            "name": title_of(release.records.one("project", row["project"]) or {"title": row["project"]}),
            "url": project_url(row["project"]),
            "state": row["change"] or "",
        }
        for row in release.records.by("project_service", "service").get(code, [])
    ]
    context = frame(request, release, "city")
    context |= {
        "title": title_of(found),
        "kicker": _("Service"),
        "crumbs": _crumbs(title_of(found), Link(_("Services"), reverse("portal:services"))),
        "facts": [
            fact
            for fact in (
                Fact(_("Competent unit"), unit_name(release, found["unit"]), link=unit_url(found["unit"])),
                Fact(_("Legal basis"), found["legal_basis"] or ""),
                Fact(_("For whom"), found["audience"] or ""),
                Fact(_("Promised working days"), found["promised_days"] or "", "number"),
                Fact(_("Cases a year"), found["yearly_cases"] or "", "number"),
                Fact(_("Fee"), found["fee"] if found["fee"] is not None else "", "money"),
                Fact(_("Description"), found["description"] or ""),
            )
            if fact.value not in ("", None)
        ],
        "channels": Table(
            id="channels",
            caption=_("What each way asks of a citizen"),
            columns=[
                Column("kind", _("Channel")),
                Column("trips", _("Trips")),
                Column("waiting", _("Waiting, minutes"), "number"),
                Column("travel", _("Travel cost"), "money"),
                Column("days", _("Days until it is done")),
                Column("cases", _("Cases a year"), "number"),
            ],
            rows=rows,
            caption_hidden=True,
            empty=_("No channel is recorded."),
        ),
        "projects": projects,
    }
    return TemplateResponse(request, "portal/service.html", context)


# Systems and links


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
        "crumbs": _crumbs(_("Systems and links")),
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
        "links": _links_table(release, links),
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
    return TemplateResponse(request, "portal/systems.html", context)


def _links_table(release: Release, links: list[dict[str, Any]]) -> Table:
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


# Assets


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
        "crumbs": _crumbs(_("Assets")),
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
    return TemplateResponse(request, "portal/assets.html", context)


def _is(row: dict[str, Any], what: str, day: date) -> bool:
    if what == "unregistered":
        return not row["registered_on"]
    if what == "idle":
        return bool(row["registered_on"]) and row["state"] != "in_use"
    if what == "old":
        return bool(row["end_of_life"]) and row["end_of_life"] <= day and row["state"] != "retired"
    return True


def _crumbs(title: str, *between: Link) -> list[Link]:
    return [Link(_("The register"), reverse("portal:city")), *between, Link(title, "", True)]
