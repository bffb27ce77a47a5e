"""The first account, as the command line makes it. Imported only once the workspace is connected: it reads the records."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import click
from django.core.exceptions import ValidationError
from django.utils import translation

from rasad.actions import accounts, cities
from rasad.cli.console import WRONG_INPUT, WRONG_USE, Session
from rasad.records.models import Account, Invitation
from rasad.records.roles import ROLES

LINK_VALID_FOR = timedelta(days=3)


def first_account(
    session: Session,
    *,
    email: str,
    name: str,
    language: str,
    roles: tuple[str, ...],
    password: str | None,
    link: bool,
    address: str,
) -> dict[str, Any] | None:
    """Make the first account, or the link to it, and return what was made; None where there is an account already.

    Asks for what was not given where a terminal is there to ask; ends the command where it cannot.
    """
    if Account.objects.exists():
        return None
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        session.fail(
            session.text(
                "No role is called %(role)s. There are: %(have)s", role=unknown[0], have=", ".join(ROLES)
            ),
            code=WRONG_USE,
        )
    email = email or _ask(session, session.text("Email of the first account"), "--email")
    name = name or _ask(session, session.text("Name of the person"), "--name")
    if not link and password is None:
        password = _ask(
            session, session.text("Password (at least 12 characters)"), "--password-stdin", hidden=True
        )
    city = session.speaking(cities.language(session.home))
    try:
        with translation.override(session.lang):
            if link:
                return _invited(city, email, name, roles, language, address)
            account = accounts.found_site(
                email=email,
                name=name,
                password=password or "",
                language=language,
                roles=roles,
                why=city.text("the first account of the site"),
            )
    except ValidationError as error:
        session.fail(" ".join(error.messages), code=WRONG_INPUT)
    return {"email": account.email, "name": account.name, "roles": list(roles), "link": ""}


def _invited(
    city: Session, email: str, name: str, roles: tuple[str, ...], language: str, address: str
) -> dict[str, Any]:
    """Invite the first person; a link made before is withdrawn, for it was printed once and may be lost."""
    for one in Invitation.objects.filter(accepted_at=None, withdrawn_at=None):
        accounts.withdraw(
            invitation=one, seen=one.version, by=None, why=city.text("a new link was asked for")
        )
    invitation, token = accounts.invite(
        email=email,
        name=name,
        roles=roles,
        by=None,
        why=city.text("the first account of the site"),
        valid_for=LINK_VALID_FOR,
    )
    return {
        "email": invitation.email,
        "name": invitation.name,
        "roles": invitation.roles,
        "link": f"{address}/{language}/invitation/{token}/",
    }


def _ask(session: Session, what: str, option: str, *, hidden: bool = False) -> str:
    """Ask at the terminal; end the command, and name the option, where there is none."""
    if session.as_json or not session.err.is_terminal or not sys.stdin.isatty():
        session.fail(session.text("Say it with %(option)s.", option=option), code=WRONG_USE)
    return str(click.prompt(what, hide_input=hidden, confirmation_prompt=hidden, err=True))
