"""A plan at a chosen confidence period by period: each asked period's budgets hold often enough by themselves, with reserves of its own for each period."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows import build, encode
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.uncertainty.classes import Uncertainty
from rasad.roadmap.uncertainty.confident import LARGEST, SECONDS, STEP, TRYING
from rasad.roadmap.uncertainty.forecast import DRAWS, kept_by_period
from rasad.roadmap.uncertainty.result import ConfidentPlan, Trial

TRIALS = 12
"""How many reserves are tried, for sharing the time."""
MOST = 60
"""How many are tried at most, however quick they are."""

Reserves = tuple[int, ...]


@dataclass(frozen=True)
class _Tried:
    """What the best plan under some reserves came to: its values for the problem's variables, and what it is worth by the first target; `kept` and `times`
    by period, empty without a plan."""

    status: Status
    plan: Plan | None = None
    values: tuple[int, ...] = ()
    worth: int | None = None
    kept: tuple[float, ...] = ()
    times: tuple[float, ...] = ()


def confident_by_period(
    problem: Problem,
    uncertainty: Uncertainty,
    confidence: int,
    periods: Sequence[int],
    *,
    seconds: float = SECONDS,
    draws: int = DRAWS,
    seed: int = 1,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> ConfidentPlan:
    """Return the best plan found of which each of `periods` keeps its budgets with a probability of `confidence` (hundredths of a per cent), whatever the others do.

    With a reserve of r, a period's budgets are planned with as if all that is paid in it became dearer by r. A period that falls short gets as much as its own
    spending varies, and more until it does; then each reserve is halved towards the last with which its period fell short. Of the plans that do, the best by the
    problem's objective is returned, all its targets in their order.
    """
    search = _Search(
        problem,
        uncertainty,
        confidence,
        tuple(sorted(set(periods))),
        draws,
        seed,
        end=time.monotonic() + seconds,
        stop=cancel or threading.Event(),
        report=progress or (lambda _what, _done, _total: None),
    )
    enough, low = search.upwards()
    if enough is not None:
        search.downwards(enough, low)
    return search.found()


@dataclass
class _Search:
    """Reserves that were tried, and what they came to."""

    problem: Problem
    uncertainty: Uncertainty
    confidence: int
    periods: tuple[int, ...]
    draws: int
    seed: int
    end: float
    stop: threading.Event
    report: StepCall
    tried: dict[Reserves, _Tried] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = build(self.problem)
        self.aim = self.rows.in_order(self.problem.objective.method)[0]

    @property
    def going(self) -> bool:
        return not self.stop.is_set() and time.monotonic() < self.end and len(self.tried) < MOST

    def attempt(self, reserves: Reserves) -> _Tried:
        """Return what the best plan under these reserves comes to; a second asking costs nothing."""
        if reserves not in self.tried:
            self.report(TRYING, len(self.tried), 0)
            share = max(0.1, self.end - time.monotonic()) / max(2, TRIALS - len(self.tried))
            result = solve(held_back(self.problem, reserves), seconds=share, cancel=self.stop)
            made = _Tried(result.status)
            if result.plan is not None:
                kept, times = kept_by_period(
                    self.problem,
                    result.plan,
                    self.uncertainty,
                    self.confidence / WHOLE_SHARE,
                    draws=self.draws,
                    seed=self.seed,
                )
                values = tuple(encode(self.problem, self.rows, result.plan))
                worth = self.aim.linear.value(values)
                made = _Tried(result.status, result.plan, values, worth, tuple(map(float, kept)), tuple(map(float, times)))  # fmt: skip
            self.tried[reserves] = made
        return self.tried[reserves]

    def short(self, one: _Tried) -> list[int]:
        """Return the periods asked about that are not kept often enough; all of them without a plan."""
        if one.plan is None:
            return list(self.periods)
        return [at for at in self.periods if WHOLE_SHARE * one.kept[at] < self.confidence]

    def upwards(self) -> tuple[Reserves | None, Reserves]:
        """Return the first reserves found with which no period falls short (None: none), and for each period the last with which it did."""
        count = self.problem.horizon.count
        reserves, low, ceiling = (0,) * count, [-STEP] * count, None
        feasible = reserves
        while self.going:
            one = self.attempt(reserves)
            short = self.short(one)
            if not short:
                return reserves, tuple(low)
            if one.plan is None:
                # No plan bears so much, or none was found: half way back to the last that one bore.
                ceiling = reserves
            else:
                feasible = reserves
                for at in short:
                    low[at] = max(low[at], reserves[at])
            following = (
                tuple(map(_middle, feasible, ceiling)) if ceiling else self._more(reserves, one, short)
            )
            if following == feasible or max(following) > LARGEST or (ceiling and following == ceiling):
                break
            reserves = following
        return None, tuple(low)

    def _more(self, reserves: Reserves, one: _Tried, short: list[int]) -> Reserves:
        """Return larger reserves for the periods that fall short: as much as their spending varies, and in any case more than before."""
        found = list(reserves)
        for at in short:
            wanted = -(-round(WHOLE_SHARE * (one.times[at] - 1)) // STEP) * STEP
            found[at] = max(wanted, reserves[at] + max(STEP, reserves[at] // 4 // STEP * STEP))
        return tuple(found)

    def downwards(self, enough: Reserves, low: Reserves) -> None:
        """Try smaller reserves, the period with the widest gap first, until none is left to halve."""
        high, below = list(enough), list(low)
        while self.going:
            at = max(self.periods, key=lambda one: high[one] - below[one])
            if high[at] <= 0 or high[at] - below[at] <= STEP:
                break
            middle = max(0, _middle(below[at], high[at]))
            one = self.attempt((*high[:at], middle, *high[at + 1 :]))
            if self.short(one):
                below[at] = middle
            else:
                high[at] = middle

    def found(self) -> ConfidentPlan:
        """Return the best of the plans that do; the smaller reserves where two are worth the same."""
        enough = [(key, one) for key, one in self.tried.items() if one.plan is not None and not self.short(one)]  # fmt: skip
        best = self.rows.best_of(self.problem.objective.method, [one.values for _key, one in enough])
        reserves, one = min((enough[at] for at in best), key=lambda told: sum(told[0]), default=((), None))
        share = min(one.kept[at] for at in self.periods) if one is not None else None
        without = self.tried.get((0,) * self.problem.horizon.count)
        return ConfidentPlan(
            confidence=self.confidence,
            reserve=max(reserves) if one is not None else None,
            plan=one.plan if one is not None else None,
            probability=share,
            error=None if share is None else (share * (1 - share) / self.draws) ** 0.5,
            objective=one.worth if one is not None else None,
            without=without.worth if without is not None else None,
            trials=tuple(
                Trial(
                    reserve=max(key),
                    status=tried.status,
                    probability=min((tried.kept[at] for at in self.periods), default=None) if tried.plan is not None else None,
                    objective=tried.worth,
                    reserves=key,
                )
                for key, tried in sorted(self.tried.items())
            ),
            draws=self.draws,
            seed=self.seed,
            periods=self.periods,
            reserves=reserves,
            kept=one.kept if one is not None else (),
        )  # fmt: skip


def _middle(low: int, high: int) -> int:
    """Return what lies between two reserves, in whole hundredths."""
    return low + (high - low) // (2 * STEP) * STEP


def held_back(problem: Problem, reserves: Reserves) -> Problem:
    """Return the problem with budgets for each period as if all that is paid in it became dearer by its reserve (hundredths of a per cent), rounded down."""
    budgets = tuple(
        one.model_copy(update={
            "amounts": tuple(
                amount * WHOLE_SHARE // (WHOLE_SHARE + reserve)
                for amount, reserve in zip(one.amounts, reserves, strict=True)
            )
        })
        for one in problem.limits.budgets
    )  # fmt: skip
    return problem.model_copy(update={"limits": problem.limits.model_copy(update={"budgets": budgets})})
