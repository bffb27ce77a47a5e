"""Deriving the serving index from a release: a DuckDB file with the lines in their order and cubes, an SQLite file for search and one with
the cubes of few rows.

Memory follows the lines, by MEMORY at most: what does not fit is sorted on the disk.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import duckdb

from rasad.persian import calendar
from rasad.persian.text import search_key
from rasad.release.manifest import read_manifest, release_hash
from rasad.release.reader import frequent, records
from rasad.release.reader.cubes import (
    BASE,
    BESIDE,
    CUBES,
    FOUND_BY_KEY,
    KEYED_BY,
    LIGHT,
    WORDED,
    WORTH,
    statement,
)

VERSION = 13
KEPT = 3
"""How many releases' indexes the cache keeps."""

SELDOM = 20
"""Lines of a description, on average, up to which lines are indexed by it."""

MEMORY = 600, 300
"""Megabytes that DuckDB may take while it builds: at least, and for each million lines. What is sorted beyond them goes to the disk, at hardly
any cost in time; but joining and numbering all lines needs part of them at once."""

_INDEX = re.compile(r"[0-9a-f]{24}-v\d+")


def index_folder(release: Path, cache: Path) -> Path:
    """Return the folder of the release's index, building it first where it is not there."""
    folder = cache / f"{release_hash(release)[:24]}-v{VERSION}"
    if not folder.is_dir():
        _build(release, folder)
        _evict(cache, folder)
    else:
        os.utime(folder)
    return folder


def _build(release: Path, folder: Path) -> None:
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _serve(release, part / "serve.duckdb")
        _search(part / "serve.duckdb", part / "search.sqlite")
        _light(part / "serve.duckdb", part / "light.sqlite")
        frequent.write(part / "serve.duckdb", part / "search.sqlite", part / "light.sqlite")
        for path in part.iterdir():
            _flush(path)
        try:
            part.rename(folder)
        except OSError:
            # Another process built the same index meanwhile.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _evict(cache: Path, newest: Path) -> None:
    """Keep the newest few indexes. An index that a process still has open stays readable to it."""
    others = sorted(
        (
            path
            for path in cache.iterdir()
            if path.is_dir() and path != newest and _INDEX.fullmatch(path.name)
        ),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _serve(release: Path, path: Path) -> None:
    manifest = read_manifest(release)
    spill = path.parent / "spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": f"{_memory(int(manifest['tables']['line']['rows']))}MB",
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(str(path), config=config) as db:
        for table in ("line", "contract", "supplier", "batch", "problem"):
            db.read_parquet(str(release / "data" / f"{table}.parquet")).create_view(
                f"raw_{table}", replace=True
            )
        _tombstones(db, release / "data" / "tombstone.parquet")
        _months(db, str(manifest["city"]["calendar"]))
        _titles(db)
        _words(db)
        _cells(db)
        _lines(db)
        _dated(db)
        _cubes(db)
        _largest(db)
        _labels(db)
        # Pages show these in one order: they lie in it, so that a page of them is read without sorting.
        db.execute("create table supplier as select * from raw_supplier order by supplier")
        db.execute("create table contract as select * from raw_contract order by amount desc, line_id")
        db.execute("create table batch as select * from raw_batch order by source, file_name, batch, stage")
        db.execute(
            'create table problem as select * from raw_problem order by source, file_name, "row", "column"'
        )
        records.index(db, release / "data")
        for table in ("line", "contract", "supplier", "batch", "problem"):
            db.execute(f"drop view raw_{table}")
        db.execute("create index tombstone_by_id on tombstone(line_id)")
        db.execute("create index tombstone_by_heir on tombstone(continued_by)")
        db.execute("checkpoint")
    shutil.rmtree(spill, ignore_errors=True)


def _memory(lines: int) -> int:
    least, each = MEMORY
    return max(least, each * lines // 1_000_000)


def _titles(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `title`: each distinct description once, numbered by its largest line, so that the largest hits are its first rows."""
    db.execute(
        """
        create table title as
        select row_number() over (order by size desc, key)::integer as id, key, lines from (
          select title_key as key, count(*) as lines, max(abs(amount)) as size from raw_line where title_key is not null group by 1)
        order by 1
        """
    )


def _words(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `posting`: the words of each description, in their order, so that those that begin with one lie together."""
    db.execute(
        "create table posting as select unnest(string_split(key, ' ')) as word, id as title_id from title order by word, title_id"
    )


def _cells(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `cell`: a number for each combination of what every cube holds, by which lines are summed quicker than by its texts."""
    columns = ", ".join(BASE)
    db.execute(
        f"create table cell as select row_number() over (order by {columns})::integer as cell, {columns} from (select distinct {columns} from raw_line)"
    )


def _lines(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `line`: within flow, book and stage the largest amount first, `n` numbering it through.

    A page of a list is then a stretch of `n`, wherever it begins; `row_key` finds a line by the file and row that its id names.
    """
    same = " and ".join(f"raw_line.{column} is not distinct from cell.{column}" for column in BASE)
    db.execute(
        f"""
        create table line as
        select row_number() over ()::integer as n, * from (
          select raw_line.*, coalesce(unit_code, unit, '') as unit_key, coalesce(programme_code, programme, '') as programme_key,
                 coalesce(economic_code, economic, '') as economic_key, day.month as month, title.id as title_id, cell.cell as cell,
                 (try_cast('0x' || left(line_id, 6) as bigint) << 32) | "row" as row_key
          from raw_line left join day on raw_line.date = day.date left join title on raw_line.title_key = title.key
          join cell on {same}
          order by flow, book, stage, amount desc, line_id)
        """
    )
    if db.execute("select count(*) from line where n <> rowid + 1").fetchall() != [(0,)]:
        raise RuntimeError("the engine did not keep the order of lines")
    db.execute("create index line_n on line(n)")
    db.execute("create index line_row on line(row_key)")
    # Where descriptions recur, a cube by description is quicker, and the index would be of a few long lists.
    if SELDOM * _count(db, "title") > _count(db, "line"):
        db.execute("create index line_title on line(title_id)")


def _dated(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `dated`: the lines' numbers in the order of days, so that a page by date reads a few days and not all lines."""
    db.execute(
        "create table dated as select flow, book, stage, date, fiscal_year, n from line where date is not null order by 1, 2, 3, 4, 6"
    )


def _cubes(db: duckdb.DuckDBPyConnection) -> None:
    for name in CUBES:
        db.execute(statement(name))
    rows = {name: _count(db, name) for name in CUBES}
    lines = _count(db, "line")
    for name in [
        name for name in CUBES if rows[name] > WORTH * lines and len(CUBES[name]) > len(CUBES["by_class"])
    ]:
        db.execute(f"drop table {name}")
        del rows[name]
    db.execute("create table cubes (name varchar, rows bigint)")
    if rows:
        db.executemany("insert into cubes values (?, ?)", [[name, count] for name, count in rows.items()])
    db.execute(
        """
        create table coverage as
        select flow, book, fiscal_year, stage, count(*) as lines, sum(amount)::bigint as amount, min(date) as first_date, max(date) as last_date
        from line group by all
        """
    )


def _largest(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table `largest`: of each group the number of its largest line above nought that is no natural person's."""
    columns = ", ".join(BASE)
    db.execute(
        f"create table largest as select {columns}, min(n) as n from line where amount > 0 and not supplier_is_person group by {columns}"
    )


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(db.execute(f"select count(*) from {table}").fetchall()[0][0])


def _labels(db: duckdb.DuckDBPyConnection) -> None:
    """Make a table of labels per coded dimension: the one most often written with the code."""
    for dimension in ("unit", "programme", "economic"):
        db.execute(
            f"""
            create table {dimension}_label as
            select {dimension}_key as key, coalesce(mode({dimension}), {dimension}_key) as label from line group by 1
            """
        )
    db.execute(
        "create table supplier_label as select supplier as key, name as label from raw_supplier order by 1"
    )


def _tombstones(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the table `tombstone`: lines that left. A release made before there were any has none."""
    if path.is_file():
        db.read_parquet(str(path)).create("tombstone")
    else:
        db.execute("create table tombstone (line_id varchar, continued_by varchar)")


def _months(db: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Make the table `day`: date → month of the city's calendar, such as 1403-05."""
    db.execute("create temp table day (date date, month varchar)")
    span = db.execute("select min(date), max(date) from raw_line").fetchall()[0]
    if span[0] is None:
        return
    if kind == "jalali":
        first, last = (calendar.from_gregorian(day)[0] for day in span)
        rows = [(day, f"{jy:04d}-{jm:02d}") for jy, jm, _, day in calendar.days(first, last)]
        db.executemany("insert into day values (?, ?)", rows)
    else:
        db.execute(
            "insert into day select distinct date, strftime(date, '%Y-%m') from raw_line where date is not null"
        )


def _light(serve: Path, path: Path) -> None:
    """Copy the cubes of which a page reads few rows, and the labels that go with them, into an SQLite file."""
    with duckdb.connect(str(serve), read_only=True) as source, sqlite3.connect(path) as db:
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        years = _count(source, "(select distinct fiscal_year from coverage)")
        labels = [f"{dimension}_label" for dimension in ("unit", "programme", "economic")]
        for name in (*CUBES, *BESIDE, *labels):
            # A cube that is not worth its place is not there, nor is the thread of a release that tells no project.
            there = source.execute("select 1 from duckdb_tables() where table_name = ?", [name]).fetchall()
            most = FOUND_BY_KEY if name in KEYED_BY else LIGHT * max(1, years)
            if there and name not in WORDED and (name in labels or _count(source, name) <= most):
                _copy(source, db, name)
    db.close()


def _copy(source: duckdb.DuckDBPyConnection, db: sqlite3.Connection, name: str) -> None:
    told = source.execute(f"select * from {name}")
    columns = [str(column[0]) for column in told.description or ()]
    # Without types, each value keeps its own; days are written as ISO has them.
    named = ", ".join(f'"{column}"' for column in columns)
    db.execute(f"create table {name} ({named})")
    insert = f"insert into {name} values ({', '.join('?' * len(columns))})"
    while rows := told.fetchmany(20_000):
        db.executemany(
            insert, [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows]
        )
    by = '"key"' if name.endswith("_label") else KEYED_BY.get(name, ", ".join(BASE[:4]))
    db.execute(f"create index {name}_by on {name} ({by})")


def _search(serve: Path, path: Path) -> None:
    """Index each distinct description, and each supplier's name in every spelling: the row's number is its rank, so that the first are the largest."""
    with duckdb.connect(str(serve), read_only=True) as source, sqlite3.connect(path) as db:
        # The file is flushed whole at the end: a journal would only cost time.
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        for name, columns in (("title", "lines"), ("supplier", "key, name, lines")):
            db.execute(
                f"create virtual table {name}s using fts5(key, content = '', columnsize = 0, prefix = '1 2 3', "
                "tokenize = 'unicode61 remove_diacritics 0')"
            )
            db.execute(f"create table {name} (id integer primary key, {columns})")
        titles = source.execute("select id, key, lines from title order by id")
        while rows := titles.fetchmany(20_000):
            db.executemany("insert into titles(rowid, key) values (?, ?)", [row[:2] for row in rows])
            db.executemany("insert into title values (?, ?)", [(row[0], row[2]) for row in rows])
        suppliers = source.execute(
            """
            select row_number() over (order by s.lines desc, s.supplier), concat_ws(' ', s.name, n.names, s.supplier_id), s.supplier,
                   coalesce(s.name, ''), s.lines
            from supplier s left join (
              select supplier, string_agg(distinct supplier_name, ' ' order by supplier_name) as names from line group by 1
            ) n on n.supplier = s.supplier
            where not s.supplier_is_person order by 1
            """
        )
        while rows := suppliers.fetchmany(20_000):
            db.executemany(
                "insert into suppliers(rowid, key) values (?, ?)",
                [(row[0], search_key(row[1])) for row in rows],
            )
            db.executemany("insert into supplier values (?, ?, ?, ?)", [(row[0], *row[2:]) for row in rows])
        for name in ("titles", "suppliers"):
            db.execute(f"insert into {name}({name}) values ('optimize')")
    # `with` on a connection commits; it does not close.
    db.close()
