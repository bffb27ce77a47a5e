"""One figure of a measure, with all that it takes to check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "insufficient", "not_applicable"]
STATES: tuple[State, ...] = ("ok", "insufficient", "not_applicable")


@dataclass(frozen=True)
class Figure:
    """A share: `numerator` of `denominator`, both in `unit`; `evidence` are the ids of what the numerator is made of.

    `state` says whether there is a value: `insufficient` where too little is known to say one, `not_applicable` where there is nothing to
    measure. Missing data never looks clean.
    """

    measure: str
    version: str
    numerator: int
    denominator: int
    unit: str
    state: State
    evidence: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None unless the state is ok."""
        return self.numerator / self.denominator if self.state == "ok" else None

    @property
    def rest(self) -> int:
        """What of the denominator is not in the numerator."""
        return self.denominator - self.numerator
