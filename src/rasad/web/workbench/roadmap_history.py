"""What changes of a scenario's problem changed, in the words of its forms: made from the trail, which holds only the steps from one problem to the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasad.actions.roadmap_parts import full
from rasad.records.documents import LostError, applied, digest, steps_of, undone
from rasad.records.models import AuditEvent, Scenario
from rasad.roadmap.problem import ProblemError, parse
from rasad.web.workbench import frame
from rasad.web.workbench.roadmap_said import Changed, changes

BACK = 200
"""Changes of a scenario that are gone back through to reach the ones that are asked about."""
KEPT = 500
"""Changes whose words are kept: a change of the trail never changes."""

_kept: OrderedDict[tuple[str, int, str], tuple[Changed, ...]] = OrderedDict()
"""What an event changed, by its change, its id and the language: an id alone would be another event's in another database."""


def in_words(events: Iterable[AuditEvent]) -> dict[int, tuple[Changed, ...]]:
    """Return for events that changed a scenario's problem, by their id, what they changed; none for those to which the trail does not lead from the present problem."""
    lang = frame.lang()
    asked = [one for one in events if _is_change(one)]
    missing: dict[int, dict[int, AuditEvent]] = {}
    for one in asked:
        if _key(one, lang) not in _kept:
            missing.setdefault(one.record_id, {})[one.pk] = one
    for record, some in missing.items():
        for id_, found in _walked(record, list(some)).items():
            _kept[_key(some[id_], lang)] = found
    told = {one.pk: _kept[_key(one, lang)] for one in asked if _key(one, lang) in _kept}
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return told


def _key(one: AuditEvent, lang: str) -> tuple[str, int, str]:
    return str(one.change), one.pk, lang


def _is_change(one: AuditEvent) -> bool:
    return one.noun == "scenario" and bool(one.before) and "problem" in (one.before or {}) and "problem" in (one.after or {})  # fmt: skip


def _walked(record: int, ids: list[int]) -> dict[int, tuple[Changed, ...]]:
    """Return what some events of one scenario changed, going back from the problem as it is now."""
    held: Any = Scenario.objects.filter(pk=record).values_list("problem", flat=True).first()
    events = AuditEvent.objects.filter(noun="scenario", record_id=record, id__gte=min(ids)).order_by("-id")
    found: dict[int, tuple[Changed, ...]] = {}
    for event in events[:BACK]:
        if held is None or not _is_change(event):
            continue
        before, after = (event.before or {})["problem"], (event.after or {})["problem"]
        steps = steps_of(after)
        try:
            was = before if steps is None else applied(held, undone(steps))
        except LostError:
            break
        if steps is not None and digest(was) != before.get("sha256"):
            break
        if event.pk in ids:
            words = _words(was, held if steps is not None else after)
            if words is not None:
                found[event.pk] = words
        held = was
    return found


def _words(was: Any, now: Any) -> tuple[Changed, ...] | None:
    """Return what is different, in words; None of a problem that is no longer understood."""
    try:
        return tuple(changes(full(parse(was)), full(parse(now))))
    except ProblemError:
        return None
