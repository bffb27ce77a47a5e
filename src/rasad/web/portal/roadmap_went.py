"""What a release says of how its roadmap went, with its tables at hand, and the words that its pages share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.release.reader import Release
from rasad.web.portal.frame import lang
from rasad.web.portal.register import day_text
from rasad.web.portal.tables import local
from rasad.web.theme import show

Row = dict[str, Any]
STATES = {
    "waiting": gettext_lazy("not begun"),
    "going": gettext_lazy("under way"),
    "done": gettext_lazy("done"),
    "stopped": gettext_lazy("given up"),
}
STARTS = {
    "project": gettext_lazy("as the project says"),
    "payment": gettext_lazy("its first payment"),
    "progress": gettext_lazy("its first report of progress"),
}
LEFT = {
    "budget": gettext_lazy("promised less paid"),
    "progress": gettext_lazy("by its report of progress"),
    "done": gettext_lazy("done"),
}
GONE = {"dropped": gettext_lazy("left out"), "past": gettext_lazy("its years are over")}
"""Why an initiative is in a plan no longer."""
_SPANS = {
    "year": (gettext_lazy("one year"), gettext_lazy("%(count)s years")),
    "half": (gettext_lazy("one half-year"), gettext_lazy("%(count)s half-years")),
    "quarter": (gettext_lazy("one quarter"), gettext_lazy("%(count)s quarters")),
    "month": (gettext_lazy("one month"), gettext_lazy("%(count)s months")),
    "step": (gettext_lazy("one period"), gettext_lazy("%(count)s periods")),
}


class Went:
    """One roadmap of a release as it went: rows of its tables, those of a period by their number."""

    def __init__(self, release: Release, head: Row) -> None:
        self.release, self.head = release, head
        self.currency, self.kind = str(head["currency"]), str(head["period_kind"])
        self.actual = sorted(self._table("roadmap_actual"), key=_by_plan)
        self.begun = [row for row in self.actual if row["remaining_from"]]
        self.versions = sorted(self._table("roadmap_version"), key=lambda row: row["number"])
        self.changes = self._table("roadmap_change")
        self.times = sorted(self._table("roadmap_time"), key=lambda row: row["period"])
        self.paid = self._table("roadmap_paid")

    def _table(self, name: str) -> list[Row]:
        return [row for row in self.release.records.table(name) if row["roadmap"] == self.head["code"]]

    @property
    def dated(self) -> bool:
        """Whether its periods have days: they are parts of a year."""
        return self.kind != "step"

    @cached_property
    def periods(self) -> dict[int, str]:
        """The names of all periods that any decision has, by their number."""
        return {row["period"]: local(named(row)) for row in self.times}

    # --- Words ----------------------------------------------------------------------------------------------------------

    def day(self, value: date) -> str:
        return day_text(self.release, value)

    def number(self, number: int) -> str:
        return show.grouped(number, lang())

    def amount(self, amount: int) -> str:
        return " ".join(show.scaled_amount(amount, self.currency, "auto", lang()))

    def within(self, first: int | None, last: int | None) -> str:
        """Return the periods from one to another in words; "" where there are none."""
        if first is None or last is None:
            return ""
        names = dict.fromkeys(self._name(one) for one in (first, last))
        return " – ".join(name for name in names if name)

    def _name(self, period: int) -> str:
        """Return a period's name; of one before all that were decided, that it is."""
        if self.times and period < self.times[0]["period"]:
            return _("before %(first)s") % {"first": local(named(self.times[0]))}
        return self.periods.get(period, "")

    def now(self, row: Row) -> str:
        """Return in which periods the plan in force has an initiative; where it has it no longer, why."""
        if row.get("current_from") is not None:
            return self.within(row["current_from"], row["current_to"])
        if row.get("current_start") is not None:
            # A release from before periods were told: the days say in which they lie.
            return self.within(*(self._at(row[f"current_{end}"]) for end in ("start", "end")))
        mine = [one for one in self.changes if one["code"] == row["code"]]
        last = max(mine, key=lambda one: one["number"], default=None)
        return str(GONE[last["change"]]) if last is not None and last["change"] in GONE else ""

    def _at(self, day: date) -> int | None:
        return next(
            (time["period"] for time in self.times if time["first_day"] <= day <= time["last_day"]), None
        )

    def span(self, count: int) -> str:
        """Return so many periods in words: two quarters."""
        one, many = _SPANS[self.kind]
        return str(one) if count == 1 else str(many) % {"count": self.number(count)}

    def shifted(self, count: int) -> str:
        """Return by how many periods something moved in words: two quarters later."""
        words = _("%(span)s later") if count > 0 else _("%(span)s earlier")
        return words % {"span": self.span(abs(count))}

    def moved(self, start: int | None, end: int | None) -> str:
        """Return in words how the beginning and the end moved: as one where they moved alike; "" where neither did."""
        start, end = start or 0, end or 0
        if start == end:
            return self.shifted(start) if start else ""
        said = []
        if start:
            said.append(_("begins %(moved)s") % {"moved": self.shifted(start)})
        if end:
            said.append(_("done %(moved)s") % {"moved": self.shifted(end)})
        return _(", ").join(said)


def heads(kind: str, names: Sequence[str]) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the heads of a timeline's periods: years with how many periods each has, and the periods without their year.

    Whole years, and steps, have no line of years above them.
    """
    if kind in ("year", "step"):
        return [], list(names)
    # "1404 Q3", but «سه‌ماههٔ سوم ۱۴۰۴», «مهر ۱۴۰۴» and "Mehr 1404".
    leads = lang() == "en" and kind != "month"
    years: list[tuple[str, int]] = []
    parts = []
    for name in names:
        one, _space, other = name.partition(" ") if leads else name.rpartition(" ")
        year, part = (one, other) if leads else (other, one)
        # Below its year the third of four is the third quarter.
        parts.append(part.rpartition(" ")[2])
        count = years.pop()[1] if years and years[-1][0] == year else 0
        years.append((year, count + 1))
    return years, parts


def named(row: Row) -> str:
    """Return a row's title in the page's language."""
    return str((row["title_en"] if lang() == "en" and row["title_en"] else row["title"]) or "")


def _by_plan(row: Row) -> tuple[Any, ...]:
    if row["planned_start"] is None:
        return row["planned_from"], row["planned_to"], row["code"]
    return row["planned_start"], row["planned_end"], row["code"]
