"""Rows of figures as a form: a table of inputs whose rows are things of one kind; what is wrong stands below its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.web.theme.show import digits_of
from rasad.web.workbench import frame
from rasad.web.workbench.fields import FigureField, write_figure

Kind = Literal["text", "short", "money", "count", "signed", "year", "percent", "choice", "many", "tick"]
MOST = 10**16
ROWS = 500
"""How many rows of one kind are read."""
FURTHER = 3
"""Rows that a press of the button adds."""

Option = tuple[str, str]


@dataclass(frozen=True)
class Head:
    """One column of a grid: the name of its inputs, its label, what stands in it, and what may be chosen."""

    name: str
    label: str
    kind: Kind = "text"
    options: Sequence[Option] = ()


@dataclass
class Cell:
    """One input as it stands."""

    id: str
    head: Head
    row: int
    text: str = ""
    chosen: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)


@dataclass
class Line:
    """One row: its key (the id of what it is), its cells, and what is wrong with it as a whole."""

    key: str
    cells: dict[str, Cell]
    errors: list[str] = field(default_factory=list)
    place: int | None = None
    """Where what it says stands in the problem's list; None where it says nothing."""

    @property
    def said(self) -> bool:
        """Return whether anything was typed into it."""
        return any(cell.text.strip() for cell in self.cells.values() if cell.head.kind not in ("choice", "many", "tick"))  # fmt: skip


@dataclass
class Grid:
    """Rows of one kind, by the name under which they are sent. `more`: a row to fill in stands at the end."""

    name: str
    title: str
    help: str
    heads: Sequence[Head]
    lines: list[Line] = field(default_factory=list)
    more: bool = True

    def add(self, key: str, values: dict[str, Any]) -> None:
        """Add a row with values as the problem has them."""
        self.lines.append(self._line(len(self.lines), key, values))

    def _line(self, row: int, key: str, values: dict[str, Any]) -> Line:
        cells = {}
        for head in self.heads:
            value = values.get(head.name)
            chosen = tuple(value) if head.kind == "many" and value else ()
            text = "" if head.kind == "many" else shown(value, head.kind)
            cells[head.name] = Cell(f"{self.name}-{row}-{head.name}", head, row + 1, text, chosen)
        return Line(key, cells)

    def blank(self, rows: int = 1) -> None:
        """Add rows to fill in."""
        for _row in range(rows if self.more else 0):
            self.lines.append(self._line(len(self.lines), "", {}))

    place = ROWS
    """The place of the pattern, which the browser puts another in for."""

    @property
    def pattern(self) -> Line:
        """An empty row as the browser may add it; its place stands for any other."""
        return self._line(ROWS, "", {})

    def read(self, sent: QueryDict) -> None:
        """Take the rows that were sent in place of those that stand here; more empty ones where they are asked for (`more`)."""
        count = len(self.lines) + 1
        told = sent.get(f"{self.name}-count", "")
        count = min(int(told), ROWS) if told.isdecimal() and len(told) < 5 else min(count, ROWS)
        self.lines = []
        for row in range(count):
            line = self._line(row, sent.get(f"{self.name}-{row}-id", "").strip()[:80], {})
            for name, cell in line.cells.items():
                cell.text = sent.get(f"{self.name}-{row}-{name}", "")[:300]
                if cell.head.kind == "many":
                    cell.chosen = tuple(sent.getlist(f"{self.name}-{row}-{name}"))
            self.lines.append(line)
        if sent.get("more") == self.name:
            self.blank(FURTHER)


def shown(value: Any, kind: Kind) -> str:
    """Return a value as it stands in an input; shares are in hundredths of a per cent."""
    if value is None or value == "":
        return ""
    if kind == "percent":
        return write_figure(Decimal(value) / 100)
    if kind == "year":
        return digits_of(value, frame.lang())
    if kind in ("money", "count", "signed"):
        return write_figure(Decimal(value))
    return ("1" if value else "") if kind == "tick" else str(value)


def number(cell: Cell, *, factor: int = 1) -> int | None:
    """Return the whole number that a cell says, in hundredths of a per cent where it is a share; None where it is empty or wrong (and says so)."""
    if not cell.text.strip():
        return None
    kind = cell.head.kind
    places = 2 if kind == "percent" else 9 if kind == "money" and factor > 1 else 0
    reader = FigureField(places=places, most=100 if kind == "percent" else MOST, signed=kind == "signed", required=False)  # fmt: skip
    try:
        found = reader.clean(cell.text)
    except ValidationError as error:
        cell.errors += error.messages
        return None
    if found is None:
        return None
    exact = Decimal(found) * (100 if kind == "percent" else factor)
    if exact != exact.to_integral_value():
        cell.errors.append(_("“%(found)s” is no whole number of the smallest unit.") % {"found": cell.text[:40]})  # fmt: skip
        return None
    return int(exact)


def needed(cell: Cell, *, factor: int = 1) -> int:
    """Return the number that a cell says; where it is empty that is wrong."""
    found = number(cell, factor=factor)
    if found is None and not cell.errors:
        cell.errors.append(_("Fill this in."))
    return found or 0


def picked(cell: Cell) -> str:
    """Return what is chosen; where that is none of the choices it is wrong."""
    known = [value for value, _label in cell.head.options]
    if cell.text not in known:
        cell.errors.append(_("“%(value)s” is none of the choices.") % {"value": cell.text[:40]})
        return known[0] if known else ""
    return cell.text
