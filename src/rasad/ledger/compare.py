"""Two versions of a source's lines compared: which are the same, which changed, which came and which are gone.

Lines are the same where all that was read of them is the same, however it was spelled in the file; repeats are told apart by counting
them. Of what is left, lines of one key are the same line changed: the key is what the mapping's `[identity]` states; without one
nothing is called changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from rasad.persian.digits import DIGIT_MAP

# What says where a line stands, not what it says; and what is written beside a value that is read.
_PLACE = frozenset(
    "line_id line_no batch source file_name file_hash sheet row corrected_hash corrected_row as_of title_key extra".split()
)
_BY = ("flow", "stage", "currency")
_WITH_KEY = ("fiscal_year", "flow", "stage", "origin")
_SHOWN = ("sheet", "row", "date", "title", "supplier_name", "document_no", "contract_no", "unit")


@dataclass(frozen=True)
class Change:
    """The sums of one amount column, in the smallest unit: old + added + changed − gone = new. `changed` is what changed lines differ by."""

    flow: str
    stage: str
    currency: str
    old: int
    added: int
    changed: int
    gone: int
    new: int

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Comparison:
    """What two versions of the same lines have in common.

    same: line_id, line_id_new, moved. changed: line_id, line_id_new, amount, amount_new. added and gone: line_id, amount. Each has also
    flow, stage and currency (empty for contracts). Every line of the old version is in exactly one of same, changed, gone; every line of
    the new in exactly one of same, changed, added.
    """

    old: pl.DataFrame
    new: pl.DataFrame
    same: pl.DataFrame
    changed: pl.DataFrame
    added: pl.DataFrame
    gone: pl.DataFrame

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many lines: old, new, same, moved (the same elsewhere in the file), changed, added, gone."""
        found = {
            name: getattr(self, name).height for name in ("old", "new", "same", "changed", "added", "gone")
        }
        return {**found, "moved": int(self.same["moved"].sum())}

    @property
    def differs(self) -> bool:
        return bool(self.changed.height or self.added.height or self.gone.height)

    @cached_property
    def amounts(self) -> list[Change]:
        """Return the sums of each amount column."""
        sums = {
            "old": _sums(self.old),
            "added": _sums(self.added),
            "changed": _sums(self.changed, pl.col("amount_new").cast(pl.Int128) - pl.col("amount")),
            "gone": _sums(self.gone),
            "new": _sums(self.new),
        }
        columns = sorted({column for one in sums.values() for column in one})
        return [
            Change(
                *column, *(sums[name].get(column, 0) for name in ("old", "added", "changed", "gone", "new"))
            )
            for column in columns
        ]

    def largest(self, what: str, limit: int) -> list[dict[str, Any]]:
        """Return the lines that are `changed`, `added` or `gone`, the largest amount (of changed ones: difference) first.

        Each has line_id, sheet, row, amount, and what says which payment it is; a changed one also `new` (the same of the new version) and
        `columns` (the names of the columns that differ).
        """
        frame: pl.DataFrame = getattr(self, what)
        size = pl.col("amount").cast(pl.Int128)
        if what == "changed":
            size = pl.col("amount_new").cast(pl.Int128) - size
        top = frame.sort(size.abs(), pl.col("line_id"), descending=[True, False]).head(limit)
        side = self.new if what == "added" else self.old
        rows = _rows(side, top["line_id"])
        if what != "changed":
            return [_shown(row) for row in rows]
        found = []
        for row, other in zip(rows, _rows(self.new, top["line_id_new"]), strict=True):
            differ = [name for name in contents(self.old.columns) if row.get(name) != other.get(name)]
            found.append({**_shown(row), "new": _shown(other), "columns": differ})
        return found

    def as_dict(self, limit: int = 20) -> dict[str, Any]:
        """Return counts, amounts, and the largest of what differs."""
        return {
            "lines": self.counts,
            "amounts": [one.as_dict() for one in self.amounts],
            **{what: self.largest(what, limit) for what in ("changed", "added", "gone")},
        }


def contents(columns: Iterable[str]) -> list[str]:
    """Return the columns that say what a line is: what was read, without where it stood and how it was spelled."""
    return [
        name
        for name in columns
        if name not in _PLACE and (not name.endswith("_raw") or name == "supplier_id_raw")
    ]


def compare(old: pl.DataFrame, new: pl.DataFrame, identity: tuple[str, ...] = ()) -> Comparison:
    """Compare two versions, each with the columns of one table. Where lines repeat, the first stands for the first."""
    before, after = fingerprints(old, identity), fingerprints(new, identity)
    same = before.join(
        after, on=["content", "amount", "nth"], how="inner", suffix="_new", maintain_order="left"
    )
    rest = before.join(same, on="line_id", how="anti", maintain_order="left")
    come = after.join(same, left_on="line_id", right_on="line_id_new", how="anti", maintain_order="left")
    rest, come = (_numbered(frame, "key") for frame in (rest, come))
    keyed = pl.col("key").is_not_null()
    changed = rest.filter(keyed).join(
        come.filter(keyed), on=["key", "nth"], how="inner", suffix="_new", maintain_order="left"
    )
    place = ["sheet", "row"]
    moved = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in place)
    return Comparison(
        old=old,
        new=new,
        same=same.select("line_id", "line_id_new", *_BY, "amount", moved.alias("moved")),
        changed=changed.select("line_id", "line_id_new", *_BY, "amount", "amount_new"),
        added=come.join(
            changed, left_on="line_id", right_on="line_id_new", how="anti", maintain_order="left"
        ).select("line_id", *_BY, "amount"),
        gone=rest.join(changed, on="line_id", how="anti", maintain_order="left").select(
            "line_id", *_BY, "amount"
        ),
    )


def fingerprints(lines: pl.DataFrame, identity: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return line_id, sheet, row, flow, stage, currency, amount, date, content, key, nth.

    content: a hash of what the line says. nth: which of the lines that say the same it is. key: a hash of its identity, null where it has
    none. Hashes hold within one run.
    """
    said = [_settled(name) for name in contents(lines.columns)]
    named = [name for name in _WITH_KEY if name in lines.columns]
    key = pl.lit(None, pl.UInt64)
    if identity:
        some = pl.any_horizontal(pl.col(name).is_not_null() for name in identity)
        key = pl.when(some).then(pl.struct(*map(_settled, identity), *named).hash(7)).otherwise(None)
    frame = lines.select(
        "line_id",
        "sheet",
        pl.col("row").cast(pl.Int64),
        *((name if name in lines.columns else pl.lit("").alias(name)) for name in _BY),
        "amount",
        "date" if "date" in lines.columns else pl.lit(None, pl.Date).alias("date"),
        pl.struct(said).hash(3).alias("content"),
        key.alias("key"),
    )
    return _numbered(frame, "content")


def _settled(name: str) -> pl.Expr:
    """An id is the same in Persian digits and in others."""
    column = pl.col(name)
    return column.str.replace_many(DIGIT_MAP).str.strip_chars() if name == "supplier_id_raw" else column


def _numbered(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Add `nth`: of the rows alike in `by`, which one it is in the file's order."""
    alike = [by, "amount"] if by == "content" else [by]
    return frame.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).over(alike).alias("nth"))


def _sums(frame: pl.DataFrame, amount: pl.Expr | None = None) -> dict[tuple[str, str, str], int]:
    amount = pl.col("amount").cast(pl.Int128) if amount is None else amount
    by = [pl.col(name) if name in frame.columns else pl.lit("").alias(name) for name in _BY]
    sums = frame.group_by(by).agg(amount.sum().alias("sum"))
    return {(str(row[0]), str(row[1]), str(row[2])): int(row[3] or 0) for row in sums.iter_rows()}


def _rows(frame: pl.DataFrame, wanted: pl.Series) -> list[dict[str, Any]]:
    chosen = wanted.to_frame("line_id").join(frame, on="line_id", how="left", maintain_order="left")
    return chosen.to_dicts()


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    kept = {
        "line_id": row["line_id"],
        **{name: row[name] for name in _SHOWN if row.get(name) not in (None, "")},
    }
    more = {name: row[name] for name in ("flow", "stage") if row.get(name)}
    return {**kept, **more, "amount": row["amount"], "currency": row["currency"]}
