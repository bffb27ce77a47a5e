"""What the town's people wrote: units, projects, goals, indicators, links, assets, and whom each line's money is for."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from town import Row

from rasad.ledger.rows import write_rows
from rasad.ledger.schema import ALLOCATION, Column, Table
from rasad.persian.apportion import apportion
from rasad.records.tables import SHEETS

RECORDS: dict[str, list[dict[str, Any]]] = {
    "unit": [
        {"code": "1", "name": "شهرداری", "kind": "organisation", "is_it": False},
        {"code": "10", "name": "معاونت", "parent": "1", "kind": "department", "is_it": False},
        {"code": "20", "name": "سازمان فناوری", "parent": "1", "kind": "organisation", "is_it": True},
    ],
    "institution": [{"code": "civil", "name": "ثبت احوال", "kind": "government"}],
    "resolution": [
        {"number": "r/1", "date": date(2022, 5, 1), "title": "مصوبهٔ یک", "state": "binding"},
    ],
    "goal": [
        {"code": "g1", "title": "خدمت", "weight_bp": 6000, "is_general": False},
        {"code": "g11", "title": "خدمت بی‌مراجعه", "parent": "g1", "weight_bp": 10000, "is_general": False},
        {"code": "g2", "title": "شهر هوشمند", "weight_bp": 4000, "is_general": True},
    ],
    "indicator": [
        {"code": "i/1", "title": "بی‌مراجعه", "direction": "up", "frequency": "yearly", "measured_in": "درصد", "baseline": Decimal("4.5")},
        {"code": "i2", "title": "هرگز خوانده‌نشده", "direction": "down", "frequency": "yearly"},
    ],
    "goal_indicator": [{"goal": "g11", "indicator": "i/1"}, {"goal": "g2", "indicator": "i2"}],
    "target": [{"indicator": "i/1", "due": date(2025, 3, 20), "value": Decimal(60)}],
    "reading": [
        {"indicator": "i/1", "period_start": date(2023, 3, 21), "period_end": date(2024, 3, 19), "value": Decimal("31.25"), "numerator": Decimal(5), "denominator": Decimal(16), "quality": "measured"},
        {"indicator": "i/1", "period_start": date(2024, 3, 20), "period_end": date(2025, 3, 20), "value": Decimal(61), "quality": "estimate"},
    ],
    "service": [{"code": "s1", "name": "صدور پروانه", "unit": "10", "promised_days": 30, "yearly_cases": 5200, "is_active": True}],
    "channel": [
        {"service": "s1", "kind": "in_person", "trips": Decimal(4), "travel_cost": 300_000, "yearly_cases": 3900},
        {"service": "s1", "kind": "web", "trips": Decimal(0), "travel_cost": 0, "yearly_cases": 1300},
    ],
    "system": [{"code": "y1", "name": "شهرسازی", "unit": "20", "state": "in_use", "in_use_since": date(2020, 1, 1), "users": 12}],
    "data_link": [
        {"code": "l1", "provider_institution": "civil", "consumer_unit": "10", "data": "هویت", "agreed_on": date(2022, 1, 1), "in_use_since": date(2022, 6, 1), "last_seen_on": date(2025, 2, 10)},
        {"code": "l2", "provider_unit": "20", "consumer_unit": "10", "data": "نقشه", "agreed_on": date(2022, 1, 1)},
        {"code": "l3", "provider_unit": "10", "consumer_unit": "20", "data": "پروانه"},
        {"code": "l4", "provider_unit": "10", "consumer_unit": "20", "data": "قدیمی", "agreed_on": date(2020, 1, 1), "in_use_since": date(2020, 2, 1), "last_seen_on": date(2021, 2, 1)},
    ],
    "project": [
        {"code": "p/1", "title": "سامانهٔ <b>یک</b>", "unit": "20", "kind": "new_system", "status": "running", "resolution": "r/1", "self_rating": "on_course"},
        {"code": "p2", "title": "بی‌هدف", "unit": "10", "kind": "other", "status": "merged", "merged_into": "p/1"},
        {"code": "p3", "title": "نیمه‌هدف", "unit": "10", "kind": "data", "status": "closed", "closing_report": "پایان"},
    ],
    "baseline": [
        {"project": "p/1", "number": 1, "start": date(2021, 3, 21), "end": date(2022, 3, 20), "budget": 100_000_000},
        {"project": "p/1", "number": 2, "start": date(2021, 3, 21), "end": date(2023, 3, 20), "budget": 150_000_000, "reason": "گرانی"},
        {"project": "p/1", "number": 3, "start": date(2021, 3, 21), "end": date(2024, 3, 19), "budget": 190_000_000, "reason": "تأخیر"},
    ],
    "milestone": [{"project": "p/1", "number": 1, "title": "آغاز", "due": date(2021, 6, 1), "reached_on": date(2021, 7, 1)}],
    "progress": [{"project": "p/1", "as_of": date(2024, 3, 19), "physical_bp": 4250}],
    "project_goal": [
        {"project": "p/1", "goal": "g11", "weight_bp": 7000},
        {"project": "p/1", "goal": "g2", "weight_bp": 3000},
        {"project": "p3", "goal": "g2", "weight_bp": 10_000},
    ],
    "project_service": [{"project": "p/1", "service": "s1", "change": "بی‌مراجعه"}],
    "project_partner": [{"project": "p/1", "institution": "civil", "part": "داده"}],
    "asset": [
        {"tag": "A1", "name": "سرور", "kind": "server", "unit": "20", "state": "in_use", "registered_on": date(2022, 1, 1), "price": 900, "quantity": 1},
        {"tag": "A2", "name": "رایانه", "kind": "computer", "unit": "10", "state": "in_stock", "price": 100, "quantity": 1},
        {"tag": "A3", "name": "پروانه", "kind": "licence", "unit": "10", "state": "in_use", "registered_on": date(2022, 1, 1), "price": 50, "quantity": 40, "used": 10},
    ],
}  # fmt: skip
LABEL = Table(
    "label",
    "نام کدها",
    "names of codes",
    ("table", "column", "code"),
    tuple(Column(name, "text", name, name, public=True) for name in ("table", "column", "code", "fa", "en")),
)
LABELS = [
    {"table": "project", "column": "status", "code": "running", "fa": "در دست اجرا", "en": "running now"}
]


def write_records(
    lines: list[Row], staged: Path, records: dict[str, list[dict[str, Any]]] = RECORDS
) -> tuple[dict[str, Path], dict[str, Table]]:
    """Write the records and an allocation of every line; return the tables' files and declarations."""
    paths: dict[str, Path] = {}
    declared: dict[str, Table] = {}
    for sheet in SHEETS:
        columns = sheet.table.public_columns
        paths[sheet.name] = staged / f"{sheet.name}.parquet"
        write_rows(columns, records.get(sheet.name, []), paths[sheet.name])
        table = sheet.table
        declared[sheet.name] = Table(table.name, table.fa, table.en, table.key, columns)
    paths["label"], declared["label"] = staged / "label.parquet", LABEL
    write_rows(LABEL.columns, LABELS, paths["label"])
    paths["allocation"], declared["allocation"] = staged / "allocation.parquet", ALLOCATION
    write_rows(ALLOCATION.columns, allocation(lines), paths["allocation"])
    return paths, declared


def allocation(lines: list[Row]) -> list[Row]:
    """Return parts of every line: a third unlinked, others to one project or two."""
    chance = random.Random(11)
    rows: list[Row] = []
    for line in lines:
        shares = chance.choice(
            ([(None, 10_000)], [("p/1", 10_000)], [("p2", 2_500), ("p/1", 2_500), (None, 5_000)], [("p3", 3_333), (None, 6_667)])
        )  # fmt: skip
        parts = apportion(line["amount"], [share for _, share in shares])
        for number, ((project, share), amount) in enumerate(zip(shares, parts, strict=True), 1):
            rows.append(
                {
                    "line_id": line["line_id"],
                    "part": number,
                    "project": project,
                    "share_bp": share,
                    "amount": amount,
                    "method": "rule" if project else "none",
                    "rule": "words" if project else None,
                    "rule_version": 1 if project else None,
                }
            )
    return rows
