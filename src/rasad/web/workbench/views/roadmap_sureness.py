"""How sure a scenario's plan is: asked of the worker, shown beside its tables; and a plan that is as sure as somebody wishes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rasad.actions import jobs, roadmap_classes, roadmap_uncertain, roadmaps
from rasad.records.models import Job, Scenario, ScenarioFinding
from rasad.roadmap.uncertainty.result import TOGETHER
from rasad.web.workbench import classes_shown, sureness_shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap_uncertain import UncertainForm
from rasad.web.workbench.naming import titled
from rasad.web.workbench.views.roadmap import crumbs_of, into
from rasad.web.workbench.views.roadmap_pages import under_way


@allowed("roadmap.read", post="roadmap.write")
def sureness(request: HttpRequest, key: int) -> HttpResponse:
    """Show how the plan that counts may go, as it was computed last; what is sent asks for it anew, or for a plan that is surer.

    With `own`, also which classes the city's own finished projects make: the ledger is read for it.
    """
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    plan = roadmaps.current_plan(found, problem)
    last = ScenarioFinding.objects.filter(scenario=found, kind="forecast").first()
    form = UncertainForm(request.POST or None, request.FILES or None, problem=problem, last=last)
    if request.method == "POST" and form.is_valid():
        try:
            job = _asked(request, found, form)
        except ValidationError as error:
            into(form, error)
        else:
            return redirect("workbench:job", key=job.pk)
    print_ = roadmaps.fingerprint(problem)
    record = sureness_shown.newest(found, print_, plan.number) if plan is not None else None
    may_write = may(request, "roadmap.write")
    context: dict[str, Any] = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("How sure it is")),
        "title": _("How sure it is"),
        "kicker": titled(found),
        "form": form,
        "plan": plan,
        "record": record,
        "may_ask": may_write and (plan is not None or found.state == "draft"),
        "may_plan": may_write and found.state == "draft",
        "jobs": under_way(found, "roadmap.forecast", "roadmap.sure"),
        "currency": problem.currency,
    }
    if record is not None:
        context |= sureness_shown.context(record, problem)
        context["rests"] = classes_shown.rests_on(record.asked["uncertainty"], problem)
    sure = roadmap_uncertain.confident_of(plan) if plan is not None else None
    if plan is not None and sure is not None:
        context["surely"] = classes_shown.surely(plan, sure, problem)
    if "own" in request.GET:
        own = roadmap_classes.own_projects(home=settings.HOME, currency=problem.currency)
        context |= {"own": classes_shown.own(own), "left": classes_shown.left_out(own)}
    return render(request, "workbench/roadmap_sureness.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, found: Scenario, form: UncertainForm) -> Job:
    """Ask the worker for what was sent. ValidationError where it cannot be asked for."""
    told = form.cleaned_data
    params = {"scenario": found.pk, "uncertainty": told["uncertainty"], "seconds": told["seconds"]}
    if not form.wants_plan:
        params["weights"] = told["weights"]
        return jobs.enqueue(kind="roadmap.forecast", params=params, by=account_of(request))
    if found.state != "draft":
        raise ValidationError(_("Only a draft takes another plan."), code="state")
    params |= {"confidence": told["confidence"], "holds": told["holds"] or TOGETHER}
    return jobs.enqueue(kind="roadmap.sure", params=params, by=account_of(request))
