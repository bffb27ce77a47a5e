"""The sample city's files by themselves: the same each time, valid where they should be, messy where they should be."""

from __future__ import annotations

import csv
import gzip
import math
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rasad.persian.identifiers import is_legal_id, is_national_id
from rasad.sample import generate
from rasad.sample.city import IT_UNIT, ITEMS, MONTHS, PROGRAMMES, UNITS, YEARS
from rasad.sample.names import Payees, legal_id, national_id
from rasad.sample.spending import Payment, spend
from rasad.sample.wording import KINDS

IT = ("hardware", "software", "services", "staff", "telecom_cloud", "other_it")


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", payments=2_500)
    second = generate(tmp_path / "b", payments=2_500)
    assert [path.name for path in first] == [path.name for path in second]
    assert {path.suffix for path in first} == {".csv", ".xlsx", ".gz", ".json"}
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_another_seed_gives_other_files(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", payments=2_000)
    second = generate(tmp_path / "b", payments=2_000, seed=7)
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        if one.parent.name != "records":
            assert one.read_bytes() != other.read_bytes(), one.name
    # Of the register, what the city is (its units, goals, projects) stays; what the ledger's rows led to does not.
    drawn = {
        one.stem for one, other in zip(first, second, strict=True) if one.read_bytes() != other.read_bytes()
    }
    assert {"asset", "contract_record", "allocation_rule", "reading"} <= drawn


def test_too_few_payments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2,000"):
        generate(tmp_path, payments=100)


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    generate(tmp_path, payments=2_000, progress=lambda *step: told.append(step))
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_exactly_as_many_payments_as_asked_for(truth: dict[str, Any]) -> None:
    letters = Counter[str]()
    for file in truth["files"].values():
        for sheet in file["classes"].values():
            letters.update(sheet["letters"])
    assert sum(letters[letter] for letter in truth["letters"]) == 60_000
    stored = sum(f["rows"]["stored"] for f in truth["files"].values() if f["source"] == "sample.payments")
    assert stored == 60_000


def test_identifiers_have_valid_check_digits_and_belong_to_nobody(truth: dict[str, Any]) -> None:
    assert len(truth["legal_ids"]) > 1_000
    assert len(truth["people"]["ids"]) > 500
    for number in truth["legal_ids"]:
        assert is_legal_id(number)
        assert number.startswith("999")
    for number in truth["people"]["ids"]:
        assert is_national_id(number)
        assert number.startswith("989")
    # No person's id can be mistaken for a part of a firm's.
    firms = " ".join(truth["legal_ids"])
    assert not any(number in firms for number in truth["people"]["ids"])


@pytest.mark.parametrize("seed", range(20))
def test_made_identifiers_are_valid_for_any_seed(seed: int) -> None:
    assert is_legal_id(legal_id(Random(seed)))
    assert is_national_id(national_id(Random(seed)))


def test_every_kind_has_its_item_and_every_item_its_programme() -> None:
    assert {kind.item for kind in KINDS} == set(ITEMS)
    assert {item.programme for item in ITEMS.values()} == set(PROGRAMMES)
    assert len({unit.code for unit in UNITS}) == len(UNITS)
    assert math.isclose(sum(MONTHS), 1.0)
    assert math.isclose(sum(share for share, _ in YEARS.values()), 1.0)


def test_the_files_are_as_different_as_offices_are(sample: Path) -> None:
    old = (sample / "payments_1399.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        old.decode("utf-8")
    text = old.decode("windows-1256")
    assert "مبلغ (ريال);" in text
    assert "ی" not in text
    marked = (sample / "payments_1400.csv").read_bytes()
    assert marked.startswith(b"\xef\xbb\xbf")
    modern = marked.decode("utf-8-sig")
    for mark in ("ي", "ی", "ك", "ک", "\u200c", "٬", "۱۴۰۰/", "1400/"):
        assert mark in modern, f"{mark!r} is missing from the mess"
    packed = gzip.decompress((sample / "payments_1402.tsv.gz").read_bytes()).decode("utf-8")
    assert "\t" in packed
    assert "۱۴۰۲/۱۳/۴۰" in packed
    assert " مرداد " in packed


def test_some_payments_are_made_twice_word_for_word(sample: Path) -> None:
    with (sample / "payments_1403.csv").open(encoding="utf-8", newline="") as file:
        rows = Counter(tuple(row) for row in csv.reader(file))
    assert sum(count == 2 for count in rows.values()) >= 5


@pytest.fixture(scope="module")
def spending() -> list[Payment]:
    """Everything that was paid, before it was written."""
    payees = Payees(Random("1403 payees"))
    found: list[Payment] = []
    for year, (share, _) in YEARS.items():
        found += spend(Random(f"1403 {year}"), payees, year, round(60_000 * share))[0]
    return found


def _shares(amounts: list[int], *tops: int) -> list[float]:
    ordered, whole = sorted(amounts, reverse=True), sum(amounts)
    return [sum(ordered[:top]) / whole for top in tops]


def test_the_story_of_the_working_group_is_there(spending: list[Payment]) -> None:
    for year in YEARS:
        mine = [payment for payment in spending if payment.year == year]
        total = sum(payment.amount for payment in mine)
        it = [payment for payment in mine if payment.kind.cls in IT]
        it_total = sum(payment.amount for payment in it)
        hardware = sum(payment.amount for payment in it if payment.kind.cls == "hardware")
        unknown = sum(payment.amount for payment in mine if payment.kind.cls == "unknown")
        esfand = sum(payment.amount for payment in mine if payment.month == 12)
        own = sum(payment.amount for payment in it if payment.unit == IT_UNIT)
        assert 0.03 < it_total / total < 0.08
        assert 0.5 < hardware / it_total < 0.7
        assert 0.05 < unknown / (it_total + unknown) < 0.10
        assert esfand / total > 0.18
        assert own / it_total < 0.55
        assert len({payment.unit for payment in it if payment.kind.cls == "hardware"}) == len(UNITS)


def test_its_shape_is_that_of_real_ledgers(spending: list[Payment]) -> None:
    """The corridors stand around what a real city's year shows: deviation 2.45, 2.04 in IT; shares of the largest."""
    it = [payment for payment in spending if payment.kind.cls in IT]
    for payments, low, high in ((spending, 2.0, 2.6), (it, 1.9, 2.4)):
        logs = [math.log(payment.amount) for payment in payments if payment.amount > 0]
        mean = sum(logs) / len(logs)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in logs) / len(logs))
        assert low < deviation < high
        assert 0.65 < _shares([p.amount for p in payments if p.amount > 0], len(payments) // 10)[0] < 0.9
    by_payee = Counter[str]()
    for payment in it:
        by_payee[payment.payee.id or payment.payee.name] += payment.amount
    first, four, ten = _shares(list(by_payee.values()), 1, 4, 10)
    assert 0.08 < first < 0.25
    assert 0.3 < four < 0.6
    assert 0.5 < ten < 0.85
