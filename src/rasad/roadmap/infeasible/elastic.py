"""Rows that give way: limits with springs, of which as little as possible is stretched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rasad.roadmap.problem import Lock, Problem
from rasad.roadmap.rows import Expression, Group, Linear, Row, Rows, Variable, build
from rasad.roadmap.solve.matrix import completed
from rasad.roadmap.wording import Words

Kind = Literal["postpone", "more", "lift"]
GIVEN = frozenset({"budget", "skill", "running"})
"""Kinds of limits of which there can be more."""
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Spring:
    """One limit that may give way. `column`: by how many steps; `step` in the limit's own unit (0: it is lifted); `cost` of a step; `before`: its value now."""

    group: Group
    column: int
    step: int
    cost: int
    before: int | None


@dataclass
class Elastic:
    """A problem whose limits have springs. `base` has the variables without them, `firm` the rows for a first plan by hand.

    In `rows` auxiliary variables are not computed: what is left over depends on how much a budget gives way.
    """

    kind: Kind
    problem: Problem
    base: Rows
    rows: Rows
    firm: list[Row] = field(default_factory=list)
    springs: list[Spring] = field(default_factory=list)
    pulled: dict[int, list[Row]] = field(default_factory=dict)

    @property
    def target(self) -> Expression:
        """Return what all stretching together costs: less is better."""
        columns = tuple(spring.column for spring in self.springs)
        costs = tuple(spring.cost for spring in self.springs)
        return Expression(self.kind, Words(""), Linear(columns, costs), maximise=False)

    def stretched(self, values: Sequence[int]) -> list[int]:
        """Return values with every spring stretched as far as its rows need."""
        found = completed(self.base, [*values, *[0] * (len(self.rows.variables) - len(values))])
        for column, rows in self.pulled.items():
            found[column] = min(
                max(_needed(row, column, found) for row in rows), self.rows.variables[column].upper
            )
        return found


def postponing(problem: Problem, groups: Mapping[str, Group]) -> Elastic:
    """Return the problem in which what is mandatory or locked in by hand may be left out, each for 1."""
    held = tuple(lock for lock in problem.locks if lock.choice == "in")
    initiatives = tuple(one.model_copy(update={"mandatory": False}) for one in problem.initiatives)
    free = problem.model_copy(
        update={
            "initiatives": initiatives,
            "locks": tuple(lock for lock in problem.locks if lock.choice == "out"),
        }
    )
    made = _Maker("postpone", free, build(free))
    for at, initiative in enumerate(problem.initiatives):
        if initiative.mandatory and initiative.frozen is None:
            blocks = [block for block in made.rows.blocks.values() if block.initiative == at]
            made.demand(groups[f"mandatory:{initiative.id}"], [(block.chosen, 1) for block in blocks])
    for lock in held:
        made.demand(groups[f"lock:{lock.id}"], _held(problem, made.rows, lock))
    return made.elastic()


def more(problem: Problem, groups: Mapping[str, Group]) -> Elastic:
    """Return the problem in which there may be more money, people and work at once, in steps of about a hundredth of what there is."""
    made = _Maker("more", problem, build(problem))
    amounts = {group.id: amount_of(problem, group) for group in groups.values() if group.kind in GIVEN}
    for row in made.rows.rows:
        amount = amounts.get(row.group)
        if amount is None or row.upper is None:
            made.keep(row)
            continue
        usual = (
            amount
            or max((other for id_, other in amounts.items() if _same(id_, row.group)), default=0)
            or HUNDRED
        )
        # In whole steps of the row, which was divided by what its figures have in common.
        step = -(-usual // (HUNDRED * row.scale))
        cost = max(1, round(HUNDRED * step * row.scale / usual))
        most = max(0, -(-(made.reach(row) - row.upper) // step))
        column = made.spring(groups[row.group], step * row.scale, cost, amount, most)
        made.pull(row, column, -step)
    return made.elastic()


def lifting(problem: Problem, groups: Mapping[str, Group]) -> Elastic:
    """Return the problem in which any limit may be lifted, each for 1; not what is running already."""
    rows = build(problem, named_windows=True)
    made = _Maker("lift", problem, rows)
    columns: dict[str, int] = {}
    for row in rows.rows:
        group = rows.groups[row.group]
        if group.kind in ("structure", "frozen"):
            made.keep(row)
            continue
        if group.id not in columns:
            before = amount_of(problem, group) if group.kind in GIVEN else None
            columns[group.id] = made.spring(group, 0, 1, before, 1)
        made.lift(row, columns[group.id])
    return made.elastic()


class _Maker:
    """An elastic problem in the making."""

    def __init__(self, kind: Kind, problem: Problem, rows: Rows) -> None:
        self.kind, self.problem, self.rows = kind, problem, rows
        self.variables = list(rows.variables)
        self.done = Elastic(kind, problem, rows, rows)
        self.loose: list[Row] = []
        self.whole = kind != "postpone"

    def spring(self, group: Group, step: int, cost: int, before: int | None, most: int) -> int:
        """Add a spring that can be stretched by `most` steps; return its column."""
        self.variables.append(Variable(f"{group.id} gives way", 0, most, "spring"))
        self.done.springs.append(Spring(group, len(self.variables) - 1, step, cost, before))
        return len(self.variables) - 1

    def keep(self, row: Row) -> None:
        self.loose.append(row)
        self.done.firm.append(row)

    def pull(self, row: Row, column: int, coefficient: int) -> None:
        """Add a row with a spring."""
        loose = replace(row, columns=(*row.columns, column), coefficients=(*row.coefficients, coefficient))
        self.loose.append(loose)
        if self.kind == "postpone":
            # What must be done guides a first plan; what there is more of does not stand in its way.
            self.done.firm.append(row)
        self.done.pulled.setdefault(column, []).append(loose)

    def demand(self, group: Group, terms: list[tuple[int, int]]) -> None:
        """Add "at least one of these, or the spring"."""
        column = self.spring(group, 0, 1, None, 1)
        row = Row(group.id, tuple(at for at, _ in terms), tuple(one for _, one in terms), 1, None)
        self.pull(row, column, 1)

    def lift(self, row: Row, column: int) -> None:
        """Add a row that a spring lifts altogether; one with two sides as two rows."""
        if row.upper is not None:
            over = max(0, self.reach(row) - row.upper)
            self.pull(replace(row, lower=None), column, -over)
        if row.lower is not None:
            under = max(0, row.lower - self.reach(row, most=False))
            self.pull(replace(row, upper=None), column, under)

    def reach(self, row: Row, *, most: bool = True) -> int:
        """Return a bound on a row's sum, whatever the values."""
        total = 0
        for at, coefficient in zip(row.columns, row.coefficients, strict=True):
            variable = self.variables[at]
            ends = coefficient * variable.lower, coefficient * variable.upper
            total += max(ends) if most else min(ends)
        return total

    def elastic(self) -> Elastic:
        kept = [] if self.whole else list(self.rows.rows)
        self.done.firm[:0] = kept
        named = {spring.group.id: spring.group for spring in self.done.springs}
        self.done.rows = replace(
            self.rows,
            variables=tuple(self.variables),
            rows=(*kept, *self.loose),
            groups={**self.rows.groups, **named},
            defined=(),
        )
        return self.done


def _held(problem: Problem, rows: Rows, lock: Lock) -> list[tuple[int, int]]:
    """Return "is chosen as the lock says"."""
    at = problem.places[lock.initiative]
    terms = []
    for block in rows.blocks.values():
        if block.initiative != at or lock.mode not in (None, problem.initiatives[at].modes[block.mode].id):
            continue
        if lock.start is None:
            terms.append((block.chosen, 1))
        elif block.first <= lock.start <= block.last:
            begun = block.column + lock.start - block.first
            terms += [(begun, 1)] + ([(begun - 1, -1)] if lock.start > block.first else [])
    return terms


def added(elastic: Elastic, spring: Spring, values: Sequence[int]) -> int:
    """Return how much more of a limit the plan needs, in the limit's own unit; 0 where it is one without amounts."""
    if spring.before is None:
        return 0
    # A row's bound was rounded when it was divided by what its figures have in common.
    return max(
        (row.upper + _lack(row, spring.column, values)[0]) * row.scale - spring.before
        for row in elastic.pulled[spring.column]
        if row.upper is not None
    )


def _needed(row: Row, column: int, values: Sequence[int]) -> int:
    """Return how many steps of the spring in `column` a row needs."""
    lack, pull = _lack(row, column, values)
    return 0 if lack <= 0 or not pull else -(-lack // abs(pull))


def _lack(row: Row, column: int, values: Sequence[int]) -> tuple[int, int]:
    """Return by how much a row would be broken without the spring in `column`, and by how much a step of it helps."""
    total, pull = 0, 0
    for at, coefficient in zip(row.columns, row.coefficients, strict=True):
        if at == column:
            pull = coefficient
        else:
            total += coefficient * values[at]
    lack = max(0 if row.lower is None else row.lower - total, 0 if row.upper is None else total - row.upper)
    return lack, pull


def amount_of(problem: Problem, group: Group) -> int:
    """Return the value of a limit's field: what there is."""
    value: object = problem
    for part in group.field.split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)  # type: ignore[index]
    assert isinstance(value, int)
    return value


def _same(one: str, other: str) -> bool:
    """Return whether two groups are of one limit, in different periods."""
    return one.rsplit(":", 1)[0] == other.rsplit(":", 1)[0]
