"""A roadmap that was decided elsewhere, taken in from a file: problem, plan and decision as one JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError as PydanticError

from rasad.actions.roadmap_alternatives import keep_alternatives
from rasad.actions.roadmap_projects import link_project
from rasad.actions.roadmaps import adopt, draft, keep_plan, problem_of
from rasad.records.models import Account, Project, Resolution, Scenario, ScenarioProject
from rasad.roadmap.problem import ProblemError, parse_plan
from rasad.roadmap.problem.files import read_json
from rasad.roadmap.weighing import ToWeigh

NEEDED = ("code", "title", "adopted_on", "problem", "plan", "result")


@transaction.atomic
def take_in(*, path: Path, by: Account | None, why: str) -> Scenario:
    """Take in an adopted roadmap, its plan checked anew, and return it; nothing is written where any of it cannot stand.

    The document has code, title, title_en, adopted_on, resolution or reference, problem, plan, result (what the search said), projects
    (initiative → project's code), based_on: the code of the roadmap that it follows, where that one was taken in, and alternatives: plans to weigh
    beside it, as `rasad.roadmap.weighing` has them, each checked anew. ValidationError says what is wrong.
    """
    try:
        data = read_json(path)
        missing = [name for name in NEEDED if name not in data]
        if missing:
            raise ValidationError(
                _("%(file)s: missing: %(names)s") % {"file": path.name, "names": ", ".join(missing)}
            )
        plan = parse_plan(data["plan"])
    except ProblemError as error:
        raise ValidationError(error.message(_)) from error
    problem = problem_of(data["problem"])
    scenario = draft(
        code=data["code"],
        title=data["title"],
        title_en=data.get("title_en", ""),
        problem=data["problem"],
        based_on=Scenario.objects.filter(code=data.get("based_on", "")).first(),
        by=by,
        why=why,
    )
    kept = keep_plan(
        scenario=scenario, problem=problem, plan=plan, result=_complete(data["result"]), by=by, why=why
    )
    number = data.get("resolution", "")
    resolution = Resolution.objects.filter(number=number).first() if number else None
    scenario = adopt(
        scenario=scenario,
        seen=scenario.version,
        plan=kept.number,
        on=date.fromisoformat(data["adopted_on"]),
        resolution=resolution,
        reference=data.get("reference", "") or ("" if resolution else number),
        by=by,
        why=why,
    )
    projects = {one.code: one for one in Project.objects.filter(code__in=data.get("projects", {}).values())}
    if "alternatives" in data:
        keep_alternatives(record=kept, weighed=_weighed(data["alternatives"]), by=by, why=why)
    followed = set(ScenarioProject.objects.filter(scenario=scenario).values_list("initiative", flat=True))
    for initiative, code in data.get("projects", {}).items():
        if initiative in followed:
            continue
        if code not in projects:
            raise ValidationError(_("There is no project “%(code)s”.") % {"code": code})
        link_project(scenario=scenario, initiative=initiative, project=projects[code], by=by, why=why)
    return scenario


def _weighed(data: Any) -> ToWeigh:
    try:
        return ToWeigh.model_validate(data)
    except PydanticError as error:
        raise ValidationError(f"alternatives: {error.errors()[0]['msg']}") from error


def _complete(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a search said with every part that pages read; what is not told is not known."""
    empty: dict[str, Any] = {"objective": None, "bound": None, "gap": None, "seconds": None, "values": [], "scores": {}, "stages": []}  # fmt: skip
    return {**empty, **result}
