"""Figures typed with a slash between thousands or before decimals, and in full width: read where they can mean one thing alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import mapping, write

from rasad.actions.sources import propose, try_source
from rasad.ledger import phrases
from rasad.ledger.columns import amount
from rasad.ledger.hints import of_amount
from rasad.ledger.mapping import NumberRule
from rasad.ledger.problems import LedgerError
from rasad.ledger.propose.values import figures
from rasad.persian.digits import to_persian
from rasad.persian.figures import parse_amount, parse_decimal

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
THOUSANDS = NumberRule(thousands=("/",))
WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789,.-()"}
whole = st.integers(-(10**15), 10**15)


def read(text: str, rule: NumberRule) -> tuple[int | None, str]:
    # Beside plain figures and beside none: two ways lead through a column.
    [one] = amount(pl.Series([text]), rule).rows()
    assert amount(pl.Series([text, "5", "6"]), rule).row(0) == one
    return one


@given(whole, st.booleans())
def test_a_slash_parts_thousands_where_the_mapping_says_so_and_nowhere_else(
    number: int, persian: bool
) -> None:
    text = f"{number:,}".replace(",", "/")
    text = to_persian(text) if persian else text
    assert read(text, THOUSANDS) == (number, "")
    if "/" in text:
        assert read(text, NumberRule()) == (None, "amount")
        assert of_amount(text, NumberRule()) == phrases.OTHER_GROUPS


@given(st.integers(0, 10**9), st.integers(0, 999_999))
def test_a_slash_stands_before_decimals_where_the_mapping_says_so(number: int, part: int) -> None:
    rule = NumberRule(decimal="/", scale="million_rial")
    text = to_persian(f"{number:,}/{part:06}")
    assert read(text, rule) == (number * 10**6 + part, "")
    assert read(f"{number}/5", rule) == (number * 10**6 + 500_000, "")
    assert read(f"{number}/5", NumberRule()) == (None, "amount")
    assert of_amount(f"{number}/5", NumberRule()) == phrases.SLASH


@pytest.mark.parametrize(
    "text", ["1403/05/12", "۱۴۰۳/۵/۱۲", "12/5", "1/25/000", "1/250/00", "1//250", "/250/000", "1/250/0000"]
)
def test_dates_and_crooked_groups_are_no_amounts(text: str) -> None:
    assert read(text, THOUSANDS) == (None, "amount")


@given(whole)
def test_figures_of_full_width_are_read(number: int) -> None:
    text = f"{number:,}".translate(WIDE)
    assert read(text, NumberRule()) == (number, "")
    assert parse_amount(text, minor_digits=0) == number
    cents = f"{number / 4:,.2f}" if abs(number) < 10**12 else "0.25"
    assert read(cents.translate(WIDE), NumberRule(minor_digits=2)) == read(cents, NumberRule(minor_digits=2))
    assert parse_decimal(cents.translate(WIDE)) == parse_decimal(cents)


def test_parentheses_of_full_width_are_a_minus_where_those_are() -> None:
    rule = NumberRule(negative=("parentheses",))
    assert read("（１，２３４）", rule) == (-1234, "")
    assert read("１２／５", rule) == (None, "amount")


def test_the_mapping_cannot_say_both() -> None:
    with pytest.raises(LedgerError):
        mapping(numbers={"decimal": "/", "thousands": ["/"]})


@pytest.mark.parametrize(
    ("amounts", "numbers", "said", "total"),
    [
        (["۱/۲۵۰/۰۰۰", "۲۵۰/۰۰۰", "۹۰۰"], {"thousands": ["/"]}, "between thousands", 1_500_900),
        (["۱۲/۵", "1,250/25", "۳"], {"decimal": "/", "thousands": [","]}, "before decimals", None),
        (["۱/۲۵۰/۰۰۰", "۱۲/۵", "۳"], {}, "say which it is", None),
        (["۲۵۰/۰۰۰", "۹۰۰", "۳"], {}, "say which it is", None),
        (["۱۲۵۰", "۹۰۰", "۳"], {}, "", 2153),
    ],
)
def test_what_a_slash_does_is_proposed_with_a_doubt(
    tmp_path: Path, amounts: list[str], numbers: dict[str, object], said: str, total: int | None
) -> None:
    rows = "".join(f'1403/01/0{day},خرید,الف,"{one}"\n' for day, one in enumerate(amounts, 1))
    path = write(tmp_path, HEADER + rows)
    found = propose([path], id_="karaj.payments")
    proposed = found.data["numbers"]
    assert {name: proposed.get(name) for name in numbers} == numbers
    doubts = [doubt.said() for doubt in found.doubts if doubt.key == "numbers.decimal"]
    assert len(doubts) == bool(said)
    assert all(said in one for one in doubts)
    if total is not None:
        assert try_source(mapping=found.mapping, path=path).receipt.amounts[0].stored == total


def test_dates_and_numbers_of_letters_are_no_figures_unless_their_column_holds_amounts() -> None:
    for texts in (["1403/05/12", "1403/05/13"], ["1403/125", "12/5"], ["1/250/000"]):
        assert figures(texts).seen == 0
    assert figures(["1403/05/12", "1/250/5"], slashes=True).seen == 0
    assert figures(["۱/۲۵۰/۰۰۰", "12/5"], slashes=True).seen == 2
