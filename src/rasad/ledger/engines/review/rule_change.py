"""What a rule would change before it runs: which money goes from where to where, and which people's judgements it meets and leaves alone."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rasad.ledger.allocate.engine import Outcomes, columns_for, divide
from rasad.ledger.allocate.meeting import first_met
from rasad.ledger.allocate.rules import Rule, in_order
from rasad.ledger.engines.review.asking import CLASS, Where, conditions_where
from rasad.ledger.engines.review.reader import Queued, Review
from rasad.ledger.engines.review.sums import JOINED

EXAMPLES = 8
APART = ("flow", "book", "stage", "currency")


@dataclass(frozen=True)
class Move:
    """Money of one flow, book and stage that goes from one outcome to another; an outcome is a rule's code and its version, None for none."""

    flow: str
    book: str
    stage: str
    currency: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None
    lines: int
    amount: int


@dataclass(frozen=True)
class Shift:
    """What a project (None: unlinked) has before and after, of one flow, book and stage, among the lines that change."""

    flow: str
    book: str
    stage: str
    currency: str
    project: str | None
    before: int
    after: int


@dataclass(frozen=True)
class RuleChange:
    """What would change. `meets` counts every line that the rule meets; `conflicts` those that a person judged otherwise: they stay."""

    lines: int
    moves: tuple[Move, ...]
    shifts: tuple[Shift, ...]
    examples: tuple[tuple[Queued, tuple[str, int] | None, tuple[str, int] | None], ...]
    meets: int
    conflicts: int
    agreements: int


def rule_change(review: Review, in_force: Sequence[Rule], code: str, rule: Rule | None) -> RuleChange:
    """Return what changes where `rule` takes the place of the version of `code` in force (None: where that one is retired).

    `in_force` are the rules that the index was derived under.
    """
    before = in_order(in_force)
    after = in_order([*(one for one in before if one.code != code), *([rule] if rule else [])])
    old = next((number for number, one in enumerate(before, 1) if one.code == code), 0)
    lines = _concerned(review, after if old else [], old, rule)
    conflicts, agreements = _people(review, lines, rule)
    changed = _becomes(lines.filter(~pl.col("judged")), before, after, old, rule)
    return RuleChange(
        lines=changed.height,
        moves=_moves(changed, before, after),
        shifts=_shifts(changed, before, after),
        examples=_examples(review, changed, before, after),
        meets=int(lines["met"].sum()),
        conflicts=conflicts,
        agreements=agreements,
    )


def _concerned(review: Review, asked_again: list[Rule], old: int, rule: Rule | None) -> pl.DataFrame:
    """Return the lines that the rule meets, or that the old version decides: n, line_id, amount, APART, judged, was, met, and what rules ask."""
    meets = conditions_where(rule.conditions) if rule else Where("false", [])
    columns = sorted(columns_for(asked_again) - {"class", "title_key", "line_id", "amount", *APART})
    fields = ", ".join(f"l.{name}" for name in ("line_id", "amount", *APART, *columns))
    title = ", title.key as title_key" if asked_again else ""
    # Which lines first, from few columns; then all that is asked of these.
    query = f"""
        with k as materialized (
          select * from (
            select l.n, coalesce(t.judged, false) as judged, l.rule as was, {meets.sql} as met, {CLASS} as class from {JOINED})
          where met or was = {old or -1})
        select k.*, {fields}{title} from k join line l using (n) {"left join title on title.id = l.title_id" if asked_again else ""}
    """
    with tempfile.TemporaryDirectory(prefix="rasad-") as folder:
        path = Path(folder) / "lines.parquet"
        review.relation(query, meets.values).write_parquet(str(path), compression="uncompressed")
        return pl.read_parquet(path)


def _becomes(
    lines: pl.DataFrame, before: list[Rule], after: list[Rule], old: int, rule: Rule | None
) -> pl.DataFrame:
    new = after.index(rule) + 1 if rule else 0
    # Where a rule that stays decides, the new one takes over only if it is asked before it.
    numbers = {0: 0} | {number: after.index(one) + 1 for number, one in enumerate(before, 1) if number != old}
    kept = lines.filter(pl.col("was") != old) if old else lines
    same = pl.col("was").replace_strict(list(numbers), list(numbers.values()), return_dtype=pl.UInt32)
    kept = kept.with_columns(
        becomes=pl.when(pl.col("met") & ((same == 0) | (same > new)))
        .then(pl.lit(new, pl.UInt32))
        .otherwise(same)
    )
    # Where the old version decided, every rule is asked again.
    left = lines.filter(pl.col("was") == old) if old else lines.clear()
    asked_again = first_met(left, after) if left.height else pl.Series(dtype=pl.UInt32)
    left = left.with_columns(becomes=asked_again)
    every = pl.concat([kept, left]).sort("n")
    # A further version with the same parts changes nothing of a line that both decide.
    alike = _alike(before, after)
    pairs = (
        pl.struct("was", "becomes").is_in(
            pl.Series(
                [{"was": was, "becomes": becomes} for was, becomes in alike],
                dtype=pl.Struct({"was": pl.Int32, "becomes": pl.UInt32}),
            ).implode()
        )
        if alike
        else pl.lit(False)
    )
    return every.with_columns(pl.col("was").cast(pl.Int32)).filter(~pairs)


def _alike(before: list[Rule], after: list[Rule]) -> list[tuple[int, int]]:
    """Return the pairs of outcomes that give a line the same parts by the same rule."""
    pairs = [(0, 0)]
    for was, one in enumerate(before, 1):
        pairs += [
            (was, becomes)
            for becomes, other in enumerate(after, 1)
            if other.code == one.code and other.parts == one.parts
        ]
    return pairs


def _named(rules: list[Rule], number: int) -> tuple[str, int] | None:
    return (rules[number - 1].code, rules[number - 1].version) if number else None


def _moves(changed: pl.DataFrame, before: list[Rule], after: list[Rule]) -> tuple[Move, ...]:
    groups = changed.group_by(*APART, "was", "becomes").agg(
        pl.len().alias("lines"), pl.col("amount").sum(), pl.col("amount").abs().sum().alias("size")
    )
    ordered = groups.sort([*APART, "size"], descending=[False] * len(APART) + [True])
    return tuple(
        Move(flow, book, stage, currency, _named(before, was), _named(after, becomes), lines, amount)
        for flow, book, stage, currency, was, becomes, lines, amount, _size in ordered.iter_rows()
    )


def _shifts(changed: pl.DataFrame, before: list[Rule], after: list[Rule]) -> tuple[Shift, ...]:
    sides = []
    for column, rules in (("was", before), ("becomes", after)):
        parts = divide(changed, changed[column], Outcomes.of(rules))
        keys = changed.select(APART)[parts["at"]]
        rows = pl.concat([keys, parts.select("project", "amount")], how="horizontal")
        sides.append(rows.group_by(*APART, "project").agg(pl.col("amount").sum()))
    joined = sides[0].join(sides[1], on=[*APART, "project"], how="full", nulls_equal=True, coalesce=True)
    filled = joined.with_columns(pl.col("amount").fill_null(0), pl.col("amount_right").fill_null(0))
    moved = filled.filter(pl.col("amount") != pl.col("amount_right")).sort(
        [*APART, (pl.col("amount_right") - pl.col("amount")).abs(), "project"],
        descending=[False] * len(APART) + [True, False],
        nulls_last=True,
    )
    return tuple(Shift(*row) for row in moved.select(*APART, "project", "amount", "amount_right").iter_rows())


def _examples(
    review: Review, changed: pl.DataFrame, before: list[Rule], after: list[Rule]
) -> tuple[tuple[Queued, tuple[str, int] | None, tuple[str, int] | None], ...]:
    top = changed.sort(pl.col("amount").abs(), "n", descending=[True, False]).head(EXAMPLES)
    lines = review.lines_at(top["n"].to_list())
    pairs = top.select("was", "becomes").iter_rows()
    return tuple(
        (line, _named(before, was), _named(after, becomes))
        for line, (was, becomes) in zip(lines, pairs, strict=True)
    )


def _people(review: Review, lines: pl.DataFrame, rule: Rule | None) -> tuple[int, int]:
    """Return of how many lines that the rule meets people hold otherwise, and of how many alike."""
    judged = lines.filter(pl.col("judged") & pl.col("met"))["n"].to_list()
    if rule is None or not judged:
        return 0, 0
    parts = [f"{part.project}:{part.share_bp}" for part in rule.parts]
    rows = review.rows(
        """
        select count(*) from (select n, list(project || ':' || share_bp order by project) as parts from live.part
                              where n in (select unnest(?::integer[])) group by 1)
        where parts = ?::varchar[]
        """,
        [judged, parts],
    )
    alike = int(rows[0][0])
    return len(judged) - alike, alike
