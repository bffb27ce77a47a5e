"""A process in which imports are killed and their disk's power is cut: `python stage.py SCENARIO FOLDER` prints what was found as JSON.

It is a process of its own because it forks: in its own memory Polars has not run, and has no threads that a fork would lose.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from disk import Disk, Tree, put, tree
from watching import NoWatching, Step, apart, watch

from rasad.actions import batches, quarantine
from rasad.actions.batches import import_file
from rasad.actions.quarantine import load_corrections, write_quarantine
from rasad.ledger.batches import Receipt, receipts
from rasad.ledger.classify.rules import rulebook
from rasad.ledger.mapping import parse_mapping
from rasad.ledger.persons import said
from rasad.ledger.problems import AlreadyLoaded
from rasad.ledger.suggestions import suggest_all

HEADER = "تاریخ,شماره,شرح,ذی‌نفع,مبلغ (ریال)\n"
FIRST = HEADER + "1403/01/01,1,رایانه,شرکت الف,100\n1403/01/02,2,چاپ,شرکت ب,x\n1403/01/03,3,میز,شرکت پ,300\n"
# A row changed, one gone, one late; a total, and a date that is none.
NEWER = HEADER + (
    "1403/01/01,1,رایانه,شرکت الف,150\n1403/01/02,2,چاپ,شرکت ب,200\n1403/13/40,4,صندلی,شرکت ت,7\n1403/01/04,5,تلفن,شرکت ث,5\nجمع,,,,355\n"
)
MAPPING = """
id = "karaj.payments"
fiscal_year = { from = "date" }
identity = { columns = ["document_no"] }
[columns]
date = { names = ["تاریخ"] }
document_no = { names = ["شماره"] }
title = { names = ["شرح"] }
supplier_name = { names = ["ذی‌نفع"] }
[[amounts]]
stage = "paid"
names = ["مبلغ (ریال)"]
"""
CITY = '[city]\nid = "karaj"\ncurrency = "IRR"\nlanguages = ["fa"]\n'


def _now(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def _import(home: Path, text: str, name: str, day: int, **more: Any) -> Receipt:
    import tomllib

    path = home.parent / name
    path.write_text(text, "utf-8")
    rules = parse_mapping(tomllib.loads(MAPPING), "payments.toml")
    return import_file(home=home, mapping=rules, path=path, now=_now(day), **more)


@dataclass(frozen=True)
class Scenario:
    """What is in the home before, and the work that is disturbed; its second run after a disturbance is by the same call."""

    before: Callable[[Path], object]
    work: Callable[[Path], Receipt]
    kills: bool = True


def _city(home: Path) -> None:
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(CITY, "utf-8")
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")


def _one_batch(home: Path) -> None:
    _city(home)
    _import(home, FIRST, "first.csv", 1)


def _put_right(home: Path) -> Receipt:
    return load_corrections(home=home, path=home.parent / "rejected.csv", now=_now(2))


def _rejected(home: Path) -> None:
    _one_batch(home)
    path = home.parent / "rejected.csv"
    write_quarantine(home=home, receipt=receipts(home)[-1], path=path, reasons=lambda *_: "")
    path.write_text(path.read_text("utf-8-sig").replace(",x", ",20"), "utf-8")


SCENARIOS = {
    # The first import makes folders; what else it writes the next one writes too.
    "import": Scenario(_city, lambda home: _import(home, NEWER, "newer.csv", 2), kills=False),
    "replace": Scenario(_one_batch, lambda home: _import(home, NEWER, "newer.csv", 2, replace=True)),
    "put_right": Scenario(_rejected, _put_right),
}


LOCKS = ("ledger/lock", "ledger/suggesting")
SUGGESTED = ("ledger/classes", "ledger/suppliers")


@dataclass(frozen=True)
class Found:
    """The home after a disturbance: what was done to it, and what it holds."""

    how: str
    home: Tree


def main() -> None:
    scenario, folder = SCENARIOS[sys.argv[1]], Path(sys.argv[2]).resolve()
    home = folder / "home"
    home.mkdir()
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    assert "polars-0" not in threads, (
        "a module of rasad.ledger runs Polars when it is imported: no fork would end"
    )
    # What is read once in a process is read before the forks, not anew in each of them. None of it runs Polars.
    rulebook()
    said("")
    _must(apart(lambda: scenario.before(home)))
    before = tree(home)
    steps, cut, lasting = _power_cuts(scenario, home)
    after = tree(home)
    killed = []
    for number, step in enumerate(steps if scenario.kills else []):
        _renew(home, before)
        watched = watch(lambda: scenario.work(home), home, kill_before=number)
        if watched.ended != -signal.SIGKILL:
            break
        killed.append(Found(f"killed before {_said(step, home)} ({number})", tree(home)))
    verdicts = folder / "verdicts.json"
    _must(apart(lambda: _judge(scenario, home, before, after, [*killed, *cut], lasting, verdicts)))
    told = {"steps": len(steps), "killed": len(killed), "cut": len(cut)}
    print(json.dumps({**told, **json.loads(verdicts.read_text("utf-8"))}, ensure_ascii=False))


def _power_cuts(scenario: Scenario, home: Path) -> tuple[list[Step], list[Found], list[Tree]]:
    """Do the work undisturbed; return its steps, what a power cut could leave at each of them, and what one after the last could."""
    disk = Disk(home)
    found: dict[frozenset[tuple[str, bytes | None]], Found] = {}
    flushing: list[Step] = []

    def each(step: Step) -> None:
        # The one before has ended by now.
        if flushing:
            disk.flushed(flushing.pop())
        for state in disk.after_a_power_cut():
            found.setdefault(frozenset(state.items()), Found(f"power cut before {_said(step, home)}", state))
        if step.call in ("fsync", "fdatasync"):
            flushing.append(step)

    watched = watch(lambda: scenario.work(home), home, each=each)
    _must(watched.ended)
    if flushing:
        disk.flushed(flushing.pop())
    return watched.steps, list(found.values()), list(disk.after_a_power_cut())


def _judge(
    scenario: Scenario,
    home: Path,
    before: Tree,
    after: Tree,
    found: list[Found],
    lasting: list[Tree],
    to: Path,
) -> None:
    """Write what is wrong with any of the states, and how many of them are the old state and the new."""
    wrong: list[str] = []
    counts = {"old": 0, "new": 0}
    worked: set[tuple[Any, ...]] = set()
    for one in {frozenset(_unnumbered(one.home).items()): one for one in found}.values():
        try:
            old = _is_old(one.home, before, after)
            counts["old" if old else "new"] += 1
            # Of files that no receipt speaks of, and of those that have no name yet, it matters how many there are.
            unfinished = any("/." in name for name in one.home)
            shape = (len(one.home), unfinished) if old else (frozenset(_unnumbered(one.home).items()),)
            if shape not in worked:
                worked.add(shape)
                _renew(home, one.home)
                _work_again(scenario, home, old, after)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told with what was done
            wrong.append(f"{one.how}: {type(error).__name__} {error}")
    for state in lasting:
        if _batches(state) != _batches(after):
            wrong.append("power cut after the work had said that it was done: the batch is not there")
            break
    told = {"wrong": wrong, **counts, "worked": len(worked)}
    to.write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _is_old(now: Tree, before: Tree, after: Tree) -> bool:
    """Return whether the home is in its old state, else it is in the new one. AssertionError where it is in neither."""
    old = _receipts(now) == _receipts(before)
    assert old or _receipts(now) == _receipts(after), f"receipts: {_receipts(now)}"
    for name, data in _batches(before if old else after).items():
        assert now.get(name) == data, f"{name} is not as it was"
    return old


def _work_again(scenario: Scenario, home: Path, old: bool, after: Tree) -> None:
    """Do the work in such a home. AssertionError where it does not end as if nothing had happened."""
    names = {receipt.batch for receipt in receipts(home)}
    with suggesting_nothing():
        try:
            receipt = scenario.work(home)
            assert old, "taken in a second time"
            assert receipt.batch not in names
        except AlreadyLoaded:
            assert not old, "said to be loaded"
    if not old:
        suggest_all(home)
    # The old state's rest is that of the new one: looked at there.
    expected, settled = (
        _all_but(LOCKS if not old else (*LOCKS, *SUGGESTED), one) for one in (after, tree(home))
    )
    left = sorted(name for name in {*settled, *expected} if settled.get(name, 0) != expected.get(name, 0))
    assert not left, f"not as after an undisturbed run: {left}"


@contextmanager
def suggesting_nothing() -> Iterator[None]:
    """Classes and suppliers are suggested in the end, once."""
    own = batches.suggest, quarantine.suggest
    batches.suggest = quarantine.suggest = lambda *_: None
    yield
    batches.suggest, quarantine.suggest = own


def _receipts(content: Tree) -> list[str]:
    return [
        name
        for name in content
        if name.startswith("ledger/batches/") and Path(name).suffix == ".json" and "/." not in name
    ]


def _batches(content: Tree) -> Tree:
    """Return the files of the batches that have a receipt."""
    names = {Path(name).stem for name in _receipts(content)}
    return {
        name: data
        for name, data in content.items()
        if name.startswith("ledger/batches/") and Path(name).name.partition(".")[0] in names
    }


def _all_but(names: tuple[str, ...], content: Tree) -> Tree:
    return {name: data for name, data in content.items() if not name.startswith(names)}


def _unnumbered(content: Tree) -> Tree:
    """Return the tree without the numbers of processes in the names of unfinished files."""
    return {re.sub(r"(/\.[^/]*)\.[0-9]+$", r"\1", name): data for name, data in content.items()}


def _renew(home: Path, content: Tree) -> None:
    shutil.rmtree(home)
    home.mkdir()
    put(home, content)


def _said(step: Step, home: Path) -> str:
    return f"{step.call} {step.path.relative_to(home)}"


def _must(code: int) -> None:
    if code == 77:
        raise NoWatching
    if code:
        raise SystemExit(f"the undisturbed run ended with {code}")


if __name__ == "__main__":
    try:
        main()
    except NoWatching:
        sys.exit(77)
