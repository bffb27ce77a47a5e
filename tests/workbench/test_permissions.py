"""Every page and action, tried as every role and as nobody, by walking the URL configuration.

A page without a rule fails here. What a page does with what it is sent is tested beside its noun; here it counts who gets so far.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth_pages import ANYONE, CLOSED, HALF_WAY, RULES, SIGNED_IN
from desk_cast import make_account
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import translation

from rasad.records.models import Account
from rasad.records.roles import ABILITIES, ROLES, allows
from rasad.web.workbench.allowed import Open, Rule

pytestmark = pytest.mark.django_db

SAMPLES: dict[str, Any] = {"int": 987_654_321, "uuid": uuid.UUID(int=7), "str": "nothing", "slug": "nothing", "path": "nothing"}  # fmt: skip
"""What stands in the variable parts of an address: nothing that exists, so that whoever is let in finds 404 and whoever is not finds 403."""
LET_IN = frozenset({200, 302, 400, 404, 422})


@dataclass(frozen=True)
class Page:
    """One address of the site: its name, an example of it, and what it calls."""

    name: str
    address: str
    view: Any


def pages() -> list[Page]:
    """Return every address of the site."""
    return list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Page]:
    for one in patterns:
        route = prefix + _example(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            assert isinstance(one, URLPattern)
            yield Page(one.name or "", route, one.callback)


def _example(pattern: Any) -> str:
    """Return a text that the pattern takes."""
    if hasattr(pattern, "prefix_default_language"):
        return "en/"
    if hasattr(pattern, "_route"):
        text = str(pattern._route)
        for name, converter in pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            kind = {"string": "str"}.get(kind, kind)
            for form in (f"<{kind}:{name}>", f"<{name}>"):
                text = text.replace(form, str(SAMPLES[kind]))
        return text
    # The two patterns of django-allauth that are regular expressions.
    return {
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/0-nothing/",
        r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/nothing/",
    }[str(pattern._regex)]


OWN = [page for page in pages() if hasattr(page.view, "rule")]


def test_the_walk_finds_the_pages() -> None:
    names = {page.name for page in pages()}
    assert {"home", "trail", "jobs", "account-grant", "account_login", "invitation"} <= names
    with translation.override("en"):
        for page in pages():
            # A page that stands before another at the same address is the one that is reached: the closed ones before allauth's.
            name = resolve(page.address).url_name or ""
            assert name == ("" if page.name in CLOSED else page.name), page


def test_every_page_has_its_rule() -> None:
    without = {page.name or page.address for page in pages() if not hasattr(page.view, "rule")}
    assert without == set(RULES) | CLOSED


def test_every_rule_is_in_the_matrix() -> None:
    for page in OWN:
        if isinstance(page.view.rule, Rule):
            assert page.view.rule.read in ABILITIES
            assert page.view.rule.post in {*ABILITIES, ""}
        else:
            assert isinstance(page.view.rule, Open)
            assert page.view.rule.why


def answers(client: Client, method: str, address: str) -> int:
    return int(getattr(client, method)(address).status_code)


def asked(account: Account, method: str, address: str) -> int:
    """Return what the view at an address answers an account, asked past the middleware and the pages of errors: a thousand questions are
    asked so. The tests below ask the whole site, as browsers do."""
    request = getattr(RequestFactory(), method)(address)
    request.user, request.session = account, SessionStore()
    request._messages = FallbackStorage(request)
    request.resolver_match = match = resolve(address)
    try:
        return int(match.func(request, *match.args, **match.kwargs).status_code)
    except PermissionDenied:
        return 403
    except Http404:
        return 404
    except BadRequest:
        return 400


@pytest.mark.parametrize("role", ROLES)
def test_every_role_on_every_page_and_action(db: None, role: str) -> None:
    account, held = make_account(role), frozenset({role})
    wrong = []
    with translation.override("en"):
        for page in OWN:
            if not isinstance(page.view.rule, Rule):
                continue
            rule: Rule = page.view.rule
            for method, ability in (("get", rule.read), ("post", rule.post), ("delete", "")):
                got = asked(account, method, page.address)
                if not ability:
                    fits = got == 405
                elif allows(held, ability):
                    fits = got in LET_IN
                else:
                    fits = got == 403
                if not fits:
                    wrong.append((method, page.address, ability, got))
    assert wrong == []


def test_an_account_without_a_role_comes_nowhere(sign_in: Any) -> None:
    client = sign_in()
    for page in OWN:
        if isinstance(page.view.rule, Rule):
            assert answers(client, "get", page.address) == 403, page.address
            assert answers(client, "post", page.address) == (403 if page.view.rule.post else 405), (
                page.address
            )


def test_nobody_is_led_to_the_sign_in_whatever_the_page(client: Client) -> None:
    for page in OWN:
        for method in ("get", "post"):
            got = getattr(client, method)(page.address)
            if isinstance(page.view.rule, Rule):
                assert got.status_code == 302, page.address
                assert got["Location"].startswith("/en/accounts/login/?next="), page.address
            else:
                assert got.status_code in LET_IN, page.address
                assert "/login/" not in got.get("Location", ""), page.address


def test_pages_of_allauth(client: Client, sign_in: Any) -> None:
    member = sign_in("member")
    for page in pages():
        if page.name in CLOSED:
            assert answers(client, "get", page.address) == answers(member, "get", page.address) == 404
            assert answers(client, "post", page.address) == 404
        rule = RULES.get(page.name)
        if rule is None:
            continue
        nobody, signed = (one.get(page.address) for one in (client, member))
        if rule == ANYONE:
            assert nobody.status_code in (200, 302), page.name
        if rule in (SIGNED_IN, HALF_WAY):
            assert nobody.status_code == 302, page.name
            assert nobody["Location"].startswith("/en/accounts/login/"), page.name
            assert answers(client, "post", page.address) in (302, 403), page.name
        if rule == SIGNED_IN:
            assert signed.status_code in (200, 302, 404), page.name
            assert not signed.get("Location", "").startswith("/en/accounts/login/"), page.name
