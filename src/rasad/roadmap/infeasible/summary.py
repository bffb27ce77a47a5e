"""Long sets of limits in a few words: "66 mandatory initiatives against 5 skill limits"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rasad.roadmap.rows.table import Group
from rasad.roadmap.wording import Listed, Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


KINDS = {
    # What must be done, and in what order.
    "mandatory": (_n("one mandatory initiative"), _n("%(count)s mandatory initiatives")),
    "frozen": (_n("one initiative that is running"), _n("%(count)s initiatives that are running")),
    "lock": (_n("one choice by hand"), _n("%(count)s choices by hand")),
    "deadline": (_n("one deadline"), _n("%(count)s deadlines")),
    "earliest": (_n("one earliest start"), _n("%(count)s earliest starts")),
    "requires": (_n("one prerequisite"), _n("%(count)s prerequisites")),
    "group": (_n("one group"), _n("%(count)s groups")),
    "synergy": (_n("one rule of all or none"), _n("%(count)s rules of all or none")),
    "goal_score": (_n("one least score of a goal"), _n("%(count)s least scores of goals")),
    "goal_share": (_n("one least share of a goal"), _n("%(count)s least shares of goals")),
    "fairness": (_n("one fairness limit"), _n("%(count)s fairness limits")),
    # What there is for it.
    "budget": (_n("one budget limit"), _n("%(count)s budget limits")),
    "category_share": (_n("one limit on a category's share"), _n("%(count)s limits on categories' shares")),
    "skill": (_n("one skill limit"), _n("%(count)s skill limits")),
    "running": (_n("one limit on what runs at once"), _n("%(count)s limits on what runs at once")),
}
"""Every kind of limit, in the order in which a summary names them: one, several."""

MEANS = ("budget", "category_share", "skill", "running")
STRUCTURAL = ("mandatory", "frozen", "lock", "deadline", "earliest", "requires", "group", "synergy")
"""Kinds that say what is chosen and when, whatever it takes."""


def summed_up(limits: Iterable[Group]) -> Words:
    """Return limits counted by kind, what must be done against what there is for it."""
    counted = Counter(limit.kind for limit in limits)
    wishes = [_counted(kind, counted[kind]) for kind in KINDS if counted[kind] and kind not in MEANS]
    means = [_counted(kind, counted[kind]) for kind in KINDS if counted[kind] and kind in MEANS]
    if wishes and means:
        return Words(
            _n("%(wishes)s against %(means)s"),
            {"wishes": Listed(tuple(wishes)), "means": Listed(tuple(means))},
        )
    if counted.total() == 1:
        return Words(_n("%(limits)s that nothing can keep"), {"limits": Listed(tuple(wishes or means))})
    return Words(_n("%(limits)s that contradict each other"), {"limits": Listed(tuple(wishes or means))})


def _counted(kind: str, count: int) -> Words:
    one, several = KINDS[kind]
    return Words(one) if count == 1 else Words(several, {"count": count})
