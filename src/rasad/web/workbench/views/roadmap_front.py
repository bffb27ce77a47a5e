"""Trade-offs of a scenario: asking for a front, its points in a drawing and a table, some side by side, one as a plan, one taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import jobs, roadmap_tradeoffs, roadmaps
from rasad.records.models import Scenario
from rasad.web.theme import show
from rasad.web.workbench import frame, front_shown
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap_asked import FrontForm
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of, into
from rasad.web.workbench.views.roadmap_pages import under_way


@allowed("roadmap.read", post="roadmap.write")
def front(request: HttpRequest, key: int) -> HttpResponse:
    """Show the newest front of the scenario as it is, or the one that `front` names; what is sent asks for another."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    form = FrontForm(request.POST or None, problem=problem)
    if request.method == "POST" and form.is_valid():
        params = {"scenario": found.pk, **form.cleaned_data}
        try:
            job = jobs.enqueue(kind="roadmap.front", params=params, by=account_of(request))
        except ValidationError as error:
            into(form, error)
        else:
            return redirect("workbench:job", key=job.pk)
    records = front_shown.fronts_of(found, roadmaps.fingerprint(problem))
    wanted = number_in(request.GET.get("front", ""))
    record = next((one for one in records if one.number == wanted), records[0] if records else None)
    context: dict[str, Any] = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("Trade-offs")),
        "title": _("Trade-offs"),
        "kicker": titled(found),
        "form": form,
        "may_ask": found.state == "draft" and may(request, "roadmap.write"),
        "jobs": under_way(found, "roadmap.front"),
        "records": [
            {"number": one.number, "day": one.made_at, "current": one == record, "aims": _aims(problem, one.asked["aims"])}
            for one in records
        ],
        "record": record,
        "most": front_shown.COMPARED,
    }  # fmt: skip
    traced = front_shown.front_in(record)
    if record is not None and traced is not None:
        ticked = [number_in(one) for one in request.GET.getlist("p")][: front_shown.COMPARED]
        chosen = [one for one in dict.fromkeys(ticked) if 1 <= one <= len(traced.points)]
        aims = front_shown.measured(traced, problem)
        context |= {
            "status": front_shown.status_words(traced),
            "whole": traced.status.value in ("optimal", "limit"),
            "drawings": front_shown.drawings(found, record, traced, problem, chosen),
            "aims": [{"name": aim.name, "unit": aim.unit, "better": aim.better} for aim in aims],
            "rows": front_shown.rows(found, record, traced, problem, chosen),
            "choices": front_shown.choices(problem, traced, chosen) if chosen else None,
        }
    return render(request, "workbench/roadmap_front.html", context, status=422 if form.errors else 200)


def _aims(problem: Any, codes: list[str]) -> str:
    named = dict(FrontForm(problem=problem).fields["aims"].choices)  # type: ignore[attr-defined]
    return " · ".join(str(named.get(code, code)) for code in codes)


@allowed("roadmap.read", post="roadmap.write")
def point(request: HttpRequest, key: int, finding: int, number: int) -> HttpResponse:
    """Show a point of a front as a plan; sent, it becomes the scenario's plan."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    try:
        record, chosen = roadmap_tradeoffs.point_of(found, finding, number)
    except ValidationError:
        raise Http404 from None
    if request.method == "POST":
        try:
            roadmap_tradeoffs.take_point(
                scenario=found,
                seen=number_in(request.POST.get("seen", "")),
                finding=finding,
                point=number,
                by=account_of(request),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The point is the scenario's plan now."))
            return redirect("workbench:roadmap-scenario", key=found.pk)
    fits = record.problem_hash == roadmaps.fingerprint(problem)
    if not fits:
        messages.info(
            request, _("The scenario was changed after this front was found. Trace it again first.")
        )
        return redirect("workbench:roadmap-front", key=found.pk)
    plan = front_shown.as_plan(found, problem, chosen)
    traced = roadmap_tradeoffs.front_of(record)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    name = _("Point %(number)s") % {"number": show.digits_of(number, frame.lang())}
    crumbs = crumbs_of(found, name)
    context = {
        "scenario": found,
        "crumbs": crumbs,
        "title": name,
        "kicker": titled(found),
        "row": front_shown.rows(found, record, traced, problem, [])[number - 1],
        "may_take": found.state == "draft" and may(request, "roadmap.write"),
        "back": f"{reverse('workbench:roadmap-front', args=[found.pk])}?front={record.number}&p={number}",
        "by": by,
        "timeline": shown.timeline(plan, by),
        "chart": shown.money_chart(plan),
        "money": shown.money_table(plan),
        "people": shown.people(plan),
    }  # fmt: skip
    return render(request, "workbench/roadmap_point.html", context)
