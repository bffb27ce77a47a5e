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

    MappingError says what the row that comes nearest lacks.
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
            return replace(
                cells,
                frame=_without(cells.frame, candidate.rows),
                header_row=candidate.rows[-1],
                header=candidate.texts,
                groups=candidate.groups,
                expected=candidate.cells,
                titles=tuple(range(1, candidate.rows[0])),
            )
        if nearest is None or len(missing) < len(nearest[1]):
            nearest = (candidate, missing)
    raise _no_header(cells, name, needed, wanted, nearest)


def _no_header(
    cells: Cells,
    name: str,
    needed: list[tuple[str, ...]],
    wanted: list[set[str]],
    nearest: tuple[Candidate, list[set[str]]] | None,
) -> LedgerError:
    """Return the error that names all columns which the nearest row lacks; that there is nothing where all is blank."""
    place = f"{name} ({cells.sheet})" if cells.sheet else name
    texts = [text.strip() for text in nearest[0].texts if text.strip()] if nearest else []
    if nearest is None or not (texts or _says_anything(cells)):
        return FileError(Problem("blank", file=place))
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


def _says_anything(cells: Cells) -> bool:
    return any((cells.frame[name].str.strip_chars() != "").any() for name in column_names(cells.width))


def _without(frame: pl.DataFrame, rows: tuple[int, ...]) -> pl.DataFrame:
    """Return the frame without its header's rows, which follow one another; row 1 is the frame's first."""
    below = frame.slice(rows[-1])
    return pl.concat([frame.head(rows[0] - 1), below]) if rows[0] > 1 else below


def candidates(cells: Cells, rows: int) -> Iterator[Candidate]:
    """Yield each of the first rows, then each two that follow one another, as offices group their columns."""
    head = [(values[0], values[1], tuple(values[2:])) for values in cells.frame.head(rows).iter_rows()]
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
