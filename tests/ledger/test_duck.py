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
        out = engine.copy_csv("*", tmp_path / "wide.parquet", tmp_path / "wide.csv", begin=b"\xef\xbb\xbf")
        assert engine.connection.execute("select current_setting('threads')").fetchone() == (2,)
    assert out.stat().st_size > 200_000_000
    with out.open(encoding="utf-8-sig") as lines:
        assert next(lines).startswith("n,t0")
        assert all(line.startswith(f"{n},") for n, line in enumerate(lines))
    out.unlink()
    assert [path.name for path in tmp_path.iterdir()] == ["wide.parquet"]


def test_a_table_without_rows_is_written_with_its_header(tmp_path: Path) -> None:
    source = tmp_path / "it's empty.parquet"
    pl.DataFrame(schema={"a": pl.Int64, "b": pl.String}).write_parquet(source)
    with duck() as engine:
        assert engine.copy_csv("a, b", source, tmp_path / "empty.csv").read_text("utf-8") == "a,b\n"
