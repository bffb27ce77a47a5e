"""Tables of web pages and workbooks in XML, as programs of offices save them under the name of an XLS."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import cleaned, mapping, write

from rasad.ledger import phrases
from rasad.ledger.clean import Cleaned
from rasad.ledger.problems import LedgerError
from rasad.ledger.propose import propose
from rasad.ledger.read import limits, read

HEAD = "<tr><th>تاریخ</th><th>شرح</th><th>ذی‌نفع</th><th>مبلغ<br>(ریال)</th></tr>"
DAY = date(2024, 8, 2)


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def page(rows: str, *, before: str = "", after: str = "", head: str = HEAD) -> str:
    return (
        f"<html><head><title>x</title></head><body>{before}<table>{head}{rows}</table>{after}</body></html>"
    )


def xml(rows: str, *, more: str = "", declared: str = 'encoding="utf-8"', said: str = "") -> str:
    return (
        f'<?xml version="1.0" {declared}?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'{said}<ss:Worksheet ss:Name="پرداخت"><ss:Table>{rows}</ss:Table></ss:Worksheet>{more}</ss:Workbook>'
    )


def cell(value: object, kind: str = "String", **said: object) -> str:
    more = "".join(f' ss:{name}="{text}"' for name, text in said.items())
    return f'<ss:Cell{more}><ss:Data ss:Type="{kind}">{value}</ss:Data></ss:Cell>'


def xml_row(*cells: str, **said: object) -> str:
    more = "".join(f' ss:{name}="{text}"' for name, text in said.items())
    return f"<ss:Row{more}>{''.join(cells)}</ss:Row>"


XML_HEAD = xml_row(*map(cell, ("تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)")))


def rows(found: Cleaned) -> list[tuple[Any, ...]]:
    return found.lines.select("row", "date", "title", "amount").rows()


def aside(found: Cleaned) -> dict[int, str]:
    return dict(found.aside.select("row", "reason").iter_rows())


def refused(path: Path, **changes: Any) -> tuple[str, str]:
    with pytest.raises(LedgerError) as caught:
        read(path, mapping(**changes))
    return caught.value.problem.code, caught.value.problem.found


# --- web pages -------------------------------------------------------------------------------------------------------


def test_a_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    content = page(
        '<tr><td rowspan="2">۱۴۰۳/۰۵/۱۲</td><td>میز<br/>اداری</td><td>الف &amp; ب</td><td>&nbsp;۱٬۲۰۰&nbsp;</td></tr>'
        + row("صندلی", "ب", "<font color=red><b>900</b></font>")
        # A key to sort by, that is not shown, is no part of an amount.
        + row("1403/05/12", "چاپ", "پ", '<span style="display:none">000500</span>500')
        + row("1403/05/12", "<table><tr><td>قاب</td><td>عکس</td></tr></table>", "ت", "a < b")
        + '<tr><td colspan="3">جمع کل</td><td>2,600</td></tr>',
        before="<!-- <table><tr><td>x</td></tr></table> --><style>td > p {}</style><h3>گزارش پرداخت</h3><p>سال ۱۴۰۳",
        after="<p>تهیه‌کننده: امور مالی",
    )
    facts, _ = read(write(tmp_path, content, "p.xls"), mapping())
    assert (facts.format, facts.encoding, facts.is_workbook) == ("html", "utf-8", True)
    found = cleaned(tmp_path / "p.xls", mapping())
    assert rows(found) == [(4, DAY, "میز اداری", 1200), (5, DAY, "صندلی", 900), (6, DAY, "چاپ", 500)]
    assert found.lines["supplier_raw"][0] == "الف & ب"
    assert found.problems.select("row", "code", "found").rows() == [(7, "amount", "a < b")]
    assert found.quarantine["cells_verbatim"].to_list()[0][1] == "قاب عکس"
    assert aside(found) == {1: "title", 2: "title", 8: "total", 9: "footer"}


def test_tags_that_are_never_closed_and_tables_for_each_page(tmp_path: Path) -> None:
    one = "<TR><TD>1403/05/12<TD NOWRAP>میز<TD class='a b'>الف<TD>100"
    content = (
        f"<table>{HEAD}{one}</table><table>{HEAD}{one.replace('100', '50')}"
        f"</table><div><table><tfoot><tr><td colspan=3>جمع کل<td>150</tfoot>{one.replace('1403/05/12<', '1403/05/12 <')}</table>"
    )
    found = cleaned(write(tmp_path, content, "p.xls"), mapping())
    assert [one[3] for one in rows(found)] == [100, 50, 100]
    # What stands at a table's foot stands there wherever its tag is.
    assert aside(found) == {3: "header", 6: "total"}
    assert found.problems["code"].to_list() == ["total_differs"]


def test_a_table_inside_a_table_that_only_places_it(tmp_path: Path) -> None:
    inner = f"<table>{HEAD}{row('1403/05/12', 'میز', 'الف', '5')}</table>"
    content = f"<table><tr><td>شهرداری</td></tr><tr><td>گزارش{inner}</td></tr></table>"
    assert rows(cleaned(write(tmp_path, content, "p.htm"), mapping())) == [(4, DAY, "میز", 5)]
    deep = "<table><tr><td>" * 150 + "x"
    assert refused(write(tmp_path, deep, "d.xls")) == ("file_damaged", phrases.DEEP)


def test_the_number_behind_what_is_shown_is_read(tmp_path: Path) -> None:
    content = page(
        '<tr><td class="xl2 xl7" x:num="45506">2-Aug</td><td>میز</td><td>الف</td><td x:num="1234567.0">1,235 هزار</td></tr>'
        '<tr><td sdval="45506" sdnum="1033;1033;YYYY-MM-DD">1403/05/12</td><td>چاپ</td><td>ب</td><td sdval="123456789012345678">1E+17</td></tr>'
        '<tr><td x:num="45506.5" style=\'mso-number-format:"Short Date"\'>x</td><td>قاب</td><td>ب</td><td style="mso-number-format:\'\\@\'" x:num="9">7</td></tr>'
        "<tr><td>1403/05/12</td><td>کاغذ</td><td>ب</td><td x:num x:fmla='=SUM(A1)'></td></tr>",
        before='<style>.xl7 {color:red; mso-number-format:"d\\-mmm";}</style>',
    )
    found = cleaned(write(tmp_path, content, "p.xls"), mapping())
    assert rows(found)[0] == (2, DAY, "میز", 1234567)
    assert rows(found)[1:] == [(4, DAY, "قاب", 7)]
    assert found.problems.select("row", "found", "expected").rows() == [
        (3, "1E+17", phrases.ALL_DIGITS),
        (5, "=SUM(A1)", phrases.A_FORMULAS_VALUE),
    ]


@pytest.mark.parametrize(
    ("encoding", "said", "found"),
    [
        ("windows-1256", "windows-1256", "windows-1256"),
        ("windows-1256", "iso-8859-1", "windows-1256"),
        ("windows-1256", "utf-8", "windows-1256"),
        ("iso-8859-6", "iso-8859-6", "iso-8859-6"),
        ("utf-8", "windows-1256", "utf-8"),
        ("utf-8-sig", "utf-7", "utf-8-sig"),
        ("utf-16", "utf-16", "utf-16"),
        ("utf-16-le", "unicode", "utf-16-le"),
    ],
)
def test_a_pages_bytes_say_its_encoding_before_what_it_says_of_itself(
    tmp_path: Path, encoding: str, said: str, found: str
) -> None:
    content = page(
        row("1403/05/12", "خريد ميز", "الف", "5"),
        before=f'<meta http-equiv=Content-Type content="text/html; charset={said}">',
    )
    for persian, arabic in (("ی", "ي"), ("\u200c", " "), ("گ", "ک"), ("ک", "ك")):
        content = content.replace(persian, arabic)
    path = write(tmp_path, content.encode(encoding), "p.xls")
    assert read(path, mapping())[0].encoding == found
    assert rows(cleaned(path, mapping())) == [(2, DAY, "خرید میز", 5)]


def test_single_tables_are_read_where_the_mapping_names_them(tmp_path: Path) -> None:
    content = page(row("1403/05/12", "میز", "الف", "5"), before="<table><tr><td>خلاصه<td>۵</table>")
    path = write(tmp_path, content, "p.html")
    facts, [cells] = read(path, mapping(file={"sheets": ["table 2"]}))
    assert (cells.sheet, cells.header_row, facts.left) == ("table 2", 1, ("table 1",))
    assert refused(path, file={"sheets": ["table 3"]}) == ("sheet", "table 1 | table 2")


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        ("<html><body><form>نام کاربری</form></body></html>", "file_kind", phrases.WEB_PAGE),
        ("<html><frameset><frame src=a.htm></frameset></html>", "file_kind", phrases.FRAMES),
        ("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<table>", "file_damaged", phrases.INSIDE),
        ('<?xml version="1.0"?><NewDataSet><Table><a>1</a></Table></NewDataSet>', "file_kind", phrases.OTHER_XML),
        (page(row("1403/05/12", "میز"))[:-40] + "<td", "file_damaged", phrases.CUT_OFF),
        (page("") + "<!-- x", "file_damaged", phrases.CUT_OFF),
        ("<table><script>x", "file_damaged", phrases.CUT_OFF),
        (f"<table>{'<tr>' + '<td>x' * 2_500}</table>", "too_wide", "2001"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read_says_why(tmp_path: Path, content: str, code: str, found: str) -> None:
    assert refused(write(tmp_path, content, "p.xls")) == (code, found)


def test_pages_made_to_harm_end_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (
        "<table>" + "<a " * 40_000,
        "<table>" + "<a \"'" * 40_000,
        "<table>" + "<" * 80_000,
        "<table>" + "<!--" * 40_000,
        "<table>" + '<td title="' + "<b '>" * 40_000,
        "<table><style>" + ".a{" * 40_000,
        "<table>" + "<tr><td rowspan=65000 colspan=1000>x" * 1_000,
    ):
        with pytest.raises(LedgerError):
            read(write(tmp_path, content, "p.xls"), mapping())
    monkeypatch.setattr(limits, "MAX_MARKUP", 100)
    assert refused(write(tmp_path, page("x" * 200), "p.xls"))[0] == "too_large"


# --- workbooks in XML ------------------------------------------------------------------------------------------------


def test_an_xml_workbook_says_its_types(tmp_path: Path) -> None:
    content = xml(
        xml_row(cell("گزارش", MergeAcross=3))
        + XML_HEAD
        + xml_row(cell("2024-08-02T00:00:00.000", "DateTime", MergeDown=1), cell("میز"), cell("الف"), cell(123456789012345678, "Number"))
        + xml_row(cell("<B>چاپ</B><I> رنگی</I>", Index=2), cell("ب"), cell("1.2E3", "Number"))
        + xml_row(cell("1403-05-12T00:00:00", "DateTime"), cell("قاب"), cell("1234.5599999999999", "Number", Index=4), Index=7)
        + xml_row(cell(45506, "Number"), cell("کاغذ"), cell("ب"), '<ss:Cell ss:Formula="=R[-1]C*2"/>')
        + xml_row(cell(45506, "Number"), cell("مداد"), cell("ب"), cell("#DIV/0!", "Error", Formula="=1/0"))
        + xml_row(cell("1403/05/12"), cell("پوشه"), "<ss:Cell><ss:Comment><ss:Data>9</ss:Data></ss:Comment></ss:Cell>", cell("1,500")),
        declared='encoding="utf-16"',
        more='<ss:Worksheet ss:Name="کهنه"><ss:Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></ss:Worksheet>',
    )  # fmt: skip
    path = write(tmp_path, content, "p.xls")
    rules = mapping(numbers={"minor_digits": 2, "currency": "EUR"})
    facts, [cells] = read(path, rules)
    assert (facts.format, facts.left, facts.hidden) == ("xml2003", ("کهنه",), ("کهنه",))
    assert (cells.sheet, cells.header_row) == ("پرداخت", 2)
    found = cleaned(path, rules)
    assert rows(found) == [
        (4, DAY, "چاپ رنگی", 120_000), (7, DAY, "قاب", 123_456), (10, DAY, "پوشه", 150_000)
    ]  # fmt: skip
    assert found.problems.select("row", "found").rows() == [
        (3, "123456789012345678"), (8, "=R[-1]C*2"), (9, "#DIV/0!")
    ]  # fmt: skip
    assert rows(cleaned(path, mapping()))[0] == (3, DAY, "میز", 123456789012345678)


def test_an_xml_workbooks_sheets_and_years_are_those_of_any_workbook(tmp_path: Path) -> None:
    def sheet(name: str, amount: int) -> str:
        return f'<ss:Worksheet ss:Name="{name}"><ss:Table>{XML_HEAD}{xml_row(cell(44044, "Number"), cell("میز"), cell("الف"), cell(amount, "Number"))}</ss:Table></ss:Worksheet>'

    content = xml(
        "", more=sheet("الف", 1) + sheet("ب", 2), said="<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>"
    )
    path = write(tmp_path, content.encode("utf-16"), "p.xml")
    # A sheet on which nothing stands is none that anyone means.
    assert rows(cleaned(path, mapping())) == [(2, DAY, "میز", 1)]
    assert rows(cleaned(path, mapping(file={"sheets": ["ب"]}))) == [(2, DAY, "میز", 2)]
    assert refused(path, file={"sheets": ["پ"]})[0] == "sheet"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xml(XML_HEAD)[:-60], "file_damaged"),
        (xml(XML_HEAD.replace("شرح", "a & b")), "xml_broken"),
        (xml(xml_row(cell("x"), Index=2_000_000)), "too_many_rows"),
        (xml(xml_row(cell("x", Index=9_000))), "too_wide"),
        (xml(xml_row(cell("x", Index=1_500)) + xml_row(cell("x"), Index=1_000_000)), "too_many_cells"),
        (xml("<ss:a>" * 200), "file_damaged"),
        (xml("").replace("<ss:Workbook", '<!DOCTYPE ss:Workbook [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<ss:Workbook'), "file_damaged"),
    ],
)  # fmt: skip
def test_an_xml_workbook_that_is_broken_or_made_to_harm_is_refused(
    tmp_path: Path, content: str, code: str
) -> None:
    assert refused(write(tmp_path, content, "p.xls"))[0] == code


# --- as any other file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damaged",
    [
        xml(XML_HEAD + xml_row(cell(1))).replace("ss:Table", "ss:Tafle"),
        xml(XML_HEAD + xml_row('<ss:Workbook><ss:Worksheet ss:Name="x"/></ss:Workbook>' + cell(1))),
        xml(cell(1)),
    ],
    ids=["rows of no table", "a sheet within a row", "a cell of no row"],
)
def test_an_xml_workbook_whose_tags_are_damaged_has_no_row_of_the_mapping(
    tmp_path: Path, damaged: str
) -> None:
    code, _found = refused(write(tmp_path, damaged, "damaged.xls"))
    assert code in ("no_rows", "file_empty", "header")


def test_both_are_proposed_for_and_read_inside_archives(tmp_path: Path) -> None:
    lines = [(f"1403/05/{day:02}", f"خرید {day}", f"شرکت {day}", f"{day},500") for day in range(1, 12)]
    markup = page("".join(row(*one) for one in lines), before="<h2>پرداخت‌ها - ارقام به هزار ریال</h2>")
    book = xml(XML_HEAD + "".join(xml_row(*map(cell, one)) for one in lines))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xls", markup)
        archive.writestr("b.xls", book)
    path = write(tmp_path, file.getvalue(), "p.zip")
    _, found = read(path, mapping())
    assert [(cells.sheet, cells.format, cells.frame.height) for cells in found] == [
        ("a.xls", "html", 12), ("b.xls/پرداخت", "xml2003", 11)
    ]  # fmt: skip
    proposal = propose([write(tmp_path, markup, "p.xls")], id_="karaj.p")
    assert proposal.data["numbers"]["scale"] == "thousand_rial"
    assert proposal.data["columns"]["date"] == {"names": ["تاریخ"]}
    assert cleaned(tmp_path / "p.xls", proposal.mapping).lines["amount"].sum() == 1000 * sum(
        day * 1000 + 500 for day in range(1, 12)
    )
