"""Publishing a release and saving a mapping, killed before every step on a file: the trail and the file say the same afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from own_home import OwnHome, first_home, own_home

__all__ = ["first_home", "own_home"]


def test_a_file_changes_with_its_event_or_not_at_all(own_home: OwnHome) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("switched_deaths.py"))],
        env=own_home.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    if done.returncode == 77:
        pytest.skip("this system lets no process watch another (ptrace)")
    assert done.returncode == 0, done.stderr[-3000:]
    for noun, found in json.loads(done.stdout).items():
        # Both states were met: a kill between the commit and the file's coming into its place is among them.
        assert found["old"] > 4, (noun, found)
        assert found["new"] > 0, (noun, found)
