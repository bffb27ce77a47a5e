"""The sample city as a newcomer gets it, made once for all tests: its files, and its home with everything loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rasad.ledger.batches import Receipt, receipts


@pytest.fixture(scope="session")
def sample(releases: Path) -> Path:
    """Folder of the sample city's files."""
    return releases.parent / "files"


@pytest.fixture(scope="session")
def truth(sample: Path) -> dict[str, Any]:
    """What is known about the files."""
    return dict(json.loads((sample / "truth.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def home(releases: Path) -> tuple[Path, dict[str, Receipt]]:
    """The home (to be read, not written), and the receipt of each file by its name."""
    return releases.parent, {str(one.file["name"]): one for one in receipts(releases.parent)}
