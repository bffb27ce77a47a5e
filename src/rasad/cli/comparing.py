"""How a comparison of two versions is told: counts, sums per amount column, and the largest of what differs."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions import cities
from rasad.cli.console import Session
from rasad.ledger.compare import Comparison
from rasad.persian import money
from rasad.persian.dates import Calendar, format_date

STAGE_NAMES = {
    "initial": "Initial budget",
    "modification": "Modifications",
    "final": "Final budget",
    "authorised": "Authorised",
    "allocated": "Allocated",
    "committed": "Committed",
    "recognised": "Recognised",
    "paid": "Paid",
    "contract": "contract",
}
"""What the catalogues call the stages; the portal has the same texts."""


WHAT = {"changed": "changed", "added": "added", "gone": "gone"}


def show_comparison(session: Session, comparison: Comparison, limit: int = 5) -> None:
    """Print what is the same, changed, added and gone; of the last three the `limit` largest."""
    counts = comparison.counts
    session.say(
        "%(old)s lines before, %(new)s now: %(same)s the same (%(moved)s of them elsewhere in the file), "
        "%(changed)s changed, %(added)s added, %(gone)s gone.",
        **counts,
    )
    rows = []
    for one in comparison.amounts:
        figures = (one.old, one.added, one.changed, -one.gone, one.new)
        stage = session.text(STAGE_NAMES.get(one.stage, one.stage)) if one.stage else session.text("contract")
        exact = (money.number(figure, currency=one.currency, lang=session.lang) for figure in figures)
        rows.append([f"{stage} ({one.currency})", *exact])
    headers = (
        "",
        session.text("before"),
        session.text("added"),
        session.text("changed by"),
        session.text("gone"),
        session.text("now"),
    )
    session.table(headers, rows, numbers=(1, 2, 3, 4, 5))
    calendar = _calendar(session)
    found = [(what, line) for what in WHAT for line in comparison.largest(what, limit)]
    if not found:
        return
    session.say("The largest of what differs:")
    session.table(
        (
            "",
            session.text("row"),
            session.text("date"),
            session.text("description"),
            session.text("before"),
            session.text("now"),
        ),
        [_row(session, what, line, calendar) for what, line in found],
        numbers=(1, 4, 5),
    )


def _calendar(session: Session) -> Calendar:
    """Return the calendar in which the city writes its days."""
    return "gregorian" if cities.settings(session.home).get("calendar") == "gregorian" else "jalali"


def _day(session: Session, value: object, calendar: Calendar) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) and value else value
    return format_date(day, calendar=calendar, lang=session.lang) if isinstance(day, date) else ""


def _row(session: Session, what: str, line: dict[str, Any], calendar: Calendar) -> list[str]:
    told = {"changed": session.text("changed"), "added": session.text("added"), "gone": session.text("gone")}
    now = line.get("new", line)
    sides = (None if what == "added" else line, None if what == "gone" else now)
    amounts = [
        money.number(one["amount"], currency=one["currency"], lang=session.lang) if one else ""
        for one in sides
    ]
    place = session.number(now["row"])
    title = str(now.get("title") or now.get("unit") or "")
    if line.get("columns"):
        title += f" [{', '.join(line['columns'])}]"
    return [told[what], place, _day(session, now.get("date"), calendar), title, *amounts]
