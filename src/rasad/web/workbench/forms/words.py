"""The words that a form's scripts need: the city's calendar and currency in the page's language."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.persian import dates, money
from rasad.web.workbench import days, frame
from rasad.web.workbench.fields import currency_of_city

_WEEKDAYS = {
    ("jalali", "fa"): "شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه",
    ("jalali", "en"): "Saturday Sunday Monday Tuesday Wednesday Thursday Friday",
    ("gregorian", "fa"): "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
    ("gregorian", "en"): "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_SHORT_FA = {
    "شنبه": "ش", "یکشنبه": "ی", "دوشنبه": "د", "سه‌شنبه": "س", "چهارشنبه": "چ", "پنجشنبه": "پ", "جمعه": "ج",
}  # fmt: skip


def words() -> dict[str, Any]:
    """Return them, ready for JSON. Weeks begin on Saturday in the Jalali calendar, on Monday in the other."""
    calendar, lang, currency = days.calendar(), frame.lang(), currency_of_city()
    long = _WEEKDAYS[calendar, lang].split()
    major, minor = money.spoken(currency, lang)
    return {
        "calendar": calendar,
        "today": timezone.localdate().isoformat(),
        "months": [dates.month_name(month, calendar=calendar, lang=lang) for month in range(1, 13)],
        "weekdays": [_SHORT_FA.get(day, day[:2]) for day in long],
        "weekdays_long": long,
        "choose": _("Choose a day"),
        "next": _("next month"),
        "previous": _("previous month"),
        "next_year": _("next year"),
        "previous_year": _("previous year"),
        "today_said": _("Today"),
        "currency": major,
        "cents": minor,
        "minor_digits": money.minor_digits(currency),
    }
