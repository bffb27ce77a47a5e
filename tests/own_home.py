"""Homes with a workspace of their own, for tests that need real processes: made once by `rasad init`, then copied.

On SQLite the copy is a file; on PostgreSQL (RASAD_DATABASE names a server) it is a database made from the first one.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from made_once import once

RASAD = (sys.executable, "-m", "rasad", "--lang", "en")
PASSWORD = "a long enough password"
FIRST = "admin@example.org"


@dataclass(frozen=True)
class OwnHome:
    """A home, the address of its database ("" for the SQLite file in it), and how to use both."""

    path: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that works on the home; nothing of the test's own site is in it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RASAD_")}
        kept |= {"RASAD_HOME": str(self.path), "PYTHONUNBUFFERED": "1"}
        return kept | ({"RASAD_DATABASE": self.database} if self.database else {})

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a `rasad` command on the home, in a session of its own."""
        return subprocess.Popen(
            [*RASAD, "--home", str(self.path), *arguments],
            env=self.environment,
            start_new_session=True,
            **more,
        )

    def run(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Run a `rasad` command on the home and return what it said; fail where it ends otherwise than with `code`."""
        done = subprocess.run(
            [*RASAD, "--home", str(self.path), *arguments],
            env=self.environment,
            input=stdin.encode(),
            capture_output=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == code, done.stderr.decode()
        return done.stdout.decode()

    def python(self, code: str, *arguments: str) -> Any:
        """Run Python with the home's records connected; return what it printed, read as JSON."""
        lines = f"import os, pathlib, sys\nfrom rasad.actions import workspace\nworkspace.connect(pathlib.Path(os.environ['RASAD_HOME']))\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", lines, *arguments],
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout or "null")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked of the database past Django; a statement without rows returns none."""
        if self.database:
            import psycopg

            with psycopg.connect(self.database, autocommit=True) as connection:
                found = connection.execute(statement)
                return found.fetchall() if found.description else []
        with closing(sqlite3.connect(self.path / "workspace.sqlite3", timeout=30)) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
            return rows


def _database(server: str, name: str, like: str = "") -> str:
    """Make a database on the server and return its address."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> OwnHome:
    """The home that the others are copied from: the sample city's settings, and one administrator."""

    def make(home: OwnHome) -> OwnHome:
        home.run(
            *("init", "--city", "sample", "--email", FIRST, "--name", "Zahra", "--password-stdin"),
            stdin=PASSWORD + "\n",
        )
        return home

    server = os.environ.get("RASAD_DATABASE", "")
    if server.startswith("postgres"):
        # One for each worker: a database that is being copied can be copied by nobody else.
        name = f"rasad_first_{uuid.uuid4().hex[:12]}"
        return make(OwnHome(tmp_path_factory.mktemp("first") / "home", _database(server, name)))
    return OwnHome(once(tmp_path_factory, "first-home", lambda path: make(OwnHome(path, ""))), "")


@pytest.fixture
def own_home(first_home: OwnHome, tmp_path: Path) -> OwnHome:
    """A home of the test's own, with its own database."""
    return copy_of(first_home, tmp_path / "home")


def copy_of(first: OwnHome, path: Path) -> OwnHome:
    """Return a copy of a home that nobody is using."""
    shutil.copytree(first.path, path)
    if not first.database:
        return OwnHome(path, "")
    like = urlsplit(first.database).path.lstrip("/")
    server = urlunsplit(urlsplit(first.database)._replace(path="/postgres"))
    return OwnHome(path, _database(server, f"rasad_{uuid.uuid4().hex[:12]}", like))
