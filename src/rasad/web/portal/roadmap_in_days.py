"""Slippage in days: a roadmap whose periods are parts of a year, against the decision that first promised each initiative."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rasad.web.portal.frame import lang
from rasad.web.portal.register import project_url
from rasad.web.portal.roadmap_went import LEFT, STARTS, STATES, Row, Went, named
from rasad.web.portal.roadmap_went import heads as heads_of
from rasad.web.portal.tables import local
from rasad.web.theme import show
from rasad.web.theme.parts import Bar, Column, Lane, Slot, Stat, Table, Timeline


@dataclass(frozen=True)
class InDays:
    """How late in days, and how dear, each initiative is."""

    went: Went

    def stats(self) -> list[Stat]:
        """Return how many began and ended late, by how much, and what it all costs beyond the plan."""
        number = self.went.number
        due = [row for row in self.went.actual if row["start_late"] is not None and row["state"] != "stopped"]
        late = [row for row in due if row["start_late"]]
        ends = [row for row in self.went.begun if row["end_late"] is not None]
        behind = [row for row in ends if row["end_late"]]
        of = _("of %(count)s")
        days = sum(row["end_late"] for row in behind)
        return [
            Stat(_("Begun late, or not yet though they should"), number=len(late), note=of % {"count": number(len(due))}),
            Stat(_("Done late, or later than promised"), number=len(behind), note=of % {"count": number(len(ends))}),
            Stat(
                _("Days late at the end, on average"),
                number=days // len(behind) if behind else 0,
                note=_("%(days)s days in all") % {"days": number(days)},
            ),
            dearer(self.went),
        ]  # fmt: skip

    def slipped(self) -> Table:
        """Return each initiative: promised and happened, in days and money."""
        rows = [self._row(row) for row in self.went.actual]
        return Table(
            id="slipped",
            caption=_("Each initiative against the decision that first promised it"),
            columns=[
                Column("name", _("Initiative"), link="url", note="state"),
                Column("by", _("To begin by"), "date", note="began"),
                Column("start_late", _("Days late to begin"), "number"),
                Column("until", _("To be done by"), "date", note="ended"),
                Column("end_late", _("Days late to be done"), "number"),
                Column("now", _("In the plan in force"), note="now_note"),
                *money_columns(),
            ],
            rows=rows,
            total={"name": _("Total"), **money_sums(self.went)},
            row_header="name",
            currency=self.went.currency,
        )

    def _row(self, row: Row) -> Row:
        day = self.went.day
        told: Row = {
            **begun(self.went, row),
            "by": row["planned_start_by"],
            "until": row["planned_end"],
            "start_late": row["start_late"],
            "end_late": row["end_late"],
            "now": self.went.now(row),
            "now_note": self.went.moved(row.get("start_moved"), row.get("end_moved")),
        }
        if row["real_start"]:
            began = {"day": day(row["real_start"]), "source": str(STARTS[row["real_start_from"]])}
            told["began"] = _("began %(day)s: %(source)s") % began
        if row["real_end"]:
            told["ended"] = _("done %(day)s") % {"day": day(row["real_end"])}
        elif row["expected_end"] and row["remaining_from"]:
            words = _("promised now: %(day)s") if row["rebaselines"] else _("promised: %(day)s")
            told["ended"] = words % {"day": day(row["expected_end"])}
        return told

    def timeline(self) -> Timeline:
        """Return two bars for each initiative: as it was first decided, and as it went."""
        lanes: dict[str, list[Bar]] = defaultdict(list)
        for row in self.went.actual:
            name, url = local(named(row)), project_url(row["project"] or "")
            late = bool(row["start_late"] or row["end_late"]) and row["state"] != "stopped"
            key = "late" if late else str(row["state"])
            lanes[key].append(Bar(name, self._planned(row), url=url, note=_("as first decided")))
            # Of what is yet to begin, and not late, nothing happened.
            if late or row["state"] != "waiting":
                lanes[key].append(Bar(_("as it went"), self._went(row), note=self._words(row)))
        heads = {"late": _("Late"), "going": _("Under way, as decided"), "done": _("Done, as decided"), "waiting": _("Yet to begin"), "stopped": _("Given up")}  # fmt: skip
        years, periods = heads_of(self.went.kind, list(self.went.periods.values()))
        return Timeline(
            id="went",
            caption=_("Promised and happened, period by period"),
            caption_hidden=True,
            corner=_("Initiative"),
            years=years,
            periods=periods,
            lanes=[Lane(name, lanes[key]) for key, name in heads.items() if key in lanes],
        )

    def _planned(self, row: Row) -> list[Slot]:
        found: list[Slot] = []
        for time in self.went.times:
            if _meets(time, row["planned_start"], row["planned_end"]):
                found.append("work")
            else:
                found.append("serves" if time["first_day"] > row["planned_end"] else "")
        return found

    def _went(self, row: Row) -> list[Slot]:
        times = self.went.times
        if not row["remaining_from"] or not row["real_start"]:
            if row["state"] != "waiting" or not row["start_late"]:
                return [""] * len(times)
            return ["waits" if _meets(time, row["planned_start"], row["as_of"]) else "" for time in times]
        end = row["real_end"] or max(row["expected_end"] or row["as_of"], row["as_of"])
        found: list[Slot] = []
        for time in times:
            if _meets(time, row["real_start"], end):
                found.append("late" if time["first_day"] > row["planned_end"] else "work")
            elif row["state"] == "done" and time["first_day"] > end:
                found.append("serves")
            else:
                late = row["start_late"] and _meets(time, row["planned_start"], row["real_start"])
                found.append("waits" if late else "")
        return found

    def _words(self, row: Row) -> str:
        """Return in a few words how late it is."""
        if row["state"] == "stopped":
            return _("given up")
        if row["end_late"]:
            return _("%(days)s days late to be done") % {"days": self.went.number(row["end_late"])}
        if row["start_late"]:
            return _("%(days)s days late to begin") % {"days": self.went.number(row["start_late"])}
        return str(STATES[row["state"]])


def dearer(went: Went) -> Stat:
    """Return what has begun costs beyond its plan."""
    return Stat(
        _("Dearer than promised"),
        amount=sum(row["over"] for row in went.begun),
        note=_("paid and left to be paid, less the planned cost of the work that has begun"),
    )


def begun(went: Went, row: Row) -> Row:
    """Return what a table says of an initiative whether it counts in days or in periods: its state and its money."""
    told: dict[str, Any] = {
        "name": local(named(row)),
        "url": project_url(row["project"] or ""),
        "state": str(STATES[row["state"]]),
        "planned": row["planned_cost"],
        "paid": row["paid"] if row["project"] else None,
        "left": row["remaining"],
        "over": row["over"],
    }
    if row["remaining_from"]:
        told["left_note"] = str(LEFT[row["remaining_from"]])
    if row["progress_bp"] is not None and row["state"] == "going":
        share = show.percent(row["progress_bp"] / 10_000, lang())
        told["state"] = _("%(state)s, %(share)s of the work stands") % {
            "state": told["state"],
            "share": share,
        }
    return told


def money_columns() -> list[Column]:
    """Return the columns of money: planned, paid, left, over."""
    return [
        Column("planned", _("Planned cost of the work"), "money"),
        Column("paid", _("Paid"), "money"),
        Column("left", _("Left to be paid"), "money", note="left_note"),
        Column("over", _("Over the plan"), "difference"),
    ]


def money_sums(went: Went) -> dict[str, int]:
    """Return what these columns come to."""
    names = {"planned": "planned_cost", "paid": "paid", "left": "remaining", "over": "over"}
    return {key: sum(row[name] or 0 for row in went.actual) for key, name in names.items()}


def _meets(time: Row, first: date, last: date) -> bool:
    return bool(first <= time["last_day"] and last >= time["first_day"])
