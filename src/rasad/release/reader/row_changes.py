"""Rows of the records that differ between two releases, by the page that tells of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

HELD = 20_000
"""Cells of a comparison up to which its rows are kept in memory, while it is open."""

RowKind = Literal["added", "gone", "changed"]


@dataclass(frozen=True)
class RowCount:
    """How many rows of a table came, went and differ for a subject."""

    table: str
    added: int
    gone: int
    changed: int


@dataclass(frozen=True)
class Cell:
    """One cell of a row on both sides, as the open file has it (dates and numbers as plain text); None where it is empty.

    `withheld`: the earlier release said something here that is not told again.
    """

    column: str
    before: str | None
    after: str | None
    differs: bool
    withheld: bool


@dataclass(frozen=True)
class RowChange:
    """One row that came, went or differs, with its cells by column, in the order of the file."""

    table: str
    kind: RowKind
    cells: dict[str, Cell]

    def either(self, column: str) -> str | None:
        """Return a cell as it is now, else as it was; None where it is empty or withheld."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        return cell.before if self.kind == "gone" else cell.after


class RowChanges:
    """The rows that differ between two releases, asked of the file in which they were compared; read once where they are few."""

    def __init__(self, ask: Callable[[str, list[Any]], list[tuple[Any, ...]]]) -> None:
        self._ask = ask
        few = ask("select count(*) from row_cell", [])[0][0] <= HELD
        self._counts: dict[tuple[str, str], list[RowCount]] | None = None
        self._rows: dict[tuple[str, str], list[RowChange]] | None = None
        if few:
            self._counts, self._rows = self._all_counts(), self._all_rows()

    def counts(self, of: str, code: str = "") -> list[RowCount]:
        """Return the tables in which rows differ for a subject (see `subjects`), in the order in which they are told."""
        if self._counts is not None:
            return self._counts.get((of, code), [])
        rows = self._ask(f"{_COUNTS} where of = ? and code = ? order by rank", [of, code])
        return [RowCount(*row[2:]) for row in rows]

    def rows(self, of: str, code: str = "", *, limit: int = 50, offset: int = 0) -> list[RowChange]:
        """Return rows that differ for a subject, by table and key."""
        if self._rows is not None:
            return self._rows.get((of, code), [])[offset : offset + limit]
        chosen = f"(select * from subject_row where of = ? and code = ? order by rank, change limit {int(limit)} offset {int(offset)})"
        cells = self._ask(
            f"""
            select change, "table", kind, "column", before, after, differs, withheld
            from {chosen} join row_change using (change) join row_cell using (change) order by rank, change, place
            """,
            [of, code],
        )
        return list(_changes(cells).values())

    def _all_counts(self) -> dict[tuple[str, str], list[RowCount]]:
        found: dict[tuple[str, str], list[RowCount]] = defaultdict(list)
        for of, code, *count in self._ask(f"{_COUNTS} order by rank", []):
            found[of, code].append(RowCount(*count))
        return dict(found)

    def _all_rows(self) -> dict[tuple[str, str], list[RowChange]]:
        cells = self._ask(
            """
            select change, "table", kind, "column", before, after, differs, withheld
            from row_change join row_cell using (change) order by change, place
            """,
            [],
        )
        changes = _changes(cells)
        found: dict[tuple[str, str], list[RowChange]] = defaultdict(list)
        for of, code, change in self._ask(
            "select of, code, change from subject_row order by rank, change", []
        ):
            found[of, code].append(changes[change])
        return dict(found)


_COUNTS = 'select of, code, "table", added, gone, changed from subject_count'


def _changes(cells: Iterable[tuple[Any, ...]]) -> dict[int, RowChange]:
    """Return number → change of cells that stand by change and place."""
    found: dict[int, RowChange] = {}
    for number, table, kind, *cell in cells:
        if number not in found:
            found[number] = RowChange(table, kind, {})
        found[number].cells[cell[0]] = Cell(*cell)
    return found
