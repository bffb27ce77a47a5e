"""`rasad source propose` and `rasad source test`: a mapping for files that nobody has described yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from rasad.actions.sources import Trial, propose, try_source
from rasad.cli.comparing import STAGE_NAMES
from rasad.cli.console import WRONG_INPUT, WRONG_USE, Session, pass_session
from rasad.cli.imports import find_mapping, show_imports
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.problems import LedgerError
from rasad.ledger.propose import as_toml
from rasad.persian import money
from rasad.persian.dates import format_date
from rasad.persian.digits import to_persian
from rasad.persian.text import search_key

MOST_WIDE = 28
"""Characters of a cell in the table of first rows."""


@click.group()
def source() -> None:
    """Describe a new source: propose a mapping for its files, and try it."""


@source.command(
    name="propose",
    epilog="""\b
Examples:
  rasad source propose payments-1402.xlsx payments-1403.csv --id karaj.payments -o karaj/sources/payments.toml
  rasad source propose payments-1403.csv --id karaj.payments -o karaj/sources/payments.toml --replace
  rasad source propose budget.csv --json
Exit code 1 where no column of amounts is found.""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--id",
    "id_",
    default="city.source",
    show_default=True,
    metavar="CITY.SOURCE",
    help="What to call the source.",
)
@click.option("--currency", help="ISO 4217 code, where you know better than the files say.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the mapping to this file."
)
@click.option("--replace", is_flag=True, help="Write over a mapping that is there.")
@pass_session
def propose_(
    session: Session,
    files: tuple[Path, ...],
    id_: str,
    currency: str | None,
    output: Path | None,
    replace: bool,
) -> None:
    """Look at FILES of one source and write a first mapping, its doubts marked.

    Several files may have several headers: one mapping is made for all of them.
    """
    if output is not None and output.exists() and not replace:
        session.fail(
            session.text(
                "%(path)s exists already; nothing was written. --replace writes over it.", path=str(output)
            ),
            code=WRONG_USE,
        )
    with session.progress() as progress:
        found = propose(files, id_=id_, currency=currency, progress=progress)
    # Checked like any mapping: a name that is none, for instance, is said now and not when it is used.
    mapping = found.mapping
    text = as_toml(found, session.text)
    if output is not None:
        # Beside it first: a mapping that is there is written over whole or not at all.
        beside = output.with_name(f".{output.name}.new")
        try:
            beside.write_text(text, "utf-8")
            beside.replace(output)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, str(output)) from error
    if session.as_json:
        doubts = [{"key": doubt.key, "message": doubt.said(session.text)} for doubt in found.doubts]
        session.emit(
            {
                "mapping": mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True),
                "doubts": doubts,
                "toml": text,
            }
        )
    elif output is None:
        click.echo(text, nl=False)
    else:
        for doubt in found.doubts:
            session.out.print(
                f"  {doubt.key}: {doubt.said(session.text)}", style="yellow", markup=False, soft_wrap=True
            )
        session.say_counted(
            "%(path)s is written, with %(count)s doubt to look at.",
            "%(path)s is written, with %(count)s doubts to look at.",
            len(found.doubts),
            path=str(output),
        )


@source.command(
    name="test",
    epilog="""\b
Examples:
  rasad source test payments.toml payments-1403.csv
  rasad --home karaj source test karaj.payments payments-1403.csv --rows 3 --json
Exit code 1 where a file would be refused.""",
)
@click.argument("mapping")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--rows", default=4, show_default=True, type=click.IntRange(0, 1000), help="How many rows to show."
)
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter the mapping asks for."
)
@pass_session
def test(session: Session, mapping: str, files: tuple[Path, ...], rows: int, params: tuple[str, ...]) -> None:
    """Show how MAPPING (a TOML file, or a source's name) reads FILES, and the control totals. Nothing is written."""
    rules = load_mapping(Path(mapping)) if mapping.endswith(".toml") else find_mapping(session, mapping)
    pairs = dict(pair.partition("=")[::2] for pair in params)
    tried: list[tuple[Path, Trial]] = []
    refused: list[LedgerError] = []
    with session.progress() as progress:
        for number, path in enumerate(files):
            progress(path.name, number, len(files))
            try:
                tried.append((path, try_source(mapping=rules, path=path, params=pairs, rows=rows)))
            except LedgerError as error:
                refused.append(error)
    if session.as_json:
        session.emit(
            {
                "files": [_as_dict(session, trial) for _, trial in tried],
                "refused": [
                    {**error.problem.as_dict(), "message": error.message(session.text)} for error in refused
                ],
            }
        )
    else:
        for _, trial in tried:
            _show_rows(session, rules, trial)
        show_imports(session, [trial.receipt for _, trial in tried], refused, trial=True)
        for _, trial in tried:
            for problem in trial.problems:
                session.out.print(problem.message(session.text), style="yellow", markup=False, soft_wrap=True)
        if tried:
            session.say("This was a trial: nothing was written.")
    raise SystemExit(WRONG_INPUT if refused else 0)


def _as_dict(session: Session, trial: Trial) -> dict[str, Any]:
    wrong = [{**problem.as_dict(), "message": problem.message(session.text)} for problem in trial.problems]
    return {"receipt": trial.receipt.as_dict(), "lines": trial.lines, "problems": wrong}


def _show_rows(session: Session, rules: Mapping, trial: Trial) -> None:
    """Print the first lines, one beside the other: each column of the ledger with the header it comes from."""
    raw = {
        "date_raw",
        "start_raw",
        "end_raw",
        "title_raw",
        "supplier_raw",
        "amount_raw",
        "extra",
        "flow",
        "row",
    }
    named = [name for name in (trial.lines[0] if trial.lines else {}) if name not in raw]
    rows = []
    for name in named:
        values = [_cell(session, rules, name, line[name]) for line in trial.lines]
        if any(values):
            rows.append([name, _from(rules, trial, name), *values])
    if rows:
        heads = [session.text("row %(number)s", number=line["row"] or 0) for line in trial.lines]
        session.table(["column", "from", *heads], rows)
        session.out.print()


def _from(rules: Mapping, trial: Trial, name: str) -> str:
    """Return the header in this file under which the column stands, or its position."""
    if name == "amount":
        return trial.receipt.amounts[0].column if len(rules.amounts) == 1 else ""
    rule = rules.columns.get(name)
    if rule is None:
        return ""
    if rule.position is not None:
        return str(rule.position)
    there = {search_key(text): text for sheet in trial.receipt.file["sheets"] for text in sheet["columns"]}
    return next((there[search_key(alias)] for alias in rule.names if search_key(alias) in there), "")


def _cell(session: Session, rules: Mapping, name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "amount":
        return money.number(value, currency=rules.numbers.currency, lang=session.lang)
    if name == "stage":
        return session.text(STAGE_NAMES.get(value, value))
    if isinstance(value, date):
        return format_date(value, calendar=rules.dates.calendar, lang=session.lang)
    text = to_persian(str(value)) if isinstance(value, int) and session.lang == "fa" else str(value)
    return text if len(text) <= MOST_WIDE else text[: MOST_WIDE - 1] + "…"
