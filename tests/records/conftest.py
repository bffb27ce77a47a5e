"""A cast for tests of the records."""

from __future__ import annotations

import pytest

from rasad.records.models import Account


@pytest.fixture
def account(db: None) -> Account:
    """Somebody who writes."""
    return Account.objects.create_user("zahra@example.org", "a long enough password", name="زهرا")
