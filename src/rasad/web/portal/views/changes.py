"""Changes between releases: the list of releases, one release against the one before, and the feed of either."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rasad.release.reader import (
    KINDS,
    Changes,
    Kind,
    Part,
    Release,
    Step,
    Total,
    changes_of,
    table_titles,
)
from rasad.web.portal import atom
from rasad.web.portal.changes import (
    Subject,
    chips,
    counted,
    in_words,
    kind_count,
    kind_name,
    lines_table,
    of_part,
    parts_table,
    subject_of,
    title_of,
    told,
)
from rasad.web.portal.current import page
from rasad.web.portal.feeds import Told, absent, feed_of, grid_of
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, changed, page_number, without
from rasad.web.portal.release_steps import built_at, feed_links, head_of, listed, step_of
from rasad.web.portal.tables import pages_of
from rasad.web.portal.views import record_changes
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Stat, Table

TOP = 8
"""Lines of each kind on the page of a release; all of them by `?kind=`."""
IN_FEED = 5


@page
def releases(request: HttpRequest, release: Release) -> HttpResponse:
    """List the releases, newest first, with what each changed for the subject."""
    if "of" in request.GET:
        return record_changes.releases(request, release)
    subject = subject_of(request.GET, release)
    shown, pages = listed(request.GET, release)
    context = _frame(request, release, subject) | pages
    context["table"] = _releases_table(shown, subject, release)
    return TemplateResponse(request, "portal/changes.html", context)


@page
def release_changes(request: HttpRequest, release: Release, number: int) -> HttpResponse:
    """Show what one release changed against the one before it; 404 where the live release does not come from it."""
    if "of" in request.GET:
        return record_changes.release_changes(request, release, number)
    subject = subject_of(request.GET, release)
    step = step_of(number, release)
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise BadRequest(
            _("“%(value)s” is no value of “%(name)s”. There are: %(all)s.")
            % {"value": kind[:60], "name": "kind", "all": _(", ").join(KINDS)}
        )
    found = changes_of(step, release.cache)
    parts = found.parts(subject.filters) if found else []
    context = _frame(request, release, subject) | head_of(step, release, query=subject.query)
    context |= {"stats": _stats(step, parts), "kind": kind}
    if found:
        context |= _detail(request, release, step, found, parts, subject, kind)
    return TemplateResponse(request, "portal/changes_release.html", context)


@page
def feed(request: HttpRequest, release: Release) -> HttpResponse:
    """Send the feed of a subject's changes: an entry for each release that changed something here, and for the first one."""
    if "of" in request.GET:
        return record_changes.feed(request, release)
    subject = subject_of(request.GET, release)
    return feed_of(
        request,
        release,
        query=subject.query,
        subject=title_of(subject, release),
        tell=lambda step: _told(step, subject, release),
    )


# --- pages -----------------------------------------------------------------------------------------------------------


def _frame(request: HttpRequest, release: Release, subject: Subject) -> dict[str, Any]:
    named = title_of(subject, release)
    feeds = feed_links(subject.query, named)
    return {
        **frame(request, release, "data"),
        "chips": chips(subject, request.GET, release),
        "clear_url": request.path,
        "subject": named,
        "whole": subject.whole,
        "feed_url": feeds[0].url,
        "feeds": feeds,
    }


def _releases_table(shown: list[Step], subject: Subject, release: Release) -> Table:
    stage = release.defaults()[1]
    rows = [_release_row(step, subject, release, stage) for step in shown]
    columns = [
        Column("name", _("Release"), link="url", note="when"),
        Column("lines", _("Lines"), "number"),
        Column("came", _("Came"), "number"),
        Column("gone", _("Went"), "number"),
        Column("changed", _("Differ"), "number"),
        Column("class", _("Class changed"), "number"),
    ]
    if stage:
        name = labels.label(labels.STAGES, stage)
        columns.append(Column("net", _("Difference: %(stage)s") % {"stage": name}, "money"))
    columns.append(Column("largest", _("The most money"), link="largest_url", note="largest_what"))
    if not subject.whole:
        columns = [column for column in columns if column.key != "lines"]
    return Table(
        id="releases",
        caption=_("Releases, the newest first"),
        columns=columns,
        rows=rows,
        caption_hidden=True,
    )


def _release_row(step: Step, subject: Subject, release: Release, stage: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": _("Release %(number)s") % {"number": show.digits_of(step.number, lang())},
        "when": built_at(step, release),
        "url": reverse("portal:changes-of", args=[step.number]) + subject.query,
        "lines": step.tables.get("line"),
        "largest": {
            "first": _("the first release"),
            "absent": _("the release before is not here"),
            "compared": _("nothing changed"),
        }[step.state],
    }
    found = changes_of(step, release.cache)
    if found is None:
        return row
    parts = found.parts(subject.filters)
    counts = counted(parts)
    book = release.book(stage)
    row |= {
        "came": counts["added"] + counts["entered"],
        "gone": counts["gone"] + counts["left"],
        "changed": counts["changed"],
        "class": sum(part.reclassified for part in parts),
        "net": sum(
            part.net for part in parts if (part.flow, part.stage, part.book) == ("expense", stage, book)
        ),
    }
    largest = [line for kind in KINDS if counts[kind] for line in found.lines(subject.filters, kind, limit=1)]
    if largest:
        one = max(largest, key=lambda line: abs(line.either["amount"]))
        text = told([one], release, newest=step.number == release.number)[0]
        row |= {"largest": text.text, "largest_url": text.url, "largest_what": kind_name(one.kind)}
    return row


def _stats(step: Step, parts: list[Part]) -> list[Stat]:
    if step.state != "compared":
        return [Stat(_("Lines"), number=step.tables.get("line"))]
    counts = counted(parts)
    return [
        Stat(_("Came"), number=counts["added"] + counts["entered"]),
        Stat(_("Went"), number=counts["gone"] + counts["left"]),
        Stat(_("Differ"), number=counts["changed"]),
        Stat(_("Differ in class"), number=sum(part.reclassified for part in parts)),
        Stat(_("Differ in amount"), number=sum(part.repriced for part in parts)),
    ]


def _detail(
    request: HttpRequest,
    release: Release,
    step: Step,
    found: Changes,
    parts: list[Part],
    subject: Subject,
    kind: str,
) -> dict[str, Any]:
    counts = counted(parts)
    newest = step.number == release.number
    number = page_number(request.GET)
    lists = []
    for one in KINDS:
        if not counts[one] or (kind and one != kind):
            continue
        limit, offset = (PAGE, (number - 1) * PAGE) if kind else (TOP, 0)
        lines = told(found.lines(subject.filters, one, limit=limit, offset=offset), release, newest=newest)
        lists.append(
            {
                "id": f"lines-{one}",
                "name": kind_name(one),
                "count": kind_count(one, counts[one]),
                "table": lines_table(lines, one, id=one),
                "all_url": changed(request.GET, kind=one) if not kind and counts[one] > TOP else "",
            }
        )
    context: dict[str, Any] = {
        "lists": lists,
        "sums": None if kind or not parts else _sums(found, subject, release),
        "carried": found.carried_over() if subject.whole else 0,
        **(_tables(found, release) if subject.whole and not kind else {}),
        "back_url": without(request.GET, "kind"),
    }
    if kind:
        kinds: dict[str, Kind] = {name: name for name in KINDS}
        context["pages"] = pages_of(request.GET, number, counts[kinds[kind]])
    return context


def _sums(found: Changes, subject: Subject, release: Release) -> Table:
    """Return before, what came and went, and after, for each stage, year and book by itself."""
    parts = found.parts(subject.filters, by_year=True)
    totals = {(t.flow, t.book, t.stage, t.year): t for t in found.totals()} if subject.whole else {}
    flows = any(part.flow != "expense" for part in parts)
    rows = []
    for part in parts:
        total: Total | None = totals.get((part.flow, part.book, part.stage, part.year or 0))
        rows.append(
            {
                "of": of_part(part, flow=flows),
                "before": total.before if total else None,
                "came": part.amounts["added"] + part.amounts["entered"],
                "gone": -part.amounts["gone"] - part.amounts["left"],
                "changed": part.amounts["changed"],
                "net": part.net,
                "after": total.after if total else None,
            }
        )
    columns = [
        Column("of", _("Stage, fiscal year, book")),
        Column("before", _("Before"), "money"),
        Column("came", _("Came"), "money"),
        Column("gone", _("Went"), "money"),
        Column("changed", _("Differences of lines that stayed"), "money"),
        Column("net", _("Together"), "money"),
        Column("after", _("Now"), "money"),
    ]
    if not subject.whole:
        columns = [column for column in columns if column.key not in ("before", "after")]
    return Table(
        id="sums",
        caption=_("Sums by stage, fiscal year and book: before + came + went + differences = now"),
        columns=columns,
        rows=rows,
        caption_hidden=True,
        stack=False,
    )


def _tables(found: Changes, release: Release) -> dict[str, Any]:
    """Return `tables`, those of the release in which any row changed, and `same`: how many are as they were."""
    every = found.tables()
    different = [one for one in every if one.added or one.gone or one.changed]
    titles = table_titles(release, lang())
    rows = [
        {
            "name": capfirst(titles.get(one.table, one.table)),
            "file": one.table,
            **{k: getattr(one, k) for k in ("before", "added", "gone", "changed", "after")},
        }
        for one in different
    ]
    table = Table(
        id="tables",
        caption=_("Rows of each file"),
        columns=[
            Column("name", _("Table"), note="file"),
            Column("before", _("Before"), "number"),
            Column("added", _("Came"), "number"),
            Column("gone", _("Went"), "number"),
            Column("changed", _("Differ in any column"), "number"),
            Column("after", _("Now"), "number"),
        ],
        rows=rows,
        caption_hidden=True,
        stack=False,
    )
    return {"tables": table, "same": len(every) - len(different)}


# --- the feed --------------------------------------------------------------------------------------------------------


def _told(step: Step, subject: Subject, release: Release) -> Told | None:
    """Return what a release changed for the subject; None where it changed nothing."""
    if step.state == "first":
        lines = show.grouped(step.tables.get("line", 0), lang())
        return Told(
            _("The first release, with %(lines)s lines: there is none before it to compare with.")
            % {"lines": lines}
        )
    found = changes_of(step, release.cache)
    if found is None:
        return absent()
    parts = found.parts(subject.filters)
    if not parts:
        return None
    grids = _grids(found, parts, subject, release, newest=step.number == release.number)
    return Told(in_words(parts) + ".", grids)


def _grids(
    found: Changes, parts: list[Part], subject: Subject, release: Release, *, newest: bool
) -> list[atom.Grid]:
    grids = [grid_of(parts_table(parts, release, id=""), release)]
    counts = counted(parts)
    for kind in KINDS:
        if counts[kind]:
            lines = told(found.lines(subject.filters, kind, limit=IN_FEED), release, newest=newest)
            more = kind_count(kind, counts[kind])
            listed = lines_table(lines, kind, id="")
            grids.append(grid_of(listed, release, f"{kind_name(kind)} ({more})"))
    return grids
