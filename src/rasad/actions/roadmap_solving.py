"""Solving scenarios as work in the background: live gap and incumbent, cancelling with the best plan until then, and the price of locks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rasad.actions.roadmaps import current_plan, fingerprint, keep_plan, problem_of
from rasad.persian.digits import group
from rasad.records.changes import changing
from rasad.records.models import Account, Scenario, ScenarioPlan
from rasad.roadmap.explain.result import aim_of
from rasad.roadmap.problem import Plan, Problem, parse_plan
from rasad.roadmap.solve.outcome import Progress, Status
from rasad.roadmap.wording import gap_text

if TYPE_CHECKING:
    from rasad.roadmap.solve.result import Result

Say = Callable[[str, int, int], None]
Found = TypeVar("Found")
NAMED = 6
"""How many limits of a contradiction are told."""
ITEM = "• "
SECONDS = (10, 30, 60, 180, 600)
"""How long a search may be asked to last."""
LOOK = 0.4
"""Seconds between two looks at a search that is under way: it stops within a second of being told."""


def solve_scenario(*, key: int, seconds: int, by: Account | None, progress: Say) -> dict[str, Any]:
    """Search for the best plan of a scenario and keep it. ValidationError where there is none.

    What stops the search (`progress` raises) is raised again after the best plan until then was kept.
    """
    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    before = ScenarioPlan.objects.filter(scenario=scenario).order_by("-number").first()
    start = parse_plan(before.choices) if before is not None else None
    result, stopped = _search(problem, seconds, start, progress)
    kept = None
    if result.plan is not None and result.status is not Status.UNVERIFIED:
        kept = keep_plan(scenario=scenario, problem=problem, plan=result.plan, result=told(result), by=by)
    if stopped is not None:
        raise stopped
    if kept is None:
        said = [result.status.words.said(_, reading())]
        if result.status is Status.INFEASIBLE:
            said += _contradictions(problem, seconds, progress)
        raise ValidationError(said, code=result.status.value)
    return {"scenario": scenario.pk, "plan": kept.number, "status": result.status.value}


def price_locks(*, key: int, seconds: int, by: Account | None, progress: Say) -> dict[str, Any]:
    """Say what each lock of a scenario costs: solve it without that lock, all others kept, and compare. Kept with the newest plan.

    Of targets that are taken one after the other it is said in which of them a plan without the lock would first be better, and by how much. ValidationError where the
    scenario has no plan for its problem as it is now.
    """
    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    record = (
        ScenarioPlan.objects.filter(scenario=scenario, problem_hash=fingerprint(problem))
        .order_by("-number")
        .first()
    )
    if record is None:
        raise ValidationError(_("Solve the scenario first: its locks are priced against its plan."))
    costs: dict[str, Any] = {}
    for done, lock in enumerate(problem.locks):
        others = tuple(one for one in problem.locks if one.id != lock.id)
        freed = problem.model_copy(update={"locks": others})

        def say(what: str, _done: int, _total: int, number: int = done) -> None:
            progress(what, number, len(problem.locks))

        result, stopped = _search(freed, seconds, parse_plan(record.choices), say)
        if stopped is not None:
            raise stopped
        costs[lock.id] = _cost(problem, record, result)
    with changing(by=by, action="scenario.price_locks") as change:
        change.update(record, seen=record.version, lock_costs=costs)
    return {"scenario": scenario.pk, "plan": record.number, "locks": len(costs)}


def explain_scenario(*, key: int, seconds: int, by: Account | None, progress: Say) -> dict[str, Any]:
    """Find what each initiative's place in the plan is worth, and each limit; kept with the plan that counts. ValidationError without a plan."""
    from rasad.roadmap.explain.explaining import explain

    scenario = Scenario.objects.get(pk=key)
    problem = problem_of(scenario.problem)
    record = current_plan(scenario, problem)
    if record is None:
        raise ValidationError(_("Solve the scenario first: it is its plan that is explained."))
    start = parse_plan(record.choices)
    found, stopped = beside(
        lambda say, cancel: explain(problem, seconds=seconds, start=start, progress=say, cancel=cancel),
        progress,
    )
    if stopped is not None:
        raise stopped
    with changing(by=by, action="scenario.explain") as change:
        change.update(record, seen=record.version, explanation=found.model_dump(mode="json"))
    return {"scenario": scenario.pk, "plan": record.number, "initiatives": len(found.whys)}


def _contradictions(problem: Problem, seconds: int, progress: Say) -> list[str]:
    """Return which limits contradict each other and the smallest repairs, a line each, conflicts set apart and their limits listed.

    Nothing where the time does not do to say it.
    """
    from rasad.roadmap.infeasible.finding import why_infeasible

    found, stopped = beside(
        lambda say, cancel: why_infeasible(problem, seconds=seconds, progress=say, cancel=cancel), progress
    )
    if stopped is not None:
        raise stopped
    lang, said = reading(), []
    for conflict in found.conflicts:
        summary = conflict.summary.said(_, lang)
        said += ["", _("No plan keeps these together: %(summary)s") % {"summary": summary}]
        said += [f"{ITEM}{limit.words.said(_, lang)}" for limit in conflict.limits[:NAMED]]
        if (rest := len(conflict.limits) - NAMED) > 0:
            said.append(ITEM + _("and %(count)s more") % {"count": group(rest, lang)})
    if found.repairs:
        said += ["", _("Any one of these would do:")]
        said += [f"{ITEM}{repair.words.said(_, lang)}" for repair in found.repairs]
    return said


def beside(run: Callable[[Say, threading.Event], Found], progress: Say) -> tuple[Found, BaseException | None]:
    """Run in a thread of its own, telling what it says from this one; return what it gives, and what `progress` raised to stop it."""
    latest: list[tuple[str, int, int]] = [(_("building the model"), 0, 0)]
    cancel, stopped = threading.Event(), None
    with ThreadPoolExecutor(1, "roadmap-reasons") as pool:
        work = pool.submit(run, lambda *told: latest.append(told), cancel)
        while not work.done():
            wait([work], timeout=LOOK)
            try:
                if stopped is None:
                    progress(*latest[-1])
            except Exception as error:  # noqa: BLE001 - raised again by whoever called
                stopped = error
                cancel.set()
    return work.result(), stopped


def _cost(problem: Problem, record: ScenarioPlan, freed: Result) -> dict[str, Any]:
    """Return how much better the plan could be without a lock: between `least` and `most` (None: not known), equal where both
    searches were proven; of the first target (`aim`) of which it could be better at all."""
    cost: dict[str, Any] = {
        "least": 0,
        "most": None,
        "objective": None,
        "bound": None,
        "status": freed.status.value,
    }
    for locked, free in zip(record.result["stages"], freed.stages, strict=False):
        if locked["objective"] is None or locked["bound"] is None:
            break
        sign = 1 if free.maximise else -1
        least = 0 if free.objective is None else max(0, sign * (free.objective - locked["bound"]))
        most = None if free.bound is None else max(least, sign * (free.bound - locked["objective"]))
        aim = aim_of(problem, free.key, free.words, free.maximise, locked["objective"], locked["bound"], locked["objective"])  # fmt: skip
        cost |= {"least": least, "most": most, "objective": free.objective, "bound": free.bound,
                 "aim": aim.model_dump(mode="json")}  # fmt: skip
        if most != 0:
            break
    return cost


def told(result: Result) -> dict[str, Any]:
    """Return what a search came to, with codes for words, so that a page says it in its reader's language."""
    return {
        "status": result.status.value,
        "objective": result.objective,
        "bound": result.bound,
        "gap": result.gap,
        "seconds": round(result.seconds, 3),
        "values": list(result.values or ()),
        "scores": dict(result.verdict.scores) if result.verdict else {},
        "stages": [
            {
                "key": stage.key,
                "maximise": stage.maximise,
                "status": stage.status.value,
                "engine": stage.engine,
                "engine_status": stage.raw,
                "objective": stage.objective,
                "bound": stage.bound,
                "seconds": round(stage.seconds, 3),
            }
            for stage in result.stages
        ],
    }


def _search(
    problem: Problem, seconds: int, start: Plan | None, progress: Say
) -> tuple[Result, BaseException | None]:
    """Search in a thread of its own, saying how far it is; return the result, and what `progress` raised to stop it."""
    # The solvers take a second to load: only who solves waits for them.
    from rasad.roadmap.solve.solving import solve

    latest: list[Progress] = []
    cancel = threading.Event()
    stopped: BaseException | None = None
    with ThreadPoolExecutor(1, "roadmap-search") as pool:
        search = pool.submit(
            solve, problem, seconds=seconds, start=start, progress=latest.append, cancel=cancel
        )
        began = time.monotonic()
        while not search.done():
            wait([search], timeout=LOOK)
            passed = min(int(time.monotonic() - began), seconds)
            try:
                if stopped is None:
                    progress(_said(latest[-1] if latest else None), passed, seconds)
            except Exception as error:  # noqa: BLE001 - raised again by whoever called, after the plan was kept
                stopped = error
                cancel.set()
    return search.result(), stopped


def _said(step: Progress | None) -> str:
    """Return how far a search is, in one line."""
    if step is None:
        return _("building the model")
    lang = reading()
    return _("best %(best)s · bound %(bound)s · gap %(gap)s") % {
        "best": "—" if step.objective is None else group(step.objective, lang),
        "bound": "—" if step.bound is None else group(step.bound, lang),
        "gap": gap_text(step.gap, lang),
    }


def reading() -> str:
    """Return "fa" or "en": the language of whoever reads."""
    return "fa" if (get_language() or "fa").startswith("fa") else "en"
