"""The roadmap that the sample city adopted for 1404 to 1408: the problem as `rasad.roadmap` reads it, and the plan that was chosen.

The plan is stored with what the search said of it; whoever takes it in checks it anew (see `actions.roadmap_files`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from rasad.sample.city import UNITS
from rasad.sample.register.aims import GOALS
from rasad.sample.register.days import day
from rasad.sample.register.people import IT

FIRST_YEAR, YEARS = 1404, 5
BILLION = 1_000_000_000

GOALS_EN = {
    "g11": "building permits without a visit",
    "g12": "dues paid online",
    "g13": "requests from afar",
    "g21": "answers online from other bodies",
    "g22": "one base of data for all units",
    "g31": "traffic managed by data",
    "g32": "quick response to incidents",
    "g41": "finances and contracts published",
    "g42": "people's requests answered",
    "g51": "systems that stay up",
    "g52": "citizens' data secure",
}
UNITS_EN = {
    IT: "IT organisation",
    "201": "Finance",
    "202": "Public works",
    "203": "Urban services",
    "204": "Transport and traffic",
    "205": "Urban planning",
    "206": "Planning and people",
    "303": "Fire and rescue",
    "306": "Culture and sport",
}
DISTRICTS = {
    "101": ("منطقه یک", "District 1", 128),
    "102": ("منطقه دو", "District 2", 117),
    "103": ("منطقه سه", "District 3", 109),
    "104": ("منطقه چهار", "District 4", 95),
    "105": ("منطقه پنج", "District 5", 88),
    "106": ("منطقه شش", "District 6", 75),
}
"""Code → its names, and its residents in thousands."""
WEIGHTS = {"g11": 5, "g12": 4, "g13": 3, "g21": 4, "g22": 3, "g31": 3, "g32": 3, "g41": 4, "g42": 2, "g51": 2, "g52": 3}  # fmt: skip
EVERYWHERE = {"101": 2100, "102": 1900, "103": 1800, "104": 1500, "105": 1400, "106": 1300}


@dataclass(frozen=True)
class Way:
    """One way of doing an initiative: costs in thousand million rials by year of the work, people needed, what each goal gets a year."""

    costs: dict[str, tuple[int, ...]]
    runs: dict[str, int]
    people: dict[str, tuple[int, ...]]
    brings: dict[str, tuple[int, ...]]
    probability: int
    id: str = "base"
    fa: str = ""
    en: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the mode as a problem has it."""
        return {
            "id": self.id,
            "title_fa": self.fa,
            "title_en": self.en,
            "duration": max(len(years) for years in (*self.costs.values(), *self.people.values())),
            "costs": {name: [BILLION * one for one in years] for name, years in self.costs.items()},
            "run_costs": {name: BILLION * one for name, one in self.runs.items()},
            "skills": {name: list(years) for name, years in self.people.items()},
            "effects": {goal: {"per_period": list(years)} for goal, years in self.brings.items()},
            "probability": self.probability,
        }


@dataclass(frozen=True)
class Wish:
    """One initiative that somebody wishes for."""

    id: str
    fa: str
    en: str
    unit: str
    goals: dict[str, int]
    ways: tuple[Way, ...]
    needs: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    districts: dict[str, int] | None = None
    mandatory: bool = False
    since: int | None = None
    """Running already, since this period (negative: before the first)."""
    deadline: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the initiative as a problem has it."""
        found: dict[str, Any] = {
            "id": self.id,
            "title_fa": self.fa,
            "title_en": self.en,
            "unit": self.unit,
            "partners": list(self.partners),
            "districts": self.districts or {},
            "goal_shares": self.goals,
            "modes": [way.as_json() for way in self.ways],
            "requires": [{"initiative": one} for one in self.needs],
            "mandatory": self.mandatory,
        }
        if self.since is not None:
            found["frozen"] = {"mode": self.ways[0].id, "start": self.since}
        if self.deadline is not None:
            found["deadline"] = self.deadline
        return found


WISHES = (
    Wish("exchange", "اتصال به سامانه‌های بیرونی", "Links to other bodies' systems", IT, {"g21": 10000},
         (Way({"software": (60, 70), "services": (30, 25)}, {"staff": 14}, {"development": (6, 5)}, {"g21": (60, 110, 140)}, 7500),), since=-1),
    Wish("incidents", "داده‌های حادثه و امداد", "Incident and rescue data", "303", {"g32": 10000},
         (Way({"software": (22, 18), "hardware": (20, 6)}, {"services": 6}, {"development": (2, 2)}, {"g32": (30, 55)}, 8000),), since=-1, partners=("204",)),
    Wish("identity", "ورود یگانه شهروند و کارمند", "One sign-on for citizens and staff", IT, {"g13": 5000, "g52": 5000},
         (Way({"software": (85,), "services": (40,)}, {"staff": 9}, {"development": (5,), "security": (2,)}, {"g13": (20, 40), "g52": (60, 80)}, 9000),), mandatory=True, deadline=1),
    Wish("permits", "پروانه ساختمان بی‌مراجعه", "Building permits without a visit", "205", {"g11": 10000},
         (Way({"software": (140, 120), "services": (60, 40)}, {"staff": 22}, {"development": (7, 6)}, {"g11": (180, 300, 360)}, 7000, "full", "همهٔ گام‌ها", "every step"),
          Way({"software": (110,), "services": (35,)}, {"staff": 12}, {"development": (6,)}, {"g11": (110, 170)}, 8500, "small", "از درخواست تا نقشه", "from request to drawings")),
         needs=("identity", "parcels"), partners=(IT,), districts=EVERYWHERE),
    Wish("parcels", "کد یکتای ملک", "One code for every parcel", "205", {"g22": 7000, "g11": 3000},
         (Way({"services": (75,), "staff": (30,)}, {"staff": 10}, {"data": (4,)}, {"g22": (70, 120), "g11": (20,)}, 8000),), partners=("201", "202"), districts=EVERYWHERE),
    Wish("dues", "تسویه برخط عوارض", "Dues settled online", "201", {"g12": 10000},
         (Way({"software": (90, 60), "services": (25, 20)}, {"services": 14}, {"development": (5, 4)}, {"g12": (160, 240)}, 8500),), needs=("identity",), partners=(IT,), districts=EVERYWHERE),
    Wish("desk", "میز خدمت یکپارچه", "One desk for every request", "203", {"g13": 7000, "g42": 3000},
         (Way({"software": (70, 45), "staff": (20, 20)}, {"staff": 18}, {"development": (4, 4)}, {"g13": (90, 150), "g42": (60, 90)}, 8000),), needs=("identity",), partners=(IT,), districts=EVERYWHERE),
    Wish("ledger", "انتشار روزانه دفتر مالی", "The ledger published daily", "201", {"g41": 10000},
         (Way({"services": (32,), "staff": (18,)}, {"staff": 7}, {"data": (2,)}, {"g41": (120, 150)}, 9000),), partners=(IT,)),
    Wish("contracts", "انتشار کامل قراردادها", "All contracts published", "201", {"g41": 9000, "g42": 1000},
         (Way({"services": (26,), "software": (20,)}, {"staff": 6}, {"data": (2,)}, {"g41": (90, 120), "g42": (10,)}, 8500),), needs=("ledger",)),
    Wish("datahub", "پایگاه داده یگانه شهر", "The city's one data hub", IT, {"g22": 8000, "g21": 2000},
         (Way({"software": (120, 90), "telecom_cloud": (40, 45)}, {"telecom_cloud": 38}, {"data": (5, 5), "development": (3, 3)}, {"g22": (150, 230), "g21": (30,)}, 6500),), needs=("parcels",)),
    Wish("centre", "مرکز داده پشتیبان", "A second data centre", IT, {"g51": 10000},
         (Way({"hardware": (310, 260)}, {"staff": 25, "telecom_cloud": 20}, {"network": (4, 4)}, {"g51": (110, 160)}, 8000, "build", "ساخت", "build"),
          Way({"services": (45,), "telecom_cloud": (70,)}, {"telecom_cloud": 85}, {"network": (2,)}, {"g51": (100, 140)}, 9000, "rent", "اجارهٔ ابر", "rent in a cloud"))),
    Wish("fibre", "فیبر میان ساختمان‌های مناطق", "Fibre between district offices", IT, {"g51": 8000, "g31": 2000},
         (Way({"hardware": (130, 110), "telecom_cloud": (30, 30)}, {"telecom_cloud": 16}, {"network": (4, 4)}, {"g51": (70, 110), "g31": (10,)}, 8500),), districts=EVERYWHERE),
    Wish("signals", "چراغ‌های هوشمند، گام دوم", "Smart signals, second step", "204", {"g31": 10000},
         (Way({"hardware": (160, 140), "services": (25, 20)}, {"services": 18}, {"network": (3, 3)}, {"g31": (90, 170, 190)}, 8000),), needs=("fibre",), districts={"101": 3000, "102": 3000, "103": 2000, "104": 2000}),
    Wish("buses", "بلیت و زمان‌سنج یکپارچه اتوبوس", "Bus tickets and times in one", "204", {"g31": 8000, "g13": 2000},
         (Way({"hardware": (120,), "software": (55,)}, {"services": 15}, {"development": (3,), "network": (2,)}, {"g31": (70, 95), "g13": (25,)}, 8000),), districts={"103": 2500, "104": 2500, "105": 2500, "106": 2500}),
    Wish("security", "مرکز پایش امنیت", "A security operations centre", IT, {"g52": 10000},
         (Way({"hardware": (60,), "services": (70,)}, {"staff": 28}, {"security": (3,)}, {"g52": (130, 170)}, 8500),), mandatory=True, deadline=3),
    Wish("rescue", "اعزام هوشمند امداد", "Dispatch of rescue by data", "303", {"g32": 10000},
         (Way({"software": (65,), "hardware": (45,)}, {"services": 12}, {"development": (3,), "data": (1,)}, {"g32": (110, 140)}, 8000),), needs=("incidents", "datahub"), districts=EVERYWHERE),
    Wish("skills", "مهارت‌های دیجیتال کارکنان", "Digital skills of staff", "206", {"g13": 6000, "g52": 4000},
         (Way({"services": (24, 24, 24), "staff": (6, 6, 6)}, {}, {}, {"g13": (25,), "g52": (30,)}, 9000),), districts=EVERYWHERE),
    Wish("culture", "رزرو و فروش برخط خدمات فرهنگی", "Culture and sport booked online", "306", {"g13": 10000},
         (Way({"software": (29,)}, {"services": 4}, {"development": (2,)}, {"g13": (45, 60)}, 9000),), needs=("identity",), districts={"101": 2000, "105": 4000, "106": 4000}),
    Wish("screens", "نمایشگرهای شهری", "Screens in the streets", "204", {"g42": 10000}, (Way({"hardware": (180,)}, {"services": 20}, {"network": (1,)}, {"g42": (12,)}, 8500),), districts={"101": 5000, "102": 5000}),
    Wish("twin", "دوقلوی دیجیتال شهر", "A digital twin of the city", "202", {"g31": 5000, "g22": 5000},
         (Way({"software": (190, 170, 150), "hardware": (80, 40, 0)}, {"staff": 35, "telecom_cloud": 40}, {"data": (5, 5, 5), "development": (4, 4, 4)}, {"g31": (40, 60), "g22": (30, 50)}, 4000),), needs=("datahub",)),
    Wish("assistant", "دستیار هوشمند پاسخ‌گو", "An assistant that answers", "209", {"g42": 10000},
         (Way({"software": (75,), "telecom_cloud": (20,)}, {"telecom_cloud": 30}, {"development": (3,), "data": (2,)}, {"g42": (60, 80)}, 5000),), needs=("desk",)),
    Wish("cameras", "دوربین‌های معابر، گام سوم", "Street cameras, third step", "204", {"g32": 6000, "g31": 4000},
         (Way({"hardware": (240, 200)}, {"services": 30}, {"network": (3, 3)}, {"g32": (50, 80), "g31": (20, 30)}, 8500),), needs=("fibre",), districts=EVERYWHERE),
)  # fmt: skip

PROJECTS = {"exchange": "p06", "incidents": "p21", "culture": "p30"}
"""Initiatives that are projects of the register already."""
DECISION: dict[str, Any] = {
    "code": "roadmap-1404",
    "title": "نقشه راه شهر الکترونیک ۱۴۰۴ تا ۱۴۰۸",
    "title_en": "Roadmap to the electronic city, 1404 to 1408",
    "adopted_on": day(1403, 11, 21),
    "resolution": "ش/403/118",
    "reference": "",
    "based_on": "roadmap-1402",
}


CHOSEN: tuple[tuple[str, str, int], ...] = (
    ("exchange", "base", -1),
    ("incidents", "base", -1),
    ("identity", "base", 0),
    ("permits", "small", 2),
    ("parcels", "base", 0),
    ("dues", "base", 1),
    ("desk", "base", 1),
    ("ledger", "base", 0),
    ("contracts", "base", 1),
    ("centre", "rent", 2),
    ("buses", "base", 3),
    ("security", "base", 1),
    ("skills", "base", 1),
    ("culture", "base", 1),
    ("assistant", "base", 3),
)
"""The plan: initiative, its way, and the period in which it starts. Found and proven by `rasad roadmap solve`; a test solves it anew."""
RESULT: dict[str, Any] = {
    "status": "optimal",
    "objective": 137815000,
    "bound": 137815000,
    "gap": 0.0,
    "stages": [
        {
            "key": "weighted",
            "maximise": True,
            "status": "optimal",
            "engine": "CP-SAT",
            "engine_status": "OPTIMAL",
            "objective": 137815000,
            "bound": 137815000,
            "seconds": 0.4,
        }
    ],
}
"""What the search said of it."""


def problem() -> dict[str, Any]:
    """Return what the city chose from, and what a plan must keep."""
    names = {unit.code: unit.name for unit in UNITS}
    owners = sorted({wish.unit for wish in WISHES} | {one for wish in WISHES for one in wish.partners})
    goals = {code: name for _code, _name, _weight, children in GOALS for code, name, _part in children}
    return {
        "title_fa": DECISION["title"],
        "title_en": DECISION["title_en"],
        "currency": "IRR",
        "horizon": {"kind": "year", "first_year": FIRST_YEAR, "count": YEARS},
        "goals": [
            {"id": code, "title_fa": name, "title_en": GOALS_EN[code]} for code, name in goals.items()
        ],
        "skills": [
            {"id": "development", "title_fa": "توسعه نرم‌افزار (نفر)", "title_en": "software development (people)"},
            {"id": "network", "title_fa": "شبکه و زیرساخت (نفر)", "title_en": "network and infrastructure (people)"},
            {"id": "data", "title_fa": "داده (نفر)", "title_en": "data (people)"},
            {"id": "security", "title_fa": "امنیت (نفر)", "title_en": "security (people)"},
        ],
        "units": [
            {"id": code, "title_fa": names[code], "title_en": UNITS_EN.get(code, "Communications")}
            for code in owners
        ],
        "districts": [
            {"id": code, "title_fa": fa, "title_en": en, "weight": residents}
            for code, (fa, en, residents) in DISTRICTS.items()
        ],
        "initiatives": [wish.as_json() for wish in WISHES],
        "groups": [
            {"id": "street", "title_fa": "نمایشگر یا دوربین، یکی از این دو", "title_en": "screens or cameras, one of both",
             "initiatives": ["screens", "cameras"], "at_most": 1}
        ],
        "synergies": [
            {"id": "one-door", "title_fa": "یک در برای همه", "title_en": "one door for all",
             "initiatives": ["desk", "permits"], "effects": {"g11": {"per_period": [40]}}, "probability": 8000}
        ],
        "limits": {
            "budgets": [
                {"id": "total", "title_fa": "کل بودجه", "title_en": "the whole budget",
                 "amounts": [BILLION * one for one in (420, 470, 520, 570, 620)], "carry_share": 500}
            ],
            "category_shares": [
                {"id": "hardware", "title_fa": "سقف سخت‌افزار", "title_en": "the hardware cap",
                 "categories": ["hardware"], "at_most": 3500}
            ],
            "skills": [
                {"id": "development", "skill": "development", "amounts": [14, 14, 15, 15, 16]},
                {"id": "network", "skill": "network", "amounts": [5, 5, 6, 6, 6]},
                {"id": "data", "skill": "data", "amounts": [6, 6, 7, 7, 7]},
                {"id": "security", "skill": "security", "amounts": [3, 3, 3, 4, 4]},
            ],
            "running": [{"id": "focus", "title_fa": "تمرکز: هم‌زمان در هر واحد", "title_en": "focus: at once in a unit", "at_most": [3]}],
            "fairness": [
                {"id": "districts", "title_fa": "کمترین سهم هر منطقه", "title_en": "each district's least share", "at_least": 1000}
            ],
        },
        "objective": {
            "method": "weighted",
            "targets": [{"kind": "goal", "goal": goal, "weight": weight} for goal, weight in WEIGHTS.items()],
        },
    }  # fmt: skip


def plan() -> dict[str, Any]:
    """Return the plan that was adopted."""
    return {
        "choices": [
            {"initiative": initiative, "mode": mode, "start": start} for initiative, mode, start in CHOSEN
        ]
    }


def alternatives() -> dict[str, Any]:
    """Return other plans for other weights of the goals, as `rasad.roadmap.weighing` found them; whoever takes them in checks each anew."""
    text = resources.files("rasad.sample.register").joinpath("roadmap_alternatives.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def write_roadmap(folder: Path) -> Path:
    """Write problem, plan and decision into `folder/roadmap.json` and return its path."""
    path = folder / "roadmap.json"
    data = {
        **DECISION,
        "projects": PROJECTS,
        "problem": problem(),
        "plan": plan(),
        "result": RESULT,
        "alternatives": alternatives(),
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
