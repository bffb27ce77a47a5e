"""Budget trees: leaves and explicit remainders come to the roots, whatever the file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.actions.batches import import_file
from rasad.ledger import batches
from rasad.ledger.batches import Receipt
from rasad.ledger.mapping import parse_mapping

MAPPING: dict[str, Any] = {
    "id": "town.budget",
    "columns": {
        "tree_code": {"names": ["code"]},
        "title": {"names": ["title"]},
        "unit": {"names": ["unit"]},
    },
    "amounts": [{"stage": "initial", "names": ["initial"]}, {"stage": "paid", "names": ["paid"]}],
    "fiscal_year": {"from": "value", "value": 1403},
    "trees": [{"rule": "prefix", "lengths": [2, 4, 6], "scope": ["unit"]}],
}
Row = tuple[str, str, str, str]


def take(folder: Path, rows: list[Row], **changes: Any) -> tuple[Receipt, list[dict[str, Any]]]:
    """Import (unit, code, initial, paid) rows; return the receipt and the lines."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text('[city]\nid = "town"\ncurrency = "IRR"\nlanguages = ["fa"]\n', "utf-8")
    path = folder / "budget.csv"
    text = "".join(f"{unit},{code},t{code},{initial},{paid}\n" for unit, code, initial, paid in rows)
    path.write_text("unit,code,title,initial,paid\n" + text, "utf-8")
    receipt = import_file(
        home=folder, mapping=parse_mapping({**MAPPING, **changes}, "budget.toml"), path=path
    )
    return receipt, pl.read_parquet(batches.folder(folder) / f"{receipt.batch}.parquet").to_dicts()


def amounts(lines: list[dict[str, Any]], stage: str) -> dict[tuple[str, str], int]:
    return {(line["tree_code"], line["origin"]): line["amount"] for line in lines if line["stage"] == stage}


def test_leaves_and_remainders(tmp_path: Path) -> None:
    rows = [
        ("a", "11", "100", "50"),
        ("a", "1101", "60", "20"),
        ("a", "1102", "30", "30"),
        ("a", "12", "5", "5"),
    ]
    receipt, lines = take(tmp_path, rows)
    assert amounts(lines, "initial") == {
        ("11", "remainder"): 10,
        ("1101", "row"): 60,
        ("1102", "row"): 30,
        ("12", "row"): 5,
    }
    assert amounts(lines, "paid") == {("1101", "row"): 20, ("1102", "row"): 30, ("12", "row"): 5}
    assert receipt.aside == {"parent": 1}
    assert [totals.roots for totals in receipt.amounts] == [105, 55]
    assert sum(line["amount"] for line in lines if line["stage"] == "initial") == 105


def test_parts_that_exceed_their_parent_are_a_problem_shown(tmp_path: Path) -> None:
    receipt, lines = take(tmp_path, [("a", "11", "100", "1"), ("a", "1101", "130", "1")])
    assert amounts(lines, "initial") == {("11", "remainder"): -30, ("1101", "row"): 130}
    assert receipt.problems == {"tree_exceeded": 1}
    assert receipt.amounts[0].roots == 100


def test_a_parent_that_says_nothing_at_a_stage_loses_nothing(tmp_path: Path) -> None:
    """The child is its own root there."""
    receipt, lines = take(tmp_path, [("a", "11", "100", ""), ("a", "1101", "100", "50")])
    assert amounts(lines, "paid") == {("1101", "row"): 50}
    assert [totals.roots for totals in receipt.amounts] == [100, 50]


def test_a_child_that_says_nothing_leaves_all_to_its_parent(tmp_path: Path) -> None:
    receipt, lines = take(tmp_path, [("a", "11", "100", "70"), ("a", "1101", "100", "")])
    assert sum(amounts(lines, "paid").values()) == 70
    assert receipt.amounts[1].roots == 70


def test_codes_of_one_unit_are_no_parents_in_another(tmp_path: Path) -> None:
    _receipt, lines = take(tmp_path, [("a", "11", "100", "1"), ("b", "1101", "60", "1")])
    assert sum(amounts(lines, "initial").values()) == 160


def test_codes_padded_with_zeros(tmp_path: Path) -> None:
    rows = [("a", "160000", "100", "1"), ("a", "160200", "70", "1"), ("a", "160203", "40", "1")]
    _receipt, lines = take(tmp_path, rows, trees=[{"rule": "zeros", "width": 2}])
    assert amounts(lines, "initial") == {
        ("160000", "remainder"): 30,
        ("160200", "remainder"): 30,
        ("160203", "row"): 40,
    }


CODES = st.sampled_from(["11", "12", "1101", "1102", "110101", "110102", "120101"])
FIGURES = st.sampled_from(["", "0", "5", "40", "100", "-3"])


@settings(max_examples=30)
@given(rows=st.lists(st.tuples(st.sampled_from("ab"), CODES, FIGURES, FIGURES), min_size=1, max_size=12))
def test_totals_equal_the_roots(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leaves plus remainders = roots, by an algorithm of its own: a row is a root where no row above it says anything."""
    receipt, lines = take(tmp_path_factory.mktemp("tree"), rows)
    for column, stage in ((2, "initial"), (3, "paid")):
        there = {(row[0], row[1]) for row in rows if row[column] != ""}
        roots = sum(
            int(row[column])
            for row in rows
            if row[column] != "" and not any((row[0], row[1][:n]) in there for n in (2, 4) if n < len(row[1]))
        )
        assert sum(line["amount"] for line in lines if line["stage"] == stage) == roots
        assert next(t.roots for t in receipt.amounts if t.stage == stage) == roots
