"""What needs what: the initiatives' prerequisites as a map and as a table."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from rasad.actions import roadmaps
from rasad.records.models import Scenario
from rasad.roadmap.problem import Initiative, Problem, Requirement
from rasad.roadmap.verify import Work
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.plots import Arrow, Map, Station
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import allowed
from rasad.web.workbench.naming import titled
from rasad.web.workbench.views.roadmap import crumbs_of


@allowed("roadmap.read")
def needs(request: HttpRequest, key: int) -> HttpResponse:
    """Show what each initiative needs first and what it opens the way for, with its place in the plan that counts."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    record = roadmaps.current_plan(found)
    works = roadmaps.checked(found, record).verdict.figures.works if record is not None else {}
    joined = {one.id for one in problem.initiatives if one.requires}
    joined |= {need.initiative for one in problem.initiatives for need in one.requires}
    context: dict[str, Any] = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("Prerequisites")),
        "title": _("Prerequisites"),
        "kicker": titled(found),
        "map": _map(problem, joined, works, planned=record is not None) if joined else None,
        "table": _table(problem, works, planned=record is not None),
        "alone": len(problem.initiatives) - len(joined),
    }
    return render(request, "workbench/roadmap_needs.html", context)


def _map(problem: Problem, joined: set[str], works: dict[str, Work], *, planned: bool) -> Map:
    stations = [
        Station(
            one.id,
            shown.said(one.name),
            note=_place(problem, one, works, planned=planned),
            title=shown.said(one.name),
            mark="fixed" if one.frozen is not None else "inside" if one.id in works else "",
        )
        for one in problem.initiatives
        if one.id in joined
    ]
    arrows = [
        Arrow(need.initiative, one.id, _label(need)) for one in problem.initiatives for need in one.requires
    ]
    key = [("inside", _("in the plan")), ("", _("left out") if planned else _("proposed")), ("fixed", _("running already"))]  # fmt: skip
    used = {station.mark for station in stations}
    return Map(
        "needs-map",
        _("What leads to what"),
        _("Each stands after everything that it needs."),
        stations=stations,
        arrows=arrows,
        key=[(mark, name) for mark, name in key if mark in used],
    )


def _place(problem: Problem, one: Initiative, works: dict[str, Work], *, planned: bool) -> str:
    work = works.get(one.id)
    if work is None:
        return _("left out") if planned else ""
    first, last = shown.when(problem, work.start), shown.when(problem, work.last)
    # Two years stay on one line.
    between = "\u00a0–\u00a0" if problem.horizon.kind == "year" else " – "
    return first if work.last <= work.start else f"{first}{between}{last}"


def _label(need: Requirement) -> str:
    """Return what is written on an arrow: how many periods lie between, and whether the start alone does."""
    lag = f"+{show.digits_of(need.lag, frame.lang())}" if need.lag else ""
    return f"{lag} {_('started')}".strip() if need.after == "start" else lag


def _table(problem: Problem, works: dict[str, Work], *, planned: bool) -> Table:
    names = {one.id: shown.said(one.name) for one in problem.initiatives}
    opens: dict[str, list[str]] = defaultdict(list)
    for one in problem.initiatives:
        for need in one.requires:
            opens[need.initiative].append(names[one.id])
    rows = []
    for one in problem.initiatives:
        first = [f"{names[need.initiative]} ({label})" if (label := _label(need)) else names[need.initiative] for need in one.requires]  # fmt: skip
        rows.append(
            {
                "name": names[one.id],
                "place": _place(problem, one, works, planned=planned),
                "first": _("; ").join(first),
                "opens": _("; ").join(opens[one.id]),
            }
        )
    rows.sort(key=lambda row: not (row["first"] or row["opens"]))
    return Table(
        id="needs",
        caption=_("What each needs, and what it opens the way for"),
        columns=[
            Column("name", _("Initiative")),
            Column("place", _("In the plan")),
            Column("first", _("Needs first")),
            Column("opens", _("Opens the way for")),
        ],
        rows=rows,
    )
