"""The roadmap's scenarios: the list, a new one, up to four side by side, and planning anew."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts, roadmap_replan, roadmaps
from rasad.persian import dates
from rasad.records.models import Goal, Scenario, Unit
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, scenario_ahead
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap import AgainForm, ScenarioForm
from rasad.web.workbench.forms.words import words
from rasad.web.workbench.labels import SCENARIO_STATES as STATES
from rasad.web.workbench.naming import titled

SIDE_BY_SIDE = 4


@allowed("roadmap.read")
def roadmap(request: HttpRequest) -> HttpResponse:
    """List the scenarios, the one in force first; those that are ticked are set side by side."""
    found = list(
        Scenario.objects.select_related("author", "based_on")
        .defer("problem")
        .annotate(plans_found=Count("plans", distinct=True), said=Count("opinions", distinct=True))
    )
    order = list(STATES)
    found.sort(key=lambda one: (order.index("adopted") != order.index(one.state), order.index(one.state)))
    context = {
        "scenarios": [
            {
                "record": one,
                "title": titled(one),
                "state": STATES[one.state],
                "based_on": titled(one.based_on) if one.based_on else "",
            }
            for one in found
        ],
        "may_write": may(request, "roadmap.write"),
        "most": SIDE_BY_SIDE,
    }
    return render(request, "workbench/roadmap.html", context)


@allowed("roadmap.write")
def new(request: HttpRequest) -> HttpResponse:
    """Draft a scenario: from the example, from another scenario, or from a problem's file."""
    others = list(Scenario.objects.defer("problem"))
    form = ScenarioForm(request.POST or None, request.FILES or None, scenarios=others, this_year=_this_year())
    ahead = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            with transaction.atomic():
                made = _drafted(request, told)
                if "look" in request.POST:
                    # Drafted in earnest and taken back: whatever would be refused is refused now.
                    ahead = scenario_ahead.made(roadmaps.problem_of(made.problem))
                    transaction.set_rollback(True)
        except ValidationError as error:
            _refused(form, error)
        if ahead is None and not form.errors:
            if told["begin"] == "empty":
                messages.success(
                    request,
                    _(
                        "The scenario is drafted. Complete what it is made of, write its initiatives down, set the limits, and solve it."
                    ),
                )
                return redirect("workbench:roadmap-parts", key=made.pk)
            return redirect("workbench:roadmap-scenario", key=made.pk)
    crumbs = (Link(_("Roadmap"), reverse("workbench:roadmap")), Link(_("New scenario"), ""))
    context = {
        "form": form,
        "crumbs": crumbs,
        "title": _("New scenario"),
        "send": _("Draft it"),
        "ahead": ahead,
        "lacking": scenario_ahead.lacking(ahead) if ahead is not None else (),
        "again": ahead is not None and form.cleaned_data.get("begin") == "file",
    }
    return render(request, "workbench/roadmap_new.html", context, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, told: dict[str, Any]) -> Scenario:
    """Draft what a form asks for. ValidationError where its problem is written wrongly, or there is one of that code."""
    base = _base(told["begin"])
    return roadmaps.draft(
        code=told["code"] or _code(told),
        title=told["title"],
        title_en=told["title_en"],
        problem=base.problem if base else _problem(told),
        based_on=base,
        by=account_of(request),
        why=told["why"],
    )


def _refused(form: ScenarioForm, error: ValidationError) -> None:
    """Say what is wrong with a problem at the file that it came from, anything else at its own field."""
    if isinstance(error, roadmaps.ProblemRefusedError) and form.cleaned_data.get("begin") == "file":
        form.add_error("problem", ValidationError(said.refused_file(error)))
    else:
        into(form, error)


def _base(begin: str) -> Scenario | None:
    kind, _colon, key = begin.partition(":")
    return get_object_or_404(Scenario, pk=int(key)) if kind == "scenario" else None


def _problem(told: dict[str, Any]) -> Any:
    """Return the problem that a form asks for: from a file, the example, or an empty one."""
    if told["begin"] == "file":
        return told["data"]
    if told["begin"] == "example":
        return example()
    goals = Goal.objects.filter(code__in=told.get("goals", [])).order_by("code")
    units = Unit.objects.filter(code__in=told.get("units", [])).order_by("code")
    return roadmap_parts.empty(told["horizon"], goals=goals, units=units)


def _code(told: dict[str, Any]) -> str:
    """Return a code that no scenario has, for one that was given none."""
    stem = f"roadmap-{told.get('first_year') or _this_year()}"
    taken = set(Scenario.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(
        code for at in range(1, len(taken) + 2) if (code := stem if at == 1 else f"{stem}-{at}") not in taken
    )


def _this_year() -> int:
    """Return the year of the city's calendar in which we are."""
    calendar: dates.Calendar = "gregorian" if frame.city().get("calendar") == "gregorian" else "jalali"
    return dates.from_date(timezone.localdate(), calendar)[0]


def example() -> dict[str, Any]:
    """Return the small problem that `rasad roadmap new` writes."""
    text = resources.files("rasad.roadmap.problem").joinpath("starter.json").read_text("utf-8")
    return dict(json.loads(text))


@allowed("roadmap.write")
def again(request: HttpRequest, key: int) -> HttpResponse:
    """Plan an adopted roadmap anew: a draft in which what has started is frozen."""
    scenario = get_object_or_404(Scenario, pk=key)
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = roadmap_replan.replan(
                home=settings.HOME, scenario=scenario, by=account_of(request), **form.cleaned_data
            )
        except ValidationError as error:
            into(form, error)
        else:
            messages.success(
                request, _("What has begun is frozen as it really went. Change the rest, and solve.")
            )
            return redirect("workbench:roadmap-scenario", key=made.pk)
    context = {
        "form": form,
        "crumbs": crumbs_of(scenario, _("Plan anew")),
        "title": _("Plan anew"),
        "lede": _("What has begun is frozen as it really went, with what was paid and what is left; past budgets are what was spent. Change is counted against the plan in force."),
        "send": _("Begin the draft"),
        "words": words(),
    }  # fmt: skip
    return render(request, "workbench/roadmap_form.html", context, status=422 if form.errors else 200)


def crumbs_of(scenario: Scenario, last: str = "") -> tuple[Link, ...]:
    """Return the way to a scenario's page, or to one below it."""
    first = Link(_("Roadmap"), reverse("workbench:roadmap"))
    if not last:
        return (first, Link(titled(scenario), ""))
    return (
        first,
        Link(titled(scenario), reverse("workbench:roadmap-scenario", args=[scenario.pk])),
        Link(last, ""),
    )


def into(form: Any, error: ValidationError) -> None:
    """Say at the form's own fields what was refused; the rest above it."""
    told = getattr(error, "error_dict", None)
    if told is None:
        form.add_error(None, error)
        return
    for field, wrong in told.items():
        form.add_error(field if field in form.fields else None, wrong)
