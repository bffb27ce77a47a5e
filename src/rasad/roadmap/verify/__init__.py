"""An independent check of a plan against its problem: which limits it breaks, in words, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass

from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.verify import limits
from rasad.roadmap.verify.figures import Figures, Work
from rasad.roadmap.verify.limits import Violation

__all__ = ["Figures", "Verdict", "Violation", "Work", "verify"]


@dataclass(frozen=True)
class Verdict:
    """What the check found: the limits that are broken, the value of each target, the score of each goal."""

    violations: tuple[Violation, ...]
    values: tuple[int, ...]
    scores: dict[str, int]
    figures: Figures

    @property
    def keeps(self) -> bool:
        """Return whether the plan keeps every limit."""
        return not self.violations


def verify(problem: Problem, plan: Plan) -> Verdict:
    """Return what is wrong with a plan, and its figures, from the problem alone and in whole numbers.

    Target values are in the units that the objective's targets have; scores in ten-thousandths of the goal's unit.
    """
    figures = Figures.of(problem, plan)
    found = (
        *limits.choices(figures, plan),
        *limits.windows(figures),
        *limits.requirements(figures),
        *limits.groups(figures),
        *limits.locks(figures),
        *limits.budgets(figures),
        *limits.category_shares(figures),
        *limits.skills(figures),
        *limits.running(figures),
        *limits.fairness(figures),
        *limits.goals(figures),
    )
    scores = {goal.id: figures.score(goal.id) for goal in problem.goals}
    return Verdict(found, figures.values(), scores, figures)
