"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("rasad", deadline=None)
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


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the real files; skips the test where they are absent."""
    folder = Path(os.environ.get("RASAD_DATA") or REPO.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real files are not here: set RASAD_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of releases with the sample city's live one, made by the command that newcomers run; once for all workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    home = shared / "sample-home"
    with (shared / "sample-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "releases" / "current").exists():
            command = [sys.executable, "-c", "from rasad.cli import main; main()", "demo", "--no-serve"]
            subprocess.run([*command, "--home", str(home)], check=True, capture_output=True, timeout=300)
    return home / "releases"
