"""The workbench at the size that a city must be able to have: every page that one can ask for, and the rules over every line.

`python -m benchmarks.workbench` makes a home of 200 projects, 2,000 goals and indicators and 1.5 million payments, and writes
docs/performance-workbench.md. `--lines` makes it smaller for a try, which writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

LINES, PROJECTS, GOALS, RULES, JUDGED = 1_500_000, 200, 2_000, 40, 2_000
ROUNDS = 12
REPO = Path(__file__).resolve().parent.parent
TOWN = """[city]
id = "bench"
name_fa = "شهر سنجش"
name_en = "Bench"
currency = "IRR"
calendar = "jalali"
residents = 1000000
it_units = ["u1", "u2", "u3"]
"""
MAPPING = """id = "bench.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["date"] }
title = { names = ["title"] }
contract_no = { names = ["contract"] }
unit_code = { names = ["unit"] }
supplier_name = { names = ["payee"] }
programme_code = { names = ["programme"] }
[[amounts]]
stage = "paid"
names = ["amount"]
[constants]
flow = "expense"
"""
WORDS = (
    *("خرید", "سرور", "رایانه", "پشتیبانی", "سامانه", "شهرسازی", "شبکه", "فیبر", "نگهداری", "نرم‌افزار", "مجوز", "چاپگر", "حقوق"),
    *("میز", "آسفالت", "فضای سبز", "سوخت", "اجاره", "خودرو", "مشاوره", "دوربین", "درگاه", "پیامک", "آموزش", "ایمنی", "بیمه"),
)  # fmt: skip


def write_payments(path: Path, lines: int) -> None:
    """Write the payments of a made-up city: words of few kinds, 3,000 suppliers, 8,000 contracts, 300 units."""
    chance = Random(1)
    titles = [" ".join(chance.sample(WORDS, 3)) + f" {number}" for number in range(20_000)]
    with path.open("w", encoding="utf-8") as file:
        file.write("date,title,contract,unit,payee,programme,amount\n")
        for number in range(lines):
            pick = chance.randrange
            unit = pick(300)
            contract = f"c{pick(8_000)}" if pick(3) == 0 else ""
            file.write(
                f"{1398 + pick(6)}/{1 + pick(12):02}/{1 + pick(29):02},{titles[pick(20_000)]},{contract},u{unit},"
                f"شرکت {pick(3_000)},g{pick(400)},{1 + pick(10**9)}\n"
            )
            if number % 500_000 == 0:
                print(f"  {number:,} payments", file=sys.stderr)


def build_register() -> None:
    """Write the register: projects with goals and baselines, goals and indicators with readings, rules in force."""
    from datetime import date
    from decimal import Decimal

    from rasad.records.changes import changing
    from rasad.records.models import (
        Account,
        AllocationRule,
        Baseline,
        Goal,
        GoalIndicator,
        Indicator,
        Progress,
        Project,
        ProjectGoal,
        Reading,
        Unit,
    )

    chance = Random(2)
    Account.objects.create(email="bench@example.org", name="سنجش")
    with changing(by=None, action="register.import") as change:
        units = [Unit(code=f"u{n}", name=f"واحد {n}", is_it=n < 4) for n in range(60)]
        change.add_all(units)
        goals = _goals(change, Goal)
        indicators = [
            Indicator(code=f"I{n}", title=f"شاخص {n}", measured_in="درصد") for n in range(GOALS // 2)
        ]
        change.add_all(indicators)
        change.add_all([GoalIndicator(goal=g, indicator=i) for g, i in zip(goals, indicators, strict=True)])
        change.add_all(
            [
                Reading(
                    indicator=i,
                    period_start=date(2020 + y, 3, 21),
                    period_end=date(2021 + y, 3, 20),
                    value=Decimal(chance.randrange(100)),
                    quality="measured",
                )
                for i in indicators
                for y in range(3)
            ]
        )
        projects = [
            Project(
                code=f"P{n}",
                title=f"{chance.choice(WORDS)} {chance.choice(WORDS)} {n}",
                unit=units[n % 60],
                status="running",
            )
            for n in range(PROJECTS)
        ]
        change.add_all(projects)
        change.add_all([Baseline(project=p, number=1, budget=10**9, end=date(2025, 3, 20)) for p in projects])
        change.add_all(
            [
                Progress(project=p, as_of=date(2024, m, 1), physical_bp=500 * m, said_by="مجری")
                for p in projects
                for m in (3, 6, 9)
            ]
        )
        change.add_all(
            [
                ProjectGoal(project=p, goal=goals[n * 5 + half], weight_bp=5_000)
                for n, p in enumerate(projects)
                for half in (0, 1)
            ]
        )
        change.add_all([_rule(AllocationRule, n, chance) for n in range(RULES)])


def _goals(change: Any, kind: type) -> list[Any]:
    """Write goals as a tree of three levels, ten beside one another."""
    levels: list[list[Any]] = []
    for level in range(3):
        parents = levels[-1] if levels else [None]
        left = GOALS // 2 - sum(map(len, levels))
        made = [
            kind(code=f"G{level}.{n}", title=f"هدف {level}.{n}", parent=parents[n // 10], weight_bp=1_000)
            for n in range(10 * len(parents))
        ][:left]
        change.add_all(made)
        levels.append(made)
    return [goal for level in levels for goal in level]


def _rule(kind: type, n: int, chance: Random) -> Any:
    """Return a rule of one of five kinds: words, a contract, a programme, a supplier and period, words of one unit."""
    conditions = (
        {"title_all": chance.sample(WORDS, 2)},
        {"contracts": [f"c{chance.randrange(8_000)}" for _ in range(20)]},
        {"programmes": [f"g{chance.randrange(40)}*"]},
        {"title_any": [chance.choice(WORDS)], "year_from": 1400, "year_until": 1401},
        {"units": [f"u{chance.randrange(300)}"], "title_none": [chance.choice(WORDS)]},
    )[n % 5]
    parts = [{"project": f"P{n}", "share_bp": 7_000}, {"project": f"P{n + 100}", "share_bp": 3_000}]
    return kind(
        code=f"r{n}",
        number=1,
        title=f"قاعدهٔ {n}",
        state="in_force",
        order=n,
        conditions=conditions,
        parts=parts,
    )


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


def pages() -> list[str]:
    """Return the addresses of every page: those that take nothing, and one of each that takes a record."""
    from django.urls import NoReverseMatch, reverse
    from django.utils.translation import override

    from rasad.records.models import Account, Project
    from rasad.web.workbench.urls import urlpatterns

    key = Project.objects.get(code="P1").pk
    found = []
    with override("fa"):
        for one in urlpatterns:
            for given in ({}, {"key": key}, {"code": "r1"}):
                try:
                    found.append(reverse(f"workbench:{one.name}", kwargs=given))
                    break
                except NoReverseMatch:
                    continue
        account = Account.objects.get()
        found += [reverse("workbench:account", kwargs={"key": account.pk})]
    review = "/fa/review/"
    found += [f"{review}?scope=all", f"{review}?scope=all&page=40", f"{review}?scope=all&q=سرور", f"{review}?scope=all&matter=class"]  # fmt: skip
    return list(dict.fromkeys(found))


def time_pages(home: Path) -> list[tuple[str, float, float, float, int]]:
    """Ask for every page ROUNDS times and return (address, p50, p95, p95 of the processor's time, bytes), the busiest first; what is no page leads on and is left out."""
    from datetime import date

    from django.test import Client

    from rasad.records.changes import changing
    from rasad.records.models import Account, Grant
    from rasad.records.roles import ROLES

    account = Account.objects.get()
    with changing(by=None, action="grant.grant") as change:
        change.add_all([Grant(account=account, role=role, since=date(2020, 1, 1)) for role in ROLES])
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    told = []
    for address in pages():
        first = client.get(address)
        if first.status_code != 200 or "html" not in first.headers["Content-Type"]:
            continue
        times, worked = [], []
        for _ in range(ROUNDS):
            began, busy = time.perf_counter(), time.process_time()
            size = len(client.get(address).content)
            times.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - busy) * 1000)
        times.sort()
        worked.sort()
        told.append((address, times[ROUNDS // 2], times[-1], worked[-1], size))
    return sorted(told, key=lambda one: -one[3])


def inside(home: Path) -> None:
    """What the process on the home does: measure, and print what was found as JSON."""
    from rasad.actions import workspace

    began = time.perf_counter()
    workspace.connect(home)
    from rasad.actions import allocations, review
    from rasad.actions.batches import import_file
    from rasad.ledger.mapping import load_mapping

    found: dict[str, object] = {}

    def timed(name: str, since: float) -> float:
        found[name] = round(time.perf_counter() - since, 2)
        print(f"  {name}: {found[name]} s", file=sys.stderr)
        return time.perf_counter()

    began = timed("start", began)
    build_register()
    began = timed("register written", began)
    import_file(
        home=home, mapping=load_mapping(home / "sources" / "bench.toml"), path=home.parent / "payments.csv"
    )
    began = timed("payments loaded and classified", began)
    done = allocations.allocate(home=home)
    began = timed("rules over all lines", began)
    found["lines"] = done.computed_lines
    review.refresh(home=home)
    began = timed("review index", began)
    judge(home)
    began = timed(f"{JUDGED:,} lines judged at once", began)
    allocations.allocate(home=home)
    timed("rules over all lines, after judging", began)
    found["pages"] = time_pages(home)
    print(json.dumps(found, ensure_ascii=False))


def main() -> int:
    """Return 0 when everything was measured."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--lines", type=int, default=LINES, help="how many payments (fewer for a try)")
    asked.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.home:
        inside(told.home)
        return 0
    with tempfile.TemporaryDirectory(prefix="rasad-bench-") as folder:
        home = Path(folder) / "home"
        (home / "sources").mkdir(parents=True)
        (home / "city.toml").write_text(TOWN, "utf-8")
        (home / "sources" / "bench.toml").write_text(MAPPING, "utf-8")
        write_payments(Path(folder) / "payments.csv", told.lines)
        environment = {**os.environ, "RASAD_HOME": str(home), "RASAD_HOSTS": "localhost"}
        prepare = "import pathlib, sys; from rasad.actions import workspace; workspace.prepare(pathlib.Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", prepare, str(home)], env=environment, check=True)
        command = [sys.executable, "-m", "benchmarks.workbench", "--home", str(home)]
        done = subprocess.run(command, env=environment, cwd=REPO, check=True, stdout=subprocess.PIPE)
    text = report(json.loads(done.stdout), told.lines)
    print(text)
    if told.lines == LINES:
        (REPO / "docs" / "performance-workbench.md").write_text(text, "utf-8")
    return 0


def report(found: dict[str, object], lines: int) -> str:
    """Return docs/performance-workbench.md."""
    told = found.pop("pages")
    assert isinstance(told, list)
    slow, busy = ([one for one in told if one[number] > 150] for number in (2, 3))
    load = os.getloadavg()[1]
    head = [
        "# Performance of the workbench",
        "",
        f"Measured by `python -m benchmarks.workbench` on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}), "
        f"which other work loaded to {load:.1f} on average meanwhile: {PROJECTS} projects, {GOALS:,} goals and indicators, {RULES} rules in force, "
        f"{lines:,} payments. Pages are asked of the application in its process, without the server before it, {ROUNDS} times each; "
        "the p95 of so few is the slowest of them.",
        "",
        f"Pages: {len(told)}, {len(slow)} of them above 150 ms by the clock, {len(busy)} by the time of the processor.",
        "",
        "| work | seconds |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in found.items() if name != "lines"),
        "",
        "| page | p50, ms | p95, ms | p95 of the processor, ms | kB |",
        "|---|---|---|---|---|",
        *(
            f"| `{address}` | {p50:.0f} | {p95:.0f} | {work:.0f} | {size / 1000:.0f} |"
            for address, p50, p95, work, size in told
        ),
    ]
    return "\n".join(head) + "\n"


if __name__ == "__main__":
    sys.exit(main())
