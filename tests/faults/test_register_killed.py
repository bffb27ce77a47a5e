"""Writing to the register, killed at any point: what was being done stands whole or not at all, records and trail alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


@pytest.fixture
def database() -> Iterator[str]:
    """An address for RASAD_DATABASE: of a PostgreSQL database made for this test, where the tests run on one; none for SQLite."""
    server = os.environ.get("RASAD_DATABASE", "")
    if not server.startswith("postgres"):
        yield ""
        return
    name = f"deaths_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"drop database {name} with (force)")


def test_no_change_is_half_done_wherever_it_is_killed(tmp_path: Path, database: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "RASAD_DATABASE"}
    if database:
        environment["RASAD_DATABASE"] = database
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("register_deaths.py")), str(tmp_path)],
        env={**environment, "RASAD_DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    for name, found in json.loads(done.stdout).items():
        assert found["wrong"] == [], name
        # Killed before each statement that writes and before the commit: as before. Right after it: done.
        assert found["as_before"] >= found["statements"] >= 8
        assert found["done"] >= 1
        if not database:
            assert found["file_steps"] >= 5
