"""What a batch keeps besides its lines: rows that do not count, cell by cell, and every problem with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.batches import Receipt, folder
from rasad.ledger.problems import STANDING
from rasad.ledger.standing import PROBLEM_SCHEMA


def problems(home: Path, batch: str) -> pl.DataFrame:
    """Return the problems of a batch, those of budget trees among them: sheet, row, column, code, found, expected."""
    path = folder(home) / f"{batch}.problems.parquet"
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=PROBLEM_SCHEMA)


def rows_aside(home: Path, batch: str) -> pl.DataFrame:
    """Return the rows set aside: reason, sheet, row, cells_verbatim (list of text), a1 … an (the amounts, smallest unit)."""
    return _kept(home, batch, "aside", {"reason": pl.String, **_KEPT})


def rows_quarantined(home: Path, batch: str) -> pl.DataFrame:
    """Return the rows in quarantine: sheet, row, cells_verbatim (list of text), a1 … an (the amounts that can be read)."""
    return _kept(home, batch, "quarantine", _KEPT)


_KEPT = {"sheet": pl.String, "row": pl.UInt32, "cells_verbatim": pl.List(pl.String)}


def _kept(home: Path, batch: str, kind: str, schema: dict[str, Any]) -> pl.DataFrame:
    path = folder(home) / f"{batch}.{kind}.parquet"
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=schema)


def standing(home: Path, receipt: Receipt) -> list[dict[str, Any]]:
    """Return the problems of rows that count, in the file's order: sheet, row, column, code, found, expected."""
    if not STANDING & set(receipt.problems):
        return []
    found = problems(home, receipt.batch)
    stands = pl.col("code").is_in(list(STANDING))
    # A row that is rejected for something else does not stand, whatever its identifier is.
    return (
        found.filter(stands)
        .join(found.filter(~stands), on=["sheet", "row"], how="anti", nulls_equal=True)
        .sort("sheet", "row", "column")
        .to_dicts()
    )


def rejections(home: Path, receipt: Receipt, *, most: int) -> list[dict[str, Any]]:
    """Return the first `most` problems that keep rows out of a batch, in the file's order: sheet, row, column, code, found, expected."""
    if not receipt.rows["quarantined"]:
        return []
    found = problems(home, receipt.batch).filter(~pl.col("code").is_in(list(STANDING)))
    return found.sort("sheet", "row", "column").head(most).to_dicts()


def quarantined_rows(home: Path, receipt: Receipt) -> Iterator[dict[str, Any]]:
    """Yield each quarantined row of a batch: sheet, row, cells (as they stood), problems (column, code, found, expected)."""
    wrong: dict[tuple[str, int], list[dict[str, str]]] = {}
    for one in problems(home, receipt.batch).iter_rows(named=True):
        wrong.setdefault((one.pop("sheet"), one.pop("row")), []).append(one)
    for row in rows_quarantined(home, receipt.batch).sort("sheet", "row").iter_rows(named=True):
        yield {
            "sheet": row["sheet"],
            "row": row["row"],
            "cells": row["cells_verbatim"],
            "problems": wrong[row["sheet"], row["row"]],
        }
