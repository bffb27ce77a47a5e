"""The workbench at the size that a city must be able to have: every page that one can ask for, and the rules over every line.

`python -m benchmarks.workbench` makes a home of 200 projects, 2,000 goals and indicators and 1.5 million payments, and writes
docs/performance-workbench.md. `--folder` keeps the home, so that a later run measures at once; `--lines` makes it smaller for a try, which
writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.workbench_home import GOALS, INITIATIVES, PROJECTS, RULES, make

LINES, JUDGED = 1_500_000, 2_000
ROUNDS, ROUNDS_OF_FILES = 20, 5
REPO = Path(__file__).resolve().parent.parent
OUT = REPO / "docs" / "performance-workbench.md"
NAMES = re.compile(r"[0-9a-f-]{16,}")
"""Names of files and work in addresses, which are others in every home."""


@dataclass(frozen=True)
class Timed:
    """What one address took, in milliseconds: by the clock (the `first` time, and after that), and of the processor; `size` in bytes."""

    address: str
    first: float
    p50: float
    p95: float
    worked: float
    size: int


def judge(home: Path) -> None:
    """Let a person judge the first lines of the queue."""
    from rasad.actions import allocations, review
    from rasad.ledger.engines.review import Asked
    from rasad.records.models import Account

    queue = review.open_queue(home)
    assert queue is not None
    asked = Asked(stage="paid", book="payments", scope="all")
    lines = [line.line_id for line in queue.review.page(asked, "project", limit=JUDGED, offset=0)]
    by = Account.objects.get()
    allocations.judge_many(home=home, line_ids=lines, parts={"P1": 10_000}, by=by, why="سنجش")


def addresses(home: Path) -> Iterator[str]:
    """Yield the addresses of every page: those that take nothing, one of each that takes a record, and the queue as it is searched."""
    from django.urls import reverse

    from rasad.ledger.batches import all_receipts
    from rasad.records.models import Account, Job, Project, Scenario, Upload
    from rasad.web.workbench.urls import urlpatterns

    project, scenario = Project.objects.get(code="P1").pk, Scenario.objects.get(code="S0")
    file, sheet = (Upload.objects.get(name=name).pk for name in ("payments-next.csv", "projects.csv"))
    batch = next(one.batch for one in all_receipts(home) if one.rows["quarantined"])
    initiative = scenario.problem["initiatives"][0]["id"]
    records: dict[str, dict[str, object]] = {
        "import": {"key": file, "batch": batch, "kind": "csv"},
        "bulk": {"key": sheet, "noun": "project", "format": "xlsx"},
        "job": {"key": Job.objects.get().pk},
        "roadmap": {"key": scenario.pk, "one": initiative, "format": "xlsx"},
        "account": {"key": Account.objects.get().pk},
    }
    for pattern in urlpatterns:
        known = records.get(str(pattern.name).partition("-")[0], {"key": project, "code": "r1"})
        known = {"noun": "unit", "format": "csv", **known}
        # Of invitations and releases there are none.
        if known.keys() >= pattern.pattern.converters.keys():
            given = {name: known[name] for name in pattern.pattern.converters}
            yield reverse(f"workbench:{pattern.name}", kwargs=given)
    scenarios = "&".join(f"s={pk}" for pk in Scenario.objects.values_list("pk", flat=True))
    yield f"{reverse('workbench:roadmap-compare')}?{scenarios}"
    review, many = reverse("workbench:review"), reverse("workbench:review-many")
    for asked in (
        "",
        "&page=40",
        "&q=سرور",
        "&q=سرور شبکه",
        "&matter=class",
        "&year=1401",
        "&unit=u7",
        "&class=unknown",
    ):
        yield f"{review}?scope=all{asked}"
    yield f"{many}?scope=all&q=سرور"


def time_all(home: Path, only: str) -> tuple[list[Timed], list[Timed]]:
    """Ask for everything ROUNDS times and return pages and files, the busiest first; what is neither leads on and is left out."""
    from django.test import Client
    from django.utils.translation import override

    from rasad.records.models import Account
    from rasad.web.loaded import load_pages

    load_pages()
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get())
    with override("fa"):
        every = [one for one in dict.fromkeys(addresses(home)) if only in one]
    pages, files = [], []
    for address in every:
        began = time.perf_counter()
        response = client.get(address)
        first = (time.perf_counter() - began) * 1000
        if response.status_code == 200:
            is_page = "html" in response.headers["Content-Type"]
            rounds = ROUNDS if is_page else ROUNDS_OF_FILES
            (pages if is_page else files).append(_timed(client, address, first, rounds))
    return sorted(pages, key=lambda one: -one.worked), sorted(files, key=lambda one: -one.worked)


def _timed(client: object, address: str, first: float, rounds: int) -> Timed:
    times, worked, size = [], [], 0
    for _ in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        response = client.get(address)  # type: ignore[attr-defined]
        size = len(b"".join(response))
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    times.sort()
    worked.sort()
    at = -(-95 * rounds // 100) - 1
    return Timed(address, first, times[rounds // 2], times[at], worked[at], size)


def measure(home: Path, only: str) -> dict[str, object]:
    """Measure the work over all lines, then the pages."""
    from rasad.actions import workspace

    # A home that an earlier Rasad made is brought up to this one.
    workspace.prepare(home)
    began = time.perf_counter()
    workspace.connect(home)
    from rasad.actions import allocations, review

    work: dict[str, float] = {}

    def timed(name: str, since: float) -> float:
        work[name] = round(time.perf_counter() - since, 2)
        print(f"  {name}: {work[name]} s", file=sys.stderr)
        return time.perf_counter()

    began = timed("start", began)
    allocations.allocate(home=home)
    began = timed("rules over all lines", began)
    review.refresh(home=home)
    began = timed("review index", began)
    judge(home)
    began = timed(f"{JUDGED:,} lines judged at once", began)
    allocations.allocate(home=home)
    timed("rules over all lines, after judging", began)
    pages, files = time_all(home, only)
    return {"work": work, "pages": [vars(one) for one in pages], "files": [vars(one) for one in files]}


def main() -> int:
    """Return 0 when everything was measured."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--lines", type=int, default=LINES, help="how many payments (fewer for a try)")
    asked.add_argument("--folder", type=Path, help="keep the home there (default: a temporary folder)")
    asked.add_argument("--only", default="", help="only addresses that have this in them (writes nothing)")
    asked.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.make:
        _make(told.make, told.lines)
        return 0
    if told.measure:
        print(json.dumps(measure(told.measure, told.only), ensure_ascii=False))
        return 0
    with tempfile.TemporaryDirectory(prefix="rasad-bench-") as temporary:
        folder = (told.folder or Path(temporary)).resolve()
        found = _in_processes(folder, told.lines, told.only)
    text = report(found, told.lines)
    print(text)
    if told.lines == LINES and not told.only:
        OUT.write_text(text, "utf-8")
    return 0


def _in_processes(folder: Path, lines: int, only: str) -> dict[str, object]:
    """Make the home where the folder has none of that size, and measure on a copy of it; each in a process of its own."""
    kept, copy = folder / f"home-{lines}", folder / "measured"
    made = kept / "made.json"
    if not made.is_file():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        _run(kept, "--make", str(kept), "--lines", str(lines))
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy)
    try:
        found: dict[str, object] = json.loads(_run(copy, "--measure", str(copy), "--only", only))
    finally:
        if not only:
            shutil.rmtree(copy)
    return {**found, "made": json.loads(made.read_text("utf-8"))}


def _run(home: Path, *options: str) -> bytes:
    environment = {**os.environ, "RASAD_HOME": str(home), "RASAD_HOSTS": "localhost"}
    command = [sys.executable, "-m", "benchmarks.workbench", *options]
    return subprocess.run(command, env=environment, cwd=REPO, check=True, stdout=subprocess.PIPE).stdout


def _make(home: Path, lines: int) -> None:
    took: dict[str, float] = {}

    def told(name: str, seconds: float) -> None:
        took[name] = round(seconds, 2)
        print(f"  {name}: {took[name]} s", file=sys.stderr)

    make(home, lines, told)
    (home / "made.json").write_text(json.dumps(took), "utf-8")


def report(found: dict[str, object], lines: int) -> str:
    """Return docs/performance-workbench.md."""
    pages, files = ([Timed(**one) for one in found[name]] for name in ("pages", "files"))  # type: ignore[attr-defined]
    made, work = found["made"], found["work"]
    assert isinstance(made, dict)
    assert isinstance(work, dict)
    slow, busy = (sum(getattr(one, name) > 150 for one in pages) for name in ("p95", "worked"))
    return (
        "\n".join(
            [
                "# Performance of the workbench",
                "",
                f"Measured by `python -m benchmarks.workbench` on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}; "
                f"load of the machine {os.getloadavg()[1]:.1f} on average over the last five minutes): {PROJECTS} projects, {GOALS:,} goals and "
                f"indicators, {RULES} rules in force, {lines:,} payments, scenarios of {INITIATIVES} initiatives. Pages are asked of the application "
                f"in its process, without the server before it, once and then {ROUNDS} times each; files that are sent, {ROUNDS_OF_FILES} times. "
                "The first time a page's templates are read, and the index's sums of a question are made and remembered.",
                "",
                f"Pages: {len(pages)}, {slow} of them above 150 ms by the clock, {busy} by the time of the processor.",
                "",
                "| work | seconds |",
                "|---|---|",
                *(f"| {name} | {seconds} |" for name, seconds in {**made, **work}.items()),
                "",
                *_table("page", pages),
                "",
                *_table("file", files),
            ]
        )
        + "\n"
    )


def _table(name: str, rows: list[Timed]) -> list[str]:
    return [
        f"| {name} | first, ms | p50, ms | p95, ms | p95 of the processor, ms | kB |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{NAMES.sub('…', one.address)}` | {one.first:.0f} | {one.p50:.0f} | {one.p95:.0f} | {one.worked:.0f} | {one.size / 1000:.0f} |"
            for one in rows
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
