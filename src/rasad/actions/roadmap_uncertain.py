"""How sure a scenario's plan is: played through as dear and as long as such projects become, and chosen anew as weights vary."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import ValidationError as Wrong

from rasad.actions.roadmap_solving import Say, beside
from rasad.actions.roadmap_tradeoffs import keep_finding
from rasad.actions.roadmaps import current_plan, problem_of
from rasad.records.models import Account, Baseline, Project, Scenario
from rasad.roadmap.problem import parse_plan
from rasad.roadmap.problem.faults import from_validation
from rasad.roadmap.uncertainty.classes import Lognormal, ReferenceClass, Uncertainty
from rasad.roadmap.uncertainty.fitting import LEAST, Finished, fit

DRAWS = 10_000
WEIGHTS = (0, 20, 50, 200)
"""For how many weights a plan may be sought; 0: for none."""
ENDED = ("finished", "closed")


def finished_projects() -> list[Finished]:
    """Return the register's finished projects: the first budget beside the last, the first promised duration beside the real one, in days.

    Those without a budget, without both promised days, or without the day of their end say nothing of this and are left out.
    """
    found = []
    ended = Project.objects.filter(status__in=ENDED, ended_on__isnull=False).order_by("code")
    promises: dict[int, list[Baseline]] = {}
    for one in Baseline.objects.filter(project__in=ended).order_by("project", "number"):
        promises.setdefault(one.project_id, []).append(one)
    for project in ended:
        kept = promises.get(project.pk, [])
        if not kept or project.ended_on is None:
            continue
        first, last = kept[0], kept[-1]
        if not first.budget or last.budget is None:
            continue
        if first.start is None or first.end is None or first.end <= first.start:
            continue
        found.append(
            Finished(
                id=f"p{project.pk}",
                kind=project.kind,
                planned_cost=int(first.budget),
                actual_cost=int(last.budget),
                planned_duration=(first.end - first.start).days,
                actual_duration=max(0, (project.ended_on - first.start).days),
            )
        )
    return found


def entered(*, cost: tuple[int, int], duration: tuple[int, int], shared: int) -> Uncertainty:
    """Return one class for every initiative: factors that are as probably passed as not, and passed in one case of ten, in hundredths of
    a per cent. ValidationError where the second is below the first."""
    try:
        known = ReferenceClass(
            id="entered",
            cost=Lognormal(kind="lognormal", median=cost[0], ninetieth=cost[1]),
            duration=Lognormal(kind="lognormal", median=duration[0], ninetieth=duration[1]),
        )
        return Uncertainty(classes=(known,), otherwise="entered", shared=shared)
    except Wrong as error:
        raise ValidationError(from_validation(error).message(_)) from error


def from_register(*, shared: int) -> Uncertainty:
    """Return the class of the city's own finished projects, all kinds together. ValidationError where there are too few."""
    found = finished_projects()
    if len(found) < LEAST:
        raise ValidationError(
            _(
                "The register has %(found)s finished projects with budgets and days; at least %(least)s are needed."
            )
            % {"found": len(found), "least": LEAST},
            code="few",
        )
    together = [one.model_copy(update={"kind": "all"}) for one in found]
    return Uncertainty(classes=fit(together).classes, otherwise="all", shared=shared)


def forecast_plan(
    *, key: int, uncertainty: dict[str, Any], weights: int, seconds: int, by: Account | None, progress: Say
) -> dict[str, Any]:
    """Play the plan that counts through and vary the weights; keep what comes of it. ValidationError without a plan."""
    from rasad.roadmap.uncertainty.forecast import forecast
    from rasad.roadmap.uncertainty.weights import vary_weights

    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    record = current_plan(scenario)
    if record is None:
        raise ValidationError(_("Solve the scenario first: it is its plan that is played through."))
    plan, asked = parse_plan(record.choices), Uncertainty.model_validate(uncertainty)
    progress(_("playing the plan through"), 0, 0)
    found = forecast(problem, plan, asked, draws=DRAWS)
    told: dict[str, Any] = {"forecast": found.model_dump(mode="json"), "weights": None}
    stopped = None
    if weights and len(problem.objective.targets) > 1:
        varied, stopped = beside(
            lambda say, cancel: vary_weights(
                problem, draws=weights, seconds=seconds, progress=say, cancel=cancel
            ),
            progress,
        )
        told["weights"] = varied.model_dump(mode="json", exclude={"plans"}) if varied.solved else None
    if stopped is not None:
        raise stopped
    kept = keep_finding(
        scenario=scenario,
        problem=problem,
        kind="forecast",
        plan=record.number,
        asked={"uncertainty": asked.model_dump(mode="json"), "weights": weights},
        found=told,
        by=by,
    )
    return {"scenario": scenario.pk, "plan": record.number, "finding": kept.number}
