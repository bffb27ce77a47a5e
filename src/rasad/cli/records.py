"""`rasad records`: the register out as files, and files into the register. What needs its database is imported once that is connected."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rasad.actions import workspace
from rasad.cli.console import WRONG_USE, Session, pass_session
from rasad.records.tables import SHEETS

NOUNS = [sheet.name for sheet in SHEETS]
EXIT_CODES = """\b
Exit codes:
  0 taken in   1 rows are wrong and nothing was written   2 the command was used wrongly
  3 nothing to do: the register says so already   4 written, and rows were refused"""


@click.group()
def records() -> None:
    """The register (units, goals, projects, services, assets …) out as files and in again."""


@records.command(epilog="Example: rasad --home karaj records nouns")
@pass_session
def nouns(session: Session) -> None:
    """List what the register holds: each noun with its columns and how many records there are."""
    workspace.connect(session.home)
    from rasad.cli import register

    register.show_nouns(session)


@records.command(
    epilog="""\b
Examples:
  rasad --home karaj records export -o register.xlsx                  everything, a sheet for each noun
  rasad --home karaj records export project baseline -o projects.xlsx
  rasad --home karaj --lang fa records export asset -o assets.csv --dates jalali
  rasad --home karaj records export goal > goals.csv"""
)
@click.argument("nouns", nargs=-1, type=click.Choice(NOUNS), metavar="[NOUN]…")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, .xlsx or .csv; CSV to standard output otherwise.",
)
@click.option(
    "--headers",
    type=click.Choice(["fa", "en", "names"]),
    help="What headers and choices are written in; names are for programs.  [default: the language of messages]",
)
@click.option(
    "--dates",
    type=click.Choice(["iso", "jalali"]),
    default="iso",
    show_default=True,
    help="How days are written.",
)
@pass_session
def export(
    session: Session, nouns: tuple[str, ...], output: Path | None, headers: str | None, dates: str
) -> None:
    """Write records to a file that comes in again as it is. All nouns, unless some are named; private columns too, so keep it inside.

    The column rasad_version says which version of a record was exported: a row that somebody changed since is not overwritten.
    """
    if output is None and len(nouns) != 1:
        session.fail(session.text("Name one noun, or a file with -o."), code=WRONG_USE)
    workspace.connect(session.home)
    from rasad.cli import register

    if output is None:
        for block in register.exported(session, nouns[0], headers, dates):
            sys.stdout.buffer.write(block)
        return
    register.write_export(session, nouns or tuple(NOUNS), output, headers, dates)


@records.command(
    epilog="""\b
Examples:
  rasad --home karaj records template -o register.xlsx                everything, with a guide to every column
  rasad --home karaj --lang fa records template project milestone -o projects.xlsx"""
)
@click.argument("nouns", nargs=-1, type=click.Choice(NOUNS), metavar="[NOUN]…")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write, .xlsx or .csv.",
)
@click.option(
    "--headers",
    type=click.Choice(["fa", "en", "names"]),
    help="What headers and choices are written in.  [default: the language of messages]",
)
@pass_session
def template(session: Session, nouns: tuple[str, ...], output: Path, headers: str | None) -> None:
    """Write an empty file to be filled in: headers, lists to choose from, and a guide that tells what each column holds."""
    workspace.connect(session.home)
    from rasad.cli import register

    register.write_template(session, nouns or tuple(NOUNS), output, headers)


@records.command(
    name="import",
    epilog=f"""\b
Examples:
  rasad --home karaj records import register.xlsx --by zahra@example.org --why 'first register'
  rasad --home karaj records import records/*.csv                       several files, one change
  rasad --home karaj records import assets.xlsx --check                 only say what would be
  rasad --home karaj records import assets.xlsx --valid-only --refused back.xlsx
  rasad --home karaj records import glpi.csv --profile glpi

{EXIT_CODES}""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--noun", type=click.Choice(NOUNS), metavar="NOUN", help="What the files hold, where they do not say."
)
@click.option("--profile", metavar="NAME", help="The files are another program's export: glpi, snipe_it.")
@click.option("--valid-only", is_flag=True, help="Take in the rows that can stand, and leave the others.")
@click.option(
    "--refused",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write refused rows, with what is wrong, to this file (.xlsx or .csv).",
)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; say what would be.")
@click.option("--by", "email", default="", help="Address of the account that takes them in.")
@click.option("--why", default="", help="The reason, for the trail.")
@pass_session
def import_(
    session: Session,
    files: tuple[Path, ...],
    noun: str | None,
    profile: str | None,
    valid_only: bool,
    refused: Path | None,
    check_only: bool,
    email: str,
    why: str,
) -> None:
    """Take FILES into the register in one change: all of their rows, or none.

    Columns are known by their name or title; a row changes the record of its key, or adds one. An empty cell empties the field, a column that
    is not there leaves it.
    """
    workspace.connect(session.home)
    from rasad.cli import register

    register.take_in(
        session,
        list(files),
        noun=noun,
        profile=profile,
        valid_only=valid_only,
        refused=refused,
        check_only=check_only,
        email=email,
        why=why,
    )
