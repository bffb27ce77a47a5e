"""`rasad import`, `load`, `batches`: files in, control totals out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from rasad.actions import cities
from rasad.actions.batches import import_file, load_city
from rasad.actions.left import Left, find_left
from rasad.actions.quarantine import load_corrections
from rasad.cli.comparing import STAGE_NAMES, show_comparison
from rasad.cli.console import (
    DECIDE,
    DONE,
    NOTHING_TO_DO,
    WRONG_INPUT,
    WRONG_USE,
    Session,
    need_home,
    pass_session,
)
from rasad.cli.superseding import show_superseded
from rasad.ledger.batches import Receipt, all_receipts, receipts
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.markers import Marked
from rasad.ledger.overlap import Overlapping
from rasad.ledger.problem_rows import rejections, standing
from rasad.ledger.problems import (
    ASIDE_REASONS,
    ROW_TITLES,
    AlreadyLoaded,
    LedgerError,
    NothingPutRight,
    Problem,
)
from rasad.ledger.read import unseen
from rasad.persian import money

NAMED = 6
_COMMA = {"fa": "، ", "en": ", "}
SHOWN = 5
"""Problems of rejected rows, and of rows that stand, which are said after an import; all are listed by `rasad quarantine list`."""


def find_mapping(session: Session, source: str) -> Mapping:
    """Return the mapping called `source`; ends the command with what there is where there is none such."""
    need_home(session)
    path = cities.source_file(session.home, source)
    if path is None:
        have = "، ".join(sorted(cities.sources(session.home))) or "-"
        session.fail(
            session.text("No source is called %(source)s. There are: %(have)s", source=source, have=have),
            code=WRONG_USE,
        )
    for error in cities.unread(session.home):
        if error.problem.file != path.name:
            session.err.print(error.message(session.text), style="yellow", markup=False, soft_wrap=True)
    return load_mapping(path)


def find_batch(session: Session, name: str, *, every: bool = False) -> Receipt:
    """Return the receipt of the batch that counts (or, `every`, ever did) and is called `name`, or begins so; ends the command where there
    is none, or several."""
    known = all_receipts(session.home) if every else receipts(session.home)
    matching = [receipt for receipt in known if receipt.batch.startswith(name)]
    if len(matching) != 1:
        session.fail(
            session.text(
                "%(batch)s names %(count)s batches; expected one (rasad batches shows their names).",
                batch=name,
                count=len(matching),
            ),
            code=WRONG_USE,
        )
    return matching[0]


def start(session: Session, pack: Path, *, home: Path | None = None, renew: bool = False) -> None:
    """Make the home one of the pack's city, and say which of the pack's files it has otherwise."""
    home = home or session.home
    cities.start_home(home=home, pack=pack, renew=renew)
    for name in cities.changed_here(home=home, pack=pack):
        session.err.print(
            session.text(
                "%(file)s was changed here and stays so; the one that comes with Rasad is another (rasad load --renew takes that one).",
                file=str(home / name),
            ),
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


@click.command(
    name="import",
    epilog="""\b
Examples:
  rasad --home karaj import karaj.payments payments-1403.xlsx
  rasad --home karaj import karaj.budget budget.csv --param fiscal_year=1403
  rasad --home karaj import karaj.payments payments-1403-again.xlsx --replace
  rasad --home karaj import karaj.payments late-rows.xlsx --add

\b
A newer export of a period that is loaded already is compared with it and not taken in (exit code 5), until you
say --replace (it supersedes; rows that are gone leave a tombstone) or --add (its rows are further ones).""",
)
@click.argument("source")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter the mapping asks for."
)
@click.option(
    "--replace",
    is_flag=True,
    help="Let the file supersede what it says again: an earlier export, or itself under another mapping.",
)
@click.option("--add", is_flag=True, help="Load the file beside what it overlaps: its rows are further ones.")
@pass_session
def import_(
    session: Session, source: str, files: tuple[Path, ...], params: tuple[str, ...], replace: bool, add: bool
) -> None:
    """Import FILES as SOURCE: the name of a mapping, such as karaj.payments.

    A file of rejected rows that were put right is known by its own columns and goes to the batch it is of. Either a whole file is taken in and its control totals balance, or nothing of it is written.
    """
    if replace and add:
        session.fail(session.text("Say --replace or --add, not both."), code=WRONG_USE)
    mapping = find_mapping(session, source)
    pairs = dict(pair.partition("=")[::2] for pair in params)
    taken: list[Receipt] = []
    refused: list[LedgerError] = []
    with session.progress() as progress:
        for number, path in enumerate(files):
            progress(path.name, number, len(files))
            try:
                taken.append(
                    import_file(
                        home=session.home, mapping=mapping, path=path, params=pairs, replace=replace, add=add
                    )
                )
            except Marked:
                try:
                    taken.append(load_corrections(home=session.home, path=path, source=source))
                except LedgerError as error:
                    refused.append(error)
            except LedgerError as error:
                refused.append(error)
    show_imports(session, taken, refused)
    end(taken, refused)


def end(taken: list[Receipt], refused: list[LedgerError]) -> None:
    """End the command with the exit code that what was taken and refused has."""
    done = AlreadyLoaded | NothingPutRight
    if any(not isinstance(error, done | Overlapping) for error in refused):
        raise SystemExit(WRONG_INPUT)
    if any(isinstance(error, Overlapping) for error in refused):
        raise SystemExit(DECIDE)
    raise SystemExit(DONE if taken or not refused else NOTHING_TO_DO)


@click.command(
    epilog="""\b
Examples:
  rasad --home workspace load madrid path/to/madrid
  rasad --home workspace load madrid path/to/madrid --renew

\b
A mapping that was changed in the home, by hand or at the import desk, stays as it is there, and is named. With --renew
the one that comes with Rasad is written, and the home's is kept beside it with .old at the end of its name."""
)
@click.argument("city")
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--renew", is_flag=True, help="Use the mappings that come with Rasad, also where the home's were changed."
)
@pass_session
def load(session: Session, city: str, data: Path, renew: bool) -> None:
    """Load all files of a CITY that Rasad knows from the folder DATA."""
    pack = cities.packs().get(city)
    if pack is None:
        have = "، ".join(cities.packs())
        session.fail(
            session.text("No city is called %(city)s. There are: %(have)s", city=city, have=have),
            code=WRONG_USE,
        )
    start(session, pack, renew=renew)
    taken: list[Receipt] = []
    refused: list[LedgerError] = []
    with session.progress() as progress:
        for result in load_city(home=session.home, pack=pack, data=data, progress=progress):
            if isinstance(result, Receipt):
                taken.append(result)
            else:
                refused.append(result)
    show_imports(session, taken, refused, find_left(pack=pack, data=data))
    end(taken, refused)


def show_imports(
    session: Session,
    taken: list[Receipt],
    refused: list[LedgerError],
    left: Sequence[Left] = (),
    *,
    trial: bool = False,
) -> None:
    """Say what was found and the control totals of each file, what to look at, then what was refused and why, and what of the folder is not taken in."""
    if session.as_json:
        told = {
            "loaded": [receipt.as_dict() for receipt in taken],
            "refused": [_refusal(session, error) for error in refused],
        }
        session.emit(told | ({"left": [one.as_dict() for one in left]} if left else {}))
        return
    for receipt in taken:
        found = receipt.file
        details = " · ".join(
            str(part)
            for part in (
                found["format"],
                found["compression"],
                found["encoding"],
                repr(found["delimiter"]) if found["delimiter"] else "",
            )
            if part
        )
        name = session.text("batch %(batch)s", batch=receipt.batch)
        session.out.print(f"[bold]{found['name']}[/]  {receipt.source}  [dim]{details}  {name}[/]")
        if found.get("left"):
            hidden = found.get("hidden", [])
            names = [
                session.text("%(name)s (hidden)") % {"name": name} if name in hidden else name
                for name in found["left"]
            ]
            comma = "، " if session.lang == "fa" else ", "
            said = session.text("not read: %(names)s") % {"names": comma.join(names)}
            session.out.print(said, style="yellow", markup=False)
        for said in unseen.said(found, session.text):
            session.out.print(said, style="yellow", markup=False, soft_wrap=True)
    if taken:
        _totals_table(session, taken)
    for receipt in [] if trial else taken:
        show_superseded(session, receipt)
        _what_to_look_at(session, receipt)
    for receipt in taken:
        for one in receipt.repeats:
            session.err.print(
                session.counted(
                    "%(file)s: %(count)s line says the same as a line of %(other)s (batch %(batch)s); both count.",
                    "%(file)s: %(count)s lines say the same as lines of %(other)s (batch %(batch)s); both count.",
                    int(one["lines"]),
                    file=receipt.file["name"],
                    other=one["file"],
                    batch=one["batch"],
                ),
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
    for error in refused:
        session.err.print(
            error.message(session.text),
            style="yellow"
            if isinstance(error, AlreadyLoaded | NothingPutRight | Overlapping)
            else "bold red",
            markup=False,
            soft_wrap=True,
        )
        if isinstance(error, Overlapping):
            show_comparison(session, error.comparison)
    for out in left:
        _show_left(session, out)


def _show_left(session: Session, left: Left) -> None:
    """Say which files are not taken in, and why; of many the first few by name."""
    names = (_COMMA[session.lang]).join(left.files[:NAMED])
    if len(left.files) > NAMED:
        names += session.text(" and %(count)s more", count=len(left.files) - NAMED)
    why = left.why(session.lang) or session.text("no entry of the city's settings names them.")
    session.say("Not taken in: %(files)s: %(why)s", files=names, why=why)


def _what_to_look_at(session: Session, receipt: Receipt) -> None:
    """Say the first problems of rejected rows and how these come out, then the first of rows that stand."""
    count = receipt.rows["quarantined"]
    _say_problems(session, receipt, rejections(session.home, receipt, most=SHOWN))
    if count:
        session.err.print(
            session.text(
                "Rows in quarantine: %(count)s. All of them: rasad quarantine list %(batch)s. To put them right: rasad quarantine export %(batch)s -o rejected.xlsx",
                count=count,
                batch=receipt.batch[:8],
            ),
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    found = standing(session.home, receipt)
    _say_problems(session, receipt, found[:SHOWN])
    if len(found) > SHOWN:
        session.err.print(
            session.text(
                "%(count)s more such rows: rasad quarantine list %(batch)s",
                count=len(found) - SHOWN,
                batch=receipt.batch[:8],
            ),
            style="yellow",
            markup=False,
        )


def _say_problems(session: Session, receipt: Receipt, found: list[dict[str, Any]]) -> None:
    for problem in found:
        said = Problem(file=receipt.file["name"], **problem).message(session.text)
        session.err.print(said, style="yellow", markup=False, soft_wrap=True)


def _refusal(session: Session, error: LedgerError) -> dict[str, Any]:
    said: dict[str, Any] = {**error.problem.as_dict(), "message": error.message(session.text)}
    if isinstance(error, Overlapping):
        said |= {"batches": error.batches, "comparison": error.comparison.as_dict()}
    return said


def _totals_table(session: Session, taken: list[Receipt], *, named: bool = False) -> None:
    """Show the control totals of each batch; `named`: with its name below the file's, as other commands take it."""
    rows = []
    for receipt in taken:
        counts = [session.number(receipt.rows[key]) for key in ("in", "stored", "set_aside", "quarantined")]
        rows.append([receipt.file["name"], session.text("rows"), *counts])
        for totals in receipt.amounts:
            figures = (totals.in_, totals.stored, totals.set_aside, totals.quarantined)
            label = f"{session.text(STAGE_NAMES.get(totals.stage, totals.stage))} ({totals.currency})"
            exact = (money.number(figure, currency=totals.currency, lang=session.lang) for figure in figures)
            name = session.text("batch %(batch)s", batch=receipt.batch[:8]) if named and rows[-1][0] else ""
            rows.append([name, label, *exact])
        why = {**receipt.aside, **receipt.problems}
        for code, count in why.items():
            reason = session.text({**ASIDE_REASONS, **ROW_TITLES}[code])
            rows.append(["", f"  {reason}", session.number(count), "", "", ""])
    session.table(
        [
            session.text("file"),
            "",
            session.text("in"),
            session.text("stored"),
            session.text("set aside"),
            session.text("quarantined"),
        ],
        rows,
        numbers=(2, 3, 4, 5),
    )


@click.command(epilog="Example: rasad --home karaj batches --json")
@pass_session
def batches(session: Session) -> None:
    """List the batches that count, with their control totals."""
    need_home(session)
    found = receipts(session.home)
    if session.as_json:
        session.emit([receipt.as_dict() for receipt in found])
    elif not found:
        session.say("Nothing has been imported yet.")
    else:
        _totals_table(session, found, named=True)
