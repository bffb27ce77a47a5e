"""What became of an adopted roadmap's initiatives: when their projects really began and ended, how far they are, what was promised anew, and what was paid.

Days and reports come from the register, money from the ledger through the allocation of each line: one stage (the city's), one book, one
currency. Nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rasad.actions import class_judgements
from rasad.actions.allocations import holding, rules_in_force
from rasad.actions.cities import settings
from rasad.ledger.allocate import APART, project_sums
from rasad.persian.calendar import from_gregorian
from rasad.records.models import Baseline, Progress, Project, Scenario, ScenarioProject
from rasad.roadmap.problem.parts import Horizon

STARTED = ("running", "finished", "closed")
"""States of a project that has started."""
DONE = ("finished", "closed")
STOPPED = ("cancelled", "merged")


@dataclass(frozen=True)
class Paid:
    """What was paid for a project in one fiscal year (on one day, where the ledger knows it) for one class of spending, in the smallest unit."""

    year: int
    on: date | None
    cls: str
    amount: int


@dataclass(frozen=True)
class Actual:
    """One initiative as it went. `started_from` says where its beginning was found: project, progress, payment; empty where nothing shows one.

    `original` and `current` are the first baseline and the one in force; `progress_bp` is the latest report, in ten-thousandths of the work.
    """

    project: Project
    started: date | None
    started_from: str
    original: Baseline | None
    current: Baseline | None
    progress_bp: int | None
    progress_on: date | None
    paid: tuple[Paid, ...]

    @property
    def begun(self) -> bool:
        """Whether it has begun and was not given up."""
        if self.project.status in STOPPED:
            return False
        return self.project.status in STARTED or self.started is not None or bool(self.paid)

    @property
    def done(self) -> bool:
        return self.project.status in DONE

    @property
    def stopped(self) -> bool:
        return self.project.status in STOPPED

    @property
    def rebaselines(self) -> int:
        """How often it was promised anew."""
        return self.current.number - 1 if self.current else 0

    @property
    def growth(self) -> int:
        """By how much the promised budget grew since the first baseline; nought where one of both names none."""
        if self.original is None or self.current is None:
            return 0
        first, now = self.original.budget, self.current.budget
        return 0 if first is None or now is None else now - first

    def total(self) -> int:
        return sum(one.amount for one in self.paid)


def period_of(horizon: Horizon, day: date, calendar: str) -> int:
    """Return the period of the horizon in which a day lies, in the city's calendar; negative before the first. Not for horizons of steps."""
    year, month = from_gregorian(day)[:2] if calendar == "jalali" else (day.year, day.month)
    part = (month - 1) // (12 // horizon.parts)
    return (year - horizon.first_year) * horizon.parts + part - (horizon.first_part - 1)


def period_paid(horizon: Horizon, paid: Paid, calendar: str) -> int:
    """Return the period that a payment counts in: its fiscal year's, or its day's where periods are shorter; without a day, the year's last."""
    if horizon.kind == "year" or paid.on is None:
        return (paid.year - horizon.first_year + 1) * horizon.parts - horizon.first_part
    return period_of(horizon, paid.on, calendar)


def actuals(
    *, scenario: Scenario, home: Path, currency: str, paid: Mapping[str, tuple[Paid, ...]] | None = None
) -> dict[str, Actual]:
    """Return what became of each initiative of a scenario that is a project, by the initiative's id.

    `paid`: what `payments` says of these projects (and others), where whoever asks has read it already.
    """
    links = list(ScenarioProject.objects.filter(scenario=scenario).select_related("project"))
    projects = {one.project_id: one.project for one in links}
    baselines: dict[int, list[Baseline]] = {}
    for baseline in Baseline.objects.filter(project__in=projects).order_by("project", "number"):
        baselines.setdefault(baseline.project_id, []).append(baseline)
    reports: dict[int, list[Progress]] = {}
    for report in Progress.objects.filter(project__in=projects).order_by("project", "as_of"):
        reports.setdefault(report.project_id, []).append(report)
    if paid is None:
        paid = payments(home=home, projects=[one.code for one in projects.values()], currency=currency)
    return {
        link.initiative: _actual(
            link.project,
            baselines.get(link.project_id, []),
            reports.get(link.project_id, []),
            paid.get(link.project.code, ()),
        )
        for link in links
    }


def _actual(
    project: Project, baselines: list[Baseline], reports: list[Progress], paid: tuple[Paid, ...]
) -> Actual:
    moved = [one.as_of for one in reports if one.physical_bp > 0]
    dated = [one.on for one in paid if one.on is not None and one.amount > 0]
    found: list[tuple[str, date]] = []
    if project.started_on:
        found = [("project", project.started_on)]
    else:
        # Nobody said when it began: the earliest sign of it, and of what kind that is.
        found += [("payment", min(dated))] if dated else []
        found += [("progress", min(moved))] if moved else []
    source, started = min(found, key=lambda one: one[1]) if found else ("", None)
    last = reports[-1] if reports else None
    return Actual(
        project=project,
        started=started,
        started_from=source,
        original=baselines[0] if baselines else None,
        current=baselines[-1] if baselines else None,
        progress_bp=last.physical_bp if last else None,
        progress_on=last.as_of if last else None,
        paid=paid,
    )


def payments(*, home: Path, projects: Iterable[str], currency: str) -> dict[str, tuple[Paid, ...]]:
    """Return what the ledger's lines that are for each project come to, the earliest first: expenses at the city's stage, from the payments
    where there are any, else from the budget's own report. Nothing where the home holds no ledger."""
    wanted = set(projects)
    if not wanted or not (home / "ledger" / "batches").is_dir():
        return {}
    class_judgements.settle(home=home)
    stage = str(settings(home).get("default_stage", "paid"))
    found = project_sums(home, rules_in_force(), holding(), wanted, ("fiscal_year", "date", "class"))
    # The same money can stand in both books: one answers for all.
    meant = {"flow": "expense", "stage": stage, "currency": currency}
    books = {
        said["book"]
        for said in (dict(zip(APART, one, strict=True)) for one in found.scopes)
        if meant.items() <= said.items()
    }
    meant["book"] = "payments" if "payments" in books else "budget"
    added: dict[str, dict[tuple[int, date | None, str], int]] = {}
    for one in found.sums:
        said: dict[str, Any] = dict(zip((*APART, "fiscal_year", "date", "class"), one.scope, strict=True))
        if meant.items() <= said.items() and one.project is not None:
            mine = added.setdefault(one.project, {})
            key = (int(said["fiscal_year"]), said["date"], str(said["class"] or "unknown"))
            mine[key] = mine.get(key, 0) + one.amount
    return {
        project: tuple(
            Paid(year, on, cls, amount)
            for (year, on, cls), amount in sorted(
                mine.items(), key=lambda item: (item[0][0], item[0][1] or date.max, item[0][2])
            )
        )
        for project, mine in added.items()
    }
