"""What is done with the roadmap's scenarios: drafted, changed, locked by hand, judged by experts, adopted, planned anew.

A scenario's problem is checked by `rasad.roadmap` whenever it is written, so that what is stored can always be solved. Solving is in
`roadmap_solving`, initiatives as files in `roadmap_initiatives`, what becomes of them in `roadmap_projects`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.records.changes import Change, changing
from rasad.records.models import (
    Account,
    Resolution,
    Scenario,
    ScenarioOpinion,
    ScenarioPlan,
    ScenarioProject,
)
from rasad.records.problems import Refusal, error_of
from rasad.roadmap.problem import Fault, Plan, Problem, ProblemError, dump, parse, parse_plan
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import Verdict, verify

LISTED = 12
"""How many faults of a problem are told at once."""


@dataclass(frozen=True)
class Checked:
    """A kept plan beside the problem that it is for, verified anew."""

    record: ScenarioPlan
    problem: Problem
    plan: Plan
    verdict: Verdict

    @property
    def status(self) -> Status:
        """How the search ended that found it."""
        return Status(self.record.result["status"])


class ProblemRefusedError(ValidationError):
    """A problem that is written wrongly, by the names of its fields; `faults` and `data` are for whoever can say it in the words of a form."""

    def __init__(self, faults: Sequence[Fault], data: Any) -> None:
        self.faults, self.data = faults, data
        super().__init__(told([fault.message(_) for fault in faults]), code="problem")


def told(messages: list[str]) -> list[str]:
    """Return the first of many messages, and how many more there are."""
    rest = len(messages) - LISTED
    return [*messages[:LISTED], *([_("and %(count)s more") % {"count": rest}] if rest > 0 else [])]


def problem_of(data: Any) -> Problem:
    """Return the problem that JSON says. ProblemRefusedError, a ValidationError, names every field that is wrong."""
    try:
        return parse(data)
    except ProblemError as error:
        raise ProblemRefusedError(error.faults, data) from error


def fingerprint(problem: Problem) -> str:
    """Return the SHA-256 of a problem: what tells whether a plan is for the problem as it is now."""
    text = json.dumps(dump(problem), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def draft(
    *,
    code: str,
    title: str,
    problem: Any,
    title_en: str = "",
    note: str = "",
    based_on: Scenario | None = None,
    facts: dict[str, Any] | None = None,
    by: Account | None,
    why: str = "",
) -> Scenario:
    """Begin a scenario. ValidationError where its problem is written wrongly, or there is one of that code."""
    stored = dump(problem_of(problem))
    with changing(by=by, action="scenario.draft", why=why) as change:
        return change.add(
            Scenario(
                code=code,
                title=title,
                title_en=title_en,
                note=note,
                problem=stored,
                based_on=based_on,
                facts=facts,
                author=by,
            )
        )


def change_scenario(
    *, scenario: Scenario, seen: int, by: Account | None, why: str = "", **values: Any
) -> Scenario:
    """Change title, title_en, note or problem of a scenario. StaleError where somebody else wrote meanwhile."""
    unknown = set(values) - {"title", "title_en", "note", "problem"}
    if unknown:
        raise TypeError(f"a scenario has no {', '.join(sorted(unknown))} to change")
    if "problem" in values:
        values["problem"] = dump(problem_of(values["problem"]))
    with changing(by=by, action="scenario.change", why=why) as change:
        return change.update(scenario, seen=seen, **values)


def withdraw(*, scenario: Scenario, seen: int, by: Account | None, why: str) -> Scenario:
    """Give a draft up, for a reason; it stays in view."""
    if scenario.state != "draft":
        raise ValidationError(_("Only a draft is given up."), code="state")
    if not why.strip():
        raise error_of([Refusal("why", "reason_missing")])
    with changing(by=by, action="scenario.withdraw", why=why) as change:
        return change.update(scenario, seen=seen, state="withdrawn")


# --- Choices made by hand -------------------------------------------------------------------------------------------


def lock(
    *,
    scenario: Scenario,
    seen: int,
    initiative: str,
    choice: str = "in",
    mode: str | None = None,
    start: int | None = None,
    by: Account | None,
    why: str = "",
) -> Scenario:
    """Fix by hand that an initiative is in (in a mode, at a start) or out; what was fixed of it before gives way."""
    data = dict(scenario.problem)
    made: dict[str, Any] = {"id": f"lock-{initiative}"[:80], "initiative": initiative, "choice": choice}
    if choice == "in":
        made |= {name: value for name, value in (("mode", mode), ("start", start)) if value is not None}
    kept = [one for one in data.get("locks", []) if one["initiative"] != initiative]
    data["locks"] = [*kept, made]
    return change_scenario(scenario=scenario, seen=seen, problem=data, by=by, why=why)


def unlock(*, scenario: Scenario, seen: int, initiative: str, by: Account | None, why: str = "") -> Scenario:
    """Leave an initiative to the search again."""
    data = dict(scenario.problem)
    data["locks"] = [one for one in data.get("locks", []) if one["initiative"] != initiative]
    return change_scenario(scenario=scenario, seen=seen, problem=data, by=by, why=why)


# --- Plans ----------------------------------------------------------------------------------------------------------


def keep_plan(
    *,
    scenario: Scenario,
    problem: Problem,
    plan: Plan,
    result: Mapping[str, Any],
    by: Account | None,
    why: str = "",
) -> ScenarioPlan:
    """Keep a plan that was found for `problem`, after checking it independently. ValidationError where it breaks a limit."""
    verdict = verify(problem, plan)
    if not verdict.keeps:
        said = [found.words.said(_, "en") for found in verdict.violations[:LISTED]]
        raise ValidationError([_("The plan does not keep every limit."), *said], code="unverified")
    last = ScenarioPlan.objects.filter(scenario=scenario).order_by("-number").first()
    with changing(by=by, action="scenario.keep_plan", why=why) as change:
        return change.add(
            ScenarioPlan(
                scenario=scenario,
                number=last.number + 1 if last else 1,
                problem_hash=fingerprint(problem),
                # A plan that chooses nothing is a plan too, and no empty field.
                choices=dump(plan) or {"choices": []},
                result=dict(result),
                author=by,
            )
        )


def current_plan(scenario: Scenario, problem: Problem | None = None) -> ScenarioPlan | None:
    """Return the plan that counts: the adopted one, else the newest that is for the problem as it is now; None where there is none.

    `problem` is the scenario's, where whoever asks has read it already.
    """
    if scenario.plan is not None:
        return ScenarioPlan.objects.filter(scenario=scenario, number=scenario.plan).first()
    wanted = fingerprint(problem or problem_of(scenario.problem))
    return ScenarioPlan.objects.filter(scenario=scenario, problem_hash=wanted).order_by("-number").first()


def plan_of(scenario: Scenario, number: int, problem: Problem | None = None) -> ScenarioPlan | None:
    """Return the plan of a number where it is for the problem as it is now; where none is, the one that counts."""
    wanted = fingerprint(problem or problem_of(scenario.problem))
    named = ScenarioPlan.objects.filter(scenario=scenario, number=number, problem_hash=wanted)
    return named.first() or current_plan(scenario, problem)


def checked(scenario: Scenario, record: ScenarioPlan, problem: Problem | None = None) -> Checked:
    """Return a kept plan with its figures, verified anew against the scenario's problem (`problem`, where it was read already)."""
    read, plan = problem or problem_of(scenario.problem), parse_plan(record.choices)
    return Checked(record, read, plan, verify(read, plan))


# --- What experts say, and what is decided --------------------------------------------------------------------------


def give_opinion(
    *,
    scenario: Scenario,
    verdict: str,
    text: str,
    plan: int | None = None,
    on: date | None = None,
    by: Account,
    why: str = "",
) -> ScenarioOpinion:
    """Sign a reasoned opinion on a scenario. ValidationError where it gives no reasons."""
    if not text.strip():
        raise ValidationError({"text": _("An opinion gives its reasons.")}, code="reasons")
    last = ScenarioOpinion.objects.filter(scenario=scenario).order_by("-number").first()
    with changing(by=by, action="scenario.give_opinion", why=why) as change:
        return change.add(
            ScenarioOpinion(
                scenario=scenario,
                number=last.number + 1 if last else 1,
                verdict=verdict,
                text=text,
                plan=plan,
                author=by,
                signed_name=by.name,
                on=on or timezone.localdate(),
            )
        )


def adopt(
    *,
    scenario: Scenario,
    seen: int,
    plan: int,
    on: date,
    resolution: Resolution | None = None,
    reference: str = "",
    by: Account | None,
    why: str = "",
) -> Scenario:
    """Adopt a scenario with one of its plans, by a resolution or by what `reference` names; the roadmap in force until then is replaced.

    ValidationError where the plan is for another state of the problem or does not keep every limit, and where nothing is named that decided it.
    """
    if scenario.state != "draft":
        raise ValidationError(_("Only a draft is adopted."), code="state")
    record = ScenarioPlan.objects.filter(scenario=scenario, number=plan).first()
    if record is None:
        raise ValidationError({"plan": _("There is no such plan.")}, code="plan")
    found = checked(scenario, record)
    if record.problem_hash != fingerprint(found.problem):
        raise ValidationError(
            {"plan": _("The scenario was changed after this plan was found. Solve it again first.")},
            code="plan_stale",
        )
    if not found.verdict.keeps:
        raise ValidationError({"plan": _("The plan does not keep every limit.")}, code="unverified")
    with changing(by=by, action="scenario.adopt", why=why) as change:
        for before in Scenario.objects.select_for_update().filter(state="adopted"):
            change.update(before, seen=before.version, state="replaced")
        _keep_projects(change, scenario, found.problem)
        return change.update(
            scenario,
            seen=seen,
            state="adopted",
            plan=plan,
            adopted_on=on,
            resolution=resolution,
            reference=reference,
        )


def _keep_projects(change: Change, scenario: Scenario, problem: Problem) -> None:
    """Let the initiatives of a roadmap that follows another be the projects that they became under it."""
    before = decided_before(scenario)
    if before is None:
        return
    for link in ScenarioProject.objects.filter(scenario=before).select_related("project"):
        if link.initiative in problem.places:
            change.add(ScenarioProject(scenario=scenario, initiative=link.initiative, project=link.project))


def decided_before(scenario: Scenario) -> Scenario | None:
    """Return the roadmap that a scenario follows: the nearest that it is based on and that was adopted; None where it follows none."""
    found = scenario.based_on
    while found is not None and found.adopted_on is None:
        found = found.based_on
    return found


def adopted() -> Scenario | None:
    """Return the roadmap in force; None where none was adopted."""
    found: Scenario | None = Scenario.objects.adopted().select_related("resolution").first()
    return found
