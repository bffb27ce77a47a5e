"""Up to four plans side by side: each scenario by the plan that counts for it, or by one of its others, such as a point taken from its front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import roadmaps
from rasad.actions.roadmaps import Checked
from rasad.records.models import Scenario, ScenarioPlan
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import allowed
from rasad.web.workbench.naming import titled
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import SIDE_BY_SIDE

NAMED = re.compile(r"(\d{1,19})(?:-(\d{1,9}))?")
"""A scenario, and the number of one of its plans where it is not the one that counts."""


@dataclass(frozen=True)
class Beside:
    """One plan that is set beside others: by which word the address names it, and what it is called."""

    key: str
    name: str
    scenario: Scenario
    plan: Checked


@allowed("roadmap.read")
def compare(request: HttpRequest) -> HttpResponse:
    """Set up to four plans side by side, differences first; what else there is can be put beside them."""
    words = list(dict.fromkeys(request.GET.getlist("s")))
    asked = [
        (word, int(told[1]), number_in(told[2] or "")) for word in words if (told := NAMED.fullmatch(word))
    ]
    asked = asked[:SIDE_BY_SIDE]
    scenarios = {
        one.pk: one
        for one in Scenario.objects.filter(pk__in=[key for _word, key, _number in asked if key < 2**63])
    }
    found: list[Beside] = []
    without = []
    for word, key, number in asked:
        if (scenario := scenarios.get(key)) is None:
            continue
        plan = _plan(scenario, number)
        if plan is None:
            without.append(_named_plan(scenario, number))
        else:
            found.append(Beside(word, _named_plan(scenario, number), scenario, plan))
    context = {
        "crumbs": (Link(_("Roadmap"), reverse("workbench:roadmap")), Link(_("Side by side"), "")),
        "without": without,
        "found": found,
        "others": _others(found) if len(found) < SIDE_BY_SIDE else [],
        "figures": _figures(found) if found else None,
        "choices": _choices(found) if found else None,
    }
    return render(request, "workbench/roadmap_compare.html", context)


def _named_plan(scenario: Scenario, number: int) -> str:
    if not number:
        return titled(scenario)
    return _("%(scenario)s, plan %(number)s") % {
        "scenario": titled(scenario),
        "number": show.digits_of(number, frame.lang()),
    }


def _plan(scenario: Scenario, number: int) -> Checked | None:
    """Return the plan that counts, or the one of a number where it is for the scenario as it is now."""
    problem = roadmaps.problem_of(scenario.problem)
    record = roadmaps.current_plan(scenario, problem)
    if number and (record is None or record.number != number):
        print_ = roadmaps.fingerprint(problem)
        record = ScenarioPlan.objects.filter(scenario=scenario, number=number, problem_hash=print_).first()
    return roadmaps.checked(scenario, record, problem) if record is not None else None


def _others(found: Sequence[Beside]) -> list[tuple[str, str]]:
    """Return what can be put beside: the other plans of the scenarios that are shown, and the other scenarios."""
    there = {one.key for one in found}
    shown_plans = {(one.scenario.pk, one.plan.record.number) for one in found}
    others: list[tuple[str, str]] = []
    for scenario, hash_ in {one.scenario: one.plan.record.problem_hash for one in found}.items():
        for plan in ScenarioPlan.objects.filter(scenario=scenario, problem_hash=hash_).only("number"):
            if (scenario.pk, plan.number) not in shown_plans:
                others.append((f"{scenario.pk}-{plan.number}", _named_plan(scenario, plan.number)))
    for scenario in Scenario.objects.exclude(pk__in=[one.scenario.pk for one in found]).defer("problem"):
        if str(scenario.pk) not in there:
            others.append((str(scenario.pk), titled(scenario)))
    return others


def _figures(found: Sequence[Beside]) -> Table:
    """What each plan comes to, a line for each figure: money, people of the plan, goals' scores, proof."""
    lang, plans = frame.lang(), [one.plan for one in found]

    def money(amount: int, currency: str) -> str:
        return " ".join(show.scaled_amount(amount, currency, "auto", lang))

    rows: list[dict[str, Any]] = []

    def line(name: str, texts: list[str]) -> None:
        rows.append({"name": name, **{one.key: text for one, text in zip(found, texts, strict=True)}})

    figures = [plan.verdict.figures for plan in plans]
    line(_("Initiatives chosen"), [show.grouped(len(one.works), lang) for one in figures])
    line(
        _("Money over the years"),
        [
            money(sum(one.cost_of(work) for work in one.works.values()), one.problem.currency)
            for one in figures
        ],
    )
    for id_, name in _named(found, "categories").items():
        line(name, [_spent(plan, id_, money) for plan in plans])
    for id_, name in _named(found, "goals").items():
        scores = [plan.verdict.scores.get(id_) for plan in plans]
        line(
            _("goal: %(name)s") % {"name": name},
            [show.NOTHING if one is None else show.grouped(round(one / 10_000), lang) for one in scores],
        )
    line(_("Gap"), [gap_text(plan.record.result["gap"], lang) for plan in plans])
    line(_("Proof"), [plan.status.words.said(_, lang) for plan in plans])
    return Table(
        id="figures",
        caption=_("What each comes to"),
        columns=[Column("name", _("Figure")), *(Column(one.key, one.name) for one in found)],
        rows=rows,
        stack=False,
    )


def _spent(plan: Checked, category: str, money: Any) -> str:
    if category not in {one.id for one in plan.problem.categories}:
        return show.NOTHING
    return str(money(sum(plan.verdict.figures.spending(category)), plan.problem.currency))


def _named(found: Sequence[Beside], what: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for plan in (one.plan for one in found):
        for part in getattr(plan.problem, what):
            names.setdefault(part.id, shown.said(part.name))
    return names


def _choices(found: Sequence[Beside]) -> Table:
    """Every initiative of any of them: when it starts in each, and in which way; those on which they differ come first."""
    names, plans = _named(found, "initiatives"), [one.plan for one in found]
    rows = []
    for id_, name in names.items():
        cells = [_start(plan, id_) for plan in plans]
        row: dict[str, Any] = {"name": name, "same": len(set(cells)) == 1}
        rows.append(row | {one.key: cell for one, cell in zip(found, cells, strict=True)})
    rows.sort(key=lambda row: row["same"])
    for row in rows:
        row["told"] = _("all the same") if row["same"] else _("they differ")
    return Table(
        id="choices",
        caption=_("What each chooses"),
        columns=[
            Column("name", _("Initiative"), note="told" if len(found) > 1 else ""),
            *(Column(one.key, one.name) for one in found),
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
