"""How good the roadmap's plans are, and how soon: `make bench-roadmap` writes docs/performance-roadmap.md.

The engine as it chooses by itself is measured on every instance; its peers (HiGHS alone, CP-SAT alone with its eight workers) on the same
instances of the first seed, in the same run, for the same time. `--only 60x5` measures one size, `--seeds 1` fewer instances.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

from rasad.roadmap.explain.explaining import explain
from rasad.roadmap.infeasible.finding import why_infeasible
from rasad.roadmap.instances import Tightness, instance
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.solve.outcome import Engines, Progress
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.wording import spoken

OUT = Path(__file__).resolve().parent.parent / "docs" / "performance-roadmap.md"
PEERS: tuple[Engines, ...] = ("highs", "cpsat")


@dataclass(frozen=True)
class Size:
    """Instances of one size, and what must hold for them."""

    name: str
    initiatives: int
    periods: int
    kind: str
    seconds: float
    wanted: str
    gap: float


SIZES = (
    Size("60x5", 60, 5, "year", 15, "optimal in 15 s", 0.0),
    Size("200x5", 200, 5, "year", 60, "gap ≤ 1 % at 60 s", 0.01),
    Size("500x5", 500, 5, "year", 60, "gap ≤ 0.5 % at 60 s", 0.005),
    Size("200x20", 200, 20, "quarter", 120, "gap ≤ 6 % at 120 s (aim: 3 %)", 0.06),
)
TIGHTNESS: tuple[Tightness, ...] = ("tight", "loose")


@dataclass(frozen=True)
class Run:
    """One search: how it ended, and how much of the machine it had."""

    status: str
    gap: float | None
    seconds: float
    first: float | None
    cores: float


def main() -> int:
    """Measure and write; return 0 when everything was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[size.name for size in SIZES])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="leave out each engine alone")
    parser.add_argument("--reasons", action="store_true", help="only conflicts and explanations")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    sizes = [size for size in SIZES if options.only in (None, size.name)]
    lines = _head(options.seeds)
    if not options.reasons:
        lines += ["## What must hold", "", *_table(sizes, options.seeds)]
        lines += [] if options.no_peers else _peers(sizes)
    lines += [*_conflicts(options.seeds), *_whys(options.seeds), *_stopped()]
    lines += _published(options.out)
    options.out.write_text("\n".join(lines) + "\n", "utf-8")
    print(options.out.read_text("utf-8"))
    return 0


def measure(problem: Problem, seconds: float, engines: Engines = "auto") -> Run:
    """Solve once; the first plan's time is counted from the call, rows and all."""
    first: list[float] = []

    def progress(step: Progress) -> None:
        if step.objective is not None and not first:
            first.append(step.seconds)

    wall, processor = time.monotonic(), time.process_time()
    result = solve(problem, seconds=seconds, engines=engines, progress=progress)
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    return Run(result.status.value, result.gap, wall, first[0] if first else None, processor / wall)


def _table(sizes: list[Size], seeds: int) -> list[str]:
    lines = [
        "| instances | must hold | holds for | gap: median, worst | seconds: median, worst | first plan, seconds: median, worst | cores had |",
        "|---|---|---|---|---|---|---|",
    ]
    for size in sizes:
        for tightness in TIGHTNESS:
            runs = []
            for seed in range(1, seeds + 1):
                problem = instance(
                    size.initiatives, periods=size.periods, kind=size.kind, seed=seed, tightness=tightness
                )
                runs.append(measure(problem, size.seconds))
                _say(f"{size.name} {tightness} {seed}: {runs[-1]}")
            lines.append(_row(size, tightness, runs))
    return [*lines, ""]


def _row(size: Size, tightness: str, runs: list[Run]) -> str:
    gaps = [run.gap if run.gap is not None else float("inf") for run in runs]
    held = sum(gap <= size.gap for gap in gaps)
    firsts = [run.first if run.first is not None else float("inf") for run in runs]
    seconds = [run.seconds for run in runs]
    return (
        f"| {size.name} {tightness} | {size.wanted} | {held} of {len(runs)} | {median(gaps):.2%}, {max(gaps):.2%} "
        f"| {median(seconds):.1f}, {max(seconds):.1f} | {median(firsts):.1f}, {max(firsts):.1f} | {median(run.cores for run in runs):.1f} |"
    )


def _peers(sizes: list[Size]) -> list[str]:
    """Measure each engine alone beside the choice of the engine, on the first seed."""
    lines = [
        "## Against each engine alone",
        "",
        "The gap after the same time on the same instance (first seed), and how many times as wide the peer's is.",
        "",
        "| instance | together | HiGHS alone | CP-SAT alone, 8 workers |",
        "|---|---|---|---|",
    ]
    for size in sizes:
        for tightness in TIGHTNESS:
            problem = instance(
                size.initiatives, periods=size.periods, kind=size.kind, seed=1, tightness=tightness
            )
            ours = measure(problem, size.seconds)
            cells = [f"{_gap(ours)} in {ours.seconds:.0f} s"]
            for peer in PEERS:
                run = measure(problem, size.seconds, peer)
                _say(f"{size.name} {tightness} {peer}: {run}")
                ratio = f" ({run.gap / ours.gap:.1f}×)" if run.gap and ours.gap else ""
                cells.append(f"{_gap(run)} in {run.seconds:.0f} s{ratio}")
            lines.append(f"| {size.name} {tightness} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def overloaded(seed: int, *, size: int = 500, must: int = 190) -> Problem:
    """Return an instance in which more must be done than there is money and people for, whatever hangs on what."""
    data = instance(size, seed=seed).model_dump(mode="json")
    grouped = {member for group in data["groups"] for member in group["initiatives"]}
    free = [one for one in data["initiatives"] if not one["requires"] and one["id"] not in grouped]
    for one in free[:must]:
        one["mandatory"], one["deadline"] = True, None
    return parse(data)


def _conflicts(seeds: int) -> list[str]:
    """Measure how soon an infeasible problem of 500 × 5 is explained, and whether a repair is found."""
    lines = [
        "## Why there is no plan",
        "",
        "500 × 5 in which 190 initiatives without prerequisites are mandatory; 15 seconds for explanation and repairs together. Must hold: a minimal explanation in 15 s, and a repair.",
        "",
        "| seed | first conflict after, of which processor time | what it is | proven | minimal | repairs: size (at least) | seconds in all |",
        "|---|---|---|---|---|---|---|",
    ]
    for seed in range(1, seeds + 1):
        problem = overloaded(seed)
        began, worked = time.monotonic(), time.process_time()
        first: list[tuple[float, float]] = []

        def progress(
            _what: str,
            done: int,
            total: int,
            since: tuple[float, float] = (began, worked),
            first: list[tuple[float, float]] = first,
        ) -> None:
            if done and total and not first:
                first.append((time.monotonic() - since[0], time.process_time() - since[1]))

        found = why_infeasible(problem, seconds=15, progress=progress)
        taken = time.monotonic() - began
        conflict = found.conflicts[0] if found.conflicts else None
        repairs = "; ".join(f"{repair.kind} {repair.size} ({repair.at_least})" for repair in found.repairs)
        lines.append(
            f"| {seed} | {f'{first[0][0]:.1f} s, {first[0][1]:.1f} s' if first else '—'} | {spoken(conflict.summary) if conflict else '—'} | {_yes(conflict and conflict.proven)} "
            f"| {_yes(conflict and conflict.minimal)} | {repairs or '—'} | {taken:.1f} |"
        )
        _say(lines[-1])
    return [*lines, ""]


def _whys(seeds: int) -> list[str]:
    """Measure how much of a plan of 60 initiatives is explained in a minute."""
    lines = [
        "## Why a plan is as it is",
        "",
        "60 × 5, 60 seconds in all. Must hold: why and why not for each of 60 in 60 s. *Exact*: what forcing it the other way costs is proven to the unit, or that no plan has it so; else an interval is given.",
        "",
        "| instance | best plan | asked about | exact | width of the others: median, worst | limits asked about | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for tightness in TIGHTNESS:
        for seed in range(1, seeds + 1):
            began = time.monotonic()
            found = explain(instance(60, seed=seed, tightness=tightness), seconds=60)
            taken = time.monotonic() - began
            exact = sum(
                why.verdict == "forbidden" or (why.at_most is not None and why.at_least == why.at_most)
                for why in found.whys
            )
            widths = [
                (why.at_most - (why.at_least or 0)) / abs(found.objective)
                for why in found.whys
                if why.at_most is not None and why.at_most != why.at_least and found.objective
            ]
            width = f"{median(widths):.2%}, {max(widths):.2%}" if widths else "—"
            lines.append(
                f"| {tightness} {seed} | {found.status.value} | {len(found.whys)} | {exact} | {width} | {len(found.worths)} ({sum(one.at_least == one.at_most for one in found.worths)} exact) | {taken:.1f} |"
            )
            _say(lines[-1])
    return [*lines, ""]


def _stopped() -> list[str]:
    """Measure how long after it was cancelled each search returns."""
    lines = [
        "## Told to stop",
        "",
        "How long after it was cancelled a search returned; the processor time is what it did in between. Must hold: the incumbent within 1 s.",
        "",
        "| what, when cancelled | seconds | processor seconds |",
        "|---|---|---|",
    ]
    asked: list[tuple[str, Callable[[threading.Event], object], float]] = [
        ("plan of 500 × 5 tight 1", lambda stop: solve(instance(500, seed=1), seconds=90, cancel=stop), 5),
        (
            "explanation of 500 × 5 tight 1",
            lambda stop: explain(instance(500, seed=1), seconds=90, cancel=stop),
            4,
        ),
        (
            "explanation of 500 × 5 loose 1",
            lambda stop: explain(instance(500, seed=1, tightness="loose"), seconds=90, cancel=stop),
            40,
        ),
        (
            "conflicts of 500 × 5, seed 1",
            lambda stop: why_infeasible(overloaded(1), seconds=90, cancel=stop),
            2,
        ),
        (
            "conflicts of 500 × 5, seed 2",
            lambda stop: why_infeasible(overloaded(2), seconds=90, cancel=stop),
            6,
        ),
    ]
    for what, search, after in asked:
        stop = threading.Event()
        told: list[tuple[float, float]] = []

        def tell(stop: threading.Event = stop, told: list[tuple[float, float]] = told) -> None:
            told.append((time.monotonic(), time.process_time()))
            stop.set()

        timer = threading.Timer(after, tell)
        timer.start()
        search(stop)
        ended = (time.monotonic(), time.process_time())
        timer.cancel()
        late = [f"{now - then:.2f}" for now, then in zip(ended, told[0], strict=True)] if told else ["—", "—"]
        lines.append(f"| {what}, after {after:g} s | {late[0]} | {late[1]} |")
        _say(lines[-1])
    return [*lines, ""]


def _published(page: Path) -> list[str]:
    """Return the page's part on published problems, which is measured by itself (`python -m benchmarks.published`)."""
    text = page.read_text("utf-8") if page.exists() else ""
    _before, title, rest = text.partition("## Published problems\n")
    part, end, _after = rest.partition("<!-- published: end -->\n")
    return [title + part + end.strip()] if end else []


def _yes(holds: object) -> str:
    return "yes" if holds else "no"


def _gap(run: Run) -> str:
    return "no plan" if run.gap is None else f"{run.gap:.2%}"


def _head(seeds: int) -> list[str]:
    load = os.getloadavg()[0]
    return [
        "# Performance of the roadmap",
        "",
        f"Measured by `make bench-roadmap` on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}, "
        f"HiGHS {metadata.version('highspy')}, OR-tools {metadata.version('ortools')}); seeds 1 to {seeds} of `rasad.roadmap.instances`, "
        "each tight (money and people for a third of what is wished) and loose (two thirds), with budgets and carry-over, a cap on hardware, five "
        "skills, focus of units, fairness between districts, a share for a goal, groups, synergies and modes.",
        "",
        f"Load of the machine when the run began: {load:.1f}. *Cores had*: processor time ÷ time, of the two that the search would use; where it is well below two, the machine was shared and "
        "the figures are worse than on a free one.",
        "",
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
