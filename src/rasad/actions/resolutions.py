"""What is done with resolutions, as far as projects and baselines need to name them."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Resolution


def add_resolution(
    *, number: str, date: date, title: str, by: Account | None, why: str = "", **values: Any
) -> Resolution:
    """Add a resolution under its number. ValidationError where it cannot stand."""
    with changing(by=by, action="resolution.add", why=why) as change:
        fields = {"number": number, "date": date, "title": title, **values}
        return change.add(Resolution(**resolved(Resolution, fields)))


def change_resolution(
    *, resolution: Resolution, seen: int, by: Account | None, why: str = "", **values: Any
) -> Resolution:
    """Change what is said of a resolution. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="resolution.change", why=why) as change:
        return change.update(resolution, seen=seen, **resolved(Resolution, values))


def notify(
    *, resolution: Resolution, seen: int, number: str, on: date, by: Account | None, why: str = ""
) -> Resolution:
    """Say that a resolution was notified, under which number and on which day."""
    with changing(by=by, action="resolution.notify", why=why) as change:
        return change.update(resolution, seen=seen, state="notified", notified_no=number, notified_on=on)
