"""Other good plans for other weights of the goals: computed once for an adopted plan, kept with it, verified anew whenever a release is built.

A citizen who sets weights is shown the one of them that fits best; nothing is searched when a page is asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions.roadmap_solving import beside
from rasad.actions.roadmaps import Checked, checked, current_plan
from rasad.records.changes import changing
from rasad.records.models import Account, Scenario, ScenarioPlan
from rasad.roadmap.verify import verify
from rasad.roadmap.weighing import ToWeigh

Say = Callable[[str, int, int], None]
Row = dict[str, Any]
SECONDS = 120


def find_alternatives(*, key: int, seconds: int, by: Account | None, progress: Say) -> dict[str, Any]:
    """Look for plans that are the best by other weights of the goals, and keep them with the plan that counts; it is one of them.

    ValidationError without a plan, where nothing serves a goal, or where none was found.
    """
    from rasad.roadmap.weighing.computing import plans_to_weigh

    scenario = Scenario.objects.get(pk=key)
    record = current_plan(scenario)
    if record is None:
        raise ValidationError(_("Solve the scenario first: other plans are found beside its own."))
    found = checked(scenario, record)

    def run(say: Say, cancel: threading.Event) -> ToWeigh:
        return plans_to_weigh(found.problem, seconds=seconds, given=found.plan, progress=say, cancel=cancel)

    try:
        weighed, stopped = beside(run, progress)
    except ValueError as error:
        raise ValidationError(_("No initiative serves a goal: there is nothing to weigh.")) from error
    if stopped is not None:
        raise stopped
    if not weighed.plans:
        raise ValidationError(weighed.status.words.said(_))
    keep_alternatives(record=record, weighed=weighed, by=by)
    return {"scenario": scenario.pk, "plan": record.number, "plans": len(weighed.plans)}


def keep_alternatives(
    *, record: ScenarioPlan, weighed: ToWeigh, by: Account | None, why: str = ""
) -> ScenarioPlan:
    """Keep plans that were found beside one. ValidationError where one of them breaks a limit of the scenario's problem."""
    problem = checked(record.scenario, record).problem
    for one in weighed.plans:
        if not verify(problem, one.plan).keeps:
            raise ValidationError(_("A plan does not keep every limit."), code="unverified")
    with changing(by=by, action="scenario.find_alternatives", why=why) as change:
        return change.update(record, seen=record.version, alternatives=weighed.model_dump(mode="json"))


def alternatives_of(record: ScenarioPlan) -> ToWeigh | None:
    """Return the plans that are kept beside one; None where none were looked for."""
    return None if record.alternatives is None else ToWeigh.model_validate(record.alternatives)


# --- For the release: every figure is counted anew from the problem ---------------------------------------------------


def plans(found: Checked) -> Iterator[Row]:
    """Yield each plan with what its check says today."""
    weighed = alternatives_of(found.record)
    for number, one in enumerate(weighed.plans if weighed else (), 1):
        verdict = verify(found.problem, one.plan)
        yield {
            "number": number,
            "adopted": one.plan == found.plan,
            "initiatives": len(verdict.figures.works),
            "cost": sum(verdict.figures.cost_of(work) for work in verdict.figures.works.values()),
            "status": one.status.value if one.status else "",
            "gap": one.gap,
            "fits": one.count,
            "keeps": verdict.keeps,
        }


def goals(found: Checked) -> Iterator[Row]:
    """Yield what each plan brings each goal, and how far that reaches from the least to the most of all of them."""
    weighed = alternatives_of(found.record)
    if weighed is None:
        return
    for number, one in enumerate(weighed.plans, 1):
        scores = verify(found.problem, one.plan).scores
        for goal, met, weight in zip(weighed.goals, one.met, one.weights, strict=True):
            yield {
                "number": number,
                "goal": goal.goal,
                "title": goal.name.fa,
                "title_en": goal.name.en,
                "expected": scores[goal.goal],
                "met": met,
                "weight": weight,
            }


def initiatives(found: Checked) -> Iterator[Row]:
    """Yield what each plan holds: when it starts, from when it is in use, what it costs."""
    weighed = alternatives_of(found.record)
    for number, one in enumerate(weighed.plans if weighed else (), 1):
        figures = verify(found.problem, one.plan).figures
        for id_, work in figures.works.items():
            several = len(work.initiative.modes) > 1
            yield {
                "number": number,
                "code": id_,
                "mode": work.mode.name.fa if several else "",
                "mode_en": work.mode.name.en if several else "",
                "start": work.start,
                "serves_from": work.complete,
                "cost": figures.cost_of(work),
            }
