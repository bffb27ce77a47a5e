"""What every test may ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from made_once import once

# How long an example takes says how busy the machine is, not whether the code is right. A search of an hour: RASAD_EXAMPLES=5000.
settings.register_profile("rasad", deadline=None, max_examples=int(os.environ.get("RASAD_EXAMPLES", "60")))
settings.load_profile("rasad")

REPO = Path(__file__).resolve().parent.parent

WORKSPACE = ("actions", "faults", "records", "workbench", "workbench_browser")
"""Folders of tests that need the workspace's database: they run with RASAD_SITE=workbench, the others without one, as the portal does."""
if os.environ.get("RASAD_SITE") == "workbench":
    collect_ignore = [
        path.name
        for path in sorted(Path(__file__).parent.iterdir())
        if path.is_dir() and path.name not in WORKSPACE
    ]
else:
    collect_ignore = list(WORKSPACE)


LONG = ("workbench_browser", "faults")
"""Folders whose tests take long one by one: they come first, so that no worker is left alone with one of them in the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first. pytest-django, which has been here before, puts those with a database first."""

    def place(item: pytest.Item) -> int:
        return next((at for at, name in enumerate(LONG) if name in item.path.parts), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the real files; skips the test where they are absent."""
    folder = Path(os.environ.get("RASAD_DATA") or REPO.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real files are not here: set RASAD_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of releases with the sample city's live one, made by the command that newcomers run."""

    def make(home: Path) -> None:
        command = [sys.executable, "-c", "from rasad.cli import main; main()", "demo", "--no-serve"]
        subprocess.run([*command, "--home", str(home)], check=True, capture_output=True, timeout=600)

    return once(tmp_path_factory, "sample-home", make) / "releases"


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of the smallest sample city (to be read, not written), its files in `files`: all of them loaded, and one release live."""
    from rasad.actions.cities import packs
    from rasad.sample import generate

    def make(home: Path) -> None:
        generate(home / "files", payments=2_000)
        _load(home, packs()["sample"], home / "files")

    return once(tmp_path_factory, "small-city", make)


def _load(home: Path, pack: Path, data: Path) -> None:
    """Load all files of a city and release them."""
    from rasad.actions.batches import load_city
    from rasad.actions.cities import start_home
    from rasad.actions.releases import build_release
    from rasad.ledger.batches import Receipt

    for result in load_city(home=start_home(home=home, pack=pack), pack=pack, data=data):
        assert isinstance(result, Receipt)
    build_release(home=home)


@pytest.fixture(scope="session")
def real_home(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the home of a real city (to be read, not written): all of its files loaded, and one release live."""
    from rasad.actions.cities import packs

    def home_of(city: str) -> Path:
        return once(
            tmp_path_factory, f"real-{city}", lambda home: _load(home, packs()[city], realdata / city)
        )

    return home_of
