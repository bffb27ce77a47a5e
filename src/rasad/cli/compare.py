"""`rasad compare`: what a new file would change, without loading it."""

from __future__ import annotations

from pathlib import Path

import click

from rasad.actions.comparisons import compare_batch, compare_files
from rasad.cli.comparing import show_comparison
from rasad.cli.console import DIFFERENT, DONE, WRONG_USE, Session, need_home, pass_session
from rasad.cli.imports import find_batch, find_mapping


@click.command(
    epilog="""\b
Examples:
  rasad --home karaj compare 1a2b3c payments-1403-again.xlsx
  rasad --home karaj compare old.xlsx new.xlsx --source karaj.payments --limit 50 --json
Exit code 4 where they differ."""
)
@click.argument("old")
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--source", help="The mapping that reads the files, where OLD is a file too.")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter the mapping asks for."
)
@click.option(
    "--limit", default=20, show_default=True, help="How many of what changed, came and is gone to show."
)
@pass_session
def compare(
    session: Session, old: str, new: Path, source: str | None, params: tuple[str, ...], limit: int
) -> None:
    """Show what the file NEW has that OLD (a batch, or a file) has not, and the other way round. Nothing is loaded."""
    need_home(session)
    pairs = dict(pair.partition("=")[::2] for pair in params)
    if Path(old).is_file():
        if source is None:
            session.fail(
                session.text("Two files: say which source they are of with --source."), code=WRONG_USE
            )
        found = compare_files(mapping=find_mapping(session, source), old=Path(old), new=new, params=pairs)
    else:
        receipt = find_batch(session, old)
        mapping = find_mapping(session, source or receipt.source)
        found = compare_batch(home=session.home, mapping=mapping, receipt=receipt, new=new, params=pairs)
    if session.as_json:
        session.emit(found.as_dict(limit))
    else:
        show_comparison(session, found, limit)
    raise SystemExit(DIFFERENT if found.differs else DONE)
