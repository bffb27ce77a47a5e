"""Verbs that most nouns have, and the tables of what stands on their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import register
from rasad.web.theme.parts import Column, Table
from rasad.web.workbench import naming
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.kinds import Asked, Fieldset, Input, Part, Text, Verb

Rows = Iterable[Mapping[str, Any]]
SHOWN = 100
"""Records of another noun that a page names; its own list has them all."""


def adds(label: Text, ability: str, do: Callable[[Asked], Any], *fieldsets: Fieldset) -> Verb:
    """Return the verb of a noun's new record."""
    return Verb("new", label, ability, do, fieldsets)


def changes(ability: str, do: Callable[[Asked], Any], *fieldsets: Fieldset) -> Verb:
    """Return the verb that changes what is said of a record: its form stands filled with what is said now."""
    names = [one.name for part in fieldsets for one in part.inputs if isinstance(one, Input)]
    return Verb(
        "change",
        _("Change"),
        ability,
        do,
        fieldsets,
        first=lambda record: {name: getattr(record, name) for name in names},
        main=True,
    )


def corrects(label: Text, ability: str, *inputs: Input, **more: Any) -> Verb:
    """Return the verb that puts right a record that stands on another's page; it needs its reason."""
    return Verb(
        "change",
        label,
        ability,
        correct,
        (Fieldset(inputs),),
        first=lambda record: {one.name: getattr(record, one.name) for one in inputs},
        **{"why": "needed", **more},
    )


def correct(asked: Asked) -> Any:
    """Give a record what the form says, by the register's own verb."""
    return register.change(
        record=asked.record, values=asked.told, seen=asked.version, by=asked.by, why=asked.why
    )


def table(name: str, caption: str, columns: Sequence[Column], rows: Rows) -> Table | None:
    """Return a table of a record's page; None where it would be empty."""
    some = list(rows)
    return Table(name, caption, columns, some, caption_hidden=True) if some else None


def act(write: bool) -> list[Column]:
    """Return the column that leads to what can be done with each row."""
    return [Column("act", say("Do"), link="url")] if write else []


def related(
    name: str, title: Text, found: Callable[[Any], QuerySet[Any]], note: str = "", **more: Any
) -> Part:
    """Return a part that names other nouns' records: `note` names a field that stands below each."""

    def named(request: HttpRequest, record: Any) -> Table | None:
        rows = [
            {
                "what": naming.titled(one),
                "url": page_of(one),
                "code": one.key,
                "note": getattr(one, note) if note else "",
            }
            for one in found(record)[:SHOWN]
        ]
        columns = [
            Column("what", say("Name"), link="url", note="note" if note else ""),
            Column("code", say("Code"), "code"),
        ]
        return table(name, str(title), columns, rows)

    return Part(name, title, named, **more)
