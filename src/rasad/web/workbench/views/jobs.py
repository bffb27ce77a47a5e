"""Background work: the list, one piece with its live progress, taking it back, asking for it again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import jobs as work
from rasad.actions.kinds import KINDS
from rasad.records.models import Job, Scenario
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, labels
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.naming import titled
from rasad.web.workbench.paging import page_of

OF_ROADMAP = {
    "roadmap.solve": "roadmap-scenario",
    "roadmap.locks": "roadmap-scenario",
    "roadmap.explain": "roadmap-scenario",
    "roadmap.weigh": "roadmap-scenario",
    "roadmap.front": "roadmap-front",
    "roadmap.forecast": "roadmap-sureness",
    "roadmap.sure": "roadmap-sureness",
    "roadmap.meeting": "roadmap-meeting",
}
"""Work on a scenario → the page that shows what it came to."""
EVERY = 1_500
"""Milliseconds between two looks at a job's progress."""


@allowed("jobs.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """List the work that the account may see, the latest first."""
    found = Job.objects.select_related("account").order_by("-created_at")
    if not _sees_all(request):
        found = found.filter(account=account_of(request))
    records, pages = page_of(request, found)
    table = Table(
        id="jobs",
        caption=_("Background work"),
        caption_hidden=True,
        columns=[
            Column("title", _("Work"), link="url"),
            Column("state", _("State"), note="doing"),
            Column("who", _("Asked for by")),
            Column("day", _("Day"), "date", note="clock"),
        ],
        rows=[_row(job) for job in records],
        empty=_("No work was asked for yet."),
    )
    return render(request, "workbench/jobs.html", {"table": table, "pages": pages})


@allowed("jobs.read")
def job(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show one piece of work; the page looks again by itself while it goes on."""
    return render(request, "workbench/job.html", context_of(request, _find(request, key)))


@allowed("jobs.read")
def job_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return the part of the page that changes while the work goes on."""
    response = render(request, "workbench/job_progress.html", context_of(request, _find(request, key)))
    response["Cache-Control"] = "no-store"
    return response


@allowed("jobs.write")
def job_cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take the work back, or ask it to stop at its next step."""
    found = _find(request, key)
    if request.method == "POST":
        try:
            work.cancel(job=found, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("workbench:job", key=found.pk)


@allowed("jobs.write")
def job_retry(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the same work again: whoever may ask for it at all. What writes to the register is asked for at its file, where each noun's ability is."""
    found = _find(request, key)
    if request.method == "POST":
        if not _may_ask(request, found):
            raise PermissionDenied
        if found.kind == "register.import":
            return redirect("workbench:bulk-one", key=found.params["upload"])
        try:
            found = work.retry(job=found, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("workbench:job", key=found.pk)


def _may_ask(request: HttpRequest, found: Job) -> bool:
    return found.kind in KINDS and may(request, KINDS[found.kind].ability)


def _sees_all(request: HttpRequest) -> bool:
    """Whoever looks after imports or reads the trail sees everybody's work; others see their own."""
    return may(request, "imports.write") or may(request, "trail.read")


def _find(request: HttpRequest, key: uuid.UUID) -> Job:
    found = get_object_or_404(Job.objects.select_related("account"), pk=key)
    if found.account_id != request.user.pk and not _sees_all(request):
        raise PermissionDenied
    if request.method == "POST" and found.account_id != request.user.pk and not may(request, "imports.write"):
        raise PermissionDenied
    return found


def context_of(request: HttpRequest, found: Job) -> dict[str, Any]:
    """Return what the page of a piece of work shows, and the part of another page that follows it."""
    mine = found.account_id == request.user.pk or may(request, "imports.write")
    going = found.state in ("waiting", "running")
    title = str(KINDS[found.kind].title) if found.kind in KINDS else found.kind
    return {
        "job": found,
        "title": title,
        "state": str(labels.JOB_STATES[found.state]),
        "doing": _(found.doing) if found.doing else "",
        "share": found.done / found.total if found.total else None,
        "going": going,
        "may_cancel": mine and going and not found.cancel_asked,
        "may_retry": mine and found.state in ("failed", "cancelled") and _may_ask(request, found),
        "took": _took(found),
        "result": [
            (labels.result(name), value, _page(name, value)) for name, value in (found.result or {}).items()
        ],
        "every": EVERY,
        "found_at": _found_at(found),
        "about": _about(found),
        "crumbs": (Link(_("Background work"), reverse("workbench:jobs")), Link(title, "")),
    }


def _about(found: Job) -> Link | None:
    """Return the way to the scenario that the work is about; None of other work."""
    if not found.kind.startswith("roadmap."):
        return None
    scenario = Scenario.objects.defer("problem").filter(pk=found.params.get("scenario")).first()
    return (
        Link(titled(scenario), reverse("workbench:roadmap-scenario", args=[scenario.pk]))
        if scenario
        else None
    )


def _found_at(found: Job) -> str:
    """Return the address of the page that shows what the work came to, where there is one besides this."""
    if found.state != "done":
        return ""
    if found.kind in OF_ROADMAP:
        address = reverse(f"workbench:{OF_ROADMAP[found.kind]}", args=[found.params["scenario"]])
        asked = {name: found.params[name] for name in ("by", "plan") if name in found.params}
        return f"{address}?{urlencode(asked)}" if asked else address
    if found.kind not in ("register.check", "register.import"):
        return ""
    return reverse("workbench:bulk-one", args=[found.params["upload"]])


def _row(found: Job) -> dict[str, Any]:
    return {
        "title": str(KINDS[found.kind].title) if found.kind in KINDS else found.kind,
        "url": reverse("workbench:job", args=[found.pk]),
        "state": str(labels.JOB_STATES[found.state]),
        "doing": (found.error or (_(found.doing) if found.doing else ""))[:120],
        "who": found.account.name if found.account else "",
        "day": timezone.localtime(found.created_at).date(),
        "clock": _clock(found.created_at),
    }


def _clock(moment: datetime) -> str:
    return show.digits_of(f"{timezone.localtime(moment):%H:%M}", frame.lang())


def _page(name: str, value: Any) -> str:
    """Return the address of what the work came to; the empty text where it has no page."""
    return reverse("workbench:import-batch", args=[value]) if name == "batch" else ""


def _took(found: Job) -> str:
    """Return how long the work has run or ran, as minutes and seconds; the empty text before it began."""
    if found.started_at is None:
        return ""
    seconds = max(0, int(((found.ended_at or timezone.now()) - found.started_at).total_seconds()))
    return show.digits_of(f"{seconds // 60}:{seconds % 60:02}", frame.lang())
