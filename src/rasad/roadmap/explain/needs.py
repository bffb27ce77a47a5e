"""What an initiative left out would need: to be worth it, or to be added to the plan as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from rasad.roadmap.explain.base import Base
from rasad.roadmap.explain.result import Addition, Need
from rasad.roadmap.infeasible.elastic import GIVEN, amount_of
from rasad.roadmap.rows import Block
from rasad.roadmap.solve.matrix import completed
from rasad.roadmap.wording import Amount, Value, Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class _Way:
    """One way of adding initiatives: their starts, by how much amounts are short, which other limits break."""

    starts: tuple[tuple[Block, int], ...]
    short: dict[str, int]
    broken: tuple[str, ...]

    def rank(self, amounts: dict[str, int]) -> tuple[int, float]:
        return len(self.broken), sum(more / max(1, amounts[group]) for group, more in self.short.items())


def need(base: Base, at: int, allowed: int | None, benefit: int | None) -> Need:
    """Return what an initiative that is left out would need. `allowed`: what forcing it in would cost, where that is known; `benefit`: how much more it would have to bring."""
    lacking = _lacking(base, at)
    ways = list(_ways(base, lacking, at)) if lacking is not None else []
    if not ways:
        return Need(allowed=allowed, benefit=benefit)
    amounts = {group: amount_of(base.problem, base.rows.groups[group]) for way in ways for group in way.short}
    best = min(ways, key=lambda way: way.rank(amounts))
    block, start = best.starts[-1]
    groups = base.rows.groups
    return Need(
        allowed=allowed,
        benefit=benefit,
        mode=base.problem.initiatives[at].modes[block.mode].id,
        start=start,
        first=tuple(base.problem.initiatives[one.initiative].id for one, _start in best.starts[:-1]),
        additions=tuple(_addition(base, group, more) for group, more in best.short.items()),
        broken=tuple(groups[group] for group in best.broken),
        fits=not best.broken,
    )


def _lacking(base: Base, at: int) -> list[int] | None:
    """Return what an initiative requires, itself last, and is not chosen, each after what it requires; None where something can never be done."""
    found: list[int] = []
    waiting = [(at, False)]
    while waiting:
        here, ready = waiting.pop()
        if here in found or (here != at and base.chosen(here)):
            continue
        if here not in base.blocks:
            return None
        if ready:
            found.append(here)
            continue
        waiting.append((here, True))
        waiting += [
            (base.problem.places[one.initiative], False) for one in base.problem.initiatives[here].requires
        ]
    return found


def _ways(base: Base, lacking: list[int], at: int) -> list[_Way]:
    """Return every mode and start of an initiative, what it requires going in before it as early as may be."""
    values = list(base.values)
    before: list[tuple[Block, int]] = []
    for one in lacking[:-1]:
        block = base.blocks[one][0]
        start = max(block.first, _ready(base, one, values))
        if start > block.last:
            return []
        before.append((block, start))
        _begin(values, block, start)
    ready = _ready(base, at, values)
    found = []
    for block in base.blocks[at]:
        for start in range(max(block.first, ready), block.last + 1):
            tried = list(values)
            _begin(tried, block, start)
            found.append(_measure(base, (*before, (block, start)), tried))
    return found


def _begin(values: list[int], block: Block, start: int) -> None:
    begun = block.column + start - block.first
    values[begun : block.chosen + 1] = [1] * (block.chosen + 1 - begun)


def _ready(base: Base, at: int, values: list[int]) -> int:
    """Return the first period in which what an initiative requires lets it start."""
    ready = 0
    for required in base.problem.initiatives[at].requires:
        for block in base.blocks.get(base.problem.places[required.initiative], []):
            if values[block.chosen]:
                start = block.last - sum(values[block.column : block.chosen + 1]) + 1
                ready = max(
                    ready, start + (block.duration if required.after == "completion" else 0) + required.lag
                )
    return ready


def _measure(base: Base, starts: tuple[tuple[Block, int], ...], values: list[int]) -> _Way:
    found = completed(base.rows, values)
    sums = base.matrix.sums(found)
    short: dict[str, int] = {}
    broken: dict[str, None] = {}
    for at in base.matrix.broken(found):
        row, total = base.rows.rows[at], sums[at]
        over = 0 if row.upper is None else int(total) - row.upper
        if base.rows.groups[row.group].kind in GIVEN and row.upper is not None:
            # The bound was rounded when the row was divided by what its figures have in common.
            short[row.group] = (row.upper + over) * row.scale - amount_of(
                base.problem, base.rows.groups[row.group]
            )
        elif base.rows.groups[row.group].kind != "structure":
            broken[row.group] = None
    return _Way(starts, short, tuple(broken))


def _addition(base: Base, group: str, more: int) -> Addition:
    limit = base.rows.groups[group]
    amount: Value = Amount(more, base.problem.currency) if limit.kind == "budget" else more
    return Addition(
        limit=limit,
        amount=more,
        words=Words(_n("%(amount)s more (%(limit)s)"), {"amount": amount, "limit": limit.words}),
    )
