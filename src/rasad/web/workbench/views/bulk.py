"""Bulk files: every noun out as CSV or XLSX, a template to fill in, and a file in: what it would change is seen before anything is written."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import bulk as files
from rasad.actions import jobs, register, uploads
from rasad.actions.bulk import handed_in
from rasad.ledger.problems import FileError
from rasad.records.models import Job, Upload
from rasad.records.roles import WRITES
from rasad.records.tables import BY_NAME, SHEETS
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, history, labels
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.downloads import TYPES, as_file
from rasad.web.workbench.forms.bulk import HandInForm, TakeInForm

AT_ONCE = 200 * 1024
"""Bytes of a file that is looked at while the page waits: a second's work; larger ones go into the background, with progress."""
EVERYTHING = "all"
LATEST = 10
"""Files that were handed in last, on the first page."""


def wording() -> files.Wording:
    """Return how a file that is downloaded says things: in the page's language and the city's calendar."""
    city, lang = frame.city(), frame.lang()
    jalali = lang == "fa" and city.get("calendar", "jalali") == "jalali"
    return files.Wording(cast(Any, lang), "jalali" if jalali else "iso", int(city.get("minor_digits", 0)))


@allowed("bulk.write")
def bulk(request: HttpRequest) -> HttpResponse:
    """List what can be had as a file, and take a file that is handed in."""
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_in(request, form)
        except ValidationError as error:
            form.add_error("file", error)
        except FileError as error:
            form.add_error("file", error.message(_))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "table": _nouns(request), "latest": _latest(request)}
    return render(request, "workbench/bulk.html", context, status=status)


def _handed_in(request: HttpRequest, form: HandInForm) -> HttpResponse:
    file, (noun, profile) = form.cleaned_data["file"], form.read_as
    upload = uploads.keep(
        home=settings.HOME,
        name=file.name,
        chunks=file.chunks(),
        by=account_of(request),
        largest=handed_in.LARGEST,
    )
    if upload.size <= AT_ONCE:
        try:
            handed_in.look(home=settings.HOME, upload=upload, noun=noun, profile=profile)
        except FileError:
            # No page would ever show what cannot be read.
            uploads.forget(home=settings.HOME, upload=upload)
            raise
    else:
        upload.plan = {"noun": noun, "profile": profile}
        upload.save(update_fields=["plan"])
        params = {"upload": str(upload.pk), "noun": noun, "profile": profile}
        jobs.enqueue(kind="register.check", params=params, by=account_of(request))
    return redirect("workbench:bulk-one", key=upload.pk)


def _nouns(request: HttpRequest) -> Table:
    rows, counts = [], register.counts()
    for sheet in SHEETS:
        rows.append(
            {
                "noun": labels.noun(sheet.model.lower()),
                "count": counts[sheet.name],
                "csv": "CSV",
                "csv_url": reverse("workbench:bulk-file", args=[sheet.name, "csv"]),
                "xlsx": "XLSX",
                "xlsx_url": reverse("workbench:bulk-file", args=[sheet.name, "xlsx"]),
                "template": _("empty, with a guide"),
                "template_url": reverse("workbench:bulk-template", args=[sheet.name, "xlsx"]),
                "write": _("yes") if may(request, WRITES[sheet.name]) else _("no"),
            }
        )
    return Table(
        id="nouns",
        caption=_("What the register holds"),
        caption_hidden=True,
        columns=[
            Column("noun", _("Kind of record")),
            Column("count", _("Records"), "number"),
            Column("csv", "CSV", link="csv_url"),
            Column("xlsx", "XLSX", link="xlsx_url"),
            Column("template", _("Template"), link="template_url"),
            Column("write", _("You may load it")),
        ],
        rows=rows,
    )


def _latest(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the files of the register that the account handed in last; what each would change is not read for it, that can be much."""
    mine = Upload.objects.filter(account=account_of(request), plan__has_key="profile").order_by("-created_at")
    rows = mine.values(
        "pk", "name", "created_at", applied=KeyTransform("written", KeyTransform("applied", "plan"))
    )
    return [dict(row) for row in rows[:LATEST]]


# --- Out -----------------------------------------------------------------------------------------------------------


@allowed("bulk.write", post="")
def bulk_file(request: HttpRequest, noun: str, format: str) -> HttpResponse:
    """Send a noun's records, or all of them in one workbook, as a file that comes in again as it is."""
    if format not in TYPES:
        raise Http404
    if noun == EVERYTHING and format == "xlsx":
        names = [sheet.name for sheet in SHEETS]
        return _made(
            "register.xlsx", lambda path: files.export_file(nouns=names, path=path, wording=wording())
        )
    if noun not in BY_NAME:
        raise Http404
    return as_file(
        files.export_sheet(noun=noun, format=cast(Any, format), wording=wording()), f"{noun}.{format}"
    )


@allowed("bulk.write", post="")
def bulk_template(request: HttpRequest, noun: str, format: str) -> HttpResponse:
    """Send an empty file to be filled in; a workbook has a guide to every column."""
    if format not in TYPES or (noun not in BY_NAME and noun != EVERYTHING):
        raise Http404
    if noun == EVERYTHING and format == "csv":
        raise Http404
    names = [sheet.name for sheet in SHEETS] if noun == EVERYTHING else [noun]
    ways = files.city_ways(settings.HOME)
    return _made(
        f"{noun}-template.{format}",
        lambda path: files.template_file(nouns=names, path=path, wording=wording(), ways=ways),
    )


def _made(name: str, write: Callable[[Path], Any]) -> HttpResponse:
    """Return a file that is written whole before it is sent, so that what is wrong with it is said and not cut off."""
    with tempfile.TemporaryDirectory(prefix="rasad-bulk-") as folder:
        path = Path(folder) / name
        write(path)
        content = path.read_bytes()
    return as_file(content, name)


# --- In ------------------------------------------------------------------------------------------------------------


@allowed("bulk.write")
def bulk_one(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a file that was handed in would change, or changed; and take it in."""
    upload = _mine(request, key)
    told = upload.plan.get("checked")
    form = TakeInForm(request.POST or None)
    if told is None:
        return _under_way(request, upload)
    barred = [noun for noun in handed_in.nouns_of(told) if not may(request, WRITES[noun])]
    if request.method == "POST":
        if barred:
            raise PermissionDenied
        if form.is_valid() and "applied" not in upload.plan:
            try:
                return _taken_in(request, upload, form)
            except (ValidationError, FileError) as error:
                said = error.message(_) if isinstance(error, FileError) else " ".join(error.messages)
                form.add_error(None, said)
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/bulk_one.html", _shown(request, upload, form, barred), status=status)


def _taken_in(request: HttpRequest, upload: Upload, form: TakeInForm) -> HttpResponse:
    why, valid_only = form.cleaned_data["why"], form.cleaned_data["valid_only"]
    if upload.size <= AT_ONCE:
        told = handed_in.take_in(
            home=settings.HOME, upload=upload, by=account_of(request), why=why, valid_only=valid_only
        )
        if told["written"]:
            messages.success(request, _("Written down: %(what)s.") % {"what": upload.name})
        else:
            messages.warning(request, _("Nothing was written: look again at what stands below."))
        return redirect("workbench:bulk-one", key=upload.pk)
    params = {"upload": str(upload.pk), "why": why, "valid_only": valid_only}
    job = jobs.enqueue(kind="register.import", params=params, by=account_of(request))
    return redirect("workbench:job", key=job.pk)


def _under_way(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Lead to the background work that looks at the file."""
    job = (
        Job.objects.filter(kind="register.check", params__upload=str(upload.pk))
        .order_by("-created_at")
        .first()
    )
    if job is None:
        raise Http404
    return redirect("workbench:job", key=job.pk)


@allowed("bulk.write", post="")
def bulk_refused(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Send the rows that are refused, each with its reasons, to be put right and handed in again."""
    upload = _mine(request, key)
    done = handed_in.refused(settings.HOME, upload)
    return _made(
        "refused.xlsx",
        lambda path: files.write_refused(done=done, path=path, translate=_, rtl=frame.lang() == "fa"),
    )


def _mine(request: HttpRequest, key: uuid.UUID) -> Upload:
    return get_object_or_404(Upload, pk=key, account=account_of(request), plan__has_key="profile")


def _shown(request: HttpRequest, upload: Upload, form: TakeInForm, barred: list[str]) -> dict[str, Any]:
    applied = upload.plan.get("applied")
    done = bool(applied and applied["written"])
    told = applied if done else upload.plan["checked"]
    counts = handed_in.counted(told)
    return {
        "upload": upload,
        "form": form,
        "done": done,
        "told": told,
        "counts": counts,
        "stats": _stats(counts),
        "sheets": _sheets(told),
        "problems": _problems(told),
        "problem_count": told["problem_count"],
        "changes": list(_changes(told)),
        "barred": [labels.noun(BY_NAME[noun].model.lower()) for noun in barred],
        "nothing": not any(counts[name] for name in ("added", "changed", "removed")),
        "crumbs": (Link(_("Bulk files"), reverse("workbench:bulk")), Link(upload.name, "")),
    }


def _stats(counts: dict[str, int]) -> list[Stat]:
    return [
        Stat(_("New"), number=counts["added"]),
        Stat(_("Changed"), number=counts["changed"]),
        Stat(_("Taken away"), number=counts["removed"]),
        Stat(_("As they are"), number=counts["unchanged"]),
        Stat(_("Refused"), number=counts["refused"]),
    ]


def _sheets(told: dict[str, Any]) -> Table:
    rows = [
        {
            "noun": labels.noun(BY_NAME[sheet["noun"]].model.lower()),
            "sheet": sheet["sheet"],
            **{name: sheet[name] for name in ("rows", "added", "changed", "removed", "unchanged", "refused")},
            "unread": _("columns not read: %(names)s") % {"names": _(", ").join(sheet["columns_not_read"])}
            if sheet["columns_not_read"]
            else "",
        }
        for sheet in told["sheets"]
    ]
    return Table(
        id="sheets",
        caption=_("Its sheets"),
        columns=[
            Column("noun", _("Kind of record"), note="unread"),
            Column("rows", _("Rows"), "number"),
            Column("added", _("New"), "number"),
            Column("changed", _("Changed"), "number"),
            Column("removed", _("Taken away"), "number"),
            Column("unchanged", _("As they are"), "number"),
            Column("refused", _("Refused"), "number"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _problems(told: dict[str, Any]) -> Table | None:
    # A sentence that begins with a Latin word is of the page's direction all the same.
    mark = "\u200f" if frame.lang() == "fa" else ""
    rows = [
        {"row": one.row, "column": one.column, "said": mark + one.said(_), "sheet": one.sheet}
        for one in handed_in.problems_of(told)
    ]
    if not rows:
        return None
    return Table(
        id="problems",
        caption=_("What stands in the way"),
        columns=[
            Column("row", _("Row"), "number", note="sheet"),
            Column("column", _("Column")),
            Column("said", _("What is wrong")),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _changes(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    where = history.place()
    said = {"added": _("new"), "changed": _("changed"), "removed": _("taken away")}
    for sheet in told["sheets"]:
        if not sheet["changes"]:
            continue
        model = BY_NAME[sheet["noun"]].model.lower()
        count = sheet["added"] + sheet["changed"] + sheet["removed"]
        yield {
            "noun": labels.noun(model),
            "more": count - len(sheet["changes"]),
            "rows": [
                {
                    "row": one["row"],
                    "key": one["key"],
                    "did": said[one["outcome"]],
                    "outcome": one["outcome"],
                    "fields": [
                        (
                            labels.field(model, name),
                            history.value(model, name, was, where),
                            history.value(model, name, now, where),
                        )
                        for name, was, now in one["fields"]
                    ],
                }
                for one in sheet["changes"]
            ],
        }
