"""What a loss or a gain comes to, in words and in the unit of what is lost or gained: a share of a value, money, periods, points of change."""

from __future__ import annotations

from rasad.roadmap.explain.result import Aim, Explanation, Why
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


NAMED = 2
"""Limits that are named of those that an initiative would need more of."""


def needed(found: Explanation, why: Why) -> tuple[Words, ...]:
    """Return what an initiative left out would need, line by line: to be worth its place, and to have room beside the plan as it stands. None of one that is in.

    To be worth its place is answered for every aim: by more benefit where that mends what is lost, else by what a plan would have to be allowed to give up for it.
    """
    need, aim = why.need, found.aim(why.target)
    if why.chosen or need is None:
        return ()
    lines = []
    if why.verdict == "unknown" or (why.verdict == "costs" and need.allowed is None and need.benefit is None):
        lines.append(Words(_n("What it would need to be worth its place is not known: the time did not do.")))
    elif why.verdict == "costs" and aim is not None and need.benefit is not None:
        gained = Words(GAINED[aim.kind], {"change": _figure(aim, need.benefit, up=True), "target": aim.words})
        lines.append(
            Words(_n("To be worth its place it would have to bring %(change)s."), {"change": gained})
        )
    elif why.verdict == "costs" and aim is not None and need.allowed is not None:
        lost = Words(LOST[aim.kind], {"change": _figure(aim, need.allowed, up=True), "target": aim.words})
        template = (
            _n("It would be in a plan that is allowed this: %(change)s. That it brings more would not do.")
            if aim.kind not in ("weighted", "goal")
            else _n(
                "It would be in a plan that is allowed this: %(change)s. How much more it would have to bring depends on the aims that follow."
            )
        )
        lines.append(Words(template, {"change": lost}))
    if need.broken:
        lines += [
            Words(
                _n("Beside the plan as it stands no amount makes room for it: %(limit)s."),
                {"limit": one.words},
            )
            for one in need.broken[:NAMED]
        ]
    else:
        lines += [
            Words(_n("Beside the plan as it stands it would need %(more)s."), {"more": one.words})
            for one in need.additions[:NAMED]
        ]
    return tuple(lines)
