"""Whether a file says again what the ledger holds already: a newer export of the same period, and not the next period's.

The rule is in docs/decisions/0018-newer-exports.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.batches import Receipt, folder, lines_of, receipts
from rasad.ledger.clean import shaped
from rasad.ledger.compare import Comparison, compare, fingerprints
from rasad.ledger.mapping import Mapping
from rasad.ledger.problems import LedgerError, Problem
from rasad.ledger.schema import TABLES

LARGE = 0.5
"""The share of the shorter of two files whose lines (or keys) are the same, from which they are the same period's."""
FEW = 3
"""Fewer lines than these that are the same are no sign of anything: some payments recur."""


@dataclass(frozen=True)
class Overlap:
    """What a loaded batch and a new file have in common: how many lines are the same, and whether it is the same period's export."""

    batch: str
    file: str
    lines: int
    again: bool


class Overlapping(LedgerError):
    """The file says again what is loaded: a person decides. `comparison` is of all batches that it overlaps, and the file."""

    exit_code = 5

    def __init__(self, problem: Problem, batches: list[str], comparison: Comparison) -> None:
        super().__init__(problem)
        self.batches = batches
        self.comparison = comparison


def overlaps(home: Path, mapping: Mapping, file: str, lines: pl.DataFrame, but: list[str]) -> list[Overlap]:
    """Return the live batches of the source that have lines in common with `lines`, besides those named in `but`."""
    years = set(lines["fiscal_year"].unique())
    span = _span(lines.lazy()) if "date" in lines.columns else None
    found = []
    for receipt in receipts(home):
        if receipt.source != mapping.id or receipt.table != mapping.table or receipt.batch in but:
            continue
        if years and receipt.fiscal_years and not years & set(receipt.fiscal_years):
            continue
        overlap = _overlap(home, mapping, file, lines, span, receipt)
        if overlap is not None:
            found.append(overlap)
    return found


def refuse(home: Path, mapping: Mapping, file: str, lines: pl.DataFrame, found: list[Overlap]) -> None:
    """Overlapping where any of what was found is the same period's export."""
    again = [one for one in found if one.again]
    if not again:
        return
    batches = [one.batch for one in again]
    same = str(sum(one.lines for one in again))
    raise Overlapping(
        Problem("overlaps", file=file, found=", ".join(batches), expected=same),
        batches,
        compare(lines_of(home, batches, mapping.table), lines, mapping.key),
    )


def _overlap(
    home: Path, mapping: Mapping, file: str, new: pl.DataFrame, span: Any, receipt: Receipt
) -> Overlap | None:
    path = folder(home) / f"{receipt.batch}.parquet"
    common: tuple[date, date] | None = None
    dated = "date" in new.columns
    spans = [span, _span_of(path)] if dated else []
    if spans and all(spans):
        (first, last), (other_first, other_last) = spans
        common = (max(first, other_first), min(last, other_last))
        if common[0] > common[1]:
            return None
    named = receipt.file["name"] == file and _period(spans, common)
    shorter = min(new.height, receipt.lines)
    if not shorter:
        return Overlap(receipt.batch, receipt.file["name"], 0, True) if named else None
    within = pl.lit(True)
    if common:
        within = pl.col("date").is_null() | pl.col("date").is_between(*common)
    there = pl.scan_parquet(path).filter(within).collect()
    old = fingerprints(shaped(there, TABLES[receipt.table]), mapping.key)
    come = fingerprints(new.filter(within), mapping.key)
    same = come.join(old, on=["content", "amount", "nth"], how="semi").height
    keys = 0
    if mapping.key:
        keyed = come.filter(pl.col("key").is_not_null())
        keys = keyed.join(old, on="key", how="semi").height
    if named or max(same, keys) >= LARGE * shorter:
        return Overlap(receipt.batch, receipt.file["name"], same, True)
    return Overlap(receipt.batch, receipt.file["name"], same, False) if same >= FEW else None


@lru_cache(maxsize=10_000)
def _span_of(batch: Path) -> Any:
    """Return the span of a batch: its file is named by its content, so it is looked at once."""
    return _span(pl.scan_parquet(batch))


def _span(lines: pl.LazyFrame) -> Any:
    """Return the first and the last date, None where there is none."""
    first, last = (
        lines.select(pl.col("date").min().alias("first"), pl.col("date").max().alias("last")).collect().row(0)
    )
    return (first, last) if first is not None else None


def _period(spans: list[Any], common: tuple[date, date] | None) -> bool:
    """Whether two files of one name can be of one period: half the shorter one's days are common, or nobody can know."""
    if common is None:
        return True
    days = (common[1] - common[0]).days + 1
    return bool(days >= LARGE * min((last - first).days + 1 for first, last in spans))
