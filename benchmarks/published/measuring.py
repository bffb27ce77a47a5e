"""Every problem of a folder solved as a user would, by `rasad roadmap solve` and `front`, and compared with its best known value and the textbook's model."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.published import textbook
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.problem.plan import Plan
from rasad.roadmap.solve.onepass import is_scheduling
from rasad.roadmap.verify import verify

RASAD = Path(sys.executable).with_name("rasad")
SOLVED = (
    "instance",
    "best known",
    "found",
    "bound",
    "status",
    "seconds",
    "memory, MB",
    "textbook: found, bound, seconds",
)
FRONTS = (
    "instance",
    "points known",
    "points found",
    "the same",
    "status",
    "seconds",
    "textbook: points, seconds",
)


@dataclass(frozen=True)
class Run:
    """One command: what it wrote, its real seconds from start to end, and the most memory it had."""

    result: dict[str, Any]
    seconds: float
    megabytes: int


class Wrong(Exception):
    """A plan that does not keep the limits, or is better than what is published as impossible."""


def measure_all(chosen: argparse.Namespace) -> int:
    """Measure; return 1 where something was found that cannot be."""
    files = sorted(chosen.folder.glob("*.json"), key=lambda file: _natural(file.stem))
    if chosen.names:
        files = [file for file in files if file.stem in chosen.names]
    solved, fronts = [], []
    wrong = 0
    for file in files:
        problem = parse(json.loads(file.read_text("utf-8")))
        rows, one = (fronts, _front) if problem.objective.method == "front" else (solved, _solved)
        try:
            rows.append(one(file, problem, chosen))
            print(" | ".join(map(str, rows[-1])), flush=True)
        except Wrong as error:
            wrong += 1
            print(f"{file.stem}: {error}", file=sys.stderr, flush=True)
    lines = []
    if solved:
        lines += [f"At most {chosen.seconds:g} seconds each, the start of the program and the reading of the file among the seconds.", "", *report.table(SOLVED, solved)]  # fmt: skip
    if fronts:
        lines += ["", *report.table(FRONTS, fronts)]
    if chosen.write and not wrong:
        report.write("published", lines, report.ROADMAP)
    return min(wrong, 1)


def _solved(file: Path, problem: Problem, chosen: argparse.Namespace) -> list[object]:
    run = _rasad("solve", file, "--seconds", f"{chosen.seconds:g}")
    result = run.result
    found, bound = result["objective"], result["bound"]
    if result["plan"] is not None:
        _check(problem, result["plan"], [found])
    known = [int(word) for word in _best(file)]
    least = problem.objective.targets[0].kind == "completion"
    if found is not None and known:
        passed = found < known[0] if least else found > known[-1]
        proven_worse = result["status"] == "optimal" and (found > known[-1] if least else found < known[0])
        if passed or proven_worse:
            raise Wrong(f"found {found} ({result['status']}), published {known}")
    unit = 1 if least else textbook.GOAL_UNIT
    peer = "—"
    if not chosen.no_peers:
        answer = (textbook.schedule if is_scheduling(problem) else textbook.select)(problem, chosen.seconds)
        peer = f"{_said(answer.value, unit)}, {_said(answer.bound, unit)}, {answer.seconds:.1f}"
    best = " to ".join(_said(one, unit) for one in known) or "—"
    return [
        file.stem,
        best,
        _said(found, unit),
        _said(bound, unit),
        result["status"],
        f"{run.seconds:.1f}",
        run.megabytes,
        peer,
    ]


def _front(file: Path, problem: Problem, chosen: argparse.Namespace) -> list[object]:
    run = _rasad("front", file)
    result = run.result
    points = sorted(tuple(point["values"]) for point in result["points"])
    for point in result["points"]:
        _check(problem, point["plan"], point["values"])
    figures = [int(word) * textbook.GOAL_UNIT for word in _best(file)]
    known = sorted(zip(figures[::2], figures[1::2], strict=True))
    if known and result["status"] == "optimal" and points != known:
        raise Wrong(f"found {len(points)} points that are said to be all; published are {len(known)} others")
    peer = "—"
    if not chosen.no_peers and len(problem.objective.targets) == 2:
        theirs, complete, seconds = textbook.front(problem, 300)
        peer = f"{len(theirs)}{'' if complete else ' (not all)'}, {seconds:.1f}"
        if complete and result["status"] == "optimal" and sorted(theirs) != points:
            raise Wrong("the textbook's way finds other points")
    same = "—" if not known else f"{len(set(points) & set(known))} of {len(known)}"
    return [file.stem, len(known) or "—", len(points), same, result["status"], f"{run.seconds:.1f}", peer]


def _check(problem: Problem, plan: dict[str, Any], values: list[int]) -> None:
    """Count the plan by the independent check. Wrong where it breaks a limit or has other values."""
    verdict = verify(problem, Plan.model_validate(plan))
    if not verdict.keeps or list(verdict.values) != list(values):
        raise Wrong("the independent check refuses the plan")


def _rasad(command: str, file: Path, *options: str) -> Run:
    with tempfile.TemporaryDirectory(prefix="rasad-published-") as folder:
        out = Path(folder) / "out.json"
        words = [str(RASAD), "roadmap", command, str(file), *options, "-o", str(out)]
        began = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _pid, _status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        return Run(json.loads(out.read_text("utf-8")), seconds, round(used.ru_maxrss / 1024))


def _best(file: Path) -> list[str]:
    beside = file.with_suffix(".best")
    return beside.read_text("utf-8").split() if beside.exists() else []


def _said(value: int | None, unit: int) -> str:
    return "—" if value is None else f"{value / unit:g}" if value % unit else str(value // unit)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts 2 before 10."""
    return [(int(word), "") if word.isdigit() else (0, word) for word in re.split(r"(\d+)", name)]
