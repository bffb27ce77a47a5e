"""Deriving the review index: a DuckDB file with every line, the rule that it meets, and what of it no rule links. Safe to delete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import polars as pl

from rasad.ledger.allocate.engine import Outcomes, divide
from rasad.ledger.allocate.meeting import first_met
from rasad.ledger.allocate.rules import Rule, in_order
from rasad.ledger.classify.engine import in_scope
from rasad.ledger.classify.engine import version as class_version
from rasad.ledger.classify.judgements import JUDGEMENT
from rasad.ledger.clean import POLARS_TYPES
from rasad.ledger.continuity import continued
from rasad.ledger.link import version as link_version
from rasad.ledger.schema import CLASS_COLUMNS, IT_CLASSES, LINE, PERSON_KEY, SUPPLIER_COLUMNS
from rasad.ledger.suggestions import chunks, current, persons, scope, suggest_all
from rasad.ledger.view import code_names, with_code_names, with_suggestions
from rasad.persian.text import search_key

VERSION = 2
KEPT = 2
"""How many indexes the cache keeps: the newest, and the one that is read while it is made."""
BROKEN_OFF = 86_400
"""Seconds after which an index that is not whole is nobody's work any more."""
MEMORY = "800MB"
COLUMNS = (
    "line_id",
    "flow",
    "book",
    "stage",
    "fiscal_year",
    "date",
    "amount",
    "currency",
    "unit_code",
    "unit",
    "programme_code",
    "programme",
    "economic_code",
    "economic",
    "tree_code",
    "contract_no",
    "document_no",
    "title",
    "title_key",
    "supplier",
    "supplier_name",
    "label",
    "source",
    "file_name",
    "row",
    "class",
    "mode",
    "class_method",
    "class_rule",
    "class_confidence",
)
Progress = Callable[[str, int, int], None]
DB: TypeAlias = duckdb.DuckDBPyConnection
RAW = ("line", "part")
"""What is derived chunk by chunk before it is put together."""


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


RULES, INDEX = _n("asking the rules"), _n("index")


def review_digest(home: Path, rules: Sequence[Rule]) -> str:
    """Return what names the index of a home under rules: another name for every change of batches, classes, suppliers or rules."""
    city = scope(home)
    asked = {
        "version": [VERSION, duckdb.__version__],
        "classes": class_version(city),
        "scope": [city.it_programmes, city.it_units],
        "batches": [
            [receipt["batch"], link_version(persons(home, str(receipt["source"])))]
            for receipt in current(home, "line")
        ],
        "rules": [rule.as_json() for rule in in_order(rules)],
    }
    text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def index_folder(home: Path, digest: str) -> Path:
    """Return where the index of that name stands."""
    return home / "cache" / f"review-{digest}"


def build_review(home: Path, rules: Sequence[Rule], *, progress: Progress | None = None) -> Path:
    """Return the folder of the home's index under the rules, deriving it first where it is not there; older ones are taken away.

    OSError where the disk takes no more. A crash leaves nothing that is taken for an index.
    """
    suggest_all(home)
    folder = index_folder(home, review_digest(home, rules))
    if not folder.is_dir():
        part = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            _derive(home, in_order(rules), part, progress or _silent)
            try:
                part.rename(folder)
            except OSError:
                # Another process derived the same meanwhile.
                if not folder.is_dir():
                    raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    os.utime(folder)
    _evict(folder)
    return folder


def _silent(what: str, done: int, total: int) -> None:
    return None


def _evict(newest: Path) -> None:
    """Keep the newest few indexes, and none that broke off days ago. One that a process still has open stays readable to it."""
    for path in newest.parent.glob(".review-*"):
        if time.time() - path.stat().st_mtime > BROKEN_OFF:
            shutil.rmtree(path, ignore_errors=True)
    others = sorted(newest.parent.glob("review-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in others if path != newest][KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _derive(home: Path, rules: list[Rule], part: Path, progress: Progress) -> None:
    receipts = current(home, "line")
    total, done = sum(int(receipt["lines"]) for receipt in receipts), 0
    names = code_names(home) if receipts else {}
    inside = in_scope(scope(home)).alias("in_it")
    groups = list(chunks([(receipt, part) for receipt in receipts]))
    for number, group in enumerate(groups):
        progress(RULES, done, total)
        frames = [
            with_suggestions(home, receipt, pl.DataFrame(schema=JUDGEMENT)).select(*COLUMNS)
            for receipt, _ in group
        ]
        lines = pl.concat(
            pl.collect_all([with_code_names(frame, names).with_columns(inside) for frame in frames])
        )
        _write_chunk(lines, rules, part, number)
        done += lines.height
    if not groups:
        lines = pl.DataFrame(schema=_schema())
        _write_chunk(lines, rules, part, 0)
    continued(home).write_parquet(part / "continued.parquet")
    _store(part, rules, progress)


def _schema() -> dict[str, Any]:
    types = {
        column.name: POLARS_TYPES[column.type]
        for column in (*LINE.columns, *CLASS_COLUMNS, *SUPPLIER_COLUMNS)
    }
    return {**{name: types[name] for name in COLUMNS}, "in_it": pl.Boolean}


def _write_chunk(lines: pl.DataFrame, rules: list[Rule], part: Path, number: int) -> None:
    met = first_met(lines, rules)
    rows = divide(lines, met, Outcomes.of(rules))
    unlinked = rows.filter(pl.col("project").is_null()).select("at", unlinked="amount")
    lines.with_row_index("at").join(unlinked, on="at", how="left", maintain_order="left").with_columns(
        pl.col("unlinked").fill_null(0), met.alias("rule")
    ).drop("at").write_parquet(part / f"line-{number:04}.parquet")
    rows.filter(pl.col("project").is_not_null()).select(
        "line_id", "project", "share_bp", "amount"
    ).write_parquet(part / f"part-{number:04}.parquet")


def _store(part: Path, rules: list[Rule], progress: Progress) -> None:
    spill = part / "spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": MEMORY,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    steps: tuple[Callable[[DB], None], ...] = (
        *(_titles, _suppliers, _lines, _parts, _projects, _names),
        *(partial(_rules, rules), _cube, partial(_continued, part), _found_by),
    )
    with duckdb.connect(str(part / "review.duckdb"), config=config) as db:
        for name in RAW:
            db.read_parquet(str(part / f"{name}-*.parquet")).create_view(f"raw_{name}")
        for number, step in enumerate(steps):
            progress(INDEX, number, len(steps))
            step(db)
        for name in RAW:
            db.execute(f"drop view raw_{name}")
        db.execute("checkpoint")
    shutil.rmtree(spill, ignore_errors=True)
    for path in part.glob("*.parquet"):
        path.unlink()


def _titles(db: DB) -> None:
    db.execute(
        """
        create table title as
        select row_number() over (order by key)::integer as id, key from (select distinct title_key as key from raw_line where title_key is not null)
        """
    )


def _suppliers(db: DB) -> None:
    """Make the table of suppliers: each with the name most often written, and its search key. Natural persons, who share one key, have none."""
    db.execute("create table supplier (no integer, key varchar, name varchar, name_key varchar)")
    rows = db.execute(
        """
        select row_number() over (order by supplier)::integer, supplier, mode(supplier_name)
        from raw_line where supplier is not null and supplier <> ? group by supplier order by supplier
        """,
        [PERSON_KEY],
    )
    while found := rows.fetchmany(20_000):
        numbers, keys, names = zip(*found, strict=True)
        db.cursor().execute(
            "insert into supplier select unnest(?::integer[]), unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::varchar[])",
            [list(numbers), list(keys), list(names), [search_key(str(name or "")) for name in names]],
        )


def _lines(db: DB) -> None:
    """Make the table of lines, the largest first within what is never added together: the top of the queue lies at its front."""
    it = ", ".join(f"'{cls}'" for cls in IT_CLASSES)
    db.execute(
        f"""
        create table line as
        select row_number() over ()::integer as n, * from (
          select raw_line.* exclude (title_key), title.id as title_id, supplier.no as supplier_no,
                 in_it or class in ({it}) as in_scope, hash(line_id) as id_hash,
                 abs(unlinked) as open_size,
                 (abs(amount) * (1 - coalesce(class_confidence, 0)))::bigint as doubt_size
          from raw_line left join title on raw_line.title_key = title.key left join supplier on raw_line.supplier = supplier.key
          order by flow, book, stage, abs(amount) desc, line_id)
        """
    )


def _parts(db: DB) -> None:
    db.execute(
        "create table part as select n, project, share_bp, raw_part.amount from raw_part join line using (line_id) order by n"
    )


def _projects(db: DB) -> None:
    """Make what a project's page reads at once: the sums of each project, and of its contracts; and where each stage's lines stand."""
    db.execute(
        """
        create table project_sum as
        select project, flow, book, stage, fiscal_year, currency, contract_no, sum(part.amount)::bigint as amount, count(*)::bigint as lines
        from part join line using (n) group by all order by project
        """
    )
    db.execute(
        "create table place as select flow, book, stage, min(n) as first, max(n) as last from line group by all"
    )


def _names(db: DB) -> None:
    """Make the tables of names by code."""
    for name in ("unit", "programme", "economic"):
        db.execute(
            f"create table {name}_name as select {name}_code as code, mode({name}) as name from line where {name}_code is not null group by 1 order by 1"
        )


def _rules(rules: list[Rule], db: DB) -> None:
    db.execute("create table rule (no integer, code varchar, version integer, said varchar)")
    for number, rule in enumerate(rules, 1):
        said = json.dumps(rule.as_json(), ensure_ascii=False)
        db.execute("insert into rule values (?, ?, ?, ?)", [number, rule.code, rule.version, said])


def _cube(db: DB) -> None:
    """Make the sums that answer where nothing is asked beyond year, scope and class."""
    db.execute(
        """
        create table cube as
        select flow, book, stage, fiscal_year, currency, in_scope, class, rule > 0 as ruled, sum(amount)::bigint as amount,
               sum(unlinked)::bigint as unlinked, count(*)::bigint as lines, count(*) filter (unlinked <> 0)::bigint as open_lines,
               count(*) filter (doubt_size > 0)::bigint as doubted_lines, coalesce(sum(amount) filter (doubt_size > 0), 0)::bigint as doubted
        from line group by all
        """
    )


def _continued(part: Path, db: DB) -> None:
    db.read_parquet(str(part / "continued.parquet")).create("continued")


def _found_by(db: DB) -> None:
    """Make what finds a line by its id at once, a few by their numbers, and those of a contract."""
    db.execute(
        "create table contract_line as select contract_no, n from line where contract_no is not null order by 1, 2"
    )
    db.execute("create index line_id_hash on line(id_hash)")
    db.execute("create index line_n on line(n)")
    db.execute("create index part_n on part(n)")
