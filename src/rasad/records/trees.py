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
    names: dict[int, str] | None = None
    for record in hanging:
        way, at = [record.pk], above.get(record.pk)
        while at is not None and at not in way:
            way.append(at)
            at = above.get(at)
        if at == record.pk:
            names = names or dict(model._base_manager.values_list("pk", model.KEY[0]))
            path = " ← ".join(str(names[one]) for one in (record.pk, *reversed(way)))
            yield record, Refusal(field, "cycle", record.key, path)


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
