"""The first roadmap of the sample city, for 1402 to 1406: what it promised, so that what became of it can be seen.

Two years on the council planned anew (`register.roadmap`). Some of what was promised was done, some is late, some was given up.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasad.sample.city import UNITS
from rasad.sample.register.aims import GOALS
from rasad.sample.register.days import day
from rasad.sample.register.people import IT
from rasad.sample.register.roadmap import BILLION, GOALS_EN, UNITS_EN, WEIGHTS, WISHES, Way, Wish

FIRST_YEAR, YEARS = 1402, 5
DECISION: dict[str, Any] = {
    "code": "roadmap-1402",
    "title": "نقشه راه شهر الکترونیک ۱۴۰۲ تا ۱۴۰۶",
    "title_en": "Roadmap to the electronic city, 1402 to 1406",
    "adopted_on": day(1401, 12, 14),
    "resolution": "ش/401/140",
    "reference": "",
}
PROJECTS = {
    "incidents": "p21",
    "culture": "p30",
    "lights": "p17",
    "open": "p08",
    "architecture": "p24",
    "stores": "p20",
    "people": "p16",
}
"""Initiatives that are projects of the register."""
_AGAIN = ("incidents", "identity", "permits", "parcels", "dues", "culture", "screens")
"""Initiatives that the roadmap after this one has too."""
OWN = (
    Wish("lights", "چراغ‌های هوشمند، گام نخست", "Smart signals, first step", "204", {"g31": 10000},
         (Way({"hardware": (90, 80, 60), "services": (40, 30, 30)}, {"services": 12}, {}, {"g31": (80, 150)}, 8000),), since=-1),
    Wish("people", "سامانه منابع انسانی", "Human resources in one system", "206", {"g22": 10000},
         (Way({"software": (60, 45, 25), "services": (12, 10, 8)}, {"staff": 6}, {}, {"g22": (40, 70)}, 8000),), since=-1),
    Wish("open", "انتشار عمومی داده‌های مالی", "Financial data for everybody", IT, {"g41": 10000},
         (Way({"software": (18, 12), "services": (6, 4)}, {"services": 3}, {"data": (2, 2)}, {"g41": (70, 110)}, 8500),), partners=("201",)),
    Wish("architecture", "معماری سازمانی", "An enterprise architecture", IT, {"g22": 10000},
         (Way({"services": (20, 16)}, {}, {"data": (2, 1)}, {"g22": (30, 45)}, 9000),), mandatory=True),
    Wish("stores", "انبار و اموال یکپارچه", "Stores and property in one", "201", {"g22": 10000},
         (Way({"software": (38, 18), "services": (6, 4)}, {"services": 4}, {"development": (2, 2)}, {"g22": (45, 60)}, 7500),)),
)  # fmt: skip
CHOSEN: tuple[tuple[str, str, int], ...] = (
    ("incidents", "base", 0),
    ("identity", "base", 0),
    ("permits", "small", 1),
    ("parcels", "base", 0),
    ("dues", "base", 1),
    ("culture", "base", 1),
    ("lights", "base", -1),
    ("people", "base", -1),
    ("open", "base", 0),
    ("architecture", "base", 0),
    ("stores", "base", 0),
)
"""The plan: initiative, its way, and the period in which it starts. Found and proven by `rasad roadmap solve`; a test solves it anew."""
OBJECTIVE = 96192500


def wishes() -> list[Wish]:
    """Return what the city chose from then."""
    again = [wish for wish in WISHES if wish.id in _AGAIN]
    freed = [replace(wish, since=None, districts=None, mandatory=wish.id == "identity", deadline=None) for wish in again]  # fmt: skip
    return [*freed, *OWN]


def problem() -> dict[str, Any]:
    """Return what the city chose from, and what a plan had to keep."""
    names = {unit.code: unit.name for unit in UNITS}
    chosen_from = wishes()
    owners = sorted(
        {wish.unit for wish in chosen_from} | {one for wish in chosen_from for one in wish.partners}
    )
    goals = {code: name for _code, _name, _weight, children in GOALS for code, name, _part in children}
    return {
        "title_fa": DECISION["title"],
        "title_en": DECISION["title_en"],
        "currency": "IRR",
        "horizon": {"kind": "year", "first_year": FIRST_YEAR, "count": YEARS},
        "goals": [{"id": code, "title_fa": name, "title_en": GOALS_EN[code]} for code, name in goals.items()],
        "skills": [
            {"id": "development", "title_fa": "توسعه نرم‌افزار (نفر)", "title_en": "software development (people)"},
            {"id": "data", "title_fa": "داده (نفر)", "title_en": "data (people)"},
            {"id": "network", "title_fa": "شبکه و زیرساخت (نفر)", "title_en": "network and infrastructure (people)"},
            {"id": "security", "title_fa": "امنیت (نفر)", "title_en": "security (people)"},
        ],
        "units": [
            {"id": code, "title_fa": names[code], "title_en": UNITS_EN.get(code, "Communications")} for code in owners
        ],
        "initiatives": [wish.as_json() for wish in chosen_from],
        "limits": {
            "budgets": [
                {"id": "total", "title_fa": "کل بودجه", "title_en": "the whole budget",
                 "amounts": [BILLION * one for one in (560, 520, 420, 380, 380)], "carry_share": 500}
            ],
            "category_shares": [
                {"id": "hardware", "title_fa": "سقف سخت‌افزار", "title_en": "the hardware cap",
                 "categories": ["hardware"], "at_most": 4000}
            ],
            "skills": [
                {"id": "development", "skill": "development", "amounts": [16, 18, 18, 18, 18]},
                {"id": "data", "skill": "data", "amounts": [8, 8, 8, 8, 8]},
            ],
        },
        "objective": {
            "method": "weighted",
            "targets": [{"kind": "goal", "goal": goal, "weight": weight} for goal, weight in WEIGHTS.items()],
        },
    }  # fmt: skip


def plan() -> dict[str, Any]:
    """Return the plan that was adopted."""
    return {"choices": [{"initiative": id_, "mode": mode, "start": start} for id_, mode, start in CHOSEN]}


def result() -> dict[str, Any]:
    """Return what the search said of it."""
    stage = {
        "key": "weighted",
        "maximise": True,
        "status": "optimal",
        "engine": "CP-SAT",
        "engine_status": "OPTIMAL",
        "objective": OBJECTIVE,
        "bound": OBJECTIVE,
        "seconds": 0.3,
    }
    return {
        "status": "optimal",
        "objective": OBJECTIVE,
        "bound": OBJECTIVE,
        "gap": 0.0,
        "stages": [stage],
    }


def write_first_roadmap(folder: Path) -> Path:
    """Write problem, plan and decision into `folder/roadmap-1402.json` and return its path."""
    path = folder / "roadmap-1402.json"
    data = {**DECISION, "projects": PROJECTS, "problem": problem(), "plan": plan(), "result": result()}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
