"""Rows and columns that a workbook does not show: hidden, filtered away, or folded. They are read like all others, and their number is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from rasad.ledger.phrases import _n
from rasad.ledger.problems import DIGITS

if TYPE_CHECKING:
    from rasad.ledger.read.cells import Cells

FIRST = 5
"""How many of them are named."""
_MOST_COLUMNS = 10_000
"""What a sheet may say of columns: those of any office are said in a few."""
_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|col)(?=[\s/>])([^>]*)>")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_AT = re.compile(rb"""\sr=["']([0-9]{1,7})["']""")
_FROM_TO = re.compile(rb"""\s(min|max)=["']([0-9]{1,5})["']""")
_LONGEST_TAG = 1 << 16
_ROWS = _n(
    "%(place)s: hidden rows are read like all others (with something in them: %(count)s; the first: %(rows)s). Take out of the file what is not meant"
)
_COLUMNS = _n(
    "%(place)s: hidden columns are read like all others (with something in them: %(count)s; the first: %(columns)s). Take out of the file what is not meant"
)

Ranges = list[tuple[int, int]]


@dataclass
class Unseen:
    """First and last number, from 1, of rows and of columns that are not shown."""

    rows: Ranges = field(default_factory=list)
    columns: Ranges = field(default_factory=list)


class UnseenInXml:
    """Looks through the XML of one sheet of an XLSX, piece by piece."""

    def __init__(self) -> None:
        self.found = Unseen()
        self._tail = b""
        self._row = self._said = 0
        self._placed: bool | None = None

    def see(self, piece: bytes) -> None:
        text = self._tail + piece
        cut = text.rfind(b"<")
        whole, self._tail = (text[:cut], text[cut:][:_LONGEST_TAG]) if cut >= 0 else (b"", b"")
        # Most sheets hide nothing; where rows do not say their numbers, all are counted.
        if b"hidden=" in whole or self._placed is not True:
            self._look(whole)

    def _look(self, text: bytes) -> None:
        for kind, said in _TAG.findall(text):
            if kind == b"col":
                self._column(said)
                continue
            at = _AT.search(said)
            self._placed = at is not None if self._placed is None else self._placed
            self._row = int(at[1]) if at else self._row + 1
            if _HIDDEN.search(said):
                self.found.rows.append((self._row, self._row))

    def _column(self, said: bytes) -> None:
        self._said += 1
        reach = {name: int(number) for name, number in _FROM_TO.findall(said)}
        if self._said <= _MOST_COLUMNS and len(reach) == 2 and _HIDDEN.search(said):
            self.found.columns.append((reach[b"min"], reach[b"max"]))


def numbers(ranges: Ranges, last: int) -> Iterator[int]:
    """Yield each number of the ranges up to `last`, once, in order."""
    reached = 0
    for first, end in sorted(ranges):
        yield from range(max(first, reached + 1), min(end, last) + 1)
        reached = max(reached, end)


def of_table(cells: Cells) -> dict[str, Any] | None:
    """Return how many rows below the header and how many columns are hidden and have something in them, and the first of each; None where there are none."""
    if not cells.unseen.rows and not cells.unseen.columns:
        return None
    names = [f"c{i}" for i in range(1, cells.width + 1)]
    below = cells.frame.filter(pl.col("row") > cells.header_row)
    last = int(below["row"].max() or 0)  # type: ignore[arg-type]
    hidden = pl.Series(list(numbers(cells.unseen.rows, last)), dtype=pl.UInt32)
    says = pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in names)
    rows = below.filter(pl.col("row").is_in(hidden.implode()) & says)["row"].to_list() if names else []
    columns = [
        number
        for number in numbers(cells.unseen.columns, cells.width)
        if (below[f"c{number}"].str.strip_chars() != "").any()
    ]
    if not rows and not columns:
        return None
    return {
        "sheet": cells.sheet,
        "rows": len(rows),
        "first_rows": rows[:FIRST],
        "columns": len(columns),
        "first_columns": [_called(number, cells.header) for number in columns[:FIRST]],
    }


def _called(number: int, header: Sequence[str]) -> str:
    """Return what a column is called: by the program's letters, and by its header where it has one."""
    letters, rest = "", number
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    name = " ".join(header[number - 1].split()) if number <= len(header) else ""
    return f"{letters} ({name[:60]})" if name else letters


def doubts(tables: Iterable[Mapping[str, Any]], name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a sentence, as a template with its values, for the hidden rows and for the hidden columns of each table of the file `name`."""
    for table in tables:
        place = str(table["sheet"] or name)
        for template, kind in ((_ROWS, "rows"), (_COLUMNS, "columns")):
            if table[kind]:
                places = " | ".join(map(str, table[f"first_{kind}"]))
                yield template, {"place": place, "count": f"{table[kind]}", kind: places}


def said(file: Mapping[str, Any], translate: Callable[[str], str]) -> list[str]:
    """Return the same of a receipt's file, in the language of `translate`."""
    digits, comma = str.maketrans("0123456789", translate(DIGITS)), translate(_n(", "))
    told = []
    for template, values in doubts(file.get("unseen", ()), file["name"]):
        values = {key: text.replace(" | ", comma) for key, text in values.items()}
        for key in ("count", "rows"):
            if key in values:
                values[key] = values[key].translate(digits)
        told.append(translate(template) % values)
    return told
