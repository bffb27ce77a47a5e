"""`rasad quarantine`: rejected rows out with their reasons, and in again when they were put right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rasad.actions.quarantine import load_corrections, write_csv, write_quarantine
from rasad.cli.console import Session, need_home, pass_session
from rasad.cli.imports import end, find_batch, show_imports
from rasad.ledger.batches import Receipt, receipts
from rasad.ledger.problem_rows import quarantined_rows, standing
from rasad.ledger.problems import Problem


@click.group()
def quarantine() -> None:
    """Rows that could not be read: kept, with the reason, to be put right and loaded again."""


@quarantine.command(
    name="list",
    epilog="""\b
Examples:
  rasad --home karaj quarantine list
  rasad --home karaj quarantine list 1a2b3c --json""",
)
@click.argument("batch", required=False)
@pass_session
def list_(session: Session, batch: str | None) -> None:
    """Show every quarantined row (of BATCH, or of all) with its problems, then rows that stand and have something to look at."""
    need_home(session)
    of = [find_batch(session, batch)] if batch else receipts(session.home)
    rows = [(receipt, row) for receipt in of for row in quarantined_rows(session.home, receipt)]
    stand = [(receipt, problem) for receipt in of for problem in standing(session.home, receipt)]
    rejected = {(receipt.batch, row["sheet"], row["row"]) for receipt, row in rows}
    stand = [
        (receipt, one) for receipt, one in stand if (receipt.batch, one["sheet"], one["row"]) not in rejected
    ]
    if session.as_json:
        session.emit(
            [
                *({**_of_batch(receipt), **row, "stands": False} for receipt, row in rows),
                *({**_of_batch(receipt), **_as_row(problem), "stands": True} for receipt, problem in stand),
            ]
        )
        return
    if not rows:
        session.say("The quarantine is empty.")
    for receipt, row in rows:
        for problem in _problems_of(receipt, row):
            session.out.print(problem.message(session.text), markup=False, soft_wrap=True)
    if stand:
        session.say("Rows that are counted, and have something to look at:")
    for receipt, one in stand:
        said = Problem(file=receipt.file["name"], **one).message(session.text)
        session.out.print(said, markup=False, soft_wrap=True)


def _of_batch(receipt: Receipt) -> dict[str, str]:
    return {"batch": receipt.batch, "file": receipt.file["name"]}


def _as_row(problem: dict[str, Any]) -> dict[str, Any]:
    """Return a problem of a row that stands in the form of a row in quarantine."""
    told = {name: value for name, value in problem.items() if name not in ("sheet", "row")}
    return {"sheet": problem["sheet"], "row": problem["row"], "cells": [], "problems": [told]}


@quarantine.command(
    epilog="""\b
Examples:
  rasad --home karaj quarantine export 1a2b3c -o rejected.xlsx
  rasad --home karaj quarantine export 1a2b3c > rejected.csv"""
)
@click.argument("batch")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, .xlsx or .csv; CSV to standard output otherwise.",
)
@pass_session
def export(session: Session, batch: str, output: Path | None) -> None:
    """Write the rejected rows of BATCH (or of the one whose name begins so) in the source's own columns, with the reasons beside them.

    Put the cells right, leave the columns that begin with rasad_ as they are, and load the file again.
    """
    need_home(session)
    receipt = find_batch(session, batch)

    def reasons(receipt: Receipt, row: dict[str, Any]) -> str:
        return " | ".join(problem.message(session.text) for problem in _problems_of(receipt, row))

    if output is None:
        write_csv(sys.stdout, receipt, list(quarantined_rows(session.home, receipt)), reasons)
        return
    count = write_quarantine(
        home=session.home, receipt=receipt, path=output, reasons=reasons, rtl=session.lang == "fa"
    )
    if session.as_json:
        session.emit({"batch": receipt.batch, "rows": count, "path": str(output)})
    else:
        session.say_counted(
            "%(count)s row written to %(path)s", "%(count)s rows written to %(path)s", count, path=str(output)
        )


@quarantine.command(
    name="load",
    epilog="""\b
Examples:
  rasad --home karaj quarantine load 1a2b3c rejected.xlsx --by 'S. Ahmadi'
  rasad --home karaj import karaj.payments rejected.xlsx""",
)
@click.argument("batch")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="", help="Who put the rows right; kept in the receipt, never published.")
@pass_session
def load_(session: Session, batch: str, file: Path, by: str) -> None:
    """Load FILE, as quarantine export wrote it, with rows of BATCH put right.

    A new batch supersedes the old one: the same file with these rows as they are now. Nothing is counted twice; what is wrong yet stays in
    quarantine.
    """
    need_home(session)
    named = find_batch(session, batch, every=True)
    receipt = load_corrections(home=session.home, path=file, batch=named.batch, by=by)
    show_imports(session, [receipt], [])
    end([receipt], [])


def _problems_of(receipt: Receipt, row: dict[str, Any]) -> list[Problem]:
    return [
        Problem(file=receipt.file["name"], sheet=row["sheet"], row=row["row"], **problem)
        for problem in row["problems"]
    ]
