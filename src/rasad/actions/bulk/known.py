"""The records that a file's rows mean: found by their keys, in whatever digits and letters these are typed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

from django.db import models

from rasad.persian.text import normalise, search_key
from rasad.records.audited import Audited

Key = tuple[Hashable, ...]
_NAMES = ("name", "name_en", "title", "title_en")


def key_of(record: Audited) -> Key:
    """Return a record's key: records that it names by their number in the database, texts in one form."""
    return tuple(part_of(getattr(record, field.attname)) for field in key_fields(type(record)))


def key_fields(model: type[Audited]) -> list[Any]:
    """Return the fields of a model's key, in order."""
    return [model._meta.get_field(name) for name in model.KEY]


def part_of(value: Any) -> Hashable:
    """Return one part of a key."""
    if isinstance(value, str):
        return normalise(value)
    return value if isinstance(value, int | date | None) else str(value)


def links(model: type[Audited]) -> list[models.ForeignKey[Any, Any]]:
    """Return the fields by which a model's records name others."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def target(field: models.ForeignKey[Any, Any]) -> type[Audited]:
    """Return the model that a field names records of."""
    model = field.related_model
    assert isinstance(model, type)
    assert issubclass(model, Audited)
    return model


class Known:
    """The records by model and key, read once each; what an import adds is put beside them."""

    def __init__(self) -> None:
        self._held: dict[type[Audited], dict[Key, Audited]] = {}
        self._refused: dict[type[Audited], dict[Key, str]] = {}
        self._names: dict[type[Audited], dict[str, Audited | None]] = {}

    def records(self, model: type[Audited]) -> dict[Key, Audited]:
        """Return the records of a model by their keys. They are held for this change, so that nobody writes between."""
        if model not in self._held:
            names = [field.name for field in links(model)]
            found = model._base_manager.select_for_update(of=("self",)).order_by("pk")
            if names:
                found = found.select_related(*names)
            self._held[model] = {key_of(record): record for record in found}
        return self._held[model]

    def find(self, model: type[Audited], text: str) -> Audited | None:
        """Return the record that a cell names by its key, or None."""
        return self.records(model).get((normalise(text),))

    def named(self, model: type[Audited], text: str) -> Audited | None:
        """Return the one record that is called so, by its key or its name in either language; None where none is, or several are."""
        if (record := self.find(model, text)) is not None:
            return record
        if model not in self._names:
            names: dict[str, Audited | None] = {}
            for record in self.records(model).values():
                called = {search_key(getattr(record, field, "")) for field in _NAMES} - {""}
                for name in called:
                    names[name] = None if name in names else record
            self._names[model] = names
        return self._names[model].get(search_key(text))

    def put(self, record: Audited) -> None:
        """Take note of a record that was added."""
        self.records(type(record))[key_of(record)] = record

    def refuse(self, model: type[Audited], key: Key, place: str) -> None:
        """Take note of a row that is refused, so that rows that name its record can say why they are too."""
        self._refused.setdefault(model, {})[key] = place

    def refused_at(self, model: type[Audited], text: str) -> str:
        """Return where the row is that would have added the record, where it is refused; otherwise the empty text."""
        return self._refused.get(model, {}).get((normalise(text),), "")
