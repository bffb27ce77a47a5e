"""The records as a release has them: every noun's public columns, and the allocation of each line to projects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext

from rasad.actions import roadmap_release
from rasad.actions.allocations import stage
from rasad.ledger.rows import write_rows
from rasad.ledger.schema import ALLOCATION, Column, Table
from rasad.records.audited import Audited
from rasad.records.labels import CHOICES
from rasad.records.roadmap_tables import ROADMAP_TABLES
from rasad.records.tables import BY_MODEL, SHEETS, Sheet

Progress = Callable[[str, int, int], None]


LABEL = Table(
    "label",
    "نام کدها",
    "names of codes",
    ("table", "column", "code"),
    (
        Column("table", "text", "جدول", "table", public=True, required=True),
        Column("column", "text", "ستون", "column", public=True, required=True),
        Column("code", "text", "کد", "code", public=True, required=True),
        Column("fa", "text", "نام فارسی", "name in Persian", public=True, required=True),
        Column("en", "text", "نام انگلیسی", "name in English", public=True, required=True),
    ),
)
"""What people call the codes in the records' columns, so that a release can be read without Rasad."""


def public_tables() -> dict[str, Table]:
    """Return the tables that the records add to a release, name → declaration with public columns alone."""
    found = {
        sheet.name: Table(
            sheet.table.name, sheet.table.fa, sheet.table.en, sheet.table.key, sheet.table.public_columns
        )
        for sheet in SHEETS
    }
    roadmap = {table.name: table for table in ROADMAP_TABLES}
    return {**found, LABEL.name: LABEL, **roadmap, ALLOCATION.name: ALLOCATION}


def snapshot(*, home: Path, out: Path, progress: Progress | None = None) -> dict[str, Path]:
    """Write the records' public columns and the allocation of every line into `out` as Parquet; return name → file.

    Rules in force and judgements that hold are asked as they stand now. OSError where the disk takes no more.
    """
    out.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for done, sheet in enumerate(SHEETS):
        if progress:
            progress(sheet.name, done, len(SHEETS))
        paths[sheet.name] = out / f"{sheet.name}.parquet"
        write_rows(sheet.table.public_columns, rows_of(sheet), paths[sheet.name])
    paths[LABEL.name] = out / f"{LABEL.name}.parquet"
    write_rows(LABEL.columns, _labels(), paths[LABEL.name])
    paths |= roadmap_release.stage(out, home=home)
    paths[ALLOCATION.name] = stage(home=home, path=out / f"{ALLOCATION.name}.parquet")
    return paths


def rows_of(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Yield every record of a noun as column → value: records by their key, JSON as its text; in the order of their keys."""
    model: type[Audited] = apps.get_model("records", sheet.model)
    related = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name in sheet.table.names
    ]
    records = model.objects.select_related(*related) if related else model.objects.all()
    for record in records.order_by(*_order(model)).iterator(chunk_size=2_000):
        yield {column.name: _value(getattr(record, column.name)) for column in sheet.table.columns}


def _labels() -> Iterator[dict[str, str]]:
    """Yield what people call each code, in both languages."""
    for (model, column), codes in CHOICES.items():
        for code, msgid in codes.items():
            row = {"table": BY_MODEL[model].name, "column": column, "code": code}
            for lang in ("fa", "en"):
                with translation.override(lang):
                    row[lang] = gettext(msgid)
            yield row


def _order(model: type[Audited]) -> list[str]:
    order: list[str] = []
    for name in model.KEY:
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            related: Any = field.related_model
            order.append(f"{name}__{related.KEY[0]}")
        else:
            order.append(name)
    return order


def _value(value: Any) -> Any:
    if isinstance(value, Audited):
        return value.key
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value
