"""Rows of a quarantine that a person put right: which of them a file may put right, and the batch's file read again with them.

A corrected batch is the old batch's own file with some rows' cells as they were put right. It supersedes the old one, so that no row is
counted twice, keeps every line's id, and balances by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.clean import Cleaned, clean
from rasad.ledger.mapping import Mapping
from rasad.ledger.markers import Marks, Row, trimmed
from rasad.ledger.problems import AlreadyLoaded, FileError, NothingPutRight, Problem
from rasad.ledger.read import Cells, Facts
from rasad.ledger.tree import Grown, grow
from rasad.persian.text import search_key

SCHEMA: dict[str, Any] = {
    "sheet": pl.String,
    "row": pl.UInt32,
    "before": pl.List(pl.String),
    "cells": pl.List(pl.String),
    "corrected_hash": pl.String,
    "corrected_row": pl.UInt32,
}
"""Of each row that was put right: its cells as they arrived and as they are now, and the file and its row that say so."""
Place = tuple[str, int]


@dataclass(frozen=True)
class Corrections:
    """What was put right of a batch's file: `rows` (columns of SCHEMA), and the files that say so, oldest first.

    Each file has name, sha256, bytes, by, at, rows (sheet and row of each), still (those of them that are in quarantine yet), replaces (the
    hashes of earlier files that it stands for).
    """

    rows: pl.DataFrame
    files: list[dict[str, Any]]


@dataclass(frozen=True)
class Applied:
    """A file read again with rows put right: what `write_batch` takes."""

    sheets: list[tuple[Cells, Cleaned]]
    grown: Grown | None
    base: list[Cells]
    corrections: Corrections


def none() -> Corrections:
    return Corrections(pl.DataFrame(schema=SCHEMA), [])


def of(place: Path, batch: str, files: list[dict[str, Any]]) -> Corrections:
    """Return what was put right of a batch; `files` is what its receipt says."""
    path = place / f"{batch}.corrected.parquet"
    return Corrections(pl.read_parquet(path), files) if files else none()


def decide(
    marks: Marks,
    *,
    sheets: list[dict[str, Any]],
    quarantined: pl.DataFrame,
    known: Corrections,
    batch: str,
    by: str,
    at: str,
) -> Corrections:
    """Return the corrections that hold once the file `marks` is taken in.

    sheets: those of the receipt. quarantined: what is in quarantine now (sheet, row, cells_verbatim). known: what was put right before. A row
    that is left as it was says nothing. A file that changes every row of an earlier one stands for it; where it would change only some of
    an earlier file's rows that are right by now, FileError names them. AlreadyLoaded and NothingPutRight where there is nothing to do.
    """
    name = marks.facts.name
    if any(file["sha256"] == marks.facts.sha256 for file in known.files):
        raise AlreadyLoaded(Problem("already_loaded", file=name, found=batch), batch)
    now: dict[Place, list[str]] = _by_place(known.rows, "cells")
    before: dict[Place, list[str]] = {
        **_by_place(quarantined, "cells_verbatim"),
        **_by_place(known.rows, "before"),
    }
    said = _said(marks, sheets, before)
    changed = [
        place for place, row in said.items() if place not in now or trimmed(row.cells) != trimmed(now[place])
    ]
    if not changed:
        if said:
            raise AlreadyLoaded(Problem("already_loaded", file=name, found=batch), batch)
        raise NothingPutRight(Problem("nothing_put_right", file=name))
    owner: dict[Place, str] = _by_place(known.rows, "corrected_hash")
    replaced = _replaced(name, said, changed, owner, known, wrong=set(_by_place(quarantined, "row")))
    mine = [place for place in said if place in changed or owner.get(place) in replaced]
    new = [
        (*place, list(before[place]), list(said[place].cells), marks.facts.sha256, said[place].at)
        for place in sorted(mine)
    ]
    added = pl.DataFrame(new, schema=SCHEMA, orient="row")
    rows = known.rows.join(added, on=["sheet", "row"], how="anti", maintain_order="left")
    file = {
        "name": name,
        "sha256": marks.facts.sha256,
        "bytes": marks.facts.bytes,
        "by": by,
        "at": at,
        "replaces": sorted(replaced),
    }
    left = {owner[place] for place in owner if place not in mine}
    kept = [one for one in known.files if one["sha256"] not in replaced and one["sha256"] in left]
    return Corrections(pl.concat([rows, added]), [*kept, file])


def _said(marks: Marks, sheets: list[dict[str, Any]], before: dict[Place, list[str]]) -> dict[Place, Row]:
    """Return the rows that are not as they arrived. FileError where one is not of the quarantine."""
    said = {}
    for header, rows in zip(marks.headers, marks.rows, strict=True):
        for row in _in_order(rows, header, sheets, marks.facts.name):
            place = (row.sheet, row.row)
            if place not in before:
                raise FileError(
                    Problem("correction_foreign", file=marks.facts.name, row=row.at, found=str(row.row))
                )
            if trimmed(row.cells) != trimmed(before[place]):
                said[place] = row
    return said


def _replaced(
    name: str,
    said: dict[Place, Row],
    changed: list[Place],
    owner: dict[Place, str],
    known: Corrections,
    wrong: set[Place],
) -> set[str]:
    """Return the hashes of the earlier files that the new one stands for: those whose every row it says, and some differently."""
    replaced = {owner[place] for place in changed if place in owner}
    for file in known.files:
        own = {place for place, sha256 in owner.items() if sha256 == file["sha256"]}
        if file["sha256"] not in replaced or own <= set(said):
            continue
        taken = next((place for place in changed if place in own and place not in wrong), None)
        if taken is not None:
            at, row = said[taken].at, str(taken[1])
            raise FileError(Problem("correction_taken", file=name, row=at, found=file["name"], expected=row))
        # It changes only what is wrong yet: the earlier file keeps its other rows.
        replaced.discard(file["sha256"])
    return replaced


def apply(
    base: list[Cells], corrections: Corrections, facts: Facts, mapping: Mapping, params: dict[str, str]
) -> Applied:
    """Read the file again with the rows that were put right: clean, and grow its trees."""
    found = []
    for number, cells in enumerate(base, 1):
        own = corrections.rows.filter(pl.col("sheet") == cells.sheet)
        stated = {**params, "fiscal_year": str(cells.year)} if cells.year else params
        patched = _patched(cells, own)
        cleaned = clean(patched, facts, mapping, stated, number)
        marks = own.select(
            pl.col("row").cast(pl.Int64), "corrected_hash", pl.col("corrected_row").cast(pl.Int64)
        )
        lines = cleaned.lines.drop("corrected_hash", "corrected_row").join(
            marks, on="row", how="left", maintain_order="left"
        )
        found.append((patched, replace(cleaned, lines=lines.select(cleaned.lines.columns))))
    grown = grow([one.lines for _, one in found], mapping.trees) if mapping.trees else None
    wrong = {place for _, one in found for place in _by_place(one.quarantine, "row")}
    return Applied(found, grown, base, _told(corrections, wrong))


def still_wrong(corrections: Corrections, cleaned: list[Cleaned]) -> Corrections:
    """Return of the corrections those rows that are in quarantine without them: other rules may read a row that they could not."""
    wrong = pl.concat([one.quarantine.select("sheet", "row") for one in cleaned])
    rows = corrections.rows.join(wrong, on=["sheet", "row"], how="semi", maintain_order="left")
    used = set(rows["corrected_hash"])
    return Corrections(rows, [file for file in corrections.files if file["sha256"] in used])


def _told(corrections: Corrections, wrong: set[Place]) -> Corrections:
    """Return the corrections with the rows of each file, and which of them are wrong yet."""
    owner = _by_place(corrections.rows, "corrected_hash")
    files = []
    for file in corrections.files:
        mine = sorted(place for place, sha256 in owner.items() if sha256 == file["sha256"])
        files.append(
            {
                **file,
                "rows": [list(place) for place in mine],
                "still": [list(place) for place in mine if place in wrong],
            }
        )
    return Corrections(corrections.rows, files)


def _by_place(frame: pl.DataFrame, column: str) -> dict[Place, Any]:
    return {
        (sheet, row): value
        for sheet, row, value in frame.select("sheet", "row", pl.col(column).alias("value")).iter_rows()
    }


def _in_order(rows: list[Row], header: tuple[str, ...], sheets: list[dict[str, Any]], name: str) -> list[Row]:
    """Return the rows with their cells in the order of the source's columns. FileError where a column is missing, or one is further."""
    found = []
    orders: dict[str, list[int] | None] = {}
    for row in rows:
        if row.sheet not in orders:
            orders[row.sheet] = _order(header, row.sheet, sheets, name)
        order = orders[row.sheet]
        if order is None:
            raise FileError(
                Problem("correction_foreign", file=name, row=row.at, found=f"{row.sheet} {row.row}")
            )
        if trimmed(row.cells[len(order) :]):
            width = str(len(order))
            raise FileError(
                Problem(
                    "correction_wide",
                    file=name,
                    row=row.at,
                    found=str(len(trimmed(row.cells))),
                    expected=width,
                )
            )
        cells = tuple(row.cells[spot] if spot < len(row.cells) else "" for spot in order)
        found.append(replace(row, cells=cells))
    return found


def _order(header: tuple[str, ...], sheet: str, sheets: list[dict[str, Any]], name: str) -> list[int] | None:
    """Return where each of the source's columns stands; None where the batch has no such sheet."""
    wanted = next((one["columns"] for one in sheets if one["name"] == sheet), None)
    if wanted is None:
        return None
    keys, there = [search_key(text) for text in wanted], [search_key(text) for text in header]
    if keys == there:
        return list(range(len(keys)))
    for text, key in zip(wanted, keys, strict=True):
        if key not in there:
            raise FileError(Problem("column_missing", file=name, expected=text, found=" | ".join(header)))
    for text, key in zip(header, there, strict=True):
        if key not in keys or there.count(key) > 1:
            raise FileError(Problem("correction_columns", file=name, found=text))
    return [there.index(key) for key in keys]


def _patched(cells: Cells, own: pl.DataFrame) -> Cells:
    """Return the sheet with the cells of the rows that were put right. A row that was short is as long as the header then."""
    if not own.height:
        return cells
    names = [f"c{i}" for i in range(1, cells.width + 1)]
    ends = [max(cells.expected, len(trimmed(row))) for row in own["cells"].to_list()]
    new = own.select("row", pl.Series("ends", ends, dtype=pl.UInt32), pl.col("cells").alias("now"))
    joined = cells.frame.join(new, on="row", how="left", maintain_order="left")
    put = pl.col("now").is_not_null()
    frame = joined.with_columns(
        pl.when(put).then(pl.col("ends")).otherwise(pl.col("cells")).alias("cells"),
        *(
            pl.when(put)
            .then(pl.col("now").list.get(i, null_on_oob=True).fill_null(""))
            .otherwise(pl.col(name))
            .alias(name)
            for i, name in enumerate(names)
        ),
    )
    return replace(cells, frame=frame.select(cells.frame.columns), put_right=tuple(own["row"]))
