"""`rasad init`: a home's workspace and its first account."""

from __future__ import annotations

import sys
from typing import Any

import click

from rasad.actions import cities, workspace
from rasad.cli.console import NOTHING_TO_DO, WRONG_USE, Session, need_home, pass_session
from rasad.cli.imports import start

ADDRESS = "http://localhost:8751"


@click.command(
    epilog="""\b
Examples:
  rasad --home karaj init                                          asks for what it needs
  rasad --home karaj init --email zahra@example.org --name زهرا --link
  rasad --home karaj init --email zahra@example.org --name زهرا --password-stdin < password.txt
  rasad --home demo init --city sample"""
)
@click.option(
    "--city", default="", help="Make the home first: a city that comes with Rasad (sample, madrid)."
)
@click.option("--email", default="", help="Address of the first account.")
@click.option("--name", default="", help="Name of the person.")
@click.option(
    "--language", type=click.Choice(["fa", "en"]), help="Language of the person.  [default: that of messages]"
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    help="A role besides administrator; may be given more than once.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--link", is_flag=True, help="Set no password: print a link by which the person sets it, once.")
@click.option("--address", default=ADDRESS, show_default=True, help="Where the workbench is reached.")
@pass_session
def init(
    session: Session,
    city: str,
    email: str,
    name: str,
    language: str | None,
    roles: tuple[str, ...],
    password_stdin: bool,
    link: bool,
    address: str,
) -> None:
    """Make the home's workspace, or bring it up to this Rasad, and make the first account.

    Safe to run again: what is there stays. There is no default password; the first account is an administrator of the site.
    """
    if link and password_stdin:
        session.fail(session.text("Say --link or --password-stdin, not both."), code=WRONG_USE)
    if city:
        _start(session, city)
    need_home(session)
    applied = workspace.prepare(session.home)
    # After `prepare`, and not before: the records need the settings that it makes.
    from rasad.cli.people import first_account

    made = first_account(
        session,
        email=email,
        name=name,
        language=language or session.lang,
        roles=("admin", *roles),
        password=sys.stdin.readline().rstrip("\r\n") if password_stdin else None,
        link=link,
        address=address.rstrip("/"),
    )
    _tell(session, applied, made)
    if not applied and made is None:
        raise SystemExit(NOTHING_TO_DO)


def _start(session: Session, city: str) -> None:
    pack = cities.packs().get(city)
    if pack is None:
        have = "، ".join(cities.packs())
        session.fail(
            session.text("No city is called %(city)s. There are: %(have)s", city=city, have=have),
            code=WRONG_USE,
        )
    start(session, pack)


def _tell(session: Session, applied: list[str], made: dict[str, Any] | None) -> None:
    if session.as_json:
        session.emit({"home": str(session.home), "migrations": len(applied), "account": made})
        return
    if applied:
        session.say("The workspace of %(home)s is ready.", home=str(session.home))
    if made is None:
        session.say("The site has its first account already.")
    elif made["link"]:
        session.say(
            "%(name)s opens this link once, within three days, and sets a password:", name=made["name"]
        )
        session.out.print(made["link"], markup=False, soft_wrap=True)
    else:
        session.say("%(name)s signs in as %(email)s.", name=made["name"], email=made["email"])
    session.say("Start the site: rasad --home %(home)s up", home=str(session.home))
