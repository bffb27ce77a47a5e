"""Allocations kept beside the batches: asked again only where something that concerns them changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from small_home import write_batch, write_home

from rasad.ledger.allocate import (
    Conditions,
    Judged,
    Part,
    ProjectSums,
    Rule,
    allocate_home,
    allocated_sums,
    allocation,
    project_sums,
    stage_allocation,
)
from rasad.ledger.batches import folder
from rasad.ledger.classify.judgements import judge
from rasad.ledger.schema import ALLOCATION
from rasad.ledger.tombstones import SCHEMA as TOMBSTONES

WHOLE = (Part("p1", 10_000),)
RULE = Rule("r", 1, 1, Conditions(title_any=("switch",)), WHOLE)


def home_of_two(tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    home = write_home(tmp_path / "home")
    receipts = [
        write_batch(
            home,
            [
                {"amount": 100, "title": "Switch", "title_key": "switch"},
                {"amount": -7, "title": "Chairs", "title_key": "chairs", "contract_no": contract},
            ],
            created_at=f"2026-01-0{number}T00:00:00Z",
        )
        for number, contract in ((1, "c1"), (2, "c2"))
    ]
    return home, receipts


def test_unchanged_is_not_computed_again(tmp_path: Path) -> None:
    home, receipts = home_of_two(tmp_path)
    first = allocate_home(home, [RULE], [])
    assert first.computed_lines == 4
    assert allocate_home(home, [RULE], []) == type(first)(first.paths, 0)
    # A judgement of one line is another name for its own batch alone; so is one of a contract that one batch names.
    line = pl.read_parquet(folder(home) / f"{receipts[0]['batch']}.parquet")["line_id"][0]
    for judged in (Judged("line", line, WHOLE, "2026-02-01"), Judged("contract", "c1", (), "2026-02-01")):
        second = allocate_home(home, [RULE], [judged])
        assert second.computed_lines == 2
        assert second.paths[1] == first.paths[1]
    # A rule of years in which a batch has no lines does not concern it.
    other = Rule("later", 1, 2, Conditions(year_from=2022), WHOLE)
    assert allocate_home(home, [RULE, other], []).computed_lines == 0
    assert allocate_home(home, [Rule("r", 2, 1, RULE.conditions, WHOLE)], []).computed_lines == 4


def test_the_release_gets_every_line_once_with_its_amount(tmp_path: Path) -> None:
    home, _ = home_of_two(tmp_path)
    path = stage_allocation(home, [RULE], [], tmp_path / "allocation.parquet")
    table = pl.read_parquet(path)
    assert tuple(table.columns) == tuple(column.name for column in ALLOCATION.public_columns)
    assert table["line_id"].n_unique() == 4
    assert table.group_by("project").agg(pl.col("amount").sum()).sort("project", nulls_last=True).rows() == [
        ("p1", 200),
        (None, -14),
    ]


def test_what_a_person_says_of_a_class_moves_a_rule_of_classes(tmp_path: Path) -> None:
    home, receipts = home_of_two(tmp_path)
    rule = Rule("hw", 1, 1, Conditions(classes=("not_it",)), WHOLE)
    before = allocate_home(home, [rule], [])
    assert allocation(home, [rule], []).filter(pl.col("project") == "p1").collect().height == 0
    line = pl.read_parquet(folder(home) / f"{receipts[1]['batch']}.parquet")["line_id"][1]
    judge(home=home, line_id=line, cls="not_it", mode="unknown", by="Zahra", why="chairs")
    after = allocate_home(home, [rule], [])
    assert after.paths[0] == before.paths[0]
    assert after.computed_lines == 2
    found = allocation(home, [rule], []).filter(pl.col("project") == "p1").collect()
    assert found["line_id"].to_list() == [line]


def test_some_projects_alone_come_to_the_same_sums_whatever_changes(tmp_path: Path) -> None:
    home, receipts = home_of_two(tmp_path)
    by, rules = (
        ("fiscal_year", "date", "class"),
        [RULE, Rule("c", 1, 2, Conditions(title_any=("chairs",)), (Part("p2", 4_000), Part("p3", 6_000)))],
    )

    def check(judged: list[Judged], projects: set[str]) -> ProjectSums:
        found = project_sums(home, rules, judged, projects, by)
        every = allocated_sums(home, rules, judged, by)
        assert list(found.sums) == [one for one in every if one.project in projects]
        assert found.scopes == {one.scope[:4] for one in every}
        return found

    first = check([], {"p1", "p3"})
    assert {one.project for one in first.sums} == {"p1", "p3"}
    assert project_sums(home, rules, [], {"p1", "p3"}, by) is first, "read again though nothing changed"
    assert check([], {"p2"}) != first
    # A judgement of a line, a class that a person judged, and a new file each make it another answer.
    line = pl.read_parquet(folder(home) / f"{receipts[0]['batch']}.parquet")["line_id"][0]
    moved = Judged("line", line, (Part("p3", 10_000),), "2026-02-01")
    second = check([moved], {"p1", "p3"})
    assert second != first
    judge(home=home, line_id=line, cls="services", mode="run", by="Zahra", why="service")
    third = check([moved], {"p1", "p3"})
    assert {one.scope[-1] for one in third.sums} - {one.scope[-1] for one in second.sums} == {"services"}
    write_batch(
        home, [{"amount": 5, "title": "Switch", "title_key": "switch"}], created_at="2026-01-09T00:00:00Z"
    )
    assert check([moved], {"p1", "p3"}) != third
    assert check([], {"none"}).sums == ()


def test_a_judged_line_that_a_newer_export_continues_keeps_its_judgement(tmp_path: Path) -> None:
    home = write_home(tmp_path / "home")
    old = write_batch(home, [{"amount": 100, "title": "Switch", "title_key": "switch"}])
    new = write_batch(
        home,
        [{"amount": 120, "title": "Switch", "title_key": "switch"}],
        created_at="2026-03-01T00:00:00Z",
        supersedes=(old["batch"],),
    )
    was, now = (
        pl.read_parquet(folder(home) / f"{receipt['batch']}.parquet")["line_id"][0] for receipt in (old, new)
    )
    pl.DataFrame(
        [
            {
                "line_id": was,
                "table": "line",
                "how": "changed",
                "left_at": new["created_at"],
                "superseded_by": new["batch"],
                "continued_by": now,
            }
        ],
        schema=TOMBSTONES,
    ).write_parquet(folder(home) / f"{new['batch']}.tombstones.parquet")
    judged = [Judged("line", was, (Part("kept", 2_500),), "2026-02-01")]
    rows = allocation(home, [RULE], judged).collect().rows(named=True)
    assert [(row["line_id"], row["project"], row["amount"], row["method"]) for row in rows] == [
        (now, "kept", 30, "person"),
        (now, None, 90, "person"),
    ]


def test_a_home_without_lines_has_an_empty_allocation(tmp_path: Path) -> None:
    home = write_home(tmp_path / "home")
    assert allocation(home, [RULE], []).collect().height == 0
