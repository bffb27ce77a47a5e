"""The roadmap as it went: what was promised against what happened, and every decision since, with what it changed and who took it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.register import day_text, project_url
from rasad.web.portal.tables import local
from rasad.web.portal.views.roadmap import Row, named, pages
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Bar, Column, Lane, Slot, Stat, Table, Timeline

_STATES = {
    "waiting": gettext_lazy("not begun"),
    "going": gettext_lazy("under way"),
    "done": gettext_lazy("done"),
    "stopped": gettext_lazy("given up"),
}
_STARTS = {
    "project": gettext_lazy("as the project says"),
    "payment": gettext_lazy("its first payment"),
    "progress": gettext_lazy("its first report of progress"),
}
_LEFT = {
    "budget": gettext_lazy("promised less paid"),
    "progress": gettext_lazy("by its report of progress"),
    "done": gettext_lazy("done"),
}
_CHANGES = {
    "added": gettext_lazy("put in"),
    "dropped": gettext_lazy("left out"),
    "past": gettext_lazy("its years are over"),
}


@page
def progress(request: HttpRequest, release: Release) -> HttpResponse:
    """Show what became of the adopted roadmap; 404 where the release knows none."""
    heads = release.records.table("roadmap") if release.records.slippage else []
    if not heads:
        raise Http404
    context = frame(request, release, "roadmap")
    context |= _Went(release, heads[0]).context()
    return TemplateResponse(request, "portal/roadmap_progress.html", context)


class _Went:
    """What a release says of how its roadmap went."""

    def __init__(self, release: Release, head: Row) -> None:
        self.release, self.head = release, head
        self.currency = str(head["currency"])
        self.actual = sorted(self._table("roadmap_actual"), key=_by_plan)
        self.begun = [row for row in self.actual if row["remaining_from"]]
        self.versions = sorted(self._table("roadmap_version"), key=lambda row: row["number"])
        self.changes = self._table("roadmap_change")
        self.times = sorted(self._table("roadmap_time"), key=lambda row: row["period"])
        self.paid = self._table("roadmap_paid")

    def _table(self, name: str) -> list[Row]:
        return [row for row in self.release.records.table(name) if row["roadmap"] == self.head["code"]]

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        as_of = self.actual[0]["as_of"] if self.actual else None
        return {
            "title": _("The roadmap as it went"),
            "kicker": local(named(self.head)),
            "pages": pages("roadmap-progress", self.release),
            "as_of": self._day(as_of) if as_of else "",
            "stats": self._stats(),
            "timeline": self._timeline() if self.actual else None,
            "slipped": self._slipped(),
            "paid": self._paid() if self.paid else None,
            "decisions": self._decisions(),
            "currency": self.currency,
            "data_url": reverse("portal:data"),
        }

    # --- Slippage -------------------------------------------------------------------------------------------------------

    def _stats(self) -> list[Stat]:
        due = [row for row in self.actual if row["start_late"] is not None and row["state"] != "stopped"]
        late = [row for row in due if row["start_late"]]
        ends = [row for row in self.begun if row["end_late"] is not None]
        behind = [row for row in ends if row["end_late"]]
        of = _("of %(count)s")
        days = sum(row["end_late"] for row in behind)
        return [
            Stat(_("Begun late, or not yet though they should"), number=len(late), note=of % {"count": self._number(len(due))}),
            Stat(_("Done late, or later than promised"), number=len(behind), note=of % {"count": self._number(len(ends))}),
            Stat(
                _("Days late at the end, on average"),
                number=days // len(behind) if behind else 0,
                note=_("%(days)s days in all") % {"days": self._number(days)},
            ),
            Stat(
                _("Dearer than promised"),
                amount=sum(row["over"] for row in self.begun),
                note=_("paid and left to be paid, less the planned cost of the work that has begun"),
            ),
        ]  # fmt: skip

    def _slipped(self) -> Table:
        rows = []
        for row in self.actual:
            told: dict[str, Any] = {
                "name": local(named(row)),
                "url": project_url(row["project"] or ""),
                "state": str(_STATES[row["state"]]),
                "plan": self._day(row["planned_start_by"]),
                "plan_note": _("done by %(day)s") % {"day": self._day(row["planned_end"])},
                "start_late": row["start_late"],
                "end_late": row["end_late"],
                "planned": row["planned_cost"],
                "paid": row["paid"] if row["project"] else None,
                "left": row["remaining"],
                "over": row["over"],
            }
            if row["real_start"]:
                told["real"] = self._day(row["real_start"])
                told["real_note"] = _STARTS[row["real_start_from"]]
            if row["real_end"]:
                told["end"] = self._day(row["real_end"])
            elif row["expected_end"] and row["remaining_from"]:
                told["end"] = self._day(row["expected_end"])
                told["end_note"] = _("promised now") if row["rebaselines"] else _("promised")
            if row["remaining_from"]:
                told["left_note"] = _LEFT[row["remaining_from"]]
            if row["progress_bp"] is not None:
                told["state_note"] = _("%(share)s of the work stands") % {
                    "share": self._share(row["progress_bp"])
                }
            rows.append({name: str(v) if name.endswith("_note") else v for name, v in told.items()})
        return Table(
            id="slipped",
            caption=_("Each initiative against the decision that first promised it"),
            columns=[
                Column("name", _("Initiative"), link="url"),
                Column("state", _("State"), note="state_note"),
                Column("plan", _("To begin by"), note="plan_note"),
                Column("real", _("Began"), note="real_note"),
                Column("end", _("Done"), note="end_note"),
                Column("start_late", _("Days late to begin"), "number"),
                Column("end_late", _("Days late to be done"), "number"),
                Column("planned", _("Planned cost of the work"), "money"),
                Column("paid", _("Paid"), "money"),
                Column("left", _("Left to be paid"), "money", note="left_note"),
                Column("over", _("Over the plan"), "difference"),
            ],
            rows=rows,
            total={
                "name": _("Total"),
                "planned": sum(row["planned_cost"] for row in self.actual),
                "paid": sum(row["paid"] for row in self.actual),
                "left": sum(row["remaining"] or 0 for row in self.actual),
                "over": sum(row["over"] or 0 for row in self.actual),
            },
            row_header="name",
            currency=self.currency,
        )

    def _timeline(self) -> Timeline:
        """Two bars for each initiative: as it was first decided, and as it went."""
        lanes: dict[str, list[Bar]] = defaultdict(list)
        for row in self.actual:
            name, url = local(named(row)), project_url(row["project"] or "")
            late = bool(row["start_late"] or row["end_late"]) and row["state"] != "stopped"
            key = "late" if late else str(row["state"])
            lanes[key].append(Bar(name, self._planned(row), url=url, note=_("as first decided")))
            # Of what is yet to begin, and not late, nothing happened.
            if late or row["state"] != "waiting":
                lanes[key].append(Bar(_("as it went"), self._went(row), note=self._words(row)))
        heads = {"late": _("Late"), "going": _("Under way, as decided"), "done": _("Done, as decided"), "waiting": _("Yet to begin"), "stopped": _("Given up")}  # fmt: skip
        return Timeline(
            id="went",
            caption=_("Promised and happened, period by period"),
            caption_hidden=True,
            corner=_("Initiative"),
            periods=[local(named(row)) for row in self.times],
            lanes=[Lane(name, lanes[key]) for key, name in heads.items() if key in lanes],
        )

    def _planned(self, row: Row) -> list[Slot]:
        found: list[Slot] = []
        for time in self.times:
            if _meets(time, row["planned_start"], row["planned_end"]):
                found.append("work")
            else:
                found.append("serves" if time["first_day"] > row["planned_end"] else "")
        return found

    def _went(self, row: Row) -> list[Slot]:
        if not row["remaining_from"] or not row["real_start"]:
            if row["state"] != "waiting" or not row["start_late"]:
                return [""] * len(self.times)
            return [
                "waits" if _meets(time, row["planned_start"], row["as_of"]) else "" for time in self.times
            ]
        end = row["real_end"] or max(row["expected_end"] or row["as_of"], row["as_of"])
        found: list[Slot] = []
        for time in self.times:
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
            return _("%(days)s days late to be done") % {"days": self._number(row["end_late"])}
        if row["start_late"]:
            return _("%(days)s days late to begin") % {"days": self._number(row["start_late"])}
        return str(_STATES[row["state"]])

    def _paid(self) -> Table:
        """What was paid for what the roadmap promised, by fiscal year and class."""
        cells: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.paid:
            cells[row["fiscal_year"]][row["class"]] += row["amount"]
        order = list(labels.CLASSES)
        classes = sorted({row["class"] for row in self.paid}, key=order.index)
        rows: list[dict[str, Any]] = [
            {"year": show.digits_of(year, lang()), **cells[year], "sum": sum(cells[year].values())}
            for year in sorted(cells)
        ]
        sums = {name: sum(row.get(name, 0) for row in rows) for name in (*classes, "sum")}
        return Table(
            id="paid",
            caption=_("Paid for the roadmap's projects, by fiscal year and class"),
            columns=[
                Column("year", _("Fiscal year")),
                *(Column(name, labels.label(labels.CLASSES, name), "money") for name in classes),
                Column("sum", _("Together"), "money"),
            ],
            rows=rows,
            total={"year": _("Total"), **sums},
            row_header="year",
            stack=False,
            currency=self.currency,
        )

    # --- Decisions ------------------------------------------------------------------------------------------------------

    def _decisions(self) -> list[dict[str, Any]]:
        """Every decision, the newest first, with what it changed of the one before."""
        found = []
        for version in reversed(self.versions):
            mine = [row for row in self.changes if row["number"] == version["number"]]
            first = version["number"] == self.versions[0]["number"]
            found.append(
                {
                    "title": local(named(version)),
                    "code": version["code"],
                    "who": self._who(version),
                    "said": self._said(version, mine, first),
                    "changes": self._changed(version, mine) if mine else None,
                }
            )
        return found

    def _who(self, version: Row) -> str:
        day = self._day(version["adopted_on"])
        if not version["resolution"]:
            return _("%(day)s, by %(reference)s") % {"day": day, "reference": local(version["reference"])}
        number = local(version["resolution"])
        if version["commission"]:
            return _("%(day)s, by resolution %(number)s “%(title)s”, in the meeting of the commission %(commission)s") % {
                "day": day, "number": number, "title": local(version["resolution_title"]), "commission": local(version["commission"]),
            }  # fmt: skip
        return _("%(day)s, by resolution %(number)s “%(title)s”") % {"day": day, "number": number, "title": local(version["resolution_title"])}  # fmt: skip

    def _said(self, version: Row, mine: list[Row], first: bool) -> str:
        if first:
            return _("The first decision: %(count)s initiatives, %(amount)s.") % {
                "count": self._number(version["initiatives"]), "amount": self._amount(version["cost"]),
            }  # fmt: skip
        before = next(one for one in self.versions if one["number"] == version["number"] - 1)
        kinds = [row["change"] for row in mine]
        return _("%(added)s put in, %(dropped)s left out, %(moved)s moved or at another cost; the years of %(past)s were over. All of it cost %(before)s before and %(after)s after.") % {
            "added": self._number(kinds.count("added")),
            "dropped": self._number(kinds.count("dropped")),
            "moved": self._number(kinds.count("changed")),
            "past": self._number(kinds.count("past")),
            "before": self._amount(before["cost"]),
            "after": self._amount(version["cost"]),
        }  # fmt: skip

    def _changed(self, version: Row, mine: list[Row]) -> Table:
        order = {"added": 0, "changed": 1, "dropped": 2, "past": 3}
        rows = []
        for row in sorted(mine, key=lambda one: (order[one["change"]], one["code"])):
            before, after = row["cost_before"], row["cost_after"]
            rows.append(
                {
                    "name": local(named(row)),
                    "what": self._what(row),
                    "before": self._start(row, "before"),
                    "after": self._start(row, "after"),
                    "was": before,
                    "now": after,
                    "more": (after or 0) - (before or 0),
                }
            )
        return Table(
            id=f"changes-{version['number']}",
            caption=_("What it changed"),
            columns=[
                Column("name", _("Initiative")),
                Column("what", _("Change")),
                Column("before", _("Start before")),
                Column("after", _("Start after")),
                Column("was", _("Cost before"), "money"),
                Column("now", _("Cost after"), "money"),
                Column("more", _("Difference"), "difference"),
            ],
            rows=rows,
            total={"name": _("Total"), **{name: sum(row[name] or 0 for row in rows) for name in ("was", "now", "more")}},
            row_header="name",
            currency=self.currency,
        )  # fmt: skip

    def _what(self, row: Row) -> str:
        moved = row["moved"] or 0
        if row["change"] != "changed" or not moved:
            return str(_CHANGES[row["change"]]) if row["change"] != "changed" else _("other cost")
        if abs(moved) == 1:
            return _("later by one period") if moved > 0 else _("earlier by one period")
        if moved > 0:
            return _("later by %(count)s periods") % {"count": self._number(moved)}
        return _("earlier by %(count)s periods") % {"count": self._number(-moved)}

    def _start(self, row: Row, side: str) -> str:
        return str((row[f"start_{side}"] if lang() == "fa" else row[f"start_{side}_en"]) or "")

    # --- Words ----------------------------------------------------------------------------------------------------------

    def _day(self, value: date) -> str:
        return day_text(self.release, value)

    def _number(self, number: int) -> str:
        return show.grouped(number, lang())

    def _share(self, points: int) -> str:
        return show.percent(points / 10_000, lang())

    def _amount(self, amount: int) -> str:
        return " ".join(show.scaled_amount(amount, self.currency, "auto", lang()))


def _by_plan(row: Row) -> tuple[Any, ...]:
    return row["planned_start"], row["planned_end"], row["code"]


def _meets(time: Row, first: date, last: date) -> bool:
    return bool(first <= time["last_day"] and last >= time["first_day"])
