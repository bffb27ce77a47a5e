"""Budget trees: only leaves are summed, and with the remainders they come to the roots."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.ledger.clean import shaped
from rasad.ledger.mapping import TreeRule
from rasad.ledger.problems import FileError
from rasad.ledger.schema import LINE
from rasad.ledger.tree import Grown, grow


def lines(rows: list[dict[str, Any]]) -> pl.DataFrame:
    filled = [
        {"line_id": f"x-1-{n}-{row.get('stage', 'initial')}", "row": n, "sheet": "", "origin": "row", "stage": "initial",
         "flow": "expense", "fiscal_year": 1403, "file_name": "b.csv", **row}
        for n, row in enumerate(rows, 2)
    ]  # fmt: skip
    return shaped(pl.DataFrame(filled, infer_schema_length=None), LINE)


def tree(*pairs: tuple[str, int], **more: Any) -> pl.DataFrame:
    return lines([{"tree_code": code, "amount": amount, **more} for code, amount in pairs])


def leaves(grown: Grown) -> list[tuple[str, int, str]]:
    return sorted(grown.lines.select("tree_code", "amount", "origin").rows())


PREFIX = TreeRule(rule="prefix", lengths=(2, 4, 6))
ZEROS = TreeRule(rule="zeros", width=2)


def test_a_parent_that_its_children_fill_is_set_aside() -> None:
    grown = grow([tree(("21", 10), ("2101", 4), ("2102", 6))], (PREFIX,))
    assert leaves(grown) == [("2101", 4, "row"), ("2102", 6, "row")]
    assert grown.parents["tree_code"].to_list() == ["21"]
    assert grown.roots == {"expense/initial": 10}
    assert grown.problems.is_empty()


def test_what_a_parent_has_over_is_an_explicit_remainder_that_names_its_row() -> None:
    grown = grow([tree(("21", 10), ("2101", 4), ("210101", 1))], (PREFIX,))
    assert leaves(grown) == [("21", 6, "remainder"), ("2101", 3, "remainder"), ("210101", 1, "row")]
    rest = grown.lines.filter(pl.col("origin") == "remainder").sort("tree_code")
    assert rest["row"].to_list() == [2, 3]
    assert rest["amount_raw"].to_list() == [None, None]
    assert grown.lines["line_id"].n_unique() == 3
    assert grown.remainders == {"expense/initial": 9}


def test_children_that_exceed_their_parent_are_a_problem_and_totals_stay_the_roots() -> None:
    grown = grow([tree(("21", 10), ("2101", 7), ("2102", 6))], (PREFIX,))
    assert ("21", -3, "remainder") in leaves(grown)
    assert grown.problems.select("row", "column", "code", "found", "expected").rows() == [
        (2, "tree_code", "tree_exceeded", "13", "10")
    ]
    assert grown.lines["amount"].sum() == 10


def test_a_missing_level_is_passed_over_and_a_code_without_parent_is_a_root() -> None:
    grown = grow([tree(("21", 10), ("210101", 4), ("3301", 5))], (PREFIX,))
    assert leaves(grown) == [("21", 6, "remainder"), ("210101", 4, "row"), ("3301", 5, "row")]
    assert grown.roots == {"expense/initial": 15}


def test_zero_padded_levels() -> None:
    rows = (
        ("11000000", 20),
        ("11010000", 12),
        ("11010100", 5),
        ("11010101", 5),
        ("11029128", 3),
        ("12000000", 1),
    )
    grown = grow([tree(*rows)], (ZEROS,))
    assert leaves(grown) == [
        ("11000000", 5, "remainder"), ("11010000", 7, "remainder"), ("11010101", 5, "row"), ("11029128", 3, "row"),
        ("12000000", 1, "row"),
    ]  # fmt: skip
    assert grown.roots == {"expense/initial": 21}


@pytest.mark.parametrize("column", ["unit_code", "fiscal_year", "flow"])
def test_scopes_years_and_flows_are_trees_of_their_own(column: str) -> None:
    one, other = {"unit_code": ("01", "02"), "fiscal_year": (1402, 1403), "flow": ("expense", "revenue")}[
        column
    ]
    rows = [
        {"tree_code": "21", "amount": 10, column: one},
        {"tree_code": "2101", "amount": 4, column: one},
        {"tree_code": "2101", "amount": 9, column: other},
    ]
    grown = grow([lines(rows)], (PREFIX.model_copy(update={"scope": ("unit_code",)}),))
    assert sorted(grown.lines["amount"]) == [4, 6, 9]
    assert sum(grown.roots.values()) == 19


def test_each_stage_is_a_tree_of_its_own() -> None:
    rows = [
        {"tree_code": "21", "amount": 10, "stage": "initial", "row": 2},
        {"tree_code": "21", "amount": 8, "stage": "paid", "row": 2},
        {"tree_code": "2101", "amount": 4, "stage": "initial", "row": 3},
    ]
    grown = grow([lines(rows)], (PREFIX,))
    found = grown.lines.select("stage", "amount", "origin").sort("stage", "amount").rows()
    assert found == [("initial", 4, "row"), ("initial", 6, "remainder"), ("paid", 8, "row")]
    assert grown.roots == {"expense/initial": 10, "expense/paid": 8}


def test_rows_of_one_code_are_one_parent_together() -> None:
    grown = grow([tree(("21", 6), ("21", 4), ("2101", 4), ("2101", 3))], (PREFIX,))
    assert leaves(grown) == [("21", 3, "remainder"), ("2101", 3, "row"), ("2101", 4, "row")]
    assert grown.parents.height == 2


def test_rows_that_no_tree_is_meant_for_stay() -> None:
    both = [
        {"tree_code": "21", "amount": 10, "nature": "capital"},
        {"tree_code": "2101", "amount": 4, "nature": "capital"},
        {"tree_code": "2101", "amount": 4, "nature": "current"},
        {"tree_code": None, "amount": 1, "nature": "capital"},
    ]
    grown = grow([lines(both)], (PREFIX.model_copy(update={"where": {"nature": "capital"}}),))
    assert sorted(grown.lines["amount"]) == [1, 4, 4, 6]
    assert grown.roots == {"expense/initial": 15}


def test_a_remainder_that_no_integer_holds_is_refused() -> None:
    large = 10**18 - 1
    children = [(f"21{n:02}", -large) for n in range(11)]
    with pytest.raises(FileError, match="too large"):
        grow([tree(("21", large), *children)], (PREFIX,))


CODES = st.text("12", min_size=1, max_size=6)


@given(
    st.lists(
        st.tuples(CODES, st.integers(-(10**17), 10**17), st.sampled_from(["01", "02"])),
        min_size=1,
        max_size=25,
    )
)
def test_totals_are_the_roots_and_every_row_is_kept_once(rows: list[tuple[str, int, str]]) -> None:
    """Against a tree walked by hand, one dictionary per scope."""
    frame = lines([{"tree_code": c, "amount": a, "unit_code": u} for c, a, u in rows])
    rule = TreeRule(rule="prefix", lengths=(1, 2, 3, 4, 5), scope=("unit_code",))
    grown = grow([frame], (rule,))
    codes: dict[str, set[str]] = defaultdict(set)
    for code, _, unit in rows:
        codes[unit].add(code)
    roots = sum(a for c, a, u in rows if not any(c != o and c.startswith(o) for o in codes[u]))
    holding = [(c, u) for c, _, u in rows if any(c != o and o.startswith(c) for o in codes[u])]
    total = sum(grown.lines["amount"].to_list())
    assert total == roots == grown.roots["expense/initial"]
    assert sorted(grown.parents.select("tree_code", "unit_code").rows()) == sorted(holding)
    kept = grown.lines.filter(pl.col("origin") == "row").height + grown.parents.height
    assert kept == len(rows)
