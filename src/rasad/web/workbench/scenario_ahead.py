"""A scenario before it is drafted: what it would be made of, part by part in words, and what it lacks to be solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.roadmap_parts import full, is_placeholder
from rasad.roadmap.problem import Problem
from rasad.web.theme import show
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown

NAMED = 8
"""Names that stand for a list."""
LISTS = {
    "goals": gettext_lazy("Goals"),
    "skills": gettext_lazy("Skills"),
    "units": gettext_lazy("Units"),
    "districts": gettext_lazy("Districts"),
    "categories": gettext_lazy("Classes"),
    "initiatives": gettext_lazy("Initiatives"),
    "groups": gettext_lazy("Groups"),
    "synergies": gettext_lazy("Synergies"),
}
ALWAYS = ("goals", "units", "initiatives")
"""Lists that are told also where they are empty."""


@dataclass(frozen=True)
class Part:
    """One part: what it is, and what it would be."""

    where: str
    now: str
    key: str


def made(problem: Problem) -> list[Part]:
    """Return every part of a problem in words."""
    data = full(problem)
    found = [Part(str(said.FIELDS["horizon"]), _periods(problem), "horizon")]
    found += [
        Part(str(label), _listed([said.called(one) for one in data[kind]]), kind)
        for kind, label in LISTS.items()
        if data[kind] or kind in ALWAYS
    ]
    limits = [one for kind in data["limits"].values() for one in kind]
    found.append(Part(_("Limits"), _listed([said.limit_called(one, data) for one in limits]), "limits"))
    targets = data["objective"]["targets"]
    aims = "" if is_placeholder(targets) and not data["goals"] else " · ".join(said.aim_line(one, data) for one in targets)  # fmt: skip
    found.append(Part(str(said.FIELDS["targets"]), aims, "aims"))
    if data["locks"]:
        found.append(Part(_("Choices made by hand"), show.grouped(len(data["locks"]), frame.lang()), "locks"))
    return found


def _periods(problem: Problem) -> str:
    count = problem.horizon.count
    return _("%(count)s %(kind)s, %(names)s") % {
        "count": show.grouped(count, frame.lang()),
        "kind": said.HORIZONS[problem.horizon.kind],
        "names": f"{shown.when(problem, 0)} – {shown.when(problem, count - 1)}",
    }


def _listed(names: list[str]) -> str:
    """Return how many there are and the first of them by name; empty where there are none."""
    if not names:
        return ""
    rest = len(names) - NAMED
    more = [_("and %(count)s more") % {"count": show.grouped(rest, frame.lang())}] if rest > 0 else []
    return _("%(count)s: %(names)s") % {
        "count": show.grouped(len(names), frame.lang()),
        "names": _(", ").join([*names[:NAMED], *more]),
    }


def lacking(found: list[Part]) -> list[str]:
    """Return what is to be added before it can be solved."""
    there: dict[str, Any] = {one.key: one.now for one in found}
    told = []
    if not there["initiatives"]:
        told.append(_("Before it can be solved it needs initiatives."))
    if not there["aims"]:
        told.append(_("No aim is chosen yet: goals bring theirs along."))
    if not there["limits"]:
        told.append(_("No limit bounds it yet: set the budgets."))
    return told
