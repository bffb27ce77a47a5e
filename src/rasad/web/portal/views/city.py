"""The city's register and its units."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Filters, Release
from rasad.web.portal.changes import here
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    chosen,
    crumbs,
    need,
    newest_day,
    project_url,
    said,
    title_of,
    unit_name,
    unit_url,
)
from rasad.web.portal.scope import scope_of
from rasad.web.portal.tables import breakdown_rows, breakdown_table
from rasad.web.portal.views.systems import link_state, links_table
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.theme.site import Link


@page
def city(request: HttpRequest, release: Release) -> HttpResponse:
    """Show what the register holds, with a way to each part; 404 without records."""
    need(release)
    records = release.records
    day = newest_day(release)
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
    context |= records_here(release, "register")
    return TemplateResponse(request, "portal/city.html", context)


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
        "crumbs": crumbs(_("Units")),
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
    context |= records_here(release, "units")
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
        "crumbs": crumbs(title_of(found), Link(_("Units"), reverse("portal:units"))),
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
    context |= here(release, {"unit": code}, shown=[filters] if stage else [])
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
    return links_table(release, rows) if rows else None
