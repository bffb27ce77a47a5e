"""Tables as they are printed: pages with titles, headers and sums of their own, headers that stand deep, cover sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from offices import cleaned, mapping, write
from test_messages import PERSIAN

from rasad.ledger.problems import LedgerError
from rasad.ledger.propose.proposal import propose
from rasad.ledger.read import read

SIDES: dict[str, Any] = {
    "columns": {"date": {"names": ["تاریخ"]}, "title": {"names": ["شرح"]}},
    "amounts": [{"stage": "paid", "names": ["بدهکار"], "minus": {"names": ["بستانکار"]}}],
}
HEADER = "سند,تاریخ,شرح,بدهکار,بستانکار,مانده\n"


def refused(path: Path, **changes: Any) -> tuple[str, str]:
    with pytest.raises(LedgerError) as caught:
        read(path, mapping(**changes))
    return caught.value.message(), caught.value.message(PERSIAN)


def test_every_page_of_a_ledger_has_its_titles_header_and_sums(tmp_path: Path) -> None:
    titles = "دفتر معین شهرداری\nاز تاریخ 1403/01/01,,,,,\n"
    pages = [
        titles, "صفحه ۱,,,,,\n", HEADER, "1,1403/01/05,رایانه,1200,0,1200\n", ",,جمع صفحه,1200,0,\n",
        titles, "صفحه ۲,,,,,\n", HEADER, ",,نقل از صفحه قبل,1200,0,1200\n", "2,1403/01/06,برگشت,,200,1000\n",
        ",,جمع نقل به صفحه بعد,1200,200,\n", ",,جمع گردش,1200,200,\n",
    ]  # fmt: skip
    found = cleaned(write(tmp_path, "".join(pages)), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(5, 1200), (12, -200)]
    assert dict(found.aside.select("row", "reason").iter_rows()) == {
        **dict.fromkeys((1, 2, 3, 7, 8, 9), "title"), 6: "total", 10: "header", 11: "carried", 13: "carried", 14: "total"
    }  # fmt: skip
    assert found.problems.is_empty()
    assert found.amounts_in == (1000 + 1200 + 1200 + 1000 + 1000,)


def test_a_header_of_two_lines_is_known_again_in_both(tmp_path: Path) -> None:
    header = "سند,,شرح,مبلغ,\nشماره,تاریخ,,بدهکار,بستانکار\n"
    text = f"{header}1,1403/01/05,رایانه,1200,\n{header}2,1403/01/06,برگشت,,200\n"
    found = cleaned(write(tmp_path, text), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(3, 1200), (6, -200)]
    assert found.aside.select("row", "reason").rows() == [(4, "header"), (5, "header")]
    # Where the lower line names every column by itself, the upper one is a title.
    header = "سند,,شرح,مبلغ,\nشماره,تاریخ,شرح,بدهکار,بستانکار\n"
    text = f"{header}1,1403/01/05,رایانه,1200,\n{header}2,1403/01/06,برگشت,,200\n"
    found = cleaned(write(tmp_path, text), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(3, 1200), (6, -200)]
    assert found.aside.select("row", "reason").rows() == [(1, "title"), (4, "title"), (5, "header")]


def test_a_header_of_two_lines_is_the_tables_where_a_later_page_says_it_in_one(tmp_path: Path) -> None:
    """The rows above the later one are payments, not titles."""
    text = (
        "دفتر بانک,,,,\nسند,تاریخ,شرح,گردش,\n,,,بدهکار,بستانکار\n1,1403/01/05,رایانه,1200,\n2,1403/01/06,میز,300,\n,,جمع صفحه,1500,\n"
        "سند,تاریخ,شرح,بدهکار,بستانکار\n3,1403/01/07,برگشت,,200\n"
    )
    found = cleaned(write(tmp_path, text), mapping(**SIDES))
    assert found.lines.select("row", "amount").rows() == [(4, 1200), (5, 300), (8, -200)]
    assert found.aside.select("row", "reason").rows() == [(1, "title"), (6, "total"), (7, "header")]


def test_payments_above_a_header_that_stands_not_deep_are_no_titles_either(tmp_path: Path) -> None:
    """Two exports in one file, the first under a name that the mapping does not know."""
    rows = "1,1403/01/05,رایانه,1200,0,\n2,1403/01/06,میز,300,0,\n"
    path = write(tmp_path, HEADER.replace("بدهکار", "پرداختی") + rows + HEADER + rows)
    assert refused(path, **SIDES)[0].endswith(
        "stand in row 4, but row 2 above it is no title; if nothing above is to be counted, let the mapping say so (file.header_rows = 4)"
    )
    said = cleaned(path, mapping(file={"header_rows": 4}, **SIDES))
    assert said.lines["amount"].to_list() == [1200, 300]
    # One row of figures may stand over a header: it numbers the columns.
    numbered = write(tmp_path, "1,2,3,4,5,6\n" + HEADER + rows)
    assert cleaned(numbered, mapping(**SIDES)).lines["amount"].to_list() == [1200, 300]


def test_a_row_of_data_that_lacks_its_amount_is_no_note_and_no_title(tmp_path: Path) -> None:
    text = f"{HEADER}1,1403/01/05,رایانه,1200,0,\n,1403/01/06,میز,,,\n{HEADER}2,1403/01/07,کاغذ,5,,\n,1403/01/08,صندلی,,,\nتنظیم‌کننده,,,,,\n"
    found = cleaned(write(tmp_path, text), mapping(**SIDES))
    assert found.problems.select("row", "code").rows() == [(3, "amount_missing"), (6, "amount_missing")]
    assert found.aside.select("row", "reason").rows() == [(4, "header"), (7, "footer")]


def test_a_header_deep_below_titles_is_found_and_one_below_data_is_not_guessed(tmp_path: Path) -> None:
    titles = "".join(f"بند {number}\n" for number in range(60))
    rows = "1,1403/01/05,رایانه,1200,0,\n"
    path = write(tmp_path, titles + HEADER + rows)
    found = cleaned(path, mapping(**SIDES))
    assert (found.lines["amount"].to_list(), set(found.aside["reason"])) == ([1200], {"title"})
    assert propose([path], id_="karaj.payments").mapping.amounts[0].names == ("بدهکار",)
    english, persian = refused(write(tmp_path, rows * 50 + HEADER + rows), **SIDES)
    assert english.endswith(
        "stand in row 51, but row 1 above it is no title; if nothing above is to be counted, let the mapping say so (file.header_rows = 51)"
    )
    assert "در ردیف ۵۱ است، ولی ردیف ۱ بالای آن عنوان نیست" in persian
    assert (
        cleaned(
            write(tmp_path, rows * 50 + HEADER + rows), mapping(file={"header_rows": 51}, **SIDES)
        ).lines.height
        == 1
    )


def test_a_header_in_one_cell_asks_for_the_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, "گزارش\n" + (HEADER + "1,1403/01/05,رایانه,1200,0,\n").replace(",", "؛"))
    english, persian = refused(path, **SIDES)
    assert english.startswith("payments.csv, row 2: the names of all columns stand in one cell, “سند؛تاریخ؛")
    assert english.endswith("(file.delimiter)")
    assert "نام همهٔ ستون‌ها در یک خانه است" in persian
    assert cleaned(path, mapping(file={"delimiter": "؛"}, **SIDES)).lines["amount"].to_list() == [1200]


def test_a_sheet_on_which_nothing_stands_is_passed_over_and_after_a_cover_the_others_are_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "p.xlsx"
    for cover in ("", "گزارش سال ۱۴۰۳"):
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("جلد").write(0, 0, cover)
            sheet = book.add_worksheet("داده")
            book.add_worksheet("پنهان").hide()
            sheet.write_row(0, 0, HEADER.strip().split(","))
            sheet.write_row(1, 0, [1, "1403/01/05", "رایانه", 1200, 0])
        if not cover:
            assert cleaned(path, mapping(**SIDES)).lines["sheet"].to_list() == ["داده"]
    english, persian = refused(path, **SIDES)
    assert english.startswith("p.xlsx (جلد): no row has all the columns")
    assert english.endswith(
        "The workbook has further sheets (داده); let the mapping say which are meant (file.sheets)"
    )
    assert "کارپوشه برگه‌های دیگری هم دارد (داده)" in persian


def test_without_a_header_a_column_of_names_is_who_is_paid_and_no_code(tmp_path: Path) -> None:
    rows = "".join(
        f"{i},1403/01/{i:02},خرید رایانه برای واحد {i},شرکت {'ابجد'[i % 4]},{1000 + i * 7919}\n"
        for i in range(1, 29)
    )
    rules = propose([write(tmp_path, rows)], id_="karaj.payments").mapping
    assert {name: rule.position for name, rule in rules.columns.items()} == {
        "unit_code": 1,
        "date": 2,
        "title": 3,
        "supplier_name": 4,
    }


def test_a_printed_ledgers_balances_and_its_sides_are_no_data(tmp_path: Path) -> None:
    head = "ردیف,تاریخ,شرح,ذی‌نفع,بدهکار,بستانکار,مانده,تشخیص\n"
    text = (
        f"{head}"
        ",,مانده از قبل,,900,,900,بد\n"
        "1,1403/01/15,خرید كاغذ,الف,1250,0,2150,بد\n"
        ",,نقل به صفحه بعد,,2150,0,2150,بد\n"
        f"{head}"
        ",,نقل از صفحه قبل,,2150,0,2150,بد\n"
        "2,1403/01/16,برگشت,بد,0,250,1900,بس\n"
        ",,جمع صفحه,,1250,250,1900,بد\n"
        ",,مانده,,,,1900,بد\n"
        "3,1403/01/17,,,700,0,2600,بد\n"
    )
    amounts = [{"stage": "paid", "names": ["بدهکار"], "minus": {"names": ["بستانکار"]}}]
    found = cleaned(write(tmp_path, text), mapping(amounts=amounts))
    assert found.lines.select("row", "amount").rows() == [(3, 1250), (7, -250), (10, 700)]
    assert dict(found.aside.select("row", "reason").iter_rows()) == {
        2: "carried", 4: "carried", 5: "header", 6: "carried", 8: "total", 9: "carried"
    }  # fmt: skip
    assert found.problems.height == 0
