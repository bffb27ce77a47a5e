"""The data page: files and hashes, control totals, what was quarantined and why; and the files themselves."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rasad.release.build import columns_of
from rasad.release.reader import ROW_TITLES, STAGES, STANDING, Problem, Release
from rasad.web.portal.current import live, page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import page_number
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.tables import pages_of, residents_source
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Fact, Stat, Table

PROBLEMS = 100
BATCHES = 25
_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
}


@page
def data(request: HttpRequest, release: Release) -> HttpResponse:
    """Show what the release holds and how its rows came in."""
    rows = release.batches()
    batches = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row["batch"])]
    _none, count = release.problems(limit=1)
    number = page_number(request.GET)
    shown = batches[(number - 1) * BATCHES : number * BATCHES]
    context = frame(request, release, "data")
    context |= {
        "facts": _facts(release),
        "files": _files(release),
        "stats": _stats(batches, count),
        "rows_table": _rows_table(shown),
        "amounts_tables": amounts_tables([row for _batch, group in shown for row in group]),
        "pages": pages_of(request.GET, number, len(batches), size=BATCHES),
        "problem_count": count,
        "problems_url": reverse("portal:problems"),
        "left": _left(release),
        "reasons": _reasons(release, standing=False),
        "standing": _reasons(release, standing=True),
    }
    return TemplateResponse(request, "portal/data.html", context)


@page
def problems(request: HttpRequest, release: Release) -> HttpResponse:
    """Show every problem of the quarantined rows: which file, row and column, and why."""
    number = page_number(request.GET)
    batch = request.GET.get("batch", "").replace("\x00", "")
    found, count = release.problems(batch=batch or None, limit=PROBLEMS, offset=(number - 1) * PROBLEMS)
    context = frame(request, release, "data")
    context |= {
        "table": problems_table(found),
        "pages": pages_of(request.GET, number, count, size=PROBLEMS),
        "count": count,
    }
    context |= records_here(release, "problems")
    return TemplateResponse(request, "portal/problems.html", context)


def problems_table(found: list[dict[str, Any]], *, file: bool = True) -> Table:
    """Return a table of problems; `file`: with the file of each."""
    columns = [
        *([Column("file_name", _("File"), "code", link="url")] if file else []),
        Column("row", _("Row"), "number"),
        Column("column", _("Column")),
        Column("reason", _("Problem")),
        Column("expected", _("Expected")),
    ]
    rows = [
        {
            **one,
            "column": _column(one["column"]),
            "reason": reason(one["code"]),
            "expected": _expected(one["code"], one["expected"]),
            "url": reverse("portal:batch", args=[one["batch"]]),
        }
        for one in found
    ]
    return Table(
        id="problems",
        caption=_("Quarantined rows and their problems"),
        columns=columns,
        rows=rows,
        caption_hidden=True,
    )


def _column(name: str | None) -> str:
    """Return a column of the file as its header has it; one that the ledger means by itself, by its title."""
    own = next((one for one in columns_of("line") if one.name == name), None)
    return (own.fa if lang() == "fa" else own.en) if own else name or ""


def _expected(code: str, text: str | None) -> str:
    """Return what was expected as the reader writes it: Rasad's own words and examples, everything in the language's digits."""
    return show.digits_of(Problem(code, expected=text or "").shown(_)["expected"], lang())


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a file of the release: only those that its manifest lists, and the manifest."""
    release = live()
    listed = {one["path"]: one for one in release.files()} if release else {}
    if release is None or name not in listed:
        raise Http404
    etag = f'"{listed[name]["sha256"]}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    path = release.path / name
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"rasad-{release.city['id']}-{release.number:04d}-{path.name}",
    )
    response["Content-Type"] = _TYPES.get(path.suffix, "application/octet-stream")
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


def reason(code: str | None) -> str:
    """Return why a row was quarantined, in few words of the page's language."""
    return _(ROW_TITLES.get(code, code)) if code else _("reason not recorded")


def _facts(release: Release) -> list[Fact]:
    city = release.city
    facts = [
        Fact(_("Release"), release.number, "number"),
        Fact(_("Built at"), release.created_at, "date"),
        Fact(_("Fingerprint of the manifest"), release.hash, "code"),
        Fact(_("Release before"), (release.manifest["previous"] or {}).get("hash", ""), "code"),
    ]
    if city.get("residents"):
        source = residents_source(release)
        facts.append(
            Fact(
                _("Residents"),
                int(city["residents"]),
                "number",
                note=_("Source: %(source)s") % {"source": source} if source else "",
            )
        )
    note = city.get(f"note_{lang()}")
    if note:
        facts.append(Fact(_("About the data"), note))
    return [fact for fact in facts if fact.value not in ("", None)]


def _files(release: Release) -> Table:
    rows = [
        {
            "path": one["path"],
            "url": reverse("portal:file", args=[one["path"]]),
            "bytes": one["bytes"],
            "sha256": one["sha256"],
        }
        for one in release.files()
    ]
    return Table(
        id="files",
        caption=_("Files of the release"),
        columns=[
            Column("path", _("File"), "code", link="url"),
            Column("bytes", _("Bytes"), "number"),
            Column("sha256", "SHA-256", "code"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _left(release: Release) -> Table | None:
    """Return which files of the source are not in the release, and why; None where the city's settings name none."""
    rows = [
        {"files": " · ".join(entry["files"]), "why": entry[f"why_{lang()}"]}
        for entry in release.city.get("left", ())
    ]
    if not rows:
        return None
    return Table(
        id="left",
        caption=_("Not taken in, and why"),
        columns=[Column("files", _("Files"), "code"), Column("why", _("Reason"))],
        rows=rows,
    )


def _stats(batches: list[tuple[str, list[dict[str, Any]]]], problems: int) -> list[Stat]:
    firsts = [rows[0] for _batch, rows in batches]
    return [
        Stat(_("Files taken in"), number=len(firsts)),
        Stat(_("Rows in"), number=sum(row["rows_in"] for row in firsts)),
        Stat(_("Stored"), number=sum(row["rows_stored"] for row in firsts)),
        Stat(
            _("Set aside"),
            number=sum(row["rows_set_aside"] for row in firsts),
            note=_("totals, titles, parents: kept, not counted"),
        ),
        Stat(
            _("Quarantined"),
            number=sum(row["rows_quarantined"] for row in firsts),
            note=_("could not be read: kept, with the reason"),
        ),
    ]


def _rows_table(batches: list[tuple[str, list[dict[str, Any]]]]) -> Table:
    rows = []
    for batch, group in batches:
        first = group[0]
        rows.append(
            {
                "file": first["file_name"],
                "under": " · ".join(filter(None, (first["source"], batch[:8], first["encoding"]))),
                "in": first["rows_in"],
                "stored": first["rows_stored"],
                "aside": first["rows_set_aside"],
                "quarantined": first["rows_quarantined"],
                "url": reverse("portal:batch", args=[batch]),
            }
        )
    return Table(
        id="rows",
        caption=_("Rows of each file: in = stored + set aside + quarantined"),
        columns=[
            Column("file", _("File"), note="under", link="url"),
            Column("in", _("In"), "number"),
            Column("stored", _("Stored"), "number"),
            Column("aside", _("Set aside"), "number"),
            Column("quarantined", _("Quarantined"), "number"),
        ],
        rows=rows,
    )


def amounts_tables(rows: list[dict[str, Any]]) -> list[Table]:
    """Return control totals of amounts, exact, one table per currency."""
    found = []
    known = [row for row in rows if row["currency"]]
    places = {batch: place for place, batch in enumerate(dict.fromkeys(row["batch"] for row in known))}
    for currency in sorted({row["currency"] for row in known}):
        body = [
            {
                "file": row["file_name"],
                "under": f"{_stage(row)} · {row['column']}",
                "in": row["amount_in"],
                "stored": row["amount_stored"],
                "aside": row["amount_set_aside"],
                "quarantined": row["amount_quarantined"],
                "remainder": row["amount_remainder"],
                "unreadable": row["unreadable_cells"],
            }
            for row in sorted(known, key=lambda row: (places[row["batch"]], _life(row)))
            if row["currency"] == currency
        ]
        found.append(
            Table(
                id=f"amounts-{currency}",
                caption=_(
                    "Amounts of each file, to the smallest unit: in = stored + set aside + quarantined"
                ),
                columns=[
                    Column("file", _("File"), note="under"),
                    Column("in", _("In"), "money", unit="full"),
                    Column("stored", _("Stored"), "money", unit="full"),
                    Column("aside", _("Set aside"), "money", unit="full"),
                    Column("quarantined", _("Quarantined"), "money", unit="full"),
                    Column("remainder", _("Remainders made"), "money", unit="full"),
                    Column("unreadable", _("Cells without an amount"), "number"),
                ],
                rows=body,
                currency=currency,
                stack=False,
            )
        )
    return found


def _stage(row: dict[str, Any]) -> str:
    """Return what the amounts are of: a stage, or contracts."""
    return _("contract") if row["table"] == "contract" else labels.label(labels.STAGES, row["stage"])


def _life(row: dict[str, Any]) -> int:
    """Return the place of a row's stage in the money's life."""
    return STAGES.index(row["stage"]) if row["stage"] in STAGES else len(STAGES)


def _reasons(release: Release, *, standing: bool) -> Table | None:
    """Return how often each problem was found; `standing`: those for which no row was kept out. None where there is none."""
    rows = [
        {"reason": reason(code), "count": count}
        for code, count in release.problem_counts()
        if (code in STANDING) == standing
    ]
    if not rows:
        return None
    caption = (
        _("What does not add up in the files, though its rows stand")
        if standing
        else _("Why rows were quarantined")
    )
    return Table(
        id="standing" if standing else "reasons",
        caption=caption,
        columns=[Column("reason", _("Problem")), Column("count", _("How often"), "number")],
        rows=rows,
    )
