"""A cast for tests of the workbench: a browser that is signed in as whoever holds some roles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk_cast import make_account
from django.core.cache import cache
from django.test import Client

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def city(tmp_path: Path, settings: Any) -> None:
    """A home of its own for every test. Passwords are hashed quickly here; the browser's tests sign in as the site does."""
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a browser signed in as a new account with roles: `sign_in("it", "secretary")`."""
    cache.clear()

    def signed(*roles: str) -> Client:
        client = Client()
        client.force_login(make_account(*roles))
        return client

    return signed
