"""The roadmap's scenarios: the list, a new one, up to four side by side, and planning anew."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts, roadmap_replan, roadmaps
from rasad.actions.roadmaps import Checked
from rasad.persian import dates
from rasad.records.models import Goal, Scenario, Unit
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.roadmap import AgainForm, ScenarioForm
from rasad.web.workbench.labels import SCENARIO_STATES as STATES
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in

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
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        base = _base(told["begin"])
        try:
            made = roadmaps.draft(
                code=told["code"] or _code(told),
                title=told["title"],
                title_en=told["title_en"],
                problem=base.problem if base else _problem(told),
                based_on=base,
                by=account_of(request),
                why=told["why"],
            )
        except ValidationError as error:
            into(form, error)
        else:
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
        "files": True,
    }
    return render(request, "workbench/roadmap_new.html", context, status=422 if form.errors else 200)


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


# --- Side by side ---------------------------------------------------------------------------------------------------


@allowed("roadmap.read")
def compare(request: HttpRequest) -> HttpResponse:
    """Set up to four scenarios side by side, each by the plan that counts for it."""
    keys = [key for one in request.GET.getlist("s") if (key := number_in(one))][:SIDE_BY_SIDE]
    scenarios = sorted(Scenario.objects.filter(pk__in=keys), key=lambda one: keys.index(one.pk))
    plans = [(one, _plan(one)) for one in scenarios]
    found = [(one, plan) for one, plan in plans if plan is not None]
    context = {
        "crumbs": (Link(_("Roadmap"), reverse("workbench:roadmap")), Link(_("Side by side"), "")),
        "without": [titled(one) for one, plan in plans if plan is None],
        "figures": _figures(found) if found else None,
        "choices": _choices(found) if found else None,
    }
    return render(request, "workbench/roadmap_compare.html", context)


def _plan(scenario: Scenario) -> Checked | None:
    problem = roadmaps.problem_of(scenario.problem)
    record = roadmaps.current_plan(scenario, problem)
    return roadmaps.checked(scenario, record, problem) if record is not None else None


def _figures(found: list[tuple[Scenario, Checked]]) -> Table:
    """What each plan comes to, a line for each figure: money, people of the plan, goals' scores, proof."""
    lang = frame.lang()

    def money(amount: int, currency: str) -> str:
        return " ".join(show.scaled_amount(amount, currency, "auto", lang))

    rows: list[dict[str, Any]] = []

    def line(name: str, texts: list[str]) -> None:
        rows.append(
            {"name": name, **{str(one.pk): text for (one, _plan), text in zip(found, texts, strict=True)}}
        )

    figures = [plan.verdict.figures for _one, plan in found]
    line(_("Initiatives chosen"), [show.grouped(len(one.works), lang) for one in figures])
    line(
        _("Money over the years"),
        [
            money(sum(one.cost_of(work) for work in one.works.values()), one.problem.currency)
            for one in figures
        ],
    )
    for id_, name in _named(found, "categories").items():
        line(name, [_spent(plan, id_, money) for _one, plan in found])
    for id_, name in _named(found, "goals").items():
        scores = [plan.verdict.scores.get(id_) for _one, plan in found]
        line(
            _("goal: %(name)s") % {"name": name},
            [show.NOTHING if one is None else show.grouped(round(one / 10_000), lang) for one in scores],
        )
    line(_("Gap"), [gap_text(plan.record.result["gap"], lang) for _one, plan in found])
    line(_("Proof"), [plan.status.words.said(_, lang) for _one, plan in found])
    return Table(
        id="figures",
        caption=_("What each comes to"),
        columns=[Column("name", _("Figure")), *(Column(str(one.pk), titled(one)) for one, _plan in found)],
        rows=rows,
        stack=False,
    )


def _spent(plan: Checked, category: str, money: Any) -> str:
    if category not in {one.id for one in plan.problem.categories}:
        return show.NOTHING
    return str(money(sum(plan.verdict.figures.spending(category)), plan.problem.currency))


def _named(found: list[tuple[Scenario, Checked]], what: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for _one, plan in found:
        for part in getattr(plan.problem, what):
            names.setdefault(part.id, shown.said(part.name))
    return names


def _choices(found: list[tuple[Scenario, Checked]]) -> Table:
    """Every initiative of any of them: when it starts in each, and in which way; those on which they differ come first."""
    names = _named(found, "initiatives")
    rows = []
    for id_, name in names.items():
        cells = [_start(plan, id_) for _one, plan in found]
        row: dict[str, Any] = {"name": name, "same": len(set(cells)) == 1}
        rows.append(row | {str(one.pk): cell for (one, _plan), cell in zip(found, cells, strict=True)})
    rows.sort(key=lambda row: row["same"])
    for row in rows:
        row["told"] = _("all the same") if row["same"] else _("they differ")
    return Table(
        id="choices",
        caption=_("What each chooses"),
        columns=[
            Column("name", _("Initiative"), note="told" if len(found) > 1 else ""),
            *(Column(str(one.pk), titled(one)) for one, _plan in found),
        ],
        rows=rows,
        stack=False,
    )


def _start(plan: Checked, initiative: str) -> str:
    if initiative not in plan.problem.places:
        return show.NOTHING
    work = plan.verdict.figures.works.get(initiative)
    if work is None:
        return _("left out")
    text = shown.when(plan.problem, work.start)
    if work.last > work.start:
        text = f"{text} – {shown.when(plan.problem, work.last)}"
    way = shown.said(work.mode.name) if len(work.initiative.modes) > 1 else ""
    return f"{text} ({way})" if way else text
