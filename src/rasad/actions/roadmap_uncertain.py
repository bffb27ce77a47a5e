"""How sure a scenario's plan is: played through as dear and as long as such projects become, chosen anew as weights vary, and a plan that is
as sure to keep its budgets as somebody wishes. Where the classes of such projects come from: `roadmap_classes`."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rasad.actions.roadmap_classes import resolved
from rasad.actions.roadmap_solving import Say, beside, reading
from rasad.actions.roadmap_tradeoffs import keep_finding, worth_of
from rasad.actions.roadmaps import current_plan, keep_plan, problem_of
from rasad.persian.digits import DECIMAL, group, to_persian
from rasad.records.models import Account, Scenario, ScenarioPlan
from rasad.roadmap.problem import Problem, parse_plan
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.uncertainty.classes import Uncertainty
from rasad.roadmap.uncertainty.result import TOGETHER, ConfidentPlan, asked_periods
from rasad.roadmap.verify import verify

DRAWS = 10_000
WEIGHTS = (0, 20, 50, 200)
"""For how many weights a plan may be sought; 0: for none."""


def forecast_plan(
    *,
    home: Path,
    key: int,
    uncertainty: dict[str, Any],
    weights: int,
    seconds: int,
    by: Account | None,
    progress: Say,
) -> dict[str, Any]:
    """Play the plan that counts through and vary the weights; keep what comes of it. ValidationError without a plan."""
    from rasad.roadmap.uncertainty.forecast import forecast
    from rasad.roadmap.uncertainty.weights import vary_weights

    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    record = current_plan(scenario)
    if record is None:
        raise ValidationError(_("Solve the scenario first: it is its plan that is played through."))
    progress(_("playing the plan through"), 0, 0)
    plan, asked = parse_plan(record.choices), resolved(uncertainty, home=home, problem=problem)
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


def plan_surely(
    *,
    home: Path,
    key: int,
    uncertainty: dict[str, Any],
    confidence: int,
    holds: str = TOGETHER,
    seconds: int,
    by: Account | None,
    progress: Say,
) -> dict[str, Any]:
    """Look for the best plan that keeps its budgets in `confidence` of a hundred cases, and keep it with how it was played through.

    `holds`: `TOGETHER`, `EACH`, or the number of the one period that is asked about, from 0.
    What stops the search (`progress` raises) is raised again after a plan that is sure enough was kept, where one was found until then.
    ValidationError where the scenario is no draft, has no such period, or no reserve makes a plan so sure.
    """
    from rasad.roadmap.uncertainty.by_period import confident_by_period
    from rasad.roadmap.uncertainty.confident import confident_plan

    scenario = Scenario.objects.get(pk=key)
    if scenario.state != "draft":
        raise ValidationError(_("Only a draft takes another plan."), code="state")
    problem = problem_of(scenario.problem)
    periods = asked_periods(holds, problem.horizon.count)
    if periods is None:
        raise ValidationError(_("The scenario has no such period."), code="period")
    asked = resolved(uncertainty, home=home, problem=problem)
    share = confidence * WHOLE_SHARE // 100
    began = time.monotonic()

    def say(_what: str, tried: int, _total: int) -> None:
        said = _("trying reserves: %(count)s tried") % {"count": group(tried, reading())}
        progress(said, min(int(time.monotonic() - began), seconds), seconds)

    def look(heard: StepCall, cancel: threading.Event) -> ConfidentPlan:
        if periods:
            return confident_by_period(
                problem, asked, share, periods, seconds=seconds, draws=DRAWS, progress=heard, cancel=cancel
            )
        return confident_plan(
            problem, asked, share, seconds=seconds, draws=DRAWS, progress=heard, cancel=cancel
        )

    found, stopped = beside(look, say)
    kept = None
    if found.plan is not None:
        kept = _keep(scenario, problem, asked, found, round(time.monotonic() - began, 3), by)
    if stopped is not None:
        raise stopped
    if kept is None:
        raise ValidationError(_not_so_sure(problem, found, confidence), code="unsure")
    return {"scenario": scenario.pk, "plan": kept.number}


def _keep(
    scenario: Scenario,
    problem: Problem,
    asked: Uncertainty,
    found: ConfidentPlan,
    seconds: float,
    by: Account | None,
) -> ScenarioPlan:
    """Keep a plan with the way to it, and how it goes as costs and durations vary: both or nothing."""
    from rasad.roadmap.uncertainty.forecast import forecast

    assert found.plan is not None
    verdict = verify(problem, found.plan)
    result = {
        "status": Status.RESERVED.value,
        "objective": worth_of(problem, verdict.values),
        "bound": None,
        "gap": None,
        "seconds": seconds,
        "values": list(verdict.values),
        "scores": dict(verdict.scores),
        "stages": [],
        "confident": found.model_dump(mode="json", exclude={"plan"}),
    }
    played = forecast(problem, found.plan, asked, draws=DRAWS)
    with transaction.atomic():
        kept = keep_plan(scenario=scenario, problem=problem, plan=found.plan, result=result, by=by)
        keep_finding(
            scenario=scenario,
            problem=problem,
            kind="forecast",
            plan=kept.number,
            asked={"uncertainty": asked.model_dump(mode="json"), "weights": 0},
            found={"forecast": played.model_dump(mode="json"), "weights": None},
            by=by,
        )
    return kept


def confident_of(record: ScenarioPlan) -> ConfidentPlan | None:
    """Return how a plan was made as sure as was asked; None of one that was found otherwise. The plan itself is not in it."""
    told = record.result.get("confident")
    return None if told is None else ConfidentPlan.model_validate({**told, "plan": None})


def _not_so_sure(problem: Problem, found: ConfidentPlan, confidence: int) -> str:
    """Say that no plan is so sure, and how sure the surest of those that were tried is."""
    lang = reading()
    tried = [one for one in found.trials if one.probability is not None]
    if not tried:
        return _("No plan was found that keeps the limits: there is none to be made surer.")
    best = max(tried, key=lambda one: (one.probability or 0.0, -one.reserve))
    if not found.periods:
        said = _(
            "No plan was found that keeps every budget in %(wanted)s of cases. The surest of %(tried)s that were tried does so in %(found)s, with a reserve of %(reserve)s on all costs."
        )
    elif len(found.periods) > 1:
        said = _(
            "No plan was found of which every period keeps its budgets in %(wanted)s of cases. Of the surest of %(tried)s that were tried the least sure period does so in %(found)s, with a reserve of %(reserve)s at most."
        )
    else:
        said = _(
            "No plan was found that keeps the budgets of %(period)s in %(wanted)s of cases. The surest of %(tried)s that were tried does so in %(found)s, with a reserve of %(reserve)s."
        )
    period = found.periods[0] if found.periods else 0
    return said % {
        "period": problem.horizon.name(period).said(_, lang),
        "wanted": _percent(confidence / 100, lang),
        "tried": group(len(tried), lang),
        "found": _percent(best.probability or 0.0, lang),
        "reserve": _percent(best.reserve / WHOLE_SHARE, lang),
    }  # fmt: skip


def _percent(share: float, lang: str) -> str:
    text = f"{100 * share:.1f}".removesuffix(".0")
    return f"{to_persian(text.replace('.', DECIMAL))}٪" if lang == "fa" else f"{text}%"
