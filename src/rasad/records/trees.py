"""Trees of records: nothing stands below itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from rasad.records.audited import Audited
from rasad.records.problems import Refusal

Record = TypeVar("Record", bound=Audited)


def own_parent(record: Any, field: str = "parent") -> Iterator[Refusal]:
    """Yield a refusal where a record names itself as the one above it."""
    if record.pk is not None and getattr(record, f"{field}_id") == record.pk:
        yield Refusal(field, "own_parent", record.key)


def cycles(touched: Collection[Record], field: str = "parent") -> Iterator[tuple[Record, Refusal]]:
    """Yield each record that stands below itself, by way of others; the refusal tells the way."""
    hanging = [record for record in touched if getattr(record, f"{field}_id") is not None]
    if not hanging:
        return
    model = type(hanging[0])
    above = dict(model._base_manager.values_list("pk", f"{field}_id"))
    rings = {pk: ring for ring in _rings(above, [record.pk for record in hanging]) for pk in ring}
    names = dict(model._base_manager.filter(pk__in=rings).values_list("pk", model.KEY[0])) if rings else {}
    for record in hanging:
        if ring := rings.get(record.pk):
            spot = ring.index(record.pk)
            way = [*ring[spot:], *ring[:spot], record.pk]
            path = " ← ".join(str(names[pk]) for pk in reversed(way))
            yield record, Refusal(field, "cycle", record.key, path)


def _rings(above: dict[int, int | None], starts: list[int]) -> list[list[int]]:
    """Return the rings that a walk upwards from any of the starts runs into; each record is walked over once."""
    rings, done = [], set[int]()
    for start in starts:
        way: dict[int, int] = {}
        at: int | None = start
        while at is not None and at not in done and at not in way:
            way[at] = len(way)
            at = above.get(at)
        if at is not None and at in way:
            rings.append(list(way)[way[at] :])
        done.update(way)
    return rings


def below(model: type[Audited], root: int, field: str = "parent") -> set[int]:
    """Return the primary keys of a record and of all that stand below it."""
    children: dict[int, list[int]] = {}
    for pk, parent in model._base_manager.values_list("pk", f"{field}_id"):
        children.setdefault(parent, []).append(pk)
    found, waiting = {root}, [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
