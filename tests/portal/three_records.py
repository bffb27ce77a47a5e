"""The town's records in three releases: baselines moved, rows new and gone, words taken back."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from town import Row, write_release
from town_records import RECORDS, allocation, write_records

FIRST = datetime(2025, 4, 1, tzinfo=UTC)
SECOND, THIRD = datetime(2025, 10, 5, 9, 30, tzinfo=UTC), datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
Records = dict[str, list[dict[str, Any]]]
TAKEN_BACK = ("زهرا نمونه‌ای", "345 6789", "آغاز با نام")
"""Words of the first two releases that the third one, and what it tells of the others, must not say."""


def first() -> Records:
    """Return the records of the first release: a project's text names a person, another's title holds a number."""
    found = deepcopy(RECORDS)
    found["project"][0] |= {"description": "مجری: زهرا نمونه‌ای"}
    found["project"][1] |= {"title": "بی‌هدف 0912 345 6789"}
    return found


def second() -> Records:
    """Return the records of the second release."""
    found = first()
    found["project"][0] |= {"description": "مجری: یک شرکت"}
    found["project"][1] |= {"title": "بی‌هدف"}
    found["baseline"][2] |= {"end": date(2025, 3, 20), "budget": 250_000_000}
    found["baseline"].append(
        {"project": "p/1", "number": 10, "end": date(2026, 3, 20), "budget": 300_000_000, "reason": "باز هم"}
    )
    found["progress"].append({"project": "p/1", "as_of": date(2025, 3, 19), "physical_bp": 5100})
    found["milestone"][0] |= {"title": "آغاز با نام"}
    found["reading"].pop()
    found["goal"][2] |= {"weight_bp": 3000}
    found["asset"] = [found["asset"][0], found["asset"][2] | {"used": 25}]
    found["channel"][1] |= {"travel_cost": 12_345}
    return found


def third() -> Records:
    """Return the records of the third release: a project is gone, and a milestone's title says less."""
    found = second()
    found["project"] = found["project"][:2]
    found["project_goal"] = found["project_goal"][:2]
    found["milestone"][0] |= {"title": "آغاز"}
    return found


def dearer(lines: list[Row]) -> list[Row]:
    """Return the lines of the third release: a payment that is all of one project's costs more. Allocation goes by the lines' order."""
    whole = next(
        part["line_id"]
        for part in allocation(lines)
        if part["project"] == "p/1" and part["share_bp"] == 10_000 and part["line_id"].startswith("aaaa")
    )
    for row in lines:
        if row["line_id"] == whole:
            row |= {"amount": row["amount"] + 1_000_000}
    return lines


def write_three(releases: Path) -> list[Records]:
    """Build the releases; return the records of each. The lines are the same in the first two."""
    written = [first(), second(), third()]
    for records, now, edit in zip(written, (FIRST, SECOND, THIRD), (None, None, dearer), strict=True):
        write_release(
            releases, now=now, payments=120, edit=edit, records=partial(write_records, records=records)
        )
    return written
