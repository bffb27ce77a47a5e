"""Whom the tests of the workbench sign in."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress

from rasad.records.changes import changing
from rasad.records.models import Account, Grant

PASSWORD = "a long enough password"


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
