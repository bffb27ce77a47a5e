"""XLSX, written row by row to a temporary file in constant memory, then streamed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from rasad.release.exports.table import Column

SHEET_ROWS = 1_048_575
"""Rows of data that a sheet can hold below its header; more go on to a further sheet."""

_EXACT = 10**15
_BLOCK = 1 << 16


def xlsx_stream(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    sheet: str,
    rtl: bool,
    sheet_rows: int = SHEET_ROWS,
) -> Iterator[bytes]:
    """Yield the workbook in blocks. Text is written as text, never as a formula or a link; integers that a workbook's
    numbers cannot hold exactly are written as text."""
    with tempfile.TemporaryDirectory(prefix="rasad-xlsx-") as folder:
        path = Path(folder) / "export.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            _write(book, columns, iter(rows), sheet, rtl, sheet_rows)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _write(
    book: Any,
    columns: Sequence[Column],
    rows: Iterator[Mapping[str, Any]],
    name: str,
    rtl: bool,
    sheet_rows: int,
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    whole = book.add_format({"num_format": "#,##0"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    number, first = 0, next(rows, None)
    while first is not None or number == 0:
        number += 1
        sheet = book.add_worksheet(name[:28] if number == 1 else f"{name[:25]} {number}")
        if rtl:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        for column, about in enumerate(columns):
            sheet.write_string(0, column, about.title, bold)
        page = chain([first] if first is not None else [], islice(rows, sheet_rows - 1))
        for line, row in enumerate(page, 1):
            _row(sheet, line, columns, row, whole, day)
        first = next(rows, None)


def _row(
    sheet: Any, line: int, columns: Sequence[Column], row: Mapping[str, Any], whole: Any, day: Any
) -> None:
    for column, about in enumerate(columns):
        value = row.get(about.key)
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_boolean(line, column, value)
        elif isinstance(value, int) and abs(value) < _EXACT:
            sheet.write_number(line, column, value, whole)
        elif isinstance(value, float):
            sheet.write_number(line, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, day)
        else:
            sheet.write_string(line, column, str(value))
