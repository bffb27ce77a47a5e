"""Cleaning: exact amounts, dates, texts; every row ends in one place, with all its problems."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from offices import BUDGET, PAYMENTS, cleaned, mapping, write

from rasad.ledger import columns
from rasad.ledger import texts as of_columns
from rasad.ledger.clean import total
from rasad.ledger.mapping import DateRule, Mapping, NumberRule
from rasad.ledger.phrases import A_MONTH
from rasad.ledger.problems import MappingError
from rasad.ledger.schema import TABLES
from rasad.persian import calendar, dates
from rasad.persian.digits import to_persian
from rasad.persian.text import normalise, search_key

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
TEXT = st.text(
    st.sampled_from(list("یيىكک\u200c\u200b\u0640ًآأؤئۀة۱٢ aÁñß-/()\u00a0\u202b\u0654"))
    | st.characters(codec="utf-8"),
    max_size=15,
)


def amounts(texts: list[str], **rule: Any) -> list[tuple[int | None, str]]:
    found = columns.amount(pl.Series("x", texts, dtype=pl.String), NumberRule.model_validate(rule))
    return list(found.iter_rows())


# --- amounts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        ("12345", {}, 12345),
        ("۱۲٬۳۴۵", {}, 12345),
        ("١٢٣", {}, 123),
        ("12,345,678", {}, 12345678),
        ("۱۲،۳۴۵،۶۷۸", {}, 12345678),
        ("12’345", {"thousands": ["'"]}, 12345),
        ("12\u202f345", {"thousands": [" "]}, 12345),
        (" 1,234 ", {}, 1234),
        ("\u200f۱۲۳\u200c", {}, 123),
        ("0", {}, 0),
        ("-0", {}, 0),
        ("+5", {}, 5),
        ("-1,234", {}, -1234),
        ("\u22121234", {}, -1234),
        ("1.5", {"minor_digits": 2}, 150),
        ("1.50", {"minor_digits": 2}, 150),
        ("1.5000", {"minor_digits": 2}, 150),
        (".5", {"minor_digits": 2}, 50),
        ("3.", {"minor_digits": 2}, 300),
        ("۱۲٬۳۴۵٫۶۷", {"minor_digits": 2}, 1234567),
        ("1.234,56", {"decimal": ",", "thousands": ["."], "minor_digits": 2}, 123456),
        ("1 234,56", {"decimal": ",", "thousands": [" "], "minor_digits": 2}, 123456),
        ("1\u00a0234\u202f567", {"thousands": [" "]}, 1234567),
        ("1'234", {"thousands": ["'"]}, 1234),
        ("12", {"scale": "toman"}, 120),
        ("12.5", {"scale": "million_rial"}, 12_500_000),
        ("0.000001", {"scale": "million_rial"}, 1),
        ("7", {"scale": "thousand", "minor_digits": 2}, 700_000),
        ("(1,234)", {"negative": ["parentheses"]}, -1234),
        ("( 1,234 )", {"negative": ["parentheses"]}, -1234),
        ("1,234-", {"negative": ["trailing"]}, -1234),
        ("5", {"invert": True}, -5),
        ("-5", {"invert": True}, 5),
        ("£1,234.50", {"marks": ["£"], "minor_digits": 2}, 123450),
        ("-£5", {"marks": ["£"]}, -5),
        ("(£5)", {"marks": ["£"], "negative": ["parentheses"]}, -5),
        ("۵۰۰ ریال", {"marks": ["ریال"]}, 500),
        ("999999999999999999", {}, 999_999_999_999_999_999),
    ],
)
def test_amounts_are_read_exactly(text: str, rule: dict[str, Any], value: int) -> None:
    assert amounts([text], **rule) == [(value, "")]


@pytest.mark.parametrize(
    ("text", "rule", "problem"),
    [
        ("NaN", {}, "amount"),
        ("inf", {}, "amount"),
        ("1e20", {}, "amount"),
        ("12a", {}, "amount"),
        ("1,23", {}, "amount"),
        ("1,2345", {}, "amount"),
        (",123", {}, "amount"),
        ("1،23", {}, "amount"),
        ("1،234", {"decimal": ",", "thousands": ["."]}, "amount"),
        ("12 34", {}, "amount"),
        ("1.234,56", {}, "amount"),
        ("--5", {}, "amount"),
        ("-", {}, "amount"),
        (".", {}, "amount"),
        ("5-", {}, "amount"),
        ("(5)", {}, "amount"),
        ("(-5)", {"negative": ["parentheses", "leading"]}, "amount"),
        ("-5", {"negative": ["trailing"]}, "amount"),
        ("£5", {}, "amount"),
        ("१२३", {}, "amount"),
        ("½", {}, "amount"),
        ("1.5", {}, "amount_decimals"),
        ("1.005", {"minor_digits": 2}, "amount_decimals"),
        ("0.0000001", {"scale": "million_rial"}, "amount_decimals"),
        ("1000000000000000000", {}, "amount_large"),
        ("1000000000000", {"scale": "million"}, "amount_large"),
    ],
)
def test_what_is_no_exact_amount_is_never_guessed(text: str, rule: dict[str, Any], problem: str) -> None:
    assert amounts([text], **rule) == [(None, problem)]


def test_an_empty_cell_is_neither_zero_nor_wrong() -> None:
    assert amounts(["", "  ", "\u200c"]) == [(None, "")] * 3


RULES = st.builds(
    lambda marks, zeros, scale: {
        "decimal": marks[0], "thousands": [marks[1]], "minor_digits": zeros, "scale": scale,
        "negative": ["leading", "trailing", "parentheses"],
    },
    st.sampled_from([(".", ","), (",", "."), (".", " "), (",", "'")]),
    st.integers(0, 3),
    st.sampled_from(["unit", "toman", "million_rial"]),
)  # fmt: skip


@given(
    st.integers(-(10**17), 10**17),
    RULES,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["-{}", "{}-", "({})"]),
)
def test_a_written_amount_comes_back_to_the_smallest_unit(
    value: int, rule: dict[str, Any], grouped: bool, persian: bool, negative: str
) -> None:
    zeros = NumberRule.model_validate(rule).zeros
    exact = abs(Decimal(value)).scaleb(-zeros)
    text = f"{exact:{',' if grouped else ''}f}".replace(",", "\0").replace(".", rule["decimal"])
    text = text.replace("\0", rule["thousands"][0])
    if value < 0:
        text = negative.format(text)
    assert amounts([to_persian(text) if persian else text], **rule) == [(value, "")]


@given(st.lists(st.text(st.sampled_from(list("0123456789.,-()+ ۰۵٬٫eE£ن\u200f")), max_size=9), max_size=30))
def test_no_text_is_read_as_another_number(texts: list[str]) -> None:
    rule = {"minor_digits": 2, "negative": ["leading"]}
    for text, (value, problem) in zip(texts, amounts(texts, **rule), strict=True):
        assert (value is None) or problem == ""
        if value is not None:
            plain = to_latin_figure(text)
            try:
                assert Decimal(plain).scaleb(2) == value
            except InvalidOperation:
                pytest.fail(f"{text!r} became {value}")


def to_latin_figure(text: str) -> str:
    """Return the figure as a program writes it, by other means than the ledger's."""
    table = str.maketrans({"۰": "0", "۵": "5", "٬": None, ",": None, "٫": ".", "\u200f": None})
    plain = text.translate(table).strip()
    return f"-{plain[2:]}" if plain.startswith("- ") else plain


FIGURE = st.from_regex(r"-?([0-9]{1,16}|[0-9]{1,3}([,٬،][0-9]{3}){1,5})([.٫][0-9]{0,4})?-?", fullmatch=True)


@given(
    st.lists(FIGURE | FIGURE | TEXT, max_size=20), st.sampled_from([0, 2, 3]), st.booleans(), st.booleans()
)
def test_plain_figures_are_read_as_those_that_need_care(
    texts: list[str], digits: int, invert: bool, persian: bool
) -> None:
    cell = pl.Series("x", [to_persian(text) if persian else text for text in texts], dtype=pl.String)
    rule = NumberRule(minor_digits=digits, invert=invert, negative=("leading", "trailing"))
    careful = columns._any_amount(cell, rule)
    assert columns.amount(cell, rule).rows() == careful.rows()


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=20, max_size=60))
def test_sums_are_exact_beyond_64_bits(values: list[int]) -> None:
    assert total(pl.Series(values, dtype=pl.Int64)) == sum(values)


# --- dates and years -----------------------------------------------------------------------------------------------


@given(
    st.lists(st.dates(date(1850, 1, 1), date(2110, 1, 1)), max_size=20),
    st.sampled_from(["{}/{:02}/{:02}", "{}-{}-{}", "{}{:02}{:02}"]),
)
def test_a_column_of_jalali_dates_is_read_as_each_date(days: list[date], form: str) -> None:
    texts = [to_persian(form.format(*calendar.from_gregorian(day))) for day in days]
    found = columns.dates(pl.Series("x", texts, dtype=pl.String), DateRule(calendar="jalali"))
    assert found["value"].to_list() == days
    assert set(found["problem"]) <= {""}


DATE_TEXT = st.text(st.sampled_from(list("0123456789۰۱۴/-. :t")), max_size=12) | st.sampled_from(
    ["۱۲ مرداد ۱۴۰۳", "1403/12/30", "1402/12/30", "1403/13/01", "12/05/1403 10:30", "1403/05/12 ساعت 14:30", "2024-05-03T10:00:00", "3 May 2024"]
)  # fmt: skip


@given(
    st.lists(DATE_TEXT, max_size=20),
    st.sampled_from(["jalali", "gregorian"]),
    st.sampled_from(["ymd", "dmy", "mdy"]),
)
def test_a_column_of_dates_is_what_the_pure_function_says(texts: list[str], cal: Any, order: Any) -> None:
    found = columns.dates(pl.Series("x", texts, dtype=pl.String), DateRule(calendar=cal, order=order))
    for text, (value, problem) in zip(texts, found.iter_rows(), strict=True):
        assert (value, problem) == one_date(text, cal, order), text


def one_date(text: str, cal: Any, order: Any) -> tuple[date | None, str]:
    try:
        return dates.parse(text, calendar=cal, order=order), ""
    except dates.DateError as error:
        return None, "" if error.reason == "empty" else "date"


def test_the_fiscal_year_of_a_date_begins_in_its_month(tmp_path: Path) -> None:
    rules = mapping(
        fiscal_year={"from": "date", "first_month": 4}, dates={"calendar": "gregorian", "order": "dmy"}
    )
    path = write(tmp_path, HEADER + "31/03/2021,a,b,1\n01/04/2021,a,b,1\n,a,b,1\n31/02/2021,a,b,1\n")
    found = cleaned(path, rules)
    assert found.lines["fiscal_year"].to_list() == [2020, 2021]
    # Without a date there is no year; a wrong date is said once.
    assert found.problems.select("row", "column", "code").rows() == [
        (4, "تاریخ", "required"), (5, "تاریخ", "date"),
    ]  # fmt: skip


def test_the_fiscal_year_from_path_parameter_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "۱۴۰۲"
    folder.mkdir()
    path = write(folder, HEADER + "1402/1/1,a,b,1\n")
    by_path = mapping(fiscal_year={"from": "path", "pattern": r"/(\d{4})/[^/]*$"})
    assert cleaned(path, by_path).lines["fiscal_year"].to_list() == [1402]
    assert cleaned(path, by_path, {"fiscal_year": "1401"}).lines["fiscal_year"].to_list() == [1401]
    by_parameter = mapping(fiscal_year={"from": "parameter"})
    assert cleaned(path, by_parameter, {"fiscal_year": "۱۴۰۳"}).lines["fiscal_year"].to_list() == [1403]
    for wrong in ({}, {"fiscal_year": "03"}):
        with pytest.raises(MappingError, match="fiscal_year"):
            cleaned(path, by_parameter, wrong)
    with pytest.raises(MappingError, match="no year"):
        cleaned(write(tmp_path, HEADER + "1402/1/1,a,b,1\n"), by_path)

    by_column = mapping(fiscal_year={"from": "column", "names": ["سال"]})
    path = write(tmp_path, "سال," + HEADER + "سال ۱۴۰۳,1402/1/1,a,b,1\n,1402/1/1,a,b,1\n03,1402/1/1,a,b,1\n")
    found = cleaned(path, by_column)
    assert found.lines["fiscal_year"].to_list() == [1403]
    assert found.problems.select("row", "column", "code", "found").rows() == [
        (3, "سال", "required", ""), (4, "سال", "fiscal_year", "03"),
    ]  # fmt: skip


def test_a_cut_off_is_stated_by_a_constant_or_a_parameter(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "1402/1/1,a,b,1\n")
    stated = mapping(constants={"as_of": "1402/06/31"})
    assert cleaned(path, stated).lines["as_of"].to_list() == [date(2023, 9, 22)]
    assert cleaned(path, stated, {"as_of": "1402/12/29"}).lines["as_of"].to_list() == [date(2024, 3, 19)]
    with pytest.raises(MappingError, match="1402/07/31"):
        cleaned(path, stated, {"as_of": "1402/07/31"})


# --- texts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("few", [0, of_columns.FEW])
@given(texts=st.lists(TEXT, max_size=30))
@example(texts=["\n", "a\tb\r"])
def test_columns_are_normalised_as_each_text_is(few: int, texts: list[str]) -> None:
    wanted = [normalise(text) for text in texts], [search_key(text) for text in texts]
    series = pl.Series("text", texts, dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_columns, "FEW", few)
        normal = of_columns.normal_texts(series)
        assert (normal.to_list(), of_columns.key_texts(normal).to_list()) == wanted
    whole = of_columns.normalised(pl.col("text"))
    found = series.to_frame().select(whole.alias("normal"), of_columns.key(whole).alias("key"))
    assert (found["normal"].to_list(), found["key"].to_list()) == wanted
    assert series.to_list() == texts


@given(st.lists(st.none() | TEXT, max_size=30), st.integers(1, 4))
def test_what_is_done_to_each_distinct_text_is_done_to_every_cell(
    texts: list[str | None], times: int
) -> None:
    cells = pl.Series("text", texts * times, dtype=pl.String)
    found = of_columns.distinct(cells)
    assert found.spread(found.texts).to_list() == texts * times
    longer = of_columns.mapped(cells, lambda each: each + "!")
    assert longer.to_list() == [text if text is None else f"{text}!" for text in texts] * times
    lengths = of_columns.by_distinct(cells, pl.col("text").str.len_chars().alias("length"))
    assert lengths["length"].to_list() == [text if text is None else len(text) for text in texts] * times


def test_a_column_longer_than_a_slice_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_columns, "SLICE", 7)
    cells = [f" كار  {number} " if number % 3 else f"{number}" for number in range(50)]
    assert of_columns.normal_texts(pl.Series(cells)).to_list() == [normalise(cell) for cell in cells]


def test_raw_and_normalised_stand_side_by_side_and_nothing_else_is_lost(tmp_path: Path) -> None:
    path = write(
        tmp_path, "ش,تاریخ,شرح,ذی‌نفع,مبلغ (ریال),ش,\n ۷ ,۱۴۰۳/۱/۵, خريد  رايانه ,شركت الف,۱٬۲۰۰,\"x\"\"y\",ی\n"
    )  # fmt: skip
    [line] = cleaned(path, mapping()).lines.to_dicts()
    assert line["title_raw"] == " خريد  رايانه "
    assert (line["title"], line["title_key"]) == ("خرید رایانه", "خرید رایانه")
    assert (line["supplier_raw"], line["supplier_name"]) == ("شركت الف", "شرکت الف")
    assert (line["date"], line["date_raw"]) == (date(2024, 3, 24), "۱۴۰۳/۱/۵")
    assert (line["amount"], line["amount_raw"], line["currency"]) == (1200, "۱٬۲۰۰", "IRR")
    assert (line["stage"], line["flow"], line["book"], line["origin"]) == (
        "paid",
        "expense",
        "payments",
        "row",
    )
    assert json.loads(line["extra"]) == {"ش": " ۷ ", "ش (6)": 'x"y', "7": "ی"}
    assert line["row"] == 2
    assert line["unit"] is None
    assert list(line) == list(TABLES["line"].names)


def test_one_cell_is_split_and_several_are_joined(tmp_path: Path) -> None:
    rules = mapping(
        fiscal_year={"from": "value", "value": 2021},
        columns={
            "unit_code": {"names": ["org"], "pattern": "^(.{3})"},
            "programme_code": {"names": ["org"], "pattern": "^.{3}(.{3})$"},
            "unit": {"names": ["a"], "append": ["b"], "between": " · "},
        },
        amounts=[{"stage": "paid", "names": ["sum"]}],
    )
    [first, second] = cleaned(write(tmp_path, "org,a,b,sum\n001170,x,y,1\n99,z,,2\n"), rules).lines.to_dicts()
    assert (first["unit_code"], first["programme_code"], first["unit"]) == ("001", "170", "x · y")
    assert (second["unit_code"], second["programme_code"], second["unit"]) == (None, None, "z ·")


# --- where rows go -------------------------------------------------------------------------------------------------


def test_a_wrong_row_goes_to_quarantine_whole_and_with_all_its_problems(tmp_path: Path) -> None:
    path = write(
        tmp_path, HEADER + "1403/13/40,خرید,الف,NaN\n1403/1/1,درست,ب,5\n1403/1/1,کوتاه\n1403/1/1,ا,ب,1,زیاد\n"
    )
    found = cleaned(path, mapping())
    assert found.lines["row"].to_list() == [3]
    assert found.rows_in == 4
    assert found.quarantine.select("row", "cells_verbatim").rows() == [
        (2, ["1403/13/40", "خرید", "الف", "NaN"]),
        (4, ["1403/1/1", "کوتاه"]),
        (5, ["1403/1/1", "ا", "ب", "1", "زیاد"]),
    ]
    assert found.problems.select("row", "column", "code", "found", "expected").rows() == [
        (2, "تاریخ", "date", "1403/13/40", A_MONTH),
        (2, "مبلغ (ریال)", "amount", "NaN", "12,345"),
        (4, "", "row_short", "2", "4"),
        (4, "مبلغ (ریال)", "amount_missing", "", "12,345"),
        (5, "", "row_long", "5", "4"),
    ]
    assert (found.amounts_in, found.empty, found.unreadable) == ((6,), (1,), (1,))


def test_empty_cells_beyond_the_header_are_no_fault(tmp_path: Path) -> None:
    found = cleaned(write(tmp_path, HEADER + "1403/1/1,ا,ب,1,,\n"), mapping())
    assert found.lines.height == 1


def test_blank_rows_repeated_headers_titles_totals_and_fillers_are_set_aside(tmp_path: Path) -> None:
    rules = mapping(
        set_aside=[
            {"column": "title", "pattern": "^جمع کل"},
            {"blank": ["date", "supplier_name", "amount"], "reason": "filler"},
        ]
    )
    text = f"گزارش,,,\n{HEADER}1403/1/1,ا,ب,1\n , ,,\n{HEADER}1403/1/1,ا,ب,2\n,باقی,,\n,جمع كل,,3\n"
    found = cleaned(write(tmp_path, text), rules)
    assert found.aside.select("row", "reason").rows() == [
        (1, "title"), (4, "blank"), (5, "header"), (7, "filler"), (8, "total"),
    ]  # fmt: skip
    assert found.aside["a1"].to_list() == [None, None, None, None, 3]
    assert found.quarantine.is_empty()
    assert found.amounts_in == (6,)
    assert found.rows_in == 7


def test_an_empty_stage_gives_no_line_and_a_zero_gives_one(tmp_path: Path) -> None:
    rules = mapping(BUDGET, trees=[])
    found = cleaned(write(tmp_path, "کد,شرح,مصوب,نهایی\n1,الف,0,\n2,ب,5,7\n3,پ,,\n4,ت,x,9\n"), rules)
    assert found.lines.select("row", "stage", "amount").rows() == [
        (2, "initial", 0), (3, "initial", 5), (3, "final", 7),
    ]  # fmt: skip
    assert found.aside.select("row", "reason").rows() == [(4, "empty")]
    assert found.quarantine.select("row", "a1", "a2").rows() == [(5, None, 9)]
    assert (found.amounts_in, found.empty, found.unreadable) == ((5, 16), (1, 2), (1, 0))


def test_expense_and_revenue_of_one_row_are_two_lines(tmp_path: Path) -> None:
    rules = mapping(
        BUDGET, trees=[],
        amounts=[{"stage": "initial", "names": ["خرج"]}, {"stage": "initial", "names": ["درآمد"], "flow": "revenue"}],
    )  # fmt: skip
    lines = cleaned(write(tmp_path, "کد,شرح,خرج,درآمد\n1,الف,3,4\n"), rules).lines
    assert lines.select("flow", "amount").rows() == [("expense", 3), ("revenue", 4)]
    assert lines["line_id"].n_unique() == 2


def test_a_contract_needs_its_number(tmp_path: Path) -> None:
    rules = mapping(
        table="contract", fiscal_year={"from": "value", "value": 1403},
        columns={"contract_no": {"names": ["شماره"]}, "start": {"names": ["شروع"]}, "end": {"names": ["پایان"], "optional": True}},
        amounts=[{"names": ["مبلغ"]}],
    )  # fmt: skip
    found = cleaned(write(tmp_path, "شماره,شروع,مبلغ\n12/ب,1403/2/1,5\n ,1403/2/1,6\n"), rules)
    assert found.lines.select("contract_no", "start", "start_raw", "end", "amount").rows() == [
        ("12/ب", date(2024, 4, 20), "1403/2/1", None, 5)
    ]
    assert found.problems.select("row", "column", "code").rows() == [(3, "شماره", "required")]


def test_a_header_that_stands_twice_is_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "تاریخ,شرح,شرح,ذی‌نفع,مبلغ (ریال)\n1403/1/1,ا,ب,پ,1\n")
    with pytest.raises(MappingError, match="more than one column"):
        cleaned(path, mapping())


def test_a_position_beyond_the_file_is_named(tmp_path: Path) -> None:
    rules = mapping(columns={**PAYMENTS["columns"], "unit": {"position": 9}})
    with pytest.raises(MappingError, match="no column called 9"):
        cleaned(write(tmp_path, HEADER + "1403/1/1,ا,ب,1\n"), rules)


CELLS = st.sampled_from(["", "1403/1/1", "1403/13/1", "5", "-7", "x", "۱٬۰۰۰", "جمع کل", " "])


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12))
def test_every_row_ends_in_exactly_one_place_and_amounts_balance(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    assume(any(any(row) for row in rows))
    text = HEADER + "\n".join(",".join(row) for row in rows) + "\n"
    rules: Mapping = mapping(set_aside=[{"column": "title", "pattern": "^جمع کل"}])
    found = cleaned(write(tmp_path_factory.mktemp("f"), text), rules)
    places = [*found.lines["row"], *found.aside["row"], *found.quarantine["row"]]
    assert sorted(places) == list(range(2, len(rows) + 2))
    wrong = found.problems.filter(pl.col("code") != "total_differs")
    assert set(wrong["row"]) == set(found.quarantine["row"])
    kept = total(found.lines["amount"]) + total(found.aside["a1"]) + total(found.quarantine["a1"])
    assert found.amounts_in == (kept,)
