"""What people wrote is not lost: not when the sign-in ran out, not when a form is older than the sign-in, not when two write at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_cast import PASSWORD, make_account
from django.test import Client
from django.urls import clear_url_caches

from rasad.actions import register, units
from rasad.records.models import Account, AuditEvent, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stale_form")]
TRY = "/en/try/309/"


@pytest.fixture(autouse=True)
def addresses() -> Any:
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.fixture
def unit(db: None) -> Unit:
    return units.add_unit(code="309", name="سازمان", name_en="Organisation", by=None)


def signed_in(email: str, *roles: str, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(make_account(*roles, email=email))
    return client


def expire(client: Client) -> None:
    """Let the sign-in run out; the browser keeps its cookies."""
    client.session.delete()


def log_in(client: Client, email: str, go_to: str) -> Any:
    return client.post(
        f"/en/accounts/login/?next={go_to}", {"login": email, "password": PASSWORD, "next": go_to}
    )


def test_what_was_sent_after_the_sign_in_ran_out_stands_in_the_form_again(unit: Unit) -> None:
    client = signed_in("it@example.org", "it")
    client.get(TRY)
    expire(client)
    written = {"seen": "1", "name": "سازمان فاوا", "name_en": "", "valid_from": "", "password": "secret"}
    away = client.post(TRY, written)
    kept_at = re.search(r"next=(/en/kept/[\w-]+/)", away["Location"])
    assert kept_at is not None
    assert Unit.objects.get().name == "سازمان"

    back = log_in(client, "it@example.org", kept_at[1])
    assert back["Location"] == kept_at[1]
    page = client.get(kept_at[1])
    assert "سازمان فاوا" in page.content.decode()
    assert "secret" not in page.content.decode()
    sent = dict(page.context["kept"].pairs)

    shown = client.post(TRY, {**sent, "_look": "1"})
    assert shown.status_code == 200
    assert 'value="سازمان فاوا"' in shown.content.decode()
    assert Unit.objects.get().name == "سازمان"
    assert client.post(TRY, sent).status_code == 302
    assert Unit.objects.get().name == "سازمان فاوا"


def test_what_one_wrote_is_not_shown_to_another_at_the_same_browser(unit: Unit) -> None:
    client = signed_in("it@example.org", "it")
    client.get(TRY)
    expire(client)
    away = client.post(TRY, {"seen": "1", "name": "من نوشتم"})
    kept_at = re.search(r"next=(/en/kept/[\w-]+/)", away["Location"])
    assert kept_at is not None
    make_account("it", email="other@example.org")
    log_in(client, "other@example.org", kept_at[1])
    assert client.get(kept_at[1]).status_code == 404


def test_looking_asks_for_no_more_than_reading_and_writes_nothing(unit: Unit) -> None:
    member = signed_in("member@example.org", "member")
    assert member.post(TRY, {"seen": "1", "name": "x", "_look": "1"}).status_code == 200
    assert member.post(TRY, {"seen": "1", "name": "x"}).status_code == 403
    assert Unit.objects.get().name == "سازمان"


@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example"])
def test_a_form_from_before_the_sign_in_is_kept_where_it_is_the_sites_own(unit: Unit, origin: str) -> None:
    client = signed_in("it@example.org", "it", csrf=True)
    client.get(TRY)
    got = client.post(TRY, {"seen": "1", "name": "نو"}, headers={"origin": origin})
    assert got.status_code == 403
    kept_at = re.search(r'href="(/en/kept/[\w-]+/)"', got.content.decode())
    assert (kept_at is not None) == (origin == "http://testserver")
    if kept_at:
        assert "نو" in client.get(kept_at[1]).content.decode()
    assert Unit.objects.get().name == "سازمان"


def test_the_second_of_two_writers_chooses_field_by_field(unit: Unit) -> None:
    client = signed_in("it@example.org", "it", "data")
    other = make_account("it", email="other@example.org", name="سارا")
    register.change(
        record=unit,
        values={"name": "سازمان فاوا", "name_en": "ICT organisation", "valid_from": "2021-03-21"},
        seen=1,
        by=other,
        why="مصوبهٔ شورا",
    )
    mine = {"seen": "1", "name": "سازمان هوشمندسازی", "name_en": "Organisation", "valid_from": "۱۴۰۰/۱/۱"}
    page = client.post(TRY, {**mine, "valid_from": "2021-03-21", "_draft": "ab12cd34"})
    assert page.status_code == 409
    told = {one.name: one for one in page.context["conflicts"]}
    # Both set the same day: nothing to choose there. The English name was not touched here: theirs is chosen beforehand.
    assert set(told) == {"name", "name_en"}
    assert (told["name"].theirs, told["name"].mine, told["name"].touched) == (
        "سازمان فاوا",
        "سازمان هوشمندسازی",
        True,
    )
    assert told["name_en"].touched is False
    html = page.content.decode()
    assert "مصوبهٔ شورا" in html
    assert "سارا" in html
    assert Unit.objects.get().name == "سازمان فاوا"

    rest = dict(page.context["rest"])
    chosen = {
        **rest,
        "seen": page.context["seen"],
        "name": told["name"].mine,
        "name_en": told["name_en"].theirs,
    }
    done = client.post(TRY, chosen)
    assert done.status_code == 302
    assert done.cookies["rasad_sent"].value == "ab12cd34"
    unit = Unit.objects.get()
    assert (unit.name, unit.name_en, unit.version) == ("سازمان هوشمندسازی", "ICT organisation", 3)
    assert AuditEvent.objects.of(unit).first().before == {"name": "سازمان فاوا"}  # type: ignore[union-attr]


def test_a_third_who_comes_between_is_shown_as_well(unit: Unit) -> None:
    client = signed_in("it@example.org", "it")
    register.change(record=unit, values={"name": "یک"}, seen=1, by=None)
    assert client.post(TRY, {"seen": "1", "name": "من"}).context["seen"] == 2
    register.change(record=Unit.objects.get(), values={"name": "دو"}, seen=2, by=None)
    again = client.post(TRY, {"seen": "2", "name": "من"})
    assert again.status_code == 409
    assert again.context["conflicts"][0].theirs == "دو"


def test_a_draft_is_told_to_have_arrived_only_where_it_did(unit: Unit) -> None:
    client = signed_in("it@example.org", "it")
    wrong = client.post(TRY, {"seen": "1", "name": "", "_draft": "ab12cd34"})
    assert wrong.status_code == 200
    assert "rasad_sent" not in wrong.cookies
    odd = client.post(TRY, {"seen": "1", "name": "نو", "_draft": "<script>"})
    assert "rasad_sent" not in odd.cookies
    assert Account.objects.count() == 1
