"""Documents (JSON) of records on the trail: what changed of a long one stands there, not the whole of it twice; what it was is made from that again.

An event of a change then holds `{"sha256": …}` before and `{"sha256": …, "changes": [step, …]}` after. A step says where (`at`: keys and
places from the top), what `was` there and what `is`; one of the two is missing where nothing was or is there. Of a list whose length changed
it has `from`: the elements `was` from that place on gave way to `is`. `id` names the element of a list that it is in, where it has one.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from rasad.records.models.trail import AuditEvent

LONG = 4_000
"""Characters of a document that the trail still holds whole."""
Step = dict[str, Any]


class LostError(Exception):
    """The trail does not lead to the document that it names."""


def shortened(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of an event, before and after, with long documents told by what changed of them, where that is less."""
    was, now = dict(before), dict(after)
    for name, document in after.items():
        if not isinstance(document, dict | list) or not isinstance(before.get(name), dict | list):
            continue
        size = len(_text(document)) + len(_text(before[name]))
        if size <= LONG:
            continue
        steps = list(difference(before[name], document))
        if 2 * len(_text(steps)) < size:
            was[name] = {"sha256": digest(before[name])}
            now[name] = {"sha256": digest(document), "changes": steps}
    return was, now


def steps_of(told: Any) -> list[Step] | None:
    """Return what changed, where a value after is told so; None where it is the value itself."""
    is_told = isinstance(told, dict) and told.keys() == {"sha256", "changes"}
    return told["changes"] if is_told else None


def undone(steps: list[Step]) -> list[Step]:
    """Return the steps that lead back."""
    back = []
    for step in reversed(steps):
        sides = {"is": step["was"]} if "was" in step else {}
        sides |= {"was": step["is"]} if "is" in step else {}
        back.append({**{name: value for name, value in step.items() if name not in ("was", "is")}, **sides})
    return back


def document_at(*, noun: str, record_id: int, name: str, version: int) -> Any:
    """Return what field `name` of a record was at a version, made from its trail. LostError where the trail does not lead there."""
    held: Any = None
    events = AuditEvent.objects.filter(noun=noun, record_id=record_id, record_version__lte=version)
    for after in events.order_by("record_version", "id").values_list("after", flat=True):
        if after is None or name not in after:
            continue
        steps = steps_of(after[name])
        if steps is None:
            held = after[name]
            continue
        held = applied(held, steps)
        if digest(held) != after[name]["sha256"]:
            raise LostError(f"{noun} {record_id}: {name}")
    return held


def digest(document: Any) -> str:
    """Return the SHA-256 of a document, whatever the order of its keys."""
    return hashlib.sha256(_text(document).encode()).hexdigest()


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def difference(before: Any, after: Any) -> Iterator[Step]:
    """Yield the steps from one document to another; none where they are the same. 1, 1.0 and true are three things."""
    yield from _steps(before, after, [], None)


def _steps(before: Any, after: Any, at: list[str | int], within: str | None) -> Iterator[Step]:
    if _same(before, after):
        return
    step: Step = {"at": at} | ({"id": within} if within else {})
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            sides = {side: one[name] for side, one in (("was", before), ("is", after)) if name in one}
            if len(sides) == 1:
                yield {**step, "at": [*at, name], **sides}
            else:
                yield from _steps(before[name], after[name], [*at, name], within)
    elif isinstance(before, list) and isinstance(after, list):
        first, last = _alike(before, after)
        old, new = before[first : len(before) - last], after[first : len(after) - last]
        if len(old) != len(new):
            yield {**step, "from": first, "was": old, "is": new}
            return
        for place, (was, now) in enumerate(zip(old, new, strict=True), first):
            yield from _steps(was, now, [*at, place], _id(now) or _id(was) or within)
    else:
        yield {**step, "was": before, "is": after}


def _alike(before: list[Any], after: list[Any]) -> tuple[int, int]:
    """Return how many elements are the same at the beginning and, of the rest, at the end."""
    shorter, first, last = min(len(before), len(after)), 0, 0
    while first < shorter and _same(before[first], after[first]):
        first += 1
    while last < shorter - first and _same(before[-1 - last], after[-1 - last]):
        last += 1
    return first, last


def _id(element: Any) -> str | None:
    found = element.get("id") if isinstance(element, dict) else None
    return found if isinstance(found, str) else None


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def applied(document: Any, steps: list[Step]) -> Any:
    """Return the document that the steps lead to. LostError where they are not of this document."""
    top = {"": copy.deepcopy(document)}
    for step in steps:
        path: list[Any] = ["", *step["at"]]
        way, last = path[:-1], path[-1]
        try:
            place: Any = top
            for key in way:
                place = place[key]
            if "from" in step:
                first = step["from"]
                place[last][first : first + len(step["was"])] = copy.deepcopy(step["is"])
            elif "is" in step:
                place[last] = copy.deepcopy(step["is"])
            else:
                del place[last]
        except (KeyError, IndexError, TypeError) as error:
            raise LostError(str(step["at"])) from error
    return top[""]
