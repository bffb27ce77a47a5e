"""A process in which every action is broken off at each of its points: `python action_deaths.py` on the home that RASAD_HOME names.

At a point the database's connection is lost, as it is when the process is killed: what the process does after that reaches nothing. What
stands is then read on a fresh connection. Prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasad.actions import workspace

AT_COMMIT = -1
NO_WRITE = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")
"""Begin statements before which a death is as one before the next that writes."""


class Died(BaseException):
    """The process would be no more."""


class Life:
    """One run of an action: dies before its writing statement number `until`, or its commit; None lets it come to its end."""

    def __init__(self, until: int | None) -> None:
        self.until, self.passed = until, 0

    def pass_by(self, point: int) -> None:
        """Come to a point."""
        from django.db import connection

        if point == self.until:
            connection.connection.close()
            raise Died
        self.passed += 1

    def statement(self, execute: Any, sql: str, *call: Any) -> Any:
        """Do a statement. Where among reads it dies makes no difference."""
        if not sql.lstrip().upper().startswith(NO_WRITE):
            self.pass_by(self.passed)
        return execute(sql, *call)

    def run(self, act: Callable[[], Any]) -> bool:
        """Do the action; return whether it died."""
        from django.db import Error, connection

        commit = connection._commit

        def committing() -> None:
            self.pass_by(AT_COMMIT)
            commit()

        connection._commit = committing  # type: ignore[method-assign]
        try:
            with connection.execute_wrapper(self.statement):
                act()
        except (Died, Error):
            if self.until is None:
                raise
            return True
        finally:
            connection._commit = commit  # type: ignore[method-assign]
            connection.close()
        return False


def state() -> str:
    """Return all that the workspace's tables hold, and the files that change with its trail, as a site finds them that starts again."""
    from django.apps import apps
    from django.conf import settings
    from django.db import connection

    from rasad.actions import switching

    switching.recover(settings.HOME)
    files = [*settings.HOME.glob("sources/*.toml"), *settings.HOME.glob("releases/current")]
    told: dict[str, Any] = {str(path): path.read_text("utf-8") for path in sorted(files)}
    left = [str(path) for name in switching.FOLDERS for path in (settings.HOME / name).glob(".*.next")]
    assert not left, left
    tables = [model._meta.db_table for app in ("records", "mfa", "account") for model in apps.get_app_config(app).get_models()]  # fmt: skip
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'select * from "{table}" order by 1')
            told[table] = cursor.fetchall()
    return repr(told)


def die_everywhere(act: Callable[[], Any]) -> dict[str, Any]:
    """Let the action die at each of its points, then let it come to its end."""
    before, wrong = state(), []
    last = Life(AT_COMMIT)
    if not last.run(act):
        # Without a transaction one statement stands or does not; two could be half done.
        return {"deaths": 1, "wrong": ["several statements and no transaction"] if last.passed > 1 else []}
    if state() != before:
        wrong.append("something stands before the commit")
    for at in range(last.passed):
        if not Life(at).run(act):
            wrong.append(f"did not die at {at}")
    # Nothing that stands ever leaves the trail: what any of these deaths left would show now.
    if state() != before:
        wrong.append("half done")
    whole = Life(None)
    whole.run(act)
    if state() == before:
        wrong.append("nothing was done")
    if whole.passed != last.passed + 1:
        wrong.append("it is more than one transaction")
    return {"deaths": last.passed + 1, "wrong": wrong}


def main() -> None:
    workspace.connect(Path(os.environ["RASAD_HOME"]))
    from django.conf import settings

    # Dying takes a password's worth of hashing each time otherwise.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from acts import ELSEWHERE, SET_UP, World, acts, every_action

    told: dict[str, Any] = {}
    for name, act in acts(World(Path(os.environ["RASAD_HOME"]))).items():
        if name.startswith(SET_UP):
            act()
            continue
        try:
            told[name] = die_everywhere(act)
        except Exception as error:
            error.add_note(name)
            raise
    untried = every_action() - {name.split()[0] for name in told} - set(ELSEWHERE)
    print(json.dumps({"told": told, "untried": sorted(untried)}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
