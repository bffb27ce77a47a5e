"""A city's price index: read exactly, and refused in words where it cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.actions.cities import packs, settings, start_home
from rasad.actions.releases import build_release
from rasad.release.build import build
from rasad.release.manifest import read_manifest
from rasad.release.prices import SettingsError, price_index

NAMES = {"name_fa": "شاخص", "name_en": "Index", "source_fa": "منبع", "source_en": "Source"}


def prices(**index: Any) -> dict[str, Any]:
    return {"prices": {**NAMES, "index": index}}


def test_a_city_without_an_index_has_none() -> None:
    assert price_index({"id": "x"}) is None


def test_an_amount_is_turned_into_prices_of_another_year() -> None:
    found = price_index(prices(**{"1402": "100", "1403": "132.4", "۱۴۰۴": 150.5}))
    assert found is not None
    assert Fraction(*(found.ratio(1402, 1403) or (0, 1))) == Fraction(1324, 1000)
    assert Fraction(*(found.ratio(1403, 1402) or (0, 1))) == Fraction(1000, 1324)
    assert Fraction(*(found.ratio(1402, 1404) or (0, 1))) == Fraction(1505, 1000)
    assert found.ratio(1401, 1403) is None
    assert not found.invented


@given(
    st.decimals(min_value="0.000001", max_value="999999", places=6),
    st.decimals(min_value="0.01", max_value="999999", places=2),
)
def test_indices_are_read_without_rounding(a: Any, b: Any) -> None:
    found = price_index(prices(**{"1402": str(a), "1403": str(b)}))
    assert found is not None
    assert Fraction(*(found.ratio(1402, 1403) or (0, 1))) == Fraction(b) / Fraction(a)


@pytest.mark.parametrize(
    ("given", "place", "found"),
    [
        ({"prices": "132"}, "city.prices", "132"),
        ({"prices": {}}, "city.prices.name_fa", ""),
        ({"prices": NAMES}, "city.prices.index", ""),
        ({"prices": {**NAMES, "index": {}}}, "city.prices.index", "{}"),
        ({"prices": {**NAMES, "source_en": " ", "index": {"1402": 1}}}, "city.prices.source_en", " "),
        (prices(**{"402": "100"}), "city.prices.index", "402"),
        (prices(**{"1402": "abc"}), "city.prices.index.1402", "abc"),
        (prices(**{"1402": "0"}), "city.prices.index.1402", "0"),
        (prices(**{"1402": "-3"}), "city.prices.index.1402", "-3"),
        (prices(**{"1402": "NaN"}), "city.prices.index.1402", "NaN"),
        (prices(**{"1402": "Infinity"}), "city.prices.index.1402", "Infinity"),
        (prices(**{"1402": True}), "city.prices.index.1402", "True"),
        (prices(**{"1402": "1.1234567"}), "city.prices.index.1402", "1.1234567"),
        (prices(**{"1402": ""}), "city.prices.index.1402", ""),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(given: dict[str, Any], place: str, found: str) -> None:
    with pytest.raises(SettingsError) as refused:
        price_index(given)
    problem = refused.value.problem
    assert (problem.file, problem.column, problem.found) == ("city.toml", place, f"“{found}”")
    assert problem.expected


def test_a_release_with_an_index_that_cannot_be_used_is_not_begun(tmp_path: Path) -> None:
    city = {"id": "x", "currency": "IRR", **prices(**{"1402": "x"})}
    with pytest.raises(SettingsError):
        build(
            tables={},
            city=city,
            built_from={},
            out=tmp_path / "releases",
            now=datetime(2025, 1, 1, tzinfo=UTC),
        )
    assert not (tmp_path / "releases").exists()


def test_the_sample_citys_index_is_invented_and_comes_with_its_release(tmp_path: Path) -> None:
    home = start_home(home=tmp_path / "home", pack=packs()["sample"])
    text = (home / "city.toml").read_text("utf-8").replace('1403 = "371.9"', "1403 = 371.9")
    (home / "city.toml").write_text(text, "utf-8")
    assert settings(home)["prices"]["index"]["1403"] == 371.9
    # Canonical JSON has no fractions: the index stands in the manifest as its text.
    city = read_manifest(build_release(home=home))["city"]
    assert city["prices"]["index"]["1403"] == "371.9"
    found = price_index(city)
    assert found is not None
    assert found.invented
    assert "invented" in found.source_en
    assert "ساختگی" in found.source_fa


@pytest.mark.parametrize("pack", sorted(packs()))
def test_every_pack_says_in_both_languages_where_its_residents_come_from(pack: str) -> None:
    city = settings(packs()[pack])
    if "residents" in city:
        assert city["residents_source_fa"]
        assert city["residents_source_en"]
    assert "residents_source" not in city
