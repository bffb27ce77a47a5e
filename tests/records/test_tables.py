"""Every column of every record is declared, public or private."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from rasad.records.audited import Audited
from rasad.records.tables import BY_MODEL, KEPT_INSIDE, SHEETS

MODELS = {model.__name__: model for model in apps.get_app_config("records").get_models()}
PLUMBING = {"id", "version"}


def test_every_model_is_declared_or_kept_inside() -> None:
    assert set(MODELS) == set(BY_MODEL) | KEPT_INSIDE


@pytest.mark.parametrize("name", BY_MODEL)
def test_every_field_is_declared(name: str) -> None:
    fields = {field.name for field in MODELS[name]._meta.concrete_fields} - PLUMBING
    assert set(BY_MODEL[name].table.names) == fields


@pytest.mark.parametrize("name", BY_MODEL)
def test_the_key_is_the_models_own(name: str) -> None:
    model = MODELS[name]
    assert issubclass(model, Audited)
    assert BY_MODEL[name].table.key == model.KEY


@pytest.mark.parametrize("name", BY_MODEL)
def test_types_fit_the_fields(name: str) -> None:
    fits = {
        "text": (models.CharField, models.TextField, models.ForeignKey, models.JSONField),
        "int": (models.IntegerField,),
        "money": (models.BigIntegerField,),
        "date": (models.DateField,),
        "bool": (models.BooleanField,),
        "decimal": (models.DecimalField,),
    }
    for column in BY_MODEL[name].table.columns:
        field = MODELS[name]._meta.get_field(column.name)
        assert isinstance(field, fits[column.type]), column.name
        assert column.fa
        assert column.en


def test_a_noun_stands_after_those_that_it_names() -> None:
    seen: set[str] = set()
    for sheet in SHEETS:
        named = {
            field.related_model.__name__
            for field in MODELS[sheet.model]._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and not isinstance(field.related_model, str)
        }
        assert named - {sheet.model} <= seen
        seen.add(sheet.model)


def test_no_person_is_public() -> None:
    """Columns that hold or may hold a natural person's name stay inside."""
    for noun, column in (
        ("Post", "holder"),
        ("Progress", "said_by"),
        ("Contract", "supplier_name"),
        ("Contract", "supplier_id"),
        ("System", "supplier"),
    ):
        assert not BY_MODEL[noun].table.column(column).public
