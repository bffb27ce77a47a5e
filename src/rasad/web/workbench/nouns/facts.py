"""What a record says of itself, column by column as its table declares them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rasad.records.audited import Audited
from rasad.records.labels import CHOICES, label
from rasad.records.tables import BY_MODEL
from rasad.web.theme.parts import Fact, Kind
from rasad.web.workbench import naming
from rasad.web.workbench.fields import titled_column, write_figure
from rasad.web.workbench.nouns.addresses import page_of

KINDS: dict[str, Kind] = {"date": "date", "money": "money", "int": "number"}
PERCENT = "٪"


def facts(record: Audited, hidden: frozenset[str]) -> tuple[list[Fact], list[str]]:
    """Return what the record says, and the titles of the columns that say nothing."""
    said, empty = [], []
    model = type(record)
    for column in BY_MODEL[model.__name__].table.columns:
        if column.name in hidden:
            continue
        value = getattr(record, column.name)
        title = titled_column(model, column.name)
        if value is None or value == "":
            empty.append(title)
        else:
            said.append(fact(title, model.__name__, column.name, column.type, value))
    return said, empty


def fact(title: str, model: str, name: str, type_: str, value: Any) -> Fact:
    """Return one line of what a record says."""
    if isinstance(value, Audited):
        return Fact(title, naming.titled(value), link=page_of(value), note=value.key)
    if (model, name) in CHOICES:
        return Fact(title, str(label(model, name, value)))
    if isinstance(value, bool):
        return Fact(title, _("yes") if value else _("no"))
    if name.endswith("_bp"):
        return Fact(title, f"{write_figure(Decimal(value) / 100)}{PERCENT}")
    if isinstance(value, Decimal):
        return Fact(title, write_figure(value))
    if name in (
        "code",
        "tag",
        "number",
        "contract_no",
        "document_no",
        "serial",
        "programme_code",
        "notified_no",
    ):
        return Fact(title, value, "code")
    return Fact(title, value, KINDS.get(type_, "text"))
