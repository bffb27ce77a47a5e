"""The home that `benchmarks.workbench` measures: a city's register, its payments, its roadmap, and files on its desks."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

PROJECTS, GOALS, RULES = 200, 2_000, 40
FILES = 12
"""Files that the payments come in, one after another, as a finance office hands them in."""
INITIATIVES = 60
SCENARIOS = 4
REJECTED, DESK = 60, 2_000
"""Rows in quarantine, and rows of a file that waits on the import desk."""
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


def write_payments(folder: Path, lines: int) -> list[Path]:
    """Write the payments of a made-up city, in FILES files: words of few kinds, 3,000 suppliers, 8,000 contracts, 300 units."""
    chance = Random(1)
    titles = [" ".join(chance.sample(WORDS, 3)) + f" {number}" for number in range(20_000)]
    paths = []
    for number in range(FILES):
        paths.append(folder / f"payments-{number + 1:02}.csv")
        count = lines * (number + 1) // FILES - lines * number // FILES
        paths[-1].write_text(_payments(chance, titles, count), "utf-8")
        print(f"  {paths[-1].name}: {count:,} payments", file=sys.stderr)
    return paths


def _payments(chance: Random, titles: list[str], count: int, wrong: int = 0) -> str:
    pick = chance.randrange
    text = io.StringIO()
    text.write("date,title,contract,unit,payee,programme,amount\n")
    for number in range(count):
        unit = pick(300)
        contract = f"c{pick(8_000)}" if pick(3) == 0 else ""
        amount = "?" if number < wrong else str(1 + pick(10**9))
        text.write(
            f"{1398 + pick(6)}/{1 + pick(12):02}/{1 + pick(29):02},{titles[pick(len(titles))]},{contract},u{unit},"
            f"شرکت {pick(3_000)},g{pick(400)},{amount}\n"
        )
    return text.getvalue()


def make(home: Path, lines: int, told: Callable[[str, float], None]) -> None:
    """Make the home; `told` is given each part's name and seconds."""
    from rasad.actions import workspace

    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(TOWN, "utf-8")
    (home / "sources" / "bench.toml").write_text(MAPPING, "utf-8")
    workspace.prepare(home)
    workspace.connect(home)
    parts: dict[str, Callable[[], None]] = {
        "register written": build_register,
        "payments loaded and classified": lambda: load_payments(home, lines),
        "roadmap drafted and solved": draw_roadmap,
        "files handed in": lambda: fill_desks(home),
    }
    for name, part in parts.items():
        began = time.perf_counter()
        part()
        told(name, time.perf_counter() - began)


def load_payments(home: Path, lines: int) -> None:
    """Load the payments, and a small file of which some rows stay in quarantine."""
    import tempfile

    from rasad.actions.batches import import_file
    from rasad.ledger.mapping import load_mapping

    mapping = load_mapping(home / "sources" / "bench.toml")
    with tempfile.TemporaryDirectory(prefix="rasad-bench-") as folder:
        rejected = Path(folder) / "payments-rejected.csv"
        rejected.write_text(_payments(Random(3), list(WORDS) * 1_000, REJECTED, REJECTED), "utf-8")
        for path in [*write_payments(Path(folder), lines), rejected]:
            import_file(home=home, mapping=mapping, path=path)


def draw_roadmap() -> None:
    """Draft scenarios of INITIATIVES each, solve them, and change the first as hands do: a lock, and back."""
    from rasad.actions import roadmap_solving, roadmaps
    from rasad.records.models import Account
    from rasad.roadmap.instances import instance
    from rasad.roadmap.problem import dump

    by = Account.objects.get()
    for number in range(SCENARIOS):
        problem = instance(INITIATIVES, seed=number + 1, tightness="loose")
        made = roadmaps.draft(code=f"S{number}", title=f"سناریوی {number}", problem=dump(problem), by=by)
        if number == 0:
            for one in [one.id for one in problem.initiatives if one.frozen is None][:6]:
                made = roadmaps.lock(scenario=made, seen=made.version, initiative=one, choice="out", by=by)
                made = roadmaps.unlock(scenario=made, seen=made.version, initiative=one, by=by)
        roadmap_solving.solve_scenario(key=made.pk, seconds=3, by=by, progress=lambda *_told: None)
        if number == 0:
            roadmap_solving.explain_scenario(key=made.pk, seconds=8, by=by, progress=lambda *_told: None)


def fill_desks(home: Path) -> None:
    """Hand in a file of payments that waits to be loaded, and one of projects of which rows are refused."""
    from rasad.actions import imports, jobs, uploads
    from rasad.actions.bulk import handed_in
    from rasad.records.models import Account

    by = Account.objects.get()
    text = _payments(Random(4), [" ".join(WORDS[:3])], DESK, 20)
    waiting = imports.hand_in(home=home, name="payments-next.csv", chunks=[text.encode()], by=by)
    imports.go_on(home=home, upload=waiting, by=by)
    rows = "code,title,unit,status\n" + "".join(f"P{n},طرح {n},u{n % 90},running\n" for n in range(PROJECTS))
    upload = uploads.keep(home=home, name="projects.csv", chunks=[rows.encode()], by=by)
    handed_in.look(home=home, upload=upload, noun="project")
    jobs.enqueue(kind="review.index", params={}, by=by)


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
        Grant,
        Indicator,
        Progress,
        Project,
        ProjectGoal,
        Reading,
        Unit,
    )
    from rasad.records.roles import ROLES

    chance = Random(2)
    account = Account.objects.create(email="bench@example.org", name="سنجش")
    with changing(by=None, action="grant.grant") as change:
        change.add_all([Grant(account=account, role=role, since=date(2020, 1, 1)) for role in ROLES])
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
