"""What a scenario is made of, changed part by part: an empty one to begin with, its periods, ids that follow the register's, and where a part is used.

Everything here takes and returns a problem's JSON in full (`full`); what is made of it is checked when it is kept, as any problem is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from rasad.records.models import Goal, Scenario, ScenarioPlan, Unit
from rasad.roadmap.problem import Horizon, Problem, parse_plan
from rasad.roadmap.problem.plan import Plan

Data = dict[str, Any]
PLACEHOLDER: Data = {"kind": "completion", "of": "each"}
"""The aim of a scenario that has no goals yet: a problem must have one."""


def full(problem: Problem) -> Data:
    """Return a problem's JSON with every field, also those at their defaults."""
    return problem.model_dump(mode="json")


def empty(horizon: Horizon, *, goals: Iterable[Goal] = (), units: Iterable[Unit] = ()) -> Data:
    """Return a problem without initiatives: periods, and what the register has of goals and units; each goal an aim of the weight it has there."""
    named = [{"id": one.code, "title_fa": one.title, "title_en": one.title_en} for one in goals]
    weights = {one.code: max(1, round(one.weight_bp / 100)) for one in goals}
    targets = [{"kind": "goal", "goal": one["id"], "weight": weights[one["id"]]} for one in named]
    return {
        "horizon": horizon.model_dump(mode="json"),
        "goals": named,
        "units": [{"id": one.code, "title_fa": one.name, "title_en": one.name_en} for one in units],
        "objective": {"method": "weighted", "targets": targets or [PLACEHOLDER]},
    }


def is_placeholder(targets: list[Data]) -> bool:
    """Return whether aims are those of a scenario in which none was chosen yet."""
    return len(targets) == 1 and all(targets[0].get(name) == value for name, value in PLACEHOLDER.items())


def with_horizon(data: Data, horizon: Horizon) -> Data:
    """Return the problem over other periods: what is said for each period is cut, or goes on as in the last one."""
    made, count = copy.deepcopy(data), horizon.count
    made["horizon"] = horizon.model_dump(mode="json")
    for kind, name in (("budgets", "amounts"), ("skills", "amounts"), ("running", "at_most")):
        for one in made["limits"][kind]:
            if kind == "running" and len(one[name]) == 1:
                continue
            one[name] = [*one[name], *one[name][-1:] * count][:count]
    return made


# --- Ids ------------------------------------------------------------------------------------------------------------


def renamed(data: Data, kind: str, old: str, new: str) -> Data:
    """Return the problem in which a goal or a unit (`kind`: goals, units) has another id, wherever it is named."""
    made = copy.deepcopy(data)
    for holder, key in _named(made, kind):
        told = holder[key]
        if isinstance(told, dict) and old in told:
            holder[key] = {new if name == old else name: value for name, value in told.items()}
        elif isinstance(told, list):
            holder[key] = [new if name == old else name for name in told]
        elif told == old:
            holder[key] = new
    for one in made[kind]:
        if one["id"] == old:
            one["id"] = new
    return made


def users(data: Data, kind: str, id_: str) -> list[tuple[str, str]]:
    """Return what names a part (`kind`: goals, skills, units, districts): (kind, id) of initiatives, synergies and limits."""
    found = []
    for owner, one in _owners(data):
        for holder, key in _named_in(one, owner, kind):
            told = holder[key]
            if id_ == told or (isinstance(told, dict | list) and id_ in told):
                found.append((owner, one.get("id", "")))
                break
    return found


def _owners(data: Data) -> Iterator[tuple[str, Data]]:
    for kind in ("initiatives", "synergies"):
        yield from ((kind, one) for one in data[kind])
    for kind in ("skills", "running", "fairness", "goal_shares", "goal_scores"):
        yield from ((f"limits.{kind}", one) for one in data["limits"][kind])
    yield from (("objective.targets", one) for one in data["objective"]["targets"])


def _named(data: Data, kind: str) -> Iterator[tuple[Data, str]]:
    for owner, one in _owners(data):
        yield from _named_in(one, owner, kind)


def _named_in(one: Data, owner: str, kind: str) -> Iterator[tuple[Data, str]]:
    """Yield (object, field) of every place in one part of a problem where ids of a kind stand."""
    if owner == "initiatives":
        own = {"goals": ("goal_shares",), "units": ("unit", "partners"), "districts": ("districts",), "skills": ()}[kind]  # fmt: skip
        yield from ((one, name) for name in own)
        in_mode = {"goals": "effects", "skills": "skills"}.get(kind)
        if in_mode:
            yield from ((mode, in_mode) for mode in one["modes"])
    elif owner == "synergies" and kind == "goals":
        yield one, "effects"
    elif owner == "limits.fairness" and kind in ("units", "districts"):
        if one["by"] == kind[:-1]:
            yield one, "whom"
    elif kind == "goals" and "goal" in one:
        yield one, "goal"
    elif (owner, kind) == ("limits.skills", "skills"):
        yield one, "skill"
    elif (owner, kind) == ("limits.running", "units"):
        yield one, "unit"


# --- The plan that change is measured against -----------------------------------------------------------------------


def plans_to_keep_near(scenario: Scenario) -> list[ScenarioPlan]:
    """Return the plans that change may be measured against: the roadmap in force, and every plan found for this scenario; the newest first."""
    own = ScenarioPlan.objects.filter(scenario=scenario).order_by("-number")
    in_force = Scenario.objects.adopted().first()
    adopted = ScenarioPlan.objects.filter(scenario=in_force, number=in_force.plan) if in_force is not None and in_force.pk != scenario.pk else []  # fmt: skip
    return [*adopted, *own]


def near(data: Data, plan: Plan | None) -> Data:
    """Return the problem with the plan that change is measured against, as far as its initiatives and ways are known; without one, without that aim."""
    made = copy.deepcopy(data)
    ways = {one["id"]: {mode["id"] for mode in one["modes"]} for one in data["initiatives"]}
    made["published"] = None
    if plan is not None:
        known = [one for one in plan.choices if one.mode in ways.get(one.initiative, ())]
        made["published"] = {"choices": [one.model_dump(mode="json") for one in known]}
        return made
    return with_change_aim(made, wanted=False)


def with_change_aim(data: Data, *, wanted: bool) -> Data:
    """Return the problem with or without the aim of least change; where there is one it stays where it is, a new one is the last."""
    targets: list[Data] = data["objective"]["targets"]
    there = [one for one in targets if one["kind"] == "change"]
    if wanted:
        targets = targets if there else [*targets, {"kind": "change"}]
    else:
        targets = [one for one in targets if one not in there] or [dict(PLACEHOLDER)]
    return {**data, "objective": {**data["objective"], "targets": targets}}


def plan_of(record: ScenarioPlan) -> Plan:
    """Return the plan that a record keeps."""
    return parse_plan(record.choices)
