"""Beginnings of words that very many lines have: which descriptions have them, what their lines sum to and how many a search counts, written beforehand.

What a rare word means is read in the time of its lines; for a frequent one that would be much of the ledger. There are few of them: a line has some words only.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import duckdb

from rasad.release.reader.cubes import BASE
from rasad.release.reader.words import HAS_WORDS, last_bit, numbers_of

COUNTED = 10_000
"""How many matching descriptions or suppliers a search counts; beyond, it says "more than"."""

SHORT = 3
"""Letters of beginnings that the search's own index holds, so that they are quick to count."""

SHARE, LEAST = 0.04, 10_000
"""A beginning is frequent that has this share of all lines, and so many, at least."""

_LONGEST = 40
"""Letters up to which beginnings are looked at."""


def write(serve: Path, search: Path, light: Path) -> None:
    """Write the tables `frequent` (beginning, number, and what a search counts), `frequent_titles` (number, bits) and `frequent_sum` (number,
    what every cube holds, amount, lines) into the file `light` from the others of an index."""
    spill = serve.parent / "spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "600MB",
        "temp_directory": str(spill),
    }
    with (
        duckdb.connect(str(serve), read_only=True, config=config) as source,
        sqlite3.connect(search) as texts,
        sqlite3.connect(light) as db,
    ):
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        _write(source, texts, db)
    for one in (texts, db):
        one.close()
    shutil.rmtree(spill, ignore_errors=True)


def _write(source: duckdb.DuckDBPyConnection, texts: sqlite3.Connection, db: sqlite3.Connection) -> None:
    columns = ", ".join(BASE)
    db.execute(
        "create table frequent (prefix text primary key, id integer, titles integer, lines integer) without rowid"
    )
    db.execute("create table frequent_titles (id integer primary key, bits blob)")
    db.execute(f"create table frequent_sum (id integer, {columns}, amount, lines)")
    cells = {row[0]: row[1:] for row in source.execute(f"select cell, {columns} from cell").fetchall()}
    last = last_bit(int(source.execute("select count(*) from title").fetchall()[0][0]))
    for number, ((first, final), prefixes) in enumerate(_ranges(source).items()):
        query = f"select bitstring_agg(title_id, 0, {last})::blob from posting where word >= ? and word <= ?"
        bits = source.execute(query, [first, final]).fetchall()[0][0]
        sums = source.execute(
            f"select cell, sum(amount)::bigint, count(*) from line where {HAS_WORDS} group by 1 order by 1",
            [bits],
        ).fetchall()
        counts = [(prefix, number, *_counted(texts, prefix, bits)) for prefix in prefixes]
        db.executemany("insert into frequent values (?, ?, ?, ?)", counts)
        db.execute("insert into frequent_titles values (?, ?)", (number, bits))
        marks = ", ".join("?" * (len(BASE) + 3))
        db.executemany(
            f"insert into frequent_sum values ({marks})",
            [(number, *cells[cell], amount, lines) for cell, amount, lines in sums],
        )
    db.execute("create index frequent_sum_by on frequent_sum (id)")


def _counted(texts: sqlite3.Connection, prefix: str, bits: bytes) -> tuple[int | None, int | None]:
    """Return how many descriptions and lines a search for a beginning counts; None where it is quick to count, or where it finds other
    descriptions: it parts words by its own rules where a letter is of a script of which they say more than ours."""
    if len(prefix) <= SHORT:
        return None, None
    rows = texts.execute(
        "select id, lines from title where id in (select rowid from titles where titles match ? order by rowid limit ?) order by id",
        [f'"{prefix}"*', COUNTED + 1],
    ).fetchall()
    if [row[0] for row in rows] != numbers_of(bits, COUNTED + 1):
        return None, None
    return len(rows), sum(row[1] for row in rows)


def _ranges(source: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """Return the first and the last word of those that begin so → the frequent beginnings; several may be the beginnings of the same words.

    Lines are counted for each word, so those with two such words twice: it decides no more than what is written beforehand.
    """
    source.execute(
        "create or replace temp table word as select word, sum(lines)::bigint as lines from posting join title on title.id = posting.title_id group by 1"
    )
    lines = int(source.execute("select count(*) from line").fetchall()[0][0])
    found: dict[tuple[str, str], list[str]] = {}
    begun = [""]
    for letters in range(1, _LONGEST + 1):
        # A beginning is no more frequent than the one of a letter less.
        rows = source.execute(
            f"""
            select left(word, {letters}), min(word), max(word) from word
            where length(word) >= {letters} and left(word, {letters - 1}) in (select unnest(?::varchar[]))
            group by 1 having sum(lines) >= ? order by 1
            """,
            [begun, max(LEAST, SHARE * lines)],
        ).fetchall()
        for prefix, first, final in rows:
            found.setdefault((first, final), []).append(prefix)
        begun = [row[0] for row in rows]
        if not begun:
            break
    source.execute("drop table word")
    return found
