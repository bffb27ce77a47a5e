"""Search in an index: lines by the words of their description, suppliers by those of their name.

Descriptions and suppliers are numbered by size, so the first matches are the largest and a page of hits reads no more than it shows.
"""

from __future__ import annotations

from typing import Any

from rasad.persian.text import tokens
from rasad.release.reader import lines as lines_of
from rasad.release.reader.frequent import COUNTED
from rasad.release.reader.results import Found, Hit
from rasad.release.reader.store import Store
from rasad.release.reader.words import HAS_WORDS, bits_of


def suppliers(store: Store, q: str, *, limit: int, offset: int) -> Found:
    """Return a page of suppliers in whose name, in any spelling, every word begins a word; those with the most lines first."""
    match = _match(q)
    if not match:
        return Found([], 0)
    count, _ = _counted(store, "supplier", match)
    rows = store.search(
        """
        select key, name, lines from supplier
        where id in (select rowid from suppliers where suppliers match ? order by rowid limit ? offset ?) order by id
        """,
        [match, limit, offset],
    )
    hits = [Hit("supplier", key, name or key, lines, None) for key, name, lines in rows]
    return Found(hits, min(count, COUNTED), count > COUNTED)


def lines(store: Store, q: str, *, limit: int, offset: int) -> Found:
    """Return a page of lines in whose description every word begins a word, the largest first; else those that bear it as a number."""
    match = _match(q)
    if not match:
        return Found([], 0)
    titles, count, first = _titles(store, q, match, offset + limit)
    if not titles:
        return _by_number(store, q, limit=limit, offset=offset)
    # The first lines of all are among those of the first titles: each title is numbered by its largest line.
    having, values = f"title_id in ({', '.join(map(str, first))})", list[Any]()
    if not store.looked_up(first, count):
        having, values = f"title_id <= {int(first[-1])} and {HAS_WORDS}", [bits_of(first, store.titles)]
    rows = store.rows(
        f"""
        select n from line where {having}
        order by abs(amount) desc, title_id, n limit {int(limit)} offset {int(offset)}
        """,
        values,
    )
    found = lines_of.read(store, [row[0] for row in rows], listed=True)
    return Found([_hit(line) for line in found], count, titles > COUNTED)


def _match(q: str) -> str:
    return " ".join(f'"{word}"*' for word in tokens(q))


def _titles(store: Store, q: str, match: str, wanted: int) -> tuple[int, int, list[int]]:
    """Return how many titles match and their lines, as `_counted` does, and the numbers of the first titles wanted."""
    known = store.frequent_titles(tokens(q), wanted) if wanted <= COUNTED else None
    if known is not None:
        return known
    found = store.search(
        "select rowid from titles where titles match ? order by rowid limit ?", [match, wanted]
    )
    return *_counted(store, "title", match), [row[0] for row in found]


def _counted(store: Store, kind: str, match: str) -> tuple[int, int]:
    """Return how many titles or suppliers match, and their lines: of the first of them, one more than COUNTED at most."""
    row = store.search(
        f"""
        select count(*), coalesce(sum(lines), 0) from {kind} where id in (
          select rowid from {kind}s where {kind}s match ? order by rowid limit {COUNTED + 1})
        """,
        [match],
    )[0]
    return int(row[0]), int(row[1])


def _by_number(store: Store, q: str, *, limit: int, offset: int) -> Found:
    """Return lines by their document's, their contract's or their own number."""
    words = tokens(q)
    by_id = lines_of.of_row(store, "-".join(words))
    if by_id:
        same = [line for line in by_id if line["line_id"] == "-".join(words)]
        return Found([_hit(line) for line in same], len(same))
    rows = store.rows(
        f"""
        select n, count(*) over () from line where document_no = ? or contract_no = ?
        order by abs(amount) desc, n limit {int(limit)} offset {int(offset)}
        """,
        [" ".join(words)] * 2,
    )
    found = lines_of.read(store, [row[0] for row in rows], listed=True)
    return Found([_hit(line) for line in found], int(rows[0][1]) if rows else 0)


def _hit(line: dict[str, object]) -> Hit:
    return Hit("line", str(line["line_id"]), str(line["title"] or ""), 1, int(str(line["amount"])), line)
