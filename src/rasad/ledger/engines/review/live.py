"""What people judged since the index was derived, laid over it: kept in memory, brought up by what changed alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from rasad.ledger.allocate.engine import numbered
from rasad.ledger.allocate.rules import Judged
from rasad.ledger.schema import IT_CLASSES

TOUCHED = {
    "n": "integer",
    "judged": "boolean",
    "unlinked": "bigint",
    "cls": "varchar",
    "mode": "varchar",
    "in_scope": "boolean",
    # The line as the index has it: sums are those of the index, less this, more the above.
    "flow": "varchar",
    "book": "varchar",
    "stage": "varchar",
    "fiscal_year": "bigint",
    "class_before": "varchar",
    "in_scope_before": "boolean",
    "ruled": "boolean",
    "amount": "bigint",
    "unlinked_before": "bigint",
    "in_doubt": "boolean",
}
PART = {"n": "integer", "project": "varchar", "share_bp": "integer", "amount": "bigint"}
FETCHED = """
n, line_id, contract_no, in_it, flow, book, stage, fiscal_year, class as class_before, in_scope as in_scope_before, rule > 0 as ruled,
amount, unlinked as unlinked_before, doubt_size > 0 as in_doubt
"""
Subject = tuple[str, str]


class Live:
    """The judgements that hold, and the lines that they touch. Bring it up with `update`; queries join `live.touched`, `live.part` and `live.line`."""

    def __init__(self, cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._db = cursor()
        self._lock = threading.Lock()
        self._judged: dict[Subject, Judged] = {}
        self._classes: dict[str, tuple[str, str]] = {}
        self._db.execute("attach ':memory:' as live")
        for table, columns in (("touched", TOUCHED), ("part", PART)):
            fields = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
            self._db.execute(f"create table live.{table} ({fields})")
        # The lines that are touched, as the index has them: to ask for these few nothing of the many is scanned.
        self._db.execute("create table live.line as from line limit 0")
        rows = self._db.execute("select line_id, now from continued").fetchall()
        self._now = {str(line_id): str(now) for line_id, now in rows}
        self._before: dict[str, list[str]] = {}
        for line_id, now in self._now.items():
            self._before.setdefault(now, []).append(line_id)

    def update(
        self,
        judged: Mapping[Subject, Judged | None],
        classes: Mapping[str, tuple[str, str] | None],
    ) -> None:
        """Take over what holds now of subjects (kind and line or contract) and of lines' classes; None where nothing does any more."""
        if not judged and not classes:
            return
        with self._lock:
            for subject, one in judged.items():
                _put(self._judged, subject, one)
            for line_id, told in classes.items():
                _put(self._classes, line_id, told)
            lines = {self._now.get(subject, subject) for kind, subject in judged if kind == "line"}
            lines |= {self._now.get(line_id, line_id) for line_id in classes}
            contracts = [subject for kind, subject in judged if kind == "contract"]
            self._lay(self._lines(lines, contracts))

    def _lines(self, line_ids: Iterable[str], contracts: Sequence[str]) -> list[dict[str, Any]]:
        """Return what is kept of lines, and of every line of contracts."""
        numbers = numbers_of(self._db, list(line_ids))
        if contracts:
            rows = self._db.execute(
                "select n from contract_line where contract_no in (select unnest(?::varchar[]))",
                [list(contracts)],
            )
            numbers = list({*numbers, *(int(row[0]) for row in rows.fetchall())})
        cursor = self._db.execute(
            f"select {FETCHED} from line where n in (select unnest(?::integer[]))", [numbers]
        )
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _lay(self, lines: list[dict[str, Any]]) -> None:
        """Write anew what is touched of lines."""
        if not lines:
            return
        said = [self._of(line["line_id"], line["contract_no"]) for line in lines]
        schema = {"line_id": pl.String, "contract_no": pl.String, "amount": pl.Int64}
        frame = pl.DataFrame([{name: line[name] for name in schema} for line in lines], schema=schema)
        every = {(one.kind, one.subject): one for one in said if one}
        rows = numbered(frame, [], list(every.values())).filter(pl.col("method") == "person")
        parts = [
            (lines[at]["n"], project, share, amount)
            for at, project, share, amount in rows.select("at", "project", "share_bp", "amount").iter_rows()
        ]
        unlinked = {n: amount for n, project, _share, amount in parts if project is None}
        touched = []
        for line, judged in zip(lines, said, strict=True):
            told = self._class_of(line["line_id"])
            if judged or told:
                touched.append(
                    {
                        **line,
                        "judged": judged is not None,
                        "unlinked": unlinked.get(line["n"], 0) if judged else line["unlinked_before"],
                        "cls": told[0] if told else None,
                        "mode": told[1] if told else None,
                        "in_scope": line["in_it"]
                        or (told[0] if told else line["class_before"]) in IT_CLASSES,
                    }
                )
        self._write([line["n"] for line in lines], touched, [part for part in parts if part[1] is not None])

    def _write(self, numbers: list[int], touched: list[dict[str, Any]], parts: list[tuple[Any, ...]]) -> None:
        self._db.execute("begin")
        for table in ("touched", "part", "line"):
            self._db.execute(f"delete from live.{table} where n in (select unnest(?::integer[]))", [numbers])
        _insert(self._db, "touched", TOUCHED, [tuple(one[name] for name in TOUCHED) for one in touched])
        _insert(self._db, "part", PART, parts)
        self._db.execute(
            "insert into live.line from line where n in (select unnest(?::integer[]))",
            [[one["n"] for one in touched]],
        )
        self._db.execute("commit")

    def _of(self, line_id: str, contract: str | None) -> Judged | None:
        """Return what people hold of a line, also under the ids that it had before, and of its contract."""
        found = [
            Judged("line", line_id, one.parts, one.at)
            for known in (line_id, *self._before.get(line_id, ()))
            if (one := self._judged.get(("line", known)))
        ]
        if found:
            return max(found, key=lambda one: one.at)
        return self._judged.get(("contract", contract)) if contract else None

    def _class_of(self, line_id: str) -> tuple[str, str] | None:
        for known in (line_id, *self._before.get(line_id, ())):
            if told := self._classes.get(known):
                return told
        return None


def numbers_of(db: duckdb.DuckDBPyConnection, line_ids: Sequence[str]) -> list[int]:
    """Return `n` of the lines of these ids that the index has. By their hashes as numbers: so the index over them is used, and nothing is scanned."""
    if not line_ids:
        return []
    hashes = db.execute("select hash(unnest(?::varchar[]))", [list(line_ids)]).fetchall()
    rows = db.execute(
        "select n, line_id from line where id_hash in (select unnest(?::ubigint[]))",
        [[row[0] for row in hashes]],
    ).fetchall()
    wanted = set(line_ids)
    return [int(n) for n, line_id in rows if line_id in wanted]


def _put(held: dict[Any, Any], key: Any, value: Any) -> None:
    if value is None:
        held.pop(key, None)
    else:
        held[key] = value


def _insert(
    db: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows column by column: one statement, however many there are."""
    if rows:
        lists = ", ".join(f"unnest(?::{type_}[])" for type_ in columns.values())
        db.execute(
            f"insert into live.{table} ({', '.join(columns)}) select {lists}",
            [list(column) for column in zip(*rows, strict=True)],
        )
