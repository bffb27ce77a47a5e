"""Made-up problems of any size: for benchmarks, tests, and a first look. The same arguments give the same problem."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from rasad.persian.digits import to_persian
from rasad.roadmap.problem import Problem, parse

Tightness = Literal["tight", "loose"]

GOALS = (("access", "دسترسی به خدمات", "access to services"), ("time", "وقت شهروندان", "citizens' time"),
         ("openness", "شفافیت", "openness"), ("resilience", "تاب‌آوری", "resilience"))  # fmt: skip
SKILLS = (("network", "شبکه", "network"), ("development", "توسعهٔ نرم‌افزار", "software development"),
          ("data", "داده", "data"), ("design", "طراحی خدمت", "service design"), ("security", "امنیت", "security"))  # fmt: skip
UNIT_COUNT, DISTRICT_COUNT = 8, 10
"""Of a large problem; a small one has fewer."""
MILLION = 10**6
ROUND = 100 * MILLION
"""Costs are estimates: whole hundreds of millions of rials."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an initiative is mostly made of: shares of categories, in hundredths."""

    title_fa: str
    title_en: str
    shares: dict[str, int]


KINDS = (
    Kind("تجهیزات", "equipment", {"hardware": 75, "services": 15, "telecom_cloud": 10}),
    Kind("سامانه", "system", {"software": 55, "services": 25, "staff": 20}),
    Kind("خدمت", "service", {"services": 45, "staff": 35, "software": 20}),
    Kind("ارتباطات", "connection", {"telecom_cloud": 60, "hardware": 25, "services": 15}),
)


def instance(
    size: int, *, periods: int = 5, kind: str = "year", seed: int = 1, tightness: Tightness = "tight"
) -> Problem:
    """Return a problem of `size` initiatives. tight: money and people for about a third of what is wished; loose: for two thirds."""
    return parse(_Maker(size, periods, kind, seed, tightness).problem())


class _Maker:
    def __init__(self, size: int, periods: int, kind: str, seed: int, tightness: Tightness) -> None:
        self.random = Random(f"{size} {periods} {kind} {seed} {tightness}")  # noqa: S311
        self.size, self.periods, self.kind = size, periods, kind
        self.per_year = {"year": 1, "half": 2, "quarter": 4, "month": 12}[kind]
        self.part = 0.33 if tightness == "tight" else 0.66
        self.units = [f"u{at + 1}" for at in range(max(2, min(UNIT_COUNT, size // 6)))]
        self.districts = [f"d{at + 1}" for at in range(max(2, min(DISTRICT_COUNT, size // 6)))]

    def problem(self) -> dict[str, Any]:
        initiatives = [self.initiative(at) for at in range(self.size)]
        return {
            "title_fa": f"نمونه با {to_persian(str(self.size))} طرح",
            "title_en": f"A sample of {self.size} initiatives",
            "horizon": {"kind": self.kind, "first_year": 1405, "count": self.periods},
            "goals": [{"id": id_, "title_fa": fa, "title_en": en} for id_, fa, en in GOALS],
            "skills": [{"id": id_, "title_fa": fa, "title_en": en} for id_, fa, en in SKILLS],
            "units": [
                {"id": id_, "title_fa": f"واحد {to_persian(id_[1:])}", "title_en": f"unit {id_[1:]}"}
                for id_ in self.units
            ],
            "districts": [
                {"id": id_, "title_fa": f"منطقهٔ {to_persian(id_[1:])}", "title_en": f"district {id_[1:]}",
                 "weight": self.random.randint(100, 300)}
                for id_ in self.districts
            ],
            "initiatives": initiatives,
            "groups": self.groups(),
            "synergies": self.synergies(),
            "limits": self.limits(initiatives),
            "objective": {
                "method": "weighted",
                "targets": [
                    {"kind": "goal", "goal": id_, "weight": weight}
                    for (id_, _fa, _en), weight in zip(GOALS, (4, 3, 2, 2), strict=True)
                ],
            },
        }  # fmt: skip

    def initiative(self, at: int) -> dict[str, Any]:
        draw = self.random
        kind = draw.choice(KINDS)
        number = at + 1
        modes = [self.mode(kind, "full", "کامل", draw.lognormvariate(3.4, 0.8))]
        if draw.random() < 0.25:
            modes.append(self.smaller(modes[0]))
        first = max(0, at - 40)
        required = draw.sample(range(first, at), min(at - first, draw.choice([0, 0, 0, 1, 1, 2])))
        # What must be done is no equipment, lest it alone break the hardware cap.
        light = "hardware" not in kind.shares
        frozen = draw.random() < 0.05 and light
        places = draw.sample(self.districts, min(len(self.districts), draw.choice([0, 1, 1, 2, 4])))
        return {
            "id": f"i{number}",
            "title_fa": f"{kind.title_fa} {to_persian(str(number))}",
            "title_en": f"{kind.title_en} {number}",
            "unit": draw.choice(self.units),
            "partners": draw.sample(self.units, draw.choice([0, 0, 1, 2])),
            "districts": {place: 10_000 // len(places) for place in places},
            "goal_shares": {draw.choice(GOALS)[0]: draw.choice([6000, 8000, 10_000])},
            "modes": modes,
            "earliest_start": draw.choice([0, 0, 0, 0, self.periods // 5, self.periods // 3]),
            "deadline": draw.choice([None] * 7 + [self.periods - 1, self.periods * 4 // 5]),
            "requires": [] if frozen else [
                {"initiative": f"i{other + 1}", "after": draw.choice(["completion", "completion", "start"])}
                for other in required
            ],
            "mandatory": not required and draw.random() < 0.08 and light,
            "frozen": {"mode": "full", "start": -draw.randint(1, self.per_year)} if frozen else None,
        }  # fmt: skip

    def mode(self, kind: Kind, id_: str, title_fa: str, billions: float) -> dict[str, Any]:
        draw = self.random
        whole = max(ROUND, round(billions * 1000 * MILLION / ROUND) * ROUND)
        duration = max(1, round(draw.choice([0.5, 1, 1, 1.5, 2, 2]) * self.per_year))
        costs = {}
        for category, share in kind.shares.items():
            part = whole * share // 100
            weights = [draw.uniform(0.5, 1.5) for _ in range(duration)]
            costs[category] = [round(part * weight / sum(weights) / ROUND) * ROUND for weight in weights]
        run = round(whole * draw.uniform(0.03, 0.12) / self.per_year / ROUND) * ROUND
        worth = whole / MILLION * draw.lognormvariate(0, 0.45) / 10
        goals = draw.sample([id_ for id_, _fa, _en in GOALS], draw.choice([1, 1, 2]))
        return {
            "id": id_,
            "title_fa": title_fa,
            "title_en": id_,
            "duration": duration,
            "costs": costs,
            "run_costs": {draw.choice(["services", "staff", "telecom_cloud"]): run} if run else {},
            "skills": {
                skill: [draw.randint(1, 5)] * duration
                for skill, _fa, _en in draw.sample(SKILLS, draw.choice([1, 2, 2]))
            },
            "effects": {
                goal: {"per_period": [round(worth * step / 10 / len(goals) / self.per_year) for step in (5, 8, 10)]}
                for goal in goals
            },
            "probability": draw.choice([6000, 7000, 8000, 9000, 9500]),
        }  # fmt: skip

    def smaller(self, mode: dict[str, Any]) -> dict[str, Any]:
        """Return a mode of half the cost that brings less, and more by its money."""
        part = self.random.uniform(0.45, 0.7)
        return {
            **mode,
            "id": "small",
            "title_fa": "کوچک",
            "title_en": "small",
            "costs": {
                category: [value // 2 // ROUND * ROUND for value in values]
                for category, values in mode["costs"].items()
            },
            "skills": {skill: [(value + 1) // 2 for value in values] for skill, values in mode["skills"].items()},
            "effects": {
                goal: {"per_period": [round(value * part) for value in effect["per_period"]]}
                for goal, effect in mode["effects"].items()
            },
        }  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        found = []
        for at in range(self.size // 20):
            members = [f"i{number}" for number in self.random.sample(range(1, self.size + 1), 3)]
            found.append({"id": f"g{at + 1}", "title_fa": f"جایگزین‌های {to_persian(str(at + 1))}",
                          "title_en": f"alternatives {at + 1}", "initiatives": members, "at_most": 2})  # fmt: skip
        return found

    def synergies(self) -> list[dict[str, Any]]:
        found = []
        for at in range(self.size // 15):
            members = [f"i{number}" for number in self.random.sample(range(1, self.size + 1), 2)]
            bonus = round(self.random.uniform(100, 500) / self.per_year)
            found.append({"id": f"s{at + 1}", "initiatives": members,
                          "effects": {self.random.choice(GOALS)[0]: {"per_period": [bonus]}}})  # fmt: skip
        return found

    def running(self, initiatives: list[dict[str, Any]], period: int) -> int:
        """Return what the initiatives that run already spend in a period, rounded up."""
        spent = 0
        for one in initiatives:
            if one["frozen"] is not None:
                mode, age = one["modes"][0], period - one["frozen"]["start"]
                spent += sum(values[age] for values in mode["costs"].values() if age < len(values))
                spent += sum(mode["run_costs"].values()) if age >= mode["duration"] else 0
        return -(-spent // ROUND) * ROUND

    def limits(self, initiatives: list[dict[str, Any]]) -> dict[str, Any]:
        """Return limits as parts of what all initiatives together would use, spread evenly over the periods."""
        fulls = [one["modes"][0] for one in initiatives]
        spent = sum(sum(map(sum, mode["costs"].values())) for mode in fulls)
        run = sum(sum(mode["run_costs"].values()) for mode in fulls) * self.periods // 3
        each = round((spent + run) * self.part / self.periods / ROUND) * ROUND
        growth = [100 + 5 * period // self.per_year for period in range(self.periods)]
        # What runs already can be paid.
        amounts = [
            max(each * part // 110 // ROUND * ROUND, self.running(initiatives, period) * 5 // 4)
            for period, part in enumerate(growth)
        ]
        skills = {}
        for skill, _fa, _en in SKILLS:
            needed = sum(sum(mode["skills"].get(skill, ())) for mode in fulls)
            skills[skill] = max(8, round(needed * self.part * 1.15 / self.periods))
        at_once = max(
            3,
            round(self.size * self.part * 1.6 / len(self.units) / max(1, self.periods / self.per_year / 1.5)),
        )
        return {
            "budgets": [
                {"id": "total", "title_fa": "کل بودجه", "title_en": "the whole budget", "amounts": amounts,
                 "carry_share": 1000},
                {"id": "staff", "title_fa": "بودجهٔ نیروی انسانی", "title_en": "the staff budget",
                 "categories": ["staff"], "amounts": [amount * 25 // 100 for amount in amounts]},
            ],
            "category_shares": [
                {"id": "hardware", "title_fa": "سقف سخت‌افزار", "title_en": "the hardware cap",
                 "categories": ["hardware"], "at_most": 4000},
            ],
            "skills": [
                {"id": skill, "skill": skill, "amounts": [amount] * self.periods}
                for skill, amount in skills.items()
            ],
            "running": [
                {"id": "focus", "title_fa": "تمرکز واحدها", "title_en": "focus of units", "at_most": [at_once]}
            ],
            "fairness": [
                {"id": "districts", "title_fa": "سهم منطقه‌ها", "title_en": "districts' shares",
                 "by": "district", "at_least": 300}
            ],
            "goal_shares": [{"id": "openness", "goal": "openness", "at_least": 1200}],
        }  # fmt: skip
