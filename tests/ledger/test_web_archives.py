"""Web archives under the names of pages and workbooks: their tables are read, nothing else of them is."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import cleaned, mapping, write
from put_right_office import Office
from test_markup import cell, xml, xml_row
from web_archives import HEADER, archive, book, table

from rasad.actions.sources import propose
from rasad.ledger import phrases
from rasad.ledger.problems import LedgerError, NothingPutRight
from rasad.ledger.read import archived, limits, read

ROWS = [HEADER, ["1403/01/01", "خريد رایانه", "الف", "1,200"], ["1403/01/02", "چاپ", "ب", "۷"]]


def refused(path: Path, **changes: Any) -> tuple[str, str]:
    with pytest.raises(LedgerError) as caught:
        read(path, mapping(**changes))
    return caught.value.problem.code, caught.value.problem.found


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.xls"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
@pytest.mark.parametrize(
    "head",
    [
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook",
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://hesab.example/report?id=5\r\nSubject: =?utf-8?Q?=DA=AF?=\r\n\t=?utf-8?Q?=D8=B2?=\r\nMIME-Version: 1.0",
    ],
)
def test_one_page_is_read_as_a_web_page(tmp_path: Path, name: str, charset: str, head: str) -> None:
    # A code page of Arabic has no Persian letter of these and no Persian digit.
    rows = [[text.replace("ی", "ي").replace("۷", "7") for text in row] for row in ROWS]
    rows = ROWS if charset == "utf-8" else rows
    page = table(rows, charset=charset)
    path = write(tmp_path, archive(("Book1.htm", page), ("x.htm", "<p>x"), charset=charset, head=head), name)
    facts, _ = read(path, mapping())
    assert (facts.format, facts.encoding, facts.left) == ("mhtml", charset, ())
    lines = cleaned(path, mapping()).lines
    assert lines["amount"].to_list() == [1200, 7]
    assert lines["title"].to_list() == ["خرید رایانه", "چاپ"]


def test_sheets_are_those_of_any_workbook(tmp_path: Path) -> None:
    sheets = {
        name: [HEADER, ["1403/01/01", "خرید", "الف", amount]]
        for name, amount in zip("پتث", "123", strict=True)
    }
    path = write(tmp_path, book(sheets, hidden=("ت",)), "a.xls")
    facts, [cells] = read(path, mapping())
    assert (cells.sheet, facts.left, facts.hidden) == ("پ", ("ت", "ث"), ("ت",))
    _, found = read(path, mapping(file={"sheets": "all"}))
    assert [one.sheet for one in found] == ["پ", "ث"]
    _, [named] = read(path, mapping(file={"sheets": ["ت"]}))
    assert named.frame["c4"].to_list() == ["2"]
    assert refused(path, file={"sheets": ["ج"]}) == ("sheet", "پ | ت | ث")


def test_pages_without_names_are_numbered_and_a_packed_one_is_proposed_for(tmp_path: Path) -> None:
    raw = archive(("a.htm", table(ROWS)), ("b.htm", table(ROWS)))
    path = write(tmp_path, gzip.compress(raw, mtime=0), "a.mht.gz")
    facts, _ = read(path, mapping())
    assert (facts.left, facts.compression) == (("page 2",), "gzip")
    assert propose([path], id_="karaj.payments").mapping.amounts[0].stage == "paid"


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (archive(("a.htm", table(ROWS)))[:-700], "file_damaged", phrases.CUT_OFF),
        (archive(("a.htm", "<html><p>Log in")), "file_kind", phrases.WEB_PAGE),
        (archive(("a.htm", "<html><table><tr><td>x<!-- ")), "file_damaged", phrases.CUT_OFF),
        (b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nDear", "file_kind", phrases.WEB_PAGE),
    ],
)
def test_a_damaged_one_and_one_without_a_table_say_so(
    tmp_path: Path, content: bytes, code: str, found: str
) -> None:
    assert refused(write(tmp_path, content, "a.mht")) == (code, found)


def test_one_made_to_harm_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(5000))
    assert refused(write(tmp_path, f"MIME-Version: 1.0\r\n{nested}", "deep.mht"))[0] == "file_damaged"
    many = archive(*((f"{n}.htm", table(ROWS)) for n in range(9)))
    with monkeypatch.context() as patch:
        patch.setattr(archived, "_MOST_PARTS", 8)
        assert refused(write(tmp_path, many, "a.mht")) == ("file_damaged", phrases.INSIDE)
        patch.setattr(limits, "MAX_MARKUP", 1000)
        assert refused(write(tmp_path, many, "a.mht"))[0] == "too_large"


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_harmed_one_ends_in_an_error_or_is_read(data: st.DataObject) -> None:
    raw = bytearray(archive(("a.htm", table(ROWS)), ("b.htm", table(ROWS))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=6))
    found = None
    with suppress(LedgerError):
        found = archived.sheets(bytes(raw), "a.mht", mapping())
    assert found is None or found.cells


# --- rejected rows of a markup, out and in again ------------------------------------------------------------------

WRONG = ["1403/13/01", "چاپ", "ب", "7"]


def _html(rows: list[list[str]]) -> bytes:
    return table(rows).encode()


def _mhtml(rows: list[list[str]]) -> bytes:
    return archive(("Book1.htm", table(rows)))


def _sheets(rows: list[list[str]]) -> bytes:
    return book({"پرداخت": rows, "یادداشت": [["هیچ"]]})


def _xml(rows: list[list[str]]) -> bytes:
    return xml("".join(xml_row(*map(cell, row)) for row in rows)).encode()


@pytest.mark.parametrize("make", [_html, _mhtml, _sheets, _xml])
def test_rejected_rows_of_a_markup_are_put_right(tmp_path: Path, make: Any) -> None:
    office = Office(tmp_path)
    receipt = office.take(make([*ROWS[:2], WRONG, ["1403/01/03", "میز", "پ", "x"]]), "a.xls")
    assert (receipt.rows["stored"], receipt.rows["quarantined"]) == (1, 2)
    with pytest.raises(NothingPutRight):
        office.load(office.export(name="rejected.xlsx"))
    office.load(office.put_right(office.export(), {3: ["1403/12/01", "چاپ", "ب", "7"]}))
    assert (office.lines(), office.rejected()) == ({2: 1200, 3: 7}, [4])
    office.load(office.put_right(office.export(), {4: ["1403/01/03", "میز", "پ", "20"]}, "2.csv"))
    assert (office.lines(), office.rejected()) == ({2: 1200, 3: 7, 4: 20}, [])
    [amounts] = office.live.amounts
    assert amounts.in_ == amounts.stored == 1227
    assert office.live.file["sha256"] == receipt.file["sha256"]
