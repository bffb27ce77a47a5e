"""The serving index, open for reading: queries from any number of threads."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import duckdb

from rasad.release.reader.cubes import BASE, BESIDE, WORDED, is_light, lines_as_cube, smallest
from rasad.release.reader.filters import Filters
from rasad.release.reader.words import Words, find, numbers_of

WORDED_SUMS = "by_words"
"""A thread's own table: the lines with the words that a reader asked for, summed as every cube is."""

_BASE = ", ".join(BASE)

FEW, FEW_LINES = 100, 1_000
"""Descriptions, and lines of them, up to which lines are better looked up by their description's number than read."""


class Store:
    """The DuckDB file and the two SQLite files of one index, with so many distinct descriptions (`titles`). Every thread has its own cursor on them. Close it when done."""

    def __init__(self, folder: Path) -> None:
        self._files = {"search": folder / "search.sqlite", "light": folder / "light.sqlite"}
        self._local = threading.local()
        self._db = duckdb.connect(
            str(folder / "serve.duckdb"),
            read_only=True,
            config={
                "threads": 2,
                "memory_limit": "1GB",
                # Pages of lines are found by their numbers first (see `lines`): the engine need not do the same once more.
                "late_materialization_max_rows": 0,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._cubes = {str(name): int(rows) for name, rows in self.rows("select name, rows from cubes")}
        self._sizes = dict(self._cubes)
        there = {row[0] for row in self.rows("select table_name from duckdb_tables()")}
        for name in {*BESIDE} & there:
            self._sizes[name] = int(self.rows(f"select count(*) from {name}")[0][0])
        self._years = int(self.rows("select count(distinct fiscal_year) from coverage")[0][0])
        self.titles = int(self.rows("select count(*) from title")[0][0])
        indexes = self.rows("select 1 from duckdb_indexes() where index_name = 'line_title'")
        self._by_title = bool(indexes)
        self._cells = {row[0]: row[1:] for row in self.rows(f"select cell, {', '.join(BASE)} from cell")}

    def close(self) -> None:
        self._db.close()

    def smallest(self, needed: set[str], *, supplier: bool = False) -> str:
        """Return the table with the fewest rows that has all columns needed: a cube, or the lines. See `cubes.smallest`."""
        return smallest(self._cubes, needed, supplier=supplier)

    def where(self, filters: Filters) -> tuple[str, list[Any]]:
        """Return the condition that filters are over lines, or over a cube with all columns needed, and its parameters."""
        titles = filters.sought.once(self._having) if filters.words else None
        return filters.sql(titles=titles, few=self.few(filters))

    def few(self, filters: Filters) -> list[int] | None:
        """Return the numbers of the descriptions with the words where lines are better looked up by them than read: they come in no order
        then. None otherwise."""
        return filters.sought.once(self._few) if filters.words else None

    def looked_up(self, numbers: list[int], lines: int) -> bool:
        """Whether so many lines of these descriptions are better looked up by them than read."""
        return self._by_title and len(numbers) <= FEW and lines <= FEW_LINES

    def asked(
        self, filters: Filters, also: set[str], *, supplier: bool = False, light: bool = True
    ) -> tuple[str, str, list[Any]]:
        """Return the table with the fewest rows that has the columns of filters and those `also` named, and the condition over it with its parameters.

        Lines with words are summed once by what every cube holds: groups and totals of a page are read of those sums. Not `light`: the
        query is for DuckDB alone.
        """
        if filters.words and light and also <= {*BASE, "amount", "lines"}:
            within, beyond = filters.parted()
            self._sum(beyond)
            return WORDED_SUMS, *within.sql()
        needed = filters.columns | also
        table = lines_as_cube(needed) if self.few(filters) else self.smallest(needed, supplier=supplier)
        return table, *self.where(filters)

    def of(
        self, table: str, query: str, values: list[Any] | None = None, *, one_year: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query over a table that `smallest` named or one of BESIDE, and tables of labels: of SQLite where few rows are read, else of DuckDB.

        The query is written in what both understand; days come as texts from the one and as dates from the other. `one_year`: a fiscal
        year is among the conditions.
        """
        if table == WORDED_SUMS or is_light(self._sizes, table, parts=self._years if one_year else 1):
            return self.light(query, values)
        return self.rows(query, values)

    def light(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the SQLite file of small cubes."""
        return self._sqlite("light", query, values or [])

    def rows(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the DuckDB file; values are always parameters."""
        began = time.perf_counter()
        found = self._cursor().execute(query, values or []).fetchall()
        self._took(began)
        return found

    def dicts(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries, column → value."""
        began = time.perf_counter()
        cursor = self._cursor().execute(query, values or [])
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        self._took(began)
        return found

    def search(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the search file."""
        return self._sqlite("search", query, values)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of one's own, to be closed by the caller: for reading rows one after another."""
        return self._db.cursor()

    def spent(self) -> float:
        """Return the seconds that this thread has spent in queries so far."""
        return float(getattr(self._local, "spent", 0.0))

    def frequent_titles(self, words: list[str], most: int) -> tuple[int, int, list[int]] | None:
        """Return what was counted beforehand for a search of one frequent word: titles, their lines, and the first numbers of titles; None
        where nothing was."""
        if len(words) != 1:
            return None
        query = "select titles, lines, bits from frequent join frequent_titles using (id) where prefix = ? and titles is not null"
        for titles, lines, bits in self.light(query, words):
            return int(titles), int(lines), numbers_of(bits, most)
        return None

    def _having(self, words: Words) -> bytes:
        return find(words.each, self.rows, self.light, self.titles)

    def _few(self, words: Words) -> list[int] | None:
        bits = words.once(self._having)
        if not bits or int.from_bytes(bits).bit_count() > FEW:
            return None
        numbers = numbers_of(bits, FEW)
        marks = ", ".join("?" * len(numbers))
        lines = self.search(f"select sum(lines) from title where id in ({marks})", list(numbers))[0][0]
        return numbers if self.looked_up(numbers, int(lines)) else None

    def _sum(self, filters: Filters) -> None:
        """Make this thread's table of sums that of lines with words, unless it is so already for the same query of a reader."""
        of, sought = getattr(self._local, "summed", (None, None))
        if of == filters and sought is filters.sought:
            return
        rows = self.frequent_sums(filters)
        if rows is None:
            rows = self._summed(filters)
        began = time.perf_counter()
        connection = self._connection("light")
        connection.execute(f"create temp table if not exists {WORDED_SUMS} ({_BASE}, amount, lines)")
        connection.execute(f"delete from {WORDED_SUMS}")
        connection.executemany(f"insert into {WORDED_SUMS} values ({', '.join('?' * (len(BASE) + 2))})", rows)
        self._local.summed = filters, filters.sought
        self._took(began)

    def frequent_sums(self, filters: Filters) -> list[tuple[Any, ...]] | None:
        """Return sums that were written beforehand: of one frequent word and nothing else."""
        if len(filters.words) != 1 or filters.columns != {"flow", "title_id"}:
            return None
        rows = self.light(
            f"select {_BASE}, s.amount, s.lines from frequent f join frequent_sum s on s.id = f.id where prefix = ? and flow = ?",
            [filters.words[0], filters.flow],
        )
        return rows or None

    def _summed(self, filters: Filters) -> list[tuple[Any, ...]]:
        where, values = self.where(filters)
        cube = self.smallest(filters.columns | {*BASE})
        if cube in WORDED and not self.few(filters):
            return self.rows(
                f"select {_BASE}, sum(amount)::bigint, sum(lines)::bigint from {cube} where {where} group by all",
                values,
            )
        # By the number of the cell that a line is in: quicker than by six texts.
        sums = self.rows(
            f"select cell, sum(amount)::bigint, count(*) from line where {where} group by 1", values
        )
        return [(*self._cells[cell], amount, lines) for cell, amount, lines in sums]

    def _sqlite(self, name: str, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        began = time.perf_counter()
        found = self._connection(name).execute(query, values).fetchall()
        self._took(began)
        return found

    def _connection(self, name: str) -> sqlite3.Connection:
        if not hasattr(self._local, name):
            opened = sqlite3.connect(
                f"file:{self._files[name]}?mode=ro&immutable=1", uri=True, isolation_level=None
            )
            # What a thread sums for a page is not for the disk.
            opened.execute("pragma temp_store = memory")
            setattr(self._local, name, opened)
        connection: sqlite3.Connection = getattr(self._local, name)
        return connection

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A DuckDB connection is not for several threads at once.
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._db.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def _took(self, began: float) -> None:
        self._local.spent = self.spent() + time.perf_counter() - began
