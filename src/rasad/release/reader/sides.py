"""Two releases side by side: their files as SQL names them, their columns, and digests by which rows are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

PRIVATE = "[0-9۰-۹٠-٩][0-9۰-۹٠-٩ -]{6,}|@"
"""What may be a person's number or address in a text."""
MASK = "***"
"""What stands in a text where a person's name was."""


def parquet_of(release: Path, table: str) -> str:
    """Return the path of a table's file as it stands between quotes in SQL."""
    return str(release / "data" / f"{table}.parquet").replace("'", "''")


def columns_of(db: duckdb.DuckDBPyConnection, release: Path, table: str) -> list[str]:
    """Return the columns that a release has in a table; none where it has no such table."""
    path = release / "data" / f"{table}.parquet"
    return list(db.read_parquet(str(path)).columns) if path.is_file() else []


def digest_of(columns: Iterable[str]) -> str:
    """Return SQL of a 128-bit digest of columns; nothing and an empty text are told apart."""
    cells = ", ".join(f"""coalesce("{column}"::varchar, chr(30)), chr(31)""" for column in columns)
    return f"md5_number(concat({cells}))"


def keys_of(release: Path) -> dict[str, list[str]]:
    """Return each table of a release but its lines, and the columns of its key, as the release itself tells them."""
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    return {
        str(one["name"]): list(one["schema"]["primaryKey"])
        for one in package["resources"]
        if one["name"] != "line"
    }
