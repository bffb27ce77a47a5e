"""The adopted roadmap's money as the portal shows it: spending by period and category against the whole budget and the cap on one category.

Which limits these are is read off the release's own rows: what a plan takes of the whole budget is all that it spends, and what it takes of a
cap on one category is what it spends on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rasad.web.portal.frame import lang
from rasad.web.portal.tables import local, scaled
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.plots import Axis, Layer, Limit, Stack

Row = dict[str, Any]
FIRST = "hardware"
"""The class whose cap is looked for first, and which stands lowest."""


@dataclass(frozen=True)
class Money:
    """One roadmap's spending (rows of `roadmap_spending`) and limits (rows of `roadmap_limit`), over named periods."""

    periods: Sequence[str]
    spending: Sequence[Row]
    limits: Sequence[Row]
    currency: str

    @property
    def by_period(self) -> dict[int, dict[str, int]]:
        """Return what is spent on each category, period by period."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for row in self.spending:
            found[row["period"]][row["category"]] = row["amount"]
        return found

    @property
    def categories(self) -> list[Row]:
        """Return the first row of each category: its code and names; hardware first."""
        seen: dict[str, Row] = {}
        for row in self.spending:
            seen.setdefault(row["category"], row)
        return sorted(seen.values(), key=lambda row: row["category"] != FIRST)

    def budget(self) -> dict[int, Row]:
        """Return the rows of the first budget that is for all spending, by period; nothing where there is none."""
        spent = self.by_period
        return self._limit("budget", {period: sum(spent[period].values()) for period in spent})

    def cap(self) -> tuple[str, dict[int, Row]]:
        """Return the category that a cap holds, and the cap's rows by period; ("", {}) where there is none."""
        spent = self.by_period
        for category in self.categories:
            code = category["category"]
            if found := self._limit("share", {period: spent[period].get(code, 0) for period in spent}):
                return code, found
        return "", {}

    def _limit(self, kind: str, taken: dict[int, int]) -> dict[int, Row]:
        """Return the first limit of a kind of which the plan takes exactly so much in each period, and something at all."""
        rows = [row for row in self.limits if row["kind"] == kind and not row["least"]]
        for code in dict.fromkeys(row["code"] for row in rows):
            mine = {row["period"]: row for row in rows if row["code"] == code}
            fits = all(row["used"] == taken.get(period, 0) for period, row in mine.items())
            if fits and any(row["used"] for row in mine.values()):
                return mine
        return {}

    def drawing(self) -> Stack:
        """Return spending stacked by category, against the whole budget and the cap."""
        budget, (capped, cap) = self.budget(), self.cap()
        held = [row["available"] for row in (*budget.values(), *cap.values())]
        unit = show.column_unit([*(row["amount"] for row in self.spending), *held], self.currency)

        def text(amount: int) -> str:
            return " ".join(show.scaled_amount(amount, self.currency, unit, lang()))

        def length(amount: int) -> float:
            return scaled(amount, unit, self.currency)

        spent, layers = self.by_period, []
        for category in sorted(self.categories, key=lambda row: row["category"] != capped):
            code = category["category"]
            mine = [spent[period].get(code, 0) for period in range(len(self.periods))]
            layers.append(
                Layer(
                    _name(category), [length(one) for one in mine], [text(one) for one in mine], _class(code)
                )
            )
        limits = []
        for rows, kind, cls in ((budget, "step", ""), (cap, "cap", _class(capped))):
            if rows:
                there = [
                    rows[period]["available"] if period in rows else None
                    for period in range(len(self.periods))
                ]
                limits.append(
                    Limit(
                        _name(next(iter(rows.values()))),
                        [None if one is None else length(one) for one in there],
                        ["" if one is None else text(one) for one in there],
                        kind,  # type: ignore[arg-type]
                        cls,
                    )
                )
        return Stack(
            id="spending",
            title=_("Spending by class and year"),
            subtitle=show.unit_name(unit, self.currency, lang()),
            categories=self.periods,
            axis=Axis("", lambda value: show.number(value, lang())),
            layers=layers,
            limits=limits,
        )

    def table(self) -> Table:
        """Return spending by period and category, beside the budget of each period, what is left of it, and the cap."""
        budget, (_capped, cap), spent = self.budget(), self.cap(), self.by_period
        rows: list[Row] = []
        for period, name in enumerate(self.periods):
            rows.append({"name": name, **spent[period], "sum": sum(spent[period].values())})
            if period in budget:
                there = budget[period]
                rows[-1] |= {"there": there["available"], "left": there["available"] - there["used"]}
            if period in cap:
                rows[-1]["cap"] = cap[period]["available"]
        codes = [*(one["category"] for one in self.categories), "sum"]
        sums = {key: sum(row.get(key) or 0 for row in rows) for key in codes}
        held = [Column("there", _("Budget, with what was left"), "money"), Column("left", _("Left over"), "money")]  # fmt: skip
        capped = [Column("cap", _("limit: %(name)s") % {"name": _name(row)}, "money") for row in [*cap.values()][:1]]  # fmt: skip
        return Table(
            id="money",
            caption=_("Spending by year and class, beside the budget"),
            columns=[
                Column("name", _("Year")),
                *(Column(one["category"], _name(one), "money") for one in self.categories),
                Column("sum", _("Together"), "money"),
                *(held if budget else []),
                *capped,
            ],
            rows=rows,
            total={"name": _("Total"), **sums},
            stack=False,
            currency=self.currency,
        )


def _name(row: Row) -> str:
    english = lang() == "en" and row["title_en"]
    return local(str((row["title_en"] if english else row["title"]) or ""))


def _class(code: str) -> str:
    return code if code in labels.CLASSES else ""
