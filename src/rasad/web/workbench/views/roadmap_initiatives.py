"""A scenario's initiatives: the sheet out and in again, and one by one in a form."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import roadmap_initiatives as actions
from rasad.actions import roadmaps
from rasad.actions.uploads import plain_name
from rasad.records.models import Scenario
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.downloads import TYPES, as_file
from rasad.web.workbench.forms.roadmap_initiative import InitiativeForm
from rasad.web.workbench.forms.roadmap_uncertain import kinds_of
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of
from rasad.web.workbench.views.roadmap_pages import Taken, grid_told, keep, take

LARGEST = 20 * 1024**2
"""Bytes of a sheet that is handed in."""

MORE = "new"
"""Stands in an address for an initiative that is to be added."""


@allowed("roadmap.read", post="roadmap.write")
def initiatives(request: HttpRequest, key: int) -> HttpResponse:
    """Show the initiatives of a scenario; a sheet that is sent takes their place."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    wrong: list[str] = []
    if request.method == "POST":
        try:
            _take_in(request, found)
        except ValidationError as error:
            wrong = said.refused_file(error)
        else:
            messages.success(request, _("The sheet's initiatives are the scenario's now."))
            return redirect("workbench:roadmap-initiatives", key=found.pk)
    units = {one.id: shown.said(one.name) for one in problem.units}
    names = {one.id: shown.said(one.name) for one in problem.initiatives}
    context = {
        "scenario": found,
        "kicker": titled(found),
        "crumbs": crumbs_of(found, _("Initiatives")),
        "rows": [
            {
                "name": shown.said(one.name),
                "id": one.id,
                "unit": units.get(one.unit, one.unit),
                "ways": len(one.modes),
                "cost": sum(sum(years) for years in one.modes[0].costs.values()),
                "needs": _(", ").join(names[need.initiative] for need in one.requires),
            }
            for one in problem.initiatives
        ],
        "wrong": wrong,
        "may_write": found.state == "draft" and may(request, "roadmap.write"),
        "currency": problem.currency,
        "more": MORE,
    }
    return render(request, "workbench/roadmap_initiatives.html", context, status=422 if wrong else 200)


def _take_in(request: HttpRequest, found: Scenario) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise ValidationError(_("Choose the file."))
    if (file.size or 0) > LARGEST:
        raise ValidationError(_("The file is larger than %(size)s MB.") % {"size": LARGEST // 1024**2})
    with tempfile.TemporaryDirectory(prefix="rasad-roadmap-") as folder:
        path = Path(folder) / (plain_name(file.name or "") or "sheet")
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        seen = request.POST.get("seen", "")
        actions.take_in(
            scenario=found,
            seen=number_in(seen),
            path=path,
            by=account_of(request),
            why=_("from the file %(name)s") % {"name": path.name},
        )


@allowed("roadmap.read")
def sheet(request: HttpRequest, key: int, format: str) -> HttpResponse:
    """Send the initiatives as a sheet that comes in again as it is."""
    if format not in TYPES:
        raise Http404
    found = get_object_or_404(Scenario, pk=key)
    blocks = actions.export(
        problem=roadmaps.problem_of(found.problem),
        format="xlsx" if format == "xlsx" else "csv",
        rtl=frame.lang() == "fa",
    )
    return as_file(b"".join(blocks), f"{found.pk}-initiatives.{format}")


@allowed("roadmap.write")
def initiative(request: HttpRequest, key: int, one: str) -> HttpResponse:
    """Write an initiative of a draft down, change it or take it out."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    if one != MORE and one not in problem.places:
        raise Http404
    if found.state != "draft":
        messages.error(request, _("Only a draft is changed."))
        return redirect("workbench:roadmap-initiatives", key=found.pk)
    form = InitiativeForm(problem, "" if one == MORE else one, kinds_of(found))
    taken = Taken()
    if request.method == "POST":
        thanks = _("It is kept. Solve the scenario again: its plan was for what was before.")
        if "remove" in request.POST and one != MORE:
            taken = keep(request, found, form, form.without(), thanks)
        else:
            taken = take(request, found, form, thanks)
        if taken.kept and "another" in request.POST:
            return redirect("workbench:roadmap-initiative", key=found.pk, one=MORE)
        if taken.kept:
            return redirect("workbench:roadmap-initiatives", key=found.pk)
    else:
        form.blank()
    title = _("New initiative") if one == MORE else shown.said(problem.initiatives[problem.places[one]].name)
    way = crumbs_of(found, title)
    context = {
        "scenario": found,
        "crumbs": (*way[:-1], Link(_("Initiatives"), reverse("workbench:roadmap-initiatives", args=[found.pk])), way[-1]),
        "title": title,
        "kicker": titled(found),
        "form": form,
        "ways": [
            {"id": one.id, "own": one.own, "cells": [cell for cell in one.own.lines[0].cells.values() if cell.head.name != "remove" or len(form.ways) > 1],
             "grids": [grid_told(grid, names) for grid, names in one.grids]}
            for one in form.ways
        ],
        "rest": [grid_told(form.needs), *(grid_told(grid, names) for grid, names in form.shares)],
        "wrong": taken.wrong,
        "changes": taken.changes,
        "is_new": one == MORE,
        "may_write": True,
        "seen": request.POST.get("seen") or found.version,
        "why": request.POST.get("why", ""),
        "back": reverse("workbench:roadmap-initiatives", args=[found.pk]),
    }  # fmt: skip
    return render(request, "workbench/roadmap_initiative.html", context, status=422 if taken.wrong else 200)
