"""Releases: building one, looking at what it would change, making it live."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import jobs as work
from rasad.actions import publishing
from rasad.actions.publishing import Preview
from rasad.actions.snapshots import public_tables
from rasad.ledger.schema import TABLES
from rasad.release.reader.changes import Changes
from rasad.web.theme import labels as names_of
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import account_of, allowed, may


@allowed("releases.read", post="releases.publish")
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases; a data officer asks here for the next one to be built."""
    if request.method == "POST":
        try:
            job = work.enqueue(kind="release.build", params={"publish": False}, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("workbench:releases")
        return redirect("workbench:job", key=job.pk)
    rows = [
        {
            "number": show.digits_of(f"{one.number:04d}", frame.lang()),
            "url": reverse("workbench:release", args=[one.number]),
            "state": _("live: what the public reads") if one.live else "",
            "built": one.created_at[:10],
            "lines": one.rows.get("line", 0),
            "projects": one.rows.get("project", 0),
            "hash": one.hash,
        }
        for one in publishing.releases(settings.HOME)
    ]
    table = Table(
        id="releases",
        caption=_("Releases, the newest first"),
        caption_hidden=True,
        columns=[
            Column("number", _("Number"), link="url", note="state"),
            Column("built", _("Built on"), "date"),
            Column("lines", _("Lines"), "number"),
            Column("projects", _("Projects"), "number"),
            Column("hash", _("Fingerprint"), "hash"),
        ],
        rows=rows,
        empty=_("No release was built yet."),
    )
    context = {"table": table, "may_build": may(request, "releases.publish")}
    return render(request, "workbench/releases.html", context)


@allowed("releases.read", post="releases.publish")
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Show what publishing a release would change, and publish it."""
    if request.method == "POST":
        try:
            publishing.publish(
                home=settings.HOME,
                number=number,
                expected=request.POST.get("hash", ""),
                by=account_of(request),
                why=request.POST.get("why", ""),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("Release %(number)s is live.") % {"number": show.digits_of(number, frame.lang())}
            )
        return redirect("workbench:release", number=number)
    found = publishing.preview(home=settings.HOME, number=number)
    if found is None:
        raise Http404
    title = _("Release %(number)s") % {"number": show.digits_of(f"{number:04d}", frame.lang())}
    context = {
        "title": title,
        "crumbs": (Link(_("Releases"), reverse("workbench:releases")), Link(title, "")),
        "preview": found,
        "built": found.built,
        "stats": _stats(found),
        "rows": _rows(found),
        "sums": _sums(found.changes) if found.changes else None,
        "names": [
            {
                "table": table_name(one.table),
                "appear": one.appear,
                "appear_count": one.appear_count,
                "vanish": one.vanish,
                "vanish_count": one.vanish_count,
            }
            for one in found.names
        ],
        "may_publish": may(request, "releases.publish") and not found.built.live,
    }
    return render(request, "workbench/release.html", context)


def table_name(name: str) -> str:
    """Return what a table of a release is called in the page's language."""
    table = TABLES.get(name) or public_tables().get(name)
    if table is None:
        return name
    return table.fa if frame.lang() == "fa" else table.en


def _stats(found: Preview) -> list[Stat]:
    live = found.live
    lines = found.built.rows.get("line", 0)
    before = live.rows.get("line", 0) if live and not found.built.live else 0
    return [
        Stat(
            _("Lines"),
            number=lines,
            note=_("%(number)s in the live release") % {"number": show.grouped(before, frame.lang())},
        ),
        Stat(_("Names that appear"), number=sum(one.appear_count for one in found.names)),
        Stat(_("Names that vanish"), number=sum(one.vanish_count for one in found.names)),
    ]


def _rows(found: Preview) -> Table:
    """Return rows by table, before and after."""
    if found.changes:
        counted = {one.table: one for one in found.changes.tables()}
        rows: list[dict[str, Any]] = [
            {
                "table": table_name(one.table),
                "before": one.before,
                "after": one.after,
                "added": one.added,
                "gone": one.gone,
                "changed": one.changed,
            }
            for one in counted.values()
        ]
    else:
        rows = [{"table": table_name(name), "after": count} for name, count in found.built.rows.items()]
    return Table(
        id="rows",
        caption=_("Rows of each table"),
        columns=[
            Column("table", _("Table")),
            Column("before", _("Now live"), "number"),
            Column("after", _("In this release"), "number"),
            Column("added", _("New"), "number"),
            Column("gone", _("Gone"), "number"),
            Column("changed", _("Changed"), "number"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _sums(changes: Changes) -> Table:
    """Return the sums of each flow, book, stage and year in both; stages are never added."""
    rows = [
        {
            "year": show.digits_of(one.year, frame.lang()),
            "what": f"{names_of.label(names_of.FLOWS, one.flow)} · {names_of.label(names_of.BOOKS, one.book)}",
            "stage": one.stage,
            "before": one.before,
            "after": one.after,
            "difference": one.after - one.before,
        }
        for one in changes.totals()
        if one.before != one.after or one.lines_before != one.lines_after
    ]
    return Table(
        id="sums",
        caption=_("Sums that change, by fiscal year and stage"),
        columns=[
            Column("year", _("Fiscal year"), note="what"),
            Column("stage", _("Stage"), "stage"),
            Column("before", _("Now live"), "money"),
            Column("after", _("In this release"), "money"),
            Column("difference", _("Difference"), "difference"),
        ],
        rows=rows,
        empty=_("No sum changes."),
        caption_hidden=True,
    )
