"""Slippage in steps: periods that are no part of a year have no days, so nothing is late in days. What the plan in force has moved since the
decision that first promised an initiative is told in its own periods; what the register and the ledger know beside it, in days and money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rasad.web.portal.register import project_url
from rasad.web.portal.roadmap_in_days import begun, dearer, money_columns, money_sums
from rasad.web.portal.roadmap_went import STARTS, STATES, Row, Went, named
from rasad.web.portal.tables import local
from rasad.web.theme.parts import Bar, Column, Lane, Slot, Stat, Table, Timeline


@dataclass(frozen=True)
class InSteps:
    """By how many steps, and how much dearer, each initiative slipped."""

    went: Went

    def stats(self) -> list[Stat]:
        """Return how many the plan in force has later or no longer, by how much, and what it all costs beyond the plan."""
        number, rows = self.went.number, self.went.actual
        there = [row for row in rows if row["current_from"] is not None]
        behind = [row for row in there if _late(row)]
        steps = sum(max(row["end_moved"], 0) for row in behind)
        of = _("of %(count)s")
        return [
            Stat(_("Later than first decided"), number=len(behind), note=of % {"count": number(len(there))}),
            Stat(
                _("Periods later at the end, on average"),
                number=steps // len(behind) if behind else 0,
                note=_("%(span)s in all") % {"span": self.went.span(steps)},
            ),
            Stat(
                _("Left out since"),
                number=len(rows) - len(there),
                note=_("of %(count)s that were promised") % {"count": number(len(rows))},
            ),
            dearer(self.went),
        ]

    def slipped(self) -> Table:
        """Return each initiative: as first decided, as the plan in force has it, and as it stands."""
        return Table(
            id="slipped",
            caption=_("Each initiative against the decision that first promised it"),
            columns=[
                Column("name", _("Initiative"), link="url", note="state"),
                Column("plan", _("As first decided")),
                Column("now", _("In the plan in force"), note="now_note"),
                Column("real", _("Began"), "date", note="real_note"),
                Column("end", _("Done"), "date"),
                *money_columns(),
            ],
            rows=[self._row(row) for row in self.went.actual],
            total={"name": _("Total"), **money_sums(self.went)},
            row_header="name",
            currency=self.went.currency,
        )

    def _row(self, row: Row) -> Row:
        return {
            **begun(self.went, row),
            "plan": self.went.within(row["planned_from"], row["planned_to"]),
            "real": row["real_start"],
            "real_note": str(STARTS[row["real_start_from"]]) if row["real_start"] else "",
            "end": row["real_end"],
            "now": self.went.now(row),
            "now_note": self.went.moved(row["start_moved"], row["end_moved"]),
        }

    def timeline(self) -> Timeline:
        """Return a bar for each initiative as it was first decided, and another as the plan in force has it where that differs."""
        lanes: dict[str, list[Bar]] = defaultdict(list)
        for row in self.went.actual:
            name, url = local(named(row)), project_url(row["project"] or "")
            there = row["current_from"] is not None
            moved = there and bool(row["start_moved"] or row["end_moved"])
            key = "late" if there and _late(row) else "gone" if not there else str(row["state"])
            lanes[key].append(Bar(name, self._planned(row), url=url, note=_("as first decided")))
            if moved:
                said = self.went.moved(row["start_moved"], row["end_moved"])
                lanes[key].append(Bar(_("in the plan in force"), self._now(row), note=said))
            elif not there:
                none: list[Slot] = [""] * len(self.went.times)
                said = self.went.now(row) if row["state"] == "waiting" else str(STATES[row["state"]])
                lanes[key].append(Bar(_("in the plan in force"), none, note=said))
        heads = {"late": _("Later than first decided"), "going": _("Under way, as decided"), "done": _("Done, as decided"), "waiting": _("Yet to begin"), "stopped": _("Given up"), "gone": _("Left out since")}  # fmt: skip
        return Timeline(
            id="went",
            caption=_("First decided and decided now, period by period"),
            caption_hidden=True,
            corner=_("Initiative"),
            periods=[local(named(row)) for row in self.went.times],
            lanes=[Lane(name, lanes[key]) for key, name in heads.items() if key in lanes],
        )

    def _planned(self, row: Row) -> list[Slot]:
        return [_slot(period, row["planned_from"], row["planned_to"]) for period in self.went.periods]

    def _now(self, row: Row) -> list[Slot]:
        found: list[Slot] = []
        for period in self.went.periods:
            slot = _slot(period, row["current_from"], row["current_to"])
            if slot == "work" and period > row["planned_to"]:
                slot = "late"
            elif not slot and period >= row["planned_from"]:
                slot = "waits"
            found.append(slot)
        return found


def _late(row: Row) -> bool:
    return bool(max(row["start_moved"], row["end_moved"]) > 0)


def _slot(period: int, first: int, last: int) -> Slot:
    if first <= period <= last:
        return "work"
    return "serves" if period > last else ""
