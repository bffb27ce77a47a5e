"""XML Spreadsheet 2003, which many programs write under the name of an XLS: its sheets, cells by their type, merged cells.

The XML is read in one pass by expat. A document type is refused, so that no entity can be declared; nothing outside the file is ever read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Attributes
from dataclasses import replace
from typing import Any
from xml.parsers import expat

from rasad.ledger.mapping import Wanted
from rasad.ledger.phrases import CUT_OFF, DEEP, DOCUMENT_TYPE
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import Found
from rasad.ledger.read.declared import decoded
from rasad.ledger.read.grid import Grid, Room, wanted
from rasad.ledger.read.uncomputed import MOST
from rasad.ledger.read.values import number_text

_MOST_ROWS = 1 << 20
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0*)?)?$")
_ENDS = frozenset({expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                   expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
                   expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]})  # fmt: skip


def sheets(raw: bytes, name: str, mapping: Wanted) -> Found:
    """Return the sheets that the mapping means, and the names of the others. FileError where the XML is broken or too large."""
    text, encoding = decoded(raw, name, mapping.file)
    book = _Book(name, mapping.numbers.decimal)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.ordered_attributes = False
    parser.StartElementHandler = book.start
    parser.EndElementHandler = book.end
    parser.CharacterDataHandler = book.say
    parser.StartDoctypeDeclHandler = book.document_type
    try:
        # Piece by piece a long token would be looked at again and again.
        parser.Parse(text.encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        if error.code in _ENDS:
            raise FileError(Problem("file_damaged", file=name, found=CUT_OFF)) from error
        raise FileError(Problem("xml_broken", file=name, row=error.lineno)) from error
    chosen = wanted(book.grids, name, mapping)
    found = [
        replace(grid.cells("xml2003"), encoding=encoding, epoch="1904" if book.from_1904 else "1900")
        for grid in chosen
    ]
    rest = [grid for grid in book.grids if grid not in chosen]
    return Found(found, [grid.sheet for grid in rest], [grid.sheet for grid in rest if not grid.seen])


class _Book:
    """What expat tells, as sheets."""

    def __init__(self, name: str, decimal: str) -> None:
        self.grids: list[Grid] = []
        self.from_1904 = False
        self._name, self._decimal = name, decimal
        self._room = Room(name)
        self._path: list[str] = []
        self._row = self._column = self._formulas = 0
        self._cell: dict[str, str] = {}
        self._type = ""
        self._text: list[str] = []
        self._hears = False

    def document_type(self, *_: Any) -> None:
        raise FileError(Problem("file_damaged", file=self._name, found=DOCUMENT_TYPE))

    def start(self, tag: str, attributes: Attributes[str, str]) -> None:
        if len(self._path) == limits.MAX_DEPTH:
            raise FileError(Problem("file_damaged", file=self._name, found=DEEP))
        name = tag.rpartition(" ")[2]
        within = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "Data" and within == "Cell":
            self._type = _plain(attributes).get("Type", "")
            self._hears = True
        elif name == "Cell" and self._path[-3:-1] == ["Table", "Row"]:
            self._cell, self._type, self._text = _plain(attributes), "", []
        elif name == "Row" and within == "Table" and self.grids:
            said = _plain(attributes)
            self._row = _number(said.get("Index"), self._row + 1)
            if self._row > _MOST_ROWS:
                raise FileError(
                    Problem("too_many_rows", file=self._name, found=str(self._row), expected=str(_MOST_ROWS))
                )
            self.grids[-1].row(self._row)
            if said.get("Hidden") == "1":
                self.grids[-1].hide(_number(said.get("Span"), 0))
            # What a row says of those below it: they are alike, and have no cells.
            self._row += _number(said.get("Span"), 0)
        elif name == "Column" and within == "Table" and self.grids:
            said = _plain(attributes)
            first = _number(said.get("Index"), self._column + 1)
            self._column = first + _number(said.get("Span"), 0)
            if said.get("Hidden") == "1":
                self.grids[-1].unseen.columns.append((first, self._column))
        elif name == "Worksheet" and within == "Workbook":
            self._row = self._column = 0
            self.grids.append(Grid(self._room, _plain(attributes).get("Name", "")))
        elif name in ("Visible", "Date1904") and within in ("WorksheetOptions", "ExcelWorkbook"):
            self._text, self._hears = [], True

    def end(self, tag: str) -> None:
        name = self._path.pop()
        within = self._path[-1] if self._path else ""
        if name == "Data" and within == "Cell":
            self._hears = False
        elif name == "Cell" and self._path[-2:] == ["Table", "Row"] and self.grids:
            self._put()
        elif name in ("Visible", "Date1904") and within in ("WorksheetOptions", "ExcelWorkbook"):
            self._hears = False
            said = "".join(self._text).strip()
            if name == "Date1904":
                self.from_1904 = said.lower() not in ("0", "false")
            elif self.grids and said.startswith("Sheet"):
                self.grids[-1].seen = said == "SheetVisible"

    def say(self, text: str) -> None:
        if self._hears:
            self._text.append(text)

    def _put(self) -> None:
        said = self._cell
        text = self._typed("".join(self._text))
        self.grids[-1].put(
            text,
            right=_number(said.get("MergeAcross"), 0) + 1,
            down=_number(said.get("MergeDown"), 0) + 1,
            column=_number(said.get("Index"), 0) or None,
        )

    def _typed(self, text: str) -> str:
        """Return the cell as text; its formula where nobody has computed one, so that it is seen and not counted as nothing."""
        formula = self._cell.get("Formula")
        if formula is not None and not text.strip() and self._type != "String":
            self._formulas += 1
            if self._formulas > MOST:
                raise FileError(Problem("formulas", file=self._name, expected=str(MOST)))
            return "=" + formula.removeprefix("=")
        if self._type == "Number":
            return number_text(text, self._decimal)
        if self._type == "Boolean":
            return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
        if self._type == "DateTime":
            return _MIDNIGHT.sub("", text.strip()).replace("T", " ")
        return text


def _plain(attributes: Attributes[str, str]) -> dict[str, str]:
    """Return the attributes without their namespaces."""
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


def _number(text: str | None, otherwise: int) -> int:
    """Return a count that an attribute says."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
