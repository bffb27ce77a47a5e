"""What the pages of one scenario share: the way between them, the work on it that is under way, and how a form of its parts is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from rasad.actions import roadmaps
from rasad.actions.roadmap_parts import Data, full
from rasad.records.models import Job, Scenario
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench.allowed import account_of
from rasad.web.workbench.forms.roadmap_grid import Grid
from rasad.web.workbench.versions import number_in


def under_way(found: Scenario, *kinds: str) -> list[dict[str, str]]:
    """Return the work on a scenario that waits or is under way."""
    going = Job.objects.filter(
        kind__in=kinds, state__in=("waiting", "running"), params__scenario=found.pk
    ).order_by("created_at")
    return [{"url": reverse("workbench:job", args=[one.pk]), "doing": one.doing} for one in going]


class ProblemForm(Protocol):
    """A form that changes a problem."""

    errors: list[str]

    def read(self, sent: QueryDict) -> None:
        """Take what was sent."""

    def changed(self) -> Data | None:
        """Return the problem as it would be, in full; None where something is wrong, which the form says then."""


@dataclass
class Taken:
    """What came of a form that was sent: kept, wrong, or only looked at (`changes`), with rows added or something sought."""

    kept: bool = False
    wrong: bool = False
    changes: list[said.Changed] | None = None


ONLY_SHOWN = ("more", "find")
"""Buttons that ask for the form again, with more rows or other names to choose from."""


def take(request: HttpRequest, found: Scenario, form: ProblemForm, thanks: str) -> Taken:
    """Take a form of a scenario's parts: shown again, looked at (`look`), or checked whole and kept."""
    form.read(request.POST)
    if any(name in request.POST for name in ONLY_SHOWN):
        return Taken()
    return keep(request, found, form, form.changed(), thanks)


def keep(
    request: HttpRequest, found: Scenario, form: ProblemForm, changed: Data | None, thanks: str
) -> Taken:
    """Keep the problem that a form makes, or say what it would change where that is asked for."""
    if changed is None:
        return Taken(wrong=True)
    if "look" in request.POST:
        return Taken(changes=said.changes(full(roadmaps.problem_of(found.problem)), changed))
    try:
        roadmaps.change_scenario(
            scenario=found,
            seen=number_in(request.POST.get("seen", "")),
            problem=changed,
            by=account_of(request),
            why=request.POST.get("why", "").strip()[:500],
        )
    except ValidationError as error:
        form.errors += said.refused(error)
        return Taken(wrong=True)
    messages.success(request, thanks)
    return Taken(kept=True)


def grid_told(grid: Grid, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a grid as the template writes it; rows that are named are headed by their name."""
    titled = names or {}
    return {
        "grid": grid,
        "named": bool(titled),
        "pattern": grid.pattern if grid.more and not titled else None,
        "rows": [{"line": line, "name": titled.get(line.key, line.key)} for line in grid.lines],
        "width": len(grid.heads) + bool(titled),
    }
