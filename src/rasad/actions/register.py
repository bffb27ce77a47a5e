"""Adding and changing any record of the register: what forms and bulk files share.

What must hold of a record stands at its model (`rasad.records.audited`), so it holds here, in a noun's own verbs and in a file alike. A noun's
own verbs, where an action is more than its values, are in the file of its name beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models

from rasad.persian.text import normalise
from rasad.records.audited import Audited
from rasad.records.changes import changing
from rasad.records.models import Account
from rasad.records.problems import Refusal, error_of
from rasad.records.tables import BY_MODEL, BY_NAME


def model_of(noun: str) -> type[Audited]:
    """Return the model of a noun of `records.tables`. KeyError where there is none."""
    model = apps.get_model("records", BY_NAME[noun].model)
    assert issubclass(model, Audited)
    return model


def kind_of(model: type[Audited]) -> str:
    """Return what records of a model are called, in both languages: for messages that files keep."""
    table = BY_MODEL[model.__name__].table
    return f"{table.fa} / {table.en}"


def noun_of(record: Audited | type[Audited]) -> str:
    """Return a record's noun, as files and addresses have it. KeyError for what is kept inside."""
    model = record if isinstance(record, type) else type(record)
    return BY_MODEL[model.__name__].name


def counts() -> dict[str, int]:
    """Return how many records of each noun there are, in one question to the database."""
    # The names are the models' own tables; nothing of anybody's typing is in the statement.
    told = ", ".join(f'(SELECT COUNT(*) FROM "{model_of(noun)._meta.db_table}")' for noun in BY_NAME)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}")
        row = cursor.fetchone()
    return dict(zip(BY_NAME, row, strict=True))


def find(*, noun: str, key: Mapping[str, Any]) -> Audited:
    """Return the record whose key fields have these values; records it names may be given by their own key. DoesNotExist otherwise."""
    model = model_of(noun)
    record: Audited = model._base_manager.get(**_lookup(model, {name: key[name] for name in model.KEY}))
    return record


def add(*, noun: str, values: Mapping[str, Any], by: Account | None, why: str = "") -> Audited:
    """Add a record and return it. Records that it names are given as they are, or by their key. ValidationError where it cannot stand."""
    model = model_of(noun)
    with changing(by=by, action=f"{noun}.add", why=why) as change:
        return change.add(model(**resolved(model, values)))


def change(
    *, record: Audited, values: Mapping[str, Any], seen: int, by: Account | None, why: str = ""
) -> Audited:
    """Give a record new values and return it as it is now; `seen` is the version that they were decided on.

    ValidationError where a value cannot stand, StaleError where somebody else wrote meanwhile.
    """
    with changing(by=by, action=f"{noun_of(record)}.change", why=why) as opened:
        return opened.update(record, seen=seen, **resolved(type(record), values))


def remove(*, record: Audited, seen: int, by: Account | None, why: str = "") -> None:
    """Take a joint between two records away; what it was stays on the trail. ValidationError for records that are ended instead."""
    with changing(by=by, action=f"{noun_of(record)}.remove", why=why) as change:
        # Read anew and with its version compared, so that what is taken away is what was seen.
        change.remove(change.update(record, seen=seen))


def resolved(model: type[Audited], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with every record that is named by its key in its place. ValidationError for a field or key that there is not."""
    table = BY_MODEL[model.__name__].table
    found: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for name, value in values.items():
        if name not in table.names:
            wrong.append(Refusal("", "unknown_column", name, ", ".join(table.names)))
            continue
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey) and isinstance(value, str):
            target = field.related_model
            assert isinstance(target, type)
            assert issubclass(target, Audited)
            try:
                found[name] = target.by_key(value) if value.strip() else None
            except target.DoesNotExist:
                wrong.append(Refusal(name, "unknown_key", value, kind_of(target)))
        else:
            found[name] = value
    if wrong:
        raise error_of(wrong)
    return found


def _lookup(model: type[Audited], key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query for a key: records that it names, by their own."""
    query: dict[str, Any] = {}
    for name, value in key.items():
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey) and isinstance(value, str):
            target = field.related_model
            assert isinstance(target, type)
            assert issubclass(target, Audited)
            query[f"{name}__{target.KEY[0]}"] = normalise(value)
        else:
            query[name] = normalise(value) if isinstance(value, str) and len(key) == 1 else value
    return query
