"""A scenario's limits and aims: read by all who see it, changed in a form by those who plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rasad.actions import roadmaps
from rasad.records.models import Scenario
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.forms.roadmap_limits import LimitsForm
from rasad.web.workbench.naming import titled
from rasad.web.workbench.views.roadmap import crumbs_of
from rasad.web.workbench.views.roadmap_pages import Taken, grid_told, take


@allowed("roadmap.read", post="roadmap.write")
def limits(request: HttpRequest, key: int) -> HttpResponse:
    """Show the limits and aims of a scenario as a form; what is sent is checked whole before any of it is kept."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    form = LimitsForm(problem)
    taken = Taken()
    if request.method == "POST":
        taken = take(
            request,
            found,
            form,
            _("The limits are kept. Solve the scenario again: its plan was for those before."),
        )
        if taken.kept:
            return redirect("workbench:roadmap-limits", key=found.pk)
    else:
        form.blank()
    names = {"skills": problem.skills, "goals": problem.goals}
    context: dict[str, Any] = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("Limits and aims")),
        "title": _("Limits and aims"),
        "kicker": titled(found),
        "form": form,
        "grids": [grid_told(grid, {one.id: shown.said(one.name) for one in names.get(grid.name, ())}) for grid in form.grids],
        "wrong": taken.wrong,
        "changes": taken.changes,
        "may_write": found.state == "draft" and may(request, "roadmap.write"),
        "seen": request.POST.get("seen") or found.version,
        "why": request.POST.get("why", ""),
    }  # fmt: skip
    return render(request, "workbench/roadmap_limits.html", context, status=422 if taken.wrong else 200)
