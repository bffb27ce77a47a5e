"""What cannot be what it looks like: formulas of an XLS that nobody computed, lunar years, shortened keys, names of an archive in an old code page."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from offices import PAYMENTS, cleaned, mapping, write

from rasad.ledger import phrases
from rasad.ledger.problems import STANDING
from rasad.ledger.propose import propose
from rasad.ledger.read import read
from rasad.ledger.standing import YEARS_AHEAD, last_day
from rasad.persian.dates import from_date

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
LEFT_EMPTY = b"\x03\x00\x00\x00\x00\x00\xff\xff"


# --- XLS -------------------------------------------------------------------------------------------------------------


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(path: Path, rows: list[list[str | tuple[bytes, int]]], *, by_excel: bool = False) -> Path:
    """Write an XLS (MS-XLS in MS-CFB) of one sheet; a cell that is no text is a formula, with its value and its flags."""
    begin, end = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0), record(0x0A, b"")
    cells = b"".join(
        record(0x0204, struct.pack("<HHHHB", row, at, 0, len(one), 1) + one.encode("utf-16-le"))
        if isinstance(one, str)
        else record(6, struct.pack("<HHH8sHIH", row, at, 0, one[0], one[1], 0, 3) + b"\x1e\x01\x00")
        for row, texts in enumerate(rows)
        for at, one in enumerate(texts)
        if one
    )
    page = struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)
    sheet = record(0x0809, page) + record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, 4, 0)) + cells + end
    mark = record(0x01C1, bytes(8)) if by_excel else b""
    size = len(record(0x0809, begin)) + len(mark) + 4 + 9 + len(end)
    named = record(0x85, struct.pack("<IHBB", size, 0, 1, 0) + b"S")
    book = (record(0x0809, begin) + mark + named + end + sheet).ljust(4096, b"\0")
    sectors = -(-len(book) // 512)
    book = book.ljust(sectors * 512, b"\0")
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        wide = name.encode("utf-16-le")
        head = wide.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(wide) + 2, kind, 1, *[0xFFFFFFFF] * 2, child
        )
        return head.ljust(116, b"\0") + struct.pack("<IQ", start, length)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 0, len(book))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", sectors + 1).ljust(436, b"\xff")
    path.write_bytes(head + book + folder.ljust(512, b"\0") + table)
    return path


def test_a_formula_of_an_xls_that_nobody_computed_is_seen(tmp_path: Path) -> None:
    head: list[str | tuple[bytes, int]] = [*HEADER.strip().split(",")]
    for value, flags in ((LEFT_EMPTY, 0), (bytes(8), 3)):
        rows = [head, ["1403/05/12", "میز", "الف", "7"], ["1403/05/12", "چاپ", "الف", (value, flags)]]
        found = cleaned(xls(tmp_path / "p.xls", rows), mapping())
        assert found.lines.select("row", "amount").rows() == [(2, 7)]
        assert found.problems.select("row", "found", "expected").rows() == [
            (3, "=…", phrases.A_FORMULAS_VALUE)
        ]


def test_an_empty_text_or_a_nought_that_was_computed_is_what_it_is(tmp_path: Path) -> None:
    head: list[str | tuple[bytes, int]] = [*HEADER.strip().split(",")]
    rows = [
        head,
        ["1403/05/12", "میز", (LEFT_EMPTY, 0), "7"],
        ["1403/05/12", "چاپ", "الف", (struct.pack("<d", 5.0), 0)],
    ]
    found = cleaned(xls(tmp_path / "p.xls", rows), mapping())
    assert found.lines.select("supplier_raw", "amount").rows() == [(None, 7), ("الف", 5)]
    rows = [head, ["1403/05/12", "میز", (LEFT_EMPTY, 0), "7"]]
    found = cleaned(xls(tmp_path / "q.xls", rows, by_excel=True), mapping())
    assert found.lines.select("supplier_raw", "amount").rows() == [(None, 7)]


# --- dates and keys --------------------------------------------------------------------------------------------------


def test_a_lunar_year_is_doubted_and_said_wherever_a_file_is_looked_at(tmp_path: Path) -> None:
    rows = "".join(f"{day},میز,الف,5\n" for day in ("1403/05/12", "1445/09/12", "1403/06/01", "1404/01/01"))
    path = write(tmp_path, HEADER + rows)
    found = cleaned(path, mapping())
    assert found.lines.height == 4
    assert found.problems.select("row", "column", "code", "found").rows() == [
        (3, "تاریخ", "far_ahead", "1445/09/12")
    ]
    assert {"far_ahead"} <= STANDING
    doubts = [one.said() for one in propose([path], id_="karaj.p").doubts if one.key == "dates.calendar"]
    assert doubts == ["dates that lie years ahead (1, such as 1445/09/12): of the lunar calendar?"]
    year = from_date(date.today(), "jalali")[0]
    assert from_date(last_day("jalali", YEARS_AHEAD), "jalali")[:2] == (year + 5, 12)
    near = write(tmp_path, f"{HEADER}{year + 5}/12/01,میز,الف,5\n", "near.csv")
    assert cleaned(near, mapping()).problems.height == 0


def test_a_shortened_number_that_tells_rows_apart_keeps_its_row_out(tmp_path: Path) -> None:
    path = write(
        tmp_path, "سند," + HEADER + "1.40312E+12,1403/05/12,میز,الف,5\n14031200001,1403/05/12,چاپ,الف,6\n"
    )
    columns = {**PAYMENTS["columns"], "document_no": {"names": ["سند"]}}
    keyed = cleaned(path, mapping(columns=columns, identity={"columns": ["document_no"]}))
    assert keyed.lines["amount"].to_list() == [6]
    assert keyed.problems.select("row", "column", "code", "found").rows() == [
        (2, "سند", "key_shortened", "1.40312E+12")
    ]
    plain = cleaned(path, mapping(columns=columns))
    assert plain.lines["amount"].to_list() == [5, 6]
    assert plain.problems["code"].to_list() == ["shortened"]


# --- names in archives -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "page", "shown"),
    [
        ("گزارش پرداخت‌ها", "windows-1256", "گزارش پرداخت‌ها"),
        ("هزينه ها", "windows-1256", "هزينه ها"),
        ("هزينه ها", "cp720", "هزينه ها"),
        ("مهر ۱۴۰۳", "utf-8", "مهر ۱۴۰۳"),
        ("año 2024", "cp437", "año 2024"),
        ("دد", "windows-1256", "دد"),
    ],
)
def test_a_name_in_an_old_code_page_is_read(tmp_path: Path, name: str, page: str, shown: str) -> None:
    path, raw = tmp_path / "p.zip", f"{name}.csv".encode(page)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X" * len(raw), HEADER + "1403/05/12,میز,الف,5\n")
    path.write_bytes(path.read_bytes().replace(b"X" * len(raw), raw))
    _, [cells] = read(path, mapping())
    assert cells.sheet == f"{shown}.csv"


def test_a_name_that_may_be_either_of_two_is_shown_as_both(tmp_path: Path) -> None:
    # A word that is Persian letters in both code pages.
    raw = bytes([0xED, 0xE3]) + b".csv"
    one, other = raw.decode("windows-1256"), raw.decode("cp720")
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X" * len(raw), HEADER + "1403/05/12,میز,الف,5\n")
    path.write_bytes(path.read_bytes().replace(b"X" * len(raw), raw))
    _, [cells] = read(path, mapping())
    assert cells.sheet == f"{one} ≟ {other}"
    for pattern in (one, other):
        assert len(read(path, mapping(file={"members": [pattern]}))[1]) == 1
