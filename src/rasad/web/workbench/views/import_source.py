"""A source: how its files are read, the versions that this had, and putting it right without a file at hand."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import cities, mappings, uploads
from rasad.actions.examining import FIRST_ROWS, data_of, plain
from rasad.actions.imports import AT_ONCE_PACKED
from rasad.actions.sources import try_source
from rasad.ledger.batches import receipts
from rasad.ledger.mapping import Mapping, load_mapping, parse_mapping
from rasad.ledger.problems import LedgerError
from rasad.ledger.reassign import FileColumn, columns_named
from rasad.records.models import AuditEvent, Upload
from rasad.web.theme import labels as names
from rasad.web.theme import show
from rasad.web.theme.parts import Fact
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench import receipts as tables
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.days import calendar
from rasad.web.workbench.forms.mapping import MappingForm
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.import_mapping import form_context
from rasad.web.workbench.views.imports import trial_context

LATEST = 8
"""Batches that the page shows."""


@dataclass(frozen=True)
class Version:
    """A version of the mapping: who wrote it, when and why, its text, and what of it differs from the version before on the trail."""

    number: int
    at: Any
    by: str
    why: str
    text: str
    changed: list[tuple[str, str]]


@allowed("imports.read")
def import_source(request: HttpRequest, source: str) -> HttpResponse:
    """Show a source: what it is, its latest batches, the mapping as it stands, and its versions; 404 where there is none such."""
    path = _path(source)
    own = [one for one in receipts(settings.HOME) if one.source == source]
    context: dict[str, Any] = {
        "title": tables.source_titles()(source),
        "source": source,
        "crumbs": _crumbs(source),
        "text": path.read_text("utf-8"),
        "versions": _versions(source),
        "latest": tables.batches(own[::-1][:LATEST], own),
        "batches": len(own),
        "batches_url": f"{reverse('workbench:import-batches')}?source={source}",
        "may_write": may(request, "imports.write"),
    }
    try:
        mapping = load_mapping(path)
    except LedgerError as error:
        return render(request, "workbench/import_source.html", context | {"error": error.message(_)})
    context["facts"] = _facts(mapping, own)
    return render(request, "workbench/import_source.html", context)


@allowed("imports.write")
def import_source_mapping(request: HttpRequest, source: str) -> HttpResponse:
    """Show the form of a source's mapping over the columns of the file that was loaded last, else over those that it names; save the next
    version, or try it on that file."""
    try:
        mapping = load_mapping(_path(source))
    except LedgerError as error:
        messages.error(request, error.message(_))
        return redirect("workbench:import-source", source=source)
    upload = _last(source)
    base = data_of(mapping)
    columns = (
        [FileColumn(**{**one, "samples": tuple(one["samples"])}) for one in upload.plan["columns"]]
        if upload
        else columns_named(base)
    )
    sent = request.POST if request.method == "POST" else None
    form = MappingForm(
        sent, data_now=base, columns=columns, fixed=True, taken=frozenset(cities.sources(settings.HOME))
    )
    context: dict[str, Any] = {}
    seen = number_in(request.POST.get("seen", "")) or mapping.version
    if sent is not None and form.is_valid():
        data = {**form.mapping_data(), "version": seen + 1}
        try:
            if "try" in request.POST and upload is not None:
                context = _tried(upload, data)
            else:
                why = request.POST.get("why", "").strip()
                if not why:
                    raise ValidationError(
                        _("Say why the mapping is changed: whoever reads its history will ask.")
                    )
                saved = mappings.save(home=settings.HOME, data=data, by=account_of(request), why=why)
                return _saved(request, saved)
        except ValidationError as error:
            form.add_error(None, error)
        except LedgerError as error:
            form.add_error(None, error.message(_))
    context |= {
        **form_context(form, columns, {}),
        "title": _("How files of %(source)s are read") % {"source": tables.source_titles()(source)},
        "lede": _lede(upload),
        "crumbs": (*_crumbs(source, link=True), Link(_("How it is read"), "")),
        "source": source,
        "fixed": True,
        "version": seen,
        "why": request.POST.get("why", ""),
        "no_file": upload is None,
        "tries": upload is not None and upload.size <= AT_ONCE_PACKED,
        "back": reverse("workbench:import-source", args=[source]),
    }
    status = 422 if form.errors else 200
    return render(request, "workbench/import_mapping.html", context, status=status)


def _saved(request: HttpRequest, mapping: Mapping) -> HttpResponse:
    told = {"version": show.digits_of(mapping.version, frame.lang())}
    text = _(
        "Version %(version)s is saved. The next file is read by it; what is loaded stays as it was read until its file is loaded again."
    )
    messages.success(request, text % told)
    return redirect("workbench:import-source", source=mapping.id)


def _lede(upload: Upload | None) -> str:
    if upload is None:
        return _(
            "No file of it came over the desk yet: these are the columns that the mapping names. A change becomes its next version."
        )
    day = show.day(timezone.localtime(upload.created_at).date(), calendar(), frame.lang())[0]
    text = _(
        "The columns are those of %(file)s, handed in on %(day)s. A change becomes the mapping's next version."
    )
    return text % {"file": upload.name, "day": day}


def _tried(upload: Upload, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the mapping would make of the file, for the page; nothing is written."""
    found = try_source(
        mapping=parse_mapping(data, data["id"]),
        path=uploads.path_of(settings.HOME, upload),
        params=dict(upload.plan.get("params", {})),
        rows=FIRST_ROWS,
    )
    return trial_context(
        {
            "receipt": plain(found.receipt.as_dict()),
            "lines": [plain(line) for line in found.lines],
            "problems": [plain(problem.as_dict()) for problem in found.problems],
            "again": [],
            "reread": [],
            "repeats": [],
            "comparison": None,
        }
    )


def _last(source: str) -> Upload | None:
    """Return the file of the source that came over the desk last and is kept; None where none is."""
    for upload in Upload.objects.filter(plan__choice__source=source, plan__kind="export").order_by(
        "-created_at"
    )[:20]:
        if upload.plan.get("columns") and uploads.path_of(settings.HOME, upload).is_file():
            return upload
    return None


def _path(source: str) -> Path:
    path = cities.sources(settings.HOME).get(source)
    if path is None:
        raise Http404
    return path


def _crumbs(source: str, *, link: bool = False) -> tuple[Link, ...]:
    own = reverse("workbench:import-source", args=[source]) if link else ""
    return (
        Link(_("Import desk"), reverse("workbench:imports")),
        Link(_("Sources"), reverse("workbench:import-sources")),
        Link(tables.source_titles()(source), own),
    )


def _facts(mapping: Mapping, own: list[Any]) -> list[Fact]:
    kind = (
        _("Contracts") if mapping.table == "contract" else names.label(names.BOOKS, mapping.book_or_default)
    )
    return [
        Fact(_("Name of the source"), mapping.id, "code"),
        Fact(_("What it is"), kind),
        Fact(_("Version of the mapping"), show.digits_of(mapping.version, frame.lang())),
        Fact(_("Batches"), len(own), "number"),
        Fact(_("In quarantine"), sum(one.rows["quarantined"] for one in own), "number"),
        *([Fact(_("Last loaded"), max(tables.moment(one.created_at) for one in own), "date")] if own else []),
    ]


def _versions(source: str) -> list[Version]:
    """Return the versions that were written at the desk, the newest first."""
    found: list[Version] = []
    before = ""
    for event in AuditEvent.objects.filter(noun="source", record_key=source).order_by("id"):
        after = event.after or {}
        text = str(after.get("mapping", ""))
        found.append(
            Version(
                int(after.get("version", 0)),
                timezone.localtime(event.at).date(),
                event.account_name,
                event.why,
                text,
                _changed(before, text) if before else [],
            )
        )
        before = text
    return found[::-1]


def _changed(before: str, after: str) -> list[tuple[str, str]]:
    """Return what a mapping said before (-) and says after (+) where these differ, each by its place; the version always does."""
    old, new = _said(tomllib.loads(before)), _said(tomllib.loads(after))
    found = []
    for place in dict.fromkeys([*old, *new]):
        if old.get(place) != new.get(place) and place != "version":
            found += [
                (sign, f"{place} = {said[place]}") for sign, said in (("-", old), ("+", new)) if place in said
            ]
    return found


def _said(data: Any, place: str = "") -> dict[str, str]:
    """Return place → value of all that a mapping says."""
    if isinstance(data, dict):
        pairs = [(f"{place}.{name}" if place else str(name), one) for name, one in data.items()]
    elif isinstance(data, list) and any(isinstance(one, dict) for one in data):
        pairs = [(f"{place}[{number}]", one) for number, one in enumerate(data, 1)]
    else:
        return {place: json.dumps(data, ensure_ascii=False, default=str)}
    return {inner: text for name, one in pairs for inner, text in _said(one, name).items()}
