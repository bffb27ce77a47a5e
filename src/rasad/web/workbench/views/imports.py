"""The import desk: files come in, each is looked at, and loaded when its totals and its differences were seen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.actions import cities, imports, uploads
from rasad.actions.imports import How
from rasad.ledger.batches import receipts
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problems import LedgerError, Problem
from rasad.ledger.read import unseen
from rasad.persian.digits import to_latin
from rasad.records.models import Job, Upload
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, labels
from rasad.web.workbench import receipts as tables
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.views.jobs import EVERY
from rasad.web.workbench.views.jobs import context_of as job_context

AT_ONCE = 20
"""Files that may be handed in together."""
LATEST = 8
"""Batches that the desk shows."""


@allowed("imports.read", post="imports.write")
def imports_(request: HttpRequest) -> HttpResponse:
    """Show the files on the desk and the latest batches; take files in."""
    if request.method == "POST":
        return _hand_in(request)
    waiting = list(
        Upload.objects.filter(plan__state__in=imports.OPEN).select_related("account").order_by("-created_at")
    )
    jobs = {
        str(job.pk): job
        for job in Job.objects.filter(pk__in=[one.plan["job"] for one in waiting if one.plan.get("job")])
    }
    found = receipts(settings.HOME)
    context = {
        "waiting": _waiting_table(waiting, jobs),
        "latest": tables.batches(found[::-1][:LATEST], found),
        "batches": len(found),
        "quarantined": sum(1 for one in found if one.rows["quarantined"]),
        "sources": len(cities.sources(settings.HOME)),
        "may_write": may(request, "imports.write"),
        "largest": uploads.LARGEST // 1024**2,
        "at_once": AT_ONCE,
    }
    return render(request, "workbench/imports.html", context)


def _hand_in(request: HttpRequest) -> HttpResponse:
    """Keep the files that were sent; one leads to its page, several to the desk. What cannot be kept is said by name."""
    sent = request.FILES.getlist("files")
    if not sent:
        messages.error(request, _("Choose a file first."))
        return redirect("workbench:imports")
    if len(sent) > AT_ONCE:
        messages.error(request, _("At most %(count)s files at once.") % {"count": AT_ONCE})
        return redirect("workbench:imports")
    kept: list[Upload] = []
    for file in sent:
        name = str(file.name)
        try:
            upload = imports.hand_in(
                home=settings.HOME, name=name, chunks=file.chunks(), by=account_of(request)
            )
            kept.append(imports.go_on(home=settings.HOME, upload=upload, by=account_of(request)))
        except ValidationError as error:
            messages.error(request, f"{name}: {' '.join(error.messages)}")
    if len(kept) == 1 and len(sent) == 1:
        return redirect("workbench:import", key=kept[0].pk)
    if kept:
        said = ngettext("%(count)s file is on the desk.", "%(count)s files are on the desk.", len(kept))
        messages.success(request, said % {"count": show.grouped(len(kept), frame.lang())})
    return redirect("workbench:imports")


@allowed("imports.read", post="imports.write")
def import_(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show one file: which source it is, what loading it would do. What is sent chooses the source and tries it."""
    upload = find(key)
    if request.method == "POST":
        year = request.POST.get("year", "").strip()
        try:
            same(request, upload)
            imports.choose(
                home=settings.HOME,
                upload=upload,
                source=request.POST.get("source", ""),
                params={"fiscal_year": to_latin(year)} if year else {},
                by=account_of(request),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("workbench:import", key=upload.pk)
    return render(request, "workbench/import.html", _context(request, upload))


@allowed("imports.read")
def import_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return the part of the page that changes while the worker is at the file."""
    upload = find(key)
    response = render(request, "workbench/import_progress.html", _progress(request, upload))
    response["Cache-Control"] = "no-store"
    return response


@allowed("imports.write")
def import_load(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the file to be loaded as it was tried."""
    upload = find(key)
    if request.method == "POST":
        how = request.POST.get("how", "")
        try:
            same(request, upload)
            imports.load(
                home=settings.HOME,
                upload=upload,
                how=cast(How, how if how in ("replace", "add") else ""),
                by=account_of(request),
                why=request.POST.get("why", ""),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except LedgerError as error:
            messages.error(request, error.message(_))
    return redirect("workbench:import", key=upload.pk)


@allowed("imports.write")
def import_again(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Look at the file again: the ledger, or a mapping, may have changed since."""
    upload = find(key)
    if request.method == "POST":
        try:
            imports.look_again(home=settings.HOME, upload=upload, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("workbench:import", key=upload.pk)


@allowed("imports.write")
def import_drop(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take the file off the desk."""
    upload = find(key)
    if request.method == "POST":
        try:
            imports.drop(home=settings.HOME, upload=upload, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("workbench:import", key=upload.pk)
        messages.success(request, _("%(name)s is off the desk.") % {"name": upload.name})
    return redirect("workbench:imports")


def _waiting_table(found: list[Upload], jobs: Mapping[str, Job]) -> Table:
    rows = [
        {
            "file": one.name,
            "url": reverse("workbench:import", args=[one.pk]),
            "state": state_of(one, jobs.get(str(one.plan.get("job", "")))),
            "size": size_of(one.size),
            "who": one.account.name,
            "day": timezone.localtime(one.created_at).date(),
        }
        for one in found
    ]
    return Table(
        id="waiting",
        caption=_("On the desk"),
        caption_hidden=True,
        columns=[
            Column("file", _("File"), link="url", note="state"),
            Column("size", _("Size")),
            Column("who", _("Handed in by")),
            Column("day", _("Day"), "date"),
        ],
        rows=rows,
        empty=_("No file waits."),
    )


def state_of(upload: Upload, job: Job | None) -> str:
    """Return in a few words how it stands with a file."""
    plan = upload.plan
    if job is not None and job.state in ("waiting", "running"):
        return _("is being loaded") if plan["state"] == "loading" else _("is being looked at")
    if job is not None and job.state == "failed":
        return _("could not be loaded")
    if "error" in plan:
        return _("cannot be read as it is")
    if "already" in plan:
        return _("is loaded already")
    trial = plan.get("trial")
    if trial is None:
        return _("rows that were put right") if plan.get("kind") == "put_right" else _("to be looked at")
    if trial["again"] or trial["reread"]:
        return _("says again what is loaded: decide")
    return _("ready to be loaded")


def size_of(size: int) -> str:
    """Return a size in bytes as people say it."""
    for unit, name in ((1024**3, _("GB")), (1024**2, _("MB"))):
        if size >= unit:
            mark = "٫" if labels.fa() else "."
            return f"{show.digits_of(f'{size / unit:.1f}', frame.lang()).replace('.', mark)} {name}"
    kilobytes = _("kB")
    return f"{show.grouped(-(-size // 1024), frame.lang())} {kilobytes}"


def find(key: uuid.UUID) -> Upload:
    """Return a file of the desk. Http404 where there is none, or it was taken off."""
    found = get_object_or_404(Upload.objects.select_related("account"), pk=key)
    if found.plan.get("state") in (None, "dropped"):
        raise Http404
    return found


def same(request: HttpRequest, upload: Upload) -> None:
    """Raise ValidationError where the file is not any more as the page showed it to whoever sends something."""
    if request.POST.get("stamp", upload.plan.get("stamp")) != upload.plan.get("stamp"):
        raise ValidationError(
            _("Somebody else works on this file: it was changed meanwhile. Look at it again.")
        )


def _progress(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """Return what changes while the worker is at the file: little, for it is asked for every second."""
    plan = upload.plan
    job = imports.job_of(upload)
    context: dict[str, Any] = {
        "upload": upload,
        "going": job is not None and job.state in ("waiting", "running"),
        "loaded": plan.get("state") == "loaded",
        "failed": job is not None and job.state == "failed",
        "unseen": plan.get("state") == "new" and (job is None or job.state in ("done", "cancelled")),
        "error": Problem(**plan["error"]).message(_) if "error" in plan else "",
        "already": plan.get("already", ""),
    }
    if job is not None:
        context["job_part"] = job_context(request, job)
    if plan.get("batch"):
        context["batch"] = plan["batch"]
    return context


def _context(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    plan, context = upload.plan, _progress(request, upload)
    context |= {
        "plan": plan,
        "stamp": plan.get("stamp", ""),
        "title": upload.name,
        "crumbs": (Link(_("Import desk"), reverse("workbench:imports")), Link(upload.name, "")),
        "size": size_of(upload.size),
        "found": _found(plan),
        "day": timezone.localtime(upload.created_at).date(),
        "may_write": may(request, "imports.write") and not context["going"] and not context["loaded"],
        "every": EVERY,
        "problem_code": plan.get("error", {}).get("code", ""),
    }
    if plan.get("kind") == "export":
        context |= _choices(plan)
    if plan.get("kind") == "put_right":
        context |= {"rows": plan["rows"], "batches": plan["batches"]}
    if plan.get("trial"):
        context |= trial_context(plan["trial"])
    return context


def _found(plan: Mapping[str, Any]) -> list[str]:
    """Return what was found about the file, in parts."""
    about = plan.get("file", {})
    parts = [str(about.get(name, "")) for name in ("format", "compression", "encoding", "delimiter")]
    parts = [{"\t": "TAB", "text": "CSV"}.get(part, part) for part in parts if part]
    rows = sum(one["rows"] for one in plan.get("tables", []))
    if rows:
        said = ngettext("%(count)s row", "%(count)s rows", rows) % {"count": show.grouped(rows, frame.lang())}
        parts.append(said)
    return parts


def _choices(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources that fit, and the mapping of the file's own, the chosen one marked."""
    choice = plan["choice"]
    chosen, titles = choice.get("source", ""), tables.source_titles()
    options = [
        {
            "source": one["source"],
            "title": titles(one["source"]),
            "chosen": one["source"] == chosen,
            "named": one["named"],
            "missing": one["missing"],
            "whole": one["whole"],
        }
        for one in plan["fits"]
    ]
    if chosen and chosen not in {one["source"] for one in plan["fits"]}:
        options.insert(0, {"source": chosen, "title": titles(chosen), "chosen": True, "whole": True})
    own = choice.get("data")
    doubts = plan["proposal"]["doubts"]
    year = plan["params"].get("fiscal_year", "")
    return {
        "options": options,
        "own": own,
        "own_id": (own or plan["proposal"]["data"])["id"],
        "doubts": len(doubts),
        "year": year,
        "asks_year": bool(year) or _asks_year(plan),
    }


def _asks_year(plan: Mapping[str, Any]) -> bool:
    if plan.get("error", {}).get("code") in ("parameter", "year_in_path"):
        return True
    data = plan["choice"].get("data")
    if data:
        return bool(data.get("fiscal_year", {}).get("from") == "parameter")
    path = cities.sources(settings.HOME).get(plan["choice"].get("source", ""))
    try:
        return path is not None and load_mapping(path).fiscal_year.source == "parameter"
    except LedgerError:
        return False


def trial_context(trial: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page shows of a trial: totals, reasons, first lines, rejected rows, what differs from what is loaded."""
    receipt, comparison = trial["receipt"], trial["comparison"]
    context: dict[str, Any] = {
        "trial": trial,
        "row_stats": tables.row_stats(receipt),
        "totals": tables.totals(receipt),
        "reasons": tables.reasons(receipt),
        "lines": tables.lines(trial["lines"], receipt),
        "sheets_left": tables.not_read(receipt["file"]),
        "unseen": unseen.said(receipt["file"], _),
        "repeats": trial["repeats"],
        "again": trial["again"],
        "reread": trial["reread"],
    }
    if trial["problems"]:
        several = any(one["sheet"] for one in trial["problems"])
        context["problems"] = tables.problems(trial["problems"], sheets=several)
    if comparison:
        context |= {
            "difference_stats": tables.difference_stats(comparison),
            "difference_sums": tables.difference_sums(comparison),
            "differing": tables.differing(comparison),
        }
    return context
