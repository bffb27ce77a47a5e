"""Rows and columns that a workbook does not show are read like all others, and the office is told how many and where."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from offices import mapping, write

from rasad.actions.sources import propose, try_source
from rasad.ledger.propose import as_toml
from rasad.ledger.read import read, unseen
from rasad.ledger.read.cells import Cells
from rasad.ledger.read.unseen import Unseen, UnseenInXml, numbers, of_table

FILES = Path(__file__).parent / "files"
HEADER = ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"]
ROWS = [HEADER, *([f"1403/01/0{day}", "خرید", "الف", str(day * 10)] for day in range(1, 5))]
SHEET = "پرداخت"
EXPECTED = {"rows": 2, "first_rows": [3, 4], "columns": 1, "first_columns": ["B (شرح)"]}


def xlsx(path: Path) -> Path:
    """One row hidden by hand and one by a filter, a column hidden, and a row and a column that hold nothing."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row[:3])
            sheet.write(number, 3, int(row[3]) if number else row[3])
        sheet.autofilter("A1:D5")
        sheet.filter_column("A", "x != 1403/01/03")
        for row in (2, 3, 20):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_column("H:J", None, None, {"hidden": True})
    return path


def xlsx_without_places(path: Path) -> Path:
    def row(cells: list[str], said: str = "") -> str:
        texts = (f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in cells)
        return f"<row{said}>{''.join(texts)}</row>"

    said = ["", "", ' hidden="1"', ' spans="1:4" hidden="true"', ""]
    body = "".join(map(row, ROWS, said))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    columns = '<cols><col min="2" max="2" width="9" hidden="1"/></cols>'
    content = f'<worksheet xmlns="{main}">{columns}<sheetData>{body}</sheetData></worksheet>'
    xlsx(path)
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, content if name == "xl/worksheets/sheet1.xml" else part)
    return path


def ods(path: Path) -> Path:
    def row(cells: list[str], said: str) -> str:
        texts = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
            for one in cells
        )
        return f"<table:table-row{said}>{texts}</table:table-row>"

    said = ["", "", ' table:visibility="collapse"', ' table:visibility="filter"', ""]
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="9"/>'
    end = '<table:table-row table:visibility="collapse" table:number-rows-repeated="1000"><table:table-cell/></table:table-row>'
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="{SHEET}">{columns}'
        f"{''.join(map(row, ROWS, said))}{end}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def xml_2003(path: Path) -> Path:
    def row(cells: list[str], said: str) -> str:
        texts = (f'<Cell><Data ss:Type="String">{one}</Data></Cell>' for one in cells)
        return f"<Row{said}>{''.join(texts)}</Row>"

    said = ["", "", ' ss:Hidden="1"', ' ss:Hidden="1"', ""]
    urn = "urn:schemas-microsoft-com:office:spreadsheet"
    return write(
        path.parent,
        f'<?xml version="1.0"?><Workbook xmlns="{urn}" xmlns:ss="{urn}"><Worksheet ss:Name="{SHEET}"><Table><Column/><Column ss:Hidden="1"/>'
        f'<Column ss:Index="7" ss:Span="3" ss:Hidden="1"/>{"".join(map(row, ROWS, said))}<Row ss:Index="30" ss:Span="9" ss:Hidden="1"/></Table></Worksheet></Workbook>',
        path.name,
    )


def page(path: Path) -> Path:
    def row(cells: list[str], said: str) -> str:
        texts = (f"<td>{one}</td>" for one in cells)
        return f"<tr{said}>{''.join(texts)}</tr>"

    said = ["", "", " height=0 style='display:none'", " hidden", ""]
    columns = "<col width=64><col width=0 style='display:none;mso-width-source:userset'><col span=2>"
    return write(
        path.parent, f"<html><table>{columns}{''.join(map(row, ROWS, said))}</table></html>", path.name
    )


@pytest.mark.parametrize(
    ("make", "name", "sheet"),
    [
        (xlsx, "a.xlsx", SHEET),
        (xlsx_without_places, "a.xlsx", SHEET),
        (ods, "a.ods", SHEET),
        (xml_2003, "a.xls", SHEET),
        (page, "a.xls", ""),
    ],
)
def test_what_is_hidden_is_read_and_told(
    tmp_path: Path, make: Callable[[Path], Path], name: str, sheet: str
) -> None:
    path = make(tmp_path / name)
    trial = try_source(mapping=mapping(), path=path)
    assert (trial.receipt.amounts[0].stored, trial.receipt.rows["stored"]) == (100, 4)
    assert trial.receipt.file["unseen"] == [{"sheet": sheet, **EXPECTED}]
    rows, columns = unseen.said(trial.receipt.file, str)
    assert rows.startswith(f"{sheet or name}: hidden rows")
    assert ": 2; the first: 3, 4)" in rows
    assert columns.startswith(f"{sheet or name}: hidden columns")
    assert ": 1; the first: B (شرح))" in columns
    proposal = propose([path], id_="karaj.payments")
    assert [doubt.said() for doubt in proposal.doubts if doubt.key == "file"] == [
        rows.replace(", ", " | "),
        columns,
    ]
    assert all(f"# doubt: {doubt.said()}" in as_toml(proposal) for doubt in proposal.doubts)


def test_an_xls_says_what_it_hides(tmp_path: Path) -> None:
    """The flags of two rows and of two columns are set in a workbook that LibreOffice wrote."""
    raw = bytearray((FILES / "payments.xls").read_bytes())
    at = raw.find("پرداخت‌ها".encode("utf-16-le"))
    for row, cells in ((6, 4), (10, None), (9, 5)):
        record = b"\x08\x02\x10\x00" + struct.pack("<H", row)
        places = [place for place in range(at, len(raw)) if raw.startswith(record, place)]
        if cells:
            raw[places[-1] + 4 + 12] |= 0x20
    column = raw.rfind(b"\x7d\x00\x0c\x00")
    raw[column + 4 + 8] |= 1
    write(tmp_path, bytes(raw), "a.xls")
    facts, [cells] = read(
        tmp_path / "a.xls", mapping(amounts=[{"stage": "paid", "names": ["مبلغ (ریال) بدهکار"]}])
    )
    [told] = facts.unseen
    assert (told["sheet"], told["rows"], told["first_rows"]) == ("پرداخت‌ها", 2, [7, 10])
    assert told["columns"] == cells.width
    assert told["first_columns"][0] == "A (تاریخ)"


def test_a_file_that_hides_nothing_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(",".join(row) for row in ROWS))
    receipt = try_source(mapping=mapping(), path=path).receipt
    assert "unseen" not in receipt.file
    assert unseen.said(receipt.file, str) == []


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)).map(lambda one: (one[0], one[0] + one[1]))),
    st.integers(0, 50),
)
def test_numbers_of_ranges_are_each_said_once(ranges: list[tuple[int, int]], last: int) -> None:
    assert list(numbers(ranges, last)) == [
        n for n in range(1, last + 1) if any(first <= n <= end for first, end in ranges)
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 40), st.booleans())
def test_a_sheets_xml_tells_the_same_in_pieces_of_any_size(
    hidden: list[bool], size: int, placed: bool
) -> None:
    rows = []
    for number, hide in enumerate(hidden, 1):
        said = (f' r="{number}"' if placed else "") + (' hidden="1"' if hide else "")
        rows.append(f"<row{said}><c><v>1 &lt;row hidden=</v></c></row>")
    text = (
        "<sheetData>" + "".join(rows) + "</sheetData><rowBreaks><brk id='1' hidden='1'/></rowBreaks>"
    ).encode()
    seen = UnseenInXml()
    for at in range(0, len(text), size):
        seen.see(text[at : at + size])
    assert [first for first, _ in seen.found.rows] == [n for n, hide in enumerate(hidden, 1) if hide]


def test_ranges_that_reach_far_do_not_fill_the_memory() -> None:
    far: list[tuple[int, int]] = [(1, 10**9)] * 100_000
    frame = pl.DataFrame({"row": [1, 2, 3], "cells": [1, 1, 1], "c1": ["x", "", "z"]})
    cells = Cells(frame.cast({"row": pl.UInt32}), 1, unseen=Unseen(far, far))
    told: Any = of_table(cells)
    assert (told["rows"], told["first_rows"], told["first_columns"]) == (2, [1, 3], ["A"])
