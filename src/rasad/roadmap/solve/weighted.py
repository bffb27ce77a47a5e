"""One problem by many weights: what one search found is where the next begins."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from rasad.persian.apportion import apportion
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import Rows, decode, encode
from rasad.roadmap.solve.choose import run
from rasad.roadmap.solve.outcome import Outcome
from rasad.roadmap.solve.watch import Watch

Parts = tuple[int, ...]
"""Weights in hundredths of a per cent that sum to a whole."""
FINE = 10**6
"""The largest weight that is solved with."""


@dataclass(frozen=True)
class Known:
    """A plan that was found: its values of all variables, and of its targets, signed so that more is better."""

    plan: Plan
    values: tuple[int, ...]
    signed: tuple[int, ...]


class Weigher:
    """The best plans by any weights of a problem's targets."""

    def __init__(self, problem: Problem, rows: Rows, cancel: threading.Event | None = None) -> None:
        self.problem, self.rows, self.cancel = problem, rows, cancel
        self.signs = tuple(1 if target.maximise else -1 for target in rows.targets)
        self.known: list[Known] = []

    def best(self, weights: Sequence[int], seconds: float) -> tuple[int | None, Outcome]:
        """Return the place in `known` of the best plan by some weights (None: none was found), and how its search ended."""
        targets = tuple(
            replace(target, weight=weight) for target, weight in zip(self.rows.targets, weights, strict=True)
        )
        rows = replace(self.rows, targets=targets)
        watch = Watch(rows, rows.weighted, cancel=self.cancel)
        if self.known:
            watch.offer(max(self.known, key=lambda one: self.worth(one, weights)).values, "start")
        found = run(self.problem, rows, watch, seconds)
        return (None if found.values is None else self._place(found.values)), found

    def offer(self, plan: Plan) -> int | None:
        """Take a plan that is known from elsewhere; return its place, None where it does not keep the limits."""
        values = tuple(encode(self.problem, self.rows, plan))
        whole = len(decode(self.problem, self.rows, values).choices) == len(plan.choices)
        return self._place(values) if whole and not self.rows.broken(values) else None

    def worth(self, one: Known, weights: Sequence[int]) -> int:
        """Return the weighted sum of a plan, more being better."""
        return sum(weight * value for weight, value in zip(weights, one.signed, strict=True))

    def _place(self, values: tuple[int, ...]) -> int:
        plan = decode(self.problem, self.rows, values)
        for at, one in enumerate(self.known):
            if one.plan == plan:
                return at
        signed = tuple(
            sign * target.linear.value(values)
            for sign, target in zip(self.signs, self.rows.targets, strict=True)
        )
        self.known.append(Known(plan, values, signed))
        return len(self.known) - 1


def measured(parts: Sequence[int], reach: Sequence[int]) -> list[int]:
    """Return whole weights in proportion to part ÷ reach, the largest being `FINE`; what weighs anything weighs at least 1."""
    wished = [Fraction(part, far) for part, far in zip(parts, reach, strict=True)]
    largest = max(wished)
    return [max(int(wish > 0), round(FINE * wish / largest)) for wish in wished]


def drawn(count: int, seed: int) -> Iterator[Parts]:
    """Yield weights drawn evenly from all that sum to a whole (Dirichlet), without end; the same seed, the same weights."""
    random = np.random.default_rng(seed)
    while True:
        shares = random.dirichlet([1.0] * count)
        yield tuple(apportion(WHOLE_SHARE, [int(share * 2**60) for share in shares]))
