"""Registers made up by chance: records of every noun, with the texts that break files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models

from rasad.actions.register import model_of
from rasad.records.audited import Audited
from rasad.records.changes import changing, snapshot
from rasad.records.tables import SHEETS

World = dict[str, list[dict[str, Any]]]
"""Noun → the snapshots of its records."""

NASTY = (
    "=1+1", "'=1+1", "''=x", "+98 912", "-5", "@a", "- دو", "'", '"', ",", ";", "\t|", "a\nb", "\r\n", "۱۲٬۳۴۵", "1,234", "0012", "1e5", "TRUE",
    "كتابي", "آ‌ب", "_x0041_", "_x000D_", "<b>&amp;", "\u200eچپ", "\ufeff", "😀", "NULL", "#N/A", "1403/01/01", "بله", "None", "{}", "سازمان", "\x00\x0b", " ",
    "\x85", "\u2028", "\ufffe", "é", "ß", "٣", "،", "«»",
)  # fmt: skip
"""Texts, and pieces of them, that break files."""
ALPHABET = "ABCxyz۰۱۲3456789-/.آبپ"


def text(chance: Random) -> str:
    """A text of up to four nasty pieces."""
    return "".join(chance.choice(NASTY) for _ in range(chance.randrange(5)))


def value(
    chance: Random, field: models.Field[Any, Any], held: dict[type[models.Model], list[Audited]]
) -> Any:
    """A value that a field can hold."""
    if isinstance(field, models.ForeignKey):
        there = held.get(field.related_model, [])  # type: ignore[call-overload]
        return chance.choice([*there, *([None] if field.null else [])]) if there else None
    if field.choices:
        return chance.choice([code for code, _ in field.choices] + ([""] if field.blank else []))
    if isinstance(field, models.BooleanField):
        return chance.random() < 0.5
    if field.null and chance.random() < 0.3:
        return None
    if isinstance(field, models.DateField):
        return date(1990, 1, 1) + timedelta(days=chance.randrange(12_700))
    if isinstance(field, models.DecimalField):
        digits = chance.randrange(1, field.max_digits + 1)
        return Decimal(chance.randrange(10**digits)).scaleb(-field.decimal_places)
    if isinstance(field, models.BigIntegerField):
        return chance.randrange(10 ** chance.randrange(1, 17))
    if isinstance(field, models.PositiveSmallIntegerField):
        return chance.randrange(32_768)
    if isinstance(field, models.IntegerField):
        return chance.randrange(2**31)
    if isinstance(field, models.JSONField):
        return {"text": text(chance).replace("\x00", "")}
    drawn = text(chance)[: field.max_length or 99]
    return drawn if field.blank else f"الف{drawn}"[: field.max_length or 99]


def fitted(noun: str, record: Any, number: int, held: dict[type[models.Model], list[Audited]]) -> None:
    """Make a record keep the rules of its noun."""
    week = timedelta(days=7)
    for first, last in (("valid_from", "valid_until"), ("start", "end"), ("since", "until"), ("signed_on", "closed_on"),
                        ("in_use_since", "retired_on"), ("started_on", "ended_on"), ("in_use_since", "last_seen_on"), ("date", "notified_on"), ("period_start", "period_end")):  # fmt: skip
        if getattr(record, first, None) and getattr(record, last, None):
            setattr(record, last, getattr(record, first) + week)
    if noun == "goal":
        record.weight_bp = min(record.weight_bp, 2_000)
    elif noun == "reading":
        record.numerator = None
        record.denominator = record.denominator or None
    elif noun == "project":
        record.merged_into = None
        record.status = "closed" if record.status == "merged" else record.status
        record.closing_report = f"گزارش {record.closing_report}"
        record.ended_on = record.ended_on if record.status in ("finished", "closed", "cancelled") else None
    elif noun == "baseline":
        record.number, record.reason = 1, f"={record.reason}"
    elif noun == "progress":
        record.physical_bp %= 10_001
    elif noun == "project_goal":
        record.weight_bp = 10_000
    elif noun == "project_partner":
        record.institution = None if record.unit else record.institution or held[model_of("institution")][0]
    elif noun == "data_link":
        record.provider_institution, record.consumer_unit = held[model_of("institution")][0], None
        record.provider_unit, record.consumer_institution = None, held[model_of("institution")][-1]
        record.provider_system, record.consumer_system = record.provider_system, held[model_of("system")][0]
        if record.provider_system == record.consumer_system:
            record.provider_system = None
    elif noun == "allocation_rule":
        record.state, record.number = "draft", number + 1
        record.conditions, record.parts = (
            {"contracts": [record.title]},
            [{"project": held[model_of("project")][0].key, "share_bp": 10_000}],
        )


def build(seed: int) -> World:
    """Write records of every noun, and return what they are."""
    chance = Random(seed)
    held: dict[type[models.Model], list[Audited]] = {}
    with changing(by=None, action="test.build") as change:
        for sheet in SHEETS:
            model = model_of(sheet.name)
            few = chance.randrange(1, 4)
            keys = set()
            for number in range(few):
                record: Any = model()
                for field in model._meta.concrete_fields:
                    if field.primary_key or field.name == "version":
                        continue
                    if field.name in ("code", "tag", "contract_no") or (
                        field.name == "number" and sheet.name == "resolution"
                    ):
                        code = "".join(chance.choice(ALPHABET) for _ in range(chance.randrange(1, 9)))
                        setattr(record, field.name, f"ک{code}")
                    else:
                        setattr(record, field.name, value(chance, field, held))
                fitted(sheet.name, record, number, held)
                record.clean_fields(exclude={f.name for f in model._meta.concrete_fields if f.is_relation})
                key = tuple(str(getattr(record, f"{name}_id", getattr(record, name))) for name in model.KEY)
                whole = getattr(record, f"{model.WHOLE_OF}_id") if model.WHOLE_OF else key
                if key in keys or whole in keys:
                    continue
                keys |= {key, whole}
                change.add(record)
                held.setdefault(model, []).append(record)
    return everything()


def everything() -> World:
    """Return what the register holds."""
    return {
        sheet.name: sorted(
            (snapshot(record) for record in model_of(sheet.name)._base_manager.all()),
            key=lambda one: str(one),
        )
        for sheet in SHEETS
    }
