"""Amounts of ledgers that have two sides: debit and credit in two columns, or one column and another that names the side."""

from __future__ import annotations

import polars as pl

from rasad.ledger.texts import key_texts, mapped, normal_texts
from rasad.persian.text import search_key


def difference(amounts: pl.DataFrame, less: pl.DataFrame) -> pl.DataFrame:
    """Return `value` and `problem` of amounts less the others; an empty cell beside a filled one is nothing to subtract.

    The difference of two integers of 18 digits fits an Int64.
    """
    both = pl.DataFrame(
        [
            amounts["value"],
            amounts["problem"],
            less["value"].alias("less"),
            less["problem"].alias("its_problem"),
        ]
    )
    nothing = pl.col("value").is_null() & pl.col("less").is_null()
    problem = pl.when(pl.col("problem") != "").then(pl.col("problem")).otherwise(pl.col("its_problem"))
    return both.select(
        problem.alias("problem"),
        (pl.col("value").fill_null(0) - pl.col("less").fill_null(0)).alias("all"),
        nothing.alias("nothing"),
    ).select(
        pl.when(~pl.col("nothing") & (pl.col("problem") == "")).then(pl.col("all")).alias("value"), "problem"
    )


def both_sides(cell: pl.Series, less: pl.Series) -> pl.Series:
    """Return the raw text of both cells: the one that is filled, or `debit − credit`."""
    frame = pl.DataFrame([cell.alias("cell"), less.alias("less")])
    minus = (
        pl.when(pl.col("less").str.strip_chars() == "").then(pl.lit("")).otherwise(pl.format(" − {}", "less"))
    )
    return frame.select(pl.concat_str("cell", minus).str.strip_chars_start())["cell"]


def signed(amounts: pl.DataFrame, side: pl.Series, negative: tuple[str, ...]) -> pl.DataFrame:
    """Return the amounts with the sign that their side says."""
    wanted = [search_key(one) for one in negative]
    subtracts = mapped(side, lambda texts: key_texts(normal_texts(texts)).is_in(wanted))
    return amounts.with_columns(
        pl.when(subtracts).then(-pl.col("value")).otherwise(pl.col("value")).alias("value")
    )
