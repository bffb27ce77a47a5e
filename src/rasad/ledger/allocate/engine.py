"""The allocation of lines: for each line one outcome, by precedence; for each outcome its parts; for each part its amount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import polars as pl

from rasad.ledger.allocate.meeting import first_met, needed
from rasad.ledger.allocate.rules import WHOLE_BP, Judged, Part, Rule, in_order
from rasad.ledger.allocate.shares import with_amounts

ALLOCATED = {
    "line_id": pl.String,
    "part": pl.Int64,
    "project": pl.String,
    "share_bp": pl.Int64,
    "amount": pl.Int64,
    "method": pl.String,
    "rule": pl.String,
    "rule_version": pl.Int64,
}
"""One row for each project of a line, then one for what is unlinked (project null) where anything is; the amounts are together the line's."""
_OUTCOME = {name: type_ for name, type_ in ALLOCATED.items() if name not in ("line_id", "amount")}


def columns_for(rules: Sequence[Rule]) -> set[str]:
    """Return the columns of lines that an allocation by these rules reads."""
    return {"line_id", "amount", "contract_no"} | needed(rules)


def allocate(lines: pl.DataFrame, rules: Sequence[Rule] = (), judged: Sequence[Judged] = ()) -> pl.DataFrame:
    """Return the allocation of every line, in the lines' order: columns of ALLOCATED.

    `lines` has the columns that `columns_for` names; no two rows have one `line_id`. The latest judgement of the line decides, else the latest
    of its contract, else the first rule that it meets; where none does the line is unlinked, by method none.
    """
    return numbered(lines, rules, judged).drop("at")


def numbered(lines: pl.DataFrame, rules: Sequence[Rule], judged: Sequence[Judged]) -> pl.DataFrame:
    """Return the same as `allocate` with `at`, the line's place from 0."""
    return divide(lines, decide(lines, rules, judged), Outcomes.of(in_order(rules), judged))


def divide(lines: pl.DataFrame, chosen: pl.Series, outcomes: Outcomes) -> pl.DataFrame:
    """Return the parts of each line (line_id, amount) by the number of the outcome that was chosen for it: at, and columns of ALLOCATED."""
    rows = (
        pl.DataFrame([chosen.cast(pl.UInt32).alias("chosen")])
        .with_row_index("at")
        .with_columns(lines["line_id"], lines["amount"].alias("whole"))
        .join(outcomes.frame(), on="chosen", how="left", maintain_order="left_right")
    )
    divided = pl.col("share_bp") != WHOLE_BP
    whole = rows.filter(~divided).with_columns(amount="whole")
    shared = with_amounts(rows.filter(divided))
    every = pl.concat([whole, shared]).sort("at", "part") if shared.height else whole
    return every.select("at", *ALLOCATED)


def decide(lines: pl.DataFrame, rules: Sequence[Rule], judged: Sequence[Judged]) -> pl.Series:
    """Return for each line which outcome holds: 0 none, then the rules as they are asked, then the judgements as they are given."""
    by_rule = first_met(lines, in_order(rules))
    frame = lines.select("line_id", "contract_no").with_columns(by_rule)
    places: list[pl.Expr] = []
    for kind, column in (("line", "line_id"), ("contract", "contract_no")):
        held = [
            (one.subject, len(rules) + 1 + number, one.at)
            for number, one in enumerate(judged)
            if one.kind == kind
        ]
        if held:
            table = (
                pl.DataFrame(
                    held, schema={column: pl.String, kind: pl.UInt32, "said": pl.String}, orient="row"
                )
                .sort("said", maintain_order=True)
                .unique(column, keep="last")
                .drop("said")
            )
            frame = frame.join(table, on=column, how="left", maintain_order="left")
            places.append(pl.col(kind))
    return frame.select(pl.coalesce(*places, "met").alias("chosen")).to_series()


class Outcomes:
    """What can be said of a line, numbered; 0 is that nobody said anything."""

    def __init__(self) -> None:
        self._rows: list[tuple[object, ...]] = []
        self._count = 0
        self.add((), "none")

    @classmethod
    def of(cls, rules: Sequence[Rule], judged: Sequence[Judged] = ()) -> Self:
        """Return what rules, in the order in which they are asked, and then judgements can say."""
        made = cls()
        for rule in rules:
            made.add(rule.parts, "rule", rule.code, rule.version)
        for one in judged:
            made.add(one.parts, "person")
        return made

    def add(
        self, parts: Sequence[Part], method: str, rule: str | None = None, version: int | None = None
    ) -> None:
        """Add an outcome: its number is the number of those before it."""
        rest = WHOLE_BP - sum(part.share_bp for part in parts)
        shares: list[tuple[str | None, int]] = [(part.project, part.share_bp) for part in parts]
        if rest:
            shares.append((None, rest))
        self._rows += [
            (self._count, place, project, share, method, rule, version)
            for place, (project, share) in enumerate(shares, 1)
        ]
        self._count += 1

    def frame(self) -> pl.DataFrame:
        """Return the parts of every outcome."""
        return pl.DataFrame(self._rows, schema={"chosen": pl.UInt32, **_OUTCOME}, orient="row")
