"""The portal over a small town's release, with Django's own client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from town import Town, write_release

from rasad.web.portal.current import forget


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town's release, live."""
    releases = tmp_path_factory.mktemp("town") / "releases"
    return Town(releases, write_release(releases))


@pytest.fixture
def portal(settings: Any) -> Iterator[Client]:
    """A client; the site has no release until `serve` says which folder."""
    settings.RASAD_RELEASES = ""
    forget()
    yield Client(headers={"host": "localhost"})
    forget()


@pytest.fixture
def client(portal: Client, settings: Any, town: Town) -> Client:
    """A client of the portal over the town's release."""
    settings.RASAD_RELEASES = str(town.releases)
    return portal


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """A folder for releases that a test makes itself."""
    return tmp_path / "releases"
