"""Dividing amounts by shares, column-wise, so that the parts of a line are together its amount to the smallest unit."""

from __future__ import annotations

import polars as pl

from rasad.ledger.allocate.rules import WHOLE_BP


def with_amounts(parts: pl.DataFrame) -> pl.DataFrame:
    """Return `parts` (at, part, share_bp, whole) with `amount`: the part of `whole`, whose sum over an `at` is `whole`.

    By largest remainders, as `rasad.persian.apportion`, of the amount without its sign: a payment and its reversal cancel out in every part.
    The shares of an `at` are together the whole. Of equal remainders the earlier `part` gets the unit.
    """
    # In parts of the whole, so that nothing grows beyond 64 bits: whole = 10,000 × thousands + rest.
    size, share = pl.col("whole").abs(), pl.col("share_bp")
    rest = (size % WHOLE_BP) * share
    floors = parts.with_columns(
        floor=(size // WHOLE_BP) * share + rest // WHOLE_BP,
        remainder=rest % WHOLE_BP,
    )
    missing = pl.col("whole").abs() - pl.col("floor").sum().over("at")
    # One number has the order of both: a rank over numbers is found many times sooner than over pairs.
    rank = (pl.col("part") - pl.col("remainder") * WHOLE_BP).rank("ordinal").over("at")
    return floors.with_columns(
        amount=(pl.col("floor") + (rank <= missing).cast(pl.Int64)) * pl.col("whole").sign()
    ).drop("floor", "remainder")
