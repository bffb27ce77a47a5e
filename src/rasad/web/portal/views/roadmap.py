"""The adopted roadmap: what citizens get when, what runs when, the money by year against its limits, and why each initiative is in or out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import day_text, goal_url, project_url, share, unit_url
from rasad.web.portal.roadmap_money import Money
from rasad.web.portal.roadmap_went import heads, named
from rasad.web.portal.tables import local
from rasad.web.theme import show
from rasad.web.theme.parts import Bar, Column, Fact, Lane, Matrix, Slot, Stat, Table, Timeline
from rasad.web.theme.site import Link

Row = dict[str, Any]
BENEFIT = 10_000
"""Benefits are in ten-thousandths of their goal's unit."""
PARTS = ("goal", "unit", "district")


@page
def roadmap(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the adopted roadmap, or that none is adopted; 404 where the release knows no roadmaps."""
    if not release.records.plans:
        raise Http404
    context = frame(request, release, "roadmap") | records_here(release, "roadmap")
    heads = release.records.table("roadmap")
    if not heads:
        return TemplateResponse(request, "portal/roadmap_none.html", context)
    by = "unit" if request.GET.get("by") == "unit" else "goal"
    context |= _Told(release, heads[0]).context(by)
    return TemplateResponse(request, "portal/roadmap.html", context)


class _Told:
    """One roadmap of a release, with its tables at hand."""

    def __init__(self, release: Release, head: Row) -> None:
        self.release, self.head = release, head
        self.currency = str(head["currency"])
        self.periods = [local(named(row)) for row in self._table("roadmap_period", "period")]
        self.initiatives = self._table("roadmap_initiative", "code")
        self.inside = [row for row in self.initiatives if row["chosen"]]
        self.spending = self._table("roadmap_spending", "period")
        self.limits = self._table("roadmap_limit", "period")
        self.years = head["period_kind"] == "year"
        self.costs = Money(self.periods, self.spending, self.limits, self.currency, self.years)
        self.parts = self._table("roadmap_part", "code")
        self.benefits = self._table("roadmap_benefit", "period")
        self.goals = {row["goal"]: local(named(row)) for row in self.benefits}

    def _table(self, name: str, order: str) -> list[Row]:
        mine = [row for row in self.release.records.table(name) if row["roadmap"] == self.head["code"]]
        return sorted(mine, key=lambda row: row[order] or ("" if order == "code" else 0))

    def context(self, by: str) -> dict[str, Any]:
        """Return what the page shows; bars are grouped `by` goal or unit."""
        return {
            "title": local(named(self.head)),
            "pages": pages("roadmap", self.release),
            "kicker": self._decision(),
            "stats": self._stats(),
            "facts": self._facts(),
            "comes": self._comes(),
            "expected": self._expected(),
            "timeline": self._timeline(by),
            "by": by,
            "others": [
                {"name": _("By goal") if one == "goal" else _("By unit"), "by": one, "current": one == by}
                for one in ("goal", "unit")
            ],
            "drawn": self.costs.drawing(),
            "money": self.costs.table(),
            "held": self._held(),
            "capped": self.costs.shares(),
            "years": self.years,
            "people": self._people(),
            "shares": [table for one in PARTS if (table := self._part(one)) is not None],
            "reasons_in": [self._reason(row) for row in self.inside],
            "reasons_out": [self._reason(row) for row in self.initiatives if not row["chosen"]],
            "data_url": reverse("portal:data"),
            "currency": self.currency,
        }

    def _decision(self) -> str:
        day = day_text(self.release, self.head["adopted_on"], long=True)
        if self.head["resolution"]:
            return _("Adopted on %(day)s by resolution %(number)s") % {
                "day": day,
                "number": local(self.head["resolution"]),
            }
        return _("Adopted on %(day)s: %(reference)s") % {
            "day": day,
            "reference": local(self.head["reference"]),
        }

    def _stats(self) -> list[Stat]:
        cost = int(self.head["cost"])
        hardware = sum(row["amount"] for row in self.spending if row["category"] == "hardware")
        # A roadmap names its classes as it likes: without this one its share is not nought, but not known.
        counted = any(row["category"] == "hardware" for row in self.spending)
        gap = self.head["gap"]
        return [
            Stat(
                _("Initiatives chosen"),
                number=len(self.inside),
                note=_("of %(count)s that were proposed") % {"count": self._number(len(self.initiatives))},
            ),
            Stat(
                _("Money over the years") if self.years else _("Money over all periods"),
                amount=cost,
                note=f"{self.periods[0]} – {self.periods[-1]}",
            ),
            *(
                [Stat(_("Hardware's share"), share=share(hardware, cost), text=show.NOTHING)]
                if counted
                else []
            ),
            Stat(
                _("How far from the best"),
                share=gap,
                text=_("not known"),
                note=_proof(gap),
            ),
        ]

    def _facts(self) -> list[Fact]:
        facts = [
            Fact(_("Decided"), self._decision()),
            Fact(_("Proof"), self.head["proof"] if lang() == "fa" else self.head["proof_en"]),
            Fact(
                _("Value of the plan"),
                self._whole(self.head["objective"]),
                note=_(
                    "by what the roadmap aims at: a figure for comparing its plans with one another alone"
                ),
            ),
            Fact(_("What no plan can pass"), self._whole(self.head["bound"])),
            Fact(_("Follows"), self.head["based_on"] or "", "code"),
        ]
        return [fact for fact in facts if fact.value]

    def _comes(self) -> Table:
        """What comes into use, the earliest first."""
        rows = [
            {
                "name": local(named(row)),
                "note": self._way(row),
                "url": project_url(row["project"] or ""),
                "from": self._when(row["serves_from"]),
                "goal": self.goals.get(row["goal"], ""),
                "goal_url": self._goal_url(row["goal"]),
                "unit": local(self._unit(row)),
                "unit_url": self._unit_url(row["unit"]),
                "cost": row["cost"],
            }
            for row in sorted(self.inside, key=lambda one: (one["serves_from"], one["code"]))
        ]
        return Table(
            id="comes",
            caption=_("What comes into use, the earliest first"),
            caption_hidden=True,
            columns=[
                Column("from", _("In use from")),
                Column("name", _("Initiative"), link="url", note="note"),
                Column("goal", _("Goal that it serves most"), link="goal_url"),
                Column("unit", _("Unit"), link="unit_url"),
                Column("cost", _("Cost"), "money"),
            ],
            rows=rows,
            total={"cost": sum(row["cost"] for row in rows)},
            row_header="name",
            currency=self.currency,
        )

    def _expected(self) -> Matrix | None:
        """What each goal is expected to get in each period, in points; goals that get nothing are left out."""
        cells: dict[str, list[int]] = defaultdict(lambda: [0] * len(self.periods))
        for row in self.benefits:
            cells[row["goal"]][row["period"]] = row["expected"]
        goals = [goal for goal, row in cells.items() if any(row)]
        if not goals:
            return None
        return Matrix(
            id="expected",
            caption=_("What each goal is expected to gain, in points of its own measure"),
            corner=_("Goal"),
            columns=self.periods,
            rows=[self.goals[goal] for goal in goals],
            cells=[[round(one / BENEFIT) for one in cells[goal]] for goal in goals],
            kind="number",
            links=[self._goal_url(goal) for goal in goals],
        )

    def _timeline(self, by: str) -> Timeline:
        lanes: dict[str, list[Bar]] = defaultdict(list)
        names = {}
        for row in sorted(self.inside, key=lambda one: (one["start"], one["serves_from"], one["code"])):
            names[row[by] or ""] = self._unit(row) if by == "unit" else self.goals.get(row["goal"], "")
            lanes[row[by] or ""].append(
                Bar(
                    local(named(row)), self._slots(row), row["cost"], project_url(row["project"] or ""), self._way(row)
                )
            )  # fmt: skip
        years, periods = heads(str(self.head["period_kind"]), self.periods)
        return Timeline(
            id="timeline",
            caption=_("Work and use, period by period"),
            caption_hidden=True,
            corner=_("Initiative"),
            years=years,
            periods=periods,
            lanes=[Lane(local(names[key]) or _("none"), bars) for key, bars in sorted(lanes.items())],
            amount=_("Cost"),
            currency=self.currency,
        )

    def _slots(self, row: Row) -> list[Slot]:
        work: Slot = "running" if row["running"] else "work"
        found: list[Slot] = []
        for period in range(len(self.periods)):
            if row["start"] <= period <= row["finish"]:
                found.append(work)
            else:
                found.append("serves" if period >= row["serves_from"] else "")
        return found

    def _held(self) -> Matrix | None:
        """How full each limit on money is, period by period: budgets, and shares of which the release does not say how much they allow."""
        untold = [row for row in self.limits if row["kind"] == "share" and row.get("share_bp") is None]
        return self._fullness(
            [
                row
                for row in (*(one for one in self.limits if one["kind"] == "budget"), *untold)
                if not row["least"]
            ],
            "held",
            _("How much of each limit on money the plan takes"),
            _("Limit"),
        )

    def _people(self) -> Matrix | None:
        return self._fullness(
            [row for row in self.limits if row["kind"] == "skill"],
            "people",
            _("How much of the people there are the plan needs"),
            _("Skill"),
        )

    def _fullness(self, rows: Sequence[Row], id: str, caption: str, corner: str) -> Matrix | None:
        cells: dict[str, list[float | None]] = {}
        names: dict[str, str] = {}
        for row in rows:
            names[row["code"]] = local(named(row))
            line = cells.setdefault(row["code"], [None] * len(self.periods))
            line[row["period"]] = share(row["used"], row["available"])
        if not cells:
            return None
        return Matrix(
            id=id,
            caption=caption,
            corner=corner,
            columns=self.periods,
            rows=[names[code] for code in cells],
            cells=list(cells.values()),
            kind="share",
        )

    def _part(self, by: str) -> Table | None:
        rows = [row for row in self.parts if row["by"] == by and row["amount"]]
        if not any(row["code"] for row in rows):
            return None
        whole = sum(row["amount"] for row in rows)
        captions = {
            "goal": (_("By goal"), _("Goal"), _("no goal named")),
            "unit": (_("By owner"), _("Unit"), _("no owner named")),
            "district": (_("By district"), _("District"), _("the whole city")),
        }
        caption, head, nobody = captions[by]
        return Table(
            id=f"by-{by}",
            caption=caption,
            columns=[
                Column("name", head, link="url"),
                Column("amount", _("Amount"), "money"),
                Column("share", _("Share"), "share"),
            ],
            rows=[
                {
                    "name": local(named(row)) if row["code"] else nobody,
                    "url": self._link(by, row["code"]),
                    "amount": row["amount"],
                    "share": share(row["amount"], whole),
                }
                for row in sorted(rows, key=lambda one: (-one["amount"], one["code"] or ""))
            ],
            total={"name": _("Total"), "amount": whole},
            currency=self.currency,
        )

    def _reason(self, row: Row) -> dict[str, Any]:
        why = (row["why"] if lang() == "fa" else row["why_en"]) or ""
        first, *details = why.split("\n")
        return {
            "name": local(named(row)),
            "unit": local(self._unit(row)),
            "url": project_url(row["project"] or ""),
            "why": first,
            "details": details,
        }

    # --- Names and addresses ------------------------------------------------------------------------------------------

    def _way(self, row: Row) -> str:
        return local((row["mode"] if lang() == "fa" else row["mode_en"]) or "")

    def _unit(self, row: Row) -> str:
        return str((row["unit_title"] if lang() == "fa" else row["unit_title_en"]) or row["unit"] or "")

    def _when(self, period: int) -> str:
        if period < 0:
            return _("before %(first)s") % {"first": self.periods[0]}
        if period >= len(self.periods):
            return _("after %(last)s") % {"last": self.periods[-1]}
        return self.periods[period]

    def _link(self, by: str, code: str | None) -> str:
        if not code or by == "district":
            return ""
        return self._goal_url(code) if by == "goal" else self._unit_url(code)

    def _goal_url(self, code: str | None) -> str:
        return goal_url(code) if code and self.release.records.one("goal", code) else ""

    def _unit_url(self, code: str | None) -> str:
        return unit_url(code) if code and self.release.records.one("unit", code) else ""

    def _number(self, number: int) -> str:
        return show.grouped(number, lang())

    def _whole(self, text: str | None) -> str:
        return show.grouped(int(text), lang()) if text else ""


def pages(here: str, release: Release) -> list[Link]:
    """Return the pages of the roadmap that a release has; "" where it has but one."""
    meant = [("roadmap", _("The plan"), True)]
    meant.append(("roadmap-progress", _("As it went"), release.records.slippage))
    meant.append(("roadmap-weigh", _("By your own weights"), release.records.alternatives))
    found = [Link(label, reverse(f"portal:{name}"), name == here) for name, label, there in meant if there]
    return found if len(found) > 1 else []


def _proof(gap: float | None) -> str:
    if gap is None:
        return ""
    return _("at most, proven") if gap else _("proven: no better plan keeps the limits")
