"""Figures as people type them: every form by example, and that what is written is read back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.persian import money
from rasad.persian.digits import group, to_persian
from rasad.persian.figures import MAX_DIGITS, FigureError, parse_amount, parse_decimal, parse_whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"), ("۱٬۲۳۴٫۵", "1234.5"), ("1,234,567", "1234567"), ("1 234 567", "1234567"), ("1'234", "1234"),
        ("-5", "-5"), ("\u200e\u2212۵", "-5"), ("5-", "-5"), ("(5)", "-5"), ("+7", "7"), (".5", "0.5"), ("5.", "5"),
        ("0", "0"), ("-0", "0"), ("007", "7"), ("1.5e3", "1500"), ("1e-2", "0.01"), ("٣٫١٤", "3.14"), (" ۸۰ ", "80"),
    ],
)  # fmt: skip
def test_forms(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("  ", "empty"), ("x", "form"), ("12,5", "form"), ("1,23,456", "form"), ("1,234 567", "form"), ("۱۲/۵", "form"),
        ("80%", "form"), ("--5", "form"), ("(5", "form"), ("1.2.3", "form"), ("1.1234567", "decimals"), ("9" * 19, "large"), ("1e40", "large"),
    ],
)  # fmt: skip
def test_what_is_no_figure(text: str, reason: str) -> None:
    with pytest.raises(FigureError) as error:
        parse_decimal(text)
    assert error.value.reason == reason


def test_amounts_of_currencies() -> None:
    assert parse_amount("۱۲٬۰۰۰ ریال", minor_digits=0) == 12_000
    assert parse_amount("1,234.50 €", minor_digits=2) == 123_450
    assert parse_amount("£12", minor_digits=2) == 1_200
    for text, places in (("12.5", 0), ("12.505", 2), ("۱۲ تومان", 0), ("9" * 17, 2)):
        with pytest.raises(FigureError):
            parse_amount(text, minor_digits=places)


@given(st.decimals(-(10**17), 10**17, places=6), st.booleans())
def test_what_is_written_is_read(value: Decimal, persian: bool) -> None:
    text = f"{value:,f}"
    assert parse_decimal(to_persian(text).replace(".", "٫").replace(",", "٬") if persian else text) == value


@given(st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1), st.sampled_from(["fa", "en"]))
def test_what_pages_show_is_read(number: int, lang: str) -> None:
    assert parse_whole(group(number, lang)) == number
    assert parse_amount(money.number(number, currency="IRR", lang=lang), minor_digits=0) == number


@given(st.text(max_size=12))
def test_any_text_is_a_figure_or_refused(text: str) -> None:
    try:
        value = parse_decimal(text)
    except FigureError:
        return
    assert value == round(value, 6)
    assert parse_decimal(str(value)) == value
