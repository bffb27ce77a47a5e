"""What forms and files bring that no page sends by itself: versions that are none, moments near midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template

from rasad.actions import institutions
from rasad.records.models import Institution
from rasad.web.workbench.receipts import moment
from rasad.web.workbench.versions import number_in

LATE = datetime(2025, 3, 20, 21, 15, tzinfo=UTC)
"""A quarter to one at night in Tehran: the first day of 1404 there."""


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("", 0), ("x", 0), ("-1", 0), ("۷", 0), ("9" * 5_000, 0)]
)
def test_a_version_that_is_none_is_of_no_record(text: str, number: int) -> None:
    assert number_in(text) == number


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "x", "9" * 30])
def test_a_form_without_its_version_writes_nothing(sign_in: Any, seen: str) -> None:
    institutions.add_institution(code="B1", name="بانک", by=None)
    client = sign_in("it")
    one = Institution.objects.get()
    answer = client.post(f"/en/institutions/{one.pk}/change/", {"code": "B1", "name": "دیگر", "seen": seen})
    assert answer.status_code in (409, 422)
    assert Institution.objects.get().name == "بانک"


@pytest.mark.django_db
def test_scenarios_side_by_side_are_asked_for_by_any_number(sign_in: Any) -> None:
    assert sign_in("it").get(f"/en/roadmap/compare/?s={'9' * 5_000}&s={'9' * 20}&s=x").status_code == 200


def test_a_moment_is_the_day_that_it_was_in_the_city() -> None:
    assert moment(LATE.isoformat()) == date(2025, 3, 21)
    shown = Template("{% load rasad %}{% day at %}").render(Context({"at": LATE, "place": None}))
    assert "2025-03-21" in shown
    assert "2025-03-20" not in shown
