"""Classes for lines: every distinct code and text is judged once, then joined to the lines.

The surest evidence decides; on a tie the official code, then the description, the economic item's name, the
supplier's name and the functional programme. A line with no evidence stays `unknown`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import polars as pl

from rasad.ledger.classify.fold import key, padded
from rasad.ledger.classify.rules import Code, Field, Rulebook, rulebook
from rasad.ledger.classify.wording import best_rules, modes

SUGGESTION = {
    "line_no": pl.Int64,
    "class": pl.String,
    "mode": pl.String,
    "method": pl.String,
    "rule": pl.String,
    "version": pl.String,
    "confidence": pl.Float64,
}
TEXTS: tuple[tuple[str, Field], ...] = (
    ("title", "title"),
    ("economic", "economic"),
    ("supplier_name", "supplier"),
)
INPUTS = ("economic_code", "programme_code", "unit_code", "title", "economic", "supplier_name", "nature")
UNIT_PREFIX = 3
"""A unit's code of at least so many signs also stands for the units below it (501 for 501102)."""


@dataclass(frozen=True)
class Scope:
    """What a city says of itself: its official code `scheme`, and the programmes and units of its IT organisation."""

    scheme: str | None = None
    it_programmes: tuple[str, ...] = ()
    it_units: tuple[str, ...] = ()
    languages: tuple[str, ...] = field(default=())


def version(scope: Scope) -> str:
    """Return the version that suggestions under `scope` carry: taxonomy version and digest of rules and scope."""
    book = rulebook()
    own = json.dumps([scope.scheme, scope.it_programmes, scope.it_units], ensure_ascii=False)
    return f"{book.version}-{hashlib.sha256((book.digest + own).encode()).hexdigest()[:8]}"


class _Outcomes:
    """The possible verdicts, numbered; 0 is no evidence."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str | None, str, str | None, float]] = [
            ("unknown", None, "none", None, 0.0)
        ]

    def add(self, cls: str, mode: str | None, method: str, rule: str, confidence: float) -> int:
        self.rows.append((cls, mode, method, rule, confidence))
        return len(self.rows) - 1

    def column(self, index: int, dtype: type[pl.DataType]) -> pl.Series:
        return pl.Series([row[index] for row in self.rows], dtype=dtype)


def _distinct(lines: pl.DataFrame, column: str) -> list[str]:
    return lines[column].drop_nulls().unique().to_list()


def _table(column: str, name: str, pairs: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={column: pl.String, name: pl.UInt32}, orient="row")


def in_scope(scope: Scope) -> pl.Expr:
    """Return whether a line (programme_code, unit_code) is of a programme or unit of the IT organisation."""
    inside = pl.lit(False)
    if scope.it_programmes:
        inside = inside | pl.col("programme_code").is_in(list(scope.it_programmes)).fill_null(False)
    for unit in scope.it_units:
        code = pl.col("unit_code")
        below = code.str.starts_with(unit) if len(unit) >= UNIT_PREFIX else code == unit
        inside = inside | below.fill_null(False)
    return inside


def _codes(lines: pl.DataFrame, book: Rulebook, scope: Scope, out: _Outcomes) -> pl.DataFrame:
    """Add the numbers of what code and programme say, and the mode that the code suggests."""
    scheme = book.schemes.get(scope.scheme or "")
    empty = pl.lit(0, pl.UInt32)
    if scheme is None:
        return lines.with_columns(
            empty.alias("o_code"), empty.alias("o_programme"), pl.lit(None, pl.String).alias("code_mode")
        )
    numbers: dict[str, int] = {}

    def number(kind: str, code: Code | None, *, inside: bool) -> int:
        if code is None:
            return 0
        use_it = inside and code.it_cls is not None
        cls, mode, confidence = (
            (code.it_cls, code.it_mode, code.it_confidence)
            if use_it
            else (code.cls, code.mode, code.confidence)
        )
        if cls is None:
            return 0
        rule = f"{scheme.id}:{kind}{code.prefix}{'@it' if use_it else ''}"
        if rule not in numbers:
            numbers[rule] = out.add(cls, mode, "code", rule, confidence)
        return numbers[rule]

    codes = _distinct(lines, "economic_code")
    economic = pl.DataFrame(
        [
            (code, inside, number("", scheme.code(code), inside=inside), scheme.mode(code))
            for code in codes
            for inside in (False, True)
        ],
        schema={
            "economic_code": pl.String,
            "inside": pl.Boolean,
            "o_code": pl.UInt32,
            "code_mode": pl.String,
        },
        orient="row",
    )
    programmes = _table(
        "programme_code",
        "o_programme",
        [
            (code, number("programme ", scheme.programme(code), inside=False))
            for code in _distinct(lines, "programme_code")
        ],
    )
    return (
        lines.with_columns(in_scope(scope).alias("inside"))
        .join(economic, on=["economic_code", "inside"], how="left", maintain_order="left")
        .join(programmes, on="programme_code", how="left", maintain_order="left")
        .with_columns(pl.col("o_code", "o_programme").fill_null(0))
    )


def _texts(lines: pl.DataFrame, book: Rulebook, out: _Outcomes) -> pl.DataFrame:
    """Add the numbers of what the texts say, and the modes they tell."""
    numbers = {
        index: out.add(rule.cls, rule.mode, "rule", rule.id, rule.confidence)
        for index, rule in enumerate(book.rules)
    }
    as_number = pl.DataFrame(
        list(numbers.items()), schema={"rule": pl.UInt32, "number": pl.UInt32}, orient="row"
    )
    for column, name in TEXTS:
        distinct = (
            lines.select(column)
            .drop_nulls()
            .unique()
            .with_row_index("id")
            .with_columns(padded(key(pl.col(column))).alias("folded"))
        )
        best = best_rules(distinct.select("id", "folded"), book.rules, name).join(as_number, on="rule")
        verdict = distinct.select("id", column).join(
            best.select("id", pl.col("number").alias(f"o_{name}")), on="id", how="left"
        )
        if name != "supplier":
            verdict = verdict.join(
                modes(distinct.select("id", "folded"), book).rename({"mode": f"{name}_mode"}),
                on="id",
                how="left",
            )
        lines = lines.join(verdict.drop("id"), on=column, how="left", maintain_order="left")
    return lines.with_columns(pl.col("o_title", "o_economic", "o_supplier").fill_null(0))


def classify(lines: pl.LazyFrame | pl.DataFrame, scope: Scope | None = None) -> pl.DataFrame:
    """Return one suggestion per line, in the lines' order: columns of SUGGESTION.

    `lines` has `line_no` and any of INPUTS. Nothing is read from a source's own `label`.
    """
    scope = scope or Scope()
    book, out = rulebook(), _Outcomes()
    frame = lines.lazy()
    there = frame.collect_schema().names()
    frame_ = frame.select(
        pl.col("line_no").cast(pl.Int64),
        *((pl.col(name) if name in there else pl.lit(None)).cast(pl.String).alias(name) for name in INPUTS),
    ).collect()
    judged = _texts(_codes(frame_, book, scope, out), book, out)
    confidence = out.column(4, pl.Float64)
    order = ("o_code", "o_title", "o_economic", "o_supplier", "o_programme")
    sure = [pl.lit(confidence).gather(pl.col(name)) for name in order]
    best = pl.max_horizontal(sure)
    chosen = pl.lit(0, pl.UInt32)
    for name, value in zip(reversed(order), reversed(sure), strict=True):
        chosen = pl.when(value == best).then(pl.col(name)).otherwise(chosen)
    picked = judged.select(
        "line_no",
        chosen.alias("chosen"),
        pl.coalesce("title_mode", "economic_mode", "code_mode", _nature_mode()).alias("told_mode"),
    )

    def of(index: int, dtype: type[pl.DataType]) -> pl.Expr:
        return pl.lit(out.column(index, dtype)).gather(pl.col("chosen"))

    mode = pl.coalesce(of(1, pl.String), pl.col("told_mode"), pl.lit("unknown"))
    return picked.select(
        "line_no",
        of(0, pl.String).alias("class"),
        pl.when(of(0, pl.String).is_in(["not_it", "unknown"]))
        .then(pl.lit("unknown"))
        .otherwise(mode)
        .alias("mode"),
        of(2, pl.String).alias("method"),
        of(3, pl.String).alias("rule"),
        pl.lit(version(scope)).alias("version"),
        of(4, pl.Float64).alias("confidence"),
    )


def _nature_mode() -> pl.Expr:
    nature = pl.col("nature")
    return (
        pl.when(nature == "capital")
        .then(pl.lit("change"))
        .when(nature.is_in(["current", "expense"]))
        .then(pl.lit("run"))
        .otherwise(pl.lit(None, pl.String))
    )
