"""The sample city, whose truth is known: its classes, and its invented people, who must not come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rasad.ledger.classify.fold import key, padded
from rasad.ledger.view import stage_public, view
from rasad.persian.text import search_key


@pytest.fixture(scope="module")
def sample(small_city: Path) -> tuple[Path, dict[str, Any]]:
    return small_city, json.loads((small_city / "files/truth.json").read_text("utf-8"))


def test_classes_against_the_truth(sample: tuple[Path, dict[str, Any]]) -> None:
    home, truth = sample
    rows = [
        (name, sheet, number, truth["letters"][letter])
        for name, file in truth["files"].items()
        for sheet, own in file.get("classes", {}).items()
        for number, letter in enumerate(own["letters"], start=1)
        if letter in truth["letters"]
    ]
    true = pl.DataFrame(rows, schema=["file_name", "sheet", "row", "true"], orient="row")
    lines = (
        view(home)
        .filter(pl.col("source") == "sample.payments")
        .with_columns(pl.col("sheet").fill_null(""))
        .collect()
        .join(true, on=["file_name", "sheet", "row"], how="inner")
    )
    assert lines.height == 2_000
    right = pl.col("class") == pl.col("true")
    assert lines.filter(right)["amount"].sum() / lines["amount"].sum() > 0.97
    for cls in ("hardware", "software", "services", "telecom_cloud", "other_it", "not_it"):
        own = lines.filter(pl.col("true") == cls)
        assert own.filter(right).height / own.height > 0.95, cls


def test_no_person_of_the_sample_city_in_any_cell(
    sample: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    home, truth = sample
    people = truth["people"]
    ids = {search_key(number) for number in people["ids"]}
    names = {f" {search_key(name)} " for name in people.get("names", ())}
    assert ids
    found: list[tuple[str, str, str]] = []
    for table, path in stage_public(home, tmp_path).items():
        frame = pl.read_parquet(path)
        for column in frame.select(pl.col(pl.String)).columns:
            # All texts of a column at once, as the search key has them.
            texts = frame.select(pl.col(column).drop_nulls().unique()).select(padded(key(pl.col(column))))
            every = " | ".join(texts.to_series())
            found += [(table, column, name) for name in names if name in every]
            found += [(table, column, number) for number in ids & set(every.split())]
    assert found == []
