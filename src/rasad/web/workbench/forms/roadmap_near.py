"""Which plan the aim “least change” is measured against."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts as parts
from rasad.actions.roadmap_parts import Data
from rasad.records.models import ScenarioPlan
from rasad.roadmap.problem import Problem, ProblemError, parse
from rasad.web.workbench import roadmap_said as said

KEPT, NONE = "kept", ""


class NearForm:
    """A choice of plans: none, the one that is there, the roadmap in force, or one found for the scenario."""

    def __init__(self, problem: Problem, plans: list[ScenarioPlan], names: dict[int, str]) -> None:
        self.problem, self.data = problem, parts.full(problem)
        self.plans = {str(one.pk): one for one in plans}
        self.errors: list[str] = []
        self.choices = [(NONE, _("none"))]
        self.choices += [(KEPT, _("the one that stands there"))] if problem.published else []
        self.choices += [(str(one.pk), names[one.pk]) for one in plans]
        self.chosen = KEPT if problem.published else NONE
        self.aimed = any(one["kind"] == "change" for one in self.data["objective"]["targets"])
        """Whether staying near is an aim."""

    def read(self, sent: QueryDict) -> None:
        """Take what was sent."""
        self.chosen = sent.get("plan", "")
        self.aimed = "aimed" in sent

    def changed(self) -> Data | None:
        """Return the problem as it would be, in full; None where something is wrong."""
        if self.chosen not in dict(self.choices):
            self.errors.append(_("“%(value)s” is none of the choices.") % {"value": self.chosen[:40]})
            return None
        made = self.data
        if self.chosen != KEPT:
            record = self.plans.get(self.chosen)
            made = parts.near(self.data, parts.plan_of(record) if record else None)
        if self.aimed and made["published"] is None:
            self.errors.append(_("Choose the plan that change is measured against."))
            return None
        made = parts.with_change_aim(made, wanted=self.aimed)
        try:
            return parts.full(parse(made))
        except ProblemError as error:
            self.errors += [said.fault(fault, made) for fault in error.faults]
            return None
