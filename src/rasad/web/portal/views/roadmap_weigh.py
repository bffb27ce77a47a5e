"""Weights of one's own: which of the plans that were computed beforehand fits them best, and how it differs from the adopted one.

Every plan stands in the page, those that fit less well hidden; with script another is shown at once, without it the form is sent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal import weighing
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.roadmap_went import named
from rasad.web.portal.tables import local
from rasad.web.portal.views.roadmap import Row, pages
from rasad.web.theme import show
from rasad.web.theme.parts import Stat

BENEFIT = 10_000
NAME = "w-"
"""Before the goal's code in an address: ?w-g11=7."""


@page
def weigh(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the plan that fits the weights of the address best; 404 where the release holds no other plans."""
    if not release.records.alternatives:
        raise Http404
    plans = _Plans(release)
    weights = [weighing.weight_of(request.GET.get(NAME + goal)) for goal in plans.goals]
    context = frame(request, release, "roadmap")
    context |= plans.context(weights)
    context |= records_here(release, "roadmap-weigh")
    return TemplateResponse(request, "portal/roadmap_weigh.html", context)


class _Plans:
    """The plans that a release holds."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.head = release.records.table("roadmap")[0]
        self.currency = str(self.head["currency"])
        self.periods = [
            local(named(row)) for row in sorted(self._table("roadmap_period"), key=lambda row: row["period"])
        ]
        self.titles = {row["code"]: local(named(row)) for row in self._table("roadmap_initiative")}
        self.way = "mode" if lang() == "fa" else "mode_en"
        self.plans = sorted(self._table("roadmap_alternative"), key=lambda row: row["number"])
        cells = self._table("roadmap_alternative_goal")
        first = [row for row in cells if row["number"] == self.plans[0]["number"]]
        self.goals = {row["goal"]: local(named(row)) for row in first}
        self.brings = {(row["number"], row["goal"]): row for row in cells}
        self.holds: dict[int, dict[str, Row]] = defaultdict(dict)
        for row in self._table("roadmap_alternative_initiative"):
            self.holds[row["number"]][row["code"]] = row
        self.adopted = next((row["number"] for row in self.plans if row["adopted"]), None)

    def _table(self, name: str) -> list[Row]:
        return [row for row in self.release.records.table(name) if row["roadmap"] == self.head["code"]]

    def met(self, number: int) -> list[int]:
        """Return how far a plan meets each goal, in basis points."""
        return [int(self.brings[number, goal]["met"]) for goal in self.goals]

    def context(self, weights: list[int]) -> dict[str, Any]:
        """Return what the page shows for weights of the goals."""
        met = [self.met(plan["number"]) for plan in self.plans]
        fits = [weighing.fit(weights, one) for one in met]
        best = weighing.best(weights, met)
        return {
            "title": _("Weigh the goals yourself"),
            "kicker": local(named(self.head)),
            "pages": pages("roadmap-weigh", self.release),
            "fields": [
                {"name": NAME + goal, "label": title, "value": weight}
                for (goal, title), weight in zip(self.goals.items(), weights, strict=True)
            ],
            "largest": weighing.LARGEST,
            "plans": [
                self._plan(plan, at == best, fit)
                for at, (plan, fit) in enumerate(zip(self.plans, fits, strict=True))
            ],
            "ranked": self._ranked(fits, best),
            "data": {
                "names": [NAME + goal for goal in self.goals],
                "plans": [
                    {"number": plan["number"], "met": one} for plan, one in zip(self.plans, met, strict=True)
                ],
            },
            "several": self.adopted is not None,
            "count": len(self.plans),
            "unproven": sum(plan["status"] != "optimal" for plan in self.plans if not plan["adopted"]),
            "kept": all(plan["keeps"] for plan in self.plans),
            "data_url": reverse("portal:data"),
            "currency": self.currency,
        }

    def _plan(self, plan: Row, shown: bool, fit: int) -> dict[str, Any]:
        number = int(plan["number"])
        mine, theirs = self.holds[number], self.holds.get(self.adopted or 0, {})
        return {
            "number": number,
            "shown": shown,
            "fit": self.percent(fit),
            "adopted": plan["adopted"],
            "title": self._name(plan),
            "stats": [
                Stat(_("Initiatives"), number=int(plan["initiatives"])),
                Stat(_("Money over the years"), amount=int(plan["cost"])),
            ],
            "added": self._named(code for code in mine if code not in theirs) if self.adopted else [],
            "dropped": self._named(code for code in theirs if code not in mine),
            "moved": self._moved(mine, theirs),
            "gets": self._gets(number),
            "comes": self._comes(number),
        }

    def _name(self, plan: Row) -> str:
        if plan["adopted"]:
            return _("the adopted plan")
        return _("plan %(number)s") % {"number": show.digits_of(plan["number"], lang())}

    def _named(self, codes: Any) -> list[str]:
        return [self.titles[code] for code in codes]

    def _moved(self, mine: dict[str, Row], theirs: dict[str, Row]) -> list[str]:
        found = []
        for code, row in mine.items():
            other = theirs.get(code)
            if other is not None and other["serves_from"] != row["serves_from"]:
                found.append(
                    _("%(initiative)s: in use from %(now)s rather than %(then)s")
                    % {
                        "initiative": self.titles[code],
                        "now": self._when(row["serves_from"]),
                        "then": self._when(other["serves_from"]),
                    }
                )
        return found

    def _gets(self, number: int) -> list[tuple[str, str, str, str]]:
        """What each goal gets: its title, how far that is from the least to the most, and in points, beside the adopted plan's.

        Written short: the page holds it for every plan.
        """
        rows = []
        for goal, title in self.goals.items():
            row = self.brings[number, goal]
            then = self.brings[self.adopted, goal] if self.adopted is not None else None
            rows.append(
                (title, self.percent(row["met"]), _points(row), _points(then) if then is not None else "")
            )
        return rows

    def _comes(self, number: int) -> list[tuple[str, list[str]]]:
        """What comes into use, by the period from which it does."""
        found: dict[int, list[str]] = defaultdict(list)
        for code, row in sorted(self.holds[number].items()):
            title, way = self.titles[code], row[self.way]
            found[row["serves_from"]].append(f"{title} ({local(way)})" if way else title)
        return [(self._when(period), names) for period, names in sorted(found.items())]

    def _ranked(self, fits: list[int], best: int) -> list[dict[str, Any]]:
        """Every plan, in the order of its number, with how well it fits."""
        return [
            {
                "number": plan["number"],
                "name": self._name(plan),
                "best": at == best,
                "fit": self.percent(fit),
                "initiatives": plan["initiatives"],
                "cost": plan["cost"],
            }
            for at, (plan, fit) in enumerate(zip(self.plans, fits, strict=True))
        ]

    def _when(self, period: int) -> str:
        if period < 0:
            return _("before %(first)s") % {"first": self.periods[0]}
        if period >= len(self.periods):
            return _("after %(last)s") % {"last": self.periods[-1]}
        return self.periods[period]

    def percent(self, points: int) -> str:
        """Return basis points as a whole percentage, rounded down: as the browser does."""
        return show.digits_of(points // 100, lang()) + ("٪" if lang() == "fa" else "%")


def _points(row: Row) -> str:
    return show.grouped(round(row["expected"] / BENEFIT), lang())
