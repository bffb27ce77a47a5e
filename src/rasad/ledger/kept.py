"""The verbatim cells of a file of which rows are in quarantine, kept beside its batch so that the file can be read again with rows put right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl

from rasad.ledger.columns import year_in_path
from rasad.ledger.mapping import Mapping
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import Cells, Facts, Span

_SAID = (
    "width",
    "sheet",
    "header_row",
    "header",
    "groups",
    "expected",
    "titles",
    "format",
    "encoding",
    "delimiter",
    "year",
    "epoch",
    "nuls",
)
_TUPLES = ("header", "groups", "titles")


def frames(
    sheets: list[Cells], facts: Facts, mapping: Mapping, params: dict[str, str]
) -> dict[str, pl.DataFrame]:
    """Return what to write beside the batch: `sheets` (what was found of each, as JSON) and the cells as `cells-1`, `cells-2`, …"""
    by_path = mapping.fiscal_year.source == "path" and "fiscal_year" not in params
    about = []
    for cells in sheets:
        if by_path and not cells.year:
            # The path itself stays behind: a batch is the same wherever its file lay.
            where = replace(facts, path=cells.path) if cells.path else facts
            cells = replace(cells, year=year_in_path(where, mapping.fiscal_year.pattern or ""))
        said = {name: getattr(cells, name) for name in _SAID}
        said["spans"] = [[span.top, span.left, span.bottom, span.right] for span in cells.spans]
        about.append(json.dumps(said, ensure_ascii=False))
    numbered = {f"cells-{number}": cells.frame for number, cells in enumerate(sheets, 1)}
    return {"sheets": pl.DataFrame({"about": about}), **numbered}


def cells_of(place: Path, batch: str, file: str) -> list[Cells]:
    """Return the cells of a batch's file, as `read` gave them. FileError where the batch keeps none."""
    try:
        about = pl.read_parquet(place / f"{batch}.sheets.parquet")["about"].to_list()
    except FileNotFoundError:
        raise FileError(Problem("cells_missing", file=file, found=batch)) from None
    found = []
    for number, text in enumerate(about, 1):
        said = json.loads(text)
        spans = tuple(Span(*span) for span in said.pop("spans"))
        said |= {name: tuple(said[name]) for name in _TUPLES}
        frame = pl.read_parquet(place / f"{batch}.cells-{number}.parquet")
        found.append(Cells(frame=frame, spans=spans, **said))
    return found
