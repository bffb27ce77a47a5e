"""Small random problems in which every feature and limit turns up, feasible or not.

hypothesis draws which features a problem has and a seed, so that a failure shrinks to the features that it needs; the rest is drawn from the seed,
which is a hundred times faster than drawing every number by itself.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rasad.roadmap.problem import Problem, parse

CATEGORIES = ("hardware", "software")
GOALS = ("access", "trust")
SKILLS = ("network", "design")
UNITS = ("it", "traffic")
DISTRICTS = ("north", "south")
POINTS = (0, 1000, 2500, 3333, 5000, 7500, 10_000)

FEATURES = (
    "modes", "run_costs", "skills", "probability", "windows", "requires", "mandatory", "frozen", "exclusive", "at_least",
    "together", "bonus", "locks", "budgets", "carry", "category_shares", "skill_capacity", "running", "fairness", "goal_shares",
    "goal_scores", "harm", "cost", "completion", "change", "least", "profiles",
)  # fmt: skip


def tried(examples: int) -> settings:
    """Return how often to try: modestly, and fifty times as often where RASAD_THOROUGH is set."""
    times = 50 if os.environ.get("RASAD_THOROUGH") else 1
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples * times, deadline=None, suppress_health_check=quiet)


def problems(most: int = 4) -> st.SearchStrategy[Problem]:
    """Return problems of up to `most` initiatives and three periods."""
    return st.builds(
        small_problem,
        seed=st.integers(0, 10**6),
        size=st.integers(1, most),
        count=st.integers(1, 3),
        features=st.frozensets(st.sampled_from(FEATURES)),
    )


def small_problem(seed: int, size: int, count: int, features: frozenset[str]) -> Problem:
    return parse(_Draw(seed, size, count, features).problem())


class _Draw:
    def __init__(self, seed: int, size: int, count: int, features: frozenset[str]) -> None:
        self.seed, self.random = seed, Random(seed)
        self.ids = [f"i{at}" for at in range(size)]
        self.count = count
        self.features = features

    def has(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self.features and self.random.random() < chance

    def amounts(self, most: int) -> list[int]:
        return [self.random.randint(0, most) for _ in range(self.count)]

    def some(self, things: Any, least: int = 0) -> list[Any]:
        return self.random.sample(list(things), self.random.randint(least, len(things)))

    def effect(self) -> dict[str, Any]:
        low = -2 if "harm" in self.features else 0
        later = [self.random.randint(low, 6) for _ in range(self.random.randint(0, 2))]
        return {"once": self.random.choice([0, self.random.randint(low, 6)]), "per_period": later}

    def effects(self) -> dict[str, Any]:
        return {goal: self.effect() for goal in self.some(GOALS)}

    def profile(self, duration: int, most: int = 6) -> list[int]:
        long = max(duration, 1)
        length = self.random.randint(0, long) if "profiles" in self.features else long
        return [self.random.randint(0, most) for _ in range(length)]

    def mode(self, id_: str, *, begun: bool) -> dict[str, Any]:
        duration = self.random.choice([0, 1, 1, 1, 2, 2, 3])
        paid = duration + self.random.choice([0, 2]) if begun else duration
        return {
            "id": id_,
            "duration": duration,
            "costs": {category: self.profile(paid) for category in self.some(CATEGORIES)},
            "run_costs": {c: self.random.randint(0, 2) for c in CATEGORIES if self.has("run_costs", 0.5)},
            "skills": {skill: self.profile(duration) for skill in SKILLS if self.has("skills", 0.7)},
            "effects": self.effects(),
            "probability": self.random.choice([10_000, 7000, 3333]) if self.has("probability") else 10_000,
        }

    def shares(self, keys: tuple[str, ...]) -> dict[str, int]:
        first = self.random.choice(POINTS)
        return dict(zip(keys, (first, self.random.randint(0, 10_000 - first)), strict=True))

    def initiative(self, at: int) -> dict[str, Any]:
        names = ["base", "full"] if self.has("modes", 0.6) else ["base"]
        early = self.random.randrange(self.count) if self.has("windows", 0.4) else 0
        late = self.random.randrange(early, self.count) if self.has("windows", 0.4) else None
        frozen = {"mode": self.random.choice(names), "start": self.random.randint(-3, self.count - 1)}
        begun = self.has("frozen", 0.3)
        return {
            "id": self.ids[at],
            "unit": self.random.choice(["", *UNITS]),
            "partners": self.some(UNITS),
            "districts": self.shares(DISTRICTS),
            "goal_shares": self.shares(GOALS),
            "modes": [self.mode(name, begun=begun) for name in names],
            "earliest_start": early,
            "deadline": late,
            "requires": [
                {"initiative": self.random.choice(self.ids[:at]), "lag": self.random.choice([0, 0, 1]),
                 "after": self.random.choice(["completion", "completion", "start"])}
                for _ in range(self.random.choice([0, 1, 1, 2])) if at and self.has("requires")
            ],
            "mandatory": self.has("mandatory", 0.3),
            "frozen": frozen if begun else None,
        }  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        found = []
        if self.has("exclusive"):
            found.append({"at_most": 1})
        if self.has("at_least"):
            found.append({"at_least": 1, "at_most": self.random.choice([None, 1, 2])})
        return [{"id": f"g{at}", "initiatives": self.some(self.ids, 1), **one} for at, one in enumerate(found)]  # fmt: skip

    def synergies(self) -> list[dict[str, Any]]:
        if len(self.ids) < 2:
            return []
        kinds = [kind for kind in ("together", "bonus") if self.has(kind)]
        return [
            {"id": f"s{at}", "kind": kind, "initiatives": self.some(self.ids, 2), "effects": self.effects(),
             "probability": self.random.choice(POINTS)}
            for at, kind in enumerate(kinds)
        ]  # fmt: skip

    def limits(self) -> dict[str, Any]:
        draw = self.random
        budgets = [
            {"categories": self.some(CATEGORIES), "amounts": self.amounts(14),
             "carry_share": draw.choice(POINTS) if self.has("carry") else 0}
            for _ in range(draw.randint(1, 2)) if self.has("budgets")
        ]  # fmt: skip
        share = draw.choice([{"at_most": draw.choice(POINTS)}, {"at_least": draw.choice([0, 1000, 2500])}])
        share |= {
            "categories": self.some(CATEGORIES, 1),
            "per": draw.choice(["period", "horizon"]),
            "since": draw.choice([0, 0, 1]),
        }
        fair = draw.choice([
            {"by": "district", "whom": draw.choice(["", *DISTRICTS]), "of": draw.choice(["spending", "benefit"])},
            {"by": "unit", "whom": draw.choice(["", *UNITS])},
        ])  # fmt: skip
        fair |= {"goal": draw.choice(GOALS), "at_least": draw.choice([500, 2500, 4000])}
        running = {
            "unit": draw.choice(["", *UNITS]), "partners": draw.random() < 0.5,
            "at_most": draw.choice([self.amounts(2), [draw.randint(0, 2)]]),
        }  # fmt: skip
        listed = {
            "budgets": budgets,
            "category_shares": [share] if self.has("category_shares") else [],
            "skills": [
                {"skill": skill, "amounts": self.amounts(8)} for skill in SKILLS if self.has("skill_capacity")
            ],
            "running": [running] if self.has("running") else [],
            "fairness": [fair] if self.has("fairness") else [],
            "goal_shares": [{"goal": draw.choice(GOALS), "at_least": draw.choice([1000, 3000])}]
            if self.has("goal_shares")
            else [],
            "goal_scores": [{"goal": draw.choice(GOALS), "at_least": draw.randint(-2, 6)}]
            if self.has("goal_scores")
            else [],
        }
        return {
            name: [{"id": f"l{at}", **one} for at, one in enumerate(ones)] for name, ones in listed.items()
        }

    def locks(self) -> list[dict[str, Any]]:
        if not self.has("locks"):
            return []
        start = self.random.choice([None, self.random.randrange(self.count)])
        return [{"id": "k", "initiative": self.random.choice(self.ids), "choice": self.random.choice(["in", "out"]),
                 "mode": self.random.choice([None, "base"]), "start": start}]  # fmt: skip

    def targets(self) -> list[dict[str, Any]]:
        draw = self.random
        of = {"of": draw.choice(["spending", "benefit"]), "goal": draw.choice(GOALS)}
        kinds: dict[str, dict[str, Any]] = {
            "cost": {"categories": self.some(CATEGORIES)},
            "completion": {"of": draw.choice(["last", "each"]), "initiatives": self.some(self.ids)},
            "change": {name: draw.randint(0, 5) for name in ("added", "dropped", "moved", "mode")},
            "least": {"by": draw.choice(["district", "unit"]), **of},
        }
        found = [{"kind": kind, **kinds[kind]} for kind in kinds if self.has(kind)]
        found += [{"kind": "goal", "goal": goal} for goal in self.some(GOALS, 0 if found else 1)]
        return [{"weight": draw.randint(1, 3), **one} for one in found]

    def published(self) -> dict[str, Any]:
        return {
            "choices": [
                {"initiative": id_, "mode": "base", "start": self.random.randint(-1, self.count - 1)}
                for id_ in self.some(self.ids)
            ]
        }

    def problem(self) -> dict[str, Any]:
        kinds = ("year", "half", "quarter", "month", "step")
        # What periods are called is drawn from the seed alone and changes no other draw.
        horizon = {
            "kind": kinds[self.seed % len(kinds)],
            "first_year": 1405,
            "first_part": 1,
            "count": self.count,
        }
        return {
            "horizon": horizon,
            "categories": [{"id": id_} for id_ in CATEGORIES],
            "goals": [{"id": id_} for id_ in GOALS],
            "skills": [{"id": id_} for id_ in SKILLS],
            "units": [{"id": id_, "weight": 1 + at} for at, id_ in enumerate(UNITS)],
            "districts": [{"id": id_, "weight": 2 - at} for at, id_ in enumerate(DISTRICTS)],
            "initiatives": [self.initiative(at) for at in range(len(self.ids))],
            "groups": self.groups(),
            "synergies": self.synergies(),
            "limits": self.limits(),
            "locks": self.locks(),
            "published": self.published(),
            "objective": {"method": "weighted", "targets": self.targets()},
        }
