"""How much of the money has a class, and where the class comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from rasad.ledger.classify.fold import key, padded
from rasad.ledger.classify.rules import Labels, rulebook
from rasad.ledger.schema import CLASSES, METHODS


@dataclass(frozen=True)
class Share:
    """One group's `rows` and `amount` (smallest unit, absolute values summed), with their shares of all (0 to 1)."""

    key: str
    rows: int
    amount: int
    rows_share: float
    amount_share: float


@dataclass(frozen=True)
class Unknown:
    """One description without a class, and what stands behind it."""

    title_key: str
    title: str
    rows: int
    amount: int


@dataclass(frozen=True)
class Confusion:
    """Our class against a source's own: `cells` (own class, our class, rows, amount) and figures per own class.

    `rows` are the labelled rows; `recall` and `precision` are by rows, 0 to 1, None where nothing is to be counted.
    """

    source: str
    rows: int
    cells: list[tuple[str, str, int, int]]
    recall: dict[str, float | None]
    precision: dict[str, float | None]


@dataclass(frozen=True)
class Report:
    """The state of classification for one currency, book and stage. Money is an integer in the smallest unit."""

    currency: str
    book: str
    stage: str
    rows: int
    amount: int
    by_class: list[Share]
    by_method: list[Share]
    unknowns: list[Unknown]
    confusions: list[Confusion]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report(lines: pl.LazyFrame | pl.DataFrame, *, unknowns: int = 20) -> list[Report]:
    """Return one report per currency, book and stage (neither is ever added together), the largest first.

    `lines` is `ledger.view.view(home)`, or lines with class, class_method, currency, stage, amount, title_key, title,
    source and label. Amounts are summed as absolute values, so that refunds do not hide spending. Revenue is left out.
    """
    frame = lines.lazy()
    there = frame.collect_schema().names()
    if "flow" in there:
        frame = frame.filter(pl.col("flow") == "expense")
    wanted = frame.select(
        "currency",
        (pl.col("book") if "book" in there else pl.lit("")).fill_null("").alias("book"),
        "stage",
        "class",
        "class_method",
        pl.col("amount").abs(),
        "title_key",
        "title",
        "economic",
        "source",
        "label",
    ).collect()
    groups = wanted.partition_by("currency", "book", "stage", as_dict=True)
    reports = [
        _one(str(currency), str(book), str(stage), group, unknowns)
        for (currency, book, stage), group in groups.items()
    ]
    return sorted(reports, key=lambda one: (-one.amount, one.currency, one.book, one.stage))


def _one(currency: str, book: str, stage: str, lines: pl.DataFrame, unknowns: int) -> Report:
    return Report(
        currency=currency,
        book=book,
        stage=stage,
        rows=lines.height,
        amount=int(lines["amount"].sum()),
        by_class=_shares(lines, "class", CLASSES),
        by_method=_shares(lines, "class_method", METHODS),
        unknowns=_unknowns(lines, unknowns),
        confusions=[
            confusion for labels in rulebook().labels if (confusion := _confusion(lines, labels)) is not None
        ],
    )


def _shares(lines: pl.DataFrame, column: str, order: tuple[str, ...]) -> list[Share]:
    rows, amount = lines.height, int(lines["amount"].sum())
    found = {
        row[0]: (int(row[1]), int(row[2]))
        for row in lines.group_by(column).agg(pl.len(), pl.col("amount").sum()).iter_rows()
    }
    return [
        Share(
            name,
            *found[name],
            found[name][0] / rows if rows else 0.0,
            found[name][1] / amount if amount else 0.0,
        )
        for name in order
        if name in found
    ]


def _unknowns(lines: pl.DataFrame, count: int) -> list[Unknown]:
    unknown = lines.filter(pl.col("class") == "unknown").with_columns(
        pl.coalesce("title_key", "economic", pl.lit("")).alias("title_key"),
        pl.coalesce("title", "economic", pl.lit("")).alias("title"),
    )
    grouped = (
        unknown.group_by("title_key")
        .agg(pl.col("title").first(), pl.len().alias("rows"), pl.col("amount").sum())
        .sort(["amount", "rows", "title_key"], descending=[True, True, False])
        .head(count)
    )
    return [Unknown(row[0], row[1], int(row[2]), int(row[3])) for row in grouped.iter_rows()]


def own_class(label: pl.Expr, labels: Labels) -> pl.Expr:
    """Return the class that a source's own `label` means, by the longest prefix in `labels`."""
    text = padded(key(label).fill_null(""))
    result = pl.lit(labels.default)
    for prefix, cls in sorted(labels.prefixes, key=lambda pair: len(pair[0])):
        result = pl.when(text.str.starts_with(prefix)).then(pl.lit(cls)).otherwise(result)
    return pl.when(text.str.strip_chars(" ") == "").then(pl.lit(labels.blank)).otherwise(result)


def _confusion(lines: pl.DataFrame, labels: Labels) -> Confusion | None:
    labelled = lines.filter(
        pl.col("source").str.starts_with(labels.source)
        & pl.col("label").is_not_null()
        & (pl.col("label") != "")
    )
    if labelled.is_empty():
        return None
    crosswalk = (
        labelled.select("label").unique().with_columns(own_class(pl.col("label"), labels).alias("own"))
    )
    table = (
        labelled.join(crosswalk, on="label")
        .group_by("own", "class")
        .agg(pl.len().alias("rows"), pl.col("amount").sum())
        .sort("own", "class")
    )
    cells = [(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in table.iter_rows()]
    right = {own: rows for own, ours, rows, _ in cells if own == ours}
    of_own = {cls: sum(rows for own, _, rows, _ in cells if own == cls) for cls in CLASSES}
    of_ours = {cls: sum(rows for _, ours, rows, _ in cells if ours == cls) for cls in CLASSES}
    return Confusion(
        source=labels.source,
        rows=labelled.height,
        cells=cells,
        recall={cls: right.get(cls, 0) / of_own[cls] if of_own[cls] else None for cls in CLASSES},
        precision={cls: right.get(cls, 0) / of_ours[cls] if of_ours[cls] else None for cls in CLASSES},
    )
