"""The Jalali calendar, against another library's for every day, and against published pairs."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.persian.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS_EN,
    MONTHS_FA,
    days,
    days_in_month,
    from_gregorian,
    is_leap,
    to_gregorian,
)

FIRST, LAST = 1206, 1498


def test_every_day_both_ways_as_jdatetime_has_it() -> None:
    count = 0
    for jy, jm, jd, day in days(FIRST, LAST):
        theirs = jdatetime.date.fromgregorian(date=day)
        assert (jy, jm, jd) == (theirs.year, theirs.month, theirs.day)
        assert jdatetime.date(jy, jm, jd).togregorian() == day
        assert to_gregorian(jy, jm, jd) == day
        assert from_gregorian(day) == (jy, jm, jd)
        count += 1
    assert count == (to_gregorian(LAST + 1, 1, 1) - to_gregorian(FIRST, 1, 1)).days == 107_016


def test_days_run_without_gap_or_repeat() -> None:
    listed = [day for *_, day in days(1390, 1410)]
    assert all(after - before == timedelta(1) for before, after in pairwise(listed))
    assert (listed[0], listed[-1]) == (date(2011, 3, 21), date(2032, 3, 19))


@pytest.mark.realdata
def test_published_leap_years(realdata: Path) -> None:
    with (realdata / "vectors" / "jalali_leap_years_1206_1498.csv").open(encoding="utf-8") as file:
        published = {int(row["jalali_leap_year"]) for row in csv.DictReader(file)}
    assert {jy for jy in range(FIRST, LAST + 1) if is_leap(jy)} == published


@pytest.mark.realdata
def test_published_pairs(realdata: Path) -> None:
    with (realdata / "vectors" / "jalali_gregorian_pairs.csv").open(encoding="utf-8") as file:
        pairs = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert pairs
    for pair in pairs:
        day = date(pair["gy"], pair["gm"], pair["gd"])
        assert from_gregorian(day) == (pair["jy"], pair["jm"], pair["jd"])
        assert to_gregorian(pair["jy"], pair["jm"], pair["jd"]) == day


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1357, 11, 22), (1979, 2, 11)),  # the revolution
        ((1358, 1, 12), (1979, 4, 1)),  # the referendum
        ((1399, 12, 30), (2021, 3, 20)),  # the leap day of 1399
    ],
)
def test_days_that_history_books_give_in_both(
    jalali: tuple[int, int, int], gregorian: tuple[int, int, int]
) -> None:
    assert to_gregorian(*jalali) == date(*gregorian)


@given(st.dates(min_value=date(622, 3, 22), max_value=date(3798, 12, 31)))
def test_there_and_back(day: date) -> None:
    jy, jm, jd = from_gregorian(day)
    assert to_gregorian(jy, jm, jd) == day
    assert 1 <= jd <= days_in_month(jy, jm)


@given(st.integers(FIRST_YEAR, LAST_YEAR - 1))
def test_a_year_is_as_long_as_its_months(jy: int) -> None:
    length = (to_gregorian(jy + 1, 1, 1) - to_gregorian(jy, 1, 1)).days
    assert length == sum(days_in_month(jy, jm) for jm in range(1, 13)) == (366 if is_leap(jy) else 365)


@pytest.mark.parametrize(
    ("jy", "jm", "jd"),
    [
        (1403, 13, 1),
        (1403, 0, 1),
        (1404, 12, 30),
        (1403, 7, 31),
        (1403, 1, 32),
        (1403, 1, 0),
        (0, 1, 1),
        (3178, 1, 1),
    ],
)
def test_a_day_that_is_not_there(jy: int, jm: int, jd: int) -> None:
    with pytest.raises(ValueError):
        to_gregorian(jy, jm, jd)


def test_a_date_before_the_calendar() -> None:
    with pytest.raises(ValueError, match="outside"):
        from_gregorian(date(622, 3, 20))


def test_the_leap_day() -> None:
    assert days_in_month(1403, 12) == 30
    assert days_in_month(1404, 12) == 29
    assert to_gregorian(1403, 12, 30) == date(2025, 3, 20)


def test_twelve_names() -> None:
    assert len(set(MONTHS_FA)) == len(set(MONTHS_EN)) == 12
    assert (MONTHS_FA[4], MONTHS_EN[4]) == ("مرداد", "Mordad")
