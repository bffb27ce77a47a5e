"""Writing the messy files, byte for byte the same each time, while the truth about each is noted."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter

from rasad.sample.offices import Export

Row = list[str | int]

# A workbook carries the moment it was made; a fixed one keeps the bytes the same. 1 Farvardin 1404.
_MADE = datetime(2025, 3, 21)  # noqa: DTZ001 - a workbook's time has no zone


@dataclass
class Sheet:
    """What will stand in one sheet or text file: rows with their fate, and (for payments) a class letter for each.

    Fates: `stored`, `set_aside`, `quarantined`. Amounts are in rials, by stage; None where a cell cannot be read.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    header_row: int = 0


@dataclass
class Tally:
    """Control totals of one amount column in rials."""

    stored: int = 0
    set_aside: int = 0
    quarantined: int = 0

    @property
    def all(self) -> int:
        return self.stored + self.set_aside + self.quarantined


@dataclass
class Truth:
    """What is known about one file: what a ledger must find in it."""

    file: str
    source: str
    table: str
    years: list[int]
    rows: dict[str, int] = field(default_factory=lambda: {"stored": 0, "set_aside": 0, "quarantined": 0})
    amounts: dict[str, Tally] = field(default_factory=dict)
    quarantined: list[dict[str, str | int]] = field(default_factory=list)
    classes: dict[str, dict[str, str | int]] = field(default_factory=dict)
    roots: dict[str, int] = field(default_factory=dict)
    remainders: dict[str, int] = field(default_factory=dict)

    def count(self, fate: str, amounts: dict[str, int | None]) -> None:
        """Count one row of the file that ends in `fate` with these rials by stage."""
        self.rows[fate] += 1
        for stage, amount in amounts.items():
            tally = self.amounts.setdefault(stage, Tally())
            setattr(tally, fate, getattr(tally, fate) + (amount or 0))

    def as_dict(self) -> dict[str, object]:
        """Return the truth as its JSON has it, with `in` beside its parts."""
        data = asdict(self)
        data["rows"] = {"in": sum(self.rows.values()), **self.rows}
        data["amounts"] = {stage: {"in": tally.all, **asdict(tally)} for stage, tally in self.amounts.items()}
        return data


def start(export: Export, truth: Truth, name: str) -> Sheet:
    """Return a sheet with its title rows and its header; the titles count as rows that a ledger sets aside."""
    sheet = Sheet(name)
    for title in export.titles:
        sheet.rows.append([title] if title else [])
        sheet.classes.append("-")
        truth.count("set_aside", {})
    sheet.rows.append(list(export.headings.values()))
    sheet.header_row = len(sheet.rows)
    sheet.classes.append("-")
    return sheet


def write(path: Path, export: Export, sheets: list[Sheet]) -> Path:
    """Write the sheets as the export's kind of file and return its path."""
    if path.suffix == ".xlsx":
        _write_workbook(path, sheets)
        return path
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=export.delimiter,
        lineterminator=export.newline,
        quoting=csv.QUOTE_ALL if export.quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows(sheets[0].rows)
    raw = text.getvalue().encode("utf-8-sig" if export.bom else export.encoding)
    if path.suffix == ".gz":
        raw = gzip.compress(raw, compresslevel=6, mtime=0)
    path.write_bytes(raw)
    return path


def _write_workbook(path: Path, sheets: list[Sheet]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": _MADE, "author": "نمونه‌شهر"})
    bold = book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.right_to_left()
        for number, row in enumerate(sheet.rows):
            form = bold if number < sheet.header_row else None
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, column, cell, form)
                elif cell:
                    page.write_string(number, column, cell, form)
    book.close()
