"""The services of the city: by which way citizens get each, and what it asks of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    crumbs,
    need,
    number_text,
    project_url,
    said,
    share,
    title_of,
    unit_name,
    unit_url,
)
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.theme.site import Link


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
        "crumbs": crumbs(_("Services")),
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
    context |= records_here(release, "services")
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
        "crumbs": crumbs(title_of(found), Link(_("Services"), reverse("portal:services"))),
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
    context |= records_here(release, "service", code)
    return TemplateResponse(request, "portal/service.html", context)
