"""What an infeasible problem is answered with. Written as JSON by `model_dump_json`, read by `model_validate_json`."""

from __future__ import annotations

from typing import Literal

from rasad.roadmap.problem import Plan
from rasad.roadmap.problem.parts import Part
from rasad.roadmap.rows.table import Group
from rasad.roadmap.wording import Words


class Conflict(Part):
    """Limits that no plan keeps together.

    `proven`: that none does was proven in whole numbers. `minimal`: for each of the limits a plan is known that keeps all the others of them, so that none can be
    left out of the set. `how`: by what is chosen and when alone ("structure"), by amounts even if initiatives could be done in part ("amounts"), or only
    because they cannot ("search").
    """

    limits: tuple[Group, ...]
    summary: Words
    how: Literal["structure", "amounts", "search"]
    proven: bool
    minimal: bool


class Change(Part):
    """One limit changed: the value of its field before and after. None: the limit is lifted, or an initiative no longer mandatory."""

    limit: Group
    words: Words
    before: int | None = None
    after: int | None = None


class Repair(Part):
    """A way to a plan. `plan` keeps every other limit, and those that are changed as they are changed; it was checked independently.

    postpone: fewest initiatives that must no longer be done within the horizon. more: least money, people or work at once, in hundredths of
    what there is. lift: fewest limits of any kind.
    `size` is how many, or how many hundredths; no repair of this kind is smaller than `at_least`.
    """

    kind: Literal["postpone", "more", "lift"]
    words: Words
    changes: tuple[Change, ...]
    size: int
    at_least: int
    plan: Plan

    @property
    def smallest(self) -> bool:
        """Return whether it is proven that no repair of this kind is smaller."""
        return self.size == self.at_least


class Infeasibility(Part):
    """Why no plan keeps all limits. `status`: infeasible; feasible (there is a plan: nothing to explain); unknown (the time did not do).

    Each conflict shares no limit with those before it, except what no user wrote.
    """

    status: Literal["infeasible", "feasible", "unknown"]
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    seconds: float = 0.0

    @property
    def proven(self) -> bool:
        """Return whether it is proven in whole numbers that no plan keeps all limits."""
        return any(conflict.proven for conflict in self.conflicts)
