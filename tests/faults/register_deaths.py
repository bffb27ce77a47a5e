"""A process in which writing to the register is killed: `python register_deaths.py FOLDER` prints what was found after the deaths as JSON.

It forks for every death, so it is a process of its own, with a home of its own: a SQLite file in it, or the PostgreSQL database that
RASAD_DATABASE names.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from watching import apart, watch

from rasad.actions import workspace

STEPS_TRIED = 4
"""Steps of the database's files before which a piece of work is killed: all, or so many spread over it."""
FILES = {
    "unit.csv": "code,name,parent,kind\n309,فاوا,,office\n3091,زیرساخت,309,office\n30911,شبکه,3091,office\n",
    "project.csv": "code,title,unit,kind,status\nP1,کارت شهروندی,309,other,running\nP2,ب,3091,study,proposed\n",
    "project_goal.csv": "project,goal,weight_bp\nP1,G2,10000\nP2,G1,10000\n",
    "baseline.csv": "project,number,budget,reason\nP1,2,9,تورم\nP2,1,7,\n",
}


@dataclass
class Deaths:
    """What was found after one piece of work was killed at each of its points: `as_before` and `done` count whole states, `wrong` all else."""

    statements: int = 0
    file_steps: int = 0
    as_before: int = 0
    done: int = 0
    wrong: list[str] = field(default_factory=list)


def build(folder: Path) -> None:
    """Write what the work is about."""
    from rasad.actions import goals, projects, units

    unit = units.add_unit(code="309", name="سازمان فناوری", by=None)
    project = projects.open_project(code="P1", title="کارت", unit=unit, budget=5, by=None)
    first = goals.add_goal(code="G1", title="یک", weight_bp=6_000, by=None)
    second = goals.add_goal(code="G2", title="دو", weight_bp=4_000, by=None)
    goals.add_goal(code="G3", title="سه", parent=first, by=None)
    projects.set_goals(project=project, weights={first: 5_000, second: 5_000}, seen=None, by=None)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")


def bulk(folder: Path) -> None:
    """Four files in one change: records added, changed, taken away."""
    from rasad.actions.bulk import import_files

    done = import_files(paths=[folder / name for name in FILES], by=None, why="test")
    assert done.written, [problem.message() for problem in done.problems]


WORK: dict[str, Callable[[Path], None]] = {"bulk": bulk}


def state() -> str:
    """Return all that the register and its trail say, without times and numbers of rows."""
    from django.apps import apps

    from rasad.records.changes import snapshot
    from rasad.records.tables import KEPT_INSIDE

    told: dict[str, Any] = {}
    for model in apps.get_app_config("records").get_models():
        name = model.__name__
        if name == "AuditEvent":
            columns = ("action", "noun", "record_key", "record_version", "before", "after", "why")
            told[name] = list(model._base_manager.order_by("id").values_list(*columns))
        elif name not in KEPT_INSIDE:
            rows = [{**snapshot(one), "version": one.version} for one in model._base_manager.all()]
            told[name] = sorted(rows, key=str)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)


def state_now() -> str:
    """Return the state as it stands in the database, and leave no connection behind for a fork."""
    from django.db import connections

    try:
        return state()
    finally:
        connections.close_all()


def outcome(work: Callable[[], None], folder: Path) -> str:
    """Return the state that the work leads to; it is done in another process and taken back."""
    path = folder / "outcome.json"

    def run() -> None:
        from django.db import transaction

        with transaction.atomic():
            work()
            path.write_text(state(), "utf-8")
            transaction.set_rollback(True)

    _must(apart(run))
    return path.read_text("utf-8")


def dying(work: Callable[[], None], at: int) -> int:
    """Do the work in a process that is killed before its statement number `at` that writes, and return how it ended.

    The commit counts as a statement, and what follows it as another.
    """

    def run() -> None:
        from django.db import connection

        count = 0

        def pass_by() -> None:
            nonlocal count
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

        def statement(execute: Any, sql: str, *call: Any) -> Any:
            # Before the first of these there is nothing to be half done; between two of them it makes no difference where.
            if not sql.lstrip().upper().startswith("SELECT"):
                pass_by()
            return execute(sql, *call)

        commit = connection._commit

        def committing() -> None:
            pass_by()
            commit()
            pass_by()

        connection._commit = committing
        with connection.execute_wrapper(statement):
            work()

    return apart(run)


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    home = folder / "home"
    home.mkdir()
    (home / "city.toml").write_text(
        '[city]\nid = "karaj"\nname_fa = "کرج"\nname_en = "Karaj"\ncurrency = "IRR"\ncalendar = "jalali"\n',
        "utf-8",
    )
    # A migration and the first records, each in a process of its own: this one must hold no thread and no connection when it forks.
    _must(apart(lambda: _begin(home, folder)))
    workspace.connect(home)
    from django.db import connections

    # Read once here, not in every process that is to die.
    import rasad.actions.bulk
    import rasad.actions.projects  # noqa: F401

    connections.close_all()
    told = {name: asdict(_kill_everywhere(name, home, folder)) for name in WORK}
    print(json.dumps(told, ensure_ascii=False))


def _begin(home: Path, folder: Path) -> None:
    workspace.prepare(home)
    build(folder)


def _kill_everywhere(name: str, home: Path, folder: Path) -> Deaths:
    found = Deaths()

    def work() -> None:
        WORK[name](folder)

    before, after = state_now(), outcome(work, folder)
    assert before != after

    def judge(how: str) -> bool:
        """Take down what is there; return whether the work is done."""
        now = state_now()
        found.as_before += now == before
        found.done += now == after
        if now not in (before, after):
            found.wrong.append(f"{name}, {how}")
        return now != before

    kept = _keep(home)
    if kept:
        _kill_at_file_steps(work, home, kept, found, judge)
    while True:
        ended = dying(work, found.statements)
        if ended == 0:
            found.wrong.append(f"{name} came to its end: it was not killed after its commit")
        elif ended != -signal.SIGKILL:
            found.wrong.append(f"{name}, statement {found.statements}: ended by {ended}")
        if judge(f"killed before statement {found.statements}") or ended != -signal.SIGKILL:
            return found
        found.statements += 1


def _kill_at_file_steps(
    work: Callable[[], None], home: Path, kept: Path, found: Deaths, judge: Callable[[str], bool]
) -> None:
    """Kill the work before what it does to the database's files: writing pages, making them last."""
    whole = watch(work, home)
    _must(whole.ended)
    found.file_steps = len(whole.steps)
    every = max(1, -(-found.file_steps // STEPS_TRIED))
    for number in range(0, found.file_steps, every):
        _restore(home, kept)
        ended = watch(work, home, kill_before=number).ended
        if ended != -signal.SIGKILL:
            found.wrong.append(f"file step {number}: ended by {ended}")
        judge(f"killed before file step {number}")
    _restore(home, kept)


def _keep(home: Path) -> Path | None:
    """Keep a copy of the database's file, where it is one."""
    if os.environ.get("RASAD_DATABASE"):
        return None
    _must(apart(_all_in_one_file))
    kept = home.parent / "kept.sqlite3"
    shutil.copyfile(home / "workspace.sqlite3", kept)
    return kept


def _all_in_one_file() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _restore(home: Path, kept: Path) -> None:
    for path in home.glob("workspace.sqlite3*"):
        path.unlink()
    shutil.copyfile(kept, home / "workspace.sqlite3")


def _must(ended: int) -> None:
    if ended:
        raise SystemExit(f"ended by {ended}")


if __name__ == "__main__":
    main()
