"""Which of a release's limits hold the whole budget, and which a category's share of the spending.

A release says of each limit which categories count (`categories`) and which share it is (`share_bp`). One that was made before it did is read by
its figures: what a plan takes of the whole budget is all that it spends, and what it takes of a cap on one category is what it spends on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Row = dict[str, Any]
FIRST = "hardware"
"""The class whose cap comes first."""


@dataclass(frozen=True)
class Share:
    """One limit on what some categories take of the spending: its rows by the period they begin with; `least`: at least so much.

    `points`: the share in ten-thousandths, None where the release does not say. `whole`: it holds all periods together, in one row.
    """

    categories: tuple[str, ...]
    rows: dict[int, Row]
    least: bool = False
    points: int | None = None
    whole: bool = False

    @property
    def row(self) -> Row:
        return next(iter(self.rows.values()))


@dataclass(frozen=True)
class Limits:
    """The limits of one roadmap (rows of `roadmap_limit`) beside what it spends (rows of `roadmap_spending`)."""

    limits: Sequence[Row]
    spending: Sequence[Row]

    @property
    def told(self) -> bool:
        """Whether the release says which categories a limit is for."""
        return any("categories" in row for row in self.limits)

    @cached_property
    def by_period(self) -> dict[int, dict[str, int]]:
        """What is spent on each category, period by period."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for row in self.spending:
            found[row["period"]][row["category"]] = row["amount"]
        return found

    def budget(self) -> dict[int, Row]:
        """Return the rows of the first budget that is for all spending, by period; nothing where there is none."""
        if not self.told:
            return self._by_figures(
                "budget", {at: sum(spent.values()) for at, spent in self.by_period.items()}
            )
        every = {row["category"] for row in self.spending}
        meant = [row for row in self.limits if row["kind"] == "budget" and _categories(row) in (set(), every)]
        return {row["period"]: row for row in meant if row["code"] == meant[0]["code"]}

    def shares(self) -> list[Share]:
        """Return the limits on categories' shares, those of hardware first and caps before what is to be spent at least."""
        if not self.told:
            cap = self._capped()
            return [cap] if cap else []
        groups: dict[tuple[str, bool], dict[int, Row]] = defaultdict(dict)
        for row in self.limits:
            if row["kind"] == "share":
                groups[row["code"], bool(row["least"])][row["period"]] = row
        found = []
        for (_code, least), rows in groups.items():
            row = next(iter(rows.values()))
            whole = (row["until"] or 0) > row["period"]
            named = tuple((row["categories"] or "").split())
            found.append(Share(named, rows, least, row["share_bp"], whole))
        return sorted(
            found, key=lambda one: (one.least, one.whole, FIRST not in one.categories, len(one.categories))
        )

    def cap(self) -> Share | None:
        """Return the cap that spending is drawn against, if there is one: hardware's first, period by period."""
        return next((one for one in self.shares() if not one.least and not one.whole), None)

    def _capped(self) -> Share | None:
        codes = dict.fromkeys(row["category"] for row in self.spending)
        for code in sorted(codes, key=lambda one: one != FIRST):
            taken = {at: spent.get(code, 0) for at, spent in self.by_period.items()}
            if rows := self._by_figures("share", taken):
                return Share((code,), rows)
        return None

    def _by_figures(self, kind: str, taken: dict[int, int]) -> dict[int, Row]:
        """Return the first limit of a kind of which the plan takes exactly so much in each period, and something at all."""
        rows = [row for row in self.limits if row["kind"] == kind and not row["least"]]
        for code in dict.fromkeys(row["code"] for row in rows):
            mine = {row["period"]: row for row in rows if row["code"] == code}
            fits = all(row["used"] == taken.get(period, 0) for period, row in mine.items())
            if fits and any(row["used"] for row in mine.values()):
                return mine
        return {}


def _categories(row: Row) -> set[str]:
    return set((row["categories"] or "").split())
