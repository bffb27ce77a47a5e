"""The heads of a timeline: parts of years stand below their year, as the roadmap itself calls them, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from rasad.roadmap.problem import Horizon
from rasad.web.portal.roadmap_went import heads


@pytest.mark.parametrize(
    ("kind", "first", "lang", "years", "parts"),
    [
        ("quarter", 3, "fa", [("۱۴۰۴", 2), ("۱۴۰۵", 2)], ["سوم", "چهارم", "نخست", "دوم"]),
        ("quarter", 3, "en", [("1404", 2), ("1405", 2)], ["Q3", "Q4", "Q1", "Q2"]),
        ("half", 2, "fa", [("۱۴۰۴", 1), ("۱۴۰۵", 2), ("۱۴۰۶", 1)], ["دوم", "نخست", "دوم", "نخست"]),
        ("month", 11, "fa", [("۱۴۰۴", 2), ("۱۴۰۵", 2)], ["بهمن", "اسفند", "فروردین", "اردیبهشت"]),
        ("month", 11, "en", [("1404", 2), ("1405", 2)], ["Bahman", "Esfand", "Farvardin", "Ordibehesht"]),
        ("year", 1, "fa", [], ["۱۴۰۴", "۱۴۰۵", "۱۴۰۶", "۱۴۰۷"]),
        ("step", 1, "en", [], ["period 1", "period 2", "period 3", "period 4"]),
    ],
)
def test_parts_of_years_stand_below_their_year(
    kind: str, first: int, lang: str, years: list[tuple[str, int]], parts: list[str]
) -> None:
    horizon = Horizon.model_validate({"kind": kind, "first_year": 1404, "first_part": first, "count": 4})
    with translation.override(lang):
        assert heads(kind, [horizon.name(period).said(str, lang) for period in range(4)]) == (years, parts)
