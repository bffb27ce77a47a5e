"""`rasad release` and `rasad verify`: numbered, immutable folders of open files."""

from __future__ import annotations

from pathlib import Path

import click

from rasad.actions import workspace
from rasad.actions.releases import build_release
from rasad.cli.console import DIFFERENT, WRONG_USE, Session, need_home, pass_session
from rasad.release.build import publish as move_pointer
from rasad.release.manifest import live_number, numbers, read_manifest
from rasad.release.verify import verify as differences


@click.group()
def release() -> None:
    """Releases: what the public reads."""


@release.command(epilog="Example: rasad --home karaj release build")
@click.option("--no-publish", is_flag=True, help="Build it, but leave the live one live.")
@pass_session
def build(session: Session, no_publish: bool) -> None:
    """Build the next release from what the ledger and the register hold now, and make it live."""
    need_home(session)
    records = workspace.there(session.home)
    if records:
        workspace.connect(session.home)
    with session.progress() as progress:
        folder = build_release(home=session.home, publish=not no_publish, records=records, progress=progress)
    manifest = read_manifest(folder)
    if session.as_json:
        session.emit({"release": str(folder), "number": manifest["number"], "live": not no_publish})
        return
    session.say("Release %(number)s: %(folder)s", number=int(manifest["number"]), folder=str(folder))


@release.command(name="list", epilog="Example: rasad --home karaj release list")
@pass_session
def list_(session: Session) -> None:
    """List the releases; the live one is marked."""
    need_home(session)
    folder = session.home / "releases"
    live = live_number(folder)
    found = [(number, read_manifest(folder / f"{number:04d}")) for number in numbers(folder)]
    if session.as_json:
        session.emit([{"number": n, "live": n == live, "created_at": m["created_at"]} for n, m in found])
        return
    rows = [["●" if n == live else "", session.number(n), m["created_at"]] for n, m in found]
    session.table([session.text("live"), session.text("number"), session.text("built")], rows, numbers=(1,))


@release.command(epilog="Example: rasad --home karaj release publish 1")
@click.argument("number", type=click.IntRange(1))
@pass_session
def publish(session: Session, number: int) -> None:
    """Make release NUMBER the live one."""
    need_home(session)
    folder = session.home / "releases"
    if number not in numbers(folder):
        session.fail(session.text("There is no release %(number)s.", number=number), code=WRONG_USE)
    move_pointer(folder, number)
    if session.as_json:
        session.emit({"number": number, "live": True})
    else:
        session.say("Release %(number)s is live.", number=number)


@click.command(epilog="Example: rasad verify karaj/releases/0001")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@pass_session
def verify(session: Session, folder: Path) -> None:
    """Recompute every hash, size, row count and sum of a release. Needs no workspace and no database.

    Ends with 0 where everything agrees, 4 where something differs.
    """
    with session.progress() as progress:
        found = differences(folder, progress)
    if session.as_json:
        session.emit({"release": str(folder), "differences": [str(one) for one in found]})
    elif not found:
        session.say("Everything agrees with the manifest.")
    else:
        for one in found:
            session.err.print(str(one), style="red", markup=False)
    if found:
        raise SystemExit(DIFFERENT)
