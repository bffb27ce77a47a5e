"""Files of what is shown: nothing capped, nothing run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from rasad.release.exports import Column, csv_stream, harmless, json_stream, xlsx_stream

COLUMNS = [Column("name", "نام"), Column("amount", "مبلغ"), Column("day", "تاریخ")]
ROWS: list[dict[str, Any]] = [
    {"name": "=1+1", "amount": -5, "day": date(2024, 8, 2)},
    {"name": "شرکت، «الف»", "amount": 12_345_678_901_234_567, "day": None},
    {"name": "-7", "amount": 0, "day": None},
]


def book(data: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def test_csv() -> None:
    data = b"".join(csv_stream(COLUMNS, ROWS))
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["name", "amount", "day"],
        ["'=1+1", "-5", "2024-08-02"],
        ["شرکت، «الف»", "12345678901234567", ""],
        ["-7", "0", ""],
    ]


def test_json() -> None:
    found = json.loads(b"".join(json_stream(COLUMNS, iter(ROWS), {"currency": "IRR"})))
    assert found["currency"] == "IRR"
    assert found["columns"] == {"name": "نام", "amount": "مبلغ", "day": "تاریخ"}
    assert [row["name"] for row in found["rows"]] == ["=1+1", "شرکت، «الف»", "-7"]
    assert found["rows"][1]["amount"] == 12_345_678_901_234_567


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1000])
def test_json_of_any_length_parses(count: int) -> None:
    rows = ({"name": str(n)} for n in range(count))
    assert len(json.loads(b"".join(json_stream(COLUMNS[:1], rows, {})))["rows"]) == count


def test_xlsx_holds_text_as_text_and_large_numbers_exactly() -> None:
    sheet = book(b"".join(xlsx_stream(COLUMNS, ROWS, sheet="پول", rtl=True))).get_sheet_by_index(0)
    assert sheet.name == "پول"
    values = sheet.to_python()
    assert values[0] == ["نام", "مبلغ", "تاریخ"]
    assert values[1][:2] == ["=1+1", -5.0]
    assert values[2][1] == "12345678901234567"


def test_xlsx_goes_on_to_further_sheets() -> None:
    data = b"".join(
        xlsx_stream(COLUMNS[:1], ({"name": str(n)} for n in range(25)), sheet="x", rtl=False, sheet_rows=10)
    )
    opened = book(data)
    assert len(opened.sheet_names) == 3
    rows = [row[0] for name in opened.sheet_names for row in opened.get_sheet_by_name(name).to_python()[1:]]
    assert rows == [str(n) for n in range(25)]


@given(st.text(max_size=12))
def test_no_text_begins_as_a_formula(text: str) -> None:
    safe = harmless(text)
    assert safe in (text, f"'{text}")
    if safe[:1] in ("=", "@", "\t", "\r", "＝", "＠", "＋", "－"):
        raise AssertionError(safe)
    if safe[:1] in ("+", "-"):
        assert not any(char.isalpha() or char in "(|!'\"" for char in safe)
