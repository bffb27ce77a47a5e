"""A cast for tests of the workbench: a browser that is signed in as whoever holds some roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from rasad.records.changes import changing
from rasad.records.models import Account, Grant

PASSWORD = "a long enough password"

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def city(tmp_path: Path, settings: Any) -> None:
    """A home of its own for every test. Passwords are hashed quickly here; the browser's tests sign in as the site does."""
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_account(*roles: str, email: str = "", name: str = "زهرا") -> Account:
    """Make an account that has held the roles for a while."""
    account = Account.objects.create_user(
        email or f"{'-'.join(roles) or 'nobody'}@example.org", PASSWORD, name=name
    )
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    with changing(by=None, action="grant.grant", why="a cast") as change:
        for role in roles:
            change.add(Grant(account=account, role=role, since=date(2024, 3, 20)))
    return account


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a browser signed in as a new account with roles: `sign_in("it", "secretary")`."""
    cache.clear()

    def signed(*roles: str) -> Client:
        client = Client()
        client.force_login(make_account(*roles))
        return client

    return signed
