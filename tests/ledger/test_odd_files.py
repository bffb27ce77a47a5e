"""Files as programs less common than spreadsheets write them, and files that are something else than their name says."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from offices import cleaned, mapping, write

from rasad.ledger import phrases
from rasad.ledger import read as reading
from rasad.ledger.problems import LedgerError
from rasad.ledger.read import epoch, limits, read

FILES = Path(__file__).parent / "files"
HEADER = ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"]
TEXT = ",".join(HEADER) + "\n1403/05/12,میز,الف,1200\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SIDES = {
    "amounts": [{"stage": "paid", "names": ["شرح"], "minus": {"names": ["مبلغ (ریال)"]}}],
    "columns": {"date": {"names": ["تاریخ"]}},
}


def refused(path: Path) -> tuple[str, str]:
    """Return the code of the error, and what was found."""
    with pytest.raises(LedgerError) as caught:
        read(path, mapping())
    return caught.value.problem.code, caught.value.problem.found


def text(value: str, at: str = "", p: str = "") -> str:
    return f'<{p}c{at} t="inlineStr"><{p}is><{p}t>{value}</{p}t></{p}is></{p}c>'


def sheet(rows: list[str], p: str = "") -> str:
    """Return a sheet with the header and `rows` of XML, whose elements have the prefix `p`."""
    xmlns = f"xmlns:{p[:-1]}" if p else "xmlns"
    header = f"<{p}row>{''.join(text(one, p=p) for one in HEADER)}</{p}row>"
    return (
        f'<{p}worksheet {xmlns}="{MAIN}"><{p}sheetData>{header}{"".join(rows)}</{p}sheetData></{p}worksheet>'
    )


def xlsx(path: Path, content: str, *, book: str = "") -> Path:
    """Write a workbook of one sheet with this XML; `book` is what its workbook says besides."""
    with xlsxwriter.Workbook(path) as empty:
        empty.add_worksheet()
    said = {"xl/worksheets/sheet1.xml": content.encode()}
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: said.get(info.filename, old.read(info)) for info in old.infolist()}
    parts["xl/workbook.xml"] = (
        parts["xl/workbook.xml"]
        .replace(b' fullCalcOnLoad="1"', b"")
        .replace(b"<workbookPr ", f"<workbookPr {book}".encode())
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return path


# --- days and formulas -----------------------------------------------------------------------------------------------


def test_a_workbooks_days_are_counted_from_the_year_that_it_says(tmp_path: Path) -> None:
    rows = [
        f"<row>{''.join(text(one) for one in ('x', 'میز', 'الف'))}<c><v>5</v></c></row>".replace(
            text("x"), "<c><v>44044</v></c>"
        )
    ]
    for said, day in (
        ('date1904="1" ', date(2024, 8, 2)),
        ("", date(2020, 8, 1)),
        ('date1904="0" ', date(2020, 8, 1)),
    ):
        path = xlsx(tmp_path / "p.xlsx", sheet(rows), book=said)
        assert cleaned(path, mapping()).lines["date"].to_list() == [day]
        assert cleaned(path, mapping(dates={"serial": "1904"})).lines["date"].to_list() == [date(2024, 8, 2)]


def test_an_xls_and_an_xlsb_say_from_which_year_they_count(tmp_path: Path) -> None:
    raw = (FILES / "payments.xls").read_bytes()
    flag = b"\x22\x00\x02\x00%b\x00\x0e\x00\x02\x00"
    assert (epoch.of_xls(raw), raw.count(flag % b"\x00")) == ("1900", 1)
    changed = raw.replace(flag % b"\x00", flag % b"\x01")
    _, [cells] = read(write(tmp_path, changed, "p.xls"), mapping(file={"sheets": ["پیش‌نویس"]}))
    assert cells.epoch == "1904"
    for flags, year in ((b"\x21", "1904"), (b"\x20", "1900")):
        with zipfile.ZipFile(tmp_path / "p.xlsb", "w") as archive:
            archive.writestr(
                "xl/workbook.bin", b"\x83\x01\x00\x99\x01\x0c" + flags + b"\x00\x01\x00" + b"\x00" * 8
            )
            assert epoch.of_zip(archive, "xlsb", "p.xlsb") == year


@pytest.mark.parametrize("p", ["", "x:"])
def test_a_formula_without_a_value_is_seen_where_cells_do_not_say_where_they_stand(
    tmp_path: Path, p: str
) -> None:
    def row(value: str, formula: str, at: str = "") -> str:
        cell = f"<{p}c><{p}v>{value}</{p}v></{p}c>" if value else f"<{p}c/>"
        return f"<{p}row{at}>{text('1403/05/12', p=p)}{cell}{text('الف', p=p)}<{p}c>{formula}</{p}c></{p}row>"

    rows = [
        row("100", f"<{p}f>B2/2</{p}f>"),
        row("70", f"<{p}v>7</{p}v>"),
        row("1", f"<{p}f>1</{p}f><{p}v>1</{p}v>", ' r="7"'),
    ]
    found = cleaned(xlsx(tmp_path / "p.xlsx", sheet(rows, p)), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(3, 63), (7, 0)]
    assert found.problems.select("row", "found", "expected").rows() == [
        (2, "100 − =B2/2", phrases.A_FORMULAS_VALUE)
    ]


def test_a_formula_without_a_value_is_seen_whatever_else_its_cell_says_first(tmp_path: Path) -> None:
    rows = [
        f'<row r="2">{text("1403/05/12", chr(32) + chr(114) + "=" + chr(34) + "A2" + chr(34))}<c s="0" r="D2"><f>1+1</f></c></row>'
    ]
    first = sheet(rows).replace("<row><c t", '<row r="1"><c r="A1" t')
    assert cleaned(xlsx(tmp_path / "p.xlsx", first), mapping()).problems.filter(pl.col("code") == "amount")[
        "found"
    ].to_list() == ["=1+1"]


def test_cells_that_do_not_say_where_they_stand_do_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 300_000)
    rows = [f"<row>{'<c><v>1</v></c>' * 600}</row>", "<row><c><v>1</v></c></row>" * 500]
    assert refused(xlsx(tmp_path / "p.xlsx", sheet(rows))) == ("too_many_cells", "300600")
    entities = '<!DOCTYPE x [<!ENTITY a "b">]>' + sheet(["<row><c><f>1</f></c></row>"])
    assert refused(xlsx(tmp_path / "p.xlsx", entities))[0] == "file_damaged"


def test_an_ods_shows_formulas_that_were_never_or_could_not_be_computed(tmp_path: Path) -> None:
    from test_formats import ods

    def row(credit: str, more: str = "") -> str:
        day, amount = (
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
            for one in ("1403/05/12", "100")
        )
        return f"<table:table-row{more}>{day}{amount}<table:table-cell/>{credit}</table:table-row>"

    header = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
        for one in HEADER
    )
    failed = '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>'
    rows = [
        f"<table:table-row>{header}</table:table-row>",
        row('<table:table-cell table:formula="of:=[.B2]/2"/>'),
        row(failed, ' table:number-rows-repeated="2"'),
        row('<table:table-cell table:formula="of:=3" office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell>'),
        row('<table:table-cell table:formula="of:=T(1)" office:value-type="string" office:string-value=""><text:p/></table:table-cell>'),
    ]  # fmt: skip
    found = cleaned(ods(tmp_path / "p.ods", "".join(rows)), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(5, 97), (6, 100)]
    assert found.problems.select("row", "found", "expected").rows() == [
        (2, "100 − =[.B2]/2", phrases.A_FORMULAS_VALUE),
        (3, "100 − #DIV/0!", phrases.NO_ERROR),
        (4, "100 − #DIV/0!", phrases.NO_ERROR),
    ]


# --- what a file is --------------------------------------------------------------------------------------------------

TABLE = "<table><tr><td>تاریخ</td></tr></table>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<div>نام کاربری</div>", phrases.WEB_PAGE),
        ("\r\n<!-- saved from x -->\n<HTML><p>x", phrases.WEB_PAGE),
        ('<?xml version="1.0"?><html></html>', phrases.WEB_PAGE),
        ("<html></html>".encode("utf-16"), phrases.WEB_PAGE),
        ('<?xml version="1.0"?><office:document xmlns:office="urn:x"/>', phrases.OTHER_XML),
        (OLE + "EncryptedPackage".encode("utf-16-le"), phrases.LOCKED),
        (OLE + "WordDocument".encode("utf-16-le"), phrases.NO_TABLE),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00", phrases.OLD_WORKBOOK),
        (b"BZh91AY&SY\x01\x02\x03", "bzip2"),
        (b"\x28\xb5\x2f\xfd\x01\x02", "zstd"),
        (b"abc\x01\x02\x03\x04\x05\x06def" * 9, phrases.BINARY),
    ],
)  # fmt: skip
def test_what_is_no_table_is_called_what_it_is(tmp_path: Path, content: str | bytes, found: str) -> None:
    assert refused(write(tmp_path, content, "p.xls")) == ("file_kind", found)


def test_a_text_that_begins_with_a_bracket_or_a_mark_is_a_text(tmp_path: Path) -> None:
    for start in ("<محرمانه>\n", "\x0c", "\ufeff", "\x1b"):
        assert cleaned(write(tmp_path, start + TEXT), mapping()).lines["amount"].to_list() == [1200]


def test_a_file_that_cannot_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to("loop.csv")
    assert refused(loop) == ("file_unreadable", phrases.IN_A_CIRCLE)
    locked = write(tmp_path, TEXT)
    locked.chmod(0)
    if os.geteuid() == 0:
        # Root may read all: what the system says to others is said here.
        def denied(path: Path) -> bytes:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(reading.Path, "read_bytes", denied)
    assert refused(locked) == ("file_unreadable", phrases.NOT_READABLE)


def test_names_in_an_archive_are_read_as_they_were_written_and_lock_files_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("XXXXXXXX.csv", TEXT)
        archive.writestr("~$p.xlsx", "lock")
    # As archives made on a Mac have it: UTF-8, and no flag that says so.
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "مرداد"[:4].encode()))
    _, [cells] = read(path, mapping())
    assert cells.sheet == "مردا.csv"
