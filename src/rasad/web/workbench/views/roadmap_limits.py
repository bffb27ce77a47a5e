"""A scenario's limits and aims: read by all who see it, changed in a form by those who plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rasad.actions import roadmaps
from rasad.records.models import Scenario
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap_grid import Grid
from rasad.web.workbench.forms.roadmap_limits import LimitsForm
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of


@allowed("roadmap.read", post="roadmap.write")
def limits(request: HttpRequest, key: int) -> HttpResponse:
    """Show the limits and aims of a scenario as a form; what is sent is checked whole before any of it is kept."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    form = LimitsForm(problem)
    wrong = False
    if request.method == "POST":
        form.read(request.POST)
        changed = form.changed()
        wrong = changed is None
        if changed is not None:
            try:
                roadmaps.change_scenario(
                    scenario=found,
                    seen=number_in(request.POST.get("seen", "")),
                    problem=changed,
                    by=account_of(request),
                    why=request.POST.get("why", "").strip()[:500],
                )
            except ValidationError as error:
                form.errors += error.messages
                wrong = True
            else:
                messages.success(
                    request,
                    _("The limits are kept. Solve the scenario again: its plan was for those before."),
                )
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
        "grids": [_told(grid, {one.id: shown.said(one.name) for one in names.get(grid.name, ())}) for grid in form.grids],
        "wrong": wrong,
        "may_write": found.state == "draft" and may(request, "roadmap.write"),
        "seen": request.POST.get("seen") or found.version,
        "why": request.POST.get("why", ""),
    }  # fmt: skip
    return render(request, "workbench/roadmap_limits.html", context, status=422 if wrong else 200)


def _told(grid: Grid, names: dict[str, str]) -> dict[str, Any]:
    """Return a grid as the template writes it; rows that are named are headed by their name."""
    return {
        "grid": grid,
        "named": bool(names),
        "rows": [
            {"line": line, "name": names.get(line.key, line.key) if names else "", "cells": list(line.cells.values())}
            for line in grid.lines
        ],
        "width": len(grid.heads) + bool(names),
    }  # fmt: skip
