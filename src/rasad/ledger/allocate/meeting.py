"""Which rule a line meets first: every condition is asked once of each distinct code and text, then joined back.

Up to 64 rules are asked together: each distinct value has one integer whose bits say which of the rules it suits; a line's integers are
joined by "and", and its lowest bit is the first rule that it meets in every condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from rasad.ledger.allocate.rules import Conditions, Rule
from rasad.ledger.classify.fold import padded, padded_keys

WORD = 64
Suits = Callable[[Conditions], pl.Expr | None]
"""What a condition asks of a column of distinct values; None where it asks nothing."""


def first_met(lines: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    """Return for each line the number of the first rule that it meets, from 1; 0 where it meets none.

    `lines` has the columns that `needed` names.
    """
    met = pl.repeat(0, lines.height, dtype=pl.UInt32, eager=True)
    for start in range(0, len(rules), WORD):
        mask = _mask(lines, rules[start : start + WORD])
        frame = pl.DataFrame([met.alias("met"), mask.alias("mask")])
        lowest = pl.col("mask").bitwise_trailing_zeros() + (start + 1)
        met = frame.select(
            pl.when((pl.col("met") == 0) & (pl.col("mask") != 0))
            .then(lowest)
            .otherwise(pl.col("met"))
            .cast(pl.UInt32)
        ).to_series()
    return met.alias("met")


def needed(rules: Sequence[Rule]) -> set[str]:
    """Return the columns of lines that the rules ask about."""
    columns = {
        column
        for column, suits in _ASKED.items()
        if any(suits(rule.conditions) is not None for rule in rules)
    }
    if any(_has_title(rule.conditions) for rule in rules):
        columns.add("title_key")
    return columns


def _mask(lines: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    every = (1 << len(rules)) - 1
    masks: list[pl.Expr] = []
    frame = lines.select(needed(rules))
    for column, suits in _ASKED.items():
        asked = [(number, suits(rule.conditions)) for number, rule in enumerate(rules)]
        tested = {number: test for number, test in asked if test is not None}
        if not tested:
            continue
        others = every & ~sum(1 << number for number in tested)
        bits = [
            pl.when(test.fill_null(False))
            .then(pl.lit(1 << number, pl.UInt64))
            .otherwise(pl.lit(0, pl.UInt64))
            for number, test in tested.items()
        ]
        mask = reduce(or_, bits, pl.lit(others, pl.UInt64))
        if column == "amount":
            masks.append(mask)
            continue
        frame = _joined(frame, column, frame.select(column).unique().with_columns(mask.alias(f"m_{column}")))
        masks.append(pl.col(f"m_{column}"))
    if any(_has_title(rule.conditions) for rule in rules):
        frame = _joined(frame, "title_key", _titles(frame, rules))
        masks.append(pl.col("m_title_key"))
    return frame.select(reduce(and_, masks).alias("mask")).to_series()


def _joined(frame: pl.DataFrame, column: str, distinct: pl.DataFrame) -> pl.DataFrame:
    return frame.join(distinct, on=column, how="left", nulls_equal=True, maintain_order="left")


def _code(codes: tuple[str, ...], column: str) -> pl.Expr | None:
    if not codes:
        return None
    exact = [code for code in codes if not code.endswith("*")]
    tests = [pl.col(column).str.starts_with(code.removesuffix("*")) for code in codes if code.endswith("*")]
    return reduce(or_, tests, pl.col(column).is_in(exact))


def _listed(values: tuple[str, ...], column: str) -> pl.Expr | None:
    return pl.col(column).is_in(list(values)) if values else None


def _between(column: pl.Expr, low: Any, high: Any) -> pl.Expr | None:
    if low is None and high is None:
        return None
    tests: list[pl.Expr] = []
    if low is not None:
        tests.append(column >= low)
    if high is not None:
        tests.append(column <= high)
    return reduce(and_, tests)


_ASKED: dict[str, Suits] = {
    "unit_code": lambda c: _code(c.units, "unit_code"),
    "programme_code": lambda c: _code(c.programmes, "programme_code"),
    "economic_code": lambda c: _code(c.economics, "economic_code"),
    "tree_code": lambda c: _code(c.trees, "tree_code"),
    "contract_no": lambda c: _code(c.contracts, "contract_no"),
    "supplier": lambda c: _listed(c.suppliers, "supplier"),
    "date": lambda c: _between(pl.col("date"), c.date_from, c.date_until),
    "fiscal_year": lambda c: _between(pl.col("fiscal_year"), c.year_from, c.year_until),
    "stage": lambda c: _listed(c.stages, "stage"),
    "book": lambda c: _listed(c.books, "book"),
    "flow": lambda c: _listed(c.flows, "flow"),
    "class": lambda c: _listed(c.classes, "class"),
    "amount": lambda c: _between(pl.col("amount").abs(), c.amount_min, c.amount_max),
}


def _has_title(conditions: Conditions) -> bool:
    return bool(conditions.title_all or conditions.title_any or conditions.title_none)


def _patterns(phrases: tuple[str, ...]) -> list[str]:
    """Return the phrases as they stand in a padded key: " phrase ", or " phrase" where the last word may go on."""
    keys = padded_keys([phrase.removesuffix("*") for phrase in phrases])
    return [
        pattern.rstrip(" ") if phrase.endswith("*") else pattern
        for phrase, pattern in zip(phrases, keys, strict=True)
    ]


def _titles(frame: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return each distinct `title_key` with `m_title_key`: the rules whose words it suits. One pass, however many rules there are."""
    texts = frame.select("title_key").unique().with_row_index("id")
    wanted: list[tuple[str, int, str]] = []
    needs: list[tuple[int, int, bool]] = []
    asked = 0
    for number, rule in enumerate(rules):
        conditions = rule.conditions
        if not _has_title(conditions):
            continue
        asked |= 1 << number
        sets = {kind: set(_patterns(getattr(conditions, f"title_{kind}"))) for kind in ("all", "any", "none")}
        wanted += [(pattern, number, kind) for kind, patterns in sets.items() for pattern in patterns]
        needs.append((number, len(sets["all"]), bool(sets["any"])))
    every = (1 << len(rules)) - 1
    table = pl.DataFrame(
        wanted, schema={"pattern": pl.String, "rule": pl.UInt32, "kind": pl.String}, orient="row"
    )
    hits = (
        texts.drop_nulls("title_key")
        .select(
            "id",
            padded(pl.col("title_key"))
            .str.extract_many(table["pattern"].unique().to_list(), overlapping=True)
            .alias("pattern"),
        )
        .explode("pattern")
        .drop_nulls("pattern")
        .unique()
        .join(table, on="pattern")
        .group_by("id", "rule")
        .agg(
            (pl.col("kind") == "all").sum().alias("all"),
            (pl.col("kind") == "any").any().alias("any"),
            (pl.col("kind") == "none").any().alias("none"),
        )
    )
    # A text with no hit at all suits the rules that only rule words out; hits turn bits on and off from there.
    about = pl.DataFrame(
        needs, schema={"rule": pl.UInt32, "needs_all": pl.UInt32, "needs_any": pl.Boolean}, orient="row"
    )
    silent = every & ~asked | sum(1 << number for number, all_, any_ in needs if not all_ and not any_)
    suits = (pl.col("all") == pl.col("needs_all")) & (pl.col("any") | ~pl.col("needs_any")) & ~pl.col("none")
    powers = pl.DataFrame(
        {"rule": list(range(len(rules))), "bit": [1 << number for number in range(len(rules))]},
        schema={"rule": pl.UInt32, "bit": pl.UInt64},
    )
    found = (
        hits.join(about, on="rule")
        .join(powers, on="rule")
        .group_by("id")
        .agg(
            pl.col("bit").filter(suits).sum().alias("on"),
            pl.col("bit").filter(~suits).sum().alias("off"),
        )
    )
    return texts.join(found, on="id", how="left").select(
        "title_key",
        (
            (pl.lit(silent, pl.UInt64) | pl.col("on").fill_null(0))
            & ~pl.col("off").fill_null(pl.lit(0, pl.UInt64))
        ).alias("m_title_key"),
    )
