"""Accounts: by invitation alone, lock-out, password rules, second factors, and the last administrator who stays."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from desk_cast import PASSWORD, make_account
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from rasad.actions import accounts
from rasad.records.models import Account, AuditEvent, Grant, Invitation

pytestmark = pytest.mark.django_db
LOGIN = {"fa": "/fa/accounts/login/", "en": "/en/accounts/login/"}


@pytest.fixture(autouse=True)
def no_memory(db: None) -> None:
    cache.clear()


def sign_in_as(client: Client, email: str, password: str = PASSWORD, lang: str = "en") -> Any:
    return client.post(LOGIN[lang], {"login": email, "password": password})


def test_a_wrong_password_is_said_in_both_languages_and_not_whose_fault_it_is(client: Client) -> None:
    make_account("it", email="zahra@example.org")
    for lang, text in (
        ("en", "The address or the password is not right."),
        ("fa", "نشانی یا گذرواژه درست نیست."),
    ):
        for email in ("zahra@example.org", "nobody@example.org"):
            assert text in sign_in_as(client, email, "wrong", lang).content.decode()


def test_after_five_failures_even_the_right_password_does_not_let_in(client: Client) -> None:
    make_account("it", email="zahra@example.org")
    make_account("data", email="ali@example.org")
    for _ in range(5):
        sign_in_as(client, "zahra@example.org", "wrong")
    got = sign_in_as(client, "zahra@example.org")
    assert "closed for a quarter of an hour" in got.content.decode()
    assert "_auth_user_id" not in client.session
    # Another account from the same place is not locked out with it.
    assert sign_in_as(client, "ali@example.org").status_code == 302


def test_the_address_is_taken_in_any_case_and_leads_to_the_persons_language(client: Client) -> None:
    account = make_account("it", email="zahra@example.org")
    account.language = "en"
    account.save()
    got = client.post(LOGIN["fa"], {"login": "Zahra@Example.org", "password": PASSWORD}, follow=True)
    assert [url for url, _ in got.redirect_chain] == ["/", "/en/"]


def test_nobody_registers_by_themselves(client: Client) -> None:
    got = client.post(
        "/en/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert got.status_code == 404
    assert not Account.objects.exists()


def test_an_invitation_from_the_letter_to_the_first_page(sign_in: Any, client: Client) -> None:
    admin = sign_in("admin")
    told = {"name": "سارا", "email": "Sara@Example.org", "roles": ["finance", "auditor"], "why": "ماه مهر"}
    page = admin.post("/fa/accounts-and-roles/invite/", told)
    (letter,) = mail.outbox
    assert letter.to == ["sara@example.org"]
    assert "سارا، شما به میز کار رصد" in letter.body
    assert "سارا, you are invited" in letter.body
    link = re.search(r"http://testserver(/fa/invitation/[\w-]+/)", letter.body)
    assert link is not None
    assert link[1] in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    # The token itself is kept nowhere.
    token = link[1].split("/")[-2]
    kept = Invitation.objects.get()
    assert token not in str(vars(kept))
    assert token not in str(list(AuditEvent.objects.values()))

    assert "سارا، خوش آمدید" in client.get(link[1]).content.decode()
    weak = client.post(link[1], {"language": "fa", "password": "123456789012", "again": "123456789012"})
    assert "رمز شما کلا عدد است" in weak.content.decode()
    differs = client.post(link[1], {"language": "fa", "password": PASSWORD, "again": "another one"})
    assert "این همان گذرواژه نیست." in differs.content.decode()
    assert (
        client.post(link[1], {"language": "fa", "password": PASSWORD, "again": PASSWORD}).status_code == 302
    )
    assert Account.objects.get(email="sara@example.org").roles() == {"finance", "auditor"}

    assert client.get(link[1]).status_code == 404
    assert sign_in_as(client, "sara@example.org").status_code == 302
    assert client.get("/fa/").status_code == 200
    assert [event.action for event in AuditEvent.objects.filter(noun="invitation").order_by("id")] == [
        "invitation.invite",
        "invitation.accept",
    ]


def test_an_invitation_runs_out_or_is_withdrawn(client: Client) -> None:
    admin = make_account("admin")
    invitation, token = accounts.invite(email="a@example.org", name="a", roles=["it"], by=admin)
    with pytest.raises(ValidationError):
        accounts.invite(email="A@example.org", name="a", roles=["it"], by=admin)
    accounts.withdraw(invitation=invitation, seen=invitation.version, by=admin)
    late, other = accounts.invite(
        email="a@example.org", name="a", roles=["it"], by=admin, valid_for=-timedelta(seconds=1)
    )
    assert accounts.is_expired(late)
    for one in (token, other, "made-up"):
        assert client.get(f"/en/invitation/{one}/").status_code == 404
        with pytest.raises(ValidationError):
            accounts.accept(token=one, password=PASSWORD, language="fa")
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "admin@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
    ],
)
@pytest.mark.parametrize("lang", ["fa", "en"])
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(
    told: dict[str, Any], field: str, lang: str
) -> None:
    admin = make_account("admin")
    right = {"email": "a@example.org", "name": "a", "roles": ["it"]}
    with translation.override(lang), pytest.raises(ValidationError) as error:
        accounts.invite(**{**right, **told}, by=admin)
    assert set(error.value.message_dict) == {field}
    assert (error.value.messages[0].isascii() or "“" in error.value.messages[0]) == (lang == "en")


def test_the_last_administrator_stays(sign_in: Any) -> None:
    admin = sign_in("admin")
    (first,) = Account.objects.all()
    (role,) = first.grants.all()
    end = f"/en/accounts-and-roles/{first.pk}/end/{role.pk}/"
    assert "The last administrator stays" in admin.post(end, follow=True).content.decode()
    off = admin.post(f"/en/accounts-and-roles/{first.pk}/deactivate/", {"why": "leaves"}, follow=True)
    assert "The last administrator stays" in off.content.decode()
    assert first.roles() == {"admin"}

    # One who is not active any more does not count; one who is does.
    second = make_account("admin", email="second@example.org")
    second.is_active = False
    second.save()
    with pytest.raises(ValidationError):
        accounts.end_role(grant=role, seen=role.version, by=first)
    second.is_active = True
    second.save()
    admin.post(end)
    assert first.roles() == frozenset()
    assert admin.get("/en/accounts-and-roles/").status_code == 403


def test_roles_are_given_and_ended_on_the_trail_and_again_on_the_same_day(sign_in: Any) -> None:
    admin, other = sign_in("admin"), make_account("it", email="other@example.org")
    page = f"/en/accounts-and-roles/{other.pk}/"
    admin.post(f"{page}grant/", {"role": "data", "why": "holidays"})
    assert other.roles() == {"it", "data"}
    assert "holds this role already" in _refused(
        lambda: accounts.grant_role(account=other, role="data", by=None)
    )
    grant = Grant.objects.get(account=other, role="data")
    admin.post(f"{page}end/{grant.pk}/")
    assert other.roles() == {"it"}
    admin.post(f"{page}grant/", {"role": "data", "why": "after all"})
    assert other.roles() == {"it", "data"}
    told = AuditEvent.objects.filter(noun="grant", record_id=grant.pk).order_by("id")
    assert [(event.action, event.why) for event in told] == [
        ("grant.grant", "holidays"),
        ("grant.end", ""),
        ("grant.grant", "after all"),
    ]
    assert "after all" in admin.get(page).content.decode()


def _refused(action: Any) -> str:
    with translation.override("en"), pytest.raises(ValidationError) as error:
        action()
    return " ".join(error.value.messages)


def test_an_account_that_is_ended_is_out_at_once_and_can_come_back(sign_in: Any) -> None:
    admin, it = sign_in("admin"), sign_in("it")
    other = Account.objects.get(email="it@example.org")
    page = f"/en/accounts-and-roles/{other.pk}/"
    assert it.get("/en/").status_code == 200
    without = admin.post(f"{page}deactivate/", {"why": " "})
    assert without.status_code == 422
    assert it.get("/en/").status_code == 200
    admin.post(f"{page}deactivate/", {"why": "left the city"})
    assert it.get("/en/").status_code == 302
    assert sign_in_as(Client(), "it@example.org").status_code == 302  # to the page that says so
    assert "_auth_user_id" not in Client().session
    admin.post(f"{page}activate/", {"why": "came back"})
    assert sign_in_as(Client(), "it@example.org")["Location"] == "/"
    events = AuditEvent.objects.filter(noun="account").order_by("id")
    assert [(event.before, event.after, event.why) for event in events] == [
        ({"is_active": True}, {"is_active": False}, "left the city"),
        ({"is_active": False}, {"is_active": True}, "came back"),
    ]


def test_a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code(client: Client) -> None:
    account = make_account("it", email="zahra@example.org")
    sign_in_as(client, "zahra@example.org")
    # What changes how one signs in asks once more who it is, by the ways that the site has.
    asked = client.get("/en/accounts/2fa/totp/activate/", follow=True)
    assert asked.redirect_chain[0][0].startswith("/en/accounts/reauthenticate/?next=")
    assert not asked.context["reauthentication_alternatives"]
    confirmed = client.post(asked.redirect_chain[0][0], {"password": PASSWORD})
    assert confirmed["Location"] == "/en/accounts/2fa/totp/activate/"
    page = client.get("/en/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/en/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    client.post("/en/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    kept = Authenticator.objects.get(user=account, type="totp")
    assert secret not in str(kept.data)
    codes = client.get("/en/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    fresh = Client()
    assert sign_in_as(fresh, "zahra@example.org")["Location"].startswith("/en/accounts/2fa/authenticate/")
    assert fresh.get("/en/").status_code == 302
    wrong = fresh.post("/en/accounts/2fa/authenticate/", {"code": "000000"})
    assert "The code is not right." in wrong.content.decode()
    assert fresh.post("/en/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert fresh.get("/en/").status_code == 200

    # Used once, and no more.
    again = Client()
    sign_in_as(again, "zahra@example.org")
    assert again.post("/en/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200


def code_of(secret: str) -> str:
    return f"{totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))):06}"


def test_an_administrator_takes_a_lost_second_factor_away_and_it_is_on_the_trail(sign_in: Any) -> None:
    admin, other = sign_in("admin"), make_account("it", email="other@example.org")
    totp.TOTP.activate(other, totp.generate_totp_secret())
    admin.post(f"/en/accounts-and-roles/{other.pk}/second-factor/", {"why": "lost the phone"})
    assert not Authenticator.objects.filter(user=other).exists()
    event = AuditEvent.objects.get(action="account.drop_second_factor")
    assert (event.before, event.after, event.why) == (
        {"second_factor": "totp"},
        {"second_factor": None},
        "lost the phone",
    )


def test_a_password_is_set_anew_by_a_letter_and_the_link_holds_once(client: Client) -> None:
    make_account("it", email="zahra@example.org")
    for email in ("zahra@example.org", "nobody@example.org"):
        got = client.post("/fa/accounts/password/reset/", {"email": email})
        assert got["Location"] == "/fa/accounts/password/reset/done/"
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/fa/accounts/password/reset/key/\S+)", letter.body)
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "an even longer password"
    set_at = form.redirect_chain[-1][0]
    assert client.post(set_at, {"password1": "short", "password2": "short"}).status_code == 200
    assert client.post(set_at, {"password1": new, "password2": new}).status_code == 302
    assert sign_in_as(Client(), "zahra@example.org", new)["Location"] == "/"
    gone = Client().get(link[1], follow=True).content.decode()
    assert "این پیوند دیگر به کار نمی‌آید" in gone


def test_sessions_are_listed_and_the_others_ended(client: Client) -> None:
    make_account("it", email="zahra@example.org")
    elsewhere = Client(headers={"user-agent": "A browser in the library"})
    sign_in_as(elsewhere, "zahra@example.org")
    sign_in_as(client, "zahra@example.org")
    assert "A browser in the library" in client.get("/en/accounts/sessions/").content.decode()
    client.post("/en/accounts/sessions/")
    assert client.get("/en/").status_code == 200
    assert elsewhere.get("/en/").status_code == 302


def test_activity_is_not_written_at_every_page(client: Client, django_assert_num_queries: Any) -> None:
    make_account("it", email="zahra@example.org")
    sign_in_as(client, "zahra@example.org")
    client.get("/en/")
    with django_assert_num_queries(3):
        # The session, the account, its roles.
        assert client.get("/en/accounts-and-roles/").status_code == 403


def test_the_first_account_is_made_once() -> None:
    accounts.found_site(email="a@example.org", name="a", password=PASSWORD, language="fa", roles=["admin"])
    with pytest.raises(ValidationError):
        accounts.found_site(
            email="b@example.org", name="b", password=PASSWORD, language="fa", roles=["admin"]
        )
    assert Account.objects.get().roles(timezone.localdate()) == {"admin"}
