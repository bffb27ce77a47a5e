"""The sample city's register holds together, and has the faults of a real one."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from rasad.ledger.allocate import Conditions, Part, Rule
from rasad.records.tables import BY_NAME

Rows = dict[str, list[dict[str, str]]]
NAMES = {
    "unit": "unit",
    "parent": "",
    "institution": "institution",
    "goal": "goal",
    "indicator": "indicator",
    "service": "service",
    "project": "project",
    "merged_into": "project",
    "resolution": "resolution",
    "provider_unit": "unit",
    "consumer_unit": "unit",
    "provider_institution": "institution",
    "consumer_institution": "institution",
}
"""Columns that name a record, and of which noun; the parent is one of its own kind."""


@pytest.fixture(scope="module")
def register(sample: Path) -> Rows:
    """Every file of the register."""
    rows: Rows = {}
    for path in sorted((sample / "records").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows[path.stem] = list(csv.DictReader(file))
    return rows


def test_every_noun_is_there_in_the_columns_that_records_have(register: Rows) -> None:
    assert set(register) == set(BY_NAME)
    for noun, rows in register.items():
        table = BY_NAME[noun].table
        assert set(rows[0]) <= set(table.names), noun
        keys = [tuple(row.get(name, "") for name in table.key) for row in rows]
        assert len(set(keys)) == len(keys), noun
        required = [column.name for column in table.columns if column.required]
        assert all(row[name] for row in rows for name in required), noun


def test_what_a_record_names_is_there(register: Rows) -> None:
    codes = {noun: {row[BY_NAME[noun].table.key[0]] for row in rows} for noun, rows in register.items()}
    for noun, rows in register.items():
        for column, named in NAMES.items():
            if column in BY_NAME[noun].table.key and named == noun:
                continue
            said = {row[column] for row in rows if row.get(column)}
            assert said <= codes[named or noun], (noun, column)


def test_weights_come_to_the_whole(register: Rows) -> None:
    of_project: Counter[str] = Counter()
    for row in register["project_goal"]:
        of_project[row["project"]] += int(row["weight_bp"])
    assert set(of_project.values()) == {10_000}
    siblings: Counter[str] = Counter()
    for row in register["goal"]:
        siblings[row["parent"]] += int(row["weight_bp"])
    assert set(siblings.values()) == {10_000}


def test_rules_can_stand_and_name_projects(register: Rows) -> None:
    projects = {row["code"] for row in register["project"]}
    numbers = {row["contract_no"] for row in register["contract_record"]}
    for row in register["allocation_rule"]:
        parts = tuple(Part(part["project"], part["share_bp"]) for part in json.loads(row["parts"]))
        asked = Conditions.from_json(json.loads(row["conditions"]))
        Rule(row["code"], int(row["number"]), int(row["order"]), asked, parts)
        assert {part.project for part in parts} <= projects
        assert set(asked.contracts) <= numbers


def test_it_has_the_faults_of_a_real_city(register: Rows) -> None:
    newest = max(row["last_listed_on"] for row in register["project"])
    vanished = [
        row["code"]
        for row in register["project"]
        if row["status"] == "running" and row["last_listed_on"] < newest
    ]
    assert vanished
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for row in register["baseline"]:
        numbers[row["project"]].add(int(row["number"]))
        assert row["number"] == "1" or row["reason"]
    assert any(found == {1, 2, 3} for found in numbers.values())
    links = register["data_link"]
    assert any(row["agreed_on"] and not row["in_use_since"] for row in links)
    assert any(not row["agreed_on"] for row in links)
    assets = register["asset"]
    unregistered = sum(not row["registered_on"] for row in assets)
    assert 0.1 < unregistered / len(assets) < 0.4
    assert any(row["used"] and int(row["used"]) < int(row["quantity"]) for row in assets)
    with_goals = {row["project"] for row in register["project_goal"]}
    assert any(row["code"] not in with_goals for row in register["project"])
    last = defaultdict(str)
    for row in register["reading"]:
        last[row["indicator"]] = max(last[row["indicator"]], row["period_end"])
    assert len(set(last.values())) > 1
