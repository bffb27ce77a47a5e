"""An open review index: the queue, its sums, and one line, with what people judged until now."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from rasad.ledger.allocate.rules import Judged, Rule
from rasad.ledger.engines.review.asking import CLASS, SIDES, Asked, Matter, Side, Where
from rasad.ledger.engines.review.live import Live, Subject, numbers_of
from rasad.ledger.engines.review.sums import (
    JOINED,
    OPEN,
    SIZE,
    UNLINKED,
    index_sums,
    plain_sums,
    touched_sums,
)

_SHOWN = f"""
l.n, l.line_id, l.stage, l.fiscal_year, l.date, l.amount, l.currency, coalesce(l.title, ''), coalesce(l.unit, l.unit_code, ''),
coalesce(l.programme, l.programme_code, ''), coalesce(l.economic, l.economic_code, ''), coalesce(l.supplier_name, ''),
coalesce(l.supplier, ''), coalesce(l.contract_no, ''), coalesce(l.unit_code, ''), coalesce(l.programme_code, ''),
coalesce(l.economic_code, ''), {CLASS}, coalesce(t.mode, l.mode), case when t.cls is null then l.class_method else 'person' end,
coalesce(l.class_rule, ''), case when t.cls is null then coalesce(l.class_confidence, 0) else 1 end,
{UNLINKED}, coalesce(t.judged, false),
coalesce(r.code, ''), r.version, l.file_name, l."row", coalesce(l.document_no, ''), coalesce(l.label, '')
"""


REMEMBERED = 500
"""Words of which it is remembered where they are found, and questions of which the index's sums are."""


@dataclass(frozen=True)
class Queued:
    """One line as the queue shows it; amounts in the currency's smallest unit, `unlinked` what of the amount is for no project."""

    n: int
    line_id: str
    stage: str
    fiscal_year: int
    date: date | None
    amount: int
    currency: str
    title: str
    unit: str
    programme: str
    economic: str
    supplier_name: str
    supplier: str
    contract_no: str
    unit_code: str
    programme_code: str
    economic_code: str
    cls: str
    mode: str
    class_method: str
    class_rule: str
    class_confidence: float
    unlinked: int
    judged: bool
    rule: str
    rule_version: int | None
    file_name: str
    row: int
    document_no: str
    label: str

    @property
    def doubt(self) -> float:
        """How unsure the class is, 0 to 1."""
        return 1 - self.class_confidence


@dataclass(frozen=True)
class Sum:
    """How many lines, and their amount (smallest unit; net of what was paid back)."""

    lines: int
    amount: int


@dataclass(frozen=True)
class Figures:
    """What there is in all, what of it is for projects by people's word and by rules, what is unlinked, and what waits of each matter.

    The amounts of `person` and `rule` are what they link; `whole` = person + rule + none.
    """

    whole: Sum
    person: Sum
    rule: Sum
    none: Sum
    waiting: dict[Matter, Sum]


@dataclass(frozen=True)
class Coverage:
    """What the ledger holds of one flow, book and stage."""

    flow: str
    book: str
    stage: str
    years: tuple[int, ...]
    lines: int
    currency: str


class Review:
    """The index in a folder, open for reading from any number of threads. Close it when done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The file is only read; what people judged is laid over it in memory.
        self._db = duckdb.connect(
            ":memory:",
            config={
                "threads": 2,
                "memory_limit": "1GB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        path = str(folder / "review.duckdb").replace("'", "''")
        self._db.execute(f"attach '{path}' as ledger (read_only)")
        self._local = threading.local()
        self._sides: dict[tuple[str, ...], list[Side]] = {}
        self._sums: dict[tuple[str, tuple[Any, ...]], tuple[Any, ...]] = {}
        self.live = Live(self.cursor)
        self.coverage = self._coverage()
        said = self.rows("select said from rule order by no", [])
        self.rules = [Rule.from_json(json.loads(row[0])) for row in said]

    def close(self) -> None:
        self._db.close()

    def update(
        self, judged: Mapping[Subject, Judged | None], classes: Mapping[str, tuple[str, str] | None]
    ) -> None:
        """Lay over it what people judged: see `Live.update`."""
        self.live.update(judged, classes)

    # The queue

    def ruled(self) -> dict[str, int]:
        """Return by the code of each rule how many lines it decides where no person does, over all stages and books."""
        rows = self.rows(
            """
            select r.code, count(*) from line l join rule r on r.no = l.rule
            where l.n not in (select n from live.touched where judged) group by 1
            """,
            [],
        )
        return {str(code): int(lines) for code, lines in rows}

    def page(self, asked: Asked, matter: Matter, *, limit: int = 25, offset: int = 0) -> list[Queued]:
        """Return what waits, the largest (amount × doubt) first."""
        where = self.where(asked)
        rows = self.rows(
            f"""
            select l.n from {JOINED} where {OPEN[matter]} and {where.sql}
            order by {SIZE[matter]} desc, l.n limit {int(limit)} offset {int(offset)}
            """,
            where.values,
        )
        return self.lines_at([int(row[0]) for row in rows])

    def figures(self, asked: Asked) -> Figures:
        """Return what there is in all of what is asked for, what of it is for projects by whom, and what waits."""
        rows = [self.rows(*plain_sums(asked))[0]] if asked.is_plain else self._summed(self.where(asked))
        at = iter(sum(int(value or 0) for value in column) for column in zip(*rows, strict=True))
        whole, person, rule, none, project, cls = (Sum(next(at), next(at)) for _ in range(6))
        return Figures(whole, person, rule, none, {"project": project, "class": cls})

    def ids(self, asked: Asked, matter: Matter, *, limit: int) -> list[str]:
        """Return the ids of what waits, the largest first, at most `limit` of them."""
        where = self.where(asked)
        rows = self.rows(
            f"""
            with k as materialized (
              select l.n, {SIZE[matter]} as size from {JOINED} where {OPEN[matter]} and {where.sql} order by size desc, l.n limit {int(limit)})
            select l.line_id from line l join k using (n) order by k.size desc, l.n
            """,
            where.values,
        )
        return [str(row[0]) for row in rows]

    def projects_of(self, asked: Asked, matter: Matter) -> list[tuple[str | None, int, int]]:
        """Return (project, amount, lines) of what waits as it stands now; None for what is unlinked. The largest first."""
        where = self.where(asked)
        rows = self.rows(
            f"""
            with w as materialized (
              select l.n, coalesce(t.judged, false) as judged, {UNLINKED} as unlinked from {JOINED} where {OPEN[matter]} and {where.sql})
            select project, sum(amount)::bigint, count(*)::bigint from (
              select p.project, p.amount from part p join w using (n) where not w.judged
              union all select p.project, p.amount from live.part p join w using (n) where w.judged
              union all select null, unlinked from w
            ) where amount <> 0 group by 1 order by abs(sum(amount)) desc, 1
            """,
            where.values,
        )
        return [(project, int(amount), int(lines)) for project, amount, lines in rows]

    # One line

    def line(self, line_id: str) -> Queued | None:
        """Return a line, None where the index has none such."""
        return self.lines([line_id]).get(line_id)

    def lines(self, line_ids: Sequence[str]) -> dict[str, Queued]:
        """Return lines by their ids; those that the index does not have are missing."""
        return {line.line_id: line for line in self.lines_at(numbers_of(self._cursor(), line_ids))}

    def parts(self, line: Queued) -> list[tuple[str, int, int]]:
        """Return (project, share in basis points, amount) of a line as it stands now."""
        table = "live.part" if line.judged else "part"
        rows = self.rows(
            f"select project, share_bp, amount from {table} where n = ? order by project", [line.n]
        )
        return [(str(project), int(share), int(amount)) for project, share, amount in rows]

    def lines_of_contract(self, contract_no: str) -> int:
        """Return how many lines name a contract."""
        return int(self.rows("select count(*) from contract_line where contract_no = ?", [contract_no])[0][0])

    def similar(self, lines: Sequence[Queued]) -> dict[int, list[tuple[str, str, int]]]:
        """Return for each line (by n) the projects of lines like it that people judged: (project, what they share, how many), surest first.

        What lines share: the contract, the description, or supplier and unit.
        """
        if not lines:
            return {}
        found: dict[int, list[tuple[str, str, int]]] = {}
        numbers = [line.n for line in lines]
        rows = self.rows(
            """
            with mine as (select n, contract_no, title_id, supplier, unit_code from line where n in (select unnest(?::integer[]))),
                 known as (select p.project, l.contract_no, l.title_id, l.supplier, l.unit_code from live.part p join live.line l using (n))
            select m.n, k.project, 'contract' as shared, count(*) as times, 1 as rank from mine m join known k on m.contract_no = k.contract_no group by all
            union all
            select m.n, k.project, 'title', count(*), 2 from mine m join known k on m.title_id = k.title_id group by all
            union all
            select m.n, k.project, 'supplier', count(*), 3 from mine m
            join known k on m.supplier = k.supplier and m.unit_code is not distinct from k.unit_code and m.supplier <> 'person' group by all
            order by 1, 5, 4 desc, 2
            """,
            [numbers],
        )
        for n, project, shared, times, _rank in rows:
            of = found.setdefault(int(n), [])
            if project not in {one[0] for one in of}:
                of.append((str(project), str(shared), int(times)))
        return found

    def names(self, column: str, codes: Sequence[str]) -> dict[str, str]:
        """Return the names of units, programmes, economic items or suppliers by their codes."""
        if not codes:
            return {}
        if column == "supplier":
            query = "select key, name from supplier where key in (select unnest(?::varchar[]))"
        else:
            query = f"select code, name from {column}_name where code in (select unnest(?::varchar[]))"
        return {str(code): str(name) for code, name in self.rows(query, [list(codes)]) if name}

    def choices(self, column: str) -> list[tuple[str, str]]:
        """Return (code, name) of every unit or programme that lines bear, by code."""
        return [
            (str(code), str(name or ""))
            for code, name in self.rows(f"select code, name from {column}_name order by code", [])
        ]

    # Inside

    def where(self, asked: Asked) -> Where:
        """Return what is asked for in the index's language. Words that no description has are looked for among suppliers alone, and the other
        way: one of the two is found many times sooner than either."""
        if (keys := tuple(asked.keys)) and keys not in self._sides:
            if len(self._sides) >= REMEMBERED:
                self._sides.clear()
            there = [(side, asked.worded(side)) for side in SIDES]
            self._sides[keys] = [side for side, one in there if self.rows(f"{one.sql} limit 1", one.values)]
        return asked.where(self._sides[keys]) if keys else asked.where()

    def _summed(self, where: Where) -> list[tuple[Any, ...]]:
        """Return the sums as the index has them, which never change and are remembered, and what people changed of them."""
        known = (where.indexed.sql, tuple(where.values))
        if known not in self._sums:
            if len(self._sums) >= REMEMBERED:
                self._sums.clear()
            self._sums[known] = self.rows(*index_sums(where))[0]
        return [self._sums[known], self.rows(*touched_sums(where))[0]]

    def rows(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query; values are always parameters."""
        return self._cursor().execute(query, values).fetchall()

    def rows_named(self, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose values have names ($name)."""
        return self._cursor().execute(query, values).fetchall()

    def relation(self, query: str, values: list[Any]) -> duckdb.DuckDBPyRelation:
        """Return a query to be written to a file."""
        return self._cursor().sql(query, params=values)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of one's own on the index."""
        cursor = self._db.cursor()
        cursor.execute("use ledger")
        return cursor

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A DuckDB connection is not for several threads at once.
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def lines_at(self, numbers: list[int]) -> list[Queued]:
        """Return the lines at values of `n`, in the order given."""
        if not numbers:
            return []
        rows = self.rows(
            f"select {_SHOWN} from {JOINED} left join rule r on r.no = l.rule where l.n in ({', '.join('?' * len(numbers))})",
            list(numbers),
        )
        lines = {int(row[0]): Queued(*row) for row in rows}
        return [lines[n] for n in numbers]

    def _coverage(self) -> tuple[Coverage, ...]:
        rows = self.rows(
            """
            select flow, book, stage, list(distinct fiscal_year order by fiscal_year), sum(lines)::bigint, any_value(currency)
            from cube group by 1, 2, 3 order by 1, 2, 3
            """,
            [],
        )
        return tuple(Coverage(f, b, s, tuple(years), int(lines), c) for f, b, s, years, lines, c in rows)
