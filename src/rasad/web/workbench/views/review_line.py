"""One line of the ledger: where it comes from, which projects and goals it is for, who judged it, and judging it anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions.review import open_queue, suggestions
from rasad.ledger.allocate import earlier_ids
from rasad.ledger.engines.review import Queued
from rasad.records.models import Judgement, Project
from rasad.web.theme import labels as names
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, naming
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.views.queue import projects_named


@allowed("thread.read")
def review_line(request: HttpRequest, line_id: str) -> HttpResponse:
    """Show a line of today's ledger, and its thread: projects, goals, indicators; 404 where the index has none such."""
    queue = open_queue(settings.HOME)
    line = queue.review.line(line_id) if queue else None
    if queue is None or line is None:
        raise Http404
    title = line.title or _("no description")
    judged = (
        Judgement.objects.filter(_subjects(line))
        .select_related("by")
        .prefetch_related("parts__project")
        .order_by("-at", "-pk")
    )
    context = {
        "title": title,
        "line": line,
        "crumbs": (Link(_("Review queue"), reverse("workbench:review")), Link(title, "")),
        "facts": [fact for fact in _facts(line) if fact.value not in ("", None)],
        "thread": _thread(queue.review.parts(line), line),
        "judged": judged,
        "holding": next((one for one in judged if one.holds and one.subject_kind == "line"), None),
        "holding_contract": next(
            (one for one in judged if one.holds and one.subject_kind == "contract"), None
        ),
        "suggestions": suggestions(queue.review, [line])[line.n] if may(request, "allocations.judge") else [],
        "projects": projects_named(),
        "may_judge": may(request, "allocations.judge"),
        "undo_url": reverse("workbench:review-undo"),
        "here": request.get_full_path(),
    }
    return render(request, "workbench/review_one.html", context)


def _subjects(line: Queued) -> Q:
    """Return which judgements are about the line: under its id now and those that it had before, or about its contract."""
    ids = [line.line_id, *earlier_ids(settings.HOME, [line.line_id])]
    of_line = Q(subject_kind="line", subject__in=ids)
    return of_line | Q(subject_kind="contract", subject=line.contract_no) if line.contract_no else of_line


def _facts(line: Queued) -> list[Fact]:
    return [
        Fact(_("Stage"), names.label(names.STAGES, line.stage)),
        Fact(_("Fiscal year"), show.digits_of(line.fiscal_year, frame.lang())),
        Fact(_("Date"), line.date or "", "date"),
        Fact(_("Supplier"), line.supplier_name),
        Fact(_("Contract number"), line.contract_no, "code"),
        Fact(_("Unit"), line.unit, note=line.unit_code),
        Fact(_("Programme"), line.programme, note=line.programme_code),
        Fact(_("Economic code"), line.economic, note=line.economic_code),
        Fact(
            _("Class"),
            f"{names.label(names.CLASSES, line.cls)} · {names.label(names.METHODS, line.class_method)}",
        ),
        Fact(_("Document number"), line.document_no, "code"),
        Fact(_("File and row"), f"{line.file_name} : {line.row}", "code"),
    ]


def _thread(parts: list[tuple[str, int, int]], line: Queued) -> Table:
    """Return each project of the line with its goals and how many indicators these have; what is unlinked stands last."""
    known = {
        one.code: one for one in Project.objects.filter(code__in=[code for code, _share, _amount in parts])
    }
    rows: list[dict[str, Any]] = []
    for code, share, amount in parts:
        project = known.get(code)
        goals = (
            list(
                project.project_goals.select_related("goal").prefetch_related(
                    "goal__goal_indicators__indicator"
                )
            )
            if project
            else []
        )
        indicators = {one.indicator for goal in goals for one in goal.goal.goal_indicators.all()}
        some = "، " if frame.lang() == "fa" else ", "
        rows.append(
            {
                "project": naming.titled(project) if project else code,
                "url": page_of(project) if project else "",
                "how": (_("rule %(code)s") % {"code": line.rule})
                if line.rule and not line.judged
                else _("judged"),
                "share": share / 10_000,
                "amount": amount,
                "goals": some.join(naming.titled(one.goal) for one in goals) or _("no goal"),
                "indicators": some.join(sorted(naming.titled(one) for one in indicators)) or "—",
            }
        )
    if line.unlinked:
        rows.append({"project": _("unlinked"), "url": "", "how": "", "share": None, "amount": line.unlinked, "goals": "", "indicators": ""})  # fmt: skip
    columns = [
        Column("project", _("Project"), link="url", note="how"),
        Column("share", _("Share"), "share"),
        Column("amount", _("Amount"), "money"),
        Column("goals", _("Goals")),
        Column("indicators", _("Indicators")),
    ]
    return Table("thread", _("What it is for"), columns, rows, caption_hidden=True, currency=line.currency)
