"""The register out as files: a sheet for each noun, which come in again as they are. A template is such a file with no rows and a guide."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from django.utils.translation import gettext, override

from rasad.actions.bulk.known import links, target
from rasad.actions.bulk.wording import VERSION, Wording
from rasad.actions.register import model_of
from rasad.ledger.filled import GUIDE, Ways
from rasad.ledger.markers import harmless
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.schema import Column, Table
from rasad.records.audited import Audited
from rasad.records.labels import CHOICES
from rasad.records.tables import BY_NAME, SHEETS, Sheet

Format = Literal["csv", "xlsx"]
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
SHEET_ROWS = 1_048_575
"""Rows of data that a sheet of a workbook holds."""
_EXACT = 10**15
_BLOCK = 1 << 16
_LIST = 255
"""Characters of the list that a workbook lets a cell be chosen from."""
_WIDTHS = {"text": 24, "date": 12, "money": 18, "int": 10, "decimal": 12, "bool": 8}


def export_sheet(
    *, noun: str, format: Format, wording: Wording | None = None, records: Iterable[Audited] | None = None
) -> Iterator[bytes]:
    """Yield a file of one noun's records (all of them by default) in blocks."""
    wording = wording or Wording()
    sheet = BY_NAME[noun]
    if format == "csv":
        yield from _csv(sheet, records_of(noun) if records is None else records, wording)
        return
    with tempfile.TemporaryDirectory(prefix="rasad-export-") as folder:
        path = Path(folder) / f"{noun}.xlsx"
        with open_book(path) as book:
            _sheet(book, sheet, records_of(noun) if records is None else records, wording, path.name)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def export_file(*, nouns: Sequence[str], path: Path, wording: Wording | None = None) -> dict[str, int]:
    """Write nouns to `path`: a workbook with a sheet for each, or one of them as CSV; return how many records of each.

    FileError where several nouns are to go into one CSV, or the records do not fit the kind of file; the file that was there stays.
    """
    wording = wording or Wording()
    counts: dict[str, int] = {}
    sheets = [sheet for sheet in SHEETS if sheet.name in set(nouns)]
    if path.suffix.lower() != ".xlsx":
        _only_one(sheets, path)
        with beside(path) as part, part.open("wb") as file:
            counts[sheets[0].name] = 0
            for block in _csv(sheets[0], _counted(sheets[0].name, counts), wording):
                file.write(block)
        return counts
    with beside(path) as part, open_book(part) as book:
        for sheet in sheets:
            counts[sheet.name] = 0
            _sheet(book, sheet, _counted(sheet.name, counts), wording, path.name)
    return counts


def template_file(
    *, nouns: Sequence[str], path: Path, wording: Wording | None = None, ways: Ways | None = None
) -> None:
    """Write an empty file to be filled in: a sheet with headers for each noun, and in a workbook a guide that tells every column.

    FileError where several nouns are to go into one CSV.
    """
    wording, ways = wording or Wording("fa"), ways or Ways()
    sheets = [sheet for sheet in SHEETS if sheet.name in set(nouns)]
    if path.suffix.lower() != ".xlsx":
        _only_one(sheets, path)
        with beside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow([wording.title(column) for column in sheets[0].table.columns])
        return
    with beside(path) as part, open_book(part) as book:
        for sheet in sheets:
            _sheet(book, sheet, (), wording, path.name, marks=False)
        _guide(book, sheets, wording, ways)


def records_of(noun: str) -> Iterator[Audited]:
    """Yield a noun's records by their keys, each with those that it names at hand."""
    model = model_of(noun)
    names = [field.name for field in links(model)]
    found = model._base_manager.order_by(*_order(model))
    return iter((found.select_related(*names) if names else found).iterator(2_000))


def _order(model: type[Audited]) -> list[str]:
    named = {field.name: target(field).KEY[0] for field in links(model)}
    return [f"{name}__{named[name]}" if name in named else name for name in model.KEY]


def _counted(noun: str, counts: dict[str, int]) -> Iterator[Audited]:
    for record in records_of(noun):
        counts[noun] += 1
        yield record


def _only_one(sheets: Sequence[Sheet], path: Path) -> None:
    if len(sheets) > 1:
        raise FileError(Problem("export_columns", file=path.name, expected="XLSX"))


# --- CSV -----------------------------------------------------------------------------------------------------------


def _csv(sheet: Sheet, records: Iterable[Audited], wording: Wording) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, without which spreadsheets take Persian for another code page."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    columns = sheet.table.columns
    writer.writerow([*(wording.title(column) for column in columns), VERSION])
    for record in records:
        writer.writerow([*(plain(wording.cell(record, column)) for column in columns), record.version])
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def plain(value: Any) -> str:
    """Return a cell as text: days as ISO, figures exact, and nothing that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return harmless(str(value))


# --- XLSX ----------------------------------------------------------------------------------------------------------


@contextmanager
def open_book(path: Path) -> Iterator[Any]:
    """Yield a workbook that is written row by row, in which text is text."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        yield book


def _sheet(
    book: Any, sheet: Sheet, records: Iterable[Audited], wording: Wording, file: str, *, marks: bool = True
) -> None:
    """One noun's sheet. Text is written as text, never as a formula; a figure that a workbook cannot hold exactly is text too."""
    table = sheet.table
    page = book.add_worksheet(wording.noun(table)[:31])
    if wording.rtl:
        page.right_to_left()
    page.freeze_panes(1, len(table.key))
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
        "needed": book.add_format({"bold": True, "bottom": 1, "num_format": "@", "font_color": "#9A3412"}),
        "text": book.add_format({"num_format": "@"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "decimal": book.add_format({"num_format": "General"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "mark": book.add_format({"num_format": "0", "font_color": "#666666"}),
    }
    own = {"text": "text", "bool": "text", "int": "whole", "decimal": "decimal", "date": "date"}
    for spot, column in enumerate(table.columns):
        # The currency's decimals are shown where it has some.
        kind = "decimal" if column.type == "money" and wording.minor_digits else own.get(column.type, "whole")
        page.set_column(spot, spot, _WIDTHS[column.type], formats[kind])
        page.write_string(0, spot, wording.title(column), formats["needed" if column.required else "head"])
        _offer(page, spot, sheet, column, wording)
    if marks:
        spot = len(table.columns)
        page.set_column(spot, spot, 12, formats["mark"])
        page.write_string(0, spot, VERSION, formats["mark"])
    for line, record in enumerate(records, 1):
        if line > SHEET_ROWS:
            raise FileError(Problem("export_many", file=file, expected="CSV"))
        for spot, column in enumerate(table.columns):
            _cell(page, line, spot, wording.cell(record, column), formats, file)
        if marks:
            page.write_number(line, len(table.columns), record.version, formats["mark"])


def _cell(page: Any, line: int, spot: int, value: Any, formats: dict[str, Any], file: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(line, spot, value, formats["date"])
    elif isinstance(value, int) and abs(value) < _EXACT:
        page.write_number(line, spot, value, formats["whole"])
    elif isinstance(value, Decimal) and Decimal(repr(float(value))) == value and abs(value) < _EXACT:
        page.write_number(line, spot, float(value), formats["decimal"])
    else:
        text = plain(value)
        if len(text) > LONGEST:
            raise FileError(Problem("export_long", file=file, row=line + 1, expected="CSV"))
        page.write_string(line, spot, text, formats["text"])


def _offer(page: Any, spot: int, sheet: Sheet, column: Column, wording: Wording) -> None:
    """Let a cell of choices be chosen from a list."""
    offered = choices(sheet, column, wording)
    if offered and len(",".join(offered)) <= _LIST:
        rule = {"validate": "list", "source": offered, "error_type": "warning"}
        page.data_validation(1, spot, 20_000, spot, rule)


def choices(sheet: Sheet, column: Column, wording: Wording) -> list[str]:
    """Return what a column may say, where it is one of a few things."""
    if column.type == "bool":
        return [wording.yes(True), wording.yes(False)]
    known = CHOICES.get((sheet.model, column.name), {})
    return [wording.choice(sheet.model, column.name, code) for code in known]


def _guide(book: Any, sheets: Sequence[Sheet], wording: Wording, ways: Ways) -> None:
    """A sheet for the reader: what each column is, whether it must be filled, and what it may say. It is not read."""
    with override("en" if wording.language == "names" else wording.language):
        page = book.add_worksheet(gettext("guide")[:31])
        titles = [gettext(t) for t in (_SHEET, _COLUMN, _NAME, _NEEDED, _CONTENT, _REMARK)]
        if wording.rtl:
            page.right_to_left()
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        quiet = book.add_format({"font_color": "#666666"})
        page.write_string(0, 0, GUIDE, quiet)
        page.write_string(0, 1, gettext(_HOW))
        for spot, (title, width) in enumerate(zip(titles, (18, 26, 20, 10, 60, 50), strict=True)):
            page.set_column(spot, spot, width)
            page.write_string(1, spot, title, head)
        line = 2
        for sheet in sheets:
            for column in sheet.table.columns:
                needed = gettext(_YES) if column.required else ""
                row = [
                    wording.noun(sheet.table), wording.title(column), column.name, needed,
                    content(sheet, column, wording, ways), column.description,
                ]  # fmt: skip
                for spot, text in enumerate(row):
                    page.write_string(line, spot, text, wrapped)
                line += 1


def content(sheet: Sheet, column: Column, wording: Wording, ways: Ways) -> str:
    """Return what a column's cells hold: a list of choices, the key of another record, a figure or a day as an example."""
    if offered := choices(sheet, column, wording):
        return " | ".join(offered)
    named = {field.name: field for field in links(model_of(sheet.name))}.get(column.name)
    if named is not None:
        other = _table_of(named.related_model)
        return gettext(_KEY_OF) % {"noun": wording.noun(other)}
    return ways.example(column)


def _table_of(model: Any) -> Table:
    return next(sheet.table for sheet in SHEETS if sheet.model == model.__name__)


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


_SHEET, _COLUMN, _NAME = _n("sheet"), _n("column"), _n("name for programs")
_NEEDED, _CONTENT, _REMARK, _YES = _n("needed"), _n("what it holds"), _n("remark"), _n("yes")
_HOW = _n("Fill in the other sheets, a record in each row; this one is for you and is not read.")
_KEY_OF = _n("the key of one of the kind: %(noun)s")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Yield a new file beside `path`; it takes the name when all is written, so that what was there is not lost to half a file."""
    with tempfile.TemporaryDirectory(prefix=".rasad-", dir=path.parent) as place:
        part = Path(place) / path.name
        yield part
        part.replace(path)
