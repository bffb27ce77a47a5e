"""The records that a file's rows mean: found by their keys, in whatever digits and letters these are typed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

from django.db import models

from rasad.persian.text import normalise
from rasad.records.audited import Audited

Key = tuple[Hashable, ...]


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

    def put(self, record: Audited) -> None:
        """Take note of a record that was added."""
        self.records(type(record))[key_of(record)] = record

    def refuse(self, model: type[Audited], key: Key, place: str) -> None:
        """Take note of a row that is refused, so that rows that name its record can say why they are too."""
        self._refused.setdefault(model, {})[key] = place

    def refused_at(self, model: type[Audited], text: str) -> str:
        """Return where the row is that would have added the record, where it is refused; otherwise the empty text."""
        return self._refused.get(model, {}).get((normalise(text),), "")
