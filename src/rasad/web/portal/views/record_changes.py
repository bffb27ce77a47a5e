"""Changes between releases of the pages of records: the list of releases, one release against the one before, and the feed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release, Step, changes_of
from rasad.web.portal.feeds import Told, absent, feed_of, grid_of
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, page_number
from rasad.web.portal.record_changes import (
    RecordSubject,
    counted_in_words,
    counts_table,
    is_newest,
    page_of,
    record_subject_of,
    record_title,
    rows_table,
)
from rasad.web.portal.release_steps import built_at, feed_links, head_of, listed, step_of
from rasad.web.portal.tables import pages_of
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table

IN_FEED = 15
"""Rows that an entry tells of; beyond it says how many there are."""


def releases(request: HttpRequest, release: Release) -> HttpResponse:
    """List the releases, newest first, with how many rows of the subject each changed."""
    subject = record_subject_of(request.GET, release)
    shown, pages = listed(request.GET, release)
    context = _frame(request, release, subject) | pages
    context["table"] = _releases_table(shown, subject, release)
    return TemplateResponse(request, "portal/record_changes.html", context)


def release_changes(request: HttpRequest, release: Release, number: int) -> HttpResponse:
    """Show the rows of the subject that one release changed; 404 where the live release does not come from it."""
    subject = record_subject_of(request.GET, release)
    step = step_of(number, release)
    found = changes_of(step, release.cache)
    counts = found.of_rows.counts(subject.of, subject.code) if found else []
    sums = [sum(getattr(one, name) for one in counts) for name in ("added", "gone", "changed")]
    here = page_number(request.GET)
    rows = found.of_rows.rows(subject.of, subject.code, limit=PAGE, offset=(here - 1) * PAGE) if found else []
    context = _frame(request, release, subject) | head_of(step, release, query=subject.query)
    context |= {
        "stats": [
            Stat(name, number=count)
            for name, count in zip((_("Came"), _("Went"), _("Differ")), sums, strict=True)
        ],
        "counts": counts_table(counts, release, id="counts") if len(counts) > 1 else None,
        "table": rows_table(rows, subject, release, newest=is_newest(step, release), id="rows")
        if rows
        else None,
        "pages": pages_of(request.GET, here, sum(sums)),
    }
    return TemplateResponse(request, "portal/record_changes_release.html", context)


def feed(request: HttpRequest, release: Release) -> HttpResponse:
    """Send the feed of what changed of the subject's rows."""
    subject = record_subject_of(request.GET, release)

    def tell(step: Step) -> Told | None:
        if step.state == "first":
            return Told(_("The first release: there is none before it to compare with."))
        found = changes_of(step, release.cache)
        if found is None:
            return absent()
        counts = found.of_rows.counts(subject.of, subject.code)
        if not counts:
            return None
        rows = found.of_rows.rows(subject.of, subject.code, limit=IN_FEED)
        listed = rows_table(rows, subject, release, newest=is_newest(step, release), id="")
        grids = [grid_of(listed, release)]
        if sum(one.added + one.gone + one.changed for one in counts) > IN_FEED:
            counted = counts_table(counts, release, id="")
            grids = [grid_of(counted, release), replace(grids[0], caption=_("The first of them"))]
        return Told(counted_in_words(counts) + ".", grids)

    return feed_of(request, release, query=subject.query, subject=record_title(subject, release), tell=tell)


def _frame(request: HttpRequest, release: Release, subject: RecordSubject) -> dict[str, Any]:
    named = record_title(subject, release)
    feeds = feed_links(subject.query, named)
    return {
        **frame(request, release, "data"),
        "subject": named,
        "subject_url": page_of(subject, release),
        "whole_url": reverse("portal:changes"),
        "feed_url": feeds[0].url,
        "feeds": feeds,
    }


def _releases_table(shown: list[Step], subject: RecordSubject, release: Release) -> Table:
    rows = []
    for step in shown:
        found = changes_of(step, release.cache)
        counts = found.of_rows.counts(subject.of, subject.code) if found else []
        rows.append(
            {
                "name": _("Release %(number)s") % {"number": show.digits_of(step.number, lang())},
                "when": built_at(step, release),
                "url": reverse("portal:changes-of", args=[step.number]) + subject.query,
                **(
                    {name: sum(getattr(one, name) for one in counts) for name in ("added", "gone", "changed")}
                    if found
                    else {}
                ),
                "state": {
                    "first": _("the first release"),
                    "absent": _("the release before is not here"),
                    "compared": "" if counts else _("nothing changed"),
                }[step.state],
            }
        )
    return Table(
        id="releases",
        caption=_("Releases, the newest first"),
        columns=[
            Column("name", _("Release"), link="url", note="when"),
            Column("added", _("Came"), "number"),
            Column("gone", _("Went"), "number"),
            Column("changed", _("Differ"), "number"),
            Column("state", _("State")),
        ],
        rows=rows,
        caption_hidden=True,
    )
