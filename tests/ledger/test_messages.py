"""What a finance officer reads when something is wrong: file, sheet, row, column, what was found, what was expected, in both languages."""

from __future__ import annotations

import gettext
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from offices import PAYMENTS, cleaned, mapping, write

from rasad.ledger import check_digits, hints, phrases, rejected
from rasad.ledger.mapping import DateRule, NumberRule
from rasad.ledger.problems import FILE_PROBLEMS, ROW_PROBLEMS, TEMPLATES, LedgerError, Problem
from rasad.ledger.read import read
from rasad.persian.digits import to_persian
from rasad.persian.identifiers import is_legal_id, is_national_id

LOCALES = Path(phrases.__file__).resolve().parents[1] / "locale"
PERSIAN = gettext.translation("django", LOCALES, ["fa"]).gettext
HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
ROW = "۱۴۰۳/۰۵/۱۲,خرید رایانه,شرکت الف,۱۲۰۰\n"


def said(problem: Problem) -> tuple[str, str]:
    return problem.message(), problem.message(PERSIAN)


def rows_said(folder: Path, text: str, **changes: Any) -> dict[int, tuple[str, str]]:
    """Return the first message of each row of a file that has a problem."""
    found = cleaned(write(folder, text), mapping(**changes))
    return {
        one["row"]: said(Problem(file="payments.csv", **one))
        for one in reversed(found.problems.sort("row").to_dicts())
    }


def refused(path: Path, **changes: Any) -> tuple[str, str]:
    with pytest.raises(LedgerError) as caught:
        read(path, mapping(**changes))
    return said(caught.value.problem)


# --- rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "en", "fa"),
    [
        ("NaN", "“NaN” is no amount; expected a figure such as 12,345", "«NaN» مبلغ نیست؛ انتظار می‌رفت: رقمی مانند ۱۲٬۳۴۵"),
        ('"1.234,56"', "“1.234,56” is no amount; expected a figure whose thousands are parted", "(numbers.thousands)"),
        ("1’234", "(numbers.thousands)", "با نشانه‌ای که نگاشت نام می‌برد از هم جدا"),
        ("1\u00a0234", "(numbers.thousands)", "(numbers.thousands)"),
        ("۱۲۳۴/-", "(numbers.marks)", "(numbers.marks)"),
        ('"(1,234)"', "expected a minus sign before the figure", "علامت منها پیش از رقم"),
        ("5-", "where the mapping says so (numbers.negative)", "(numbers.negative)"),
        ("1e20", "a spreadsheet program has shortened it", "کوتاه کرده است"),
        ("1.23E+11", "expected all its digits", "همهٔ رقم‌های آن"),
        ("=2*500", "let it compute, and save it again", "تا محاسبه شود و دوباره ذخیره کنید"),
        ("#REF!", "could not compute this cell", "نتوانسته این خانه را محاسبه کند"),
        ("۵۰۰ تومان", "(numbers.marks)", "(numbers.marks)"),
        ('"۱۲٬۳۴۵٫۶۷"', "the amount “۱۲٬۳۴۵٫۶۷” has more decimals than the currency; expected a figure such as 12,345", "«۱۲٬۳۴۵٫۶۷» رقم اعشاری"),
        ("99999999999999999999", "“99999999999999999999” is too large; expected at most 18 digits", "حداکثر ۱۸ رقم"),
        ("", "the amount is missing; expected a figure such as 12,345", "رقمی مانند ۱۲٬۳۴۵"),
    ],
)  # fmt: skip
def test_an_amount_says_what_was_expected_of_it(tmp_path: Path, amount: str, en: str, fa: str) -> None:
    [(row, (english, persian))] = rows_said(tmp_path, f"{HEADER}1403/01/01,میز,الف,{amount}\n").items()
    assert row == 2
    assert english.startswith("payments.csv, row 2, column “مبلغ (ریال)”: ")
    assert persian.startswith("payments.csv، ردیف ۲، ستون «مبلغ (ریال)»: ")
    assert en in english
    assert fa in persian


@pytest.mark.parametrize(
    ("day", "en", "fa"),
    [
        ("۱۴۰۳/۱۳/۴۰", "“۱۴۰۳/۱۳/۴۰” is no date of the calendar; expected a month from 1 to 12", "ماهی از ۱ تا ۱۲"),
        ("1402/12/30", "which is no leap year", "کبیسه نیست"),
        ("1403/07/31", "a day that this month has", "روزی که این ماه داشته باشد"),
        ("2024-08-02", "a year of the Jalali calendar", "سالی از تقویم خورشیدی"),
        ("45506", "(dates.serial)", "(dates.serial)"),
        ("1.403E+07", "expected all its digits", "همهٔ رقم‌های آن"),
        ("=A2", "expected its value: open the file", "مقدار آن؛ پرونده را در برنامهٔ صفحه‌گسترده باز کنید"),
        ("امروز", "expected a date such as 1403/05/12", "انتظار می‌رفت: تاریخی مانند ۱۴۰۳/۰۵/۱۲"),
        ("", "column “تاریخ”: the cell is empty; expected a value such as 1403/05/12", "خانه خالی است؛ انتظار می‌رفت: مقداری مانند ۱۴۰۳/۰۵/۱۲"),
    ],
)  # fmt: skip
def test_a_date_says_what_is_wrong_with_it(tmp_path: Path, day: str, en: str, fa: str) -> None:
    [(_, (english, persian))] = rows_said(tmp_path, f"{HEADER}{day},میز,الف,5\n").items()
    assert en in english
    assert fa in persian


def test_where_whole_columns_are_wrong_the_first_texts_are_looked_at_and_every_row_says_what_was_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejected, "MOST_HINTED", 2)
    told = rows_said(tmp_path, HEADER + "".join(f"1403/13/{day},میز,الف,5\n" for day in range(1, 6)))
    assert len(told) == 5
    hinted = [row for row, (english, _) in told.items() if "month" in english]
    assert sorted(hinted) == [2, 3]
    assert all("no date of the calendar; expected " in english for english, _ in told.values())


def test_of_two_sides_the_one_that_is_wrong_says_what_was_expected(tmp_path: Path) -> None:
    sides = {"amounts": [{"stage": "paid", "names": ["بدهکار"], "minus": {"names": ["بستانکار"]}}]}
    rows = '"1,000",=B2/2\n,#REF!\n5-,7\nالف,7\n'
    text = "تاریخ,شرح,ذی‌نفع,بدهکار,بستانکار\n" + "".join(
        f"1403/05/12,میز,الف,{row}\n" for row in rows.splitlines()
    )
    told = {row: english for row, (english, _) in rows_said(tmp_path, text, **sides).items()}
    assert "“1,000 − =B2/2” is no amount; expected its value: open the file" in told[2]
    assert "could not compute this cell" in told[3]
    assert "(numbers.negative)" in told[4]
    assert told[5].endswith("“الف − 7” is no amount; expected a figure such as 12,345")


def test_counts_and_sums_of_four_digits_are_written_in_groups_as_larger_ones() -> None:
    assert (
        "has 10,006 columns; at most 2,000 are read"
        in said(Problem("too_wide", file="p.csv", found="10006", expected="2000"))[0]
    )
    english, persian = said(Problem("total_differs", file="p.csv", row=5, found="7000", expected="6000.50"))
    assert "says 7,000; the rows above it come to 6,000.50" in english
    assert "۷٬۰۰۰" in persian
    assert "a year such as 1403" in said(Problem("fiscal_year", found="x", expected="1403"))[0]


def test_numbers_that_a_spreadsheet_shortened_are_said_and_their_rows_stand(tmp_path: Path) -> None:
    text = (
        "شماره سند,شناسه ملی,"
        + HEADER
        + "".join(f"{no},{id_}," + ROW for no, id_ in (("1.40312E+12", "۱٫۴E+۱۰"), ("1E5", "14003778990")))
    )
    columns = {
        **PAYMENTS["columns"],
        "document_no": {"names": ["شماره سند"]},
        "supplier_id_raw": {"names": ["شناسه ملی"]},
    }
    found = cleaned(write(tmp_path, text), mapping(columns=columns))
    assert (found.lines.height, found.quarantine.height) == (2, 0)
    assert found.problems.select("row", "column", "code", "found").rows() == [
        (2, "شناسه ملی", "shortened", "۱٫۴E+۱۰"),
        (2, "شماره سند", "shortened", "1.40312E+12"),
    ]
    english, persian = said(Problem(file="p.csv", **found.problems.to_dicts()[1]))
    assert (
        english
        == "p.csv, row 2, column “شماره سند”: of “1.40312E+12” a spreadsheet program has kept the first digits alone; export the column as text; the row stands"
    )
    assert (
        persian
        == "p.csv، ردیف ۲، ستون «شماره سند»: برنامهٔ صفحه‌گسترده از «1.40312E+12» تنها رقم‌های نخست را نگه داشته است؛ ستون را به صورت متن خروجی بگیرید؛ ردیف معتبر است"
    )


def test_a_files_own_text_never_commands_the_terminal(tmp_path: Path) -> None:
    english, _ = refused(write(tmp_path, "a\x1b[31m,b\n1,2\n", "p\nq\x1b.csv"))
    assert english.startswith("p␊q␛.csv: ")
    assert "found a␛[31m | b" in english
    assert not re.search("[\x00-\x1f\x7f-\x9f]", english)


def test_a_row_of_another_length_names_no_column_and_counts_its_cells(tmp_path: Path) -> None:
    told = rows_said(tmp_path, HEADER + "1403/01/01,میز,الف\n1403/01/01,میز,الف,5,6,7\n")
    assert told[3] == (
        "payments.csv, row 3: the row has 6 cells; expected 4",
        "payments.csv، ردیف ۳: ردیف ۶ خانه دارد؛ انتظار می‌رفت: ۴",
    )
    assert told[2][0] == "payments.csv, row 2: the row has 3 cells; expected 4"


def test_a_total_that_differs_is_said_with_both_figures_and_a_workbooks_sheet(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("مرداد")
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, ["1403/05/12", "میز", "الف", 1_200_000])
        sheet.write_row(2, 0, ["جمع کل", "", "", 1_750_000])
    [problem] = cleaned(path, mapping()).problems.to_dicts()
    english, persian = said(Problem(file="p.xlsx", **problem))
    assert english == (
        "p.xlsx, sheet “مرداد”, row 3, column “مبلغ (ریال)”: the file's own total says 1,750,000; the rows above it come to 1,200,000; the rows stand"
    )
    assert persian.startswith(
        "p.xlsx، برگهٔ «مرداد»، ردیف ۳، ستون «مبلغ (ریال)»: جمعی که خود پرونده نوشته ۱٬۷۵۰٬۰۰۰"
    )


@given(st.text(max_size=20), st.sampled_from(["jalali", "gregorian"]))
def test_of_any_text_something_was_expected(text: str, calendar: str) -> None:
    rules = DateRule.model_validate({"calendar": calendar}), NumberRule()
    for told in (hints.of_date(text, rules[0]), hints.of_amount(text, rules[1])):
        assert told in {*phrases.PHRASES, rules[0].example, rules[1].example}


# --- cells of workbooks ----------------------------------------------------------------------------------------------


def test_a_formula_without_a_value_is_no_nought(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("پرداخت")
        sheet.write_row(0, 0, HEADER.strip().split(","))
        values = [1000, 0, "", "#DIV/0!", 7]
        for row, value in enumerate(values, 1):
            sheet.write_row(row, 0, ["1403/05/12", "میز", "الف"])
            if row < len(values):
                sheet.write_formula(row, 3, f'=IF(A{row}>"a & b",1)', None, value)
            else:
                sheet.write_number(row, 3, 7)
    found = cleaned(path, mapping())
    # What a program did not compute is nought or nothing in the file; a nought that was computed cannot be told from it.
    assert found.lines.select("row", "amount").rows() == [(2, 1000), (6, 7)]
    assert found.problems.select("row", "found", "expected").rows() == [
        (3, '=IF(A2>"a & b",1)', phrases.A_FORMULAS_VALUE),
        (4, '=IF(A3>"a & b",1)', phrases.A_FORMULAS_VALUE),
        (5, "#DIV/0!", phrases.NO_ERROR),
    ]
    # Saved by a spreadsheet program, the same nought is an amount.
    saved = tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(b' fullCalcOnLoad="1"', b""))
    assert cleaned(saved, mapping()).lines["amount"].to_list() == [1000, 0, 7]


def test_a_cell_without_any_value_shows_its_formula_wherever_pieces_are_cut(tmp_path: Path) -> None:
    from rasad.ledger.read.uncomputed import Uncomputed

    xml = (
        b'<row r="2"><c r="A2" s="1"/><c r="B2"><f>SUM(C1:C9)</f><v></v></c><c r="C2"><f t="shared" si="0"/><v/></c>'
        b'<c r="D2"><f>A1&amp;B1</f></c><c r="E2" t="str"><f>""</f><v></v></c><c r="F2"><f>1</f><v>0</v></c>'
        b'<c r="AB2" t="e"><v>#N/A</v></c></row>'
    )
    expected = {(2, 2): "=SUM(C1:C9)", (2, 3): "=", (2, 4): "=A1&B1", (2, 28): "#N/A"}
    for size in (1, 7, 50, len(xml)):
        seen = Uncomputed("x.xlsx", noughts=False)
        for at in range(0, len(xml), size):
            seen.see(xml[at : at + size])
        seen.end()
        assert seen.found == expected
    every = Uncomputed("x.xlsx", noughts=True)
    every.see(xml)
    every.end()
    assert every.found == {**expected, (2, 6): "=1"}


def test_hidden_sheets_are_named_as_hidden(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, hides in (("پنهان", True), ("دیدنی", False), ("سوم", False)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER.strip().split(","))
            sheet.write_row(1, 0, ["1403/05/12", "میز", "الف", 5])
            if hides:
                sheet.hide()
            elif name == "دیدنی":
                sheet.activate()
                sheet.set_first_sheet()
    facts, [cells] = read(path, mapping())
    assert (cells.sheet, facts.left, facts.hidden) == ("دیدنی", ("پنهان", "سوم"), ("پنهان",))
    packed = tmp_path / "p.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "1403/p.xlsx")
    assert read(packed, mapping())[0].hidden == ("1403/p.xlsx/پنهان",)


# --- files ---------------------------------------------------------------------------------------------------------


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_mapping_that_names_columns_which_are_not_there_hears_all_of_them_and_the_nearest_row(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "شهرداری\nتاریخ,بابت,مبلغ\n1403/01/01,میز,5\n")
    english, persian = refused(path)
    assert english == (
        "payments.csv: no row has all the columns that the mapping names; row 2 comes nearest and lacks ذی‌نفع | مبلغ (ریال); found تاریخ | بابت | مبلغ"
    )
    assert "نزدیک‌ترین آن‌ها ردیف ۲ است" in persian
    archive = zipped(tmp_path / "p.zip", {"a.csv": HEADER + ROW, "readme.txt": "سلام"})
    english, persian = refused(archive)
    assert english.startswith("p.zip (readme.txt): ")
    assert "(file.members)" in english
    assert "(file.members)" in persian


@pytest.mark.parametrize("before", [200_000, 0])
def test_a_wrong_byte_in_utf8_is_named_with_its_row_and_makes_no_other_text_of_the_file(
    tmp_path: Path, before: int
) -> None:
    good = HEADER + ROW * 3 + ROW * (before // 60)
    path = write(tmp_path, good.encode() + "1403/05/15,کاغ".encode()[:-1] + b",x,5\n")
    english, persian = refused(path)
    row = good.count("\n") + 1
    assert english.startswith(f"payments.csv, row {row}: the text is not in UTF-8 (wrong byte at place ")
    assert to_persian(str(row)) in persian
    assert "UTF-8" in persian


def test_what_is_blank_or_empty_is_said(tmp_path: Path) -> None:
    assert refused(write(tmp_path, "\ufeff"))[0] == "payments.csv: the file is empty"
    assert refused(write(tmp_path, "\n\n  \n,,\n"))[0] == "payments.csv: the file has nothing but blank rows"
    assert refused(zipped(tmp_path / "p.zip", {"a/": ""}))[0] == "p.zip: the archive is empty"
    other = refused(zipped(tmp_path / "q.zip", {"b.csv": ROW}), file={"members": ["1403/*"]})[0]
    assert other == "q.zip: no file in the archive is called 1403/*, as the mapping has it; found b.csv"


def test_a_quotation_mark_says_where_it_was_opened(tmp_path: Path) -> None:
    open_, after = '1403/1/1,"باز,الف,5\n', '1403/1/1,"خرید"ه,الف,5\n'
    assert (
        refused(write(tmp_path, HEADER + ROW + open_ + ROW))[0]
        == "payments.csv, row 3: a quotation mark is opened here and never closed"
    )
    assert "پس از گیومهٔ بسته" in refused(write(tmp_path, HEADER + after))[1]


def test_a_long_cell_is_named_by_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasad.ledger.read import limits

    monkeypatch.setattr(limits, "MAX_CELL", 5_000)
    for cell in ("x" * 6_000, '"' + "x\n" * 3_000 + '"', '"' + "x" * 6_000 + '"'):
        english, persian = refused(write(tmp_path, HEADER + ROW + f"1403/01/01,{cell},الف,5\n" + ROW))
        assert english.startswith("payments.csv, row 3: a cell has more than 5,000 characters")
        assert "ردیف ۳" in persian


def test_a_mapping_without_amounts_is_told_so_in_no_programmers_words() -> None:
    with pytest.raises(LedgerError) as caught:
        mapping(amounts=[])
    english, persian = said(caught.value.problem)
    assert english.endswith("amounts: []; expected at least one column of amounts")
    assert persian.endswith("amounts: []؛ انتظار می‌رفت: دست‌کم یک ستون مبلغ")


def test_every_problem_has_its_words_in_persian_with_the_same_places() -> None:
    for text in [*TEMPLATES.values(), *phrases.PHRASES]:
        persian = PERSIAN(text)
        assert persian != text or not re.search("[a-z]", re.sub(r"%\(\w+\)s", "", text))
        assert set(re.findall(r"%\((\w+)\)s", persian)) == set(re.findall(r"%\((\w+)\)s", text)), text
    # No English word is left but names of keys, commands and kinds of files.
    known = re.compile(
        r"%\(\w+\)s|\([a-z_.]+\)|rasad[a-z ]*|--[a-z]+( fiscal_year=…)?|file\.[a-z_]+|XLSX|XML|JSON|DBF|IR"
    )
    for text in [*TEMPLATES.values(), *phrases.PHRASES]:
        assert not re.search("[A-Za-z]{2,}", known.sub("", PERSIAN(text))), PERSIAN(text)


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_every_problem_can_be_said(code: str) -> None:
    problem = Problem(code, file="پ.csv", sheet="برگه", row=12, column="مبلغ", found="x", expected="y")
    english, persian = said(problem)
    assert "%(" not in english + persian
    if code in ROW_PROBLEMS:
        assert english.startswith("پ.csv, sheet “برگه”, row 12, column “مبلغ”: ")
        assert persian.startswith("پ.csv، برگهٔ «برگه»، ردیف ۱۲، ستون «مبلغ»: ")
    else:
        assert code in ("parameter", "roadmap_broken") or "پ.csv" in english, FILE_PROBLEMS[code]


# --- check digits ------------------------------------------------------------------------------------------------


IDS = HEADER.replace("ذی‌نفع", "ذی‌نفع,شناسه")
WITH_IDS: dict[str, Any] = {
    "columns": {
        **{name: {"names": [title]} for name, title in (("date", "تاریخ"), ("title", "شرح"), ("supplier_name", "ذی‌نفع"))},
        "supplier_id_raw": {"names": ["شناسه"]},
    }
}  # fmt: skip


def test_a_wrong_check_digit_is_said_and_the_payment_stands(tmp_path: Path) -> None:
    ids = ["10380284791", "۱۰۳۸۰۲۸۴۷۹۰", "0499370898", "IR062960000000100324200002", "123", ""]
    text = (
        IDS + "".join(f"1403/01/01,میز,الف,{one},5\n" for one in ids) + "1403/13/01,میز,الف,10380284791,5\n"
    )
    found = cleaned(write(tmp_path, text), mapping(**WITH_IDS))
    assert found.lines["row"].to_list() == [2, 3, 4, 5, 6, 7]
    wrong = found.problems.filter(found.problems["code"] == "check_digit").sort("row").to_dicts()
    assert [one["row"] for one in wrong] == [2, 4, 5, 8]
    english, persian = said(Problem(file="payments.csv", **wrong[0]))
    assert (
        "“10380284791” is not a legal entity's national id of eleven digits: its check digit is wrong; the row stands"
        in english
    )
    assert "شناسهٔ ملی یازده‌رقمی" in persian


def test_numbers_of_another_kind_that_are_as_long_are_no_wrong_identifiers(tmp_path: Path) -> None:
    # Contract numbers of eleven digits: one in eleven has the check digit by chance.
    text = IDS + "".join(f"1403/01/01,میز,الف,{20_000_000_000 + 7919 * n},5\n" for n in range(60))
    assert cleaned(write(tmp_path, text), mapping(**WITH_IDS)).problems.height == 0


@given(st.lists(st.from_regex("[0-9۰-۹]{10,11}", fullmatch=True), min_size=1, max_size=4, unique=True))
def test_columns_are_judged_as_each_identifier_is(ids: list[str]) -> None:
    import polars as pl

    wrong = set(check_digits.wrong(pl.Series("x", ids), "IRR")["text"])
    assert wrong == {one for one in ids if not (is_legal_id(one) if len(one) == 11 else is_national_id(one))}
