"""Reading: every record of a file becomes one row of verbatim cells, and what was found is said."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from offices import mapping, write

from rasad.ledger import read as reading
from rasad.ledger.mapping import Mapping
from rasad.ledger.problems import FileError, LedgerError, MappingError
from rasad.ledger.read import Cells, read
from rasad.ledger.read.text import text_cells

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
ROW = "۱۴۰۳/۰۵/۱۲,خرید رایانه,شرکت الف,۱۲۰۰\n"


def records(cells: Cells) -> list[list[str]]:
    """Return each row's own cells."""
    return [[row[f"c{i}"] for i in range(1, row["cells"] + 1)] for row in cells.frame.iter_rows(named=True)]


def refused(path: Path, rules: Mapping | None = None) -> LedgerError:
    with pytest.raises((FileError, MappingError)) as caught:
        read(path, rules or mapping())
    assert caught.value.message()
    return caught.value


# --- text --------------------------------------------------------------------------------------------------------

CELL = st.text(
    st.sampled_from(list('ab ,;"\n\r\tی\u200c۱.-\x00\ufeff«')) | st.characters(codec="utf-8"), max_size=6
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]),
       st.sampled_from(["\n", "\r\n"]), st.booleans())  # fmt: skip
def test_cells_come_back_as_they_were_written(
    rows: list[list[str]], delimiter: str, end: str, quote_all: bool
) -> None:
    file = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    found = records(text_cells(file.getvalue().encode(), delimiter, "x.csv"))
    assert found == list(csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=delimiter))
    # The writer leaves a carriage return unquoted where line feeds end the lines.
    if not any("\r" in cell for row in rows for cell in row):
        assert found == rows


@given(st.text(st.sampled_from(list('ab,"\n\r ی;')), max_size=40))
def test_any_text_is_read_as_python_reads_it_or_refused(text: str) -> None:
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        with pytest.raises(FileError):
            text_cells(text.encode(), ",", "x.csv")
    else:
        cells = text_cells(text.encode(), ",", "x.csv")
        assert records(cells) == expected
        assert cells.frame["row"].to_list() == list(range(1, len(expected) + 1))


@given(
    st.lists(
        st.lists(st.sampled_from(["", "a", "b c", "۱۲"]), min_size=1, max_size=5), min_size=1, max_size=8
    )
)
def test_short_and_long_records_keep_their_own_number_of_cells(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows) + "\n"
    found = text_cells(text.encode(), ",", "x.csv")
    assert records(found) == [[] if row == [""] else row for row in rows]


def test_the_fast_way_is_taken_for_regular_and_ragged_files_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("read by Python")

    monkeypatch.setattr(reading.text, "_records", never)
    body = b'a report of 1403\n\n1,"b ""x""\ny",3\r\n1,2\n"",5,6,7\n'
    assert records(text_cells(body, ",", "x.csv")) == [
        ["a report of 1403"], [], ["1", 'b "x"\ny', "3"], ["1", "2"], ["", "5", "6", "7"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("windows-1256", "windows-1256"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_and_said(
    tmp_path: Path, encoding: str, found: str, delimiter: str
) -> None:
    # windows-1256 knows neither Persian ی nor Persian digits.
    text = (HEADER + ROW * 3).replace("ی", "ي").replace("،", ",")
    if encoding == "windows-1256":
        text = text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    path = write(tmp_path, text.replace(",", delimiter).encode(encoding))
    facts, [cells] = read(path, mapping())
    assert (facts.encoding, facts.delimiter, facts.format) == (found, delimiter, "text")
    assert cells.header[0] == "تاريخ"
    assert cells.frame["c2"].to_list() == ["خريد رايانه"] * 3


def test_latin_text_is_not_taken_for_persian(tmp_path: Path) -> None:
    rules = mapping(
        id="madrid.x", fiscal_year={"from": "value", "value": 2021}, columns={"title": {"names": ["Descripción"]}},
        amounts=[{"stage": "paid", "names": ["Importe"]}],
    )  # fmt: skip
    path = write(
        tmp_path, "Descripción;Importe\nIluminación y señalización;3\nAño nuevo, café;4\n".encode("cp1252")
    )
    facts, [cells] = read(path, rules)
    assert facts.encoding == "cp1252"
    assert cells.frame["c1"][0] == "Iluminación y señalización"


def test_a_stated_encoding_must_fit(tmp_path: Path) -> None:
    path = write(tmp_path, (HEADER + ROW).encode("utf-8") + b"\xff\n")
    error = refused(path, mapping(file={"encoding": "utf-8"}))
    assert error.problem.code == "encoding"
    assert error.problem.found == str(len((HEADER + ROW).encode()))
    assert refused(path, mapping(file={"encoding": "utf-99"})).problem.column == "file.encoding"
    cut = write(tmp_path, (HEADER + ROW).encode("utf-16")[:-1])
    assert refused(cut).problem.code == "encoding"


def test_gz_is_unpacked_and_the_hash_is_of_the_file_as_it_came(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + ROW).encode(), mtime=0)
    facts, [cells] = read(write(tmp_path, packed, "p.csv.gz"), mapping())
    assert facts.compression == "gzip"
    assert facts.bytes == len(packed)
    assert records(cells) == [ROW.strip().split(",")]
    assert refused(write(tmp_path, packed[:-9], "cut.csv.gz")).problem.code == "file_damaged"


def test_a_small_gz_that_unpacks_to_no_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading.limits, "MAX_BYTES", 1_000_000)
    path = write(tmp_path, gzip.compress(b"0," * 1_000_000, mtime=0), "bomb.csv.gz")
    assert refused(path).problem.code == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (gzip.compress(b"", mtime=0), "file_empty"),
        (b"%PDF-1.7 ...", "file_kind"),
        (b"PK\x03\x04 no workbook", "file_damaged"),
        (b"\x00\x01\x02\x03" * 50, "file_kind"),
        (HEADER.encode(), "no_rows"),
        ((HEADER + '1403/1/1,"خرید,الف,5\n').encode(), "quote"),
        ((HEADER + '1403/1/1,"خرید"ه,الف,5\n').encode(), "quote"),
        ("تاریخ,شرح,مبلغ\n1,2,3\n".encode(), "header"),
        ((",".join(["x"] * 10_000) + "\n").encode(), "too_wide"),
    ],
)
def test_what_cannot_be_read_is_a_typed_error(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(write(tmp_path, content)).problem.code == code


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path / "absent.csv").problem.code == "file_missing"
    assert refused(tmp_path).problem.code == "file_kind"
    assert (
        refused(Path("/dev/zero")).message() == "/dev/zero: this is no table but a device; Rasad reads a file"
    )


def test_a_missing_header_is_named_with_what_was_found(tmp_path: Path) -> None:
    error = refused(write(tmp_path, "گزارش\nتاریخ,شرح,نام,مبلغ (ریال)\n1,2,3,4\n"))
    assert error.problem.expected == "ذی‌نفع"
    assert "شرح" in error.problem.found
    assert "نام" in error.problem.found


def test_titles_above_the_header_are_found_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    text = "شهرداری کرج\n\nگزارش پرداخت‌ها, سال ۱۴۰۳\n" + HEADER + ROW + "\n" + ROW
    _, [cells] = read(write(tmp_path, text), mapping(file={"delimiter": ","}))
    assert cells.header_row == 4
    assert cells.titles == (1, 2, 3)
    assert cells.frame["row"].to_list() == [1, 2, 3, 5, 6, 7]


def test_headers_meet_however_they_are_typed(tmp_path: Path) -> None:
    typed = HEADER.replace("ی", "ي").replace("\u200c", " ").replace("شرح", " بابت ")
    _, [cells] = read(write(tmp_path, typed + ROW), mapping())
    assert cells.header_row == 1


def test_a_file_without_a_header_is_as_wide_as_most_of_its_rows(tmp_path: Path) -> None:
    rules = mapping(
        file={"header": False}, fiscal_year={"from": "value", "value": 1403},
        columns={"title": {"position": 1}}, amounts=[{"stage": "paid", "position": 2}],
    )  # fmt: skip
    _, [cells] = read(write(tmp_path, "a,1\nb,2\nc\n\n\n\nd,4,x,y\n"), rules)
    assert cells.expected == 2
    assert cells.names == ["1", "2", "3", "4"]


# --- workbooks ---------------------------------------------------------------------------------------------------


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in ("نیمه اول", "نیمه دوم"):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "گزارش")
            sheet.write_row(2, 0, ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"])
            sheet.write_row(3, 0, ["1403/01/05", "خرید", "الف", 12_345_678_901_234])
            sheet.write_datetime(4, 0, date(2024, 5, 2), day)
            sheet.write_row(4, 1, ["فروش", True, 0.5])
    return path


def test_sheets_titles_and_numbers_of_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx")
    facts, [first] = read(path, mapping())
    assert facts.format == "xlsx"
    assert (first.sheet, first.header_row) == ("نیمه اول", 3)
    assert records(first)[-2:] == [
        ["1403/01/05", "خرید", "الف", "12345678901234"],
        ["2024-05-02", "فروش", "TRUE", "0.5"],
    ]
    _, both = read(path, mapping(file={"sheets": "all"}))
    assert [cells.sheet for cells in both] == ["نیمه اول", "نیمه دوم"]
    _, [second] = read(path, mapping(file={"sheets": ["نیمه دوم"]}))
    assert second.sheet == "نیمه دوم"
    error = refused(path, mapping(file={"sheets": ["سوم"]}))
    assert error.problem.code == "sheet"
    assert "نیمه اول" in error.problem.found
