"""How sure a scenario's plan is: asked of the worker, shown beside its tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rasad.actions import jobs, roadmaps
from rasad.records.models import Scenario
from rasad.web.workbench import sureness_shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap_asked import UncertainForm
from rasad.web.workbench.naming import titled
from rasad.web.workbench.views.roadmap import crumbs_of, into
from rasad.web.workbench.views.roadmap_pages import under_way


@allowed("roadmap.read", post="roadmap.write")
def sureness(request: HttpRequest, key: int) -> HttpResponse:
    """Show how the plan that counts may go, as it was computed last; what is sent asks for it anew."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    plan = roadmaps.current_plan(found)
    form = UncertainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        params = {
            "scenario": found.pk,
            **{name: told[name] for name in ("uncertainty", "weights", "seconds")},
        }
        try:
            job = jobs.enqueue(kind="roadmap.forecast", params=params, by=account_of(request))
        except ValidationError as error:
            into(form, error)
        else:
            return redirect("workbench:job", key=job.pk)
    print_ = roadmaps.fingerprint(problem)
    record = sureness_shown.newest(found, print_, plan.number) if plan is not None else None
    context: dict[str, Any] = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("How sure it is")),
        "title": _("How sure it is"),
        "kicker": titled(found),
        "form": form,
        "plan": plan,
        "record": record,
        "may_ask": plan is not None and may(request, "roadmap.write"),
        "jobs": under_way(found, "roadmap.forecast"),
        "currency": problem.currency,
    }
    if record is not None:
        context |= sureness_shown.context(record, problem)
    return render(request, "workbench/roadmap_sureness.html", context, status=422 if form.errors else 200)
