"""Building a release: a numbered, immutable folder of plain files. It receives paths of masked tables, never records.

    NNNN/
      data/<table>.parquet   exact types
      data/<table>.csv       UTF-8 with BOM, for anyone; text that a spreadsheet would run has an apostrophe before it
      datapackage.json       Frictionless Data Package: columns, types, titles
      manifest.json          sizes, rows, sums, SHA-256, what it was built from (see `rasad.release.manifest`)

It is written into a hidden folder, flushed to the disk, renamed, and read-only from then on: a release is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rasad.ledger.engines.duck import Duck, duck
from rasad.ledger.problems import Problem
from rasad.ledger.schema import CLASS_COLUMNS, SUPPLIER_COLUMNS, TABLES, Column, Table
from rasad.release import manifest as manifests
from rasad.release.manifest import ReleaseError, canonical, numbers, release_hash, sha256
from rasad.release.prices import price_index

Progress = Callable[[str, int, int], None]

_FRICTIONLESS = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "money": {"type": "integer"},
    "date": {"type": "date"},
    "bool": {"type": "boolean"},
    "real": {"type": "number"},
    "decimal": {"type": "number"},
}
_PARTS = {
    "line": ("book", "flow", "fiscal_year", "stage", "currency"),
    "contract": ("fiscal_year", "currency"),
}
"""The columns by which amounts are summed: never over stages or books."""


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a table in a release: those declared public, then class and supplier."""
    added = {"line": (*CLASS_COLUMNS, *SUPPLIER_COLUMNS), "contract": SUPPLIER_COLUMNS}
    return (*TABLES[table].public_columns, *added.get(table, ()))


def build(
    *,
    tables: dict[str, Path],
    city: dict[str, Any],
    built_from: dict[str, Any],
    out: Path,
    now: datetime,
    declared: dict[str, Table] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the next release into `out` and return its folder. ReleaseError where a column is not declared public.

    tables: name → masked Parquet file. declared: the tables among them that are not the ledger's, with public columns alone. city: the `[city]` settings. built_from: batches and versions. The same input and `now` give the
    same bytes. SettingsError where the settings hold a price index that cannot be used.
    """
    price_index(city)
    out.mkdir(parents=True, exist_ok=True)
    number = max(numbers(out), default=0) + 1
    part = out / f".part-{number:04d}-{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    try:
        (part / "data").mkdir(parents=True)
        described: dict[str, dict[str, Any]] = {}
        known = {**TABLES, **(declared or {})}
        with duck() as engine:
            for done, (name, source) in enumerate(sorted(tables.items())):
                if progress:
                    progress(name, done, len(tables))
                described[name] = _write_table(engine, known[name], source, part)
        package = _package(described, city, number)
        (part / "datapackage.json").write_text(
            json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
        manifest = _manifest(part, described, city, built_from, out, number, now)
        (part / manifests.NAME).write_bytes(canonical(manifest))
        final = out / f"{number:04d}"
        _settle(part)
        part.rename(final)
        _flush(out)
    except BaseException:
        _writable(part)
        shutil.rmtree(part, ignore_errors=True)
        raise
    return final


def publish(releases: Path, number: int) -> None:
    """Make release `number` the live one, at once: a reader sees the old pointer or the new one."""
    if number not in numbers(releases):
        raise ReleaseError(Problem("no_release", file=str(releases), found=str(number)))
    beside = releases / f".{manifests.POINTER}.{os.getpid()}"
    with beside.open("w", encoding="ascii") as file:
        file.write(manifests.pointer_text(number))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(releases / manifests.POINTER)
    _flush(releases)


def _write_table(engine: Duck, table: Table, source: Path, part: Path) -> dict[str, Any]:
    name = table.name
    columns = columns_of(name) if name in TABLES else table.public_columns
    engine.table(name, source)
    found = [row[0] for row in engine.connection.sql(f'describe "{name}"').fetchall()]
    undeclared = [column for column in found if column not in {c.name for c in columns}]
    if undeclared:
        raise ReleaseError(Problem("not_public", file=name, found=", ".join(undeclared)))
    missing = [c.name for c in columns if c.name not in found]
    if missing:
        raise ReleaseError(Problem("columns_missing", file=name, found=", ".join(missing)))
    shutil.copyfile(source, part / "data" / f"{name}.parquet")
    cells = ", ".join(
        _harmless(column) if column.type == "text" else f'"{column.name}"' for column in columns
    )
    # Without the byte-order mark, spreadsheets take Persian for another code page.
    engine.copy_csv(cells, source, part / "data" / f"{name}.csv", begin=b"\xef\xbb\xbf")
    return {
        "table": table,
        "columns": columns,
        "rows": _one(engine, f'select count(*) from "{name}"'),
        "sums": _sums(engine, name),
    }


_RUN = ", ".join(str(ord(char)) for char in "=+-@\t\r＝＋－＠")
"""The code points with which text begins that a spreadsheet runs."""


def _harmless(column: Column) -> str:
    """SQL of a text cell that no spreadsheet runs: an apostrophe before = + - @ tab and return, except before a plain number.

    Few begin with one of them, and only those are read further.
    """
    name = f'"{column.name}"'
    return (
        f"case when unicode({name}) in ({_RUN}) then "
        f"case when regexp_full_match({name}, '[+-]?[0-9.,٬٫]+') then {name} else '''' || {name} end else {name} end as {name}"
    )


def _one(engine: Duck, query: str) -> int:
    return int(engine.connection.execute(query).fetchall()[0][0])


def _sums(engine: Duck, name: str) -> list[dict[str, Any]]:
    parts = _PARTS.get(name)
    if parts is None:
        return []
    group = ", ".join(parts)
    rows = engine.connection.sql(
        f'select {group}, count(*), sum(amount)::varchar from "{name}" group by {group} order by {group}'
    ).fetchall()
    return [{"by": dict(zip(parts, row, strict=False)), "rows": row[-2], "amount": row[-1]} for row in rows]


def _package(described: dict[str, dict[str, Any]], city: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the Data Package descriptor (Frictionless, version 1)."""
    resources = []
    for name, about in described.items():
        fields = [
            {
                "name": column.name,
                **_FRICTIONLESS[column.type],
                "title": column.en,
                "title_fa": column.fa,
                **({"description": column.description} if column.description else {}),
                **({"constraints": {"required": True}} if column.required else {}),
            }
            for column in about["columns"]
        ]
        resources.append(
            {
                "name": name,
                "title": about["table"].en,
                "title_fa": about["table"].fa,
                "path": f"data/{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "profile": "tabular-data-resource",
                "schema": {"fields": fields, "primaryKey": list(about["table"].key), "missingValues": [""]},
            }
        )
    return {
        "profile": "tabular-data-package",
        "name": f"rasad-{city['id']}-{number:04d}".replace("_", "-"),
        "title": f"{city['name_en']}: spending, release {number}",
        "title_fa": f"{city['name_fa']}: هزینه‌ها، انتشار {number}",
        "description": city.get("note_en", ""),
        "description_fa": city.get("note_fa", ""),
        "version": str(number),
        "resources": resources,
    }


def _manifest(
    part: Path,
    described: dict[str, dict[str, Any]],
    city: dict[str, Any],
    built_from: dict[str, Any],
    out: Path,
    number: int,
    now: datetime,
) -> dict[str, Any]:
    before = f"{number - 1:04d}"
    previous = {"number": number - 1, "hash": release_hash(out / before)} if (out / before).is_dir() else None
    files = [
        {"path": path.relative_to(part).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(part.rglob("*"))
        if path.is_file()
    ]
    return {
        "format": manifests.FORMAT,
        "number": number,
        "created_at": now.isoformat(timespec="seconds"),
        "city": _without_fractions(city),
        "previous": previous,
        "built_from": built_from,
        "tables": {name: {"rows": about["rows"], "sums": about["sums"]} for name, about in described.items()},
        "files": files,
        "log": None,
    }


def _without_fractions(value: Any) -> Any:
    """Return settings with every fraction as its text, which canonical JSON has a place for."""
    if isinstance(value, dict):
        return {name: _without_fractions(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_fractions(inner) for inner in value]
    return str(value) if isinstance(value, float) else value


def _settle(folder: Path) -> None:
    """Flush every file and folder to the disk and take away the right to write."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o444)
        else:
            _flush(path)
            path.chmod(0o555)
    _flush(folder)
    folder.chmod(0o555)


def _writable(folder: Path) -> None:
    if folder.is_dir():
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
