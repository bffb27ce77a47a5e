"""`rasad demo`: the whole way, from an office's files to an open portal."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from rasad.actions import cities
from rasad.actions.batches import load_city
from rasad.actions.releases import build_release
from rasad.cli.console import WRONG_USE, Session, pass_session
from rasad.cli.imports import show_imports
from rasad.cli.portal import serve_portal
from rasad.ledger.batches import Receipt
from rasad.ledger.problems import LedgerError
from rasad.release.manifest import live_number
from rasad.sample import generate


@click.command(
    epilog="""\b
Examples:
  rasad demo
  rasad demo --city madrid --data path/to/madrid --home .demo/madrid"""
)
@click.option(
    "--city",
    default="sample",
    show_default=True,
    help="Which city: sample, madrid, isfahan, oxford, northtyneside.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of the city's files; the sample city makes its own.",
)
@click.option("--home", type=click.Path(path_type=Path), help="Folder to work in.  [default: .demo/CITY]")
@click.option("--port", default=8750, show_default=True, type=click.IntRange(1, 65535))
@click.option("--serve/--no-serve", "serving", default=True, help="Open the portal at the end.")
@pass_session
def demo(session: Session, city: str, data: Path | None, home: Path | None, port: int, serving: bool) -> None:
    """Load a city's files, build a release and open the portal on it."""
    pack = cities.packs().get(city)
    if pack is None:
        have = "، ".join(cities.packs())
        session.fail(
            session.text("No city is called %(city)s. There are: %(have)s", city=city, have=have),
            code=WRONG_USE,
        )
    home = home or Path(".demo") / city
    cities.start_home(home=home, pack=pack)
    data = data or _sample_files(session, city, home)
    if not data.is_dir():
        session.fail(session.text("%(path)s is no folder.", path=str(data)), code=WRONG_USE)
    taken: list[Receipt] = []
    known: list[LedgerError] = []
    with session.progress() as progress:
        for result in load_city(home=home, pack=pack, data=data, progress=progress):
            (taken if isinstance(result, Receipt) else known).append(result)  # type: ignore[arg-type]
        if taken or live_number(home / "releases") is None:
            build_release(home=home, publish=True, progress=progress)
    if taken:
        show_imports(session, taken, [])
    session.say(
        "Your own files: rasad --home HOME new CITY, then rasad --home HOME import CITY.payments FILE (see README.md)"
    )
    if serving:
        serve_portal(session, home / "releases", host="127.0.0.1", port=port)


def _sample_files(session: Session, city: str, home: Path) -> Path:
    """Write the sample city's files once."""
    if city != "sample":
        session.fail(
            session.text(
                "Say where the files of %(city)s are: --data FOLDER (or make demo DATA=FOLDER)", city=city
            ),
            code=WRONG_USE,
        )
    files = home / "files"
    if not (files / "truth.json").exists():
        shutil.rmtree(files, ignore_errors=True)
        session.say("Writing the files of the sample city …")
        generate(files)
    return files
