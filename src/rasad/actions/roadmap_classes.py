"""Reference classes for a scenario: fitted to the city's own finished projects by what was paid for them, read from a file, or entered as figures.

A project's real cost is what the ledger's payments for it come to, against the budget of its first baseline; its real duration runs from the day
that it began until its end, against the one that its first baseline promised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import ValidationError as Wrong

from rasad.actions.roadmap_actuals import payments
from rasad.records.models import Baseline, Project
from rasad.roadmap.problem import Problem, ProblemError
from rasad.roadmap.problem.faults import Fault, from_validation
from rasad.roadmap.uncertainty.classes import Lognormal, ReferenceClass, Uncertainty
from rasad.roadmap.uncertainty.files import parse_uncertainty
from rasad.roadmap.uncertainty.fitting import LEAST, Finished, fit

ENDED = ("finished", "closed")
ALL = "all"
"""The class of all finished projects together, whatever their kind."""
BY_KIND = "by-kind"
"""Asks for a class of each kind of which there are enough, each initiative going by its own kind and by all together where that has none."""
LARGEST = 1024**2
"""Bytes of a file of reference classes."""
TOLD = 12
"""How many faults of a file are told at once."""


@dataclass(frozen=True)
class Ended:
    """A finished project beside its first baseline."""

    project: Project
    first: Baseline | None

    @property
    def lacks(self) -> str:
        """What the register does not say of it, by a code: baseline, budget, days; empty where it says all."""
        first, project = self.first, self.project
        if first is None:
            return "baseline"
        if not first.budget:
            return "budget"
        if first.start is None or first.end is None or first.end <= first.start or project.ended_on is None:
            return "days"
        return ""


@dataclass(frozen=True)
class Own:
    """The city's finished projects: those that a class rests on, and the codes of the others by what is not known of them."""

    used: tuple[Finished, ...]
    left: dict[str, tuple[str, ...]]

    def of(self, kind: str) -> list[Finished]:
        """Return the projects of a kind, or all of them, as those of one class."""
        found = [one for one in self.used if kind in (ALL, one.kind)]
        return [one.model_copy(update={"kind": kind}) for one in found]

    @property
    def kinds(self) -> list[str]:
        """Return `ALL` and every kind that there are finished projects of."""
        return [ALL, *sorted({one.kind for one in self.used})]


def ended_projects() -> list[Ended]:
    """Return every finished project of the register."""
    found = list(Project.objects.filter(status__in=ENDED).order_by("code"))
    firsts = {one.project_id: one for one in Baseline.objects.filter(project__in=found, number=1)}
    return [Ended(one, firsts.get(one.pk)) for one in found]


def candidates() -> dict[str, int]:
    """Return how many finished projects of each kind, and together, the register knows budgets and days of. Payments are not looked at."""
    known = [one.project.kind for one in ended_projects() if not one.lacks]
    return {ALL: len(known), **{kind: known.count(kind) for kind in sorted(set(known))}}


def own_projects(*, home: Path, currency: str) -> Own:
    """Return the finished projects with what was really paid for them and how long they really took, in days.

    Those without a first budget, without promised or real days, or without a payment say nothing of this; they are named by what they lack.
    """
    ended = ended_projects()
    known = [one.project.code for one in ended if not one.lacks]
    paid = payments(home=home, projects=known, currency=currency)
    used, left = [], dict[str, list[str]]()
    for one in ended:
        cost = sum(part.amount for part in paid.get(one.project.code, ()))
        lacks = one.lacks or ("" if cost > 0 else "payments")
        if lacks:
            left.setdefault(lacks, []).append(one.project.code)
        else:
            used.append(_finished(one, cost))
    return Own(tuple(used), {lacks: tuple(codes) for lacks, codes in left.items()})


def _finished(one: Ended, cost: int) -> Finished:
    project, first = one.project, one.first
    # `lacks` said so.
    assert first is not None
    assert first.start is not None
    assert first.end is not None
    assert first.budget is not None
    assert project.ended_on is not None
    began = project.started_on or first.start
    return Finished(
        id=f"p{project.pk}",
        kind=project.kind,
        planned_cost=int(first.budget),
        actual_cost=cost,
        planned_duration=(first.end - first.start).days,
        actual_duration=max(0, (project.ended_on - began).days),
    )


def own_class(own: Own, kind: str) -> ReferenceClass:
    """Return the class that a kind's finished projects make. ValidationError where there are too few."""
    found = own.of(kind)
    if len(found) < LEAST:
        raise ValidationError(
            _("A class needs %(least)s finished projects with a first budget, promised and real days, and payments in the ledger; there are %(found)s.")
            % {"found": len(found), "least": LEAST},
            code="few",
        )  # fmt: skip
    return fit(found).classes[0]


def from_register(*, home: Path, currency: str, kind: str, shared: int) -> Uncertainty:
    """Return what the finished projects of a kind (or `ALL`) say, for every initiative; of `BY_KIND` for each what those of its kind say.

    ValidationError where there are too few.
    """
    own = own_projects(home=home, currency=currency)
    known = own_class(own, ALL if kind == BY_KIND else kind)
    kinds = [one for one in own.kinds if one != ALL and len(own.of(one)) >= LEAST] if kind == BY_KIND else []
    return Uncertainty(
        classes=(*(own_class(own, one) for one in kinds), known), otherwise=known.id, shared=shared
    )


def entered(*, cost: tuple[int, int], duration: tuple[int, int], shared: int) -> Uncertainty:
    """Return one class for every initiative: factors that are as probably passed as not, and passed in one case of ten, in hundredths of
    a per cent. ValidationError where the second is below the first."""
    try:
        known = ReferenceClass(
            id="entered",
            cost=Lognormal(kind="lognormal", median=cost[0], ninetieth=cost[1]),
            duration=Lognormal(kind="lognormal", median=duration[0], ninetieth=duration[1]),
        )
        return Uncertainty(classes=(known,), otherwise="entered", shared=shared)
    except Wrong as error:
        raise ValidationError(from_validation(error).message(_)) from error


def from_file(content: bytes, *, problem: Problem) -> Uncertainty:
    """Return what a JSON file says of a problem's initiatives. ValidationError names every field that is wrong, and what names no initiative."""
    if len(content) > LARGEST:
        raise ValidationError(
            _("The file is larger than %(size)s MB.") % {"size": LARGEST // 1024**2}, code="large"
        )
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValidationError(
            _("This is no JSON in UTF-8 (%(error)s).") % {"error": str(error)[:120]}, code="json"
        ) from error
    try:
        found = parse_uncertainty(said)
        strange = [key for key in found.of if key not in problem.places]
        faults = [
            Fault("not_known", f"of.{key[:80]}", key[:80], _("the scenario's initiatives")) for key in strange
        ]
        named = {one.reference_class for one in problem.initiatives} & {one.id for one in found.classes}
        if not faults and not (found.of or found.otherwise or named):
            faults = [Fault("missing", "otherwise")]
        if faults:
            raise ProblemError(faults)
    except ProblemError as error:
        told = [fault.message(_) for fault in error.faults[:TOLD]]
        if len(error.faults) > TOLD:
            told.append(_("and %(count)s more") % {"count": len(error.faults) - TOLD})
        raise ValidationError(told, code="classes") from error
    return found


def resolved(asked: Mapping[str, Any], *, home: Path, problem: Problem) -> Uncertainty:
    """Return the uncertainty that was asked for: as it stands there, or the city's own finished projects of a kind (`register`), read now."""
    if "register" in asked:
        return from_register(
            home=home, currency=problem.currency, kind=str(asked["register"]), shared=int(asked["shared"])
        )
    return Uncertainty.model_validate(asked)
