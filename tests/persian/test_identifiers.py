"""Identifiers with check digits: published vectors, another library, and what one wrong digit does."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from rasad.persian.digits import to_persian
from rasad.persian.identifiers import (
    compact,
    is_legal_id,
    is_national_id,
    is_sheba,
    legal_id,
    national_id,
    sheba,
)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=count, max_size=count)


@pytest.mark.realdata
def test_published_legal_ids(realdata: Path) -> None:
    with (realdata / "vectors" / "legal_ids.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["valid"] for row in rows} == {"true", "false"}
    for row in rows:
        assert is_legal_id(row["value"]) == (row["valid"] == "true"), row["value"]


# Made up for the test: ten digits chosen, the check digit worked out by hand from the published rule.
@pytest.mark.parametrize("text", ["1234567891", "۱۲۳۴۵۶۷۸۹۱", "0012345679", "12345679", "012345679"])
def test_national_ids(text: str) -> None:
    assert is_national_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234567890",
        "1111111111",
        "0000000000",
        "123456788",
        "1234567",
        "12345678910",
        "123456789x",
        "12345 67891",
        "²234567891",
    ],
)
def test_no_national_ids(text: str) -> None:
    assert not is_national_id(text)


def test_written_forms() -> None:
    assert national_id(" ۱۲۳-۴۵۶۷۸۹-۱ ") == "1234567891"
    assert national_id("12345679") == "0012345679"
    assert national_id("کد ملی 1234567891") is None
    assert legal_id("۱۰۰۰۰-۱۰۰۰۰۱") == "10000100001"
    assert legal_id("10000100002") is None
    assert sheba("ir06 2960 0000 0010 0324 2000 01") == "IR062960000000100324200001"
    assert sheba("۰۶۲۹۶۰۰۰۰۰۰۰۱۰۰۳۲۴۲۰۰۰۰۱") == "IR062960000000100324200001"
    assert sheba("IR06 2960 0000 0010 0324 2000 02") is None
    assert sheba("DE89370400440532013000") is None
    assert compact("\u200fپي-۱۲ / الف") == "پی12الف"


def with_check_digit(nine: str) -> str:
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return nine + str(remainder if remainder < 2 else 11 - remainder)


@given(digits(9))
def test_one_check_digit_in_ten_is_right(nine: str) -> None:
    right = [last for last in "0123456789" if is_national_id(nine + last)]
    expected = with_check_digit(nine)
    assert right == ([] if len(set(expected)) == 1 else [expected[-1]])


@given(digits(9), st.integers(0, 8), st.integers(1, 9))
def test_a_wrong_digit_is_seen_in_a_national_id(nine: str, place: int, shift: int) -> None:
    text = with_check_digit(nine)
    wrong = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    # A remainder of 1 and one of 10 give the same check digit: the one pair that the rule cannot tell.
    if {_remainder(text), _remainder(wrong)} != {1, 10}:
        assert not is_national_id(wrong)


def _remainder(text: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text[:9], range(10, 1, -1), strict=True)) % 11


@given(digits(10))
def test_a_legal_id_has_one_check_digit(ten: str) -> None:
    right = [last for last in "0123456789" if is_legal_id(ten + last)]
    assert len(right) == (0 if ten[3:9] == "000000" else 1)
    assert [is_legal_id(to_persian(ten + last)) for last in right] == [True] * len(right)


@given(digits(22), st.integers(0, 99))
def test_sheba_as_another_library_checks_it(account: str, check: int) -> None:
    text = f"IR{check:02}{account}"
    assert is_sheba(text) == (mod_97_10.is_valid(text[4:] + text[:4]) and check not in (0, 1, 99))
    assert is_sheba(text[2:]) == is_sheba(text)


@given(digits(22))
def test_a_sheba_has_one_pair_of_check_digits(account: str) -> None:
    right = [check for check in range(100) if is_sheba(f"IR{check:02}{account}")]
    assert right == [int(mod_97_10.calc_check_digits(account + "IR"))]


@given(digits(22), st.integers(4, 25), st.integers(1, 9))
def test_a_wrong_digit_is_seen_in_a_sheba(account: str, place: int, shift: int) -> None:
    check = 98 - int(account + "182700") % 97
    text = f"IR{check:02}{account}"
    assert is_sheba(text)
    wrong = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    assert not is_sheba(wrong)


@given(st.text(max_size=30))
def test_any_text_is_judged(text: str) -> None:
    for written in (national_id(text), legal_id(text), sheba(text)):
        assert written is None or written.isascii()
