"""Workbooks (XLSX, XLSB, XLS, ODS, web pages and XML of a workbook): the sheets that are meant, their cells as text, and which cells are merged."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from rasad.ledger.mapping import Wanted
from rasad.ledger.phrases import DOCUMENT_TYPE, INSIDE, LOCKED
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read import apart, archived, biff, epoch, limits, webpage, xml2003
from rasad.ledger.read.archive import most_of, opened, stream
from rasad.ledger.read.cells import Cells, Found, Span, cells_of, narrow, too_many_cells
from rasad.ledger.read.uncomputed import MOST, Places, column, left_to_the_reader, sheets_by_part
from rasad.ledger.read.unplaced import Formulas
from rasad.ledger.read.unseen import Unseen, UnseenInXml
from rasad.ledger.read.values import cell_text

_WIDE = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_LOW = re.compile(rb' r="[A-Z]{0,3}([0-9]{5,7})"')
_EDGE = 64
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


class _Told(NamedTuple):
    """What the reader of workbooks does not tell of each sheet: merged cells of an ODS, cells whose formula has no value, rows and columns that
    are hidden; and the year from which days are counted."""

    spans: dict[str, list[Span]]
    uncomputed: dict[str, Places]
    unseen: dict[str, Unseen]
    counted: str


def kind_of_zip(raw: bytes, name: str) -> str:
    """Return what a file that begins like a zip archive is: xlsx, xlsb, ods, document (of another kind), zip."""
    with opened(raw, name) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            if "xl/workbook.bin" in names:
                return "xlsb"
            return "xlsx" if any(one.startswith("xl/") for one in names) else "document"
        if "mimetype" in names and "content.xml" in names:
            kind = b"".join(stream(archive, archive.getinfo("mimetype"), name, 1000))
            return "ods" if kind.startswith(_SPREADSHEET) else "document"
    return "zip"


def sheets(raw: bytes, kind: str, name: str, mapping: Wanted) -> Found:
    """Return the sheets that the mapping means, and the names of those it leaves out.

    `first` and `all` mean sheets that can be seen; a hidden one is read only where the mapping names it. MappingError where it
    names one that is not there; FileError where the workbook is damaged, under a password or too large.
    """
    if kind == "xls":
        return apart.sheets(raw, name, mapping)
    if kind == "html":
        return webpage.sheets(raw, name, mapping)
    if kind == "mhtml":
        return archived.sheets(raw, name, mapping)
    if kind == "xml2003":
        return xml2003.sheets(raw, name, mapping)
    return in_this_process(raw, kind, name, mapping)


def in_this_process(raw: bytes, kind: str, name: str, mapping: Wanted) -> Found:
    """Return the same; a damaged XLS may end the process."""
    told = _of_xls(raw, name) if kind == "xls" else _bounded(raw, kind, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            wanted = _wanted(book, name, mapping)
            left = [one for one in book.sheet_names if one not in wanted]
            hidden = [
                one.name
                for one in book.sheets_metadata
                if one.name in left and one.visible != SheetVisibleEnum.Visible
            ]
            found = [_sheet(book.get_sheet_by_name(one), name, mapping, kind, told) for one in wanted]
    except PasswordError as error:
        raise FileError(Problem("file_kind", file=name, found=LOCKED, expected="XLSX")) from error
    except CalamineError as error:
        raise FileError(Problem("file_damaged", file=name, found=INSIDE)) from error
    except (FileError, MappingError, MemoryError):
        raise
    except BaseException as error:
        # The reader below is compiled; what it cannot cope with in a damaged file surfaces as a panic, no CalamineError.
        if type(error).__name__ != "PanicException" and not isinstance(
            error, ValueError | OSError | OverflowError
        ):
            raise
        raise FileError(Problem("file_damaged", file=name, found=INSIDE)) from error
    return Found(found, left, hidden)


def _wanted(book: CalamineWorkbook, name: str, mapping: Wanted) -> Sequence[str]:
    tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    seen = [one.name for one in tables if one.visible == SheetVisibleEnum.Visible]
    rule = mapping.file.sheets
    if rule == "all":
        return seen
    if rule == "first":
        # A sheet on which nothing stands is none that anyone means.
        return (
            [next((one for one in seen if book.get_sheet_by_name(one).end is not None), *seen[:1])]
            if len(seen) > 1
            else seen
        )
    for sheet in rule:
        if sheet not in book.sheet_names:
            raise MappingError(
                Problem("sheet", file=name, expected=sheet, found=" | ".join(book.sheet_names))
            )
    return rule


def _sheet(sheet: CalamineSheet, name: str, mapping: Wanted, kind: str, told: _Told) -> Cells:
    spans, uncomputed = told.spans.get(sheet.name, []), told.uncomputed.get(sheet.name, {})
    # The last row and column, from 0; None where the sheet is empty.
    bottom, right = sheet.end or (-1, -1)
    width = narrow(right + 1, name)
    if (bottom + 1) * width > limits.MAX_AREA:
        raise too_many_cells(name, (bottom + 1) * width)
    decimal = mapping.numbers.decimal
    rows: Iterable[list[str]] = (
        [cell_text(value, decimal) for value in row] for row in sheet.to_python(skip_empty_area=False)
    )
    if uncomputed:
        # Cells that have nothing but a formula do not count for how far a sheet reaches.
        bottom = max(bottom, max(row for row, _ in uncomputed) - 1) if kind == "xls" else bottom
        width = narrow(max(width, max(at for _, at in uncomputed)), name) if kind == "xls" else width
        rows = _as_formulas(rows, uncomputed, bottom + 1, width)
    merged = sheet.merged_cell_ranges
    if merged:
        spans = [Span(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged]
    unseen = told.unseen.get(sheet.name, Unseen())
    return replace(cells_of(rows, width, sheet.name, spans, kind), epoch=told.counted, unseen=unseen)


def _as_formulas(
    rows: Iterable[list[str]], uncomputed: Places, height: int, width: int
) -> Iterator[list[str]]:
    number = 0
    for number, row in enumerate(rows, 1):
        texts = row + [""] * (width - len(row))
        yield [uncomputed.get((number, at), text) for at, text in enumerate(texts, 1)]
    for below in range(number + 1, height + 1):
        yield [uncomputed.get((below, at), "") for at in range(1, width + 1)]


def _of_xls(raw: bytes, name: str) -> _Told:
    return _Told({}, biff.uncomputed(raw, name), biff.unseen(raw), epoch.of_xls(raw))


def _bounded(raw: bytes, kind: str, name: str) -> _Told:
    """Refuse a workbook that unpacks to more than is read, or whose cells stand so far apart that they would fill the memory.

    The reader keeps a sheet as a full rectangle. Returns what it does not tell.
    """
    left = most_of(len(raw))
    in_ods = _Told({}, {}, {}, "1900")
    uncomputed: dict[str, Places] = {}
    unseen: dict[str, Unseen] = {}
    with opened(raw, name) as archive:
        noughts = kind == "xlsx" and left_to_the_reader(archive, name)
        for info in archive.infolist():
            size = 0
            body = io.BytesIO() if (kind, info.filename) == ("ods", "content.xml") else None
            is_sheet = re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename) is not None
            extent = _Extent(name) if is_sheet else None
            formulas = Formulas(name, noughts=noughts) if is_sheet else None
            shown = UnseenInXml() if is_sheet else None
            for step in stream(archive, info, name, left):
                size += len(step)
                if extent and formulas and shown:
                    extent.see(step)
                    formulas.see(step)
                    shown.see(step)
                if body:
                    body.write(step)
            left -= size
            if body:
                body.seek(0)
                in_ods = _ods(body, name)
            if formulas:
                formulas.end()
                if formulas.found:
                    uncomputed[info.filename] = formulas.found
            if shown and (shown.found.rows or shown.found.columns):
                unseen[info.filename] = shown.found
        names = sheets_by_part(archive, name) if uncomputed or unseen else {}
        counted = epoch.of_zip(archive, kind, name)
    if kind == "ods":
        return in_ods
    return _Told(
        {},
        {names[part]: places for part, places in uncomputed.items() if part in names},
        {names[part]: found for part, found in unseen.items() if part in names},
        counted,
    )


class _Extent:
    """How far a sheet of an XLSX reaches, from its cells' own references; only far ones are looked at."""

    def __init__(self, name: str) -> None:
        self.name, self.tail = name, b""
        self.columns, self.rows = 26, 9_999

    def see(self, step: bytes) -> None:
        text = self.tail + step
        wide = {column(letters) for letters in set(_WIDE.findall(text))}
        self.columns = narrow(max(self.columns, *wide, 0), self.name)
        self.rows = max(self.rows, *map(int, set(_LOW.findall(text))), 0)
        if self.columns * self.rows > limits.MAX_AREA:
            raise too_many_cells(self.name, self.columns * self.rows)
        self.tail = text[-_EDGE:]


def _ods(content: io.BytesIO, name: str) -> _Told:
    """Return what the XML of an ODS tells; FileError where repeated cells would fill the memory."""
    if b"<!DOCTYPE" in content.getbuffer()[:4096].tobytes():
        # No program writes one into a table; entities defined in it could grow without bound.
        raise FileError(Problem("file_damaged", file=name, found=DOCUMENT_TYPE))
    spans: dict[str, list[Span]] = {}
    found: list[Span] = []
    uncomputed: dict[str, Places] = {}
    places: Places = {}
    unseen: dict[str, Unseen] = {}
    shown = Unseen()
    row = column = width = last = across = 0
    repeat_row = 1
    try:
        for event, element in ElementTree.iterparse(content, events=("start", "end")):  # noqa: S314
            tag = element.tag
            if event == "start":
                if tag == f"{_TABLE}table":
                    found = spans.setdefault(element.get(f"{_TABLE}name", ""), [])
                    places = uncomputed.setdefault(element.get(f"{_TABLE}name", ""), {})
                    shown = unseen.setdefault(element.get(f"{_TABLE}name", ""), Unseen())
                    row = width = last = across = 0
                elif tag == f"{_TABLE}table-row":
                    column, repeat_row = 0, _times(element, "number-rows-repeated")
            elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                times = _times(element, "number-columns-repeated")
                down, right = (
                    _times(element, "number-rows-spanned"),
                    _times(element, "number-columns-spanned"),
                )
                if down > 1 or right > 1:
                    found.append(Span(row + 1, column + 1, row + down, column + right))
                if len(element):
                    width, last = max(width, column + times), row + repeat_row
                    narrow(width, name)
                    if width * last > limits.MAX_AREA:
                        raise too_many_cells(name, width * last)
                said = _not_computed(element)
                if said is not None:
                    if len(places) + repeat_row * times > MOST:
                        raise FileError(Problem("formulas", file=name, expected=str(MOST)))
                    rows, columns = range(1, repeat_row + 1), range(1, times + 1)
                    places.update(((row + i, column + j), said) for i in rows for j in columns)
                column += times
            elif tag == f"{_TABLE}table-row":
                if _is_hidden(element):
                    shown.rows.append((row + 1, row + repeat_row))
                row += repeat_row
                element.clear()
            elif tag == f"{_TABLE}table-column":
                times = _times(element, "number-columns-repeated")
                if _is_hidden(element):
                    shown.columns.append((across + 1, across + times))
                across += times
    except (ElementTree.ParseError, ValueError) as error:
        raise FileError(Problem("file_damaged", file=name, found=INSIDE)) from error
    return _Told(spans, uncomputed, unseen, "1900")


def _is_hidden(element: ElementTree.Element) -> bool:
    """Whether a row or a column of an ODS is hidden, or filtered away."""
    return element.get(f"{_TABLE}visibility", "visible") != "visible"


def _not_computed(cell: ElementTree.Element) -> str | None:
    """Return the formula of an ODS's cell that has no value, or the error of one that could not be computed."""
    formula = cell.get(f"{_TABLE}formula")
    if formula is None:
        return None
    shown = "".join(cell.itertext()).strip()
    if cell.get(f"{_OFFICE}value-type") is None and not shown:
        return "=" + formula.removeprefix("of:").removeprefix("=")
    # The text that stands for an error is shown and is no value: LibreOffice writes an empty one.
    is_error = cell.get(f"{_OFFICE}string-value") == "" and shown.startswith(("#", "Err:"))
    return shown if is_error else None


def _times(element: ElementTree.Element, attribute: str) -> int:
    return int(element.get(f"{_TABLE}{attribute}", "1"))
