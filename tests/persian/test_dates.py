"""The dates people type: every form, what is refused and why, and dates for display."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.persian import calendar as solar
from rasad.persian.dates import (
    Calendar,
    DateError,
    Order,
    fiscal_label,
    fiscal_span,
    fiscal_year,
    format_date,
    month_name,
    parse,
)
from rasad.persian.digits import to_persian

jalali_days = st.dates(min_value=solar.to_gregorian(1206, 1, 1), max_value=solar.to_gregorian(1498, 12, 30))
century = st.dates(min_value=solar.to_gregorian(1350, 1, 1), max_value=solar.to_gregorian(1449, 12, 29))

TWELFTH_OF_MORDAD = date(2024, 8, 2)


@pytest.mark.parametrize(
    "text",
    [
        "۱۴۰۳/۵/۱۲",
        "۱۴۰۳/۰۵/۱۲",
        "١٤٠٣/٥/١٢",
        "1403-05-12",
        "1403.5.12",
        "1403\\05\\12",
        "1403 5 12",
        "۱۴۰۳ / ۵ / ۱۲",
        "14030512",
        "۱۴۰۳۰۵۱۲",
        "۱۲/۵/۱۴۰۳",
        "12-05-1403",
        "۱۲ مرداد ۱۴۰۳",
        "۱۲مرداد۱۴۰۳",
        "۱۲ مرداد ماه ۱۴۰۳",
        "۱۲ مردادماه ۱۴۰۳",
        "۱۲ام مرداد سال ۱۴۰۳",
        "۱۲ امرداد ۱۴۰۳",
        "1403 مرداد 12",
        "جمعه ۱۲ مرداد ۱۴۰۳",
        "سه شنبه، ۱۲ مرداد ۱۴۰۳",
        "پنج‌شنبه 1403/05/12",
        "مورخ ۱۲ مرداد ۱۴۰۳",
        "12 Mordad 1403",
        "Mordad 12, 1403",
        "03/05/12",
        "۰۳/۵/۱۲",
        "۱۲ مرداد ۰۳",
        "۴۰۳/۵/۱۲",
        "1403/05/12 10:20",
        "1403/05/12 - 10:20:30",
        "1403/05/12 ساعت 10:20",
        "۱۴۰۳/۰۵/۱۲ ۱۰:۲۰:۳۰ ق.ظ",
        "10:20:30 ب.ظ 1403/05/12",
        "1403-05-12T10:20:30+03:30",
        "\u202b۱۴۰۳/۰۵/۱۲\u202c",
        "\u200f1403/05/12\u00a0 ",
    ],
)
def test_one_day_in_every_form(text: str) -> None:
    assert parse(text) == TWELFTH_OF_MORDAD


def test_six_digits_are_a_date_where_years_are_said_to_have_two() -> None:
    assert parse("030512", pivot=1350) == parse("۰۳۰۵۱۲", pivot=1350) == TWELFTH_OF_MORDAD
    assert parse("240802", calendar="gregorian", order="ymd", pivot=1950) == TWELFTH_OF_MORDAD
    for text, pivot in (("030512", None), ("031340", 1350), ("30512", 1350)):
        with pytest.raises(DateError):
            parse(text, pivot=pivot)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("31/12/2021", "dmy", date(2021, 12, 31)),
        ("12/31/2021", "mdy", date(2021, 12, 31)),
        ("03/04/21", "dmy", date(2021, 4, 3)),
        ("03/04/21", "mdy", date(2021, 3, 4)),
        ("03/04/21", "ymd", date(2003, 4, 21)),
        ("2021-12-31", "dmy", date(2021, 12, 31)),
        ("2021-12-31", "mdy", date(2021, 12, 31)),
        ("20211231", "dmy", date(2021, 12, 31)),
        ("2021-12-31T23:59:59.123Z", "dmy", date(2021, 12, 31)),
        ("31/12/2021 11:05 PM", "dmy", date(2021, 12, 31)),
        ("12-Mar-21", "dmy", date(2021, 3, 12)),
        ("12th March 2021", "dmy", date(2021, 3, 12)),
        ("Sept 1, 2021", "dmy", date(2021, 9, 1)),
        ("Wed, 3 Nov 2021", "dmy", date(2021, 11, 3)),
        ("2 de mayo de 2021", "dmy", date(2021, 5, 2)),
        ("miércoles, 1 de DICIEMBRE de 2021", "dmy", date(2021, 12, 1)),
        ("1 ene 2021", "dmy", date(2021, 1, 1)),
        ("۳ مه ۲۰۲۱", "dmy", date(2021, 5, 3)),
        ("۳ ژوئیهٔ ۲۰۲۱", "dmy", date(2021, 7, 3)),
        ("29/02/2024", "dmy", date(2024, 2, 29)),
    ],
)
def test_gregorian(text: str, order: Order, day: date) -> None:
    assert parse(text, calendar="gregorian", order=order) == day


@pytest.mark.parametrize(
    ("text", "calendar", "reason"),
    [
        ("", "jalali", "empty"),
        (" \u200f\u00a0", "jalali", "empty"),
        ("۱۴۰۳/۱۳/۴۰", "jalali", "month"),
        ("1403/00/12", "jalali", "month"),
        ("1403/07/31", "jalali", "day"),
        ("1403/01/00", "jalali", "day"),
        ("1404/12/30", "jalali", "leap_day"),
        ("30 اسفند 1402", "jalali", "leap_day"),
        ("14041230", "jalali", "leap_day"),
        ("1403/12/31", "jalali", "day"),
        ("2024-08-02", "jalali", "year"),
        ("1403/05/12", "gregorian", "year"),
        ("12/5/99", "jalali", "day"),
        ("29/02/2023", "gregorian", "leap_day"),
        ("31/04/2023", "gregorian", "day"),
        ("12/31/2021", "gregorian", "month"),
        ("مرداد ۱۴۰۳", "jalali", "form"),
        ("1403/05", "jalali", "form"),
        ("1403", "jalali", "form"),
        ("1403//05/12", "jalali", "form"),
        ("1403/05/1403", "jalali", "form"),
        ("3/5/12", "jalali", "form"),
        ("12 March 2021", "jalali", "form"),
        ("12 مرداد 1403", "gregorian", "form"),
        ("جمعه", "jalali", "form"),
        ("NaN", "jalali", "form"),
        ("1403/05/12 و 1403/05/13", "jalali", "form"),
        ("12 3 مرداد 1403", "jalali", "form"),
        ("45506", "gregorian", "form"),
        ("²/5/1403", "jalali", "form"),
    ],
)
def test_what_is_no_date_and_why(text: str, calendar: Calendar, reason: str) -> None:
    with pytest.raises(DateError) as raised:
        parse(text, calendar=calendar)
    assert raised.value.reason == reason
    assert raised.value.text == text


@pytest.mark.parametrize(
    ("text", "calendar", "pivot", "year"),
    [
        ("50/1/1", "jalali", None, 1350),
        ("99/1/1", "jalali", None, 1399),
        ("00/1/1", "jalali", None, 1400),
        ("49/1/1", "jalali", None, 1449),
        ("99/1/1", "jalali", 1300, 1399),
        ("03/1/1", "jalali", 1300, 1303),
        ("01/01/50", "gregorian", None, 1950),
        ("01/01/49", "gregorian", None, 2049),
        ("01/01/49", "gregorian", 1900, 1949),
    ],
)
def test_pivot(text: str, calendar: Calendar, pivot: int | None, year: int) -> None:
    day = parse(text, calendar=calendar, pivot=pivot)
    assert format_date(day, calendar=calendar, lang="en")[:4] == str(year)


@given(jalali_days, st.booleans(), st.data())
def test_every_day_is_read_in_every_form(day: date, persian: bool, data: st.DataObject) -> None:
    jy, jm, jd = solar.from_gregorian(day)
    text = data.draw(
        st.sampled_from(
            [
                f"{jy}/{jm}/{jd}",
                f"{jy}-{jm:02}-{jd:02}",
                f"{jy}{jm:02}{jd:02}",
                f"{jd}/{jm}/{jy}",
                f"{jd:02}.{jm:02}.{jy}",
                f"{jd} {solar.MONTHS_FA[jm - 1]} {jy}",
                f"{jd} {solar.MONTHS_FA[jm - 1]}‌ماه {jy}",
                f"{jd} {solar.MONTHS_EN[jm - 1]} {jy}",
                f"{jy}/{jm}/{jd} 00:00:00",
            ]
        )
    )
    assert parse(to_persian(text) if persian else text) == day


@given(century)
def test_two_digit_years_of_the_default_hundred(day: date) -> None:
    jy, jm, jd = solar.from_gregorian(day)
    assert parse(f"{jy % 100:02}/{jm:02}/{jd:02}") == day


@given(
    st.dates(date(1800, 1, 1), date(2200, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%Y"]),
)
def test_every_gregorian_day(day: date, form: str) -> None:
    assert parse(day.strftime(form), calendar="gregorian") == day


@given(jalali_days, st.sampled_from(["fa", "en"]), st.sampled_from(["short", "long"]))
def test_what_is_shown_can_be_read_again(day: date, lang: str, style: str) -> None:
    assert parse(format_date(day, calendar="jalali", lang=lang, style=style)) == day  # type: ignore[arg-type]


@given(
    st.text(max_size=20) | st.text(alphabet="0123456789/-. ۱۴:T", max_size=14),
    st.sampled_from(["jalali", "gregorian"]),
)
def test_any_text_is_a_date_or_a_date_error(text: str, calendar: Calendar) -> None:
    try:
        day = parse(text, calendar=calendar)
    except DateError as error:
        reason: str | None = error.reason
    else:
        reason = None
        assert parse(format_date(day, calendar=calendar, lang="fa"), calendar=calendar) == day
    assert reason in (None, "empty", "form", "year", "month", "day", "leap_day")


def test_display() -> None:
    day = TWELFTH_OF_MORDAD
    assert format_date(day, calendar="jalali", lang="fa") == "۱۴۰۳/۰۵/۱۲"
    assert format_date(day, calendar="jalali", lang="fa", style="long") == "۱۲ مرداد ۱۴۰۳"
    assert format_date(day, calendar="jalali", lang="en", style="long") == "12 Mordad 1403"
    assert format_date(day, calendar="gregorian", lang="fa", style="long") == "۲ اوت ۲۰۲۴"
    assert format_date(day, calendar="gregorian", lang="en") == "2024-08-02"
    assert format_date(day, calendar="gregorian", lang="en", style="long") == "2 August 2024"
    with pytest.raises(ValueError, match="month 0"):
        month_name(0, calendar="jalali", lang="fa")


@pytest.mark.parametrize(
    ("day", "calendar", "first_month", "year"),
    [
        (date(2024, 3, 19), "jalali", 1, 1402),
        (date(2024, 3, 20), "jalali", 1, 1403),
        (date(2021, 3, 31), "gregorian", 4, 2020),
        (date(2021, 4, 1), "gregorian", 4, 2021),
        (date(2021, 12, 31), "gregorian", 1, 2021),
    ],
)
def test_fiscal_year(day: date, calendar: Calendar, first_month: int, year: int) -> None:
    assert fiscal_year(day, calendar=calendar, first_month=first_month) == year


@given(jalali_days, st.sampled_from(["jalali", "gregorian"]), st.integers(1, 12))
def test_a_fiscal_year_spans_its_days(day: date, calendar: Calendar, first_month: int) -> None:
    year = fiscal_year(day, calendar=calendar, first_month=first_month)
    first, last = fiscal_span(year, calendar=calendar, first_month=first_month)
    assert first <= day <= last
    assert (last - first).days in (364, 365)
    assert (
        fiscal_span(year + 1, calendar=calendar, first_month=first_month)[0].toordinal()
        == last.toordinal() + 1
    )


def test_fiscal_label() -> None:
    assert fiscal_label(1403, lang="fa") == "۱۴۰۳"
    assert fiscal_label(2021, lang="en", first_month=4) == "2021/22"
    assert fiscal_label(1999, lang="en", first_month=4) == "1999/00"
