"""What records are called on pages, and which record a person means by what they type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from rasad.persian.digits import to_latin, to_persian
from rasad.persian.text import ZWNJ, normalise, search_key, typed
from rasad.records.audited import Audited
from rasad.records.models import StaffCount
from rasad.web.workbench.days import days_said
from rasad.web.workbench.labels import fa

BETWEEN = " · "
"""Stands between a record's key and its name where both are in one field."""
OFFERED = 12
"""Records that are offered for what was typed so far."""
_NAMES = ("title", "name", "data", "title_en", "name_en")


def titled(record: Any) -> str:
    """Return a record's title or name in the page's language, else the one it has, else its key."""
    own = getattr(record, "title", None) or getattr(record, "name", None) or getattr(record, "data", "")
    if isinstance(record, StaffCount):
        # Its key is what tells it from others: it has no name of its own.
        return days_said(BETWEEN.join((record.skill, record.as_of.isoformat())))
    english = getattr(record, "title_en", None) or getattr(record, "name_en", "")
    return str((own if fa() or not english else english) or record)


def called(record: Audited) -> str:
    """Return a record's key and name, as a field that names it shows it."""
    name = titled(record)
    return record.key if name == record.key else f"{record.key}{BETWEEN}{name}"


def named_in(model: type[Audited]) -> list[str]:
    """Return the fields by which a record of the model is sought: the texts of its key, and its names; of a record that its key names, that
    one's code and name."""
    there = {field.name: field for field in model._meta.concrete_fields}
    found = []
    for name in (*model.KEY, *(name for name in _NAMES if name in there and name not in model.KEY)):
        field = there[name]
        if isinstance(field, models.ForeignKey):
            target: Any = field.related_model
            found += [f"{name}__{one}" for one in named_in(target)]
        elif isinstance(field, models.CharField | models.TextField):
            found.append(name)
    return found


def seek(found: QuerySet[Any], text: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Return the records in which every word of the text stands in one of the fields, in whatever digits and letters it is typed."""
    for word in typed(text).replace(ZWNJ, " ").split():
        ways = {word, to_latin(word), to_persian(to_latin(word)), normalise(word)}
        anywhere = Q()
        for field in fields:
            for way in ways:
                anywhere |= Q(**{f"{field}__icontains": way})
        found = found.filter(anywhere)
    return found


def find(model: type[Audited], text: str) -> Audited | None:
    """Return the record that a person means: by its key, by "key · name", or by a name that only one of them has; None otherwise."""
    for one in (text, text.partition(BETWEEN)[0]):
        try:
            return model.by_key(one.strip())
        except (model.DoesNotExist, ValueError, TypeError):
            continue
    wanted = search_key(text)
    fields = [name for name in named_in(model)[1:] if "__" not in name]
    same = [
        record
        for record in seek(model._base_manager.all(), text, fields)[: OFFERED * 5]
        if wanted and any(search_key(str(getattr(record, name))) == wanted for name in fields)
    ]
    return same[0] if len(same) == 1 else None


def near(model: type[Audited], text: str) -> list[Audited]:
    """Return the records that come nearest to what was typed: those that hold all of its words, by key."""
    return list(seek(model._base_manager.order_by(model.KEY[0]), text, named_in(model))[:OFFERED])
