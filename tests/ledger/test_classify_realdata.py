"""Classes, suppliers and masks on the real files: plausible figures, and no natural person on the way out."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from stdnum.es import nif

from rasad.actions.batches import load_city
from rasad.actions.cities import packs, start_home
from rasad.ledger.classify import classify, report
from rasad.ledger.classify.fold import key, padded
from rasad.ledger.schema import IT_CLASSES
from rasad.ledger.view import view
from rasad.persian.text import search_key

pytestmark = pytest.mark.realdata
PERSON = re.compile(r"(?:\d{8}|[XYZKLM]\d{7})[A-Z]")


def loaded(city: str, data: Path, folder: Path) -> Path:
    home = start_home(home=folder / city, pack=packs()[city])
    for _ in load_city(home=home, pack=packs()[city], data=data):
        pass
    return home


@pytest.fixture(scope="module")
def madrid(real_home: Callable[[str], Path]) -> Path:
    return real_home("madrid")


@pytest.fixture(scope="module")
def madrid_public(madrid: Path) -> dict[str, Path]:
    """The tables that the public gets."""
    return {path.stem: path for path in (madrid / "releases/0001/data").glob("*.parquet")}


def payments_of_the_it_organisation(data: Path) -> list[list[str]]:
    with (data / "madrid" / "2021" / "pagos.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if row[1] in ("49101", "49102")]


def test_madrid_it_organisation_is_classified_to_the_cent(madrid: Path, realdata: Path) -> None:
    lines = (
        view(madrid)
        .filter(pl.col("source") == "madrid.pagos", pl.col("programme_code").is_in(["49101", "49102"]))
        .collect()
    )
    raw = payments_of_the_it_organisation(realdata)
    assert lines.height == len(raw)
    assert lines["amount"].sum() == sum(round(float(row[6]) * 100) for row in raw)
    amounts = dict(lines.group_by("class").agg(pl.col("amount").sum()).iter_rows())
    total = sum(amounts.values())
    assert amounts.get("unknown", 0) / total < 0.01
    telecom = sum(round(float(row[6]) * 100) for row in raw if row[2] == "22200")
    applications = sum(round(float(row[6]) * 100) for row in raw if row[2].startswith("641"))
    machines = sum(round(float(row[6]) * 100) for row in raw if row[2].startswith(("626", "636")))
    post_and_transfers = sum(round(float(row[6]) * 100) for row in raw if row[2] in ("22201", "70000"))
    assert telecom <= amounts["telecom_cloud"] < telecom * 1.1
    assert amounts["software"] > applications
    assert machines <= amounts["hardware"] < machines * 1.5
    assert post_and_transfers <= amounts["not_it"] < post_and_transfers * 1.1
    assert amounts["services"] / total > 0.1


def test_madrid_staff_are_it_only_in_the_it_programmes(madrid: Path) -> None:
    staff = view(madrid).filter(pl.col("class") == "staff").collect()
    assert set(staff["programme_code"]) == {"49101", "49102"}
    assert staff["economic_code"].str.starts_with("1").all()


def test_madrid_payments_take_their_names_from_the_budget(madrid: Path) -> None:
    payments = view(madrid).filter(pl.col("source") == "madrid.pagos").collect()
    assert payments.filter(pl.col("programme").is_not_null()).height / payments.height > 0.95
    assert payments.filter(pl.col("economic").is_not_null()).height / payments.height > 0.9
    assert set(payments.filter(pl.col("programme_code") == "49102")["programme"]) == {"OFICINA DIGITAL"}


def test_no_natural_person_of_madrid_in_any_cell(madrid_public: dict[str, Path], realdata: Path) -> None:
    with (realdata / "madrid" / "2021" / "pagos.csv").open(encoding="utf-8", newline="") as file:
        people = {(row[4], row[5]) for row in csv.reader(file) if PERSON.fullmatch(row[4].strip())}
    assert people
    ids = {search_key(number) for number, _ in people}
    names = {f" {search_key(name)} " for _, name in people}
    assert {"line", "supplier", "problem", "tombstone"} <= madrid_public.keys()
    for path in madrid_public.values():
        frame = pl.read_parquet(path)
        for column in frame.select(pl.col(pl.String)).columns:
            # All texts of a column at once, as the search key has them.
            folded = padded(key(pl.col(column)))
            every = " | ".join(frame.select(pl.col(column).drop_nulls().unique()).select(folded).to_series())
            assert not [name for name in names if name in every], (path.name, column)
            assert not [number for number in ids if number in every], (path.name, column)
            found = re.findall(r"\b(?:\d{8}|[xyzklm]\d{7})[a-z]\b", every)
            assert not [one for one in found if nif.is_valid(one)], (path.name, column)


def test_madrid_staged_lines_keep_every_cent(madrid: Path, madrid_public: dict[str, Path]) -> None:
    sums = ["source", "stage", "flow"]
    before = view(madrid).group_by(sums).agg(pl.len(), pl.col("amount").sum()).sort(sums).collect()
    after = (
        pl.scan_parquet(madrid_public["line"]).group_by(sums).agg(pl.len(), pl.col("amount").sum()).sort(sums)
    )
    assert before.equals(after.collect())
    persons = pl.read_parquet(madrid_public["line"]).filter(pl.col("supplier_is_person"))
    assert 5 <= persons.height <= 100


def test_isfahan_construction_is_no_it(real_home: Callable[[str], Path]) -> None:
    lines = view(real_home("isfahan")).collect()
    is_it = pl.col("class").is_in(IT_CLASSES)
    lighting = lines.filter(pl.col("title_key").str.contains("شبکه روشن|شبکه ابیاری|مسرور"))
    assert lighting.height > 30
    assert lighting.filter(is_it).is_empty()
    computers = lines.filter(pl.col("title_key").str.contains("تجهیزات رایانه"))
    assert computers.height > 10
    assert set(computers["class"]) == {"hardware"}
    assert lines.filter(pl.col("class") == "unknown").height / lines.height < 0.2


def test_oxford_categories(real_home: Callable[[str], Path]) -> None:
    lines = view(real_home("oxford")).collect()
    of = {
        "Software Maintenance/Running Costs": "software",
        "Hardware Purchase": "hardware",
        "Network Rental": "telecom_cloud",
        "Electricity": "not_it",
        "Main Contractor": "not_it",
    }
    for title, cls in of.items():
        found = lines.filter((pl.col("title") == title) | (pl.col("economic") == title))
        assert found.height > 0, title
        assert set(found["class"]) == {cls}, title
    hidden = lines.filter(pl.col("supplier_name").str.to_lowercase() == "redacted personal data")
    assert hidden.height > 0
    assert set(hidden["supplier"]) == {"person"}
    assert lines.filter(pl.col("class") == "unknown").height / lines.height < 0.15


def test_north_tyneside_against_its_own_labels(realdata: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("2014-04_i.csv.gz", "2014-05_i.csv.gz", "2014-06_i.csv.gz"):
        shutil.copyfile(realdata / "northtyneside" / name, data / name)
    home = loaded("northtyneside", data, tmp_path)
    lines = view(home).collect()
    (paid,) = report(lines)
    (confusion,) = paid.confusions
    assert confusion.rows > 10_000
    precision, recall = confusion.precision, confusion.recall
    assert (precision["hardware"] or 0) > 0.8
    assert (precision["not_it"] or 0) > 0.98
    assert (recall["hardware"] or 0) > 0.5
    assert (recall["telecom_cloud"] or 0) > 0.5
    relabelled = lines.drop("class").with_columns(pl.lit("ICT.SOFTWARE").alias("label"))
    assert classify(relabelled)["class"].to_list() == classify(lines.drop("class"))["class"].to_list()
