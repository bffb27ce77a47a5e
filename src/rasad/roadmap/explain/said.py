"""What a loss or a gain comes to, in words and in the unit of what is lost or gained: a share of a value, money, periods, points of change."""

from __future__ import annotations

from rasad.roadmap.explain.result import Aim
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.wording import Amount, Share, Value, Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


LOST = {
    "weighted": _n("%(change)s less value"),
    "goal": _n("%(change)s less of: %(target)s"),
    "least": _n("%(change)s less of: %(target)s"),
    "cost": _n("%(change)s more spending"),
    "last": _n("%(change)s periods later"),
    "each": _n("%(change)s periods later in all"),
    "change": _n("%(change)s points more change"),
}
GAINED = {
    "weighted": _n("%(change)s more value"),
    "goal": _n("%(change)s more of: %(target)s"),
    "least": _n("%(change)s more of: %(target)s"),
    "cost": _n("%(change)s less spending"),
    "last": _n("%(change)s periods earlier"),
    "each": _n("%(change)s periods earlier in all"),
    "change": _n("%(change)s points less change"),
}


def change(aim: Aim, at_least: int | None, at_most: int | None, *, lost: bool) -> Words:
    """Return a change of an aim between two proven ends (None: not known); shares are of what the plan is worth in it."""
    template = (LOST if lost else GAINED)[aim.kind]
    return Words(template, {"change": span(aim, at_least, at_most), "target": aim.words})


def span(aim: Aim, at_least: int | None, at_most: int | None) -> Value:
    """Return the figure or the interval by itself."""
    least, most = _figure(aim, at_least or 0, up=False), None if at_most is None else _figure(aim, at_most, up=True)  # fmt: skip
    if at_least == at_most:
        return least
    if most is None:
        return Words(_n("at least %(least)s"), {"least": least})
    if not at_least:
        return Words(_n("at most %(most)s"), {"most": most})
    return Words(_n("%(least)s to %(most)s"), {"least": least, "most": most})


def _figure(aim: Aim, value: int, *, up: bool) -> Value:
    if aim.kind == "cost":
        return Amount(value, aim.currency)
    if aim.kind not in ("weighted", "goal", "least") or not aim.objective:
        return value
    whole = abs(aim.objective)
    if up:
        return Share(-(-value * WHOLE_SHARE // whole))
    # Of a loss that is told as a share at least the smallest that can be told.
    return Share(max(int(value > 0), value * WHOLE_SHARE // whole))
