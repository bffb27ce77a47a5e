"""The roadmap in force and every decision before it that it follows: what each changed, and what became of what was promised.

Slippage is measured against the decision that first promised an initiative, so that planning anew does not make it disappear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rasad.actions.cities import settings
from rasad.actions.roadmap_actuals import Actual, Paid, actuals, payments
from rasad.actions.roadmap_projects import days_of
from rasad.actions.roadmap_remaining import remaining, work_cost
from rasad.actions.roadmaps import Checked, checked, current_plan, decided_before
from rasad.records.models import Progress, Scenario, ScenarioProject
from rasad.roadmap.problem.parts import Horizon
from rasad.roadmap.verify import Work
from rasad.roadmap.wording import Name

Row = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One adopted roadmap of the chain, its plan verified anew."""

    number: int
    scenario: Scenario
    found: Checked

    @property
    def horizon(self) -> Horizon:
        return self.found.problem.horizon

    @property
    def works(self) -> dict[str, Work]:
        return self.found.verdict.figures.works

    def cost(self, work: Work) -> int:
        return self.found.verdict.figures.cost_of(work)

    @property
    def months(self) -> int:
        """How many months a period has."""
        return 12 // self.horizon.parts

    def at(self, period: int) -> int:
        """Return the first month of a period, counted from year 0 of the calendar: the same in every version, whatever its periods."""
        year, part = self.horizon.place(period)
        return 12 * year + (part - 1) * self.months

    def until(self, period: int) -> int:
        """Return the month after a period's last."""
        return self.at(period) + self.months

    def within(self, other: Version, period: int) -> tuple[int, int]:
        """Return the first and the last of its own periods that a period of another version falls into; negative: before its first."""
        zero = self.at(0)
        return (other.at(period) - zero) // self.months, (other.until(period) - 1 - zero) // self.months

    def moved(self, period: int, before: Version, was: int) -> int:
        """Return by how many of its own periods a start lies after (or before) all of the period that an earlier version gave for it."""
        if self.at(period) >= before.until(was):
            return (self.at(period) - before.until(was)) // self.months + 1
        if self.until(period) <= before.at(was):
            return -((before.at(was) - self.until(period)) // self.months + 1)
        return 0


@dataclass(frozen=True)
class Chain:
    """The versions, the oldest first, and what became of their initiatives."""

    versions: tuple[Version, ...]
    happened: dict[str, Actual]
    calendar: str
    as_of: date

    @property
    def last(self) -> Version:
        return self.versions[-1]


def chain_of(scenario: Scenario, *, home: Path) -> Chain:
    """Return the chain that ends with an adopted scenario. Versions may count in years, half-years, quarters or months, each in its own; in
    steps that are no part of a year nothing has a day, and they are a chain of their own."""
    scenarios = [scenario]
    while (before := decided_before(scenarios[0])) is not None:
        scenarios.insert(0, before)
    found = []
    for one in scenarios:
        record = current_plan(one)
        assert record is not None
        found.append((one, checked(one, record)))
    dated = found[-1][1].problem.horizon.kind != "step"
    meant = [pair for pair in found if (pair[1].problem.horizon.kind != "step") == dated]
    versions = tuple(Version(number, *pair) for number, pair in enumerate(meant, 1))
    happened: dict[str, Actual] = {}
    paid = _paid(versions, home)
    for version in versions:
        currency = version.found.problem.currency
        happened |= actuals(scenario=version.scenario, home=home, currency=currency, paid=paid[currency])
    city = settings(home) if (home / "city.toml").is_file() else {}
    return Chain(versions, happened, str(city.get("calendar", "jalali")), _as_of(scenario, happened))


def _paid(versions: Sequence[Version], home: Path) -> dict[str, Mapping[str, tuple[Paid, ...]]]:
    """Return by currency what was paid for every project of all versions: the ledger is asked once, not once for each."""
    codes = ScenarioProject.objects.filter(scenario__in=[one.scenario for one in versions]).values_list(
        "project__code", flat=True
    )
    projects = sorted(set(codes))
    currencies = {one.found.problem.currency for one in versions}
    return {one: payments(home=home, projects=projects, currency=one) for one in currencies}


def _as_of(scenario: Scenario, happened: dict[str, Actual]) -> date:
    """Return the newest day that is known: a decision, a report of progress, a payment, an end. Nothing is late by the day of reading alone."""
    days = [scenario.adopted_on, Progress.objects.order_by("-as_of").values_list("as_of", flat=True).first()]
    for one in happened.values():
        days += [paid.on for paid in one.paid]
        days += [one.project.ended_on, one.project.started_on]
    return max(day for day in days if day is not None)


def versions(chain: Chain) -> Iterator[Row]:
    """Yield each decision: who decided what, when."""
    for one in chain.versions:
        resolution = one.scenario.resolution
        yield {
            "number": one.number,
            "code": one.scenario.code,
            "title": one.scenario.title,
            "title_en": one.scenario.title_en,
            "adopted_on": one.scenario.adopted_on,
            "resolution": resolution.number if resolution else "",
            "resolution_title": resolution.title if resolution else "",
            "commission": resolution.commission if resolution else "",
            "reference": one.scenario.reference,
            "first_period": chain.last.within(one, 0)[0],
            "last_period": chain.last.within(one, one.horizon.count - 1)[1],
            "initiatives": len(one.works),
            "cost": sum(one.cost(work) for work in one.works.values()),
        }


def changes(chain: Chain) -> Iterator[Row]:
    """Yield what each later decision changed of the one before: initiatives put in, left out, moved, dearer or cheaper, longer, or done another way."""
    for before, after in zip(chain.versions, chain.versions[1:], strict=False):
        for id_ in dict.fromkeys([*before.works, *after.works]):
            was, now = before.works.get(id_), after.works.get(id_)
            name = (now or was).initiative.name  # type: ignore[union-attr]
            row: Row = {"number": after.number, "code": id_, "title": name.fa, "title_en": name.en}
            for side, version, work in (("before", before, was), ("after", after, now)):
                if work is not None:
                    row |= _stood(chain, version, work, side)
            if was is not None and now is not None:
                row["change"] = "changed"
                row["moved"] = after.moved(now.start, before, was.start)
                row["end_moved"] = after.moved(now.last, before, was.last)
                same = all(row.get(f"{key}_before") == row.get(f"{key}_after") for key in ("cost", "mode"))
                if same and not row["moved"] and not row["end_moved"]:
                    continue
            elif was is not None and before.until(was.last) <= after.at(0):
                row["change"] = "past"
            else:
                row["change"] = "added" if was is None else "dropped"
            yield row


def _stood(chain: Chain, version: Version, work: Work, side: str) -> Row:
    """Return where a decision has an initiative, in its own words and in the periods of the roadmap in force."""
    start: Name = version.horizon.name(work.start)
    mode = work.mode.name if len(work.initiative.modes) > 1 else Name("", "")
    return {
        f"start_{side}": start.fa,
        f"start_{side}_en": start.en,
        f"from_{side}": chain.last.within(version, work.start)[0],
        f"to_{side}": chain.last.within(version, work.last)[1],
        f"mode_{side}": mode.fa,
        f"mode_{side}_en": mode.en,
        f"cost_{side}": version.cost(work),
    }


def times(chain: Chain) -> Iterator[Row]:
    """Yield the periods of all decisions, counted from 0 as the roadmap in force counts; with their days, which steps do not have."""
    last, horizon = chain.last, chain.last.horizon
    first = min(last.within(one, 0)[0] for one in chain.versions)
    until = max(last.within(one, one.horizon.count - 1)[1] for one in chain.versions)
    for period in range(first, until + 1):
        name = horizon.name(period)
        row = {"period": period, "title": name.fa, "title_en": name.en}
        if horizon.kind != "step":
            begin, end = days_of(horizon, period, chain.calendar)
            row |= {"first_day": begin, "last_day": end}
        yield row


def became(chain: Chain) -> Iterator[Row]:
    """Yield what became of each initiative that a decision promised, against the first that did.

    Steps have no days, so in a roadmap of steps nothing is late in days: how far the plan in force has moved it is told in its periods, as of all.
    """
    for id_, version in _first(chain).items():
        row = _promised(chain, id_, version) | _happened(chain, id_, version)
        if chain.last.horizon.kind != "step":
            row |= _in_days(chain, id_, version, row)
        yield row


def _first(chain: Chain) -> dict[str, Version]:
    """Return for each initiative the decision that first promised it."""
    first: dict[str, Version] = {}
    for version in chain.versions:
        for id_ in version.works:
            first.setdefault(id_, version)
    return first


def _promised(chain: Chain, id_: str, version: Version) -> Row:
    """Return what a decision promised of an initiative, and where the plan in force has it, in the periods of the roadmap in force."""
    work, last = version.works[id_], chain.last
    name = work.initiative.name
    row: Row = {
        "code": id_,
        "title": name.fa,
        "title_en": name.en,
        "planned_in": version.number,
        "planned_from": last.within(version, work.start)[0],
        "planned_to": last.within(version, work.last)[1],
        "planned_cost": work_cost(work.mode),
        "as_of": chain.as_of,
    }
    now = last.works.get(id_)
    if now is not None:
        row |= {
            "current_from": now.start,
            "current_to": now.last,
            "start_moved": last.moved(now.start, version, work.start),
            "end_moved": last.moved(now.last, version, work.last),
        }
    return row


def _happened(chain: Chain, id_: str, version: Version) -> Row:
    """Return what the register and the ledger know of an initiative."""
    work, actual = version.works[id_], chain.happened.get(id_)
    row: Row = {
        "project": actual.project.code if actual else "",
        "state": _state(actual),
        "paid": actual.total() if actual else 0,
        "rebaselines": actual.rebaselines if actual else 0,
    }
    if actual is None or not actual.begun:
        return row
    left = remaining(work.mode, actual, row["paid"])
    return row | {
        "real_start": actual.started,
        "real_start_from": actual.started_from,
        "real_end": actual.project.ended_on if actual.done else None,
        "expected_end": actual.current.end if actual.current else None,
        "progress_bp": actual.progress_bp,
        "progress_on": actual.progress_on,
        "remaining": left.amount,
        "remaining_from": left.source,
        "over": row["paid"] + left.amount - work_cost(work.mode),
    }


def _in_days(chain: Chain, id_: str, version: Version, told: Row) -> Row:
    """Return the days that were promised, and by how many it is late: from what is `told` of it otherwise."""
    work, actual = version.works[id_], chain.happened.get(id_)
    starts = days_of(version.horizon, work.start, chain.calendar)
    until = days_of(version.horizon, work.last, chain.calendar)[1]
    row: Row = {"planned_start": starts[0], "planned_start_by": starts[1], "planned_end": until}
    now = chain.last.works.get(id_)
    if now is not None:
        row["current_start"] = days_of(chain.last.horizon, now.start, chain.calendar)[0]
        row["current_end"] = days_of(chain.last.horizon, now.last, chain.calendar)[1]
    if actual is None or not actual.begun:
        if told["state"] == "waiting" and chain.as_of > starts[1]:
            row["start_late"] = _days(chain.as_of, starts[1])
        return row
    if actual.started is not None:
        row["start_late"] = _days(actual.started, starts[1])
    # What goes on is late by what it is to take at least: until its baseline's end, or until now where that has passed.
    going_on = None if actual.done else max(_known([told["expected_end"], chain.as_of]))
    reached = told["real_end"] or going_on
    if reached is not None:
        row["end_late"] = _days(reached, until)
    return row


def _known(days: Sequence[date | None]) -> list[date]:
    return [day for day in days if day is not None]


def _days(day: date, due: date) -> int:
    return max(0, (day - due).days)


def _state(actual: Actual | None) -> str:
    if actual is None:
        return "waiting"
    if actual.stopped:
        return "stopped"
    if actual.done:
        return "done"
    return "going" if actual.begun else "waiting"


def paid(chain: Chain) -> Iterator[Row]:
    """Yield what was paid for each initiative by fiscal year and class, as the ledger's lines are allocated."""
    for id_, actual in chain.happened.items():
        sums: dict[tuple[int, str], int] = {}
        for one in actual.paid:
            sums[one.year, one.cls] = sums.get((one.year, one.cls), 0) + one.amount
        for (year, cls), amount in sorted(sums.items()):
            yield {"code": id_, "fiscal_year": year, "class": cls, "amount": amount}
