"""A small home written by hand: batches as an import leaves them, without the import."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.clean import POLARS_TYPES
from rasad.ledger.schema import TABLES

MAPPING = """
id = "{source}"
table = "{table}"
[columns.title]
names = ["title"]
[[amounts]]
names = ["amount"]
{stage}
[fiscal_year]
from = "value"
value = 2021
"""


def write_home(home: Path, *, currency: str = "EUR", language: str = "es", extra: str = "") -> Path:
    """Write a city.toml with an IT organisation: programme 49101, units from 501."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "city.toml").write_text(
        f"""[city]
id = "small"
currency = "{currency}"
languages = ["{language}"]
it_programmes = ["49101"]
it_units = ["501"]
{extra}
""",
        "utf-8",
    )
    return home


def write_batch(
    home: Path,
    rows: list[dict[str, Any]],
    *,
    source: str = "small.payments",
    table: str = "line",
    currency: str = "EUR",
    created_at: str = "2026-01-01T00:00:00Z",
    supersedes: tuple[str, ...] = (),
    persons: str = "",
    quarantine: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Write one batch with `rows` (any columns of the table) and its receipt, which is returned."""
    declared = TABLES[table]
    schema = {column.name: POLARS_TYPES[column.type] for column in declared.columns}
    digest = hashlib.sha256(repr((rows, source, created_at)).encode()).hexdigest()
    batch = digest[:16]
    defaults = {
        "batch": batch,
        "source": source,
        "file_name": "payments.csv",
        "file_hash": digest,
        "origin": "row",
        "flow": "expense",
        "book": "payments",
        "stage": "paid",
        "fiscal_year": 2021,
        "currency": currency,
        "contract_no": "",
    }
    filled = [
        {
            **{name: value for name, value in defaults.items() if name in schema},
            "line_no": number,
            "row": number + 1,
            "line_id": f"{digest[:12]}--{number + 1}",
            "amount_raw": str(row.get("amount", "")),
            "supplier_raw": row.get("supplier_name"),
            "title_raw": row.get("title"),
            **row,
        }
        for number, row in enumerate(rows)
    ]
    folder = home / "ledger" / "batches"
    folder.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(filled, schema=schema)
    frame.write_parquet(folder / f"{batch}.parquet")
    if quarantine is not None:
        pl.DataFrame(quarantine).write_parquet(folder / f"{batch}.problems.parquet")
    total = int(frame["amount"].sum())
    receipt: dict[str, Any] = {
        "batch": batch,
        "table": table,
        "source": source,
        "mapping_hash": "0" * 64,
        "mapping_version": 1,
        "created_at": created_at,
        "file": {"name": "payments.csv", "sha256": digest, "bytes": 1, "encoding": "utf-8", "sheet": None},
        "params": {},
        "rows": {"in": len(rows), "stored": len(rows), "set_aside": 0, "quarantined": len(quarantine or ())},
        "lines": len(rows),
        "remainder_lines": 0,
        "amounts": [
            {
                "column": "amount",
                "stage": "paid",
                "currency": currency,
                "in": total,
                "stored": total,
                "set_aside": 0,
                "quarantined": 0,
                "unreadable_cells": 0,
                "remainder": 0,
            }
        ],
        "problems": {},
        "aside": {},
        "fiscal_years": [2021],
        "supersedes": list(supersedes),
    }
    (folder / f"{batch}.json").write_text(json.dumps(receipt), "utf-8")
    sources = home / "sources"
    sources.mkdir(exist_ok=True)
    stage = 'stage = "paid"' if table == "line" else ""
    (sources / f"{source}.toml").write_text(
        MAPPING.format(source=source, table=table, stage=stage) + persons, "utf-8"
    )
    return receipt
