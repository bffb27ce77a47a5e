"""The trail speaks to people: what it shows has a name in both languages, and days are the city's."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

import rasad.actions
from rasad.records.audited import Audited
from rasad.records.models import StaffCount
from rasad.web.workbench import history, labels, naming
from rasad.web.workbench.days import days_said

ACTIONS = {
    code
    for path in Path(rasad.actions.__path__[0]).rglob("*.py")
    for code in re.findall(r'action="([a-z_]+\.[a-z_]+)"', path.read_text())
}


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_every_field_on_the_trail_has_a_name(lang: str) -> None:
    kept = [
        (model._meta.model_name or "", field.name)
        for model in apps.get_models()
        if issubclass(model, Audited)
        for field in model._meta.concrete_fields
        if field.name != "id" and field.name not in history.MASKED
    ]
    assert len(kept) > 100
    with translation.override(lang):
        unnamed = [(noun, name) for noun, name in kept if labels.field(noun, name) == name]
    assert unnamed == []


def test_every_action_on_the_trail_has_a_name() -> None:
    assert "scenario.adopt" in ACTIONS
    assert sorted(code for code in ACTIONS if code.rpartition(".")[2] not in labels.VERBS) == []


def test_codes_on_the_trail_are_words() -> None:
    with translation.override("fa"):
        assert history.value("scenario", "state", "adopted", history.place()) == "<bdi>مصوب</bdi>"
    with translation.override("en"):
        assert (
            history.value("scenarioopinion", "verdict", "conditions", history.place())
            == "<bdi>in favour, on conditions</bdi>"
        )


def test_a_key_with_a_day_is_said_in_the_citys_calendar() -> None:
    with translation.override("fa"):
        assert days_said("i111 / 2024-03-20 / 2025-03-20") == "i111 / ۱۴۰۳/۰۱/۰۱ / ۱۴۰۳/۱۲/۳۰"
    with translation.override("en"):
        assert days_said("1399-101-1141, 2025-02-30") == "1399-101-1141, 2025-02-30"


def test_a_count_of_staff_is_called_by_its_skill() -> None:
    import datetime

    count = StaffCount(skill="برنامه‌نویسی", as_of=datetime.date(2025, 3, 20))
    with translation.override("fa"):
        assert naming.titled(count) == "برنامه‌نویسی · ۱۴۰۳/۱۲/۳۰"
