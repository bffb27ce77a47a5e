"""Cells of an XLSX that hold a formula and no value of it: never computed, or not computable.

Programs that write workbooks leave the computing to the one that opens them. What they leave in the cell, nothing or a nought, is no amount;
such a cell is read as its formula, so that it is seen and not counted as nothing. Cells that could not be computed are read as their error.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from posixpath import join, normpath
from xml.etree import ElementTree

from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read.archive import stream

_CELL = re.compile(rb"<c(\s[^>]*[^/>])>(.*?)</c>", re.DOTALL)
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<f(?: [^>]*[^/])?>(.*?)</f>|<f[ />]", re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_LONGEST = 1_000_000
MOST = 100_000
"""Such cells in a workbook; where there are more, nobody has computed it."""
_SMALL = 20_000_000

Places = dict[tuple[int, int], str]
"""Row and column, from 1, of a cell → its formula or its error."""


class Uncomputed:
    """Looks through the XML of one sheet, piece by piece. `noughts`: whether a formula's nought was left by a program that did not compute."""

    def __init__(self, name: str, *, noughts: bool) -> None:
        self.found: Places = {}
        self._name, self._noughts, self._tail = name, noughts, b""

    def see(self, piece: bytes) -> None:
        text = self._tail + piece
        cut = text.rfind(b"<c ")
        whole, self._tail = (text[:cut], text[cut:]) if cut >= 0 else (b"", text[-_LONGEST:])
        self._look(whole)

    def end(self) -> None:
        """Look at what is left: the last cell."""
        self._look(self._tail)
        self._tail = b""

    def _look(self, text: bytes) -> None:
        if b"<f" not in text and b't="e"' not in text:
            return
        for attributes, inner in _CELL.findall(text):
            said = self._said(attributes, inner)
            place = _PLACE.search(attributes) if said is not None else None
            if said is not None and place is not None:
                self.found[int(place[2]), column(place[1])] = said
        if len(self.found) > MOST:
            raise FileError(Problem("formulas", file=self._name, expected=str(MOST)))

    def _said(self, attributes: bytes, inner: bytes) -> str | None:
        """Return how a cell is to be read; None where it has a value."""
        value = _VALUE.search(inner)
        if b't="e"' in attributes:
            return _text(value[1]) if value else "#VALUE!"
        formula = _FORMULA.search(inner)
        # An empty text is a value too: what many formulas give where there is nothing to give.
        if formula is None or b't="str"' in attributes:
            return None
        if value is None or not value[1] or (self._noughts and value[1] == b"0"):
            return "=" + _text(formula[1] or b"")
        return None


def column(letters: bytes) -> int:
    """Return the number, from 1, of the column that the letters name."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def left_to_the_reader(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a workbook says that all its formulas are to be computed when it is opened."""
    return b'fullCalcOnLoad="1"' in _part(archive, "xl/workbook.xml", name)


def sheets_by_part(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return path in the archive → name of the sheet. Empty where the workbook's own lists cannot be read."""
    try:
        # Parts with a document type could grow without bound; no program writes one.
        parts = [_part(archive, one, name) for one in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml")]
        if any(b"<!DOCTYPE" in part for part in parts):
            return {}
        relations, book = (ElementTree.fromstring(part) for part in parts)  # noqa: S314
    except ElementTree.ParseError:
        return {}
    paths = {one.get("Id", ""): normpath(join("xl", one.get("Target", ""))).lstrip("/") for one in relations}
    found = {}
    # A workbook that is strict to the standard has the same names in namespaces of its own.
    for sheet in book.iterfind(".//{*}sheet"):
        relation = next((said for name, said in sheet.items() if name.endswith("/relationships}id")), "")
        found[paths.get(relation, "")] = sheet.get("name", "")
    return found


def _part(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    if path not in archive.namelist():
        return b""
    return b"".join(stream(archive, archive.getinfo(path), name, _SMALL))


def _text(raw: bytes) -> str:
    return unescape(raw.decode(errors="replace"))
