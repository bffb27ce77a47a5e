"""What reading gives: facts about the file, and its tables as verbatim cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.unseen import Unseen


@dataclass(frozen=True)
class Facts:
    """What was found about a file. `left` names what it holds and was not read: further sheets and files, and `hidden` which of them are hidden sheets.

    `unseen` tells of each table that was read how many of its rows and columns are hidden and say something (see `unseen.of_table`).
    """

    name: str
    path: str
    sha256: str
    bytes: int
    compression: str = ""
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    left: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unseen: tuple[dict[str, Any], ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether numbers and dates come from cells with types, not from text."""
        return self.format not in ("", "text")


@dataclass(frozen=True)
class Span:
    """Merged cells: the first and last row and column, from 1. Only the first cell holds the value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Cells:
    """One sheet (or one text file): `frame` has `row` (UInt32, from 1), `cells` (UInt32: how many), and `c1` … `cn` (String).

    `expected` is how many cells a row should have; `titles` are the numbers of the rows above the header; `groups` what stands
    over each column's header where the header has two rows. `path`, `format`, `encoding` and `delimiter` are those of the
    archive's member that the table comes from; `epoch` is the year from which a workbook counts its days; `year` is the fiscal year that the path said, where the cells were kept without it.
    `put_right`: the rows that a person put right, which need not be written as the file is. `unseen`: rows and columns that are hidden. `nuls`: whether NUL characters stand in cells.
    """

    frame: pl.DataFrame
    width: int
    sheet: str = ""
    header_row: int = 0
    header: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    expected: int = 0
    titles: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    path: str = ""
    format: str = "text"
    encoding: str = ""
    delimiter: str = ""
    year: int = 0
    epoch: str = "1900"
    put_right: tuple[int, ...] = ()
    unseen: Unseen = field(default_factory=Unseen)
    nuls: bool = False

    @property
    def names(self) -> list[str]:
        """Return what each column is called: its header, or its number where it has none."""
        return [
            self.header[i] if i < len(self.header) and self.header[i].strip() else str(i + 1)
            for i in range(self.width)
        ]


class Found(NamedTuple):
    """The sheets that were read, the names of those that were not, and which of these are hidden."""

    cells: list[Cells]
    left: list[str]
    hidden: list[str]


def column_names(width: int) -> list[str]:
    """Return c1 … cn."""
    return [f"c{i}" for i in range(1, width + 1)]


def narrow(width: int, name: str) -> int:
    """Return `width`. FileError where a table is wider than any office makes one."""
    if width > limits.MAX_COLUMNS:
        raise FileError(Problem("too_wide", file=name, found=str(width), expected=str(limits.MAX_COLUMNS)))
    return width


def too_large(name: str, size: int) -> FileError:
    """Return the error for a file of more bytes than are read."""
    return FileError(Problem("too_large", file=name, found=str(size), expected=str(limits.MAX_BYTES)))


def too_many_cells(name: str, area: int) -> FileError:
    """Return the error for a sheet that reaches over more cells than are read."""
    return FileError(Problem("too_many_cells", file=name, found=str(area), expected=str(limits.MAX_AREA)))


def long_cell(name: str, row: int) -> FileError:
    """Return the error for a cell of more characters than are read."""
    return FileError(Problem("long_cell", file=name, row=row, expected=str(limits.MAX_CELL)))


def framed(records: Iterable[list[str]], width: int) -> pl.DataFrame:
    """Return the records as columns c1 … cn of text, shorter ones filled up with empty cells."""
    parts: list[pl.DataFrame] = []
    rows: list[list[str]] = []

    def flush() -> None:
        schema = dict.fromkeys(column_names(width), pl.String)
        parts.append(pl.DataFrame(rows, schema=schema, orient="row") if width else pl.DataFrame())
        rows.clear()

    for record in records:
        rows.append(record + [""] * (width - len(record)))
        if len(rows) == limits.CHUNK:
            flush()
    flush()
    return pl.concat(parts)


def cells_of(
    rows: Iterable[Sequence[str]], width: int, sheet: str, spans: Sequence[Span], format_: str
) -> Cells:
    """Return a workbook's sheet: each row as wide as the sheet."""
    frame = framed(map(list, rows), width)
    height = frame.height
    return Cells(
        frame.with_columns(
            pl.int_range(1, height + 1, dtype=pl.UInt32, eager=True).alias("row"),
            pl.repeat(width, height, dtype=pl.UInt32, eager=True).alias("cells"),
        ).select("row", "cells", *frame.columns),
        width,
        sheet=sheet,
        spans=tuple(spans),
        format=format_,
    )
