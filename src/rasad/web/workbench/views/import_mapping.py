"""Putting right how a file is read: the form of its mapping beside what the mapping makes of the first rows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import cities, imports
from rasad.actions.examining import data_of
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problems import LedgerError, Problem
from rasad.ledger.reassign import FileColumn, meanings_of
from rasad.records.models import Upload
from rasad.web.theme.site import Link
from rasad.web.workbench.allowed import account_of, allowed
from rasad.web.workbench.forms.mapping import MappingForm, initial_of
from rasad.web.workbench.views.imports import find, same, trial_context

FIELD_OF = {
    "fiscal_year": "year_from",
    "constants.flow": "flow",
    "trees": "trees",
    "numbers.decimal": "decimal",
    "numbers.scale": "scale",
    "numbers.currency": "currency",
    "numbers.minor_digits": "minor_digits",
    "dates.order": "order",
    "dates.pivot": "pivot",
    "dates.calendar": "calendar",
}
"""The field that a doubt of the proposal is about; of a column's doubt it is that column's."""


@dataclass(frozen=True)
class Row:
    """A column of the file as the form shows it: its name, some values, what it means, and what is doubtful about that."""

    name: str
    sheet: str
    samples: tuple[str, ...]
    field: BoundField
    further: list[BoundField]
    doubts: list[str]


@allowed("imports.write")
def import_mapping(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show the form of the mapping; what is sent is tried on the file, and shown again or led back to the file."""
    upload = find(key)
    if upload.plan.get("kind") != "export" or upload.plan.get("state") == "loaded":
        return redirect("workbench:import", key=upload.pk)
    base, fixed = _base(request, upload)
    columns = [FileColumn(**{**one, "samples": tuple(one["samples"])}) for one in upload.plan["columns"]]
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        data_now=base,
        columns=columns,
        fixed=fixed,
        taken=frozenset(cities.sources(settings.HOME)),
        year=upload.plan["params"].get("fiscal_year", ""),
    )
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"] if form.cleaned_data["year_from"] in ("parameter", "path") else ""
        try:
            same(request, upload)
            imports.correct(
                home=settings.HOME,
                upload=upload,
                data=_numbered(form.mapping_data(), fixed),
                params={"fiscal_year": year} if year else {},
                by=account_of(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except LedgerError as error:
            form.add_error(None, error.message(_))
        else:
            if "again" in request.POST:
                return redirect("workbench:import-mapping", key=upload.pk)
            return redirect("workbench:import", key=upload.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "workbench/import_mapping.html", _context(upload, form, columns, base, fixed), status=status
    )


def _base(request: HttpRequest, upload: Upload) -> tuple[dict[str, Any], bool]:
    """Return the mapping to put right, and whether it is of a source that is there: `?source=`, else what is chosen for the file."""
    known = cities.sources(settings.HOME)
    choice = upload.plan["choice"]
    asked = request.POST.get("source") or request.GET.get("source", "")
    if not asked and "data" in choice:
        data = dict(choice["data"])
        return data, data["id"] in known
    path = known.get(asked or choice.get("source", ""))
    if path is None:
        messages.error(request, _("No source is called %(source)s.") % {"source": asked})
        return dict(upload.plan["proposal"]["data"]), False
    if "data" in choice and choice["data"]["id"] == asked:
        return dict(choice["data"]), True
    try:
        return data_of(load_mapping(path)), True
    except LedgerError as error:
        messages.error(request, error.message(_))
        return dict(upload.plan["proposal"]["data"]), False


def _numbered(data: dict[str, Any], fixed: bool) -> dict[str, Any]:
    """Return the mapping with the version that it will have: the next one of a source that is there."""
    if not fixed:
        return {**data, "version": 1}
    return {**data, "version": load_mapping(cities.sources(settings.HOME)[data["id"]]).version + 1}


def _context(
    upload: Upload, form: MappingForm, columns: Sequence[FileColumn], base: Mapping[str, Any], fixed: bool
) -> dict[str, Any]:
    plan = upload.plan
    context: dict[str, Any] = {
        **form_context(form, columns, {} if fixed else _doubts(plan["proposal"], base, columns)),
        "upload": upload,
        "stamp": plan.get("stamp", ""),
        "title": _("How %(name)s is read") % {"name": upload.name},
        "crumbs": (
            Link(_("Import desk"), reverse("workbench:imports")),
            Link(upload.name, reverse("workbench:import", args=[upload.pk])),
            Link(_("How it is read"), ""),
        ),
        "back": reverse("workbench:import", args=[upload.pk]),
        "fixed": fixed,
        "source": base["id"] if fixed else "",
        "error": Problem(**plan["error"]).message(_) if "error" in plan else "",
        "titles": [text for one in plan["tables"] for text in one["titles"]],
    }
    # What the mapping makes of the rows: of the mapping that was tried, which the form shows until it is changed.
    if (
        plan.get("trial")
        and plan["choice"].get("data", {}).get("id", plan["choice"].get("source")) == base["id"]
    ):
        context |= trial_context(plan["trial"])
    return context


def form_context(
    form: MappingForm, columns: Sequence[FileColumn], doubts: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return what the form's page shows of a mapping over columns; `doubts` by field, "" for those of the whole file."""
    for name, said in doubts.items():
        if name in form.fields:
            form.fields[name].doubts = said  # type: ignore[attr-defined]
    rows = [
        Row(
            form.name_of(number),
            column.sheet,
            column.samples,
            form[f"c{number}"],
            [form[name] for name in form.fields if name.startswith(f"d{number}_")],
            doubts.get(f"c{number}", []),
        )
        for number, column in enumerate(columns)
    ]
    return {
        "form": form,
        "rows": rows,
        "lacking": [form[f"lack{number}"] for number in range(len(form.lacking))],
        "dates_open": bool({"order", "pivot"} & set(doubts) or form["year_pattern"].value())
        or bool({"order", "pivot", "year_pattern", "first_month"} & set(form.errors)),
        "doubts": doubts,
        "general_doubts": doubts.get("", []),
        "doubt_count": sum(map(len, doubts.values())),
        "several_sheets": len({column.sheet for column in columns}) > 1,
    }


def _doubts(
    proposal: Mapping[str, Any], now: Mapping[str, Any], columns: Sequence[FileColumn]
) -> dict[str, list[str]]:
    """Return the doubts by field, "" for those of the whole file; one whose field was changed since is settled."""
    before, after = initial_of(proposal["data"], columns), initial_of(now, columns)
    meant = meanings_of(proposal["data"], columns)
    found: dict[str, list[str]] = {}
    for doubt in proposal["doubts"]:
        name = _field_of(doubt["key"], meant)
        if not name or before.get(name) == after.get(name):
            template = doubt["message"]
            said = _(template)
            found.setdefault(name, []).append(said % doubt["values"] if doubt["values"] else said)
    return found


def _field_of(key: str, meant: Sequence[Sequence[str]]) -> str:
    if key in FIELD_OF:
        return FIELD_OF[key]
    kind, _dot, name = key.partition(".")
    meaning = {"columns": f"column:{name}", "amounts": f"amount:{name}"}.get(kind, "")
    return next((f"c{number}" for number, some in enumerate(meant) if meaning in some), "")
