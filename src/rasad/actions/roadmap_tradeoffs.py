"""Trade-offs of a scenario: which of its aims can be set against one another, the front of two or three of them, and a point taken as its plan."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions.roadmap_solving import Say, beside, reading
from rasad.actions.roadmaps import fingerprint, keep_plan, problem_of
from rasad.records.changes import changing
from rasad.records.models import Account, Scenario, ScenarioFinding, ScenarioPlan
from rasad.roadmap.front import Front, Point
from rasad.roadmap.problem import Objective, Problem
from rasad.roadmap.problem.objectives import (
    ChangeTarget,
    CompletionTarget,
    CostTarget,
    GoalTarget,
    LeastTarget,
    Target,
)
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import verify

FEWEST, MOST = 2, 3
"""How many aims a front has."""
POINTS = {"few": 5, "more": 12, "all": 0}
"""How many points are wished for each aim beyond the first; 0: every one."""


def aims(problem: Problem) -> dict[str, Target]:
    """Return what can be set against one another, by a code: goals, money, time, change, the district that gets least."""
    found: dict[str, Target] = {f"goal:{one.id}": GoalTarget(kind="goal", goal=one.id) for one in problem.goals}  # fmt: skip
    found["cost"] = CostTarget(kind="cost")
    if any(one.id == "hardware" for one in problem.categories):
        found["cost:hardware"] = CostTarget(kind="cost", categories=("hardware",))
    found["completion"] = CompletionTarget(kind="completion")
    found["completion:each"] = CompletionTarget(kind="completion", of="each")
    if problem.districts:
        found["least"] = LeastTarget(kind="least")
    if problem.published is not None:
        found["change"] = ChangeTarget(kind="change")
    return found


def front_problem(problem: Problem, codes: list[str]) -> Problem:
    """Return the problem with some of its aims as a front. ValidationError where there are not two or three, or one is none of the problem's."""
    known = aims(problem)
    if not FEWEST <= len(set(codes)) <= MOST or len(codes) != len(set(codes)):
        raise ValidationError({"aims": _("Choose two or three aims.")}, code="aims")
    missing = [code for code in codes if code not in known]
    if missing:
        raise ValidationError(
            {"aims": _("The scenario has no aim “%(code)s”.") % {"code": missing[0]}}, code="aims"
        )
    objective = Objective(method="front", targets=tuple(known[code] for code in codes))
    return problem.model_copy(update={"objective": objective})


def trace_front(
    *, key: int, codes: list[str], points: str, seconds: int, by: Account | None, progress: Say
) -> dict[str, Any]:
    """Trace the front of some aims of a scenario and keep it. ValidationError where no plan was found."""
    from rasad.roadmap.front.tracing import trace

    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    asked = front_problem(problem, codes)
    spread = POINTS[points] or None
    found, stopped = beside(
        lambda say, cancel: trace(
            asked, seconds=seconds, each=max(2.0, seconds / 6), spread=spread, progress=say, cancel=cancel
        ),
        progress,
    )
    kept = None
    if found.points:
        kept = keep_finding(
            scenario=scenario,
            problem=problem,
            kind="front",
            asked={"aims": codes, "points": points, "seconds": seconds},
            found=found.model_dump(mode="json"),
            by=by,
        )
    if stopped is not None:
        raise stopped
    if kept is None:
        raise ValidationError(found.status.words.said(_, reading()), code=found.status.value)
    return {"scenario": scenario.pk, "finding": kept.number, "points": len(found.points)}


def keep_finding(
    *,
    scenario: Scenario,
    problem: Problem,
    kind: str,
    asked: dict[str, Any],
    found: dict[str, Any],
    plan: int | None = None,
    by: Account | None,
    why: str = "",
) -> ScenarioFinding:
    """Keep what a computation found of a scenario's problem as it now is (and of one of its plans)."""
    last = ScenarioFinding.objects.filter(scenario=scenario).order_by("-number").first()
    with changing(by=by, action="scenario.keep_finding", why=why) as change:
        return change.add(
            ScenarioFinding(
                scenario=scenario,
                number=last.number + 1 if last else 1,
                kind=kind,
                problem_hash=fingerprint(problem),
                plan=plan,
                asked=asked,
                found=found,
                author=by,
            )
        )


def front_of(record: ScenarioFinding) -> Front:
    """Return a kept front."""
    return Front.model_validate(record.found)


def take_point(
    *, scenario: Scenario, seen: int, finding: int, point: int, by: Account | None, why: str = ""
) -> ScenarioPlan:
    """Take a point of a front (from 1) as the scenario's plan, checked anew. ValidationError where the scenario changed since, or is no draft.

    How far it is from the best plan by the scenario's own objective is not known: it was found by another.
    """
    if scenario.state != "draft":
        raise ValidationError(_("Only a draft takes another plan."), code="state")
    problem = problem_of(scenario.problem)
    record, chosen = point_of(scenario, finding, point)
    if record.problem_hash != fingerprint(problem) or scenario.version != seen:
        raise ValidationError(
            _("The scenario was changed after this front was found. Trace it again first."),
            code="front_stale",
        )
    verdict = verify(problem, chosen.plan)
    front = front_of(record)
    result = {
        "status": Status.CHOSEN.value,
        "objective": worth_of(problem, verdict.values),
        "bound": None,
        "gap": None,
        "seconds": round(chosen.seconds, 3),
        "values": list(verdict.values),
        "scores": dict(verdict.scores),
        "stages": [],
        "front": {"finding": record.number, "point": point, "proven": chosen.status is Status.OPTIMAL,
                  "aims": record.asked["aims"], "values": list(chosen.values), "points": len(front.points)},
    }  # fmt: skip
    return keep_plan(scenario=scenario, problem=problem, plan=chosen.plan, result=result, by=by, why=why)


def worth_of(problem: Problem, values: tuple[int, ...]) -> int:
    """Return what a plan is worth by the problem's weights, else by the last aim, as a search tells it."""
    if problem.objective.method != "weighted":
        return values[-1]
    gains = ("goal", "least")
    return sum(
        (1 if target.kind in gains else -1) * target.weight * value
        for target, value in zip(problem.objective.targets, values, strict=True)
    )


def point_of(scenario: Scenario, finding: int, point: int) -> tuple[ScenarioFinding, Point]:
    """Return a point of a kept front (from 1) with the front's record. ValidationError where there is none."""
    record = ScenarioFinding.objects.filter(scenario=scenario, number=finding, kind="front").first()
    points = front_of(record).points if record is not None else ()
    if record is None or not 1 <= point <= len(points):
        raise ValidationError(_("There is no such point."), code="point")
    return record, points[point - 1]
