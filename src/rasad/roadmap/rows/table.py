"""The list of linear rows over integer variables that every solver reads, with a named group for each limit a user wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.wording import Words

Role = Literal["step", "bonus", "carry", "finished", "least", "spring"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A whole number within bounds.

    step: initiative in mode has started by period t. bonus: all members of a synergy are complete by t. carry: money left for the next period.
    finished: everything chosen is complete by t. least: what the district or unit gets that gets least. spring: by how much a limit gives way,
    in a repair.
    """

    name: str
    lower: int
    upper: int
    role: Role


@dataclass(frozen=True, slots=True)
class Group:
    """One limit as a user wrote it: what rows belong together, in the user's words.

    `field` is the path in the problem ("limits.budgets.0.amounts.2"); `period` the period it is about; `subjects` the ids of initiatives it names.
    """

    id: str
    kind: str
    field: str
    words: Words
    period: int | None = None
    subjects: tuple[str, ...] = ()


STRUCTURE = Group("structure", "structure", "", Words(""))
"""What no user wrote: one mode each, started stays started. Never relaxed."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Σ coefficient × variable + constant."""

    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    constant: int = 0

    def value(self, values: Sequence[int]) -> int:
        """Return the value at `values`, one for each variable."""
        pairs = zip(self.columns, self.coefficients, strict=True)
        return self.constant + sum(coefficient * values[column] for column, coefficient in pairs)


@dataclass(frozen=True, slots=True)
class Row:
    """lower ≤ Σ coefficient × variable ≤ upper, all divided by `scale`, their greatest common divisor."""

    group: str
    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    lower: int | None
    upper: int | None
    scale: int = 1

    def holds(self, values: Sequence[int]) -> bool:
        """Return whether the row holds at `values`, exactly."""
        pairs = zip(self.columns, self.coefficients, strict=True)
        total = sum(coefficient * values[column] for column, coefficient in pairs)
        return (self.lower is None or self.lower <= total) and (self.upper is None or total <= self.upper)


@dataclass(frozen=True, slots=True)
class Expression:
    """A target as an integer expression. `maximise`: more is better, else less."""

    key: str
    words: Words
    linear: Linear
    maximise: bool
    weight: int = 1
    slack: int = 0

    def better(self, one: int, other: int) -> bool:
        """Return whether `one` is strictly better than `other`."""
        return one > other if self.maximise else one < other

    def kept(self, value: int) -> int:
        """Return what must be kept of a value that was reached, where the target's slack may be given up."""
        given_up = abs(value) * self.slack // WHOLE_SHARE
        return value - given_up if self.maximise else value + given_up

    def reaching(self, value: int) -> Row:
        """Return the row that the target is at least as good as `value`."""
        bound = value - self.linear.constant
        lower, upper = (bound, None) if self.maximise else (None, bound)
        return Row(STRUCTURE.id, self.linear.columns, self.linear.coefficients, lower, upper)


@dataclass(frozen=True, slots=True)
class Block:
    """The step variables of one initiative in one mode: started by period `first`, …, `last`; its columns run from `column`."""

    initiative: int
    mode: int
    first: int
    last: int
    column: int
    duration: int

    def by(self, period: int) -> int | None:
        """Return the column that says "started by `period`"; None before the window."""
        return None if period < self.first else self.column + min(period, self.last) - self.first

    @property
    def starts(self) -> range:
        """Return the starts that are possible."""
        return range(self.first, self.last + 1)

    @property
    def chosen(self) -> int:
        """Return the column that says "chosen in this mode"."""
        return self.column + self.last - self.first


@dataclass(frozen=True, slots=True)
class Defined:
    """What an auxiliary variable is in terms of those before it: the least of ⌊expression ÷ divisor⌋."""

    column: int
    parts: tuple[tuple[Linear, int], ...]

    def value(self, values: Sequence[int]) -> int:
        return min(linear.value(values) // divisor for linear, divisor in self.parts)


@dataclass(frozen=True)
class Rows:
    """A problem as rows. Immutable: `plus` and `without` return another, since models are rebuilt rather than edited."""

    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]
    groups: Mapping[str, Group]
    targets: tuple[Expression, ...]
    goals: Mapping[str, Linear]
    blocks: Mapping[tuple[int, int], Block]
    defined: tuple[Defined, ...]

    def plus(self, rows: Iterable[Row], groups: Iterable[Group] = ()) -> Rows:
        """Return these rows and some more."""
        more = {group.id: group for group in groups}
        return replace(self, rows=(*self.rows, *rows), groups={**self.groups, **more})

    def without(self, groups: Collection[str]) -> Rows:
        """Return the rows without those of some groups."""
        return replace(self, rows=tuple(row for row in self.rows if row.group not in groups))

    def broken(self, values: Sequence[int]) -> list[Row]:
        """Return the rows that do not hold at `values`."""
        return [row for row in self.rows if not row.holds(values)]

    def in_order(self, method: str) -> tuple[Expression, ...]:
        """Return what is made as good as possible, one after the other: the weighted sum alone, or the targets in their order."""
        return (self.weighted,) if method == "weighted" else self.targets

    def best_of(self, method: str, found: Sequence[Sequence[int]]) -> list[int]:
        """Return which of some plans, each given by its values for the variables, are the best by an objective, as places in `found`; several where
        they are worth the same. Of targets in their order each narrows those that the ones before it left, whose slack may be given up."""
        places = list(range(len(found)))
        for target in self.in_order(method):
            if not places:
                break
            worth = {at: target.linear.value(found[at]) for at in places}
            best = max(worth.values()) if target.maximise else min(worth.values())
            least = target.kept(best)
            places = [at for at in places if not target.better(least, worth[at])]
        return places

    @cached_property
    def weighted(self) -> Expression:
        """Return the sum of all targets by weight, more being better."""
        total: dict[int, int] = {}
        constant = 0
        for target in self.targets:
            sign = target.weight if target.maximise else -target.weight
            constant += sign * target.linear.constant
            for column, coefficient in zip(target.linear.columns, target.linear.coefficients, strict=True):
                total[column] = total.get(column, 0) + sign * coefficient
        if len(self.targets) == 1 and self.targets[0].weight == 1:
            return self.targets[0]
        kept = {column: value for column, value in total.items() if value}
        linear = Linear(tuple(kept), tuple(kept.values()), constant)
        return Expression("weighted", Words(_n("the weighted sum of all targets")), linear, True)


def _n(message: str) -> str:
    return message
