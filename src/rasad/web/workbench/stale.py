"""Two people at one record: whoever sends second sees what the first changed beside what they wrote, and chooses field by field.

Any page's form is answered this way, if it sends the version that it was filled in on as `seen`, and names its fields as the record does.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString

from rasad.records.audited import Audited
from rasad.records.changes import StaleError, snapshot
from rasad.records.tables import BY_MODEL
from rasad.web.workbench import history, labels
from rasad.web.workbench.fields import field_of

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
        meant = _meant(record, name, request.POST)
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


def _meant(record: Audited, name: str, sent: QueryDict) -> Any:
    """Return what a form's text means, as the trail writes it; the text itself where it means nothing."""
    text = str(sent[name])
    field = _field(record, name)
    if field is None:
        return text.strip()
    try:
        value = field.clean(field.widget.value_from_datadict(sent, {}, name))
    except ValidationError:
        return text
    meant = copy.copy(record)
    setattr(meant, name, value)
    return snapshot(meant)[name]


def _sent(record: Audited, name: str) -> str:
    """Return a field's present value as a form sends it."""
    value = getattr(record, name)
    field = _field(record, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    told = field.prepare_value(value) if field is not None else value
    # An amount stands in a form with its unit, which is sent beside it.
    return str(told[0] if isinstance(told, tuple) else told)


def _field(record: Audited, name: str) -> forms.Field | None:
    """Return the form's field of a record's field; None where it has no form of the register's."""
    sheet = BY_MODEL.get(type(record).__name__)
    if sheet is None or name not in sheet.table.names:
        return None
    return field_of(type(record), name, required=False)
