"""Events of the trail as a page shows them: what was before beside what came after, each value written as its column's kind is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rasad.records.documents import steps_of
from rasad.records.labels import CHOICES
from rasad.records.labels import label as choice
from rasad.records.models import AuditEvent
from rasad.records.tables import BY_MODEL
from rasad.web.theme import show
from rasad.web.theme.values import NOTHING, Place, value_html
from rasad.web.workbench import frame, labels
from rasad.web.workbench.days import days_said
from rasad.web.workbench.roadmap_history import in_words
from rasad.web.workbench.roadmap_said import Changed

PLAIN = {"text": "text", "int": "number", "money": "money", "date": "date"}
_MODELS = {model.lower(): model for model in BY_MODEL}
MASKED = frozenset({"token_hash"})
"""Fields that no page shows."""


@dataclass(frozen=True)
class Difference:
    """One field that an event set or changed, both values as HTML."""

    label: str
    before: SafeString
    after: SafeString


@dataclass(frozen=True)
class Told:
    """One event, ready for a page. `kind` is "new", "changed", "gone" or "noted"."""

    event: AuditEvent
    kind: str
    who: str
    did: str
    noun: str
    key: str
    at: datetime
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Change:
    """Events that were written as one: who did it, when and why is said once."""

    who: str
    at: datetime
    why: str
    events: tuple[Told, ...]


LONGEST = 400
"""Characters of a value that is no text or number."""
STEPS, SHORT = 5, 60
"""Changes within a document that are told one by one, and characters of each."""
PARTS = 8
"""Changes of a roadmap's problem that are told one by one, in words."""


def together(events: Iterable[Told]) -> list[Change]:
    """Return neighbouring events of one change as one."""
    return [
        Change(first.who, first.at, first.event.why, (first, *rest))
        for first, *rest in (list(some) for _change, some in groupby(events, lambda told: told.event.change))
    ]


def place() -> Place:
    """Return where values are written: the page's language, the city's currency and calendar."""
    city = frame.city()
    return Place(frame.lang(), str(city.get("currency", "IRR")), str(city.get("calendar", "jalali")))


def tell(events: Iterable[AuditEvent]) -> list[Told]:
    """Return events as a page shows them, in their order."""
    where, listed = place(), list(events)
    words = in_words(listed)
    return [_told(event, where, words.get(event.pk)) for event in listed]


def _told(event: AuditEvent, where: Place, words: tuple[Changed, ...] | None) -> Told:
    before, after = event.before or {}, event.after or {}
    names = [name for name in in_order(event.noun, before.keys() | after.keys()) if name not in MASKED]
    if event.before is None or event.after is None:
        # A record that is new or gone: fields that say nothing are left out.
        names = [name for name in names if before.get(name, after.get(name)) not in (None, "", [], {})]
    return Told(
        event=event,
        kind=_kind(event),
        who=event.account_name or _("the program"),
        did=labels.action(event.action),
        noun=labels.noun(event.noun),
        key=_key(event),
        at=timezone.localtime(event.at),
        differences=tuple(
            difference
            for name in names
            for difference in (
                _in_words(words, where)
                if name == "problem" and words
                else [
                    Difference(
                        labels.field(event.noun, name), *_sides(event.noun, name, before, after, where)
                    )
                ]
            )
        ),
    )


def _in_words(found: tuple[Changed, ...], where: Place) -> list[Difference]:
    """Return what a change of a roadmap's problem changed, each where and from what to what."""
    told = [
        Difference(
            one.where,
            *(
                _safe(value_html("text", _apart(side), where) if side else NOTHING)
                for side in (one.was, one.now)
            ),
        )
        for one in found[:PARTS]
    ]
    if len(found) > PARTS:
        more = _("and %(count)s more") % {"count": show.grouped(len(found) - PARTS, where.lang)}
        told.append(Difference(more, _safe(""), _safe("")))
    return told


def _sides(
    noun: str, name: str, before: dict[str, Any], after: dict[str, Any], where: Place
) -> tuple[SafeString, SafeString]:
    """Return a field's value before and after; of a long document what changed of it, step by step."""
    steps = steps_of(after.get(name))
    if steps is None:
        return value(noun, name, before.get(name), where), value(noun, name, after.get(name), where)
    rest = len(steps) - STEPS
    more = [_("and %(count)s more") % {"count": show.grouped(rest, where.lang)}] if rest > 0 else []
    was, now = (
        " · ".join(
            [*(f"{_apart(_place(step))}: {_apart(_said(step, side))}" for step in steps[:STEPS]), *more]
        )
        for side in ("was", "is")
    )
    return _safe(value_html("text", was, where)), _safe(value_html("text", now, where))


def _apart(text: str) -> str:
    """Return a text that keeps its own direction, whatever stands beside it."""
    return f"\u2068{text}\u2069"


def _place(step: dict[str, Any]) -> str:
    """Return where in the document a step is: the names on the way, and the id of the element that it is in."""
    names = [one for one in step["at"] if isinstance(one, str)]
    return "/".join([*names[:1], *([step["id"]] if step.get("id") else []), *names[1:]]) or "/"


def _said(step: dict[str, Any], side: str) -> str:
    if side not in step:
        return show.NOTHING
    told = step[side]
    if "from" in step:
        told = ", ".join(one["id"] if isinstance(one, dict) and "id" in one else str(one) for one in told)
    text = str(told) or show.NOTHING
    return f"{text[:SHORT]}…" if len(text) > SHORT else text


def _key(event: AuditEvent) -> str:
    """Return the record's key; a role by its name and without its day, which stands among the values."""
    if event.noun != "grant":
        return days_said(event.record_key)
    person, role, _since = event.record_key.rsplit(" / ", 2)
    return f"{person} / {labels.ROLES.get(role, role)}"


def _kind(event: AuditEvent) -> str:
    if event.before is None and event.after is None:
        return "noted"
    if event.before is None:
        return "new"
    return "gone" if event.after is None else "changed"


def in_order(noun: str, names: Iterable[str]) -> list[str]:
    """Return the fields in the order in which the record's table declares them."""
    declared = next((sheet.table.names for model, sheet in BY_MODEL.items() if model.lower() == noun), ())
    rank = {name: number for number, name in enumerate(declared)}
    return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def value(noun: str, name: str, told: Any, where: Place) -> SafeString:
    """Return a value of a field, as the trail keeps it, as HTML."""
    if told in (None, "", [], {}):
        return _safe(NOTHING)
    column = labels.column(noun, name)
    kind = PLAIN.get(column.type, "text") if column else "text"
    if isinstance(told, bool):
        return _safe(value_html("text", _("yes") if told else _("no"), where))
    if name.endswith("_bp") and isinstance(told, int):
        return _safe(value_html("text", show.percent(told / 10_000, where.lang, 2), where))
    model = _MODELS.get(noun, "")
    if isinstance(told, str) and told in CHOICES.get((model, name), {}):
        told = str(choice(model, name, told))
    elif name == "role":
        told = labels.ROLES.get(told, told)
    elif name == "roles" and isinstance(told, list):
        told = labels.roles(told)
    elif isinstance(told, str) and labels.code(noun, name, told) != told:
        told = labels.code(noun, name, told)
    elif kind == "text" and isinstance(told, str) and _is_moment(told):
        kind, told = "date", told[:10]
    elif not isinstance(told, str | int):
        told = str(told)
        if len(told) > LONGEST:
            # A roadmap's problem is a book of its own: the trail keeps it whole, a page only names it.
            size = show.grouped(len(told), where.lang)
            told = _("a document of %(size)s characters") % {"size": size}
    return _safe(value_html(kind, told, where, unit="full"))


def _is_moment(told: str) -> bool:
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return False
    return len(told) >= 10 and told[4] == "-"


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - `values` escapes what it is given
