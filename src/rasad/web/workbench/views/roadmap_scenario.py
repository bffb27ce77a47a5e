"""One scenario: its plan as pictures beside tables, solving it, locks with their cost, what experts say, its adoption and its projects."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import jobs, roadmap_projects, roadmap_sheets, roadmaps
from rasad.actions.roadmap_alternatives import SECONDS as TO_WEIGH
from rasad.actions.roadmap_alternatives import alternatives_of
from rasad.actions.roadmap_reasons import explanation_of, other_ways
from rasad.actions.roadmap_solving import SECONDS
from rasad.actions.roadmaps import Checked
from rasad.records.models import (
    AuditEvent,
    Scenario,
    ScenarioOpinion,
    ScenarioPlan,
    ScenarioProject,
)
from rasad.roadmap.draw import draw
from rasad.roadmap.explain import Aim, Explanation
from rasad.roadmap.explain.said import change
from rasad.roadmap.problem import Lock, Problem, parse_plan
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.workbench import frame, history
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.fields import currency_of_city
from rasad.web.workbench.forms.roadmap import AdoptForm, OpinionForm, WhyForm, verdict_name
from rasad.web.workbench.labels import SCENARIO_STATES as STATES
from rasad.web.workbench.naming import titled
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.roadmap_facts import happened
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of, into
from rasad.web.workbench.views.roadmap_pages import under_way

KINDS = ("roadmap.solve", "roadmap.locks", "roadmap.explain", "roadmap.weigh")
PER_LOCK = 20
"""Seconds that pricing one lock may take."""
TO_EXPLAIN = 60


@allowed("roadmap.read")
def scenario(request: HttpRequest, key: int) -> HttpResponse:
    """Show a scenario with the plan that counts, or the one that `plan` names."""
    found = get_object_or_404(Scenario.objects.select_related("resolution", "based_on", "author"), pk=key)
    problem = roadmaps.problem_of(found.problem)
    print_ = roadmaps.fingerprint(problem)
    plans = list(ScenarioPlan.objects.filter(scenario=found).select_related("author"))
    record = _chosen(found, plans, print_, number_in(request.GET.get("plan", "")))
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
        "may_write": may(request, "roadmap.write"),
        "may_solve": draft and may(request, "roadmap.write"),
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
    told = [
        Fact(_("Code"), found.code, "code"),
        Fact(_("Periods"), f"{shown.when(problem, 0)} – {shown.when(problem, problem.horizon.count - 1)}"),
        Fact(_("Initiatives"), len(problem.initiatives), "number"),
        Fact(_("Goals"), len(problem.goals), "number"),
        Fact(_("Drafted by"), found.author.name if found.author else ""),
        Fact(_("Based on"), titled(found.based_on) if found.based_on else "", link=_page(found.based_on)),
        Fact(_("Adopted on the day"), found.adopted_on or "", "date"),
        Fact(_("Decided by"), decided, link=page_of(found.resolution)),
        Fact(_("Plans to weigh"), len(weighed.plans) if weighed else "", "number"),
        Fact(_("Note"), found.note),
    ]
    return [fact for fact in told if fact.value not in ("", None)]


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
    others = other_ways(explained, set(plan.verdict.figures.works)) if plan is not None else {}
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
        return _("costs nothing") if not told["least"] else _("costs %(cost)s") % {"cost": least}
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


# --- What is done with it -------------------------------------------------------------------------------------------


@allowed("roadmap.write")
def solve(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for a search; its page shows the best value and the gap as they come."""
    found = get_object_or_404(Scenario.objects.defer("problem"), pk=key)
    if request.method == "POST":
        told = request.POST.get("seconds", "")
        seconds = int(told) if told in {str(one) for one in SECONDS} else SECONDS[1]
        return _enqueued(request, found, "roadmap.solve", seconds)
    return redirect("workbench:roadmap-scenario", key=found.pk)


@allowed("roadmap.write")
def price(request: HttpRequest, key: int) -> HttpResponse:
    """Ask what each lock costs."""
    found = get_object_or_404(Scenario.objects.defer("problem"), pk=key)
    if request.method == "POST":
        return _enqueued(request, found, "roadmap.locks", PER_LOCK)
    return redirect("workbench:roadmap-scenario", key=found.pk)


@allowed("roadmap.write")
def explain(request: HttpRequest, key: int) -> HttpResponse:
    """Ask what each initiative's place in the plan is worth, and each limit."""
    found = get_object_or_404(Scenario.objects.defer("problem"), pk=key)
    if request.method == "POST":
        return _enqueued(request, found, "roadmap.explain", TO_EXPLAIN)
    return redirect("workbench:roadmap-scenario", key=found.pk)


def _enqueued(request: HttpRequest, found: Scenario, kind: str, seconds: int) -> HttpResponse:
    try:
        job = jobs.enqueue(
            kind=kind, params={"scenario": found.pk, "seconds": seconds}, by=account_of(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("workbench:roadmap-scenario", key=found.pk)
    return redirect("workbench:job", key=job.pk)


def _look_for_others(request: HttpRequest, found: Scenario) -> None:
    """Have the plans found that citizens weigh beside the adopted one; where the queue takes no more, they can be asked for later."""
    with contextlib.suppress(ValidationError):
        jobs.enqueue(
            kind="roadmap.weigh",
            params={"scenario": found.pk, "seconds": TO_WEIGH},
            by=account_of(request),
        )
        messages.info(
            request,
            _(
                "Plans for other weights of the goals are being looked for: citizens can weigh them in the next release."
            ),
        )


@allowed("roadmap.write")
def weigh(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for plans that are the best by other weights of the goals."""
    found = get_object_or_404(Scenario.objects.defer("problem"), pk=key)
    if request.method == "POST":
        return _enqueued(request, found, "roadmap.weigh", TO_WEIGH)
    return redirect("workbench:roadmap-scenario", key=found.pk)


@allowed("roadmap.write")
def lock(request: HttpRequest, key: int) -> HttpResponse:
    """Fix by hand that an initiative is in or out, or leave it to the search again."""
    found = get_object_or_404(Scenario, pk=key)
    if request.method == "POST":
        choice, initiative = request.POST.get("choice", ""), request.POST.get("initiative", "")
        seen = number_in(request.POST.get("seen", ""))
        try:
            if choice in ("in", "out"):
                roadmaps.lock(
                    scenario=found, seen=seen, initiative=initiative, choice=choice, by=account_of(request)
                )
            else:
                roadmaps.unlock(scenario=found, seen=seen, initiative=initiative, by=account_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(reverse("workbench:roadmap-scenario", args=[found.pk]) + "#initiatives")


@allowed("opinions.write")
def opinion(request: HttpRequest, key: int) -> HttpResponse:
    """Sign an opinion on the scenario and the plan that counts for it."""
    found = get_object_or_404(Scenario, pk=key)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record = roadmaps.current_plan(found)
        try:
            roadmaps.give_opinion(
                scenario=found,
                plan=record.number if record else None,
                by=account_of(request),
                **form.cleaned_data,
            )
        except ValidationError as error:
            into(form, error)
        else:
            messages.success(request, _("Your opinion is signed."))
            return redirect(reverse("workbench:roadmap-scenario", args=[found.pk]) + "#opinions")
    return _form(request, found, form, _("Opinion"), _("Sign it"), _("It is signed with your name and today's date, and stays."))  # fmt: skip


@allowed("roadmap.adopt")
def adopt(request: HttpRequest, key: int) -> HttpResponse:
    """Adopt the scenario with one of the plans that are for it as it is now."""
    found = get_object_or_404(Scenario, pk=key)
    wanted = roadmaps.fingerprint(roadmaps.problem_of(found.problem))
    plans = ScenarioPlan.objects.filter(scenario=found, problem_hash=wanted)
    named = [(one.number, _("plan %(number)s: %(status)s") % {"number": show.digits_of(one.number, frame.lang()), "status": Status(one.result["status"]).words.said(_, frame.lang())}) for one in plans]  # fmt: skip
    form = AdoptForm(request.POST or None, plans=named)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            roadmaps.adopt(
                scenario=found,
                seen=number_in(request.POST.get("seen", "")),
                plan=told["plan"],
                on=told["adopted_on"],
                resolution=told["resolution"],
                reference=told["reference"],
                by=account_of(request),
                why=told["why"],
            )
        except ValidationError as error:
            into(form, error)
        else:
            messages.success(request, _("The roadmap is adopted. The next release shows it."))
            _look_for_others(request, found)
            return redirect("workbench:roadmap-scenario", key=found.pk)
    lede = _(
        "The roadmap in force until now is replaced; the problem and its plan stay as they are from now on."
    )
    return _form(request, found, form, _("Adopt"), _("Adopt it"), lede)


@allowed("roadmap.write")
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Give a draft up, for a reason."""
    found = get_object_or_404(Scenario, pk=key)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seen = number_in(request.POST.get("seen", ""))
        try:
            roadmaps.withdraw(scenario=found, seen=seen, by=account_of(request), why=form.cleaned_data["why"])
        except ValidationError as error:
            into(form, error)
        else:
            return redirect("workbench:roadmap-scenario", key=found.pk)
    return _form(request, found, form, _("Give up"), _("Give it up"), _("It stays in view, and is worked on no more."))  # fmt: skip


@allowed("roadmap.write")
def project(request: HttpRequest, key: int) -> HttpResponse:
    """Make an initiative of the adopted plan a project of the register."""
    found = get_object_or_404(Scenario, pk=key)
    if request.method == "POST":
        try:
            made = roadmap_projects.become_project(
                scenario=found,
                initiative=request.POST.get("initiative", ""),
                code=request.POST.get("code", "").strip(),
                calendar=str(frame.city().get("calendar", "jalali")),
                currency=currency_of_city(),
                by=account_of(request),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The project is open, with its budget, its days and its goals."))
            return redirect(page_of(made) or reverse("workbench:roadmap-scenario", args=[found.pk]))
    return redirect(reverse("workbench:roadmap-scenario", args=[found.pk]) + "#initiatives")


# --- To take away ---------------------------------------------------------------------------------------------------


@allowed("roadmap.read")
def problem_file(request: HttpRequest, key: int) -> HttpResponse:
    """Send the problem as `rasad roadmap` reads it."""
    found = get_object_or_404(Scenario, pk=key)
    text = json.dumps(found.problem, ensure_ascii=False, indent=1) + "\n"
    return _sent(text.encode(), "application/json", f"{found.pk}-problem.json")


@allowed("roadmap.read")
def picture(request: HttpRequest, key: int) -> HttpResponse:
    """Send the plan that counts as one sheet for the meeting; without one, back to the scenario."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    record = roadmaps.current_plan(found, problem)
    if record is None:
        return redirect("workbench:roadmap-scenario", key=found.pk)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    sheet = draw(problem, parse_plan(record.choices), by=by, translate=_, lang=frame.lang())
    return _sent(sheet.encode(), "image/svg+xml", f"{found.pk}-roadmap.svg")


@allowed("roadmap.read")
def meeting(request: HttpRequest, key: int) -> HttpResponse:
    """Send the plan that counts as a PDF for the meeting; one that takes longer is set by the worker first."""
    found = get_object_or_404(Scenario, pk=key)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    try:
        path = roadmap_sheets.kept(home=settings.HOME, scenario=found, by=by, lang=frame.lang())
        if not path.exists():
            params = {"scenario": found.pk, "by": by, "lang": frame.lang()}
            if not roadmap_sheets.is_quick(roadmaps.problem_of(found.problem)):
                job = jobs.enqueue(kind="roadmap.meeting", params=params, by=account_of(request))
                return redirect("workbench:job", key=job.pk)
            roadmap_sheets.make(home=settings.HOME, key=found.pk, by=by, lang=frame.lang(), progress=_silent)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("workbench:roadmap-scenario", key=found.pk)
    return _sent(path.read_bytes(), "application/pdf", f"{found.pk}-roadmap.pdf")


def _silent(_what: str, _done: int, _total: int) -> None:
    """What is set at once needs no progress."""


def _sent(body: bytes, kind: str, name: str) -> HttpResponse:
    text = "" if kind == "application/pdf" else "; charset=utf-8"
    response = HttpResponse(body, content_type=f"{kind}{text}")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _form(request: HttpRequest, found: Scenario, form: Any, title: str, send: str, lede: str) -> HttpResponse:
    context = {
        "form": form,
        "crumbs": crumbs_of(found, title),
        "title": title,
        "kicker": titled(found),
        "lede": lede,
        "send": send,
        "seen": request.POST.get("seen") or found.version,
    }
    return render(request, "workbench/roadmap_form.html", context, status=422 if form.errors else 200)
