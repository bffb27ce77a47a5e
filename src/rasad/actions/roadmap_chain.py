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
            "initiatives": len(one.works),
            "cost": sum(one.cost(work) for work in one.works.values()),
        }


def changes(chain: Chain) -> Iterator[Row]:
    """Yield what each later decision changed of the one before: initiatives put in, left out, moved, dearer or cheaper."""
    for before, after in zip(chain.versions, chain.versions[1:], strict=False):
        for id_ in dict.fromkeys([*before.works, *after.works]):
            was, now = before.works.get(id_), after.works.get(id_)
            name = (now or was).initiative.name  # type: ignore[union-attr]
            row: Row = {"number": after.number, "code": id_, "title": name.fa, "title_en": name.en}
            for side, version, work in (("before", before, was), ("after", after, now)):
                if work is not None:
                    when: Name = version.horizon.name(work.start)
                    row |= {f"start_{side}": when.fa, f"start_{side}_en": when.en, f"cost_{side}": version.cost(work)}  # fmt: skip
            if was is not None and now is not None:
                row["change"], row["moved"] = "changed", after.moved(now.start, before, was.start)
                if not row["moved"] and row["cost_before"] == row["cost_after"]:
                    continue
            elif was is not None and before.until(was.last) <= after.at(0):
                row["change"] = "past"
            else:
                row["change"] = "added" if was is None else "dropped"
            yield row


def times(chain: Chain) -> Iterator[Row]:
    """Yield the periods of all decisions, with their days; counted from 0 as the roadmap in force counts."""
    horizon = chain.last.horizon
    if horizon.kind == "step":
        return
    zero, months = chain.last.at(0), chain.last.months
    first = (min(one.at(0) for one in chain.versions) - zero) // months
    last = (max(one.until(one.horizon.count - 1) for one in chain.versions) - 1 - zero) // months
    for period in range(first, last + 1):
        name, (begin, end) = horizon.name(period), days_of(horizon, period, chain.calendar)
        yield {"period": period, "title": name.fa, "title_en": name.en, "first_day": begin, "last_day": end}


def became(chain: Chain) -> Iterator[Row]:
    """Yield what became of each initiative that a decision promised, against the first that did."""
    if chain.last.horizon.kind == "step":
        return
    for id_, version in _first(chain).items():
        yield _became(chain, id_, version)


def became_in_steps(chain: Chain) -> Iterator[Row]:
    """Yield what became of each initiative of a roadmap that counts in steps: steps have no days, so nothing is late in days; money and what the register says of it are told."""
    for id_, version in _first(chain).items():
        work, actual, horizon = version.works[id_], chain.happened.get(id_), version.horizon
        row = _told_of(id_, work, actual) | {
            "start": work.start,
            "last": work.last,
            "begins": horizon.name(work.start),
            "ends": horizon.name(work.last),
        }
        if actual is not None and actual.begun:
            row |= {
                "real_start": actual.started,
                "real_end": actual.project.ended_on if actual.done else None,
                "expected_end": actual.current.end if actual.current else None,
                "over": row["paid"] + remaining(work.mode, actual, row["paid"]).amount - row["planned_cost"],
            }
        yield row


def _first(chain: Chain) -> dict[str, Version]:
    """Return for each initiative the decision that first promised it."""
    first: dict[str, Version] = {}
    for version in chain.versions:
        for id_ in version.works:
            first.setdefault(id_, version)
    return first


def _told_of(id_: str, work: Work, actual: Actual | None) -> Row:
    """Return what is known of an initiative whether its roadmap counts in days or in steps."""
    name = work.initiative.name
    return {
        "code": id_,
        "title": name.fa,
        "title_en": name.en,
        "project": actual.project.code if actual else "",
        "state": _state(actual),
        "planned_cost": work_cost(work.mode),
        "paid": actual.total() if actual else 0,
    }


def _became(chain: Chain, id_: str, version: Version) -> Row:
    work, actual = version.works[id_], chain.happened.get(id_)
    starts = days_of(version.horizon, work.start, chain.calendar)
    until = days_of(version.horizon, work.last, chain.calendar)[1]
    row = _told_of(id_, work, actual) | {
        "planned_in": version.number,
        "planned_start": starts[0],
        "planned_start_by": starts[1],
        "planned_end": until,
        "rebaselines": actual.rebaselines if actual else 0,
        "as_of": chain.as_of,
    }
    now = chain.last.works.get(id_)
    if now is not None:
        row["current_start"] = days_of(chain.last.horizon, now.start, chain.calendar)[0]
        row["current_end"] = days_of(chain.last.horizon, now.last, chain.calendar)[1]
    if actual is None or not actual.begun:
        if row["state"] == "waiting" and chain.as_of > starts[1]:
            row["start_late"] = _days(chain.as_of, starts[1])
        return row
    left = remaining(work.mode, actual, row["paid"])
    ended = actual.project.ended_on if actual.done else None
    expected = actual.current.end if actual.current else None
    row |= {
        "real_start": actual.started,
        "real_start_from": actual.started_from,
        "real_end": ended,
        "expected_end": expected,
        "progress_bp": actual.progress_bp,
        "progress_on": actual.progress_on,
        "remaining": left.amount,
        "remaining_from": left.source,
        "over": row["paid"] + left.amount - row["planned_cost"],
    }
    if actual.started is not None:
        row["start_late"] = _days(actual.started, starts[1])
    # What goes on is late by what it is to take at least: until its baseline's end, or until now where that has passed.
    reached = ended or (None if actual.done else max(_known([expected, chain.as_of])))
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
