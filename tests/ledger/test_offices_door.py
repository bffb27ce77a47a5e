"""Files as an office may bring them to the front door, of programs that a spreadsheet is not: read, or named with what to do."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from offices import cleaned, mapping, write

from rasad.ledger import phrases
from rasad.ledger.problems import FileError
from rasad.ledger.read import read

HEADER = ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"]
LINES = [",".join(HEADER), "1403/01/05,خرید رایانه,الف,1200", "1403/01/06,چاپ,ب,7"]
TEXT = "\r\n".join(LINES)
FIELD = b"DATE".ljust(11, b"\0") + b"C" + bytes(4) + b"\x0a" + bytes(15)
DBASE = b"\x03\x7c\x01\x05" + struct.pack("<IHH", 2, 65, 11) + bytes(20) + FIELD + b"\r" + b" 1403/01/05" * 2


def page(rows: list[str]) -> str:
    cells = ("".join(f"<td>&nbsp;{cell}&nbsp;</td>" for cell in row.split(",")) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("excel-hint.csv", ("sep=;\n" + TEXT.replace(",", ";")).encode()),
        ("dos.csv", (TEXT + "\r\n\x1a").encode()),
        ("unicode-text.txt", TEXT.replace(",", "\t").encode("utf-16")),
        ("tabs.xls", TEXT.replace(",", "\t").replace("ی", "ي").encode("windows-1256")),
        ("header-of-two-lines.csv", TEXT.replace("مبلغ (ریال)", '"مبلغ\n(ریال)"').encode()),
        (
            "all-quoted.csv",
            "\n".join(";".join(f'"{cell}"' for cell in line.split(",")) for line in LINES).encode(),
        ),
        ("no-break-spaces.html", page([*LINES, ",,,"]).encode()),
        (
            "bidi-marks.csv",
            TEXT.replace("1403/01/06", "\u202b1403/01/06\u202c").replace(",7", ",\u200e7\u200e").encode(),
        ),
    ],
)
def test_what_programs_add_to_a_table_is_passed_over(tmp_path: Path, name: str, content: bytes) -> None:
    lines = cleaned(write(tmp_path, content, name), mapping()).lines
    assert lines["amount"].to_list() == [1200, 7]
    assert lines["date"].cast(str).to_list() == ["2024-03-24", "2024-03-25"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'[{"date": "1403/01/05", "amount": 1200}]', phrases.JSON_DATA),
        (b'\xef\xbb\xbf{\n "rows" : [1]}', phrases.JSON_DATA),
        (b'[["date", 1]]', phrases.JSON_DATA),
        (DBASE, phrases.DBASE),
        (b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(4000), phrases.BINARY),
    ],
)
def test_what_is_no_table_that_is_read_is_called_by_its_name(
    tmp_path: Path, content: bytes, found: str
) -> None:
    with pytest.raises(FileError) as caught:
        read(write(tmp_path, content, "payments.csv"), mapping())
    assert (caught.value.problem.code, caught.value.problem.found) == ("file_kind", found)


def test_a_workbook_that_is_strict_to_the_standard_hides_no_formula_and_no_row(tmp_path: Path) -> None:
    file, path = io.BytesIO(), tmp_path / "strict.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("پرداخت")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["1403/01/05", "خرید", "الف", 5])
        sheet.write_row(2, 0, ["1403/01/06", "چاپ", "ب"])
        sheet.write_formula(2, 3, "=D2*2")
        sheet.set_row(1, None, None, {"hidden": True})
    main, relations = (
        "openxmlformats.org/spreadsheetml/2006/main",
        "openxmlformats.org/officeDocument/2006/relationships",
    )
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            part = old.read(info).decode()
            part = part.replace(f"schemas.{main}", "purl.oclc.org/ooxml/spreadsheetml/main")
            new.writestr(
                info.filename,
                part.replace(f"schemas.{relations}", "purl.oclc.org/ooxml/officeDocument/relationships"),
            )
    facts, [cells] = read(path, mapping())
    assert cells.frame["c4"].to_list() == ["5", "=D2*2"]
    assert [one["first_rows"] for one in facts.unseen] == [[2]]
