"""Whether the codes of a table are a budget tree, and of which make: tried with the ledger's own rule on the whole table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl

from rasad.ledger.clean import clean
from rasad.ledger.mapping import TreeRule, parse_mapping
from rasad.ledger.problems import LedgerError
from rasad.ledger.propose.tables import Table
from rasad.ledger.read import read
from rasad.ledger.tree import grow

MOST_ROWS = 300_000
FEWEST_PARENTS = 3


def find_trees(table: Table, mapping: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tree rules under which codes hold one another and sums agree; none where they do not.

    `mapping` is the proposal without trees, with the codes in `tree_code`. Each of few kinds of rows may have a tree of its own make.
    """
    if table.rows > MOST_ROWS:
        return []
    try:
        rules = parse_mapping({**mapping, "fiscal_year": {"from": "value", "value": 1400}}, table.name)
        facts, sheets = read(table.path, rules)
        lines = pl.concat([clean(cells, facts, rules, {}, at).lines for at, cells in enumerate(sheets, 1)])
    except LedgerError:
        return []
    lines = lines.filter(pl.col("tree_code").is_not_null())
    if not lines.height:
        return []
    whole = _best(lines, {})
    kinds = lines["nature"].drop_nulls().unique().sort().to_list() if "nature" in mapping["columns"] else []
    if 2 <= len(kinds) <= 4:
        apart = [
            found
            for kind in kinds
            if (found := _best(lines.filter(pl.col("nature") == kind), {"nature": kind}))
        ]
        if sum(parents for parents, _ in apart) > (whole[0] if whole else 0):
            return [rule for _, rule in apart]
    return [whole[1]] if whole else []


def _best(lines: pl.DataFrame, where: dict[str, str]) -> tuple[int, dict[str, Any]] | None:
    """Return how many parents the best rule finds, and the rule; None where no rule's sums agree."""
    best: tuple[tuple[float, int], int, dict[str, Any]] | None = None
    for rule in _rules(lines):
        repeated = _repeated(lines, rule.get("scope", []))
        if repeated > 0.1:
            continue
        grown = grow([lines], (TreeRule(**rule, where=where),))
        parents = grown.parents.select("sheet", "row").unique().height
        stated = grown.parents.filter(pl.col("amount") != 0).height
        # Chance would leave a remainder, or too much in the parts, nearly everywhere.
        left = grown.lines.filter(pl.col("origin") == "remainder").height
        if parents < FEWEST_PARENTS or grown.problems.height > 0.1 * stated or left > 0.6 * stated:
            continue
        # A code stands once in its tree: the scope in which the fewest repeat is the right one.
        rank = (-round(repeated, 3), parents)
        if best is None or rank > best[0]:
            best = (rank, parents, {**rule, "where": where} if where else rule)
    return (best[1], best[2]) if best else None


def _repeated(lines: pl.DataFrame, scope: list[str]) -> float:
    """Return how many rows have a code that another row of the same scope and stage has."""
    once = lines.select("tree_code", "flow", "stage", *scope).unique().height
    return 1 - once / lines.height


def _rules(lines: pl.DataFrame) -> Iterator[dict[str, Any]]:
    lengths = Counter(len(code) for code in lines["tree_code"].to_list())
    common = sorted(length for length, count in lengths.items() if count > 0.005 * lines.height)[:8]
    scopes: list[list[str]] = [[]]
    scopes += [[name] for name in ("unit_code", "unit") if lines[name].drop_nulls().len()]
    if lines["sheet"].n_unique() > 1:
        scopes.append(["sheet"])
    for scope in scopes:
        more = {"scope": scope} if scope else {}
        if len(common) > 1:
            yield {"rule": "prefix", "lengths": common, **more}
        if common and common[-1] >= 4:
            for width in (2, 1, 3):
                yield {"rule": "zeros", "width": width, **more}
