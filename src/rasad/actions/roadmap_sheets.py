"""A scenario's plan as a document for the meeting: set at once where that is quick, else by the worker; kept until anything in it changes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rasad.actions import cities
from rasad.actions.roadmap_reasons import explanation_of, other_ways
from rasad.actions.roadmaps import checked, plan_of
from rasad.persian import dates
from rasad.persian.digits import group
from rasad.records.models import Scenario, ScenarioOpinion, ScenarioPlan
from rasad.reports.meeting import About, NoFaceError, Opinion, meeting
from rasad.roadmap.problem import Problem
from rasad.roadmap.wording import gap_text

QUICK = 60 * 5
"""Initiatives × periods of a problem whose document is set in about a second; why each is in or out is found by checking changed plans."""
KEPT = 40
"""Documents that are kept, the newest."""

Say = Callable[[str, int, int], None]


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


VERDICTS = {
    "favour": _n("in favour"),
    "conditions": _n("in favour, on conditions"),
    "against": _n("against"),
}
STATES = {
    "draft": _n("draft"),
    "adopted": _n("adopted"),
    "replaced": _n("replaced by a later one"),
    "withdrawn": _n("given up"),
}


def is_quick(problem: Problem) -> bool:
    """Return whether a problem's document is set within a second or two."""
    return len(problem.initiatives) * problem.horizon.count <= QUICK


def kept(*, home: Path, scenario: Scenario, by: str, lang: str, plan: int = 0) -> Path:
    """Return where the document of a plan (its number; else the one that counts) is kept, whether it was set yet or not.

    ValidationError without a plan.
    """
    record = plan_of(scenario, plan)
    if record is None:
        raise ValidationError(_("Solve the scenario first: it is its plan that is set."))
    opinions = ScenarioOpinion.objects.filter(scenario=scenario).count()
    told = [scenario.pk, scenario.version, record.number, record.version, opinions, by, lang, timezone.localdate().isoformat()]  # fmt: skip
    print_ = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return home / "cache" / "meetings" / f"{print_[:32]}.pdf"


def make(*, home: Path, key: int, by: str, lang: str, plan: int = 0, progress: Say) -> dict[str, Any]:
    """Set the document of a plan (its number; else the one that counts) in a language, and keep it. ValidationError without a plan."""
    scenario = Scenario.objects.select_related("resolution").get(pk=key)
    progress(_("setting the document"), 0, 0)
    with translation.override(lang):
        path = kept(home=home, scenario=scenario, by=by, lang=lang, plan=plan)
        record = plan_of(scenario, plan)
        assert record is not None
        if not path.exists():
            _write(path, _document(home, scenario, record, by, lang))
    return {"scenario": scenario.pk, "plan": record.number}


def _document(home: Path, scenario: Scenario, record: ScenarioPlan, by: str, lang: str) -> bytes:
    found = checked(scenario, record)
    city = cities.settings(home) if (home / "city.toml").exists() else {}
    calendar: dates.Calendar = "gregorian" if city.get("calendar") == "gregorian" else "jalali"
    about = About(
        city=str(city.get(f"name_{lang}", "")),
        title=scenario.title if lang == "fa" else scenario.title_en or scenario.title,
        state=_state(scenario, record.number, calendar, lang),
        status=found.status.words,
        gap=gap_text(record.result["gap"], lang),
        on=timezone.localdate(),
        calendar=calendar,
        opinions=[
            Opinion(one.signed_name, _(VERDICTS[one.verdict]), one.on, one.text)
            for one in ScenarioOpinion.objects.filter(scenario=scenario).order_by("-number")
        ],
        others=other_ways(explanation_of(record), set(found.verdict.figures.works)),
    )
    try:
        return meeting(found.problem, found.plan, about=about, by=by, translate=_, lang=lang)
    except NoFaceError:
        raise ValidationError(_("The document cannot be set: the front-end build with its face is missing.")) from None  # fmt: skip


def _state(scenario: Scenario, plan: int, calendar: dates.Calendar, lang: str) -> str:
    named = _("plan %(number)s") % {"number": group(plan, lang)}
    state = " · ".join([_("Scenario of the roadmap"), _(STATES[scenario.state]), named])
    if scenario.adopted_on is None:
        return state
    decided = scenario.resolution.number if scenario.resolution else scenario.reference
    day = dates.format_date(scenario.adopted_on, calendar=calendar, lang=lang, style="long")
    return f"{state} · {day} · {decided}"


def _write(path: Path, body: bytes) -> None:
    """Write a document whole or not at all, and let the oldest go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}.new")
    new.write_bytes(body)
    new.replace(path)
    others = sorted(path.parent.glob("*.pdf"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        old.unlink(missing_ok=True)
