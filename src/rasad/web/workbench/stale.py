"""Two people at one record: whoever sends second sees what the first changed beside what they wrote, and chooses field by field.

Any page's form is answered this way, if it sends the version that it was filled in on as `seen`, and names its fields as the record does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from rasad.persian import dates
from rasad.persian.digits import to_latin
from rasad.records.audited import Audited
from rasad.records.changes import StaleError, snapshot
from rasad.web.workbench import history, labels
from rasad.web.workbench.days import parse_day

SEEN = "seen"
"""The name under which a form sends the version that it was filled in on."""


@dataclass(frozen=True)
class Conflict:
    """One field that the other changed: what it is now, what was written here, and whether this side touched it at all.

    `theirs` and `mine` are as a form sends them; the shown ones are for people.
    """

    name: str
    label: str
    theirs: str
    mine: str
    theirs_shown: SafeString
    mine_shown: SafeString
    touched: bool


def page(request: HttpRequest, error: StaleError) -> HttpResponse:
    """Return the page that lets whoever came second choose; 409."""
    conflicts = _conflicts(request, error)
    names = {one.name for one in conflicts}
    rest = [
        (name, value)
        for name in request.POST
        if name not in names and name not in (SEEN, "csrfmiddlewaretoken")
        for value in request.POST.getlist(name)
    ]
    context = {
        "record": error.current,
        "noun": labels.noun(type(error.current)._meta.model_name or ""),
        "changes": history.together(history.tell(error.events)),
        "conflicts": conflicts,
        "rest": rest,
        "can_choose": SEEN in request.POST,
        "seen": error.current.version,
        "address": request.get_full_path(),
    }
    return render(request, "workbench/stale.html", context, status=409)


def _conflicts(request: HttpRequest, error: StaleError) -> list[Conflict]:
    """Return the fields that came to differ, in the order of the record's table; a field that both made the same is none."""
    record, noun = error.current, type(error.current)._meta.model_name or ""
    before: dict[str, Any] = {}
    for event in error.events:
        for name, value in (event.before or {}).items():
            before.setdefault(name, value)
    now, where = snapshot(record), history.place()
    found = []
    for name in history.in_order(noun, before):
        if name not in request.POST or now.get(name) == before[name]:
            continue
        mine = request.POST[name]
        meant = _meant(record, name, mine)
        if meant == now.get(name):
            continue
        found.append(
            Conflict(
                name=name,
                label=labels.field(noun, name),
                theirs=_sent(record, name),
                mine=mine,
                theirs_shown=history.value(noun, name, now.get(name), where),
                mine_shown=history.value(noun, name, meant, where),
                touched=meant != before[name],
            )
        )
    return found


def _meant(record: Audited, name: str, text: str) -> Any:
    """Return what a form's text means, as the trail writes it; the text itself where it means nothing."""
    field = record._meta.get_field(name)
    if not isinstance(field, models.Field) or not text.strip():
        return None if isinstance(field, models.Field) and field.null else text.strip()
    if isinstance(field, models.ForeignKey):
        return _key_of(field, text.strip())
    if isinstance(field, models.DateField):
        try:
            return parse_day(text).isoformat()
        except dates.DateError:
            return text
    if isinstance(field, models.BooleanField):
        return text not in ("", "0", "false", "False")
    if isinstance(field, models.IntegerField | models.DecimalField):
        plain = to_latin(text).replace("٬", "").replace(",", "").replace("٫", ".").strip()
        try:
            value = field.to_python(plain)
        except ValidationError:
            return text
        return value if isinstance(value, int) else f"{value.normalize():f}"
    return text


def _key_of(field: models.ForeignKey[Any, Any], text: str) -> str:
    """Return the key of the record that a form names, by its number or by its key."""
    target = field.related_model
    assert isinstance(target, type)
    found = target._base_manager.filter(pk=int(text)).first() if text.isdecimal() and text.isascii() else None
    return str(found) if found is not None else text


def _sent(record: Audited, name: str) -> str:
    """Return a field's present value as a form sends it."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value is None:
        return ""
    if isinstance(field, models.ForeignKey):
        return str(getattr(record, field.attname))
    if isinstance(value, bool):
        return "on" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)
