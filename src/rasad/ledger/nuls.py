"""Cells that hold a NUL, the character of the number 0: no program writes one into a text on purpose, and none shows it.

It is left by a database's field of fixed width, by a program that broke off, or by a disk that failed. What stands beside it may be whole or not,
so the row waits in quarantine for a person; the others are read.
"""

from __future__ import annotations

import polars as pl

from rasad.ledger.phrases import A_TEXT
from rasad.ledger.read.cells import Cells, column_names

COLUMN = "nul"
_NUL = "\x00"


def of_rows(cells: Cells) -> list[pl.Expr]:
    """Return `nul`, the code of rows in which a cell holds a NUL; nothing where the file has none, as nearly all."""
    if not cells.nuls:
        return []
    holds = pl.any_horizontal(
        pl.col(name).str.contains(_NUL, literal=True) for name in column_names(cells.width)
    )
    return [pl.when(holds).then(pl.lit("nul")).otherwise(pl.lit("")).alias(COLUMN)]


def not_set_aside(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with no reason to set those aside that hold a NUL: what they were is not known."""
    reason = pl.when(pl.col(COLUMN) == "").then(pl.col("reason"))
    return frame.with_columns(reason.alias("reason"))


def problems(bad: pl.DataFrame, cells: Cells) -> list[pl.DataFrame]:
    """Return a problem for each cell of the rejected rows that holds a NUL."""
    if not cells.nuls:
        return []
    return [
        bad.filter(pl.col(column).str.contains(_NUL, literal=True)).select(
            sheet=pl.lit(cells.sheet),
            row=pl.col("row"),
            column=pl.lit(name),
            code=pl.lit("nul"),
            found=pl.col(column),
            expected=pl.lit(A_TEXT),
        )
        for column, name in zip(column_names(cells.width), cells.names, strict=True)
    ]
