"""Budget trees: parents and children stand in the same list, so only leaves are summed.

A parent whose children are in the list is set aside. What it has over its direct children becomes an explicit remainder row; where its children
have more than it (a problem that is shown) the remainder is negative, so that totals always equal the roots'. A code whose parent is not in
the list is a root itself. A tree lies within one fiscal year and one flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from rasad.ledger.mapping import TreeRule
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.standing import PROBLEM_SCHEMA

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Grown:
    """`lines`: leaves, untouched rows and remainders. `parents`: rows to set aside. `problems`: trees that do not add up.

    roots: `flow/stage` → sum of the roots, in the smallest unit; rows outside the trees are their own roots.
    remainders: `flow/stage` → sum of the remainder rows.
    """

    lines: pl.DataFrame
    parents: pl.DataFrame
    problems: pl.DataFrame
    roots: dict[str, int]
    remainders: dict[str, int]


def grow(sheets: list[pl.DataFrame], rules: tuple[TreeRule, ...]) -> Grown:
    """Apply the rules in order, each to the rows it is for. Each of `sheets` has the columns of the table `line`."""
    lines = pl.concat(sheets)
    rest = lines
    kept, parents, problems = [], [], []
    roots: dict[str, int] = {}
    remainders: dict[str, int] = {}
    for rule in rules:
        meant = pl.col("tree_code").is_not_null() & pl.all_horizontal(
            pl.lit(True), *(pl.col(name).eq_missing(pl.lit(value)) for name, value in rule.where.items())
        )
        tree, rest = rest.filter(meant), rest.filter(~meant)
        grown = _grow_one(tree, rule)
        kept.append(grown.lines)
        parents.append(grown.parents)
        problems.append(grown.problems)
        for sums, more in ((roots, grown.roots), (remainders, grown.remainders)):
            for stage, amount in more.items():
                sums[stage] = sums.get(stage, 0) + amount
    for stage, amount in by_stage(rest).items():
        roots[stage] = roots.get(stage, 0) + amount
    return Grown(
        lines=pl.concat([*kept, rest]),
        parents=pl.concat([lines.clear(), *parents]),
        problems=pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *problems]),
        roots=roots,
        remainders=remainders,
    )


def _grow_one(tree: pl.DataFrame, rule: TreeRule) -> Grown:
    scope = _scope(rule)
    codes = tree.select(*scope, "tree_code").unique(maintain_order=True)
    links = _links(codes, rule)
    linked = tree.join(links, on=[*scope, "tree_code"], how="left", nulls_equal=True, maintain_order="left")
    by_parent = [*scope, "tree_parent"]
    children = (
        linked.filter(pl.col("tree_parent").is_not_null()).group_by(by_parent).agg(_sum().alias("parts"))
    )
    by_code = [*scope, "tree_code"]
    # A code may stand on several rows: together they are the parent, and the first of them names the remainder.
    whole = tree.group_by(by_code, maintain_order=True).agg(
        _sum().alias("whole"), pl.all().exclude(by_code).first()
    )
    holders = (
        links.filter(pl.col("tree_parent").is_not_null()).select(*scope, tree_code="tree_parent").unique()
    )
    compared = (
        whole.join(holders, on=[*scope, "tree_code"], how="semi", nulls_equal=True)
        .join(
            children, left_on=by_code, right_on=by_parent, how="left", nulls_equal=True, maintain_order="left"
        )
        .with_columns(pl.col("parts").fill_null(0))
        .with_columns(left=pl.col("whole") - pl.col("parts"))
    )
    if compared.height and not compared["left"].is_between(-_LARGEST, _LARGEST).all():
        raise FileError(Problem("amount_large", file=tree["file_name"][0], expected="18"))
    has_children = tree.join(holders, on=[*scope, "tree_code"], how="semi", nulls_equal=True)["line_id"]
    is_parent = pl.col("line_id").is_in(has_children.implode())
    over = compared.filter(pl.col("left") != 0).with_columns(
        amount=pl.col("left").cast(pl.Int64), origin=pl.lit("remainder"), amount_raw=pl.lit(None, pl.String)
    )
    short = compared.filter(pl.col("left") < 0)
    problems = short.select(
        pl.col("sheet"),
        pl.col("row").cast(pl.UInt32),
        column=pl.lit("tree_code"),
        code=pl.lit("tree_exceeded"),
        found=pl.col("parts").cast(pl.String),
        expected=pl.col("whole").cast(pl.String),
    ).cast(PROBLEM_SCHEMA)
    return Grown(
        lines=pl.concat([tree.filter(~is_parent), over.select(tree.columns)]),
        parents=tree.filter(is_parent),
        problems=problems,
        roots=by_stage(linked.filter(pl.col("tree_parent").is_null())),
        remainders=by_stage(over),
    )


def _links(codes: pl.DataFrame, rule: TreeRule) -> pl.DataFrame:
    """Return scope, tree_code, tree_parent: the nearest code above that stands in the same tree, or null."""
    scope = _scope(rule)
    links = codes.with_columns(tree_parent=pl.lit(None, pl.String))
    for candidate in _candidates(rule, int(codes["tree_code"].str.len_chars().max() or 0)):  # type: ignore[arg-type]
        above = (
            codes.with_columns(above=candidate)
            .filter(pl.col("above") != pl.col("tree_code"))
            .join(codes.select(*scope, above="tree_code"), on=[*scope, "above"], how="semi", nulls_equal=True)
        )
        links = links.join(
            above, on=[*scope, "tree_code"], how="left", nulls_equal=True, maintain_order="left"
        )
        links = links.with_columns(tree_parent=pl.coalesce("tree_parent", "above")).drop("above")
    return links


def _candidates(rule: TreeRule, longest: int) -> list[pl.Expr]:
    """Codes that may be the parent, nearest first."""
    code = pl.col("tree_code")
    if rule.rule == "prefix":
        return [
            pl.when(code.str.len_chars() > length).then(code.str.slice(0, length)).otherwise(None)
            for length in sorted(rule.lengths, reverse=True)
        ]
    found = []
    for zeros in range(rule.width, longest, rule.width):
        head = code.str.head(pl.max_horizontal(code.str.len_chars().cast(pl.Int64) - zeros, 0))
        found.append(pl.when(head != "").then(head + "0" * zeros).otherwise(None))
    return found


def _scope(rule: TreeRule) -> list[str]:
    """Each stage is a tree of its own: a parent that says nothing at a stage is no parent there."""
    return [*dict.fromkeys((*rule.scope, "fiscal_year", "flow", "stage"))]


def _sum() -> pl.Expr:
    """Sums do not fit an Int64 where amounts of 18 digits are added."""
    return pl.col("amount").cast(pl.Int128).sum()


def by_stage(lines: pl.DataFrame) -> dict[str, int]:
    """Return the exact sum of the amounts per flow and stage, under `flow/stage`."""
    sums = lines.group_by("flow", "stage").agg(_sum().alias("total")).sort("flow", "stage")
    return {f"{flow}/{stage}": int(amount) for flow, stage, amount in sums.iter_rows()}
