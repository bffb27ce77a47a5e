"""What DuckDB is asked to do stays within the memory it is given, however many rows there are."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rasad.ledger.engines.duck import duck


def test_a_table_larger_than_the_memory_is_written_as_csv_in_its_order(tmp_path: Path) -> None:
    rows = 300_000
    text = pl.format("{} {}", pl.lit("پرداخت بابت قرارداد نگهداری سامانه‌های شهری " * 3), pl.col("n") % 97)
    frame = pl.DataFrame({"n": pl.arange(0, rows, eager=True)}).with_columns(
        text.alias(f"t{i}") for i in range(4)
    )
    frame.write_parquet(tmp_path / "wide.parquet", row_group_size=100_000)
    with duck(memory="100MB", threads=2) as engine:
        engine.table("wide", tmp_path / "wide.parquet")
        out = engine.copy_csv("select * from wide", tmp_path / "wide.csv")
        assert engine.connection.execute("select current_setting('threads')").fetchone() == (2,)
    assert out.stat().st_size > 200_000_000
    with out.open(encoding="utf-8") as lines:
        assert next(lines).startswith("n,t0")
        assert all(line.startswith(f"{n},") for n, line in enumerate(lines))
    out.unlink()
