"""Amounts for people: units against exact decimal arithmetic, words against another library."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from num2words import num2words

from rasad.persian.digits import to_latin
from rasad.persian.money import (
    LARGEST,
    Unit,
    auto_unit,
    display,
    in_words,
    minor_digits,
    number,
    unit_name,
    units,
    words,
)

CURRENCIES = st.sampled_from(["IRR", "EUR", "GBP"])
RIALS_IN: dict[Unit, int] = {
    "full": 1,
    "toman": 10,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "million_toman": 10**7,
    "billion_toman": 10**10,
    "hemmat": 10**13,
}


@pytest.mark.parametrize(
    ("amount", "currency", "unit", "fa", "en"),
    [
        (12_345, "IRR", "full", "۱۲٬۳۴۵ ریال", "12,345 rials"),
        (12_345, "IRR", "toman", "۱٬۲۳۴٫۵ تومان", "1,234.5 toman"),
        (12_340, "IRR", "toman", "۱٬۲۳۴ تومان", "1,234 toman"),
        (12_345_678_900, "IRR", "million", "۱۲٬۳۴۵٫۷ میلیون ریال", "12,345.7 million rials"),
        (12_345_678_900, "IRR", "auto", "۱۲٫۳ میلیارد ریال", "12.3 billion rials"),
        (12_345_678_900, "IRR", "million_toman", "۱٬۲۳۴٫۶ میلیون تومان", "1,234.6 million toman"),
        (25 * 10**13, "IRR", "hemmat", "۲۵ همت", "25 trillion toman"),
        (3 * 10**9, "IRR", "billion", "۳ میلیارد ریال", "3 billion rials"),
        (0, "IRR", "auto", "۰ ریال", "0 rials"),
        (0, "IRR", "billion", "۰ میلیارد ریال", "0 billion rials"),
        (-5_000_000, "IRR", "auto", "\u200e−۵ میلیون ریال", "-5 million rials"),
        (123_450, "EUR", "full", "۱٬۲۳۴٫۵۰ یورو", "1,234.50 EUR"),
        (-5, "GBP", "full", "\u200e−۰٫۰۵ پوند", "-0.05 GBP"),
        (250_000_000, "EUR", "auto", "۲٫۵ میلیون یورو", "2.5 million EUR"),
        (49, "IRR", "thousand", "<۰٫۱ هزار ریال", "<0.1 thousand rials"),
        (-49, "IRR", "thousand", ">\u200e−۰٫۱ هزار ریال", ">-0.1 thousand rials"),
        (50, "IRR", "thousand", "۰٫۱ هزار ریال", "0.1 thousand rials"),
    ],
)
def test_display(amount: int, currency: str, unit: Unit, fa: str, en: str) -> None:
    assert display(amount, currency, unit, "fa") == fa
    assert display(amount, currency, unit, "en") == en


@given(st.integers(-(10**17), 10**17), st.sampled_from(sorted(RIALS_IN)))
def test_rials_are_rounded_as_decimals_are(amount: int, unit: Unit) -> None:
    exact = Decimal(amount) / RIALS_IN[unit]
    rounded = exact.quantize(Decimal(1) if unit == "full" else Decimal("0.1"), ROUND_HALF_UP)
    shown = number(amount, currency="IRR", lang="en", unit=unit)
    if amount and not rounded:
        assert shown in ("<0.1", ">-0.1")
    else:
        assert Decimal(shown.replace(",", "")) == rounded


@given(st.integers(-(10**17), 10**17), st.sampled_from(["EUR", "GBP"]))
def test_cents_are_exact(amount: int, currency: str) -> None:
    shown = number(amount, currency=currency, lang="en")
    assert Decimal(shown.replace(",", "")) * 100 == amount


@given(st.integers(-(10**17), 10**17), CURRENCIES, st.data())
def test_both_languages_show_the_same_number(amount: int, currency: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(units(currency)))
    fa = number(amount, currency=currency, lang="fa", unit=unit)
    plain = to_latin(fa).replace("٬", ",").replace("٫", ".").replace("\u200e−", "-")
    assert plain == number(amount, currency=currency, lang="en", unit=unit)


@given(st.integers(-(10**17), 10**17), CURRENCIES)
def test_auto_never_shows_an_amount_as_nought(amount: int, currency: str) -> None:
    assume(amount != 0)
    shown = number(amount, currency=currency, lang="en", unit="auto")
    assert any(digit in shown for digit in "123456789")
    assert "<" not in shown


def test_units() -> None:
    assert set(units("IRR")) == set(RIALS_IN)
    assert "toman" not in units("EUR")
    with pytest.raises(ValueError, match="EUR"):
        display(100, "EUR", "toman")
    with pytest.raises(ValueError, match="auto"):
        unit_name("auto", "IRR", "fa")
    assert unit_name("million", "IRR", "fa") == "میلیون ریال"
    assert unit_name("full", "GBP", "en") == "GBP"
    assert unit_name("billion", "SEK", "en") == "billion SEK"
    assert (minor_digits("IRR"), minor_digits("EUR"), minor_digits("SEK")) == (0, 2, 2)
    assert (auto_unit(999_999, "IRR"), auto_unit(10**6, "IRR"), auto_unit(-(10**9), "IRR")) == (
        "full",
        "million",
        "billion",
    )


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_persian_words_as_another_library_has_them(amount: int) -> None:
    # Above this it counts by the long scale («تریلیارد»), which Iran does not.
    assert words(amount, "fa") == num2words(amount, lang="fa")


@given(st.integers(-LARGEST, LARGEST))
def test_english_words_as_another_library_has_them(amount: int) -> None:
    assert words(amount, "en") == num2words(amount, lang="en").replace(",", "")


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_small_and_round_numbers(lang: str) -> None:
    some = [*range(-20, 2101), *(10**n + k for n in range(15) for k in (-1, 0, 1))]
    assert [words(n, lang) for n in some] == [num2words(n, lang=lang).replace(",", "") for n in some]


def test_the_largest_number_has_words() -> None:
    assert words(LARGEST, "fa").startswith("نهصد و نود و نه کوینتیلیون")
    with pytest.raises(ValueError, match="large"):
        words(LARGEST + 1)


@pytest.mark.parametrize(
    ("amount", "currency", "toman", "fa", "en"),
    [
        (12_005, "IRR", False, "دوازده هزار و پنج ریال", "twelve thousand and five rials"),
        (
            12_005,
            "IRR",
            True,
            "هزار و دویست تومان و پنج ریال",
            "one thousand two hundred toman and five rials",
        ),
        (1_250, "EUR", False, "دوازده یورو و پنجاه سنت", "twelve euros and fifty cents"),
        (101, "GBP", True, "یک پوند و یک پنی", "one pound and one penny"),
        (0, "EUR", False, "صفر یورو", "zero euros"),
        (-1, "EUR", False, "منفی یک سنت", "minus one cent"),
        (-2_000_000, "IRR", False, "منفی دو میلیون ریال", "minus two million rials"),
    ],
)
def test_amounts_in_words(amount: int, currency: str, toman: bool, fa: str, en: str) -> None:
    assert in_words(amount, currency, "fa", toman=toman) == fa
    assert in_words(amount, currency, "en", toman=toman) == en


def test_a_currency_without_words() -> None:
    with pytest.raises(ValueError, match="SEK"):
        in_words(1, "SEK", "fa")
