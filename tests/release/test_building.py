"""A release: whole or not at all, never changed, the same bytes from the same input."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.ledger.schema import LINE, SUPPLIER_COLUMNS
from rasad.records.tables import SHEETS
from rasad.release import build as building
from rasad.release.build import build, columns_of, publish
from rasad.release.manifest import ReleaseError, canonical, live_number, numbers, read_manifest, release_hash
from rasad.release.reader import open_release
from rasad.release.verify import verify

NOW = datetime(2026, 3, 21, 8, 0, tzinfo=UTC)
CITY = {"id": "town", "name_fa": "شهر", "name_en": "Town", "currency": "IRR", "calendar": "jalali"}

Build = Callable[..., Path]


@pytest.fixture(scope="session")
def live(releases: Path) -> Path:
    """The sample city's live release."""
    return releases / "0001"


@pytest.fixture
def again(small_city: Path, tmp_path: Path) -> Build:
    """Build a release of the smallest sample city's tables into a folder of its own."""
    tables = {path.stem: path for path in sorted((small_city / "releases/0001/data").glob("*.parquet"))}

    def run(out: str = "releases", **changed: Any) -> Path:
        arguments: dict[str, Any] = {
            "tables": tables,
            "city": CITY,
            "built_from": {"batches": []},
            "now": NOW,
        }
        return build(out=tmp_path / out, **{**arguments, **changed})

    run.tables = tables  # type: ignore[attr-defined]
    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_live_release_agrees_with_its_manifest(live: Path) -> None:
    assert verify(live) == []


def test_sums_in_the_manifest_are_those_of_the_csv(live: Path) -> None:
    parts = ("book", "flow", "fiscal_year", "stage", "currency")
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    with (live / "data" / "line.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            sums[tuple(row[part] for part in parts)] += int(row["amount"])
    stated = read_manifest(live)["tables"]["line"]["sums"]
    assert {tuple(str(one["by"][part]) for part in parts): int(one["amount"]) for one in stated} == dict(sums)
    assert len(sums) > 10


def test_the_same_input_gives_the_same_bytes(again: Build) -> None:
    assert contents(again("a")) == contents(again("b"))


def test_releases_are_numbered_and_chained(again: Build) -> None:
    first, second = again(), again()
    assert [first.name, second.name] == ["0001", "0002"]
    assert read_manifest(first)["previous"] is None
    assert read_manifest(second)["previous"] == {"number": 1, "hash": release_hash(first)}


def test_a_release_is_read_only(again: Build) -> None:
    release = again()
    assert [path for path in (release, *release.rglob("*")) if path.stat().st_mode & 0o222] == []


def test_a_column_that_is_not_public_is_refused(again: Build, tmp_path: Path) -> None:
    secret = tmp_path / "line.parquet"
    with duckdb.connect() as db:
        db.sql(f"select *, 'x' as extra from '{again.tables['line']}'").write_parquet(str(secret))  # type: ignore[attr-defined]
    with pytest.raises(ReleaseError, match="extra"):
        again(tables={**again.tables, "line": secret})  # type: ignore[attr-defined]
    assert numbers(tmp_path / "releases") == []


@pytest.mark.parametrize(
    ("module", "name"),
    [(shutil, "copyfile"), (building, "_package"), (building, "_manifest"), (os, "fsync"), (Path, "rename")],
)
def test_a_build_cut_off_anywhere_leaves_nothing(
    again: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    publish(again().parent, 1)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, cut)
        with pytest.raises(KeyboardInterrupt):
            again()
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == ["0001", "current"]
    assert live_number(tmp_path / "releases") == 1
    assert verify(tmp_path / "releases" / "0001") == []
    assert again().name == "0002"


def test_only_a_release_that_is_there_can_be_made_live(again: Build) -> None:
    releases = again().parent
    assert live_number(releases) is None
    with pytest.raises(ReleaseError):
        publish(releases, 7)
    publish(releases, 1)
    assert live_number(releases) == 1


def test_the_descriptor_names_the_columns_of_each_file(live: Path) -> None:
    package = json.loads((live / "datapackage.json").read_text("utf-8"))
    ledger = {"line", "contract", "supplier", "batch", "problem", "tombstone"}
    records = {sheet.name for sheet in SHEETS} | {"label", "allocation"}
    # Whatever else a release says of itself stands beside these.
    assert ledger | records <= {resource["name"] for resource in package["resources"]}
    for resource in package["resources"]:
        with (live / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert set(resource["schema"]["primaryKey"]) <= set(header)


def test_private_columns_stay_behind(live: Path) -> None:
    names = {column.name for column in columns_of("line")}
    assert {column.name for column in LINE.columns if not column.public}.isdisjoint(names)
    assert {column.name for column in SUPPLIER_COLUMNS} <= names
    assert "found" not in {column.name for column in columns_of("problem")}


def _tamper(release: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = release / name
    path.parent.chmod(0o755)
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("data/line.csv", lambda b: b.replace(b",paid,", b",final,", 1), {"SHA-256", "bytes"}),
        ("data/supplier.parquet", lambda b: b + b"\0", {"SHA-256", "bytes"}),
        ("datapackage.json", lambda b: b.replace(b"tabular", b"Tabular", 1), {"SHA-256"}),
        ("manifest.json", lambda b: b.replace(b":", b": ", 1), {"form"}),
    ],
)
def test_a_changed_file_is_named(
    again: Build, name: str, change: Callable[[bytes], bytes], what: set[str]
) -> None:
    release = again()
    _tamper(release, name, change)
    found = [one for one in verify(release) if one.path == name]
    assert what <= {one.what for one in found}


def test_a_manifest_that_points_outside_is_named_and_its_files_are_none(again: Build, tmp_path: Path) -> None:
    release = again()
    (tmp_path / "secret").write_text("x", "ascii")
    manifest = read_manifest(release)
    outside = ("../../secret", "/etc/hostname", "data/../../../secret", "..\\secret")
    manifest["files"] += [{"path": name, "bytes": 1, "sha256": "0" * 64} for name in outside]
    release.chmod(0o755)
    (release / "manifest.json").chmod(0o644)
    (release / "manifest.json").write_bytes(canonical(manifest))
    assert {(one.path, one.what) for one in verify(release)} == {(name, "path") for name in outside}
    with closing(open_release(release, tmp_path / "cache")) as opened:
        names = {one["path"] for one in opened.files()}
    assert "data/line.csv" in names
    assert not names & set(outside)


def test_a_file_too_many_or_too_few_is_named(again: Build) -> None:
    release = again()
    for folder in (release, release / "data"):
        folder.chmod(0o755)
    (release / "data" / "extra.csv").write_text("x\n")
    (release / "data" / "batch.csv").unlink()
    assert {(one.path, one.found) for one in verify(release)} == {
        ("data/extra.csv", "not listed"),
        ("data/batch.csv", "missing"),
    }


def test_text_that_a_spreadsheet_would_run_is_neutralised_in_csv_alone(again: Build, tmp_path: Path) -> None:
    poisoned = tmp_path / "line.parquet"
    columns = ", ".join(
        f'"{c.name}"' if c.name != "title" else "'=cmd|x' as title" for c in columns_of("line")
    )
    columns = columns.replace('"amount_raw"', "'-5' as amount_raw").replace(
        '"title_raw"', "'＝cmd|x' as title_raw"
    )
    with duckdb.connect() as db:
        db.sql(f"select {columns} from '{again.tables['line']}' limit 3").write_parquet(str(poisoned))  # type: ignore[attr-defined]
    release = again(tables={**again.tables, "line": poisoned})  # type: ignore[attr-defined]
    with (release / "data" / "line.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["title"] for row in rows} == {"'=cmd|x"}
    assert {row["title_raw"] for row in rows} == {"'＝cmd|x"}
    assert {row["amount_raw"] for row in rows} == {"-5"}
    with duckdb.connect() as db:
        kept = db.execute(f"select distinct title from '{release}/data/line.parquet'").fetchall()
    assert kept == [("=cmd|x",)]
    assert verify(release) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet="abcxyz", max_size=4), inner, max_size=4)
    ),
)


@given(JSON)
def test_canonical_json_says_the_same_in_one_way(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("value", [1.5, [0.1], {"a": 2**60}])
def test_canonical_json_refuses_what_readers_would_round(value: Any) -> None:
    with pytest.raises(ValueError, match="exact"):
        canonical(value)
