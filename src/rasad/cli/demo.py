"""`rasad demo`: the whole way, from an office's files to an open portal."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rasad.actions import cities, workspace
from rasad.actions.batches import Progress, load_city
from rasad.actions.collections import find_lists, find_roadmaps, load_records
from rasad.actions.left import find_left
from rasad.actions.releases import build_release
from rasad.cli.console import WRONG_USE, Session, pass_session
from rasad.cli.imports import show_imports, start
from rasad.cli.up import KEPT_FROM_PORTAL
from rasad.ledger.batches import Receipt
from rasad.ledger.problems import LedgerError, Problem
from rasad.release.manifest import live_number
from rasad.sample import generate

if TYPE_CHECKING:
    from rasad.actions.bulk import Imported


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
    start(session, pack, home=home)
    data = data or _sample_files(session, city, home)
    if not data.is_dir():
        session.fail(session.text("%(path)s is no folder.", path=str(data)), code=WRONG_USE)
    taken: list[Receipt] = []
    known: list[LedgerError] = []
    with session.progress() as progress:
        for result in load_city(home=home, pack=pack, data=data, progress=progress):
            (taken if isinstance(result, Receipt) else known).append(result)  # type: ignore[arg-type]
        listed = _register(session, home, pack, data, progress)
        if taken or listed or live_number(home / "releases") is None:
            build_release(home=home, publish=True, records=workspace.there(home), progress=progress)
    if taken:
        show_imports(session, taken, [], find_left(pack=pack, data=data))
    if listed:
        _show_register(session, *listed)
    session.say(
        "Your own files: rasad --home HOME new CITY, then rasad --home HOME import CITY.payments FILE (see README.md)"
    )
    if serving:
        # In a process of its own: this one knows the workspace, and the portal knows none.
        _portal(session, home / "releases", port)


def _register(
    session: Session, home: Path, pack: Path, data: Path, progress: Progress
) -> tuple[Imported, list[Problem]] | None:
    """Take the city's lists into its register once; None where there are none, or where they were taken before."""
    listed = find_lists(home=home, pack=pack, data=data)
    if listed.empty:
        return None
    workspace.prepare(home)
    from django.core.exceptions import ValidationError

    from rasad.actions.roadmap_files import take_in
    from rasad.records.models import Scenario, Unit

    why = session.speaking(cities.language(home)).text("the demonstration")
    loaded = None
    if not Unit.objects.exists():
        loaded = load_records(listed=listed, by=None, why=why, progress=progress)
    if not Scenario.objects.exists():
        for path in find_roadmaps(pack=pack, data=data):
            try:
                take_in(path=path, by=None, why=why)
            except ValidationError as error:
                session.fail(f"{path.name}: {'; '.join(error.messages)}")
    return loaded


def _show_register(session: Session, imported: Imported, problems: list[Problem]) -> None:
    session.say(
        "Register: %(added)s records taken in, %(refused)s rows refused",
        added=session.number(imported.count("added")),
        refused=session.number(imported.count("refused") + len(problems)),
    )
    for problem in imported.problems[:5]:
        session.err.print(problem.message(session.text), markup=False)


def _portal(session: Session, releases: Path, port: int) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in KEPT_FROM_PORTAL}
    command = [sys.executable, "-m", "rasad", "--lang", session.lang, "portal"]
    os.execve(  # noqa: S606  our own program, no shell
        sys.executable,
        [*command, "--releases", str(releases.resolve()), "--port", str(port)],
        {**kept, "RASAD_SITE": "portal"},
    )


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
        with session.progress() as progress:
            generate(files, progress=progress)
    return files
