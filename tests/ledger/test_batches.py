"""Batches: all or nothing, never twice, never changed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from offices import BUDGET, mapping, write

from rasad.actions.batches import import_file, load_city
from rasad.ledger import batches, durable
from rasad.ledger.batches import all_receipts, folder, locked, receipts
from rasad.ledger.clean import POLARS_TYPES
from rasad.ledger.mapping import Mapping
from rasad.ledger.phrases import A_MONTH
from rasad.ledger.problem_rows import problems, quarantined_rows, rows_aside, rows_quarantined
from rasad.ledger.problems import (
    AlreadyLoaded,
    Busy,
    ControlTotalError,
    LedgerError,
    MappingError,
    WriteError,
)
from rasad.ledger.schema import LINE

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
GOOD = HEADER + "1403/1/1,خرید,شرکت الف,100\n1403/1/1,خرید,شرکت الف,100\n1403/1/2,فروش,ب,-30\n"
MIXED = GOOD + "1403/13/1,غلط,پ,7\n1403/1/3,ناخوانا,پ,x\nجمع کل,,,170\n"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = mapping(set_aside=[{"column": "date", "pattern": "^جمع کل"}])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def take(home: Path, path: Path, rules: Mapping = RULES, **more: Any) -> batches.Receipt:
    return import_file(home=home, mapping=rules, path=path, now=NOW, **more)


def state(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder(home).iterdir()}


def test_a_batch_holds_what_the_receipt_says(home: Path, tmp_path: Path) -> None:
    receipt = take(home, write(tmp_path, MIXED))
    assert receipt.rows == {"in": 6, "stored": 3, "set_aside": 1, "quarantined": 2}
    [amounts] = receipt.amounts
    assert (amounts.in_, amounts.stored, amounts.set_aside, amounts.quarantined) == (347, 170, 170, 7)
    assert (amounts.empty_cells, amounts.unreadable_cells) == (0, 1)
    # The file's own total counts neither row in quarantine.
    assert receipt.problems == {"amount": 1, "date": 1, "total_differs": 1}
    assert receipt.aside == {"total": 1}
    assert receipt.fiscal_years == [1403]
    assert receipts(home) == [receipt]

    lines = pl.read_parquet(folder(home) / f"{receipt.batch}.parquet")
    assert lines.schema == {column.name: POLARS_TYPES[column.type] for column in LINE.columns}
    assert lines["line_no"].to_list() == [0, 1, 2]
    assert set(lines["batch"]) == {receipt.batch}
    assert rows_aside(home, receipt.batch).select("reason", "row", "a1").rows() == [("total", 7, 170)]
    assert rows_quarantined(home, receipt.batch)["row"].to_list() == [5, 6]
    assert next(iter(quarantined_rows(home, receipt))) == {
        "sheet": "", "row": 5, "cells": ["1403/13/1", "غلط", "پ", "7"],
        "problems": [{"column": "تاریخ", "code": "date", "found": "1403/13/1", "expected": A_MONTH}],
    }  # fmt: skip


def test_identical_payments_are_kept_and_told_apart(home: Path, tmp_path: Path) -> None:
    receipt = take(home, write(tmp_path, GOOD))
    lines = pl.read_parquet(folder(home) / f"{receipt.batch}.parquet")
    assert lines["amount"].to_list() == [100, 100, -30]
    assert lines["line_id"].n_unique() == 3


def test_batches_are_read_only_and_the_same_wherever_they_are_made(home: Path, tmp_path: Path) -> None:
    take(home, write(tmp_path, MIXED))
    other = tmp_path / "other"
    take(other, write(tmp_path, MIXED))
    assert state(home) == state(other)
    assert all(path.stat().st_mode & 0o222 == 0 for path in folder(home).iterdir())


def test_the_same_file_is_said_and_not_loaded_twice(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    receipt = take(home, path)
    before = state(home)
    again = write(tmp_path, GOOD, "another name.csv")
    for replace in (False, True):
        with pytest.raises(AlreadyLoaded) as caught:
            take(home, again, replace=replace)
        assert caught.value.batch == receipt.batch
        assert receipt.batch in caught.value.message()
    assert state(home) == before


def test_another_mapping_replaces_only_where_told_and_the_old_batch_stays_on_record(
    home: Path, tmp_path: Path
) -> None:
    path = write(tmp_path, GOOD)
    toman = mapping(numbers={"scale": "toman"})
    first = take(home, path)
    with pytest.raises(AlreadyLoaded) as caught:
        take(home, path, toman)
    assert caught.value.problem.code == "loaded_otherwise"
    second = take(home, path, toman, replace=True)
    assert second.supersedes == [first.batch]
    assert receipts(home) == [second]
    assert second.amounts[0].stored == 1700
    # Back to the first mapping: a new batch again, not the one that was superseded.
    third = take(home, path, replace=True)
    assert third.batch not in (first.batch, second.batch)
    assert receipts(home) == [third]
    assert len(all_receipts(home)) == 3


def test_another_parameter_is_another_loading(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    rules = mapping(fiscal_year={"from": "parameter"})
    take(home, path, rules, params={"fiscal_year": "1402"})
    with pytest.raises(AlreadyLoaded):
        take(home, path, rules, params={"fiscal_year": "1403"})
    replaced = take(home, path, rules, params={"fiscal_year": "1403"}, replace=True)
    assert [receipt.fiscal_years for receipt in receipts(home)] == [[1403]]
    assert replaced.params == {"fiscal_year": "1403"}


def test_parents_of_a_tree_are_kept_verbatim_and_totals_are_the_roots(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "کد,شرح,مصوب,نهایی\n21,فصل,10,12\n2101,الف,4,15\n33,ب,5,\n")
    receipt = take(home, path, mapping(BUDGET))
    assert receipt.rows == {"in": 3, "stored": 2, "set_aside": 1, "quarantined": 0}
    assert receipt.aside == {"parent": 1}
    initial, final = receipt.amounts
    assert (initial.in_, initial.stored, initial.set_aside, initial.remainder, initial.roots) == (
        19,
        9,
        10,
        6,
        15,
    )
    assert (final.in_, final.stored, final.set_aside, final.remainder, final.roots) == (27, 15, 12, -3, 12)
    assert final.empty_cells == 1
    assert rows_aside(home, receipt.batch).select("row", "cells_verbatim", "a1", "a2").rows() == [
        (2, ["21", "فصل", "10", "12"], 10, 12)
    ]
    assert problems(home, receipt.batch)["code"].to_list() == ["tree_exceeded"]
    assert receipt.remainder_lines == 2


def test_a_receipt_survives_its_json(home: Path, tmp_path: Path) -> None:
    receipt = take(home, write(tmp_path, MIXED))
    assert batches.Receipt.from_dict(json.loads(json.dumps(receipt.as_dict()))) == receipt


# --- nothing half-done ---------------------------------------------------------------------------------------------


def test_control_totals_that_differ_write_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = batches.pl.concat

    def lossy(frames: Any, *args: Any, **kwargs: Any) -> Any:
        found = real(frames, *args, **kwargs)
        return found.head(found.height - 1) if "line_id" in found.columns else found

    monkeypatch.setattr(batches.pl, "concat", lossy)
    with pytest.raises(ControlTotalError):
        take(home, write(tmp_path, GOOD), mapping(file={"delimiter": ","}))
    monkeypatch.undo()
    assert receipts(home) == []
    assert list(folder(home).iterdir()) == []


STEPS = [(call, number) for call in ("fsync", "replace") for number in range(8)]


@pytest.mark.parametrize(("call", "number"), STEPS)
def test_a_disk_that_fails_at_any_step_leaves_the_old_state(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    first = take(home, write(tmp_path, GOOD))
    left = [number]

    def failing(real: Any) -> Any:
        def act(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device")
            return real(*args, **kwargs)

        return act

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), failing(getattr(os if call == "fsync" else Path, call)))  # fmt: skip
        try:
            second: batches.Receipt | None = take(home, write(tmp_path, MIXED, "second.csv"), add=True)
        except WriteError:
            second = None
    now = [receipt.batch for receipt in receipts(home)]
    assert first.batch in now
    for receipt in receipts(home):
        lines = pl.read_parquet(folder(home) / f"{receipt.batch}.parquet")
        assert lines["amount"].sum() == receipt.amounts[0].stored
    # Whatever was left behind, the same file can be loaded after it, or says that it was.
    if len(now) == 1:
        take(home, write(tmp_path, MIXED, "second.csv"), add=True)
    assert len(receipts(home)) == 2
    assert second is None or second.batch in now


def test_a_full_disk_is_said(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = write(tmp_path, GOOD)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="the disk is full"):
        take(home, path)
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_two_imports_at_once_are_told_apart(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, GOOD)
    monkeypatch.setattr(durable, "PATIENCE", 0.2)
    with locked(home), pytest.raises(Busy):
        take(home, path)
    assert take(home, path).rows["in"] == 3


# --- a city --------------------------------------------------------------------------------------------------------

PACK = """
[city]
id = "karaj"
currency = "IRR"
languages = ["fa"]
[[load]]
source = "karaj.payments"
files = "*.csv"
"""
SOURCE = """
id = "karaj.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["تاریخ"] }
title = { names = ["شرح"] }
supplier_name = { names = ["ذی‌نفع"] }
[[amounts]]
stage = "paid"
names = ["مبلغ (ریال)"]
"""


def city(tmp_path: Path) -> tuple[Path, Path, Path]:
    home, data = tmp_path / "home", tmp_path / "data"
    (home / "sources").mkdir(parents=True)
    data.mkdir()
    (home / "city.toml").write_text(PACK, "utf-8")
    (home / "sources" / "payments.toml").write_text(SOURCE, "utf-8")
    return home, home, data


def test_a_city_is_loaded_in_order_and_again_says_so(tmp_path: Path) -> None:
    home, pack, data = city(tmp_path)
    for month in range(1, 10):
        write(data, HEADER + f"1403/{month}/1,خرید,الف,{month}\n", f"{month}.csv")
    said: list[tuple[str, int, int]] = []
    first = list(load_city(home=home, pack=pack, data=data, progress=lambda *step: said.append(step)))
    assert [one.file["name"] for one in first if isinstance(one, batches.Receipt)] == [
        f"{n}.csv" for n in range(1, 10)
    ]
    assert said[0] == ("1.csv", 0, 10)
    assert said[-1] == ("done", 10, 10)
    for part in ("classes", "suppliers"):
        assert len(list((home / "ledger" / part).glob("*.parquet"))) == 9
    again = list(load_city(home=home, pack=pack, data=data))
    assert all(isinstance(one, AlreadyLoaded) for one in again)
    assert len(receipts(home)) == 9


def test_a_file_that_is_refused_leaves_those_before_it_complete(tmp_path: Path) -> None:
    home, pack, data = city(tmp_path)
    write(data, GOOD, "1.csv")
    write(data, "چیز دیگر\n1\n", "2.csv")
    taken: list[Any] = []
    with pytest.raises(MappingError):
        taken.extend(load_city(home=home, pack=pack, data=data))
    assert len(receipts(home)) == 1
    assert len(list((home / "ledger" / "suppliers").glob("*.parquet"))) == 1


def test_a_load_that_names_no_file_is_said(tmp_path: Path) -> None:
    home, pack, data = city(tmp_path)
    with pytest.raises(LedgerError, match="no such file"):
        list(load_city(home=home, pack=pack, data=data))
