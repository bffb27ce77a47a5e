"""Sums of allocated money: by project and whatever else a line says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rasad.ledger.allocate.rules import Judged, Rule
from rasad.ledger.allocate.store import allocate_home, home_lines
from rasad.ledger.classify.engine import in_scope
from rasad.ledger.suggestions import current, scope

APART = ("flow", "book", "stage", "currency")
"""Money that differs in one of these is never added together."""
IN_IT = "in_it"
"""Whether the line is of a programme or unit of the IT organisation."""


@dataclass(frozen=True)
class AllocatedSum:
    """The amount (smallest unit) and number of parts of one group: `scope` has the values of APART, then of what was asked for."""

    scope: tuple[object, ...]
    project: str | None
    method: str
    amount: int
    lines: int


def allocated_sums(
    home: Path, rules: Sequence[Rule], judged: Sequence[Judged], by: Sequence[str] = ()
) -> list[AllocatedSum]:
    """Return what each project gets by each method, per scope.

    `by` are columns of lines (class, fiscal_year, unit_code …) or IN_IT. Groups are in the order of their values, so that two runs agree.
    """
    paths = allocate_home(home, rules, judged).paths
    receipts = current(home, "line")
    keys = [*APART, *by]
    if not paths:
        return []
    inside = in_scope(scope(home)).alias(IN_IT)
    wanted = {name for name in keys if name != IN_IT}
    if IN_IT in by:
        wanted |= {"programme_code", "unit_code"}
    lines = home_lines(home, receipts, wanted).with_columns([inside] if IN_IT in by else [])
    parts = pl.scan_parquet(list(paths)).select("part", "project", "method", "amount").collect()
    # Files and lines are in one order, and every line's parts begin with the first.
    at = (parts["part"] == 1).cum_sum() - 1
    rows = pl.concat([lines.select(keys)[at], parts.drop("part")], how="horizontal")
    return summed(rows, keys)


def summed(rows: pl.DataFrame, keys: Sequence[str]) -> list[AllocatedSum]:
    """Return the sums of parts (keys, project, method, amount) in the order of their values."""
    groups = rows.group_by(*keys, "project", "method").agg(
        pl.col("amount").sum(), pl.len().cast(pl.Int64).alias("lines")
    )
    ordered = groups.sort(*keys, "project", "method", nulls_last=True).rows()
    return [AllocatedSum(tuple(row[: len(keys)]), *row[len(keys) :]) for row in ordered]
