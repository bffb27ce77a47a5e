"""Which rule a text meets: one pass over the distinct texts, however many rules there are."""

from __future__ import annotations

import polars as pl

from rasad.ledger.classify.rules import Field, Rule, Rulebook

_ROOM = 1_000_000
"""More than there are rules, and characters in a phrase."""


def find(texts: pl.DataFrame, book: Rulebook, field: Field, *, modes: bool) -> pl.DataFrame:
    """Return (text id, pattern), as often as it stands there, for every pattern of a field's rules, and of modes where wanted, in `texts` (columns id, folded)."""
    of_rules = {
        pattern
        for rule in book.rules
        if field in rule.fields
        for pattern in (*rule.any, *rule.with_, *rule.unless)
    }
    patterns = sorted(of_rules | ({*book.run, *book.change} if modes else set()))
    found = pl.col("folded").str.extract_many(patterns, overlapping=True).alias("pattern")
    return texts.select("id", found).explode("pattern").drop_nulls("pattern")


def best_rules(hits: pl.DataFrame, rules: tuple[Rule, ...], field: Field) -> pl.DataFrame:
    """Return for each text that meets a rule of `field` the surest one: id, rule (its index). `hits` are those of `find`.

    A rule is met where one of its `any` is found, one of its `with` if it has any, and none of its `unless`.
    Of equally sure rules the one with the longest phrase wins, then the earlier.
    """
    mine = [(index, rule) for index, rule in enumerate(rules) if field in rule.fields]
    wanted = [
        (pattern, index, kind)
        for index, rule in mine
        for kind, patterns in (("any", rule.any), ("with", rule.with_), ("unless", rule.unless))
        for pattern in patterns
    ]
    table = pl.DataFrame(
        wanted, schema={"pattern": pl.String, "rule": pl.UInt32, "kind": pl.String}, orient="row"
    )
    # The surest, then the longest phrase, then the earlier rule: as one number, so that the best is the greatest.
    surest = sorted({rule.confidence for _, rule in mine})
    about = pl.DataFrame(
        [(index, bool(rule.with_), surest.index(rule.confidence)) for index, rule in mine],
        schema={"rule": pl.UInt32, "needs_with": pl.Boolean, "sure": pl.Int64},
        orient="row",
    )
    kind, length = pl.col("kind"), pl.col("pattern").str.len_chars().cast(pl.Int64)
    best = (pl.col("sure") * _ROOM + pl.col("longest")) * _ROOM + (_ROOM - 1 - pl.col("rule"))
    return (
        hits.join(table, on="pattern")
        .group_by("id", "rule")
        .agg(
            length.filter(kind == "any").max().alias("longest"),
            (kind == "with").any().alias("has_with"),
            (kind == "unless").any().alias("has_unless"),
        )
        .join(about, on="rule")
        .filter(
            pl.col("longest").is_not_null()
            & ~pl.col("has_unless")
            & (pl.col("has_with") | ~pl.col("needs_with"))
        )
        .group_by("id")
        .agg(best.max().alias("best"))
        .select("id", (_ROOM - 1 - pl.col("best") % _ROOM).cast(pl.UInt32).alias("rule"))
    )


def modes(hits: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Return for each text that tells its mode: id, mode. The longest phrase tells; on a tie, run. `hits` are those of `find`."""
    wanted = [(pattern, "run") for pattern in book.run] + [(pattern, "change") for pattern in book.change]
    table = pl.DataFrame(wanted, schema={"pattern": pl.String, "mode": pl.String}, orient="row")
    return (
        hits.join(table, on="pattern")
        .with_columns(pl.col("pattern").str.len_chars().alias("length"))
        .sort(["id", "length", "mode"], descending=[False, True, True])
        .unique("id", keep="first", maintain_order=True)
        .select("id", "mode")
    )
