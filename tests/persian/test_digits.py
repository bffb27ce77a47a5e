"""Digits of both sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.persian.digits import ARABIC, DIGIT_MAP, FULL_WIDTH, LATIN, PERSIAN, group, to_latin, to_persian


def test_both_sets() -> None:
    assert to_latin(PERSIAN) == to_latin(ARABIC) == LATIN
    assert to_persian(LATIN) == to_persian(ARABIC) == PERSIAN
    assert to_latin(FULL_WIDTH) == LATIN
    assert len(DIGIT_MAP) == 30


@given(st.text())
def test_only_digits_change(text: str) -> None:
    assert to_latin(to_persian(text)) == to_latin(text)
    assert [a for a in to_persian(text) if a not in PERSIAN] == [
        a for a in text if a not in LATIN + ARABIC + PERSIAN
    ]


@pytest.mark.parametrize(
    ("number", "fa", "en"),
    [
        (0, "۰", "0"),
        (999, "۹۹۹", "999"),
        (1000, "۱٬۰۰۰", "1,000"),
        (-1_234_567, "\u200e−۱٬۲۳۴٬۵۶۷", "-1,234,567"),
    ],
)
def test_group(number: int, fa: str, en: str) -> None:
    assert group(number, "fa") == fa
    assert group(number, "en") == en


@given(st.integers())
def test_groups_hold_the_number(number: int) -> None:
    assert int(to_latin(group(number, "fa")).replace("٬", "").replace("\u200e−", "-")) == number
    assert int(group(number, "en").replace(",", "")) == number
