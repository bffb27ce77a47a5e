"""The adopted roadmap's money as the portal shows it: spending by period and category against the whole budget and the caps on categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from rasad.web.portal.frame import lang
from rasad.web.portal.roadmap_limits import FIRST, Limits, Share
from rasad.web.portal.tables import local, scaled
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Matrix, Table
from rasad.web.theme.plots import Axis, Layer, Limit, Stack

Row = dict[str, Any]
WHOLE = 10_000


@dataclass(frozen=True)
class Money:
    """One roadmap's spending (rows of `roadmap_spending`) and limits (rows of `roadmap_limit`), over named periods; `years`: they are years."""

    periods: Sequence[str]
    spending: Sequence[Row]
    limits: Sequence[Row]
    currency: str
    years: bool = True

    @cached_property
    def held(self) -> Limits:
        return Limits(self.limits, self.spending)

    @cached_property
    def categories(self) -> list[Row]:
        """The first row of each category: its code and names; hardware first."""
        seen: dict[str, Row] = {}
        for row in self.spending:
            seen.setdefault(row["category"], row)
        return sorted(seen.values(), key=lambda row: row["category"] != FIRST)

    def drawing(self) -> Stack:
        """Return spending stacked by category, those that are capped lowest, against the whole budget and the cap."""
        budget, cap = self.held.budget(), self.held.cap()
        capped, rows = (cap.categories, cap.rows) if cap else ((), {})
        held = [row["available"] for row in (*budget.values(), *rows.values())]
        unit = show.column_unit([*(row["amount"] for row in self.spending), *held], self.currency)

        def text(amount: int) -> str:
            return " ".join(show.scaled_amount(amount, self.currency, unit, lang()))

        def length(amount: int) -> float:
            return scaled(amount, unit, self.currency)

        spent, layers = self.held.by_period, []
        for category in sorted(self.categories, key=lambda row: row["category"] not in capped):
            code = category["category"]
            mine = [spent[period].get(code, 0) for period in range(len(self.periods))]
            lengths, texts = [length(one) for one in mine], [text(one) for one in mine]
            layers.append(Layer(_name(category), lengths, texts, _class(code)))
        limits = []
        for meant, kind, cls in ((budget, "step", ""), (rows, "cap", _class(capped[0]) if capped else "")):
            if meant:
                there = [meant[at]["available"] if at in meant else None for at in range(len(self.periods))]
                limits.append(
                    Limit(
                        _name(next(iter(meant.values()))),
                        [None if one is None else length(one) for one in there],
                        ["" if one is None else text(one) for one in there],
                        kind,  # type: ignore[arg-type]
                        cls,
                    )
                )
        return Stack(
            id="spending",
            title=_("Spending by class and year") if self.years else _("Spending by class and period"),
            subtitle=show.unit_name(unit, self.currency, lang()),
            categories=self.periods,
            axis=Axis("", lambda value: show.number(value, lang())),
            layers=layers,
            limits=limits,
        )

    def table(self) -> Table:
        """Return spending by period and category, beside the budget of each period, what is left of it, and what each limit on a share allows."""
        budget, spent, shares = self.held.budget(), self.held.by_period, self.held.shares()
        rows: list[Row] = []
        for period, name in enumerate(self.periods):
            rows.append({"name": name, **spent[period], "sum": sum(spent[period].values())})
            if period in budget:
                there = budget[period]
                rows[-1] |= {"there": there["available"], "left": there["available"] - there["used"]}
            for at, one in enumerate(shares):
                if period in one.rows and not one.whole:
                    rows[-1][f"cap{at}"] = one.rows[period]["available"]
        codes = [*(one["category"] for one in self.categories), "sum"]
        sums = {key: sum(row.get(key) or 0 for row in rows) for key in codes}
        sums |= {f"cap{at}": one.row["available"] for at, one in enumerate(shares) if one.whole}
        columns = [
            Column("name", _("Year") if self.years else _("Period")),
            *(Column(one["category"], _name(one), "money") for one in self.categories),
            Column("sum", _("Together"), "money"),
        ]
        if budget:
            columns += [Column("there", _("Budget, with what was left"), "money"), Column("left", _("Left over"), "money")]  # fmt: skip
        for at, one in enumerate(shares):
            head = _("at least: %(name)s") if one.least else _("limit: %(name)s")
            columns.append(Column(f"cap{at}", head % {"name": _name(one.row)}, "money"))
        return Table(
            id="money",
            caption=_("Spending by year and class, beside the budget")
            if self.years
            else _("Spending by period and class, beside the budget"),
            columns=columns,
            rows=rows,
            total={"name": _("Total"), **sums},
            stack=False,
            currency=self.currency,
        )

    def shares(self) -> Matrix | None:
        """Return the share that capped categories really take of the spending, beside what is allowed; None where the release does not say it."""
        meant = [one for one in self.held.shares() if one.points is not None]
        if not meant:
            return None
        together = any(one.whole for one in meant)
        return Matrix(
            id="shares",
            caption=_("What the plan spends on classes that are held to a share of all spending"),
            corner=_("Limit"),
            columns=[*self.periods, *([_("Together")] if together else [])],
            rows=[self._said(one) for one in meant],
            cells=[
                [*self._taken(one, range(len(self.periods))), *([self._all(one)] if together else [])]
                for one in meant
            ],
            kind="share",
        )

    def _said(self, one: Share) -> str:
        """Return a limit in words: the hardware cap: hardware, at most 40%."""
        names, points = {row["category"]: _name(row) for row in self.categories}, one.points or 0
        said = _("%(name)s: %(categories)s, at least %(share)s") if one.least else _("%(name)s: %(categories)s, at most %(share)s")  # fmt: skip
        return said % {
            "name": _name(one.row),
            "categories": _(" and ").join(names.get(code, code) for code in one.categories),
            "share": show.percent(points / WHOLE, lang(), 1 if points % 100 else 0),
        }

    def _taken(self, one: Share, periods: Sequence[int]) -> list[float | None]:
        spent = self.held.by_period
        return [
            _part(one.rows[at]["used"], sum(spent[at].values())) if at in one.rows and not one.whole else None
            for at in periods
        ]

    def _all(self, one: Share) -> float | None:
        every = sum(row["amount"] for row in self.spending)
        return _part(one.row["used"], every) if one.whole else None


def _part(amount: int, whole: int) -> float | None:
    return amount / whole if whole else None


def _name(row: Row) -> str:
    english = lang() == "en" and row["title_en"]
    return local(str((row["title_en"] if english else row["title"]) or ""))


def _class(code: str) -> str:
    return code if code in labels.CLASSES else ""
