"""The frame of every page: the city, the navigation, the release."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.addresses import section_url
from rasad.web.theme.site import Link, Site

SECTIONS = {
    "home": "h",
    "money": "m",
    "compare": "c",
    "budget": "b",
    "thread": "r",
    "projects": "p",
    "goals": "g",
    "roadmap": "o",
    "city": "e",
    "share": "s",
    "data": "d",
    "method": "t",
}
"""Section → the letter that leads there after "g"."""
OF_RECORDS = {"thread", "projects", "goals", "city"}
"""Sections of releases that hold what people wrote."""


def lang() -> str:
    """Return "fa" or "en"."""
    return "fa" if (get_language() or "fa").startswith("fa") else "en"


def city_name(release: Release) -> str:
    """Return the city's name in the page's language."""
    return str(release.city[f"name_{lang()}"])


def frame(request: HttpRequest, release: Release, section: str) -> dict[str, Any]:
    """Return the context of `theme/base.html`."""
    labels = {
        "home": _("Overview"),
        "money": _("Money"),
        "compare": _("Comparison"),
        "budget": _("Budget and execution"),
        "thread": _("Thread"),
        "projects": _("Projects"),
        "goals": _("Goals"),
        "roadmap": _("Roadmap"),
        "city": _("Register"),
        "share": _("Your share"),
        "data": _("Data"),
        "method": _("Method"),
    }
    nav = tuple(
        Link(labels[name], section_url(name), current=name == section, key=key)
        for name, key in SECTIONS.items()
        if (release.records.there or name not in OF_RECORDS) and (release.records.plans or name != "roadmap")
    )
    last = max((c.last_date for c in release.coverage() if c.last_date), default=None)
    site = Site(
        city=city_name(release),
        currency=release.currency,
        calendar=str(release.city["calendar"]),
        sample=bool(release.city.get("sample")),
        home_url=section_url("home"),
        search_url=section_url("search"),
        nav=nav,
        release_number=f"{release.number:04d}",
        release_hash=release.hash,
        release_url=section_url("data"),
        as_of=date.fromisoformat(last) if last else None,
        licence=str(release.city.get("licence", "")),
        licence_url=str(release.city.get("licence_url", "")),
        footer=(
            Link(_("How figures are made"), section_url("method")),
            Link(_("Glossary"), section_url("glossary"), key="w"),
            Link(_("Open files"), section_url("data")),
            Link(_("Changes between releases"), section_url("changes"), key="n"),
        ),
        glossary_url=section_url("glossary"),
    )
    # A page that has a feed of its own says that one instead.
    everything = _("Changes between releases: %(subject)s") % {"subject": _("the whole city")}
    return {"site": site, "release": release, "feeds": (Link(everything, section_url("feed")),)}
