"""One scenario as a page: its plan as pictures beside tables, locks with their cost, what experts say, its projects."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import roadmaps
from rasad.actions.roadmap_alternatives import alternatives_of
from rasad.actions.roadmap_reasons import explanation_of, needs_of, other_ways
from rasad.actions.roadmap_solving import SECONDS
from rasad.actions.roadmap_uncertain import confident_of
from rasad.actions.roadmaps import Checked
from rasad.records.models import (
    AuditEvent,
    Scenario,
    ScenarioOpinion,
    ScenarioPlan,
    ScenarioProject,
)
from rasad.roadmap.explain import Aim, Explanation
from rasad.roadmap.explain.said import change
from rasad.roadmap.problem import Lock, Problem
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.uncertainty.result import ConfidentPlan
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.workbench import frame, history
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import allowed, may
from rasad.web.workbench.forms.roadmap import verdict_name
from rasad.web.workbench.labels import SCENARIO_STATES as STATES
from rasad.web.workbench.naming import titled
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.roadmap_facts import happened
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of
from rasad.web.workbench.views.roadmap_pages import under_way

KINDS = ("roadmap.solve", "roadmap.locks", "roadmap.explain", "roadmap.weigh")


@allowed("roadmap.read")
def scenario(request: HttpRequest, key: int) -> HttpResponse:
    """Show a scenario with the plan that counts, or the one that `plan` names."""
    found = get_object_or_404(Scenario.objects.select_related("resolution", "based_on", "author"), pk=key)
    problem = roadmaps.problem_of(found.problem)
    print_ = roadmaps.fingerprint(problem)
    plans = list(ScenarioPlan.objects.filter(scenario=found).select_related("author"))
    record = _chosen(found, plans, print_, number_in(request.GET.get("plan", "")))
    counts = _chosen(found, plans, print_, 0)
    other = record if record != counts else None
    plan = roadmaps.checked(found, record, problem) if record is not None else None
    explained = explanation_of(record) if record is not None else None
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    draft = found.state == "draft"
    context: dict[str, Any] = {
        "scenario": found,
        "title": titled(found),
        "kicker": f"{_('Scenario of the roadmap')} · {STATES[found.state]}",
        "crumbs": crumbs_of(found),
        "facts": _facts(found, problem, record),
        "plan": record,
        "other": other,
        "counts": counts,
        "asked": f"plan={other.number}&" if other is not None else "",
        "may_write": may(request, "roadmap.write"),
        "may_solve": draft and may(request, "roadmap.write"),
        "may_search": draft and bool(problem.initiatives) and may(request, "roadmap.write"),
        "may_adopt": draft and record is not None and may(request, "roadmap.adopt"),
        "may_say": may(request, "opinions.write"),
        "decided": found.state in ("adopted", "replaced"),
        "may_project": found.state == "adopted" and may(request, "roadmap.write"),
        "seconds": SECONDS,
        "jobs": under_way(found, *KINDS),
        "initiatives": _initiatives(found, problem, plan, explained),
        "locked": bool(problem.locks),
        "plans": _plans(found, plans, print_),
        "opinions": _opinions(found),
        "happened": happened(found, problem),
        "changes": history.together(history.tell(_events(found))),
        "by": by,
        "currency": problem.currency,
    }
    if plan is not None:
        context |= {
            "worths": _worths(explained) if explained is not None and explained.worths else None,
            "stats": shown.stats(plan),
            "status": plan.status.words.said(_, frame.lang()),
            "proven": plan.status is Status.OPTIMAL,
            "timeline": shown.timeline(plan, by),
            "chart": shown.money_chart(plan),
            "money": shown.money_table(plan),
            "people": shown.people(plan),
        }
    return render(request, "workbench/roadmap_scenario.html", context)


def _chosen(found: Scenario, plans: list[ScenarioPlan], print_: str, wanted: int) -> ScenarioPlan | None:
    """Return the plan of the wanted number where it is for the problem as it is now, else the adopted plan, else the newest that is."""
    named = next((one for one in plans if one.number == wanted and one.problem_hash == print_), None)
    if named is not None:
        return named
    if found.plan is not None:
        return next((one for one in plans if one.number == found.plan), None)
    return next((one for one in plans if one.problem_hash == print_), None)


def _facts(found: Scenario, problem: Problem, plan: ScenarioPlan | None) -> list[Fact]:
    decided = found.resolution.number if found.resolution else found.reference
    weighed = alternatives_of(plan) if plan is not None else None
    sure = confident_of(plan) if plan is not None else None
    told = [
        Fact(_("Code"), found.code, "code"),
        Fact(_("Periods"), f"{shown.when(problem, 0)} – {shown.when(problem, problem.horizon.count - 1)}"),
        Fact(_("Initiatives"), len(problem.initiatives), "number"),
        Fact(_("Goals"), len(problem.goals), "number"),
        Fact(_("Drafted by"), found.author.name if found.author else ""),
        Fact(_("Based on"), titled(found.based_on) if found.based_on else "", link=_page(found.based_on)),
        Fact(_("Adopted on the day"), found.adopted_on or "", "date"),
        Fact(_("Decided by"), decided, link=page_of(found.resolution)),
        *(
            [
                Fact(
                    _("Keeps every budget") if not sure.periods else _("Keeps its budgets"),
                    _sure(sure, problem),
                )
            ]
            if sure is not None
            else []
        ),
        Fact(_("Plans to weigh"), len(weighed.plans) if weighed else "", "number"),
        Fact(_("Note"), found.note),
    ]
    return [fact for fact in told if fact.value not in ("", None)]


def _sure(sure: ConfidentPlan, problem: Problem) -> str:
    """Return how surely a plan keeps its budgets, as it was asked for."""
    if sure.reserve is None:
        return ""
    lang = frame.lang()
    said = {
        0: _("in %(share)s of cases; every cost planned dearer by %(reserve)s"),
        1: _("those of %(period)s in %(share)s of cases; its costs planned dearer by %(reserve)s"),
    }.get(
        len(sure.periods),
        _("in the least sure period in %(share)s of cases; costs planned dearer by up to %(reserve)s"),
    )
    return said % {
        "period": shown.when(problem, sure.periods[0]) if sure.periods else "",
        "share": show.percent(sure.probability, lang),
        "reserve": show.percent(sure.reserve / 10_000, lang, 0),
    }  # fmt: skip


def _page(found: Scenario | None) -> str:
    return reverse("workbench:roadmap-scenario", args=[found.pk]) if found else ""


def _initiatives(
    found: Scenario, problem: Problem, plan: Checked | None, explained: Explanation | None
) -> list[dict[str, Any]]:
    """Return every initiative with its place in the plan, its lock and what that costs, and the project that it became."""
    locks = {one.initiative: one for one in problem.locks}
    projects = {
        one.initiative: one.project
        for one in ScenarioProject.objects.filter(scenario=found).select_related("project")
    }
    costs = plan.record.lock_costs if plan is not None else {}
    inside = set(plan.verdict.figures.works) if plan is not None else set()
    others = other_ways(explained, inside) if plan is not None else {}
    needs = needs_of(explained, inside)
    units = {one.id: shown.said(one.name) for one in problem.units}
    rows = []
    for one in problem.initiatives:
        work = plan.verdict.figures.works.get(one.id) if plan is not None else None
        lock = locks.get(one.id)
        project = projects.get(one.id)
        rows.append(
            {
                "id": one.id,
                "name": shown.said(one.name),
                "unit": units.get(one.unit, one.unit),
                "inside": work is not None,
                "start": shown.when(problem, work.start) if work else "",
                "way": shown.said(work.mode.name) if work and len(one.modes) > 1 else "",
                "cost": plan.verdict.figures.cost_of(work) if plan is not None and work else None,
                "fixed": _fixed(one.frozen is not None, one.mandatory),
                "free": one.frozen is None,
                "other_way": others[one.id].said(_, frame.lang()) if one.id in others else "",
                "needs": [words.said(_, frame.lang()) for words in needs.get(one.id, ())],
                "lock": lock.choice if lock else "",
                "lock_cost": _lock_cost(lock, costs),
                "project": project.code if project else "",
                "project_url": page_of(project),
            }
        )
    return sorted(rows, key=lambda row: not row["inside"])


def _worths(found: Explanation) -> Table:
    """Return what a step more of each limit that binds is worth."""
    lang = frame.lang()

    return Table(
        id="worths",
        caption=_("What a step more of each limit is worth"),
        columns=[
            Column("limit", _("Limit")),
            Column("step", _("A step more")),
            Column("worth", _("Is worth")),
        ],
        rows=[
            {
                "limit": one.limit.words.said(_, lang),
                "step": one.words.said(_, lang),
                "worth": change(aim, one.at_least, one.at_most, lost=False).said(_, lang),
            }
            for one in found.worths
            for aim in [found.aim(one.target)]
            if aim is not None
        ],
    )


def _fixed(frozen: bool, mandatory: bool) -> str:
    return _("running already") if frozen else _("mandatory") if mandatory else ""


def _lock_cost(lock: Lock | None, costs: dict[str, Any]) -> str:
    """Return what a lock costs, in units of the plan's value; how much is known of it where searches were stopped."""
    told = costs.get(lock.id) if lock is not None else None
    if told is None:
        return ""
    aim = Aim.model_validate(told["aim"]) if "aim" in told else None
    if aim is not None and aim.kind != "weighted" and told["most"] != 0:
        words = change(aim, told["least"], told["most"], lost=True)
        return _("costs %(cost)s") % {"cost": words.said(_, frame.lang())}
    least, most = shown.whole(told["least"]), shown.whole(told["most"])
    if told["least"] == told["most"]:
        if not told["least"]:
            return _("costs nothing")
        share = show.percent(told["least"] / told["objective"], frame.lang()) if told["objective"] else ""
        return (
            _("costs %(cost)s, %(share)s of the plan's value") % {"cost": least, "share": share}
            if share
            else _("costs %(cost)s") % {"cost": least}
        )
    if told["most"] is None:
        return _("costs at least %(least)s") % {"least": least}
    return _("costs %(least)s to %(most)s") % {"least": least, "most": most}


def _plans(found: Scenario, plans: list[ScenarioPlan], print_: str) -> Table:
    rows = []
    for one in plans:
        current = one.problem_hash == print_
        rows.append(
            {
                "number": show.digits_of(one.number, frame.lang()),
                "url": f"?plan={one.number}" if current else "",
                "state": _("adopted")
                if found.plan == one.number
                else (_("for the scenario as it is") if current else _("for an earlier state")),
                "day": timezone.localtime(one.made_at).date(),
                "who": one.author.name if one.author else "",
                "value": shown.whole(one.result["objective"]),
                "gap": gap_text(one.result["gap"], frame.lang()),
                "status": Status(one.result["status"]).words.said(_, frame.lang()),
                "beside": _("side by side") if current else "",
                "beside_url": f"{reverse('workbench:roadmap-compare')}?s={found.pk}-{one.number}"
                if current
                else "",
            }
        )
    return Table(
        id="plans",
        caption=_("Plans found so far"),
        caption_hidden=True,
        columns=[
            Column("number", _("Plan"), link="url", note="state"),
            Column("day", _("Day"), "date", note="who"),
            Column("value", _("Value of the plan")),
            Column("gap", _("Gap")),
            Column("status", _("Proof")),
            Column("beside", _("Compare"), link="beside_url"),
        ],
        rows=rows,
        empty=_("No plan was found yet: solve the scenario."),
    )


def _opinions(found: Scenario) -> list[dict[str, Any]]:
    return [
        {"who": one.signed_name, "on": one.on, "verdict": verdict_name(one.verdict), "text": one.text,
         "plan": one.plan}
        for one in ScenarioOpinion.objects.filter(scenario=found)
    ]  # fmt: skip


def _events(found: Scenario) -> Any:
    return AuditEvent.objects.filter(noun="scenario", record_id=found.pk).order_by("-id")[:12]
