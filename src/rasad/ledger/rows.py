"""Rows that come from elsewhere than files → the Parquet of a declared table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.schema import Column
from rasad.ledger.view import schema_of

CHUNK = 50_000


def write_rows(columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write rows (column → value of its type; an empty text is no value) to `path` as Parquet, and return how many there were.

    Values of columns that are not among `columns` are left out.
    """
    schema = schema_of(columns)
    waiting = iter(rows)
    frames = [pl.DataFrame(schema=schema)]
    while chunk := list(islice(waiting, CHUNK)):
        frame = pl.DataFrame(
            {name: [row.get(name) for row in chunk] for name in schema}, schema=schema, strict=True
        )
        texts = [column.name for column in columns if column.type == "text"]
        frames.append(frame.with_columns(pl.col(texts).replace("", None)) if texts else frame)
    whole = pl.concat(frames)
    whole.write_parquet(path)
    return whole.height
