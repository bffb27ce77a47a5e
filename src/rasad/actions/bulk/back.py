"""Rows that were refused, back as a file in their own columns with the reasons beside them, to be put right and loaded again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from rasad.actions.bulk.load import Imported, RefusedRow, SheetDone
from rasad.actions.bulk.out import LONGEST, beside, open_book
from rasad.actions.bulk.wording import PROBLEMS
from rasad.ledger.markers import harmless
from rasad.ledger.problems import FileError, Problem

Translate = Callable[[str], str]


def write_refused(*, done: Imported, path: Path, translate: Translate = str, rtl: bool = False) -> int:
    """Write the refused rows of an import, each with what is wrong with it in the language of `translate`; return how many.

    A workbook has a sheet for each sheet that they were in; a CSV holds those of one. FileError where they do not fit: then its message names
    the other kind.
    """
    sheets = [sheet for sheet in done.sheets if sheet.refused]
    if path.suffix.lower() != ".xlsx":
        if len(sheets) > 1:
            raise FileError(Problem("export_columns", file=path.name, expected="XLSX"))
        with beside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for sheet in sheets:
                writer.writerows(_records(sheet, translate))
    else:
        with beside(path) as part, open_book(part) as book:
            text = book.add_format({"num_format": "@"})
            for number, sheet in enumerate(sheets, 1):
                title = (
                    sheet.noun
                    if [one.noun for one in sheets].count(sheet.noun) == 1
                    else f"{sheet.noun} {number}"
                )
                page = book.add_worksheet(title[:31])
                if rtl:
                    page.right_to_left()
                page.freeze_panes(1, 0)
                page.set_column(0, len(sheet.header), 20, text)
                page.set_column(len(sheet.header), len(sheet.header), 80, text)
                for line, record in enumerate(_records(sheet, translate)):
                    for spot, cell in enumerate(record):
                        if len(cell) > LONGEST:
                            raise FileError(Problem("export_long", file=path.name, row=line, expected="CSV"))
                        page.write_string(line, spot, cell, text)
    return sum(len(sheet.refused) for sheet in sheets)


def _records(sheet: SheetDone, translate: Translate) -> list[list[str]]:
    """Return the header and the rows; the reasons stand last, under a header that is not read."""
    spots = [spot for spot, title in enumerate(sheet.header) if title.strip() and title.strip() != PROBLEMS]
    header = [*(harmless(sheet.header[spot]) for spot in spots), PROBLEMS]
    return [header, *([*_cells(row, spots), _said(row, translate)] for row in sheet.refused)]


def _cells(row: RefusedRow, spots: list[int]) -> list[str]:
    return [harmless(row.cells[spot]) if spot < len(row.cells) else "" for spot in spots]


def _said(row: RefusedRow, translate: Translate) -> str:
    return harmless(" | ".join(problem.message(translate) for problem in row.problems))
