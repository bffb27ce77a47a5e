"""Where a table's header stands. What is above it are titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from rasad.ledger.mapping import Wanted
from rasad.ledger.problems import FileError, LedgerError, MappingError, Problem
from rasad.ledger.read.cells import Cells, column_names
from rasad.persian.text import search_key

DEEPEST, MOST_CELLS = 2_000, 60_000
"""Rows, and cells of them, that are looked through below those that the mapping allows, where none of these is the header."""
_LONGEST, _LONGEST_ROW = 200, 5_000
"""Characters of a column's name, and of all names in one cell."""
_FIGURE = r"^\s*[-+(]?[0-9۰-۹٠-٩][0-9۰-۹٠-٩.,٬٫/ )-]*\s*$"


@dataclass(frozen=True)
class Candidate:
    """One row, or two, that may be the header: `texts` of each column, and what stands over them."""

    rows: tuple[int, ...]
    cells: int
    texts: tuple[str, ...]
    groups: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        return set(keys(self.texts, self.groups))


def keys(header: tuple[str, ...], groups: tuple[str, ...]) -> dict[str, list[int]]:
    """Return search key → the columns (from 1) that are called so: by their header, else by group and header together."""
    found: dict[str, list[int]] = {}
    for column, text in enumerate(header, 1):
        if text.strip():
            found.setdefault(search_key(text), []).append(column)
    together: dict[str, list[int]] = {}
    for column, (text, group) in enumerate(zip(header, groups, strict=False), 1):
        if text.strip() and group.strip():
            together.setdefault(search_key(f"{group} {text}"), []).append(column)
    return {**together, **found}


def with_header(cells: Cells, mapping: Wanted, name: str) -> Cells:
    """Find the header: the first row, or pair of rows, that has every column the mapping cannot do without.

    Titles may reach deeper than the mapping allows; anything else above the header may not, unless the mapping says how deep the header
    stands. MappingError says what the row that comes nearest lacks.
    """
    if not mapping.file.header:
        common = cells.frame["cells"].filter(cells.frame["cells"] > 0).mode().max()
        return replace(cells, expected=common if isinstance(common, int) else cells.width)
    needed = mapping.needed
    wanted = [{search_key(alias) for alias in names} for names in needed]
    nearest: tuple[Candidate, list[set[str]]] | None = None
    for candidate in candidates(cells, mapping.file.header_rows):
        missing = [names for names in wanted if not names & candidate.keys]
        if not missing:
            header = _of_two_lines_above(cells, candidate, wanted) or candidate
            stated = "header_rows" in mapping.file.model_fields_set
            figures = None if stated else _figures_above(cells, header)
            if figures is not None:
                raise _too_deep(cells, name, header, figures)
            return _below(cells, header)
        if nearest is None or len(missing) < len(nearest[1]):
            nearest = (candidate, missing)
    deep = _deeper(cells, mapping.file.header_rows, wanted)
    if deep is None:
        raise _no_header(cells, name, needed, wanted, nearest)
    data = data_above(cells, deep)
    if data is not None:
        raise _too_deep(cells, name, deep, data)
    return _below(cells, deep)


def _of_two_lines_above(cells: Cells, header: Candidate, wanted: list[set[str]]) -> Candidate | None:
    """Return the header of two lines that stands above this one, if there is one: it is the table's, and this one says it again on a later page."""
    for candidate in candidates(cells, header.rows[0] - 1):
        if len(candidate.rows) > 1 and all(names & candidate.keys for names in wanted):
            return candidate
    return None


def _too_deep(cells: Cells, name: str, header: Candidate, data: int) -> MappingError:
    """Return the error that names the header's row, and the first one above it that is no title."""
    place, row = _place(cells, name), header.rows
    return MappingError(
        Problem("header_deep", file=place, row=row[0], found=str(data), expected=str(row[-1]))
    )


def _below(cells: Cells, header: Candidate) -> Cells:
    """Return the table that stands below its header."""
    return replace(
        cells,
        frame=_without(cells.frame, header.rows),
        header_row=header.rows[-1],
        header=header.texts,
        groups=header.groups,
        expected=header.cells,
        titles=tuple(range(1, header.rows[0])),
    )


def _deeper(cells: Cells, passed: int, wanted: list[set[str]]) -> Candidate | None:
    """Return the first candidate below the rows that were `passed` which has every column."""
    most = min(DEEPEST, MOST_CELLS // max(1, cells.width))
    # The last row that was looked at may be the first of two.
    rest = cells.frame.slice(passed - 1, most)
    every = set[str]().union(*wanted)
    # Rows of data are many, and few of their texts are the name of a column.
    rows = [
        (values[0], {text for text in values[2:] if text and len(text) <= _LONGEST})
        for values in rest.iter_rows()
    ]
    names = {text for text in set[str]().union(*(texts for _, texts in rows)) if search_key(text) in every}
    likely = {number for number, texts in rows if not names.isdisjoint(texts)}
    if not likely:
        return None
    for candidate in candidates(cells, most, passed=passed - 1):
        if not likely.isdisjoint(candidate.rows) and all(names & candidate.keys for names in wanted):
            return candidate
    return None


def data_above(cells: Cells, header: Candidate) -> int | None:
    """Return the first row above a header that has more than half as many cells filled as it has: data, and no title."""
    above = _filled_above(cells, header)
    return int(above["row"][0]) if above.height else None


def _figures_above(cells: Cells, header: Candidate) -> int | None:
    """Return the first row of data above a header that does not stand deep; None where there is none.

    Over a header stand groups of columns, and one row of figures at most: the columns' numbers, or years. Two rows of figures are data.
    """
    figures = pl.sum_horizontal(pl.col(name).str.contains(_FIGURE) for name in column_names(cells.width))
    above = _filled_above(cells, header).filter(figures >= 2)
    return int(above["row"][0]) if above.height >= 2 else None


def _filled_above(cells: Cells, header: Candidate) -> pl.DataFrame:
    """Return the rows above a header that have more than half as many cells filled as it has."""
    named = sum(bool(text.strip()) for text in header.texts)
    filled = pl.sum_horizontal(pl.col(name).str.strip_chars() != "" for name in column_names(cells.width))
    return cells.frame.head(header.rows[0] - 1).filter(filled * 2 > named)


def _place(cells: Cells, name: str) -> str:
    return f"{name} ({cells.sheet})" if cells.sheet else name


def _no_header(
    cells: Cells,
    name: str,
    needed: list[tuple[str, ...]],
    wanted: list[set[str]],
    nearest: tuple[Candidate, list[set[str]]] | None,
) -> LedgerError:
    """Return the error that names all columns which the nearest row lacks; that there is nothing where all is blank."""
    place = _place(cells, name)
    texts = [text.strip() for text in nearest[0].texts if text.strip()] if nearest else []
    if nearest is None or not (texts or _says_anything(cells)):
        return FileError(Problem("blank", file=place))
    one = _in_one_cell(cells, wanted) if cells.format == "text" else None
    if one is not None:
        return MappingError(Problem("header_one_cell", file=place, row=one[0], found=one[1][:300]))
    lacking = [" / ".join(names) for names, alike in zip(needed, wanted, strict=True) if alike in nearest[1]]
    return MappingError(
        Problem(
            "header_member" if cells.path else "header",
            file=place,
            row=nearest[0].rows[0],
            expected=" | ".join(lacking)[:300],
            found=" | ".join(texts)[:300],
        )
    )


def _in_one_cell(cells: Cells, wanted: list[set[str]]) -> tuple[int, str] | None:
    """Return row and text of a header whose names all stand in one cell: what parts them is no delimiter that is known."""
    for number, _, *texts in cells.frame.head(40).iter_rows():
        filled = [text for text in texts if text.strip()]
        if len(filled) == 1 and len(filled[0]) <= _LONGEST_ROW:
            whole = f" {search_key(filled[0])} "
            if len(wanted) > 1 and all(any(f" {name} " in whole for name in names) for names in wanted):
                return int(number), filled[0].strip()
    return None


def _says_anything(cells: Cells) -> bool:
    return any((cells.frame[name].str.strip_chars() != "").any() for name in column_names(cells.width))


def _without(frame: pl.DataFrame, rows: tuple[int, ...]) -> pl.DataFrame:
    """Return the frame without its header's rows, which follow one another; row 1 is the frame's first."""
    below = frame.slice(rows[-1])
    return pl.concat([frame.head(rows[0] - 1), below]) if rows[0] > 1 else below


def candidates(cells: Cells, rows: int, *, passed: int = 0) -> Iterator[Candidate]:
    """Yield each of the first rows behind those that are `passed`, then each two that follow one another, as offices group their columns."""
    some = cells.frame.slice(passed, rows)
    head = [(values[0], values[1], tuple(values[2:])) for values in some.iter_rows()]
    for number, count, texts in head:
        yield Candidate((number,), count, texts)
    for (upper_no, upper_count, upper), (lower_no, lower_count, lower) in pairwise(head):
        groups = _filled(cells, upper_no, upper)
        if not any(lower) or not any(upper):
            continue
        # A column that has no second line is called by the first.
        texts = tuple(below if below.strip() else above for below, above in zip(lower, upper, strict=True))
        over = tuple(group if below.strip() else "" for below, group in zip(lower, groups, strict=True))
        yield Candidate((upper_no, lower_no), max(upper_count, lower_count), texts, over)


def _filled(cells: Cells, row: int, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands over each column in the row: a merged cell's text over all it covers; in a text file, until the next."""
    spans = [span for span in cells.spans if span.top <= row <= span.bottom]
    if not spans and cells.format != "text":
        return texts
    filled = list(texts)
    if spans:
        for span in spans:
            for column in range(span.left, min(span.right, len(filled)) + 1):
                filled[column - 1] = filled[span.left - 1]
    else:
        for i in range(1, len(filled)):
            if not filled[i].strip():
                filled[i] = filled[i - 1]
    return tuple(filled)
