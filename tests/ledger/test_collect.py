"""Lists of an office become rows of records: cells joined, amounts summed exactly, records put together by their key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.ledger.collect import Collection, collect, load_collection, together
from rasad.ledger.problems import MappingError

RULES: dict[str, Any] = {
    "id": "town.projects",
    "path": r"(?P<year>\d{4})/[^/]*$",
    "numbers": {"decimal": ",", "thousands": ["."], "minor_digits": 2, "currency": "EUR"},
    "dates": {"calendar": "jalali"},
    "sheets": [
        {
            "noun": "project",
            "key": ["code"],
            "fields": {
                "code": {"names": ["Code", "کد"]},
                "title": {"names": ["Title"]},
                "unit": {"names": ["Centre"], "append": ["Section"]},
                "status": {"names": ["State"], "values": {"DONE": "finished"}, "otherwise": "running"},
                "approved_on": {"names": ["Day"], "kind": "date"},
                "description": {"names": ["Part"], "join": "; "},
            },
        },
        {
            "noun": "baseline",
            "key": ["project"],
            "needs": ["budget"],
            "fields": {
                "project": {"names": ["Code", "کد"]},
                "number": {"value": "1"},
                "end": {"value": "{year}-12-31"},
                "budget": {"names": ["Budget"], "kind": "money", "sum": True},
            },
        },
        {
            "noun": "project_goal",
            "key": ["project", "goal"],
            "fields": {
                "project": {"names": ["Code", "کد"]},
                "goal": {"names": ["Part"]},
                "weight_bp": {"equal_within": "project"},
            },
        },
    ],
}
HEADER = "Code;Title;Centre;Section;State;Day;Part;Budget\n"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "2021" / "projects.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(header + "".join(f"{row}\n" for row in rows), "utf-8")
    return file


def test_rows_of_one_record_are_put_together(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "p1;راه;001;102;DONE;۱۴۰۰/۱/۱۵;a;1.000,10",
        "p1;;001;102;DONE;;b;2,90",
        "p2;پل;001;103;IN WORK;;c;",
    )
    found = collect(file, Collection.model_validate(RULES))
    assert found.problems == []
    assert found.rows["project"] == [
        {
            "code": "p1",
            "title": "راه",
            "unit": "001102",
            "status": "finished",
            "approved_on": "2021-04-04",
            "description": "a; b",
        },
        {
            "code": "p2",
            "title": "پل",
            "unit": "001103",
            "status": "running",
            "approved_on": "",
            "description": "c",
        },
    ]
    assert found.rows["baseline"] == [
        {"project": "p1", "number": "1", "end": "2021-12-31", "budget": "100300"}
    ]
    weights = {(row["project"], row["goal"]): row["weight_bp"] for row in found.rows["project_goal"]}
    assert weights == {("p1", "a"): "5000", ("p1", "b"): "5000", ("p2", "c"): "10000"}


def test_a_cell_that_cannot_be_read_is_said_with_its_place(tmp_path: Path) -> None:
    file = write(tmp_path, "p1;x;1;2;;;a;12,345", "p2;y;1;2;;1400/13/1;b;5,00")
    found = collect(file, Collection.model_validate(RULES))
    said = {(p.file, p.row, p.column, p.found) for p in found.problems}
    assert said == {("projects.csv", 2, "Budget", "12,345"), ("projects.csv", 3, "Day", "1400/13/1")}
    assert [row["project"] for row in found.rows["baseline"]] == ["p2"]
    assert [row["code"] for row in found.rows["project"]] == ["p1"]


def test_of_two_files_the_first_that_says_anything_wins(tmp_path: Path) -> None:
    rules = Collection.model_validate(RULES)
    one = collect(write(tmp_path, "p1;;1;2;;;a;1,00"), rules)
    two = collect(write(tmp_path, "p1;name;9;9;DONE;;z;5,00", "p3;third;1;1;;;q;7,00"), rules)
    rows = together([(rules, one), (rules, two)])
    assert [(row["code"], row["title"], row["unit"]) for row in rows["project"]] == [
        ("p1", "name", "12"),
        ("p3", "third", "11"),
    ]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-(10**14), 10**14)), min_size=1, max_size=30))
def test_sums_are_exact(tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, int]]) -> None:
    def written(amount: int) -> str:
        whole, cents = divmod(abs(amount), 100)
        return f"{'-' if amount < 0 else ''}{whole},{cents:02d}"

    file = write(
        tmp_path_factory.mktemp("sums"), *(f"p{code};t;1;1;;;g;{written(amount)}" for code, amount in parts)
    )
    found = collect(file, Collection.model_validate(RULES))
    sums: dict[str, int] = {}
    for code, amount in parts:
        sums[f"p{code}"] = sums.get(f"p{code}", 0) + amount
    assert {row["project"]: int(row["budget"]) for row in found.rows["baseline"]} == sums


def test_a_rule_that_does_not_fit_says_which_key(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(
        'id = "town.x"\n[[sheets]]\nnoun = "unit"\nkey = ["code"]\n[sheets.fields]\nname = { names = ["Name"] }\n'
    )
    with pytest.raises(MappingError) as told:
        load_collection(file)
    assert told.value.problem.column == "sheets.0"
    assert "code" in told.value.problem.expected


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "p1;x", header="Code;Title\n")
    with pytest.raises(MappingError) as told:
        collect(file, Collection.model_validate(RULES))
    assert told.value.problem.code == "header"
