"""Whatever an office's programs write: workbooks of every kind, archives, merged cells, two-sided ledgers, printed tables."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from offices import cleaned, mapping, write

from rasad.ledger import read as reading
from rasad.ledger.clean import Cleaned, clean
from rasad.ledger.mapping import Mapping
from rasad.ledger.problems import LedgerError
from rasad.ledger.propose import propose
from rasad.ledger.read import read

FILES = Path(__file__).parent / "files"
"""One invented workbook, as XLSX, and as LibreOffice saves it in the two other formats."""

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
ROW = "۱۴۰۳/۰۵/۱۲,خرید رایانه,شرکت الف,۱۲۰۰\n"
SIDES: dict[str, Any] = {
    "amounts": [{"stage": "paid", "names": ["بدهکار"], "minus": {"names": ["بستانکار"]}}],
}


def refused(path: Path, rules: Mapping | None = None) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        read(path, rules or mapping())
    assert caught.value.message()
    return caught.value


def every(path: Path, rules: Mapping) -> list[Cleaned]:
    facts, sheets = read(path, rules)
    return [clean(cells, facts, rules, {}, number) for number, cells in enumerate(sheets, 1)]


def aside(found: Cleaned) -> dict[int, str]:
    return dict(found.aside.select("row", "reason").iter_rows())


def packed(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


# --- workbooks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_one_workbook_is_read_alike_in_every_format(kind: str) -> None:
    rules = mapping(**SIDES)
    facts, [cells] = read(FILES / f"payments.{kind}", rules)
    assert (facts.format, cells.sheet, facts.left) == (kind, "پرداخت‌ها", ("پیش‌نویس",))
    assert (cells.header_row, cells.titles, cells.groups[3]) == (3, (1,), "مبلغ (ریال)")
    found = cleaned(FILES / f"payments.{kind}", rules)
    assert found.lines.select("row", "date", "title", "supplier_raw", "amount").rows() == [
        (4, date(2024, 3, 24), "رایانه", "الف", 12_345_678_901_234),
        (5, date(2024, 4, 25), "کاغذ", "ب", 500),
        (6, date(2024, 4, 25), "مداد", "پ", -20),
        (7, date(2024, 7, 2), "چاپ", "ت", 7),
        (8, date(2024, 8, 2), "میز", "ث", 90),
    ]
    assert aside(found) == {1: "title", 9: "merged", 10: "total", 11: "blank", 12: "footer"}
    assert (found.quarantine.height, found.problems.height) == (0, 0)
    assert found.lines["amount_raw"].to_list()[2] == "− 20"


def test_a_hidden_sheet_is_read_where_the_mapping_names_it() -> None:
    [found] = every(FILES / "payments.xlsx", mapping(file={"sheets": ["پیش‌نویس"]}))
    assert found.lines["amount"].to_list() == [1]
    facts, sheets = read(FILES / "payments.xlsx", mapping(file={"sheets": "all"}, **SIDES))
    assert [cells.sheet for cells in sheets] == ["پرداخت‌ها"]
    assert facts.left == ("پیش‌نویس",)


def test_a_serial_is_a_date_in_workbooks_alone_unless_said(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "45506,میز,الف,5\n")
    assert cleaned(path, mapping()).problems["code"].to_list() == ["date"]
    stated = cleaned(path, mapping(dates={"serial": "1900"}))
    assert stated.lines["date"].to_list() == [date(2024, 8, 2)]
    other = cleaned(path, mapping(dates={"serial": "1904"}))
    assert other.lines["date"].to_list() == [date(2028, 8, 3)]


def test_cells_far_apart_do_not_fill_the_memory(tmp_path: Path) -> None:
    for row, column, code in (
        (1_048_575, 0, None),
        (1_048_575, 700, "too_many_cells"),
        (5, 16_000, "too_wide"),
    ):
        path = tmp_path / f"{row}-{column}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"])
            sheet.write_row(1, 0, ["1403/01/05", "خرید", "الف", 5])
            sheet.write(row, column, "x")
        if code is None:
            assert read(path, mapping())[1][0].frame.height == row
        else:
            assert refused(path).problem.code == code


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="x">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def ods(path: Path, rows: str, before: str = "") -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = before + ODS.format(rows=rows)
    return packed(path, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def test_repeated_cells_do_not_fill_the_memory(tmp_path: Path) -> None:
    cell = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    many = cell.format(' table:number-columns-repeated="1900"', "x")
    rows = f'<table:table-row table:number-rows-repeated="1000000">{many}</table:table-row>'
    assert refused(ods(tmp_path / "a.ods", rows)).problem.code == "too_many_cells"
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    assert refused(ods(tmp_path / "b.ods", "", entity)).problem.code == "file_damaged"
    header = "".join(cell.format("", text) for text in HEADER.strip().split(","))
    row = "".join(cell.format("", text) for text in ROW.strip().split(","))
    good = f"<table:table-row>{header}</table:table-row><table:table-row>{row}</table:table-row>"
    empty = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    [found] = every(ods(tmp_path / "c.ods", good + empty), mapping())
    assert found.lines["amount"].to_list() == [1200]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<html><p>1</p></html>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook xmlns="urn:x"/>', "XML"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
    ],
)  # fmt: skip
def test_another_kind_under_the_name_of_a_table_is_said(tmp_path: Path, content: bytes, found: str) -> None:
    error = refused(write(tmp_path, content, "report.xls"))
    assert error.problem.code == "file_kind"
    assert found in error.message()


def test_what_is_no_workbook_inside_is_an_error_and_no_panic(tmp_path: Path) -> None:
    good = (FILES / "payments.xls").read_bytes()
    for at in range(0, len(good), 512):
        path = write(tmp_path, good[:at] + b"\xff" * 64 + good[at + 64 :], "cut.xls")
        # Anything else than a table or a typed error fails the test.
        with contextlib.suppress(LedgerError):
            assert read(path, mapping(**SIDES))[1]


# --- archives ----------------------------------------------------------------------------------------------------


def test_every_file_of_an_archive_is_a_table_of_one_batch(tmp_path: Path) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as one:
        sheet = one.add_worksheet("تیر")
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, ["1403/04/01", "میز", "ب", 7])
    path = packed(
        tmp_path / "year.zip",
        {
            "1403/01.csv": HEADER + ROW,
            "1403/02.csv": (HEADER + ROW * 2).replace(",", ";").encode("utf-16"),
            "1403/03.xlsx": book.getvalue(),
            "__MACOSX/._01.csv": b"\x00\x05",
        },
    )  # fmt: skip
    facts, sheets = read(path, mapping())
    assert (facts.format, facts.encoding, facts.delimiter) == ("zip", "", "")
    assert [cells.sheet for cells in sheets] == ["1403/01.csv", "1403/02.csv", "1403/03.xlsx/تیر"]
    assert [(cells.encoding, cells.delimiter) for cells in sheets[:2]] == [("utf-8", ","), ("utf-16", ";")]
    found = every(path, mapping())
    assert [one.lines["amount"].to_list() for one in found] == [[1200], [1200, 1200], [7]]
    every_id = pl.concat([one.lines for one in found])["line_id"]
    assert every_id.n_unique() == 4


def test_the_year_can_stand_in_the_path_inside_an_archive(tmp_path: Path) -> None:
    path = packed(tmp_path / "all.zip", {"1401/p.csv": HEADER + ROW, "1402/p.csv": HEADER + ROW})
    rules = mapping(fiscal_year={"from": "path", "pattern": r"/(1[34][0-9]{2})/[^/]*$"})
    assert [one.lines["fiscal_year"].to_list() for one in every(path, rules)] == [[1401], [1402]]


def test_the_mapping_says_which_files_of_an_archive_are_meant(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {"a/p.csv": HEADER + ROW, "a/readme.pdf": b"%PDF-1.7"})
    assert refused(path).problem.file == "p.zip/a/readme.pdf"
    facts, [cells] = read(path, mapping(file={"members": ["*.csv"]}))
    assert (facts.left, cells.frame.height) == (("a/readme.pdf",), 1)
    assert refused(path, mapping(file={"members": ["*.txt"]})).problem.code == "zip_empty"


@pytest.mark.parametrize("name", ["../p.csv", "/etc/p.csv", "a/../../p.csv", "..\\p.csv", "C:\\p.csv"])
def test_a_path_out_of_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    error = refused(packed(tmp_path / "p.zip", {"a.csv": HEADER + ROW, name: HEADER + ROW}))
    assert error.problem.code == "zip_path"
    assert not list(tmp_path.glob("**/*.csv"))


def test_archives_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.limits, "MAX_BYTES", 1_000_000)
    bomb = {f"{i}.csv": b"0" * 400_000 for i in range(3)}
    assert refused(packed(tmp_path / "bomb.zip", bomb)).problem.code == "too_large"
    inner = packed(tmp_path / "inner.zip", {"a.csv": HEADER + ROW}).read_bytes()
    nested = refused(packed(tmp_path / "outer.zip", {"inner.zip": inner}))
    assert nested.problem.code == "file_kind"
    monkeypatch.setattr(reading.limits, "MAX_MEMBERS", 2)
    assert refused(tmp_path / "bomb.zip").problem.code == "too_many_files"


def test_an_archive_that_lies_about_its_sizes_is_still_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading.limits, "MAX_BYTES", 1_000_000)
    raw = bytearray(packed(tmp_path / "x.zip", {"a.csv": b"0" * 5_000_000}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.index(mark) + at
        raw[place : place + 4] = (100).to_bytes(4, "little")
    assert refused(write(tmp_path, bytes(raw), "x.zip")).problem.code in ("too_large", "file_damaged")


def test_damaged_doubled_and_locked_archives_are_said(tmp_path: Path) -> None:
    good = packed(tmp_path / "a.zip", {"a.csv": HEADER + ROW * 50}).read_bytes()
    assert refused(write(tmp_path, good[:-30], "cut.zip")).problem.code == "file_damaged"
    hurt = bytearray(good)
    hurt[60] ^= 0xFF
    assert refused(write(tmp_path, bytes(hurt), "hurt.zip")).problem.code == "file_damaged"
    two = packed(tmp_path / "two.zip", {"a.csv": HEADER + ROW, "b.csv": HEADER + ROW}).read_bytes()
    twice = write(tmp_path, two.replace(b"b.csv", b"a.csv"), "twice.zip")
    assert refused(twice).problem.code == "zip_twice"
    locked = bytearray(good)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert "password" in refused(write(tmp_path, bytes(locked), "locked.zip")).message()


# --- two sides ---------------------------------------------------------------------------------------------------


def test_credit_is_subtracted_from_debit(tmp_path: Path) -> None:
    head = "تاریخ,شرح,ذی‌نفع,بدهکار,بستانکار\n"
    rows = ["100,", ",30", "۵٬۰۰۰,۱٬۰۰۰", "-,7", "0,0", ",", "x,5", "5,x"]
    text = head + "".join(f"1403/01/0{i},کالا,الف,{row}\n" for i, row in enumerate(rows, 1))
    text = text.replace("5,x", '5,"x"').replace("۵٬۰۰۰,", '"۵٬۰۰۰",')
    found = cleaned(write(tmp_path, text), mapping(**SIDES, numbers={"empty": ["-"]}))
    assert found.lines["amount"].to_list() == [100, -30, 4000, -7, 0]
    assert found.lines["amount_raw"].to_list()[2] == "۵٬۰۰۰ − ۱٬۰۰۰"
    assert found.problems.select("row", "code").rows() == [
        (7, "amount_missing"),
        (8, "amount"),
        (9, "amount"),
    ]
    assert found.amounts_in == (4063,)


def test_a_column_can_say_the_side(tmp_path: Path) -> None:
    amounts = [{"stage": "paid", "names": ["مبلغ"], "sign": {"names": ["تشخیص"], "negative": ["بس"]}}]
    text = "تاریخ,شرح,ذی‌نفع,مبلغ,تشخیص\n1403/01/01,میز,الف,100,بد\n1403/01/02,میز,الف,30, بس \n"
    assert cleaned(write(tmp_path, text), mapping(amounts=amounts)).lines["amount"].to_list() == [100, -30]


def test_two_lines_of_headers_are_one_header(tmp_path: Path) -> None:
    text = "تاریخ,شرح,ذی‌نفع,مبلغ,,اعتبار,\n,,,مصوب,نهایی,مصوب,نهایی\n1403/01/01,میز,الف,1,2,3,4\n"
    amounts = [
        {"stage": "initial", "names": ["اعتبار مصوب"]},
        {"stage": "paid", "names": ["مبلغ نهایی"]},
    ]
    found = cleaned(write(tmp_path, text), mapping(amounts=amounts))
    assert found.lines.select("stage", "amount").rows() == [("initial", 3), ("paid", 2)]


# --- printed tables ----------------------------------------------------------------------------------------------


def test_totals_carried_sums_and_notes_are_set_aside(tmp_path: Path) -> None:
    text = HEADER + (
        "1403/01/01,میز,الف,100\n"  # 2
        "1403/01/02,صندلی,ب,50\n"  # 3
        ",نقل به صفحهٔ بعد,,150\n"  # 4
        ",نقل از صفحه قبل,,150\n"  # 5
        "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"  # 6
        "1403/02/01,جمع‌آوری زباله,Total,30\n"  # 7
        "جمع صفحه,,,180\n"  # 8
        "1403/02/02,چاپ,پ,20\n"  # 9
        "1403/02/03,چاپ,پ,\n"  # 10
        "جمع صفحه,,,20\n"  # 11
        "جمع كل,,,200\n"  # 12
        "امضای ذی‌حساب\n"  # 13
        "صفحه ۱ از ۱,,,\n"  # 14
    )
    found = cleaned(write(tmp_path, text), mapping())
    assert found.lines["row"].to_list() == [2, 3, 7, 9]
    assert aside(found) == {
        4: "carried", 5: "carried", 6: "header", 8: "total", 11: "total", 12: "total", 13: "footer", 14: "footer",
    }  # fmt: skip
    # A row of data that lacks its amount is no note.
    assert found.problems.select("row", "code").rows() == [(10, "amount_missing")]
    kept = sum(int(frame["a1"].sum()) for frame in (found.aside, found.quarantine))
    assert found.amounts_in[0] == kept + int(found.lines["amount"].sum())


def test_a_total_that_is_not_the_sum_of_its_rows_is_said(tmp_path: Path) -> None:
    rows = "1403/01/01,میز,الف,100\n1403/01/02,صندلی,ب,50\n"
    for total, said in ((150, []), (160, [(4, "مبلغ (ریال)", "total_differs", "160", "150")])):
        found = cleaned(write(tmp_path, f"{HEADER}{rows}جمع کل,,,{total}\n"), mapping())
        assert found.lines["amount"].to_list() == [100, 50]
        assert found.problems.select("row", "column", "code", "found", "expected").rows() == said


def test_a_grand_total_is_compared_with_the_whole_and_no_page(tmp_path: Path) -> None:
    rows = "1403/01/01,میز,الف,1500\nجمع صفحه,,,1500\n1403/01/02,صندلی,ب,250\nجمع کل,,,1800\n"
    found = cleaned(write(tmp_path, HEADER + rows), mapping())
    assert found.problems.select("row", "found", "expected").rows() == [(5, "1800", "1750")]


def test_a_payee_called_total_is_a_payee(tmp_path: Path) -> None:
    text = HEADER + "1403/01/01,سوخت,Total,100\n1403/01/02,مجموع خدمات,جمع,50\n"
    assert cleaned(write(tmp_path, text), mapping()).lines.height == 2
    plain = mapping(file={"totals": False})
    assert cleaned(write(tmp_path, HEADER + "جمع کل,,,100\n"), plain).quarantine.height == 1


def test_a_cell_longer_than_any_office_writes_is_refused(tmp_path: Path) -> None:
    for long in ("x" * 50_000_000, '"' + "x\n" * 25_000_000 + '"'):
        path = write(tmp_path, HEADER + f"1403/01/01,{long},الف,5\n")
        assert refused(path).problem.code == "long_cell"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_found_without_its_mark(tmp_path: Path, encoding: str) -> None:
    facts, [cells] = read(write(tmp_path, (HEADER + ROW * 5).encode(encoding)), mapping())
    assert facts.encoding == encoding
    assert cells.frame.height == 5


def test_of_an_archive_the_files_that_are_meant_are_proposed_and_read(tmp_path: Path) -> None:
    table = "تاریخ,شرح,ذی‌نفع,مبلغ\n" + "".join(
        f"1403/05/{day},میز {day},الف,{day}000\n" for day in range(10, 19)
    )
    path = tmp_path / "p.zip"
    for others, members in (
        ({"readme.txt": "x"}, ("*.csv",)),
        ({"note.csv": "x\ny\n"}, ("1403/a.csv", "1403/b[[]1].csv")),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in ({"1403/a.csv": table, "1403/b[1].csv": table} | others).items():
                archive.writestr(name, text)
        found = propose([path], id_="karaj.payments")
        assert found.mapping.file.members == members
        assert "file.members" in {doubt.key for doubt in found.doubts}
        assert [cells.sheet for cells in read(path, found.mapping)[1]] == ["1403/a.csv", "1403/b[1].csv"]
