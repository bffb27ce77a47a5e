"""Names that a release has and another has not: what a data officer looks at before publishing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

NAMED = {
    "supplier": ("supplier", "name"),
    "unit": ("code", "name"),
    "institution": ("code", "name"),
    "project": ("code", "title"),
    "goal": ("code", "title"),
    "indicator": ("code", "title"),
    "service": ("code", "name"),
    "system": ("code", "name"),
    "asset": ("tag", "name"),
}
"""Table → the column of its key and the one of its name."""
MOST = 200
"""How many names of a table are told; of more, the number is."""


@dataclass(frozen=True)
class Names:
    """Names of one table that appear and vanish: the first `MOST` of each, and how many there are."""

    table: str
    appear: tuple[str, ...]
    appear_count: int
    vanish: tuple[str, ...]
    vanish_count: int


def names_between(before: Path | None, after: Path) -> list[Names]:
    """Return the names that appear in the release `after` and vanish from `before`, table by table, where there are any."""
    found = []
    with duckdb.connect() as db:
        for table, (key, name) in NAMED.items():
            new, old = _rows(db, after, table, key, name), _rows(db, before, table, key, name)
            appear = sorted(new[code] for code in new.keys() - old.keys())
            vanish = sorted(old[code] for code in old.keys() - new.keys())
            if appear or vanish:
                found.append(
                    Names(table, tuple(appear[:MOST]), len(appear), tuple(vanish[:MOST]), len(vanish))
                )
    return found


def _rows(
    db: duckdb.DuckDBPyConnection, release: Path | None, table: str, key: str, name: str
) -> dict[str, str]:
    path = release / "data" / f"{table}.parquet" if release else None
    if path is None or not path.is_file():
        return {}
    rows = db.read_parquet(str(path)).select(f'"{key}", coalesce("{name}", "{key}")').fetchall()
    return {str(code): str(told) for code, told in rows}
