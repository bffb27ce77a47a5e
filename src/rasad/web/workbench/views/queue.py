"""The review queue: money that nobody said a project of, and money whose class is in doubt, the largest first."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.actions import allocations, class_judgements, jobs
from rasad.actions.review import open_queue, suggestions
from rasad.ledger.schema import CLASSES
from rasad.persian.digits import to_latin
from rasad.records.changes import StaleError
from rasad.records.models import ClassJudgement, Judgement, Project
from rasad.web.theme import show
from rasad.web.theme.parts import Pages
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.queue_asked import Question, fields, question
from rasad.web.workbench.shares import ShareError, basis_points
from rasad.web.workbench.versions import number_in

PER_PAGE = 20
DEEPEST = 100
"""Pages that can be gone through one by one: whoever looks for what lies deeper narrows the filter."""
RECENT = 3
"""Of one's own judgements, how many can be taken back on the queue's page itself."""


@allowed("thread.read")
def review(request: HttpRequest) -> HttpResponse:
    """Show what waits for a judgement."""
    queue = open_queue(settings.HOME)
    found = question(request.GET, queue.review) if queue else None
    context: dict[str, Any] = {"queue": queue, "may_refresh": may(request, "jobs.write")}
    if queue is None or found is None:
        return render(request, "workbench/review.html", context)
    figures = queue.review.figures(found.asked)
    pages = _pages(request, found, figures.waiting[found.matter].lines)
    lines = queue.review.page(found.asked, found.matter, limit=PER_PAGE, offset=(pages.number - 1) * PER_PAGE)
    suggested = suggestions(queue.review, lines) if found.matter == "project" else {}
    ability = "allocations.judge" if found.matter == "project" else "classes.judge"
    context |= {
        "question": found,
        "fields": fields(found, queue.review),
        "figures": figures,
        "waiting": figures.waiting[found.matter],
        "pages": pages,
        "rows": [{"line": line, "suggestions": suggested.get(line.n, [])} for line in lines],
        "classes": CLASSES,
        "projects": projects_named(),
        "may_judge": may(request, ability),
        "may_rule": may(request, "rules.write"),
        "recent": _recent(request, found),
        "here": request.get_full_path(),
        "many_url": reverse(
            "workbench:review-many" if found.matter == "project" else "workbench:review-many-classes"
        )
        + found.address(),
        "tabs": [
            (
                _("Project unknown"),
                found.address(matter="project", scope="", **{"class": ""}),
                found.matter == "project",
            ),
            (_("Class in doubt"), found.address(matter="class", scope=""), found.matter == "class"),
        ],
    }
    return render(request, "workbench/review.html", context)


@allowed("allocations.judge")
def judge(request: HttpRequest) -> HttpResponse:
    """Record which projects a line, or the contract that it names, is for."""
    if request.method == "POST":
        told = request.POST
        of_contract = told.get("subject") == "contract"
        kind, subject = (
            ("contract", told.get("contract", "")) if of_contract else ("line", told.get("line", ""))
        )
        try:
            allocations.judge(
                home=settings.HOME,
                kind="contract" if kind == "contract" else "line",
                subject=subject,
                parts=parts_of(request),
                by=account_of(request),
                why=told.get("why", ""),
                seen=number_in(told.get(f"seen_{kind}", "")) or None,
            )
        except (ValidationError, StaleError) as error:
            say_wrong(request, error)
    return _back(request)


@allowed("classes.judge")
def judge_class(request: HttpRequest) -> HttpResponse:
    """Record the class of a line."""
    if request.method == "POST":
        told = request.POST
        try:
            class_judgements.judge(
                home=settings.HOME,
                line_id=told.get("line", ""),
                cls=told.get("class", ""),
                mode=told.get("mode") or "unknown",
                by=account_of(request),
                why=told.get("why", ""),
                seen=number_in(told.get("seen_line", "")) or None,
            )
        except (ValidationError, StaleError) as error:
            say_wrong(request, error)
    return _back(request)


@allowed("allocations.judge")
def undo(request: HttpRequest) -> HttpResponse:
    """Take back a judgement of a project, or a group of them."""
    return _undo(request, Judgement)


@allowed("classes.judge")
def undo_class(request: HttpRequest) -> HttpResponse:
    """Take back a judgement of a class, or a group of them."""
    return _undo(request, ClassJudgement)


@allowed("jobs.write")
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask for the queue to be brought up to today's files and rules."""
    if request.method != "POST":
        return redirect("workbench:review")
    try:
        job = jobs.enqueue(kind="review.index", params={}, by=account_of(request))
    except ValidationError as error:
        say_wrong(request, error)
        return redirect("workbench:review")
    return redirect("workbench:job", key=job.pk)


def _undo(request: HttpRequest, kind: type[Judgement] | type[ClassJudgement]) -> HttpResponse:
    if request.method != "POST":
        return _back(request)
    told, by, home = request.POST, account_of(request), settings.HOME
    try:
        if group := told.get("group", ""):
            number = _group(group)
            count = (
                allocations.undo_group(group=number, by=by, why=told.get("why", ""))
                if kind is Judgement
                else class_judgements.undo_group(home=home, group=number, by=by, why=told.get("why", ""))
            )
            text = ngettext(
                "%(count)s judgement was taken back.", "%(count)s judgements were taken back.", count
            )
            messages.success(request, text % {"count": show.grouped(count, frame.lang())})
            return _back(request)
        found = kind.objects.filter(pk=number_in(told.get("judgement", ""))).first()
        if found is None:
            raise ValidationError(_("This judgement is not on record."))
        seen = number_in(told.get("seen", ""))
        if isinstance(found, ClassJudgement):
            class_judgements.undo(home=home, judgement=found, seen=seen, by=by, why=told.get("why", ""))
        else:
            allocations.undo(judgement=found, seen=seen, by=by, why=told.get("why", ""))
    except (ValidationError, StaleError) as error:
        say_wrong(request, error)
    else:
        messages.success(request, _("The judgement was taken back; what held before it holds again."))
    return _back(request)


def parts_of(request: HttpRequest) -> dict[str, int]:
    """Return what was sent as project → share. ValidationError where a share is none."""
    told = request.POST
    if told.get("none"):
        return {}
    project = told.get("pick") or told.get("project", "").split(" ")[0].strip()
    if not project:
        raise ValidationError(_("Say which project, or that it is for none."))
    try:
        return {project: basis_points(told.get("share", "") if not told.get("pick") else "")}
    except ShareError as error:
        raise ValidationError(str(error)) from error


def projects_named() -> list[tuple[str, str]]:
    """Return (code, title in the page's language) of every project, by code."""
    title = "title" if frame.lang() == "fa" else "title_en"
    rows = Project.objects.order_by("code").values_list("code", title, "title")
    return [(code, own or fa) for code, own, fa in rows]


def _recent(request: HttpRequest, found: Question) -> list[Any]:
    kind: Any = Judgement if found.matter == "project" else ClassJudgement
    made = kind.objects.standing().filter(by=request.user).order_by("-at")
    if kind is Judgement:
        made = made.prefetch_related("parts__project")
    return list(made[:RECENT])


def _pages(request: HttpRequest, found: Question, total: int) -> Pages:
    text = to_latin(request.GET.get("page", "1"))
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise BadRequest(_("“%(page)s” is no page number.") % {"page": text[:20]})
    count = min(DEEPEST, max(1, -(-total // PER_PAGE)))
    # What was judged meanwhile is gone from the end: the last page there is.
    number = min(int(text), count)
    start = (number - 1) * PER_PAGE
    return Pages(
        number,
        count,
        min(start + 1, total),
        min(start + PER_PAGE, total),
        total,
        f"{found.address()}&page={number - 1}" if number > 1 else "",
        f"{found.address()}&page={number + 1}" if number < count else "",
    )


def _group(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ValidationError(_("This judgement is not on record.")) from error


def say_wrong(request: HttpRequest, error: ValidationError | StaleError) -> None:
    """Tell what was refused, and why, on the page that follows."""
    if isinstance(error, StaleError):
        who = getattr(error.current, "by", None)
        text = _("%(name)s judged this meanwhile: look again.") % {"name": who or _("Somebody")}
    else:
        text = " ".join(error.messages)
    messages.error(request, text)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the queue as it was, wherever it stood."""
    told = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(told, allowed_hosts=None) and not urlsplit(told).netloc
    return redirect(told if told and safe else reverse("workbench:review"))
