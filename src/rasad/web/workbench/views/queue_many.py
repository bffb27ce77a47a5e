"""Judging many lines alike: what the filter of the queue means first, how many lines and how much money, then the judgement as one group."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.actions import allocations, class_judgements
from rasad.actions.judging import MANY, Bulk, token
from rasad.actions.review import Queue, open_queue
from rasad.ledger.engines.review.asking import Matter
from rasad.ledger.schema import CLASSES
from rasad.records.changes import StaleError
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.queue_asked import Question, question
from rasad.web.workbench.views.queue import parts_of, projects_named, say_wrong

SHOWN = 10
"""Lines of the preview, the largest."""


@allowed("allocations.judge")
def many(request: HttpRequest) -> HttpResponse:
    """Judge the project of every line that the filter leaves."""
    return _many(request, "project")


@allowed("classes.judge")
def many_classes(request: HttpRequest) -> HttpResponse:
    """Judge the class of every line that the filter leaves."""
    return _many(request, "class")


def _many(request: HttpRequest, matter: Matter) -> HttpResponse:
    queue = open_queue(settings.HOME)
    told = {**request.GET.dict(), "matter": matter}
    found = question(told, queue.review) if queue else None
    if queue is None or found is None:
        return redirect("workbench:review")
    back = reverse("workbench:review") + found.address()
    if request.method == "POST":
        try:
            done = _judge(request, queue, found)
        except (ValidationError, StaleError) as error:
            say_wrong(request, error)
        else:
            lang = frame.lang()
            text = ngettext("%(count)s line was judged", "%(count)s lines were judged", done.judged)
            text %= {"count": show.grouped(done.judged, lang)}
            if done.left:
                left = _("%(count)s that people had judged were left alone")
                text = f"{text}; {left % {'count': show.grouped(done.left, lang)}}"
            messages.success(request, f"{text}.")
            return redirect(reverse("workbench:review-judged") + f"?matter={matter}")
    context = _preview(queue, found)
    context |= {
        "crumbs": (Link(_("Review queue"), back), Link(_("Judge many"), "")),
        "back": back,
        "may_rule": may(request, "rules.write"),
        "rule_url": f"{reverse('workbench:rule-new')}{found.address()}",
        "classes": CLASSES,
        "projects": projects_named(),
        "told": request.POST,
    }
    return render(request, "workbench/review_many.html", context)


def _judge(request: HttpRequest, queue: Queue, found: Question) -> Bulk:
    told = request.POST
    ids = queue.review.ids(found.asked, found.matter, limit=MANY + 1)
    shared: dict[str, Any] = {
        "home": settings.HOME,
        "line_ids": ids,
        "by": account_of(request),
        "why": told.get("why", ""),
        "expected": told.get("token", ""),
    }
    if found.matter == "project":
        return allocations.judge_many(parts=parts_of(request), **shared)
    return class_judgements.judge_many(
        cls=told.get("class", ""), mode=told.get("mode") or "unknown", **shared
    )


def _preview(queue: Queue, found: Question) -> dict[str, Any]:
    """Return what would be judged: lines and money, what projects have of it now, the largest lines."""
    review = queue.review
    waiting = review.figures(found.asked).waiting[found.matter]
    too_many = waiting.lines > MANY
    ids = [] if too_many else review.ids(found.asked, found.matter, limit=MANY)
    titles = dict(projects_named())
    now = [] if too_many else review.projects_of(found.asked, found.matter)
    return {
        "question": found,
        "waiting": waiting,
        "too_many": too_many,
        "most": MANY,
        "token": token(ids),
        "now": Table(
            id="now",
            caption=_("Where this money is now"),
            columns=[
                Column("project", _("Project"), note="title"),
                Column("lines", _("Parts"), "number"),
                Column("amount", _("Amount"), "money"),
            ],
            rows=[
                {
                    "project": code or _("unlinked"),
                    "title": titles.get(code or "", ""),
                    "lines": lines,
                    "amount": amount,
                }
                for code, amount, lines in now
            ],
            currency=found.coverage.currency,
        ),
        "lines": Table(
            id="largest",
            caption=_("The largest of these lines"),
            columns=[
                Column("title", _("Description"), note="who"),
                Column("date", _("Date"), "date"),
                Column("class", _("Class"), "class"),
                Column("amount", _("Amount"), "money"),
            ],
            rows=[
                {
                    "title": line.title or "—",
                    "who": line.supplier_name,
                    "date": line.date,
                    "class": line.cls,
                    "amount": line.unlinked if found.matter == "project" else line.amount,
                }
                for line in review.page(found.asked, found.matter, limit=SHOWN)
            ],
            currency=found.coverage.currency,
        ),
    }
