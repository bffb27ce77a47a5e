"""Writing the register as the files that `rasad records import` reads."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from random import Random

from rasad.sample.register import aims, money, people, portfolio, systems
from rasad.sample.register.days import Row
from rasad.sample.register.roadmap import write_roadmap
from rasad.sample.register.roadmap_before import write_first_roadmap
from rasad.sample.spending import Contract, Payment


def write_register(
    out: Path, random_of: Callable[[str], Random], payments: list[Payment], contracts: list[Contract]
) -> list[Path]:
    """Write one CSV per noun into `out/records`, in an order in which each stands after those it names, and the roadmaps; return their paths."""
    numbers = money.it_contracts(payments)
    purposes = portfolio.purposes()
    sheets: dict[str, list[Row]] = {
        "unit": people.units(),
        "institution": people.institutions(),
        "post": people.posts(),
        "staff": people.staff(random_of("staff")),
        "resolution": people.resolutions(random_of("resolutions")),
        "goal": aims.goals(),
        "indicator": aims.indicators(),
        "goal_indicator": aims.goal_indicators(),
        "target": aims.targets(),
        "reading": aims.readings(random_of("readings")),
        "service": aims.services(),
        "channel": aims.channels(random_of("channels")),
        "system": systems.systems(),
        "data_link": systems.links(random_of("links")),
        "project": portfolio.projects(),
        "baseline": portfolio.baselines(),
        "milestone": portfolio.milestones(),
        "progress": portfolio.progress(random_of("progress")),
        **purposes,
        "asset": money.assets(random_of("assets"), payments),
        "contract_record": money.contracts(random_of("contract files"), contracts, set(numbers)),
        "allocation_rule": money.rules(random_of("rules"), numbers),
    }
    folder = out / "records"
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(folder / f"{noun}.csv", rows) for noun, rows in sheets.items()]
    return [*written, write_first_roadmap(folder), write_roadmap(folder)]


def _write(path: Path, rows: list[Row]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
