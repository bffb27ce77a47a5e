"""What is done with a scenario: searches asked for, choices fixed by hand, opinions, adoption, projects; and what is taken away of it."""

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
from django.utils.translation import gettext as _

from rasad.actions import jobs, roadmap_projects, roadmap_sheets, roadmaps
from rasad.actions.roadmap_alternatives import SECONDS as TO_WEIGH
from rasad.actions.roadmap_solving import SECONDS
from rasad.records.models import Scenario, ScenarioPlan
from rasad.roadmap.draw import draw
from rasad.roadmap.problem import parse_plan
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import account_of, allowed
from rasad.web.workbench.fields import currency_of_city
from rasad.web.workbench.forms.roadmap import AdoptForm, OpinionForm, WhyForm
from rasad.web.workbench.forms.words import words
from rasad.web.workbench.naming import titled
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.roadmap import crumbs_of, into

PER_LOCK = 20
"""Seconds that pricing one lock may take."""
TO_EXPLAIN = 60


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
    """Sign an opinion on the scenario and the plan that was read: the one that `plan` names, else the one that counts."""
    found = get_object_or_404(Scenario, pk=key)
    form = OpinionForm(request.POST or None)
    read = number_in(request.POST.get("plan") or request.GET.get("plan", ""))
    record = roadmaps.plan_of(found, read)
    if request.method == "POST" and read and (record is None or record.number != read):
        form.add_error(None, _("The scenario was changed since you read it: its plan is another now. Read it again, and sign then."))  # fmt: skip
    if request.method == "POST" and form.is_valid():
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
    about = (
        _("It is about plan %(number)s.") % {"number": show.digits_of(record.number, frame.lang())}
        if record
        else _("The scenario has no plan yet: it is about what is proposed.")
    )
    stays = _("It is signed with your name and today's date, and stays.")
    lede = f"{about} {stays}"
    plan = record.number if record else None
    return _form(request, found, form, _("Opinion"), _("Sign it"), lede, plan)


def _named(plan: ScenarioPlan) -> str:
    """Return what a plan is called where one is chosen: its number and how far it is proven."""
    proof = (
        _("proven")
        if plan.result["status"] == Status.OPTIMAL.value
        else _("not proven; gap %(gap)s") % {"gap": gap_text(plan.result["gap"], frame.lang())}
    )
    return _("plan %(number)s: %(status)s") % {
        "number": show.digits_of(plan.number, frame.lang()),
        "status": proof,
    }


@allowed("roadmap.adopt")
def adopt(request: HttpRequest, key: int) -> HttpResponse:
    """Adopt the scenario with one of the plans that are for it as it is now."""
    found = get_object_or_404(Scenario, pk=key)
    wanted = roadmaps.fingerprint(roadmaps.problem_of(found.problem))
    plans = ScenarioPlan.objects.filter(scenario=found, problem_hash=wanted)
    named = [(one.number, _named(one)) for one in plans]
    form = AdoptForm(
        request.POST or None, plans=named, initial={"plan": number_in(request.GET.get("plan", ""))}
    )
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
    """Send the plan that `plan` names, else the one that counts, as one sheet for the meeting; without one, back to the scenario."""
    found = get_object_or_404(Scenario, pk=key)
    problem = roadmaps.problem_of(found.problem)
    record = roadmaps.plan_of(found, number_in(request.GET.get("plan", "")), problem)
    if record is None:
        return redirect("workbench:roadmap-scenario", key=found.pk)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    sheet = draw(problem, parse_plan(record.choices), by=by, translate=_, lang=frame.lang())
    return _sent(sheet.encode(), "image/svg+xml", f"{found.pk}-roadmap.svg")


@allowed("roadmap.read")
def meeting(request: HttpRequest, key: int) -> HttpResponse:
    """Send the plan that `plan` names, else the one that counts, as a PDF for the meeting; one that takes longer is set by the worker first."""
    found = get_object_or_404(Scenario, pk=key)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    plan = number_in(request.GET.get("plan", ""))
    try:
        path = roadmap_sheets.kept(home=settings.HOME, scenario=found, by=by, lang=frame.lang(), plan=plan)
        if not path.exists():
            params = {"scenario": found.pk, "by": by, "lang": frame.lang()} | ({"plan": plan} if plan else {})
            if not roadmap_sheets.is_quick(roadmaps.problem_of(found.problem)):
                job = jobs.enqueue(kind="roadmap.meeting", params=params, by=account_of(request))
                return redirect("workbench:job", key=job.pk)
            roadmap_sheets.make(
                home=settings.HOME, key=found.pk, by=by, lang=frame.lang(), plan=plan, progress=_silent
            )
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


def _form(
    request: HttpRequest,
    found: Scenario,
    form: Any,
    title: str,
    send: str,
    lede: str,
    plan: int | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "crumbs": crumbs_of(found, title),
        "title": title,
        "kicker": titled(found),
        "lede": lede,
        "send": send,
        "plan": plan,
        "words": words(),
        "seen": request.POST.get("seen") or found.version,
    }
    return render(request, "workbench/roadmap_form.html", context, status=422 if form.errors else 200)
