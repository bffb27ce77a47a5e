"""What a scenario is made of: read by all who see it, changed part by part in forms by those who plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts as actions
from rasad.actions import roadmaps
from rasad.records.models import Scenario, ScenarioPlan
from rasad.web.theme import show
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench import structure_shown as structure
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.forms.roadmap_joined import FORMS as JOINED
from rasad.web.workbench.forms.roadmap_near import NearForm
from rasad.web.workbench.forms.roadmap_parts import FORMS
from rasad.web.workbench.naming import titled
from rasad.web.workbench.views.roadmap import crumbs_of
from rasad.web.workbench.views.roadmap_pages import Taken, grid_told, keep, take

NEW = "new"
"""Stands in an address for a group or synergy that is to be added."""
MANY = 12
"""Initiatives from which on members are sought by name."""


@allowed("roadmap.read")
def parts(request: HttpRequest, key: int) -> HttpResponse:
    """Show what a scenario is made of, each part with the way to its form."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    context = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("What it is made of")),
        "kicker": titled(found),
        "may_write": _open(request, found),
        "periods": structure.periods(problem),
        "tables": [
            ("goals", _("Goals"), structure.goals(problem)),
            ("skills", _("Skills"), structure.skills(problem)),
            ("units", _("Units"), structure.holders(problem, "unit")),
            ("districts", _("Districts"), structure.holders(problem, "district")),
        ],
        "joined": [
            ("groups", _("Groups"), _("Initiatives of which so many are chosen."), structure.joined(problem, "groups")),
            ("synergies", _("Synergies"), _("Initiatives that go together, or bring more together."), structure.joined(problem, "synergies")),
        ],
        "aims": structure.aims(problem, actions.full(problem)),
        "new": NEW,
    }  # fmt: skip
    return render(request, "workbench/roadmap_parts.html", context)


def _open(request: HttpRequest, found: Scenario) -> bool:
    return found.state == "draft" and may(request, "roadmap.write")


@allowed("roadmap.write")
def part(request: HttpRequest, key: int, part: str) -> HttpResponse:
    """Change one part of a draft in its form."""
    found = get_object_or_404(Scenario, pk=key)
    if part not in FORMS:
        raise Http404
    if found.state != "draft":
        return _closed(request, found)
    form = FORMS[part](roadmaps.problem_of(found.problem))
    taken = Taken()
    if request.method == "POST":
        taken = take(request, found, form, _thanks())
        if taken.kept:
            return redirect(_back(found, part))
    else:
        form.blank()
    context = {**_shared(request, found, form, taken, str(form.title), part), "lede": form.lede, "grids": [grid_told(grid) for grid in form.grids]}  # fmt: skip
    return render(request, "workbench/roadmap_part.html", context, status=422 if taken.wrong else 200)


@allowed("roadmap.write")
def near(request: HttpRequest, key: int) -> HttpResponse:
    """Choose the plan that change is measured against."""
    found = get_object_or_404(Scenario, pk=key)
    if found.state != "draft":
        return _closed(request, found)
    problem = roadmaps.problem_of(found.problem)
    plans = actions.plans_to_keep_near(found)
    form = NearForm(problem, plans, {one.pk: _plan_named(found, one) for one in plans})
    taken = Taken()
    if request.method == "POST":
        taken = take(request, found, form, _thanks())
        if taken.kept:
            return redirect(_back(found, "aims"))
    context = _shared(request, found, form, taken, _("The plan to keep near"), "aims")
    return render(request, "workbench/roadmap_near.html", context, status=422 if taken.wrong else 200)


def _plan_named(found: Scenario, plan: ScenarioPlan) -> str:
    number = show.digits_of(plan.number, frame.lang())
    if plan.scenario != found:
        return _("the roadmap in force: %(scenario)s") % {"scenario": titled(plan.scenario)}
    return _("plan %(number)s of this scenario") % {"number": number}


@allowed("roadmap.write")
def joined(request: HttpRequest, key: int, kind: str, one: str) -> HttpResponse:
    """Write a group or a synergy down, or take it out."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    held: Any = {"groups": problem.groups, "synergies": problem.synergies}.get(kind)
    if held is None or (one != NEW and one not in [known.id for known in held]):
        raise Http404
    if found.state != "draft":
        return _closed(request, found)
    form = JOINED[kind](problem, "" if one == NEW else one)
    taken = Taken()
    if request.method == "POST":
        if "remove" in request.POST and one != NEW:
            taken = keep(request, found, form, form.without(), _thanks())
        else:
            taken = take(request, found, form, _thanks())
        if taken.kept:
            return redirect(_back(found, kind))
    goals = {goal.id: shown.said(goal.name) for goal in problem.goals}
    title = _joined_title(kind, "" if one == NEW else next(shown.said(known.name) for known in held if known.id == one))  # fmt: skip
    context = {
        **_shared(request, found, form, taken, title, kind),
        "grids": [grid_told(grid, goals) for grid in form.grids],
        "is_new": one == NEW,
        "many": len(problem.initiatives) > MANY,
    }
    return render(request, "workbench/roadmap_joined.html", context, status=422 if taken.wrong else 200)


def _joined_title(kind: str, name: str) -> str:
    if name:
        return name
    return _("New group") if kind == "groups" else _("New synergy")


def _shared(
    request: HttpRequest, found: Scenario, form: Any, taken: Taken, title: str, place: str
) -> dict[str, Any]:
    """Return what the pages of these forms share."""
    crumbs = crumbs_of(found, title)
    return {
        "scenario": found,
        "form": form,
        "title": title,
        "kicker": titled(found),
        "crumbs": (*crumbs[:-1], Link(_("What it is made of"), reverse("workbench:roadmap-parts", args=[found.pk])), crumbs[-1]),
        "wrong": taken.wrong,
        "changes": taken.changes,
        "seen": request.POST.get("seen") or found.version,
        "why": request.POST.get("why", ""),
        "may_write": True,
        "back": _back(found, place),
    }  # fmt: skip


def _back(found: Scenario, place: str) -> str:
    return f"{reverse('workbench:roadmap-parts', args=[found.pk])}#{place}-title"


def _closed(request: HttpRequest, found: Scenario) -> HttpResponse:
    messages.error(request, _("Only a draft is changed."))
    return redirect("workbench:roadmap-parts", key=found.pk)


def _thanks() -> str:
    return _("It is kept. Solve the scenario again: its plan was for what was before.")
