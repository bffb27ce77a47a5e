"""The workspace of a home: its secret, its database, and how a command reaches them.

Nothing here touches Django before it is needed: commands that work on files alone stay free of it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

SECRET_FILE = "secret-key"  # noqa: S105  a file's name
SETTINGS = "rasad.web.settings"


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


MESSAGES = {
    "no_secret": _n("%(home)s has no workspace yet: rasad --home %(home)s init makes one"),
    "behind": _n(
        "The database of %(home)s is older than this Rasad: rasad --home %(home)s init brings it up"
    ),
    "unreachable": _n("The database of %(home)s cannot be reached: %(reason)s"),
}


class WorkspaceError(Exception):
    """The workspace cannot be used as it is; `message` says why and what to do."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(self.message())

    def message(self, translate: Callable[[str], str] = str) -> str:
        """Return the message in the language of `translate`."""
        return translate(MESSAGES[self.code]) % self.values


def write_secret(home: Path) -> Path:
    """Write the home's secret where there is none yet, readable by its owner alone, and return its file."""
    kept = home / SECRET_FILE
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48) + "\n", "ascii")
    return kept


def there(home: Path) -> bool:
    """Return whether the home has a workspace: a home that only loads and publishes files needs none."""
    return (home / SECRET_FILE).is_file()


def prepare(home: Path) -> list[str]:
    """Make the home's workspace, or bring it up to this Rasad: secret, tables, table of the cache. Return the migrations applied.

    Safe to run again at any time. WorkspaceError where the database cannot be reached.
    """
    if not os.environ.get("RASAD_SECRET_KEY"):
        write_secret(home)
    _set_up(home)
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        waiting = _unapplied()
        with redirect_stdout(StringIO()):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        raise WorkspaceError("unreachable", home=str(home), reason=str(error).strip()) from error
    # SQLite gives the files that it makes beside the database the permissions of the database.
    for file in home.glob("workspace.sqlite3*"):
        file.chmod(0o600)
    return waiting


def connect(home: Path) -> None:
    """Make the records of the home usable in this process. WorkspaceError where there is no workspace, or an older one."""
    if not os.environ.get("RASAD_SECRET_KEY") and not there(home):
        raise WorkspaceError("no_secret", home=str(home))
    _set_up(home)
    from django.db import DatabaseError

    try:
        if _unapplied():
            raise WorkspaceError("behind", home=str(home))
    except DatabaseError as error:
        raise WorkspaceError("unreachable", home=str(home), reason=str(error).strip()) from error


def _set_up(home: Path) -> None:
    os.environ["RASAD_SITE"] = "workbench"
    os.environ["RASAD_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def _unapplied() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
