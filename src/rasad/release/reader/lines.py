"""Lines of a release: a page of a list wherever it begins, one line, all lines one after another.

The table `line` lies in the order of amounts within flow, book and stage, and `n` numbers it through (see `index`). A page is found as
a few values of `n` (the table's own row number and one), and only its lines are read whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from rasad.ledger.schema import STAGES
from rasad.release.reader.filters import Filters
from rasad.release.reader.store import Store

OWN = ("n", "row_key", "title_id")
"""Columns of the index that are no part of a line."""

_ORDERS = {
    "-amount": "n",
    "amount": "n desc",
    "-date": "date desc nulls last, n",
    "date": "date nulls last, n",
}
_BLOCK = 10_000


def page(
    store: Store, filters: Filters, *, order: str, limit: int, offset: int, count: int
) -> list[dict[str, Any]]:
    """Return a stretch of the `count` lines that filters of one flow, book and stage mean."""
    if order in ("-date", "date"):
        return read(store, _by_date(store, filters, order, limit, offset))
    if order == "-amount":
        return read(store, _stretch(store, filters, limit, offset))
    # The smallest first: the same order from its other end.
    last = max(0, count - offset)
    first = max(0, last - limit)
    return read(store, _stretch(store, filters, last - first, first)[::-1])


def read(store: Store, positions: list[int]) -> list[dict[str, Any]]:
    """Return the lines at values of `n`, in the order given."""
    if not positions:
        return []
    marks = ", ".join("?" * len(positions))
    found = store.dicts(f"select n, {columns()} from line where n in ({marks})", list(positions))
    at = {line.pop("n"): line for line in found}
    return [at[position] for position in positions]


def every(store: Store, filters: Filters, *, order: str) -> Iterator[dict[str, Any]]:
    """Yield every line that filters of one flow, book and stage mean, in bounded memory."""
    where, values = filters.sql()
    cursor = store.cursor()
    try:
        # As they lie, they are in the order of amounts: nothing is sorted.
        ordered = "" if order == "-amount" and not filters.q else f"order by {_ORDERS[order]}"
        cursor.execute(f"select {columns()} from line where {where} {ordered}", values)
        names = [column[0] for column in cursor.description or ()]
        while block := cursor.fetchmany(_BLOCK):
            for row in block:
                yield dict(zip(names, row, strict=True))
    finally:
        cursor.close()


def of_row(store: Store, line_id: str) -> list[dict[str, Any]]:
    """Return the lines whose id names the same row of the same file: one per stage, in the order of stages."""
    key = row_key(line_id)
    if key is None:
        return []
    found = store.dicts(f"select {columns()} from line where row_key = ?", [key])
    prefix = "-".join(line_id.split("-")[:3]) + "-"
    same = [line for line in found if line["line_id"].startswith(prefix)]
    return sorted(same, key=lambda line: STAGES.index(line["stage"]))


def row_key(line_id: str) -> int | None:
    """Return the key under which the index holds the row that a line's id (file hash, sheet, row, stage) names; None where it is no id."""
    parts = line_id.split("-")
    if len(parts) < 4 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 9:
        return None
    try:
        return (int(parts[0][:6], 16) << 32) | int(parts[2])
    except ValueError:
        return None


def columns() -> str:
    """SQL of a line's own columns."""
    return f"* exclude ({', '.join(OWN)})"


def _stretch(store: Store, filters: Filters, limit: int, offset: int) -> list[int]:
    """Return the values of `n` from `offset` on."""
    where, values = filters.sql()
    # Without a join the rows come as they lie, which is their order; nothing needs to be sorted, however deep the page.
    ordered = "order by n" if filters.q else ""
    rows = store.rows(
        f"select rowid from line where {where} {ordered} limit {int(limit)} offset {int(offset)}",
        values,
    )
    return [row[0] + 1 for row in rows]


def _by_date(store: Store, filters: Filters, order: str, limit: int, offset: int) -> list[int]:
    """Return the values of `n` of a stretch by date, undated lines last, the largest of a day first.

    The days are counted first, so that only lines of the days that the stretch touches are sorted.
    """
    where, values = filters.sql()
    days = store.rows(f"select date, count(*) from line where {where} group by 1", values)
    dated = sorted((day for day in days if day[0] is not None), reverse=order == "-date")
    wanted: list[date | None] = []
    before, seen = 0, 0
    for day, lines in [*dated, *(day for day in days if day[0] is None)]:
        if seen + lines > offset and seen < offset + limit:
            before = before if wanted else seen
            wanted.append(day)
        seen += lines
    some = [day for day in wanted if day is not None]
    at = [f"date in ({', '.join('?' * len(some))})"] if some else []
    at += ["date is null"] if len(some) < len(wanted) else []
    if not at:
        return []
    rows = store.rows(
        f"""
        select n from line where {where} and ({" or ".join(at)})
        order by {_ORDERS[order]} limit {int(limit)} offset {offset - before}
        """,
        [*values, *some],
    )
    return [row[0] for row in rows]
