"""Sums of what some projects get: only their own lines are read, of however many there are."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from rasad.ledger.allocate.rules import Judged, Rule
from rasad.ledger.allocate.store import allocate_home
from rasad.ledger.allocate.sums import APART, AllocatedSum, summed
from rasad.ledger.classify.engine import version as class_version
from rasad.ledger.classify.judgements import state as judgement_state
from rasad.ledger.suggestions import batch_path, current, scope
from rasad.ledger.view import judged_classes, with_suggestions


@dataclass(frozen=True)
class ProjectSums:
    """What projects get by each method, per scope; and the values of APART that any line has, whoever it is for."""

    sums: tuple[AllocatedSum, ...]
    scopes: frozenset[tuple[object, ...]]


KEPT = 8
"""Homes of which the last answer is kept."""
_kept: OrderedDict[Path, tuple[object, ProjectSums]] = OrderedDict()
_lock = threading.Lock()


def project_sums(
    home: Path, rules: Sequence[Rule], judged: Sequence[Judged], projects: Collection[str], by: Sequence[str]
) -> ProjectSums:
    """Return what `allocated_sums` does for some projects alone. `by` are columns of lines (class, fiscal_year, date …).

    The last answer of a home is given again as long as nothing that it rests on is another: allocations have names that say what was asked for
    them, classes change with the rules' version and with what people judged.
    """
    paths = allocate_home(home, rules, judged).paths
    state = (paths, class_version(scope(home)), judgement_state(home), frozenset(projects), tuple(by))
    with _lock:
        known = _kept.get(home)
    if known is not None and known[0] == state:
        return known[1]
    found = _summed(home, paths, projects, [*APART, *by])
    with _lock:
        _kept[home] = (state, found)
        _kept.move_to_end(home)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _summed(home: Path, paths: Sequence[Path], projects: Collection[str], keys: list[str]) -> ProjectSums:
    receipts, people = current(home, "line"), judged_classes(home)
    # A batch's file and its lines are in one order, and every line's parts begin with the first.
    place = ((pl.col("part") == 1).cum_sum() - 1).cast(pl.Int64).alias("line_no")
    wanted = pl.col("project").is_in(sorted(projects))
    parts = pl.collect_all(
        [pl.scan_parquet(path).select(place, "project", "method", "amount").filter(wanted) for path in paths]
    )
    asked = [
        with_suggestions(home, receipt, people, {"line_no", *keys}, only=mine["line_no"])
        .select("line_no", *keys)
        .join(mine.lazy(), on="line_no")
        for receipt, mine in zip(receipts, parts, strict=True)
        if mine.height
    ]
    scopes = frozenset(
        one for receipt in receipts for one in _scopes(batch_path(home, str(receipt["batch"])))
    )
    return ProjectSums(tuple(summed(pl.concat(pl.collect_all(asked)), keys)) if asked else (), scopes)


@lru_cache(maxsize=10_000)
def _scopes(path: Path) -> tuple[tuple[object, ...], ...]:
    """Return the values of APART that lines of a batch have; a batch never changes under its name."""
    return tuple(pl.scan_parquet(path).select(APART).unique().collect().iter_rows())
