"""Lines of a release: a page of a list wherever it begins, one line, all lines one after another.

The table `line` lies in the order of amounts within flow, book and stage, and `n` numbers it through (see `index`). A page is found as
a few values of `n` (the table's own row number and one), and only its lines are read whole; the first pages are read at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from rasad.ledger.schema import STAGES
from rasad.release.reader.filters import Filters
from rasad.release.reader.store import Store

LISTED = (
    "line_id", "title", "unit", "unit_code", "programme", "programme_code", "economic", "supplier", "supplier_name", "supplier_is_person",
    "class", "date", "amount", "stage", "fiscal_year",
)  # fmt: skip
"""Columns that a list of lines shows: a quarter of all, and so a third of the time."""

OWN = ("n", "row_key", "title_id", "cell")
"""Columns of the index that are no part of a line."""

_ORDERS = {
    "-amount": "n",
    "amount": "n desc",
    "-date": "date desc nulls last, n",
    "date": "date nulls last, n",
}
_DATED = {"flow", "book", "stage", "date", "fiscal_year"}
"""Columns of the table `dated` that filters can ask for."""
NEAR = 20_000
"""Lines up to which it is quicker to read those of a page whole while looking for them than to find them first and read them then."""
_BLOCK = 10_000


def page(
    store: Store,
    filters: Filters,
    *,
    order: str,
    limit: int,
    offset: int,
    count: int,
    of: int,
    listed: bool = False,
) -> list[dict[str, Any]]:
    """Return a stretch of the `count` lines, among `of` lines of one flow, book and stage, that filters mean; with their LISTED columns only."""
    if order in ("-date", "date"):
        return read(store, _by_date(store, filters, order, limit, offset), listed=listed)
    if order == "-amount" and (offset + limit) * of <= NEAR * count and not store.few(filters):
        return _first(store, filters, limit, offset, listed=listed)
    if order == "-amount":
        return read(store, _stretch(store, filters, limit, offset), listed=listed)
    # The smallest first: the same order from its other end.
    last = max(0, count - offset)
    first = max(0, last - limit)
    return read(store, _stretch(store, filters, last - first, first)[::-1], listed=listed)


def read(store: Store, positions: list[int], *, listed: bool = False) -> list[dict[str, Any]]:
    """Return the lines at values of `n`, in the order given; with their LISTED columns only."""
    if not positions:
        return []
    marks = ", ".join("?" * len(positions))
    found = store.dicts(f"select n, {_told(listed)} from line where n in ({marks})", list(positions))
    at = {line.pop("n"): line for line in found}
    return [at[position] for position in positions]


def every(store: Store, filters: Filters, *, order: str) -> Iterator[dict[str, Any]]:
    """Yield every line that filters of one flow, book and stage mean, in bounded memory."""
    where, values = store.where(filters)
    cursor = store.cursor()
    try:
        # As they lie, they are in the order of amounts: nothing is sorted.
        ordered = "" if order == "-amount" and not store.few(filters) else f"order by {_ORDERS[order]}"
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


def _told(listed: bool) -> str:
    return ", ".join(f'"{name}"' for name in LISTED) if listed else columns()


def _first(store: Store, filters: Filters, limit: int, offset: int, *, listed: bool) -> list[dict[str, Any]]:
    """Return a stretch that begins near the first line."""
    where, values = store.where(filters)
    return store.dicts(
        f"select {_told(listed)} from line where {where} limit {int(limit)} offset {int(offset)}", values
    )


def _stretch(store: Store, filters: Filters, limit: int, offset: int) -> list[int]:
    """Return the values of `n` from `offset` on."""
    where, values = store.where(filters)
    if store.few(filters):
        # Asked for in order, the engine would not take the index. They are few.
        found = store.rows(f"select rowid from line where {where}", values)
        return sorted(row[0] + 1 for row in found)[offset : offset + limit]
    # Without a join the rows come as they lie, which is their order; nothing needs to be sorted, however deep the page.
    rows = store.rows(
        f"select rowid from line where {where} limit {int(limit)} offset {int(offset)}",
        values,
    )
    return [row[0] + 1 for row in rows]


def _by_date(store: Store, filters: Filters, order: str, limit: int, offset: int) -> list[int]:
    """Return the values of `n` of a stretch by date, undated lines last, the largest of a day first.

    The days are counted first, so that only lines of the days that the stretch touches are sorted.
    """
    where, values = store.where(filters)
    days = _days(store, filters)
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
    # Lines without a day are not among the dated, nor are the columns that other filters ask for.
    table = "dated" if len(some) == len(wanted) and filters.columns <= _DATED else "line"
    rows = store.rows(
        f"""
        select n from {table} where {where} and ({" or ".join(at)})
        order by {_ORDERS[order]} limit {int(limit)} offset {offset - before}
        """,
        [*values, *some],
    )
    return [row[0] for row in rows]


def _days(store: Store, filters: Filters) -> list[tuple[date | None, int]]:
    """Return each day of the lines that filters mean, None for those without one, and how many lines it has."""
    table, where, values = store.asked(filters, {"flow", "date", "lines"})
    rows = store.of(
        table,
        f"select date, cast(sum(lines) as bigint) from {table} where {where} group by 1",
        values,
        one_year=filters.year is not None,
    )
    return [(date.fromisoformat(day) if isinstance(day, str) else day, int(lines)) for day, lines in rows]
