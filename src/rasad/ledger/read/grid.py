"""A sheet that is put together cell by cell, as a markup tells it: bounded, with what its merged cells cover."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rasad.ledger.mapping import Wanted
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import Cells, Span, cells_of, long_cell, narrow, too_many_cells
from rasad.ledger.read.unseen import Unseen

_NOTHING: list[str] = []


@dataclass
class Room:
    """How many cells all sheets of one file may still reach over."""

    name: str
    left: int = limits.MAX_AREA

    def check(self, area: int) -> None:
        """FileError where a sheet reaches over more."""
        if area > self.left:
            raise too_many_cells(self.name, area)


class Grid:
    """One sheet in the making. Rows and columns count from 1."""

    def __init__(self, room: Room, sheet: str = "", *, seen: bool = True) -> None:
        self.sheet, self.seen = sheet, seen
        self.spans: list[Span] = []
        self.unseen = Unseen()
        self._room = room
        self._rows: list[list[str]] = []
        self._width = 0
        self._next = 1
        self._covered: dict[int, int] = {}

    @property
    def filled(self) -> bool:
        """Whether anything stands on the sheet."""
        return self._width > 0

    def row(self, number: int | None = None) -> None:
        """Begin the next row, or the one of this number where it is further down."""
        at = max(len(self._rows) + 1, number or 0)
        self._room.check(at * max(1, self._width))
        self._rows.extend([_NOTHING] * (at - 1 - len(self._rows)))
        self._rows.append([])
        self._next = 1

    def hide(self, below: int = 0) -> None:
        """Say that the row is hidden, and so many below it."""
        at = len(self._rows)
        self.unseen.rows.append((at, at + below))

    def put(self, text: str, *, right: int = 1, down: int = 1, column: int | None = None) -> None:
        """Put a cell into the row behind the one before it, or into the column; it covers so many columns and rows.

        What a cell above covers is passed over.
        """
        if not self._rows:
            # A damaged file may have a cell before any row.
            self.row()
        number = len(self._rows)
        at = column or self._next
        while self._covered and self._covered.get(at, 0) >= number:
            at += 1
        self._next = at + right
        if at > limits.MAX_COLUMNS and not text:
            return
        if text:
            self._write(text, number, at)
        last = min(at + right - 1, limits.MAX_COLUMNS)
        if (right > 1 or down > 1) and at <= limits.MAX_COLUMNS:
            self.spans.append(Span(number, at, number + down - 1, last))
        if down > 1:
            self._covered.update(dict.fromkeys(range(at, last + 1), number + down - 1))

    def _write(self, text: str, number: int, at: int) -> None:
        if len(text) > limits.MAX_CELL:
            raise long_cell(self._room.name, number)
        if at > self._width:
            self._width = narrow(at, self._room.name)
            self._room.check(number * at)
        row = self._rows[-1]
        if at > len(row):
            row.extend([""] * (at - 1 - len(row)))
            row.append(text)
        else:
            row[at - 1] = text

    def apart(self) -> None:
        """End a table: what follows stands below it, whatever its cells were to cover."""
        self._covered.clear()

    def cells(self, format_: str) -> Cells:
        """Return the sheet, to its last row that says anything."""
        height = len(self._rows)
        while height and not self._rows[height - 1]:
            height -= 1
        spans = [
            Span(span.top, span.left, min(span.bottom, height), span.right)
            for span in self.spans
            if span.top <= height and (span.right > span.left or min(span.bottom, height) > span.top)
        ]
        self._room.left -= height * self._width
        cells = cells_of(self._rows[:height], self._width, self.sheet, spans, format_)
        return replace(cells, unseen=self.unseen)


def wanted(grids: list[Grid], name: str, mapping: Wanted) -> list[Grid]:
    """Return the sheets that the mapping means, as of any workbook: hidden ones where it names them. MappingError where one is not there."""
    rule = mapping.file.sheets
    seen = [grid for grid in grids if grid.seen]
    if rule == "all":
        return seen
    if rule == "first":
        return [next((grid for grid in seen if grid.filled), *seen[:1])] if seen else []
    named = {grid.sheet: grid for grid in reversed(grids)}
    for sheet in rule:
        if sheet not in named:
            found = " | ".join(grid.sheet for grid in grids)[:300]
            raise MappingError(Problem("sheet", file=name, expected=sheet, found=found))
    return [named[sheet] for sheet in rule]


def too_much_markup(name: str, size: int) -> FileError:
    """Return the error for a page or an XML of more bytes than are read whole."""
    return FileError(Problem("too_large", file=name, found=str(size), expected=str(limits.MAX_MARKUP)))
