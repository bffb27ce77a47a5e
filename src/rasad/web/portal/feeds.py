"""The feed of a subject's changes: an entry for each release that changed something of it, under ids that stay the same for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from rasad.release.reader import Release, Step, steps
from rasad.web.portal import atom
from rasad.web.portal.frame import city_name, lang
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Table

RELEASES = 10
"""Releases in a feed, and on one page of their list."""


@dataclass(frozen=True)
class Told:
    """What an entry says: a sentence, and the tables under it."""

    summary: str
    grids: Sequence[atom.Grid] = ()


def feed_of(
    request: HttpRequest,
    release: Release,
    *,
    query: str,
    subject: str,
    tell: Callable[[Step], Told | None],
) -> HttpResponse:
    """Send a feed. `query`: its subject as an address has it; `subject`: in words; `tell`: what a release changed, None where nothing."""
    last = datetime.fromisoformat(release.created_at)
    since = request.headers.get("If-Modified-Since")
    if since == http_date(last.timestamp()) and "If-None-Match" not in request.headers:
        return HttpResponse(status=304)
    entries = [
        _entry(request, release, step, told, query=query, subject=subject)
        for step in steps(release.path, RELEASES)
        if (told := tell(step)) is not None
    ]
    city = city_name(release)
    found = atom.Feed(
        id=_tag(request, release, query),
        title=_("%(city)s: changes between releases") % {"city": city},
        subtitle=subject,
        lang=lang(),
        author=city,
        rights=str(release.city.get("licence", "")),
        updated=entries[0].updated if entries else datetime.fromisoformat(steps(release.path)[-1].created_at),
        url=request.build_absolute_uri(reverse("portal:feed") + query),
        page_url=request.build_absolute_uri(reverse("portal:changes") + query),
        entries=entries,
    )
    response = HttpResponse(atom.written(found), content_type=atom.TYPE)
    response["Last-Modified"] = http_date(last.timestamp())
    return response


def absent() -> Told:
    """Return what is said of a release whose predecessor is not at hand."""
    return Told(_("The release before this one is not here, so the two cannot be compared."))


def _entry(
    request: HttpRequest, release: Release, step: Step, told: Told, *, query: str, subject: str
) -> atom.Entry:
    named = _("Release %(number)s") % {"number": show.digits_of(step.number, lang())}
    return atom.Entry(
        id=_tag(request, release, query, step),
        title=f"{named}: {subject}",
        updated=datetime.fromisoformat(step.created_at),
        url=request.build_absolute_uri(reverse("portal:changes-of", args=[step.number]) + query),
        summary=told.summary,
        grids=told.grids,
    )


def _tag(request: HttpRequest, release: Release, query: str, step: Step | None = None) -> str:
    """Return a `tag:` URI (RFC 4151) that stays the same for ever: the site, the city, the language, the subject; and the release."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]").replace(":", "-")
    day = step.created_at[:10] if step else "2026"
    number = f"/{step.number:04d}" if step else ""
    return f"tag:{host},{day}:{release.city['id']}/{lang()}/changes{number}{query}"


def grid_of(table: Table, release: Release, caption: str = "") -> atom.Grid:
    """Return a table of a page as a feed has it: every cell a text."""
    heads = [column.label for column in table.columns]
    rows = [[_text(row.get(column.key), column, release) for column in table.columns] for row in table.rows]
    return atom.Grid(caption or table.caption, heads, rows)


def _text(value: Any, column: Column, release: Release) -> str:
    if value is None:
        return show.NOTHING
    if column.kind == "money":
        return " ".join(show.scaled_amount(value, release.currency, "auto", lang()))
    if column.kind == "number":
        return show.grouped(value, lang())
    if column.kind == "class":
        return labels.label(labels.CLASSES, value)
    return str(value)
