"""The sample city, generated once for all tests of this folder, and its home with everything loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rasad.actions.batches import load_city
from rasad.actions.cities import packs, start_home
from rasad.ledger.batches import Receipt
from rasad.sample import generate


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the sample city's files, as a newcomer gets them."""
    folder = tmp_path_factory.mktemp("sample")
    generate(folder)
    return folder


@pytest.fixture(scope="session")
def truth(sample: Path) -> dict[str, Any]:
    """What is known about the files."""
    return dict(json.loads((sample / "truth.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def home(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Receipt]]:
    """A home with all the files loaded, and the receipt of each file by its name."""
    pack = packs()["sample"]
    home = start_home(home=tmp_path_factory.mktemp("home"), pack=pack)
    found: dict[str, Receipt] = {}
    for receipt in load_city(home=home, pack=pack, data=sample):
        assert isinstance(receipt, Receipt)
        found[str(receipt.file["name"])] = receipt
    return home, found
