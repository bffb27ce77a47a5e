"""What became of the lines that left, as of today: led on, over any number of newer exports, to the line that stands for them now."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rasad.ledger.batches import all_receipts, folder, receipts
from rasad.ledger.tombstones import SCHEMA


def written(home: Path) -> pl.DataFrame:
    """Return every tombstone ever written, in the order of the batches that wrote them."""
    paths = [folder(home) / f"{receipt.batch}.tombstones.parquet" for receipt in all_receipts(home)]
    frames = [pl.read_parquet(path) for path in paths if path.exists()]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames])


def settled(home: Path) -> pl.DataFrame:
    """Return what holds today: one tombstone for each line that is not live, led on to the line that stands for it now.

    A line that came back has none. Where a line was continued and its successor left later, how and when are the successor's.
    """
    every = written(home)
    if not every.height:
        return every
    live = pl.concat(
        [
            pl.scan_parquet(folder(home) / f"{receipt.batch}.parquet").select("line_id")
            for receipt in receipts(home)
        ]
    ).collect()
    last = every.unique("line_id", keep="last", maintain_order=True).join(
        live, on="line_id", how="anti", maintain_order="left"
    )
    step = last.select(
        "line_id", how_next="how", left_next="left_at", by_next="superseded_by", to_next="continued_by"
    )
    # A successor always left later than the line before it, so this ends.
    while True:
        on = last.join(step, left_on="continued_by", right_on="line_id", how="inner")
        if not on.height:
            return last
        led = on.select(
            "line_id",
            how_led=pl.when(pl.col("how_next") == "same").then(pl.col("how")).otherwise(pl.col("how_next")),
            left_led="left_next",
            by_led="by_next",
            to_led="to_next",
            led=True,
        )
        joined = last.join(led, on="line_id", how="left", maintain_order="left")
        is_led = pl.col("led").is_not_null()
        pairs = {"how": "how_led", "left_at": "left_led", "superseded_by": "by_led", "continued_by": "to_led"}
        last = joined.with_columns(
            pl.when(is_led).then(pl.col(led)).otherwise(pl.col(name)).alias(name)
            for name, led in pairs.items()
        ).select(*SCHEMA)


def continued(home: Path) -> pl.DataFrame:
    """Return `line_id` and `now`: for each line that left and is continued, the live line that stands for it."""
    return settled(home).filter(pl.col("continued_by").is_not_null()).select("line_id", now="continued_by")
