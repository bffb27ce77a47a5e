"""The serving index, open for reading: queries from any number of threads."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import duckdb

from rasad.release.reader.cubes import BESIDE, is_light, smallest


class Store:
    """The DuckDB file and the two SQLite files of one index. Every thread has its own cursor on them. Close it when done."""

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

    def close(self) -> None:
        self._db.close()

    def smallest(self, needed: set[str], *, supplier: bool = False) -> str:
        """Return the table with the fewest rows that has all columns needed: a cube, or the lines. See `cubes.smallest`."""
        return smallest(self._cubes, needed, supplier=supplier)

    def of(
        self, table: str, query: str, values: list[Any] | None = None, *, one_year: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query over a table that `smallest` named or one of BESIDE, and tables of labels: of SQLite where few rows are read, else of DuckDB.

        The query is written in what both understand; days come as texts from the one and as dates from the other. `one_year`: a fiscal
        year is among the conditions.
        """
        if is_light(self._sizes, table, parts=self._years if one_year else 1):
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

    def _sqlite(self, name: str, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        began = time.perf_counter()
        if not hasattr(self._local, name):
            opened = sqlite3.connect(f"file:{self._files[name]}?mode=ro&immutable=1", uri=True)
            setattr(self._local, name, opened)
        connection: sqlite3.Connection = getattr(self._local, name)
        found = connection.execute(query, values).fetchall()
        self._took(began)
        return found

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A DuckDB connection is not for several threads at once.
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._db.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def _took(self, began: float) -> None:
        self._local.spent = self.spent() + time.perf_counter() - began
