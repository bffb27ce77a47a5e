"""Allocations on disk: one file per batch beside its classes, named by what was asked of it, so that what is unchanged is not asked again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger import durable
from rasad.ledger.allocate.engine import ALLOCATED, columns_for, numbered
from rasad.ledger.allocate.rules import Judged, Rule, in_order
from rasad.ledger.classify.engine import version as class_version
from rasad.ledger.continuity import continued
from rasad.ledger.link import version as link_version
from rasad.ledger.suggestions import batch_path, chunks, current, persons, scope, suggest_all, write_whole
from rasad.ledger.view import judged_classes, with_suggestions

VERSION = 1
"""Raise it when the engine allocates otherwise: earlier allocations stay on disk under their own name."""
ID_HASH = 12
"""How much of its file's hash a line's id begins with."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Allocated:
    """The allocation of a home: the file of each current batch of lines, and how many lines had to be asked for it."""

    paths: tuple[Path, ...]
    computed_lines: int


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


ASKING = _n("asking the rules")


def folder(home: Path) -> Path:
    """Return where the home keeps its allocations."""
    return home / "ledger" / "allocations"


def allocate_home(
    home: Path, rules: Sequence[Rule], judged: Sequence[Judged], *, progress: Progress | None = None
) -> Allocated:
    """Allocate every line of a home by the rules in force and the judgements that hold, and return the files.

    What was judged of a line that a newer export continues holds for the line that stands for it now. A batch that nothing concerning it
    changed for is not computed again. OSError where the disk takes no more; every file is there whole or not at all.
    """
    suggest_all(home)
    receipts = current(home, "line")
    concern = _Concern(home, in_order(rules), carried(home, judged))
    wanted = [(receipt, concern.path(receipt)) for receipt in receipts]
    missing = [one for one in wanted if not one[1].exists()]
    total, done = sum(int(receipt["lines"]) for receipt, _ in missing), 0
    for chunk in chunks(missing):
        if progress:
            progress(ASKING, done, total)
        done += _write(home, chunk, concern)
    if missing:
        durable.flush(folder(home))
    if progress:
        progress(ASKING, total, total)
    return Allocated(tuple(path for _, path in wanted), total)


def allocation(home: Path, rules: Sequence[Rule], judged: Sequence[Judged]) -> pl.LazyFrame:
    """Return the allocation of every current line: columns of ALLOCATED. What is missing is computed and written first."""
    paths = allocate_home(home, rules, judged).paths
    return pl.scan_parquet(list(paths)) if paths else pl.LazyFrame(schema=ALLOCATED)


def stage_allocation(home: Path, rules: Sequence[Rule], judged: Sequence[Judged], path: Path) -> Path:
    """Write the release's table `allocation` to `path` as one Parquet file and return it. Every column of it is public, none names a person."""
    allocation(home, rules, judged).sink_parquet(path)
    return path


def carried(home: Path, judged: Iterable[Judged]) -> list[Judged]:
    """Return the judgements with each line that left named by the line that stands for it now."""
    every = list(judged)
    of_lines = {one.subject for one in every if one.kind == "line"}
    if not of_lines:
        return every
    pairs = continued(home).filter(pl.col("line_id").is_in(list(of_lines)))
    now = dict(pairs.iter_rows())
    return [
        Judged(one.kind, now.get(one.subject, one.subject), one.parts, one.at) if one.kind == "line" else one
        for one in every
    ]


def home_lines(home: Path, receipts: Sequence[dict[str, Any]], columns: set[str]) -> pl.DataFrame:
    """Return columns of the lines of batches in their order, class and supplier as they hold today among them."""
    judged = judged_classes(home)
    frames = [
        with_suggestions(home, receipt, judged, columns).select(sorted(columns)) for receipt in receipts
    ]
    return pl.concat(pl.collect_all(frames))


def known_lines(home: Path, line_ids: Sequence[str]) -> set[str]:
    """Return which of the ids are of lines that count today."""
    files = {line_id[:ID_HASH] for line_id in line_ids}
    paths = [
        batch_path(home, str(receipt["batch"]))
        for receipt in current(home, "line")
        if str(receipt["file"]["sha256"])[:ID_HASH] in files
    ]
    if not paths:
        return set()
    wanted = pl.col("line_id").is_in(list(line_ids))
    return set(pl.scan_parquet(paths).select("line_id").filter(wanted).collect()["line_id"])


def earlier_ids(home: Path, line_ids: Sequence[str]) -> dict[str, str]:
    """Return for each line that left and is continued by one of these: its id → the id of the line that stands for it now."""
    pairs = continued(home).filter(pl.col("now").is_in(list(line_ids)))
    return dict(pairs.select("line_id", "now").iter_rows())


class _Concern:
    """Which rules and judgements concern which batch, and the name that its allocation therefore has."""

    def __init__(self, home: Path, rules: list[Rule], judged: list[Judged]) -> None:
        self._home, self.rules, self.judged = home, rules, judged
        self._of_file: dict[str, list[Judged]] = {}
        for one in judged:
            if one.kind == "line":
                self._of_file.setdefault(one.subject[:ID_HASH], []).append(one)
        self._of_contracts = [one for one in judged if one.kind == "contract"]
        self._by_class = any(rule.conditions.classes for rule in rules)
        self._classes: dict[str, list[list[str]]] = {}
        if self._by_class:
            people = judged_classes(home).select("line_id", "class").sort("line_id")
            for line_id, cls in people.iter_rows():
                self._classes.setdefault(line_id[:ID_HASH], []).append([line_id, cls])

    def path(self, receipt: dict[str, Any]) -> Path:
        return folder(self._home) / f"{receipt['batch']}.{self._digest(receipt)}.parquet"

    def _digest(self, receipt: dict[str, Any]) -> str:
        years = receipt["fiscal_years"]
        rules = [rule for rule in self.rules if _may_meet(rule, years)]
        of_file = str(receipt["file"]["sha256"])[:ID_HASH]
        asked: dict[str, Any] = {
            "version": VERSION,
            "rules": [rule.as_json() for rule in rules],
            "judged": [_said(one) for one in (*self._of_file.get(of_file, ()), *self._contracts(receipt))],
        }
        if any(rule.conditions.classes for rule in rules):
            asked["classes"] = [class_version(scope(self._home)), self._classes.get(of_file, [])]
        if any(rule.conditions.suppliers for rule in rules):
            asked["suppliers"] = link_version(persons(self._home, str(receipt["source"])))
        text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _contracts(self, receipt: dict[str, Any]) -> list[Judged]:
        """Return the judgements of contracts that lines of the batch name."""
        if not self._of_contracts:
            return []
        numbers = [one.subject for one in self._of_contracts]
        lines = pl.scan_parquet(batch_path(self._home, str(receipt["batch"])))
        named = lines.select("contract_no").filter(pl.col("contract_no").is_in(numbers)).unique().collect()
        there = set(named["contract_no"])
        return [one for one in self._of_contracts if one.subject in there]


def _said(one: Judged) -> list[Any]:
    return [one.kind, one.subject, [[part.project, part.share_bp] for part in one.parts], one.at]


def _may_meet(rule: Rule, years: Sequence[int]) -> bool:
    low, high = rule.conditions.year_from, rule.conditions.year_until
    return any((low is None or low <= year) and (high is None or year <= high) for year in years)


def _write(home: Path, chunk: list[tuple[dict[str, Any], Path]], concern: _Concern) -> int:
    """Allocate the lines of several batches at once, and write each batch's own part. Returns how many lines."""
    lines = home_lines(home, [receipt for receipt, _ in chunk], columns_for(concern.rules))
    rows = numbered(lines, concern.rules, concern.judged)
    at, first = rows["at"], 0
    for receipt, path in chunk:
        last = first + int(receipt["lines"])
        start, stop = at.search_sorted(first), at.search_sorted(last)
        write_whole(rows.slice(start, stop - start).drop("at"), path)
        first = last
    return lines.height
