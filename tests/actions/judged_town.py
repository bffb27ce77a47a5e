"""A small city whose payments are judged by two people: its home, loaded as an office's export is, and its projects."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils.translation import override

from rasad.actions.batches import import_file
from rasad.ledger.mapping import load_mapping
from rasad.records.changes import changing
from rasad.records.models import Account, Project, Unit

People = tuple[Account, Account]
CITY = """[city]
id = "town"
name_fa = "شهر"
name_en = "Town"
calendar = "gregorian"
currency = "EUR"
languages = ["en"]
it_units = ["501"]
"""
MAPPING = """id = "town.payments"
fiscal_year = { from = "value", value = 2021 }
[columns]
title = { names = ["title"] }
contract_no = { names = ["contract"], optional = true }
unit_code = { names = ["unit"] }
supplier_name = { names = ["payee"] }
[[amounts]]
stage = "paid"
names = ["amount"]
[numbers]
decimal = "."
currency = "EUR"
minor_digits = 0
[constants]
flow = "expense"
"""
PAYMENTS = """title,amount,contract,unit,payee
Switches,1000,c1,501,Nets Ltd
Switches,333,c1,501,Nets Ltd
Chairs,-70,,502,Wood Ltd
Portal,5,,501,Webs Ltd
"""


@dataclass(frozen=True)
class Town:
    """A home with one batch of four lines."""

    home: Path
    line_ids: list[str]


def load(home: Path, text: str, name: str = "payments.csv") -> list[str]:
    """Import a file into the home and return the ids of its lines."""
    path = home.parent / name
    path.write_text(text, "utf-8")
    mapping = load_mapping(home / "sources" / "payments.toml")
    receipt = import_file(home=home, mapping=mapping, path=path, add=True)
    rows = range(2, text.count("\n") + 1)
    return [f"{receipt.file['sha256'][:12]}-1-{row}-paid" for row in rows]


@pytest.fixture
def in_english() -> Iterator[None]:
    """Messages in English."""
    with override("en"):
        yield


@pytest.fixture
def people(db: None) -> People:
    """Zahra, and Reza who may see it otherwise."""
    # No password: hashing one takes its time.
    return (
        Account.objects.create(email="zahra@example.org", name="زهرا"),
        Account.objects.create(email="reza@example.org", name="Reza"),
    )


@pytest.fixture
def projects(people: People) -> list[Project]:
    """Projects p1, p2 and p3 of one unit."""
    with changing(by=people[0], action="test") as change:
        unit = change.add(Unit(code="501", name="سازمان فناوری", is_it=True))
        return [
            change.add(Project(code=f"p{number}", title=f"پروژهٔ {number}", unit=unit)) for number in (1, 2, 3)
        ]


@pytest.fixture(scope="session")
def loaded_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Four payments, two of one contract; every test has its own copy."""
    home = tmp_path_factory.mktemp("town") / "home"
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(CITY, "utf-8")
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    return Town(home, load(home, PAYMENTS))


@pytest.fixture
def town(loaded_town: Town, tmp_path: Path) -> Town:
    """A town of the test's own."""
    shutil.copytree(loaded_town.home, tmp_path / "home")
    return Town(tmp_path / "home", loaded_town.line_ids)
