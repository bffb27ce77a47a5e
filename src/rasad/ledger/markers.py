"""Files of rejected rows: the source's own columns with marks beside them that say where each row came from, and the way back.

A cell that a spreadsheet would run as a formula has an apostrophe before it in such a file; reading takes it away, so that a cell comes
back as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rasad.ledger.mapping import parse_mapping
from rasad.ledger.problems import FileError, LedgerError, Problem
from rasad.ledger.read import Cells, Facts, read
from rasad.persian.digits import to_latin
from rasad.persian.text import search_key

MARKS = ("rasad_batch", "rasad_file", "rasad_sheet", "rasad_row", "rasad_problems")
"""The columns before the source's own. All but the file's name and the problems are needed to load the rows again."""
_NEEDED = ("rasad_batch", "rasad_sheet", "rasad_row")
# Some spreadsheets take the full-width signs for the plain ones.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-][0-9.,٬٫۰-۹]+")
_READER = parse_mapping(
    {
        "id": "rasad.corrections",
        "file": {"sheets": "all"},
        "columns": {"document_no": {"names": ["rasad_batch"]}, "title": {"names": ["rasad_sheet"]}},
        "amounts": [{"names": ["rasad_row"], "stage": "paid"}],
        "fiscal_year": {"from": "value", "value": 1},
    },
    "corrections",
)


class Marked(LedgerError):
    """The file is one of rejected rows that were put right: it belongs to a batch, not beside it."""


@dataclass(frozen=True)
class Row:
    """A row of such a file: the row (of which sheet) of the batch's file that it is, its cells, its own row number `at`."""

    batch: str
    sheet: str
    row: int
    cells: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Marks:
    """What a file of rejected rows holds: `headers` has the source's columns of each of its tables that has rows, `rows` their rows."""

    facts: Facts
    headers: list[tuple[str, ...]]
    rows: list[list[Row]]


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would run as a formula; a number keeps its sign."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def restored(cell: str) -> str:
    """Return the cell that `harmless` made harmless."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def is_marked(sheets: list[Cells]) -> bool:
    """Whether a file that was read as a source's export is one of rejected rows."""
    for cells in sheets:
        first = cells.header or (cells.frame.row(0)[2:] if cells.frame.height else ())
        if says_marks(first):
            return True
    return False


def says_marks(header: Sequence[object]) -> bool:
    """Whether a header has a mark of those that tell which row of which batch each row is. Where others were taken out, reading says so."""
    return not {search_key(name) for name in _NEEDED}.isdisjoint(search_key(str(text)) for text in header)


def read_marked(path: Path) -> Marks:
    """Read a file of rejected rows. FileError where a mark is missing or a row is there twice; other errors as `read` has them."""
    facts, sheets = read(path, _READER)
    headers: list[tuple[str, ...]] = []
    tables: list[list[Row]] = []
    seen: set[tuple[str, str, int]] = set()
    for cells in sheets:
        header, spots, own = _columns(cells, facts.name)
        found = []
        for number, count, *texts in cells.frame.iter_rows():
            if not any(text.strip() for text in texts):
                continue
            row = _row(texts, int(count), spots, own, int(number), facts.name)
            place = (row.batch, row.sheet, row.row)
            if place in seen:
                raise FileError(Problem("correction_twice", file=facts.name, row=row.at, found=str(row.row)))
            seen.add(place)
            found.append(row)
        if found:
            headers.append(header)
            tables.append(found)
    if not tables:
        raise FileError(Problem("no_rows", file=facts.name))
    return Marks(facts, headers, tables)


def _columns(cells: Cells, name: str) -> tuple[tuple[str, ...], dict[str, int], list[int]]:
    """Return the source's headers, where each mark stands, and where the source's columns stand (from 0)."""
    keys = [search_key(text) for text in cells.header]
    spots = {mark: keys.index(search_key(mark)) for mark in MARKS if search_key(mark) in keys}
    for mark in _NEEDED:
        if mark not in spots:
            raise FileError(
                Problem("column_missing", file=name, expected=mark, found=" | ".join(cells.header))
            )
    own = [i for i in range(cells.width) if i not in spots.values()]
    header = [restored(cells.header[i]) if i < len(cells.header) else "" for i in own]
    while header and not header[-1].strip():
        header.pop()
    return tuple(header), spots, own


def _row(texts: list[str], count: int, spots: dict[str, int], own: list[int], at: int, name: str) -> Row:
    number = to_latin(texts[spots["rasad_row"]]).strip()
    if not re.fullmatch("[0-9]{1,9}", number):
        found = texts[spots["rasad_row"]]
        raise FileError(Problem("correction_row", file=name, row=at, found=found, expected="rasad_row"))
    cells = [restored(texts[i]) for i in own if i < count]
    batch = texts[spots["rasad_batch"]].strip()
    return Row(batch, restored(texts[spots["rasad_sheet"]]), int(number), tuple(cells), at)


def trimmed(cells: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the cells without the empty ones at the end: spreadsheets add and drop them at will."""
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return tuple(cells[:end])
