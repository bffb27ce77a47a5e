"""Mappings are checked when they are loaded, and say what is wrong with them."""

from __future__ import annotations

import gettext
import json
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from offices import BUDGET, PAYMENTS, mapping

from rasad.ledger import mapping as mappings
from rasad.ledger.mapping import json_schema, load_mapping, parse_mapping
from rasad.ledger.problems import MappingError
from rasad.ledger.wordings import in_words

PERSIAN = gettext.translation(
    "django", Path(mappings.__file__).resolve().parents[1] / "locale", ["fa"]
).gettext
PACKS = sorted(Path(str(resources.files("rasad.cities"))).glob("*/sources/*.toml"))


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_pack_loads_and_bears_its_city_and_fits_the_schema(path: Path) -> None:
    loaded = load_mapping(path)
    assert loaded.id == f"{path.parts[-3]}.{path.stem}"
    jsonschema.validate(tomllib.loads(path.read_text("utf-8")), json_schema())


def test_the_schema_for_editors_is_the_one_of_today() -> None:
    committed = Path(mappings.__file__).with_name("mapping.schema.json").read_text("utf-8")
    assert json.loads(committed) == json_schema(), (
        "rasad schema mapping > src/rasad/ledger/mapping.schema.json"
    )


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"colums": {}}, "colums", "Extra inputs"),
        ({"id": "Karaj Payments"}, "id", "match pattern"),
        ({"columns": {"titel": {"names": ["شرح"]}}}, "mapping", "no column titel"),
        ({"columns": {"line_id": {"names": ["شرح"]}}}, "mapping", "no column line_id"),
        ({"columns": {"title": {"names": ["a"], "position": 1}}}, "columns.title", "names or position"),
        ({"columns": {"title": {}}}, "columns.title", "names or position"),
        ({"columns": {"title": {"names": ["—"]}}}, "columns.title", "letter or a digit"),
        ({"columns": {"title": {"names": ["a"], "pattern": "x"}}}, "columns.title.pattern", "group"),
        ({"columns": {"title": {"names": ["a"], "pattern": "(?=x)(x)"}}}, "columns.title.pattern", "look-around"),
        ({"columns": {"title": {"names": ["a"], "pattern": "(x"}}}, "columns.title.pattern", "regular expression"),
        ({"amounts": []}, "amounts", "at least one column of amounts"),
        ({"amounts": [{"names": ["مبلغ"]}]}, "mapping", "needs its stage"),
        ({"amounts": [{"names": ["مبلغ"], "stage": "payed"}]}, "amounts.0.stage", "stage is one of"),
        ({"amounts": [{"names": [n], "stage": "paid"} for n in "ab"]}, "mapping", "same stage"),
        ({"numbers": {"decimal": ",", "thousands": [","]}}, "numbers", "cannot also part thousands"),
        ({"numbers": {"scale": "dollar"}}, "numbers.scale", "scale is one of"),
        ({"fiscal_year": {"from": "path"}}, "fiscal_year", "needs pattern"),
        ({"fiscal_year": {"from": "column"}}, "fiscal_year", "names or position"),
        ({"fiscal_year": {"from": "date"}, "columns": {"title": {"names": ["a"]}}}, "mapping", "needs the column date"),
        ({"constants": {"flow": "both"}}, "mapping", "flow is a constant"),
        ({"constants": {"title": "x"}}, "mapping", "both a column and a constant"),
        ({"set_aside": [{"column": "title"}]}, "set_aside.0", "column and pattern"),
        ({"set_aside": [{"column": "unit", "pattern": "x"}]}, "mapping", "not mapped"),
        ({"trees": [{"rule": "prefix"}]}, "trees.0", "needs lengths"),
        ({"trees": [{"rule": "zeros"}]}, "mapping", "needs the column tree_code"),
        ({"persons": {"name_patterns": ["(?!x)"]}}, "persons.name_patterns", "look-around"),
        ({"table": "contract", "amounts": [{"names": ["a"]}, {"names": ["b"]}]}, "mapping", "has one amount"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_names_its_key_and_what_was_expected(
    changes: dict[str, Any], key: str, expected: str
) -> None:
    with pytest.raises(MappingError) as caught:
        mapping(**changes)
    assert caught.value.problem.file == "test.toml"
    assert caught.value.problem.column == key
    assert expected in caught.value.problem.expected
    assert expected in caught.value.message()
    # Names of keys, of stages and patterns stay; whole English words are not left.
    persian = in_words(caught.value.problem.expected, PERSIAN)
    assert not re.search(r"\b(should|needs|has|give|names the|one of|required|permitted)\b", persian), persian


def test_a_file_that_is_no_toml_is_said(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("id = \n", "utf-8")
    with pytest.raises(MappingError, match=r"wrong\.toml"):
        load_mapping(path)
    with pytest.raises(MappingError, match="no such file"):
        load_mapping(tmp_path / "absent.toml")


def test_the_hash_follows_what_is_said_and_not_how() -> None:
    same = {**PAYMENTS, "version": 1, "numbers": {"decimal": "."}, "notes": ""}
    assert parse_mapping(same, "a").hash == mapping().hash
    assert mapping(numbers={"scale": "toman"}).hash != mapping().hash


def test_a_budget_report_and_a_ledger_of_payments_are_two_books() -> None:
    assert mapping().book_or_default == "payments"
    assert mapping(BUDGET).book_or_default == "budget"
    assert mapping(book="budget").book_or_default == "budget"
