"""How a search ended: every status has its own meaning, and none that was stopped is called best."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rasad.roadmap.rows import Expression
from rasad.roadmap.wording import Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


Engines = Literal["auto", "highs", "cpsat"]
"""Which engines search; auto chooses by size."""


class Status(enum.Enum):
    """How a search ended."""

    OPTIMAL = "optimal"
    TIME = "time"
    CANCELLED = "cancelled"
    LIMIT = "limit"
    INFEASIBLE = "infeasible"
    TIME_NONE = "time_none"
    CANCELLED_NONE = "cancelled_none"
    LIMIT_NONE = "limit_none"
    UNBOUNDED = "unbounded"
    MEMORY = "memory"
    NUMERIC = "numeric"
    REFUSED = "refused"
    UNVERIFIED = "unverified"
    FAILED = "failed"
    CHOSEN = "chosen"
    RESERVED = "reserved"

    @property
    def words(self) -> Words:
        """Return what the status means to a person."""
        return Words(MEANINGS[self])

    @property
    def proven(self) -> bool:
        """Return whether more time would change nothing."""
        return self in (Status.OPTIMAL, Status.INFEASIBLE)


MEANINGS = {
    Status.OPTIMAL: _n("the best plan, proven: no plan that keeps the limits is better"),
    Status.TIME: _n("stopped by time: a plan that keeps the limits; a better one may exist, by the gap at most"),
    Status.CANCELLED: _n("stopped by hand: the best plan until then; a better one may exist, by the gap at most"),
    Status.LIMIT: _n("stopped by a limit of the solver: a plan that keeps the limits; a better one may exist"),
    Status.INFEASIBLE: _n("no plan keeps all limits, proven"),
    Status.TIME_NONE: _n("stopped by time before any plan was found; nothing is proven, one may exist"),
    Status.CANCELLED_NONE: _n("stopped by hand before any plan was found; nothing is proven"),
    Status.LIMIT_NONE: _n("stopped by a limit of the solver before any plan was found; nothing is proven"),
    Status.UNBOUNDED: _n("the objective can grow without end: the problem lacks a limit"),
    Status.MEMORY: _n("stopped for want of memory"),
    Status.NUMERIC: _n("the solver's plan did not pass the exact check, and none was found that does"),
    Status.REFUSED: _n("the solver refused the model as malformed: a fault of the program"),
    Status.UNVERIFIED: _n("the plan did not pass the independent check: a fault of the program; see what it breaks"),
    Status.CHOSEN: _n("chosen by hand from a front: a plan that keeps the limits; by the scenario's own objective a better one may exist"),
    Status.RESERVED: _n("found with a reserve: a plan that keeps its budgets as surely as was asked; without the reserve a better one may exist"),
    Status.FAILED: _n("the solver failed: a fault of the solver or the program"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: the incumbent's value, the bound that no plan can pass, and which engine works on what."""

    seconds: float
    engine: str
    objective: int | None
    bound: int | None
    stage: int = 0

    @property
    def gap(self) -> float | None:
        return gap(self.objective, self.bound)


ProgressCall = Callable[[Progress], None]
StepCall = Callable[[str, int, int], None]
"""`progress(what, done, total)`: what is being worked on (a text of the catalogues), how much is done, of how much (0: not known)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one engine ended on one target: exact values that hold, or none. `raw` is the engine's own status."""

    status: Status
    engine: str
    raw: str
    values: tuple[int, ...] | None
    objective: int | None
    bound: int | None
    seconds: float


def gap(objective: int | None, bound: int | None) -> float | None:
    """Return |bound − objective| ÷ |objective|, 0 where they are equal; None where either is unknown or the objective is nought."""
    if objective is None or bound is None:
        return None
    if objective == bound:
        return 0.0
    return float(Fraction(abs(bound - objective), abs(objective))) if objective else None


def whole_bound(target: Expression, bound: float) -> int | None:
    """Return the whole bound that a solver's real one implies: values are the constant plus multiples of a divisor.

    A solver's arithmetic is inexact: what is above a step by a billionth is taken to be the step.
    """
    if not math.isfinite(bound) or abs(bound) > 1e30:
        return None
    step = math.gcd(*target.linear.coefficients) or 1
    steps = (bound - target.linear.constant) / step
    room = max(1e-6, abs(steps) * 1e-9)
    return target.linear.constant + step * (
        math.floor(steps + room) if target.maximise else math.ceil(steps - room)
    )
