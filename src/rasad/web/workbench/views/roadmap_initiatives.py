"""A scenario's initiatives: the sheet out and in again, and one by one in a form that has the sheet's own cells."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions import roadmap_initiatives as actions
from rasad.actions import roadmaps
from rasad.actions.uploads import plain_name
from rasad.records.models import Scenario
from rasad.roadmap.problem import Problem
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.downloads import TYPES, as_file
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of

LARGEST = 20 * 1024**2
"""Bytes of a sheet that is handed in."""

OWN = {
    "title_fa": gettext_lazy("Title in Persian"),
    "title_en": gettext_lazy("Title in English"),
    "unit": gettext_lazy("Owner: the unit's id"),
    "partners": gettext_lazy("Partners: ids, parted by ;"),
    "earliest_start": gettext_lazy("Earliest start: period, from 0"),
    "deadline": gettext_lazy("Complete by the end of period"),
    "mandatory": gettext_lazy("Mandatory: yes or no"),
    "frozen": gettext_lazy("Running already: way and start"),
    "requires": gettext_lazy("Needs first: ids, parted by ;"),
}
OF_MODE = {
    "mode": gettext_lazy("Way: its id"),
    "mode_title_fa": gettext_lazy("Way: title in Persian"),
    "mode_title_en": gettext_lazy("Way: title in English"),
    "duration": gettext_lazy("Periods of work"),
    "probability": gettext_lazy("Probability of success, of 10,000"),
}
KINDS = {
    "cost": gettext_lazy("Cost in each period of the work"),
    "run": gettext_lazy("Cost a period afterwards"),
    "skill": gettext_lazy("People in each period of the work"),
    "effect": gettext_lazy("What it brings: once | then period by period"),
    "district": gettext_lazy("Districts' shares, of 10,000"),
    "share": gettext_lazy("Goals' shares of the spending, of 10,000"),
}
MORE = "new"
"""Stands in an address for an initiative that is to be added."""


@dataclass(frozen=True)
class Cell:
    """One input: its name in the form, its label, its text."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Cells:
    """Inputs under one heading."""

    title: str
    cells: tuple[Cell, ...]


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
            wrong = error.messages
        else:
            messages.success(request, _("The sheet's initiatives are the scenario's now."))
            return redirect("workbench:roadmap-initiatives", key=found.pk)
    units = {one.id: shown.said(one.name) for one in problem.units}
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
                "needs": [need.initiative for need in one.requires],
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
    """Write an initiative down: its own cells, and those of each way of doing it with one more to fill in."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    if one != MORE and one not in problem.places:
        raise Http404
    wrong: list[str] = []
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        number = number_in(seen)
        try:
            if "remove" in request.POST:
                actions.remove(scenario=found, seen=number, initiative=one, by=account_of(request))
            else:
                made = actions.initiative_of(_sent(request, problem, one))
                if one == MORE and made["id"] in problem.places:
                    raise ValidationError(_("There is an initiative “%(id)s” already.") % {"id": made["id"]})
                actions.put(scenario=found, seen=number, initiative=made, by=account_of(request))
        except ValidationError as error:
            wrong = error.messages
        else:
            return redirect("workbench:roadmap-initiatives", key=found.pk)
    rows = _sent(request, problem, one, blank=True) if request.method == "POST" else _held(problem, one)
    title = _("New initiative") if one == MORE else rows[0].get("title_fa") or one
    context = {
        "crumbs": crumbs_of(found, title),
        "title": title,
        "kicker": titled(found),
        "wrong": wrong,
        "new": one == MORE,
        "seen": request.POST.get("seen") or found.version,
        "own": _own_cells(rows[0], problem, new=one == MORE),
        "ways": [_mode_cells(at, row, problem) for at, row in enumerate(rows)],
        "back": reverse("workbench:roadmap-initiatives", args=[found.pk]),
    }
    return render(request, "workbench/roadmap_initiative.html", context, status=422 if wrong else 200)


def _held(problem: Problem, one: str) -> list[dict[str, str]]:
    """Return the rows of an initiative, and one more for another way; of a new one the first alone."""
    if one == MORE:
        return [{"mode": "base"}]
    return [*(row for row in actions.rows_of(problem) if row["initiative"] == one), {}]


def _sent(request: HttpRequest, problem: Problem, one: str, *, blank: bool = False) -> list[dict[str, str]]:
    """Return the rows that a form sent; a way of which nothing is filled in is none, unless it is to be shown again."""
    names = actions.columns_of(problem)
    own = {name: text for name in names if (text := request.POST.get(f"own-{name}", "").strip())}
    own["initiative"] = one if one != MORE else own.get("initiative", "")
    rows: list[dict[str, str]] = []
    ways = {at for name in request.POST if (at := name.partition("-")[0]).isdecimal() and len(at) < 4}
    for at in sorted(ways, key=int):
        row = {name: text for name in names if (text := request.POST.get(f"{at}-{name}", "").strip())}
        if row:
            rows.append(row)
    rows = rows or [{}]
    rows[0] = {**rows[0], **own}
    return [*rows, {}] if blank and one != MORE else rows


def _own_cells(row: dict[str, str], problem: Problem, *, new: bool) -> list[Cells]:
    first = [Cell("own-initiative", _("Id"), row.get("initiative", ""))] if new else []
    first += [Cell(f"own-{name}", str(label), row.get(name, "")) for name, label in OWN.items()]
    return [
        Cells("", tuple(first)),
        *_named("own", ("district", "share"), row, problem),
    ]


def _mode_cells(at: int, row: dict[str, str], problem: Problem) -> list[Cells]:
    first = tuple(Cell(f"{at}-{name}", str(label), row.get(name, "")) for name, label in OF_MODE.items())
    return [Cells("", first), *_named(str(at), ("cost", "run", "skill", "effect"), row, problem)]


def _named(place: str, kinds: tuple[str, ...], row: dict[str, str], problem: Problem) -> list[Cells]:
    things = {
        "cost": problem.categories,
        "run": problem.categories,
        "skill": problem.skills,
        "effect": problem.goals,
        "district": problem.districts,
        "share": problem.goals,
    }
    return [
        Cells(
            str(KINDS[kind]),
            tuple(
                Cell(f"{place}-{kind}:{one.id}", shown.said(one.name), row.get(f"{kind}:{one.id}", ""))
                for one in things[kind]
            ),
        )
        for kind in kinds
        if things[kind]
    ]
