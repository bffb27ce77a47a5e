"""The tables of unknown files: where each one's header stands, and a sample of every column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.mapping import FileRule, Form
from rasad.ledger.propose.headers import meanings
from rasad.ledger.propose.values import figures
from rasad.ledger.read import Cells, Facts, read, unseen
from rasad.ledger.read.header import Candidate, candidates, data_above
from rasad.ledger.totals import CARRIED, FIGURE, MOST_OF_A_NOTE, TOTAL, labelled

FIRST, MORE = 2_000, 2_000
"""Rows that are looked at: the first ones, and as many from all over the table."""
HEADER_ROWS, DEEPER = 40, 20_000
"""Rows among which a header is looked for; where there is none, cells further down, behind titles alone."""

_ANY = Form(file=FileRule(header=False, sheets="all"))
"""Reads any table verbatim."""


@dataclass
class Table:
    """One table of a file. `header` is what its columns are called (empty where it has none), `columns` a sample of each, `member` the file
    of an archive that it is of, `unseen` what of it is hidden."""

    path: Path
    facts: Facts
    sheet: str
    header: tuple[str, ...]
    titles: list[str]
    columns: list[list[str]]
    rows: int
    member: str = ""
    unseen: dict[str, Any] | None = None

    @property
    def first(self) -> list[str]:
        """Return the header, or the first row where there is none."""
        return list(self.header) or [texts[0] for texts in self.columns if texts]

    @property
    def name(self) -> str:
        """Return the file and, of several, the sheet."""
        return f"{self.facts.name} ({self.sheet})" if self.sheet else self.facts.name


def look(path: Path) -> list[Table]:
    """Return the tables of a file that have rows. FileError where it cannot be read."""
    facts, found = read(path, _ANY)
    return [_table(path, facts, cells) for cells in found if cells.frame.height]


def _table(path: Path, facts: Facts, cells: Cells) -> Table:
    header = _header(cells)
    above = header.rows[0] if header else 0
    below = cells.frame.filter(pl.col("row") > (header.rows[-1] if header else 0))
    titles = [
        text
        for values in cells.frame.filter(pl.col("row") < above).head(HEADER_ROWS).iter_rows()
        for text in values[2:]
        if text.strip()
    ]
    sample = below.head(FIRST)
    if below.height > FIRST:
        rest = below.slice(FIRST)
        sample = pl.concat([sample, rest.sample(min(MORE, rest.height), seed=1403)])
    if header:
        sample = _of_data(sample, header, cells.width)
    texts = _named(header) if header else ()
    columns = [sample[f"c{i}"].to_list() for i in range(1, cells.width + 1)]
    member = cells.path.removeprefix(f"{facts.path}/") if cells.path else ""
    headed = replace(cells, header_row=header.rows[-1] if header else 0, header=texts)
    concealed = unseen.of_table(headed)
    return Table(path, facts, cells.sheet, texts, titles, columns, below.height, member, concealed)


def _of_data(sample: pl.DataFrame, header: Candidate, width: int) -> pl.DataFrame:
    """Return the rows that tell how the columns are written: without the header said again, totals, sums carried over and notes.

    As they will be set aside once the mapping is there; a row that could be either stays.
    """
    texts = pl.concat_list(f"c{i}" for i in range(1, width + 1)).list.eval(pl.element().str.strip_chars())
    again = texts == pl.lit(pl.Series([[text.strip() for text in header.texts]]))
    filled = texts.list.eval(pl.element() != "").list.sum()
    sparse = pl.lit(width > MOST_OF_A_NOTE * 2) & filled.is_between(1, MOST_OF_A_NOTE)
    kept = sample.filter(~again & ~sparse)
    names = [f"c{i}" for i in range(1, width + 1)]
    said = pl.sum_horizontal(~pl.col(name).str.contains(FIGURE) for name in names)
    few = kept.filter(said.is_between(1, MOST_OF_A_NOTE))
    beside = [row for label in (TOTAL, CARRIED) for row in labelled(few, names, label)]
    kept = kept.filter(~pl.col("row").is_in(beside))
    # A table of sparse rows alone is one all the same.
    return kept if kept.height else sample


def _named(header: Candidate) -> tuple[str, ...]:
    """Return the names of the columns: where two are called alike, with what stands over them."""
    texts = tuple(text.strip() for text in header.texts)
    groups = header.groups or ("",) * len(texts)
    return tuple(
        f"{group.strip()} {text}" if text and group.strip() and texts.count(text) > 1 else text
        for text, group in zip(texts, groups, strict=True)
    )


def _header(cells: Cells) -> Candidate | None:
    """Return the row, or two, that says the most of what columns are called; None where none says anything."""
    deeper = DEEPER // max(1, cells.width)
    first = _best(candidates(cells, HEADER_ROWS)) or _unknown_words(cells)
    if first is not None or cells.frame.height <= HEADER_ROWS:
        return first
    deep = _best(candidates(cells, deeper, passed=HEADER_ROWS))
    return deep if deep is not None and data_above(cells, deep) is None else None


def _best(rows: Iterable[Candidate]) -> Candidate | None:
    """Return the candidate that says the most of what columns are called; None where none says enough."""
    best: tuple[float, Candidate] | None = None
    for candidate in rows:
        said = [max(meanings(text).values(), default=0.0) for text in _named(candidate) if text]
        # Two rows must say clearly more than one: the first row of data would always add its texts.
        score = sum(said) - (0.9 if len(candidate.rows) > 1 else 0.0)
        if len(said) > 1 and (best is None or score > best[0] + 1e-9):
            best = (score, candidate)
    return best[1] if best is not None and best[0] >= 1.5 else None


def _unknown_words(cells: Cells) -> Candidate | None:
    """Return the first row where it has names alone, all different, and figures stand below some of them."""
    first = next(iter(candidates(cells, 1)), None)
    if first is None or len(set(first.texts)) < len(first.texts) or not all(first.texts):
        return None
    below = cells.frame.slice(1, 200)
    named = [figures([text]).seen for text in first.texts]
    counted = [figures(below[f"c{i}"].to_list()).share for i in range(1, cells.width + 1)]
    return first if below.height and not any(named) and max(counted) > 0.8 else None
