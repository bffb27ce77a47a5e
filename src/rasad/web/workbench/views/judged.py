"""Who judged what, the latest first, with its undoing; and where two people disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import allocations
from rasad.actions.review import open_queue
from rasad.ledger.engines.review import Queued
from rasad.records.models import ClassJudgement, Judgement
from rasad.web.theme.site import Link
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.paging import page_of


@allowed("thread.read")
def judged(request: HttpRequest) -> HttpResponse:
    """List the judgements, those that were taken back or replaced among them."""
    of_class = request.GET.get("matter") == "class"
    kind: Any = ClassJudgement if of_class else Judgement
    found = kind.objects.select_related("by").order_by("-at", "-pk")
    if not of_class:
        found = found.prefetch_related("parts__project")
    records, pages = page_of(request, found)
    lines = _lines([one.subject for one in records if one.subject_kind == "line"])
    context = {
        "rows": [{"judgement": one, "line": lines.get(one.subject)} for one in records],
        "pages": pages,
        "of_class": of_class,
        "may_undo": may(request, "classes.judge" if of_class else "allocations.judge"),
        "undo_url": reverse("workbench:review-undo-class" if of_class else "workbench:review-undo"),
        "here": request.get_full_path(),
        "tabs": [
            (_("Projects"), "?matter=project", not of_class),
            (_("Classes"), "?matter=class", of_class),
        ],
        "crumbs": (Link(_("Review queue"), reverse("workbench:review")), Link(_("Who judged what"), "")),
    }
    return render(request, "workbench/review_judged.html", context)


@allowed("thread.read")
def disagreements(request: HttpRequest) -> HttpResponse:
    """List what two people judged differently, each with what they hold."""
    found = allocations.disagreements()
    shown, pages = page_of(request, found, per_page=20)
    lines = _lines([one.subject for one in shown if one.kind == "line"])
    context = {
        "rows": [{"case": one, "line": lines.get(one.subject)} for one in shown],
        "pages": pages,
        "crumbs": (Link(_("Review queue"), reverse("workbench:review")), Link(_("Disagreements"), "")),
    }
    return render(request, "workbench/review_disagreements.html", context)


def _lines(line_ids: Sequence[str]) -> dict[str, Queued]:
    """Return what the index knows of lines; of those that left it knows nothing."""
    queue = open_queue(settings.HOME)
    return queue.review.lines(line_ids) if queue else {}
