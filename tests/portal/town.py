"""A small town's release, written by hand: every kind of line that a page must stand, and the rows to recompute figures from."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.schema import Table
from rasad.release.build import build, columns_of, publish

STAGES = ("initial", "modification", "final", "committed", "paid")
UNITS = {"10": "معاونت «الف» & ب", "20": "سازمان فناوری اطلاعات", "30": "<b>منطقه</b> ۳"}
PROGRAMMES = {"p1": "شهر هوشمند", "p2": "عمران"}
ECONOMICS = {"e1": "تجهیزات رایانه‌ای", "e2": "=SUM(A1:A9)"}
CLASSES = ("hardware", "software", "services", "not_it", "unknown")
SUPPLIERS = {
    "ir:10100000001": ("شرکت رایانه‌گستر", "10100000001", "ir_legal", False),
    "name:پیمانکار": ('=HYPERLINK("http://x")', None, "name", False),
    "person": (None, None, "person", True),
}
_POLARS = {
    "text": pl.String,
    "int": pl.Int64,
    "money": pl.Int64,
    "date": pl.Date,
    "bool": pl.Boolean,
    "real": pl.Float64,
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """The folder of releases and the rows of the live one's lines."""

    releases: Path
    lines: list[Row] = field(repr=False)

    def paid(self, year: int, **more: Any) -> list[Row]:
        """Return the lines of the payments ledger of a year that have all these values."""
        wanted = {"book": "payments", "flow": "expense", "stage": "paid", "fiscal_year": year, **more}
        return [row for row in self.lines if all(row[name] == value for name, value in wanted.items())]


def write_release(
    releases: Path,
    *,
    seed: int = 7,
    payments: int = 400,
    classes: Sequence[str] = CLASSES,
    edit: Callable[[list[Row]], list[Row]] | None = None,
    now: datetime = datetime(2025, 4, 1, tzinfo=UTC),
    records: Callable[[list[Row], Path], tuple[dict[str, Path], dict[str, Table]]] | None = None,
    **city: Any,
) -> list[Row]:
    """Build and publish the next release of the town, of lines put through `edit`, with what `records` writes of them; return its lines."""
    lines = _payments(random.Random(seed), payments, classes) + _budget(random.Random(seed + 1))
    lines = edit(lines) if edit else lines
    used = {row["supplier"] for row in lines} - {None}
    suppliers = [
        {
            "supplier": key,
            "name": name,
            "supplier_id": number,
            "supplier_id_kind": kind,
            "supplier_is_person": person,
            "lines": sum(1 for row in lines if row["supplier"] == key),
        }
        for key, (name, number, kind, person) in SUPPLIERS.items()
        if key in used
    ]
    tables = {
        "line": lines,
        "contract": _contracts(),
        "supplier": suppliers,
        "batch": _batches(lines),
        "problem": _problems(),
        "tombstone": _tombstones(lines),
    }
    staged = releases.parent / "staged"
    staged.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        schema = {column.name: _POLARS[column.type] for column in columns_of(name)}
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(staged / f"{name}.parquet")
    more, declared = records(lines, staged) if records else ({}, {})
    folder = build(
        tables={name: staged / f"{name}.parquet" for name in tables} | more,
        declared=declared,
        city={
            "id": "town",
            "name_fa": "آبادی",
            "name_en": "Abadi",
            "currency": "IRR",
            "minor_digits": 0,
            "calendar": "jalali",
            "residents": 1000,
            "residents_source_fa": "شمرده",
            "residents_source_en": "counted",
            "default_stage": "paid",
            "sample": True,
            **city,
        },
        built_from={"rasad": "test"},
        out=releases,
        now=now,
    )
    publish(releases, int(folder.name))
    return lines


def _line(number: int, batch: str, stage: str, **values: Any) -> Row:
    row: Row = {column.name: None for column in columns_of("line")}
    row |= {
        "line_id": f"{batch}00000000-1-{number + 2}-{stage}",
        "line_no": number,
        "batch": batch,
        "source": f"town.{'payments' if batch == 'aaaa' else 'budget'}",
        "file_name": f"{batch}.csv",
        "file_hash": batch * 16,
        "sheet": "",
        "row": number + 2,
        "origin": "row",
        "flow": "expense",
        "stage": stage,
        "currency": "IRR",
        "class_method": "rule",
        "class_rule": "fa.test",
        "class_version": "1",
        "class_confidence": 0.9,
        "mode": "run",
        "supplier_id_kind": "none",
        "supplier_is_person": False,
    }
    # The second row of the payments was rejected at first.
    if batch == "aaaa" and number == 1:
        row |= {"corrected_hash": "f" * 64, "corrected_row": 7}
    return row | values


def _payments(chance: random.Random, count: int, classes: Sequence[str]) -> list[Row]:
    rows = []
    for number in range(count):
        year = chance.choice((1401, 1402, 1403))
        # A Jalali year begins in March of the Gregorian year 621 later.
        day = date(year + 621, 3, 25) + timedelta(days=chance.randrange(330))
        unit, programme, economic = (chance.choice(list(x)) for x in (UNITS, PROGRAMMES, ECONOMICS))
        key = chance.choice([*SUPPLIERS, None])
        name, supplier_id, kind, person = SUPPLIERS.get(key or "", (None, None, "none", False))
        amount = chance.randrange(-5_000_000, 9_000_000_000)
        title = chance.choice(
            ("خرید سرور", "=1+1", "+تلفن", "نگهداری شبکه روشنایی", "<script>alert(1)</script>")
        )
        rows.append(
            _line(
                number,
                "aaaa",
                "paid",
                book="payments",
                fiscal_year=year,
                date=day,
                date_raw=f"{year}/x",
                amount=amount,
                amount_raw=str(amount),
                unit_code=unit,
                unit=UNITS[unit],
                programme_code=programme,
                programme=PROGRAMMES[programme],
                economic_code=economic,
                economic=ECONOMICS[economic],
                title=title,
                title_raw=title.replace("ی", "ي"),
                title_key=title,
                document_no=str(number),
                contract_no="c-1" if number % 50 == 0 else None,
                **{"class": chance.choice(classes)},
                supplier=key,
                supplier_name=name,
                supplier_raw=name,
                supplier_id=supplier_id,
                supplier_id_kind=kind,
                supplier_is_person=person,
            )
        )
    return rows


def _budget(chance: random.Random) -> list[Row]:
    rows = []
    for number in range(60):
        year, unit = chance.choice((1402, 1403)), chance.choice(list(UNITS))
        initial = chance.randrange(1, 90_000_000_000)
        change = chance.randrange(-initial // 2, initial)
        final = initial + change
        amounts = (initial, change, final, final * 9 // 10, final * 7 // 10)
        cls = chance.choice(CLASSES)
        for stage, amount in zip(STAGES, amounts, strict=True):
            rows.append(
                _line(
                    number,
                    "bbbb",
                    stage,
                    book="budget",
                    fiscal_year=year,
                    amount=amount,
                    amount_raw=str(amount),
                    unit_code=unit,
                    unit=UNITS[unit],
                    title="اعتبار",
                    title_raw="اعتبار",
                    title_key="اعتبار",
                    **{"class": cls},
                )
            )
    revenue = _line(90, "bbbb", "recognised", book="budget", fiscal_year=1403, amount=777, title="عوارض")
    return [*rows, revenue | {"flow": "revenue", "class": "not_it", "title_key": "عوارض"}]


def _contracts() -> list[Row]:
    row: Row = {column.name: None for column in columns_of("contract")}
    row |= {
        "line_id": "cccc-1-2",
        "line_no": 0,
        "batch": "cccc",
        "source": "town.contracts",
        "file_name": "cccc.csv",
    }
    row |= {"file_hash": "cccc" * 16, "sheet": "", "row": 2, "contract_no": "c-1", "fiscal_year": 1403}
    row |= {
        "title": "قرارداد پشتیبانی",
        "amount": 12_345_678,
        "currency": "IRR",
        "supplier": "ir:10100000001",
    }
    row |= {"supplier_name": "شرکت رایانه‌گستر", "supplier_id_kind": "ir_legal", "supplier_is_person": False}
    return [row]


def _batches(lines: list[Row]) -> list[Row]:
    found = []
    for batch, quarantined in (("aaaa", 1), ("bbbb", 0)):
        own = [row for row in lines if row["batch"] == batch]
        for stage in dict.fromkeys(row["stage"] for row in own):
            stored = sum(row["amount"] for row in own if row["stage"] == stage)
            count = len({row["row"] for row in own})
            found.append(
                {
                    **{column.name: None for column in columns_of("batch")},
                    "batch": batch,
                    "table": "line",
                    "source": own[0]["source"],
                    "mapping_version": "1",
                    "mapping_hash": "d" * 64,
                    "created_at": "2025-04-01T00:00:00+00:00",
                    "file_name": f"{batch}.csv",
                    "file_hash": batch * 16,
                    "file_bytes": 1234,
                    "encoding": "utf-8",
                    "corrections": "f" * 64 if batch == "aaaa" else None,
                    "rows_corrected": 3 if batch == "aaaa" else 0,
                    "lines": len(own),
                    "remainder_lines": 0,
                    "rows_in": count + quarantined,
                    "rows_stored": count,
                    "rows_set_aside": 0,
                    "rows_quarantined": quarantined,
                    "column": f"ستون {stage}",
                    "stage": stage,
                    "currency": "IRR",
                    "amount_in": stored + 5 * quarantined,
                    "amount_stored": stored,
                    "amount_set_aside": 0,
                    "amount_quarantined": 5 * quarantined,
                    "amount_remainder": 0,
                    "unreadable_cells": 0,
                }
            )
    return found


def _tombstones(lines: list[Row]) -> list[Row]:
    """Two lines of an earlier export: one that the first payment continues, one that is gone."""
    names = [column.name for column in columns_of("tombstone")]
    kept = {name: lines[0].get(name) for name in names}
    left = {
        "table": "line",
        "batch": "oooo",
        "superseded_by": lines[0]["batch"],
        "left_at": "2025-03-20T10:00:00.000000+00:00",
        "file_name": "old.csv",
        "file_hash": "oooo" * 16,
    }
    return [
        {
            **kept,
            **left,
            "line_id": "oooo-1-2-paid",
            "how": "changed",
            "continued_by": lines[0]["line_id"],
            "amount": 77,
        },
        {
            **kept,
            **left,
            "line_id": "oooo-1-3-paid",
            "how": "gone",
            "continued_by": None,
            "amount": 12_345_678_000,
            "row": 3,
        },
    ]


def _problems() -> list[Row]:
    one = {"batch": "aaaa", "source": "town.payments", "file_name": "aaaa.csv", "sheet": "", "row": 999}
    short = one | {"batch": "bbbb", "source": "town.budget", "file_name": "bbbb.csv", "row": 40}
    return [
        one | {"column": "تاریخ", "code": "date", "expected": "1403/01/31"},
        short | {"column": "tree_code", "code": "tree_exceeded", "expected": "163974000000"},
    ]
