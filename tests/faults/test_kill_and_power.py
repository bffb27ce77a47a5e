"""An import killed before every system call that changes a file, and its disk's power cut at each: the old state or the new one, nothing between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import watching
from disk import Disk, tree
from watching import NoWatching, Step, watch

STAGE = Path(__file__).with_name("stage.py")


def staged(scenario: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, str(STAGE), scenario, str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=600, text=True)
    if done.returncode == 77:
        pytest.skip("this system lets no process watch another (ptrace)")
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("scenario", ["replace", "put_right"])
def test_killed_at_every_step_it_leaves_the_old_state_or_the_new(scenario: str, tmp_path: Path) -> None:
    found = staged(scenario, tmp_path)
    assert found["wrong"] == []
    # Every step was reached, and both states were met, so that the claim is about something.
    assert found["killed"] == found["steps"] > 30
    assert min(found["old"], found["new"], found["cut"]) > 10


def test_a_first_import_outlasts_a_power_cut_with_the_folders_it_made(tmp_path: Path) -> None:
    found = staged("import", tmp_path)
    assert found["wrong"] == []
    assert min(found["old"], found["new"]) > 10


# --- whether such tests can fail ------------------------------------------------------------------------------------


def watched(work: Callable[[], None], under: Path, **more: Any) -> Any:
    try:
        return watch(work, under, **more)
    except NoWatching:
        pytest.skip("this system lets no process watch another (ptrace)")


def careless(path: Path, *, flushed: bool) -> None:
    """Write as programs do that trust the disk."""
    with path.with_suffix(".part").open("wb") as file:
        file.write(b"1403")
        file.flush()
        if flushed:
            os.fsync(file.fileno())
    path.with_suffix(".part").replace(path)


def found_after_power_cuts(path: Path, *, flushed: bool) -> list[bytes | None]:
    """Return what the file may hold, over all steps and after the last; None where it may not be there."""
    disk, flushing, found = Disk(path.parent), list[Step](), list[bytes | None]()

    def look() -> None:
        if flushing:
            disk.flushed(flushing.pop())
        found.extend(state.get(path.name) for state in disk.after_a_power_cut())

    def each(step: Step) -> None:
        look()
        if step.call == "fsync":
            flushing.append(step)

    assert watched(lambda: careless(path, flushed=flushed), path.parent, each=each).ended == 0
    look()
    return found


def test_what_is_not_flushed_may_be_empty_torn_or_not_there_after_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path.resolve() / "receipt"
    assert {None, b"", b"14", b"1403"} == set(found_after_power_cuts(path, flushed=False))
    path.unlink()
    assert {None, b"1403"} == set(found_after_power_cuts(path, flushed=True))


@pytest.mark.parametrize("filtered", [True, False])
def test_work_is_killed_before_the_step_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filtered: bool
) -> None:
    """With the kernel's filter, where it has one, and without."""
    if not filtered:
        monkeypatch.setattr(watching, "_filtered", lambda: False)
    path = tmp_path.resolve() / "receipt"
    steps = watched(lambda: careless(path, flushed=True), path.parent).steps
    assert [step.call.removesuffix("at").removesuffix("2") for step in steps] == [
        "open",
        "write",
        "fsync",
        "rename",
    ]
    left = []
    for number in range(len(steps)):
        path.unlink(missing_ok=True)
        assert (
            watched(lambda: careless(path, flushed=True), path.parent, kill_before=number).ended
            == -signal.SIGKILL
        )
        left.append(tree(path.parent))
        for one in path.parent.iterdir():
            one.unlink()
    assert left == [{}, {"receipt.part": b""}, {"receipt.part": b"1403"}, {"receipt.part": b"1403"}]
