"""Sheets of an XLSX whose cells do not say where they stand, or whose XML has prefixes: rare, valid, and slower to look through.

Such a cell stands beside the one before it. What is found is what `uncomputed` finds, and how far the sheet reaches.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from rasad.ledger.phrases import DOCUMENT_TYPE, INSIDE
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import narrow, too_many_cells
from rasad.ledger.read.uncomputed import MOST, Places, Uncomputed, column

_FIRST_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])[^>]*>")
_PLACED = re.compile(rb'<c(?:\s[^>]*)?\sr="')
_HEAD = 1 << 20
"""Bytes in which a sheet's first cell stands; what comes before it are widths of columns and views."""
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Formulas:
    """Looks through the XML of one sheet, piece by piece, in the way that its first cell asks for."""

    def __init__(self, name: str, *, noughts: bool) -> None:
        self._name, self._noughts, self._head = name, noughts, b""
        self._way: Uncomputed | _Counted | None = None

    @property
    def found(self) -> Places:
        return self._way.found if self._way else {}

    def see(self, piece: bytes) -> None:
        if self._way is None:
            self._head += piece
            first = _FIRST_CELL.search(self._head)
            if first is None and len(self._head) < _HEAD:
                return
            self._begin(placed=first is None or _PLACED.match(first[0]) is not None)
        else:
            self._way.see(piece)

    def _begin(self, *, placed: bool) -> None:
        self._way = (Uncomputed if placed else _Counted)(self._name, noughts=self._noughts)
        self._way.see(self._head)
        self._head = b""

    def end(self) -> None:
        if self._way is None:
            self._begin(placed=True)
        if self._way:
            self._way.end()


class _Counted:
    """Counts rows and cells as a reader does."""

    def __init__(self, name: str, *, noughts: bool) -> None:
        self.found: Places = {}
        self._name, self._noughts = name, noughts
        self._parser: Any = ElementTree.XMLPullParser(events=("start", "end"))
        self._row = self._column = self._widest = 0
        self._tail = b""

    def see(self, piece: bytes) -> None:
        # Entities could grow without bound; no program writes any.
        if b"<!DOCTYPE" in self._tail + piece:
            raise FileError(Problem("file_damaged", file=self._name, found=DOCUMENT_TYPE))
        self._tail = piece[-16:]
        try:
            self._parser.feed(piece)
            for event, element in self._parser.read_events():
                self._look(event, element)
        except ElementTree.ParseError as error:
            raise FileError(Problem("file_damaged", file=self._name, found=INSIDE)) from error

    def end(self) -> None:
        """Nothing waits: a sheet that is cut off is for its reader to refuse."""

    def _look(self, event: str, element: ElementTree.Element) -> None:
        tag = element.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            said = element.get("r", "")
            self._row, self._column = int(said) if said.isdigit() else self._row + 1, 0
        elif tag == "row":
            element.clear()
        elif tag == "c" and event == "end":
            self._cell(element)

    def _cell(self, cell: ElementTree.Element) -> None:
        place = _PLACE.fullmatch(cell.get("r", ""))
        self._column = column(place[1].encode()) if place else self._column + 1
        self._widest = narrow(max(self._widest, self._column), self._name)
        if self._widest * self._row > limits.MAX_AREA:
            raise too_many_cells(self._name, self._widest * self._row)
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
        value, kind = parts.get("v", ""), cell.get("t", "")
        if kind == "e":
            self.found[self._row, self._column] = value or "#VALUE!"
        elif "f" in parts and kind != "str" and (not value or (self._noughts and value == "0")):
            self.found[self._row, self._column] = "=" + parts["f"]
        if len(self.found) > MOST:
            raise FileError(Problem("formulas", file=self._name, expected=str(MOST)))
