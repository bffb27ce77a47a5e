"""Lines that left: what became of each line of a batch that was superseded, so that nothing ever vanishes without a word.

They are written with the batch that supersedes, in `<batch>.tombstones.parquet`, and are there if and only if it is.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rasad.ledger.clean import POLARS_TYPES, shaped
from rasad.ledger.compare import compare
from rasad.ledger.schema import TOMBSTONE

SCHEMA = {column.name: POLARS_TYPES[column.type] for column in TOMBSTONE.columns}


def counts(place: Path, batch: str) -> dict[str, int]:
    """Return how many tombstones a batch brought, by how the lines left; nothing where it brought none."""
    path = place / f"{batch}.tombstones.parquet"
    if not path.exists():
        return {}
    found = pl.read_parquet(path, columns=["how"])["how"].value_counts().sort("how")
    return {str(how): int(count) for how, count in found.iter_rows()}


def left(
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    table: str,
    identity: tuple[str, ...],
    batch: str,
    at: str,
) -> pl.DataFrame:
    """Return a tombstone for each line of `old` whose id is not in `new`: columns of TOMBSTONE.

    A line that `new` has under another id, the same or changed, is continued by it.
    """
    before = old.join(new, on="line_id", how="anti", maintain_order="left")
    if not before.height:
        return pl.DataFrame(schema=SCHEMA)
    after = new.join(old, on="line_id", how="anti", maintain_order="left")
    found = compare(before, after, identity)
    became = pl.concat(
        [
            found.same.select("line_id", continued_by="line_id_new", how=pl.lit("same")),
            found.changed.select("line_id", continued_by="line_id_new", how=pl.lit("changed")),
        ]
    )
    files = new["file_hash"].unique().to_list()
    own = pl.when(pl.col("file_hash").is_in(files)).then(pl.lit("reread")).otherwise(pl.lit("gone"))
    tombs = before.join(became, on="line_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("how", own).alias("how"),
        table=pl.lit(table),
        left_at=pl.lit(at),
        superseded_by=pl.lit(batch),
    )
    return shaped(tombs, TOMBSTONE)
