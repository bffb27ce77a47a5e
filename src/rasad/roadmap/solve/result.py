"""What solving a problem gives: the plan, how good it is proven to be, and the independent check of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasad.roadmap.problem import Plan, Problem, dump
from rasad.roadmap.solve.outcome import Status, gap
from rasad.roadmap.verify import Verdict
from rasad.roadmap.wording import Translate, Words


@dataclass(frozen=True)
class Stage:
    """One target's search: of a lexicographic objective one for each target, else one in all.

    `objective` is the plan's value, `bound` what no plan can pass, both in the target's unit.
    """

    key: str
    words: Words
    maximise: bool
    status: Status
    engine: str
    raw: str
    objective: int | None
    bound: int | None
    seconds: float

    @property
    def gap(self) -> float | None:
        return gap(self.objective, self.bound)


@dataclass(frozen=True)
class Result:
    """A solved problem. `plan` is None where none was found; `values` are the targets' values in the objective's order."""

    problem: Problem
    status: Status
    plan: Plan | None
    stages: tuple[Stage, ...]
    verdict: Verdict | None
    seconds: float

    @property
    def values(self) -> tuple[int, ...] | None:
        return None if self.verdict is None else self.verdict.values

    @property
    def objective(self) -> int | None:
        """Return the value of the last stage that has one."""
        return next((stage.objective for stage in reversed(self.stages) if stage.objective is not None), None)

    @property
    def bound(self) -> int | None:
        return self.stages[-1].bound if self.stages else None

    @property
    def gap(self) -> float | None:
        """Return the widest gap of any stage; None where one is not known."""
        gaps = [stage.gap for stage in self.stages]
        return None if not gaps or None in gaps else max(one for one in gaps if one is not None)

    def as_dict(self, translate: Translate = str, lang: str = "en") -> dict[str, Any]:
        """Return everything as JSON has it, with words in the language."""
        return {
            "status": self.status.value,
            "status_words": self.status.words.said(translate, lang),
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap,
            "seconds": round(self.seconds, 3),
            "plan": None if self.plan is None else dump(self.plan),
            "values": self.values,
            "scores": None if self.verdict is None else self.verdict.scores,
            "stages": [
                {
                    "target": stage.words.said(translate, lang),
                    "maximise": stage.maximise,
                    "status": stage.status.value,
                    "engine": stage.engine,
                    "engine_status": stage.raw,
                    "objective": stage.objective,
                    "bound": stage.bound,
                    "gap": stage.gap,
                    "seconds": round(stage.seconds, 3),
                }
                for stage in self.stages
            ],
            "violations": [found.words.said(translate, lang) for found in self.verdict.violations]
            if self.verdict
            else [],
        }
