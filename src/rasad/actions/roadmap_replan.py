"""Planning an adopted roadmap anew from what really happened.

The draft has the horizon of the roadmap in force. What has begun is frozen at its real start with what was really paid and what is left of it;
what is done is no longer a choice, and its benefits count from when it was really complete; what was given up is locked out. Past budgets are
what was really spent, and nothing else begins in the past. `Scenario.facts` keeps what was taken from where, initiative by initiative.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions.cities import settings
from rasad.actions.roadmap_actuals import actuals, period_of
from rasad.actions.roadmap_remaining import Frame, Work, stand
from rasad.actions.roadmaps import checked, current_plan, draft
from rasad.records.models import Account, Scenario
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.verify import Figures

Data = dict[str, Any]


def replan(
    *,
    home: Path,
    scenario: Scenario,
    code: str,
    title: str,
    title_en: str = "",
    as_of: date | None = None,
    by: Account | None,
    why: str = "",
) -> Scenario:
    """Begin a scenario that plans an adopted roadmap anew as things stand on a day (today); change is counted against the plan in force.

    ValidationError where the scenario was never adopted, or all its periods are over.
    """
    record = current_plan(scenario)
    if record is None or scenario.state not in ("adopted", "replaced"):
        raise ValidationError(_("Only an adopted roadmap is planned anew."), code="state")
    found = checked(scenario, record)
    problem, horizon = found.problem, found.problem.horizon
    day = as_of or timezone.localdate()
    calendar = str(settings(home)["calendar"])
    # Steps are of no year: nothing that happened can be placed among them.
    now = 0 if horizon.kind == "step" else max(0, period_of(horizon, day, calendar))
    if now >= horizon.count:
        raise ValidationError(
            _("All periods of this roadmap are over: draw up a new one."), code="horizon_over"
        )
    frame = Frame(problem, calendar, now, day)
    happened = actuals(scenario=scenario, home=home, currency=problem.currency)
    data: Data = {**scenario.problem, "published": record.choices}
    facts: Data = {"as_of": day.isoformat(), "now": now, "initiatives": []}
    changed: dict[str, Data] = {}
    stopped: list[str] = []
    for one in problem.initiatives:
        actual, work = happened.get(one.id), found.verdict.figures.works.get(one.id)
        if actual is None or work is None or horizon.kind == "step":
            continue
        if actual.stopped:
            stopped.append(one.id)
            facts["initiatives"].append({"id": one.id, "project": actual.project.code, "state": "stopped"})
        elif actual.begun:
            stood = stand(frame, Work(one, work.mode, work.start), actual)
            changed[one.id] = stood.initiative
            facts["initiatives"].append(stood.fact)
    late: list[str] = []
    data["initiatives"] = [
        changed.get(one["id"]) or _to_come(one, frame, late) for one in data["initiatives"]
    ]
    data["locks"] = _locks(data, problem, now, stopped)
    _past_limits(data, frame, facts)
    facts["late"] = late
    return draft(
        code=code,
        title=title,
        title_en=title_en,
        problem=data,
        based_on=scenario,
        facts=facts,
        by=by,
        why=why,
    )


def _to_come(one: Data, frame: Frame, late: list[str]) -> Data:
    """Return an initiative that has not begun: it begins now at the earliest, and a deadline that cannot be met any more is none."""
    if "frozen" in one or not frame.now:
        return one
    made = {**one, "earliest_start": max(int(one.get("earliest_start", 0)), frame.now)}
    shortest = min(int(mode["duration"]) for mode in one["modes"])
    deadline = made.get("deadline")
    if deadline is not None and made["earliest_start"] + max(shortest, 1) - 1 > deadline:
        del made["deadline"]
        late.append(one["id"])
    return made


def _locks(data: Data, problem: Problem, now: int, stopped: Iterable[str]) -> list[Data]:
    """Return the locks that still have something to say: of what is to come, and of what was given up."""
    # What was fixed by hand of what has started is a fact now.
    frozen = {one["id"] for one in data["initiatives"] if "frozen" in one}
    out = {id_ for id_ in stopped if not problem.initiatives[problem.places[id_]].mandatory} - frozen
    kept = []
    for lock in data.get("locks", []):
        if lock["initiative"] not in frozen | out:
            passed = "start" in lock and lock["start"] < now
            kept.append({name: value for name, value in lock.items() if not (passed and name == "start")})
    return [*kept, *({"id": f"lock-{id_}"[:80], "initiative": id_, "choice": "out"} for id_ in sorted(out))]


def _past_limits(data: Data, frame: Frame, facts: Data) -> None:
    """Put what really happened in the place of the limits of periods that are over; what a budget left is carried on as its rule allows."""
    now = frame.now
    facts["budgets"], facts["carried"], facts["people"] = [], [], []
    if not now:
        return
    past = _facts_alone(data)
    limits: Data = {**data.get("limits", {})}
    budgets = []
    for budget in limits.get("budgets", []):
        meant = budget.get("categories") or [one.id for one in frame.problem.categories]
        amounts, left = list(budget["amounts"]), 0
        for period in range(now):
            own = amounts[period]
            spent = sum(past.spending(category)[period] for category in meant)
            left = min(max(0, own + left - spent), budget.get("carry_share", 0) * own // WHOLE_SHARE)
            facts["budgets"].append({"id": budget["id"], "period": period, "was": own, "spent": spent})
            amounts[period] = spent
        if left:
            facts["carried"].append({"id": budget["id"], "period": now, "amount": left})
            amounts[now] += left
        budgets.append({**budget, "amounts": amounts})
    limits["budgets"] = budgets
    limits["category_shares"] = [
        {**one, "since": max(now, one.get("since", 0))} for one in limits.get("category_shares", [])
    ]
    skills = []
    for capacity in limits.get("skills", []):
        needed, amounts = past.need(capacity["skill"]), list(capacity["amounts"])
        for period in range(now):
            if needed[period] > amounts[period]:
                facts["people"].append(
                    {"id": capacity["id"], "period": period, "was": amounts[period], "now": needed[period]}
                )
                amounts[period] = needed[period]
        skills.append({**capacity, "amounts": amounts})
    limits["skills"] = skills
    limits["running"] = [_running(one, past, now) for one in limits.get("running", [])]
    data["limits"] = {name: value for name, value in limits.items() if value}


def _running(limit: Data, past: Figures, now: int) -> Data:
    count = past.problem.horizon.count
    most = list(limit["at_most"]) * (count if len(limit["at_most"]) == 1 else 1)
    units = [limit["unit"]] if limit.get("unit") else [unit.id for unit in past.problem.units]
    for unit in units:
        for period, running in enumerate(
            past.running(unit, partners=bool(limit.get("partners", False)))[:now]
        ):
            most[period] = max(most[period], running)
    return {**limit, "at_most": limit["at_most"] if len(set(most)) == 1 else most}


def _facts_alone(data: Data) -> Figures:
    """Return the figures of what has begun alone."""
    problem = parse({**data, "locks": []})
    works = {}
    for one in problem.initiatives:
        if one.frozen is not None:
            mode = next(mode for mode in one.modes if mode.id == one.frozen.mode)
            works[one.id] = Work(one, mode, one.frozen.start)
    return Figures(problem, works)
