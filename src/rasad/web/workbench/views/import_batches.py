"""Batches and sources: what was loaded, what of it is in quarantine, what left with it, and how each source stands."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import cities
from rasad.actions.quarantine import write_quarantine
from rasad.actions.sources import left_with
from rasad.ledger.batches import Receipt, all_receipts, counting, receipts
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problem_rows import quarantined_rows
from rasad.ledger.problems import FileError, LedgerError, Problem
from rasad.ledger.read import unseen
from rasad.records.models import AuditEvent, Upload
from rasad.web.theme import labels as names
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Download, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, labels
from rasad.web.workbench import receipts as tables
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.downloads import TYPES, as_file
from rasad.web.workbench.history import tell, together
from rasad.web.workbench.paging import page_of

REJECTED = 50
"""Rejected rows that a batch's page shows; all of them are in the file."""


@allowed("imports.read")
def import_batches(request: HttpRequest) -> HttpResponse:
    """List every batch, superseded ones too, the latest first; of one source where the address says so."""
    source = request.GET.get("source", "")
    every = all_receipts(settings.HOME)
    some, pages = page_of(request, [one for one in every[::-1] if source in ("", one.source)])
    named = tables.source_titles()(source) if source else ""
    title = _("Batches of %(source)s") % {"source": named} if source else _("Batches")
    context = {
        "title": title,
        "crumbs": (Link(_("Import desk"), reverse("workbench:imports")), Link(title, "")),
        "table": tables.batches(some, counting(every)),
        "pages": pages,
    }
    return render(request, "workbench/import_batches.html", context)


@allowed("imports.read")
def import_batch(request: HttpRequest, batch: str) -> HttpResponse:
    """Show one batch: control totals, why rows were set aside or rejected, the rejected rows, what left with it, who loaded it."""
    every = all_receipts(settings.HOME)
    receipt = _find(batch, every)
    counts = {one.batch for one in counting(every)}
    told = receipt.as_dict()
    rejected = [
        Problem(file=receipt.file["name"], sheet=row["sheet"], row=row["row"], **problem).as_dict()
        for row in islice(quarantined_rows(settings.HOME, receipt), REJECTED)
        for problem in row["problems"]
    ]
    successor = next((one for one in every if batch in one.supersedes), None)
    events = AuditEvent.objects.filter(noun="batch", record_key=batch).order_by("-id")
    upload = Upload.objects.filter(plan__state="loaded", plan__batch=batch).first()
    context: dict[str, Any] = {
        "title": receipt.file["name"],
        "kicker": tables.source_titles()(receipt.source),
        "crumbs": (
            Link(_("Import desk"), reverse("workbench:imports")),
            Link(_("Batches"), reverse("workbench:import-batches")),
            Link(receipt.file["name"], ""),
        ),
        "receipt": receipt,
        "day": tables.moment(receipt.created_at),
        "years": "، ".join(show.digits_of(year, frame.lang()) for year in receipt.fiscal_years)
        if labels.fa()
        else ", ".join(map(str, receipt.fiscal_years)),
        "counts": receipt.batch in counts,
        "successor": successor,
        "row_stats": tables.row_stats(told),
        "totals": tables.totals(told),
        "reasons": tables.reasons(told),
        "sheets_left": tables.not_read(receipt.file),
        "unseen": unseen.said(receipt.file, _),
        "repeats": receipt.repeats,
        "problems": tables.problems(rejected, sheets=any(one["sheet"] for one in rejected))
        if rejected
        else None,
        "shown": min(REJECTED, receipt.rows["quarantined"]),
        "downloads": [
            Download(kind.upper(), reverse("workbench:import-quarantine", args=[batch, kind]))
            for kind in TYPES
        ],
        "corrections": receipt.corrections,
        "changes": together(tell(events)),
        "upload": upload,
        "may_write": may(request, "imports.write") and receipt.batch in counts,
    }
    if receipt.supersedes:
        left = left_with(settings.HOME, receipt)
        context |= {
            "left": [(tables.HOW_LEFT[how], count) for how, count in left.items()],
            "before": receipt.supersedes,
        }
    return render(request, "workbench/import_batch.html", context)


@allowed("imports.read")
def import_quarantine(request: HttpRequest, batch: str, kind: str) -> HttpResponse:
    """Return the rejected rows as a file, in the source's own columns with the reasons beside them."""
    receipt = _find(batch, all_receipts(settings.HOME))
    if kind not in TYPES:
        raise Http404

    def reasons(receipt: Receipt, row: dict[str, Any]) -> str:
        name = receipt.file["name"]
        wrong = (Problem(file=name, sheet=row["sheet"], row=row["row"], **one) for one in row["problems"])
        return " | ".join(
            f"{problem.column}: {problem.said(_)}" if problem.column else problem.said(_) for problem in wrong
        )

    with tempfile.TemporaryDirectory(prefix="rasad-") as place:
        path = Path(place) / f"quarantine-{receipt.batch}.{kind}"
        try:
            write_quarantine(home=settings.HOME, receipt=receipt, path=path, reasons=reasons, rtl=labels.fa())
        except FileError as error:
            return render(
                request,
                "workbench/error.html",
                {"code": 409, "title": _("Not as this kind of file"), "text": error.message(_), "again": ""},
                status=409,
            )
        return as_file(path.read_bytes(), path.name)


@allowed("imports.read")
def import_sources(request: HttpRequest) -> HttpResponse:
    """List the home's sources: what each is, when it was last loaded, what of it waits."""
    live, titles = receipts(settings.HOME), tables.source_titles()
    rows = [
        _source(source, titles(source), path, live) for source, path in cities.sources(settings.HOME).items()
    ]
    table = Table(
        id="sources",
        caption=_("Sources"),
        caption_hidden=True,
        columns=[
            Column("title", _("Source"), link="url", note="source"),
            Column("what", _("What it is")),
            Column("batches", _("Batches"), "number"),
            Column("lines", _("Lines"), "number"),
            Column("quarantined", _("In quarantine"), "number"),
            Column("day", _("Last loaded"), "date"),
            Column("state", _("State")),
        ],
        rows=rows,
        empty=_("No source is described yet: hand in a file, and its mapping is proposed."),
    )
    context = {
        "table": table,
        "crumbs": (Link(_("Import desk"), reverse("workbench:imports")), Link(_("Sources"), "")),
    }
    return render(request, "workbench/import_sources.html", context)


def _source(source: str, title: str, path: Path, live: list[Receipt]) -> dict[str, Any]:
    own = [one for one in live if one.source == source]
    row: dict[str, Any] = {
        "source": source,
        "title": title,
        "url": reverse("workbench:import-source", args=[source]),
        "batches": len(own),
        "lines": sum(one.lines for one in own),
        "quarantined": sum(one.rows["quarantined"] for one in own),
        "day": max((tables.moment(one.created_at) for one in own), default=None),
    }
    try:
        mapping = load_mapping(path)
    except LedgerError as error:
        return {**row, "what": "", "state": error.message(_)}
    what = (
        _("Contracts") if mapping.table == "contract" else names.label(names.BOOKS, mapping.book_or_default)
    )
    return {**row, "what": what, "state": _state(own, mapping.hash)}


def _state(own: list[Receipt], now: str) -> str:
    if not own:
        return _("nothing loaded yet")
    if any(one.rows["quarantined"] for one in own):
        return _("rows to be put right")
    if any(one.mapping_hash != now for one in own):
        return _("mapping changed since it was loaded")
    return _("in order")


def _find(batch: str, every: list[Receipt]) -> Receipt:
    for receipt in every:
        if receipt.batch == batch:
            return receipt
    raise Http404
