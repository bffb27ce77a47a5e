"""Plans to weigh. Written as JSON by `model_dump_json`, read by `model_validate_json`; all figures are whole numbers.

How well a plan fits weights w is ⌊Σ w[g] · met[g] ÷ Σ w[g]⌋, in hundredths of a per cent: whoever has `met` can compute it anywhere, to the unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasad.roadmap.problem import Plan
from rasad.roadmap.problem.parts import Part
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Name


class WeighedGoal(Part):
    """A goal, and what the plans bring it at least and at best, in ten-thousandths of its unit."""

    goal: str
    name: Name
    least: int
    best: int


class Weighable(Part):
    """One plan, checked by the independent verifier.

    `values`: what it brings each goal (`ToWeigh.goals` in their order), in ten-thousandths of the goal's unit. `met`: how far that reaches from the least to the best of
    all plans here, in hundredths of a per cent. `cost`: all its spending. `weights`: some that it was found for (hundredths of a per cent that sum to a whole), and `gap`, by
    how much a plan might be better by those; 0 and `optimal` where it is proven that none is. `count`: for how many weights of the grid no plan here fits better.
    `given`: it is the plan that was named; where it is the best by no weights, `status` and `gap` are None, and `weights` all equal.
    """

    plan: Plan
    values: tuple[int, ...]
    met: tuple[int, ...]
    cost: int
    status: Status | None
    gap: float | None
    weights: tuple[int, ...]
    count: int
    given: bool = False


class ToWeigh(Part):
    """Plans to weigh, those that fit most weights first.

    No plan here is at least as good as another for every goal and better for one, but for the one that was named. `searched` of the `grid` weights were looked at.
    `status`: optimal (each plan but the one named is proven the best by its weights, and all weights were looked at), time, cancelled, or none was found: infeasible and others.
    """

    status: Status
    goals: tuple[WeighedGoal, ...]
    plans: tuple[Weighable, ...] = ()
    grid: int = 0
    searched: int = 0
    seed: int = 1
    seconds: float = 0.0

    def fits(self, weights: Sequence[int]) -> tuple[int, ...]:
        """Return how well each plan fits weights of the goals, in hundredths of a per cent. Weights are whole and not negative; all nought: as if all were one."""
        meant = weights if any(weights) else [1] * len(self.goals)
        whole = sum(meant)
        return tuple(
            sum(w * met for w, met in zip(meant, one.met, strict=True)) // whole for one in self.plans
        )

    def best(self, weights: Sequence[int]) -> int | None:
        """Return the place of the plan that fits weights best, the first of equals; None where there is no plan."""
        fits = self.fits(weights)
        return fits.index(max(fits)) if fits else None
