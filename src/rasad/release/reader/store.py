"""The serving index, open for reading: queries from any number of threads."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import duckdb

from rasad.release.reader.cubes import smallest


class Store:
    """The DuckDB file and the SQLite search file of one index. Every thread has its own cursor on them. Close it when done."""

    def __init__(self, folder: Path) -> None:
        self._search = folder / "search.sqlite"
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

    def close(self) -> None:
        self._db.close()

    def smallest(self, needed: set[str], *, supplier: bool = False) -> str:
        """Return the table with the fewest rows that has all columns needed: a cube, or the lines. See `cubes.smallest`."""
        return smallest(self._cubes, needed, supplier=supplier)

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
        began = time.perf_counter()
        if not hasattr(self._local, "search"):
            self._local.search = sqlite3.connect(f"file:{self._search}?mode=ro&immutable=1", uri=True)
        connection: sqlite3.Connection = self._local.search
        found = connection.execute(query, values).fetchall()
        self._took(began)
        return found

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of one's own, to be closed by the caller: for reading rows one after another."""
        return self._db.cursor()

    def spent(self) -> float:
        """Return the seconds that this thread has spent in queries so far."""
        return float(getattr(self._local, "spent", 0.0))

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A DuckDB connection is not for several threads at once.
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._db.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def _took(self, began: float) -> None:
        self._local.spent = self.spent() + time.perf_counter() - began
