"""`rasad schema`: what a mapping and a table look like, for editors and programs."""

from __future__ import annotations

from dataclasses import asdict

import click

from rasad.cli.console import Session, pass_session
from rasad.ledger.mapping import json_schema
from rasad.ledger.schema import TABLES
from rasad.roadmap.problem import json_schema as problem_schema


@click.group()
def schema() -> None:
    """What mappings and tables look like."""


@schema.command(epilog="Example: rasad schema mapping > mapping.schema.json")
@pass_session
def mapping(session: Session) -> None:
    """Print the JSON Schema of a mapping, for editors."""
    session.emit(json_schema())


@schema.command(epilog="Example: rasad schema roadmap > problem.schema.json")
@pass_session
def roadmap(session: Session) -> None:
    """Print the JSON Schema of a roadmap's problem, for editors and other programs."""
    session.emit(problem_schema())


@schema.command(epilog="Example: rasad schema tables")
@pass_session
def tables(session: Session) -> None:
    """Print every table with its columns, types and titles, and whether the public may see them."""
    if session.as_json:
        session.emit([asdict(table) for table in TABLES.values()])
        return
    for table in TABLES.values():
        session.out.print(f"\n[bold]{table.name}[/]  {table.fa}")
        rows = [[c.name, c.type, session.text("public") if c.public else session.text("private"),
                 c.fa if session.lang == "fa" else c.en] for c in table.columns]  # fmt: skip
        session.table([session.text("column"), session.text("type"), "", session.text("title")], rows)
