"""The real files, through the city packs: what was found on the way, besides the figures that `tests/contracts` recomputes."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from rasad.actions.batches import take_in
from rasad.actions.cities import packs, sources, start_home
from rasad.ledger.batches import Receipt, folder, receipts
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problem_rows import rows_aside, rows_quarantined
from rasad.ledger.view import view

pytestmark = pytest.mark.realdata
Homes = Callable[[str], Path]


def receipts_of(home: Path) -> dict[str, Receipt]:
    """Return the receipts of a home by the names of their files."""
    return {one.file["name"]: one for one in receipts(home)}


def test_madrid_two_encodings_six_stages_and_names_for_bare_codes(real_home: Homes) -> None:
    home = real_home("madrid")
    found = receipts_of(home)
    said = {name: (one.file["encoding"], one.file["delimiter"]) for name, one in found.items()}
    assert said == {
        "gastos.csv": ("latin-1", ";"), "ingresos.csv": ("latin-1", ";"), "pagos.csv": ("utf-8", ","),
    }  # fmt: skip
    assert len(found["gastos.csv"].amounts) == 6
    assert found["pagos.csv"].rows == {"in": 35_895, "stored": 35_895, "set_aside": 0, "quarantined": 0}
    lines = view(home).filter(pl.col("source") == "madrid.pagos").collect()
    # The payments carry codes alone; the budget names them.
    assert lines.select("unit", "programme", "economic").null_count().row(0) == (0, 0, 0)
    assert lines.filter(pl.col("programme_code") == "49101")["programme"].unique().len() == 1


def test_madrid_keeps_revenue_apart(real_home: Homes) -> None:
    flows = view(real_home("madrid")).group_by("source").agg(pl.col("flow").unique()).collect()
    assert dict(flows.rows()) == {
        "madrid.gastos": ["expense"], "madrid.pagos": ["expense"], "madrid.ingresos": ["revenue"],
    }  # fmt: skip


def test_isfahan_is_summed_without_counting_twice(real_home: Homes) -> None:
    home = real_home("isfahan")
    [receipt] = receipts_of(home).values()
    [amounts] = receipt.amounts
    assert receipt.aside == {"parent": 597}
    assert amounts.roots == amounts.stored + amounts.remainder
    # Neither tree, read as the mapping reads it, holds a parent that falls short of its children.
    assert receipt.problems == {}
    units = view(home).filter(pl.col("nature") == "capital").collect()["unit_code"].unique()
    assert sorted(units) == ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]


def test_oxford_three_headers_one_mapping_and_repeated_payments(realdata: Path, real_home: Homes) -> None:
    home = real_home("oxford")
    found = receipts_of(home)
    assert len({tuple(one.file["sheets"][0]["columns"]) for one in found.values()}) == 3
    for name, receipt in found.items():
        with (realdata / "oxford" / name).open(encoding="utf-8", newline="") as file:
            rows = Counter(map(tuple, list(csv.reader(file))[1:]))
        assert receipt.rows["stored"] == rows.total()
        lines = pl.read_parquet(folder(home) / f"{receipt.batch}.parquet")
        assert lines["line_id"].n_unique() == rows.total()
    years = [year for receipt in found.values() for year in receipt.fiscal_years]
    assert sorted(set(years)) == [2015, 2017]


# One month of each of the nine headers, and the two that end in rows filled down.
MONTHS = (
    "2014-04_i", "2014-05_p", "2014-11_i", "2014-12_i", "2015-05_i", "2015-08_i", "2015-11_i", "2016-01_i", "2019-05_p",
    "2022-06_i", "2022-07_i",
)  # fmt: skip


@pytest.mark.parametrize("month", MONTHS)
def test_north_tyneside_nine_headers_one_mapping(realdata: Path, tmp_path: Path, month: str) -> None:
    start_home(home=tmp_path, pack=packs()["northtyneside"])
    mapping = load_mapping(sources(tmp_path)["northtyneside.payments"])
    path = realdata / "northtyneside" / f"{month}.csv.gz"
    receipt = take_in(home=tmp_path, mapping=mapping, path=path)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    spot = next(i for i, name in enumerate(header) if name in ("Amount", "Net Amount"))
    pence = sum(round(float(row[spot]) * 100) for row in rows if row[spot])
    [amounts] = receipt.amounts
    assert (receipt.rows["in"], amounts.in_, amounts.stored) == (len(rows), pence, pence)
    assert receipt.aside == {"2022-06_i": {"filler": 1715}, "2022-07_i": {"filler": 1599}}.get(month, {})
    assert receipt.problems == ({"amount_missing": 4} if month == "2022-06_i" else {})
    lines = pl.read_parquet(folder(tmp_path) / f"{receipt.batch}.parquet")
    labels = any("Classification" in name for name in header)
    assert (lines["label"].null_count() < lines.height) == labels
    assert lines["economic"].null_count() < lines.height / 10
    # What was kept aside or in quarantine is the file's own row, cell by cell.
    for frame in (rows_aside(tmp_path, receipt.batch), rows_quarantined(tmp_path, receipt.batch)):
        for row, cells in frame.select("row", "cells_verbatim").iter_rows():
            assert cells == rows[row - 2]


def test_what_two_files_say_is_named_where_most_of_them_differs(realdata: Path, tmp_path: Path) -> None:
    start_home(home=tmp_path, pack=packs()["northtyneside"])
    mapping = load_mapping(sources(tmp_path)["northtyneside.payments"])
    june, july = (
        take_in(home=tmp_path, mapping=mapping, path=realdata / "northtyneside" / f"2020-{month}_i.csv.gz")
        for month in ("06", "07")
    )
    # Both files hold the payments of the first days of July.
    assert july.repeats == [{"batch": june.batch, "file": "2020-06_i.csv.gz", "lines": 1100}]
