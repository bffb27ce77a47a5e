"""The roadmap as people work on it: scenarios, the plans that were found for them, what experts say, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.people import Account
from rasad.records.models.projects import Project
from rasad.records.models.resolutions import Resolution
from rasad.records.problems import Refusal

SCENARIO_STATES = ("draft", "adopted", "replaced", "withdrawn")
FINDINGS = ("front", "forecast")
VERDICTS = ("favour", "conditions", "against")


class ScenarioQuerySet(AuditedQuerySet):
    """Reads of scenarios."""

    def adopted(self) -> ScenarioQuerySet:
        """Return the one roadmap in force, if there is one."""
        return self.filter(state="adopted")


class Scenario(Audited):
    """One way of drawing up the roadmap (سناریو): a problem as `rasad.roadmap.problem` has it, and where it stands.

    A draft may be changed; what was adopted stays as it was decided, and what follows is another scenario based on it. `plan` is the
    number of the plan that was adopted; of all scenarios one is adopted at a time. `facts`: of a scenario that plans anew, what was taken from where
    (see `actions.roadmap_replan`).
    """

    KEY = ("code",)

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=[(s, s) for s in SCENARIO_STATES], default="draft")
    problem = models.JSONField()
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="scenarios")
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    plan = models.PositiveIntegerField(null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="scenarios"
    )
    reference = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(null=True, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SCENARIO_STATES), name="scenario_state_known"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="adopted"), name="scenario_one_adopted"
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: an adoption without its day, its plan, or what decided it."""
        if self.state not in ("adopted", "replaced"):
            return
        if self.adopted_on is None:
            yield Refusal("adopted_on", "adopted_when")
        if self.plan is None:
            yield Refusal("plan", "adopted_which")
        if self.resolution_id is None and not self.reference:
            yield Refusal("reference", "adopted_by")

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what changed of a scenario that is no draft: its problem and its plan do not."""
        if before["state"] == "draft":
            return
        for name in ("problem", "plan", "adopted_on", "facts"):
            now = getattr(self, name)
            now = now.isoformat() if name == "adopted_on" and now is not None else now
            if now != before[name]:
                yield Refusal(name, "scenario_stays")


class ScenarioPlan(Audited):
    """A plan that was found for a scenario's problem as it then was (`problem_hash`), checked independently before it was kept.

    `choices`: the plan as JSON. `result`: objective, bound, gap, status and stages as the search told them, with codes for words.
    `lock_costs`: lock's id → what it costs, `explanation`: why each initiative is in or out by search, and `alternatives`: other good plans for
    other weights of the goals, where these were computed.
    """

    KEY = ("scenario", "number")

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    problem_hash = models.CharField(max_length=64)
    choices = models.JSONField()
    result = models.JSONField()
    lock_costs = models.JSONField(default=dict, blank=True)
    explanation = models.JSONField(null=True, blank=True)
    alternatives = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="plans")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["scenario", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_plan_once")
        ]

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what changed of a plan: nothing but what its locks cost, what explains it and what else there would be does."""
        for name in ("problem_hash", "choices", "result"):
            if getattr(self, name) != before[name]:
                yield Refusal(name, "plan_stays")


class ScenarioFinding(Audited):
    """What was computed of a scenario's problem as it then was (`problem_hash`), and of one of its plans where `plan` names it.

    `asked`: what was asked for. `found`: a front (`rasad.roadmap.front`), or how sure the plan is (`rasad.roadmap.uncertainty`), as JSON.
    """

    KEY = ("scenario", "number")

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(k, k) for k in FINDINGS])
    problem_hash = models.CharField(max_length=64)
    plan = models.PositiveIntegerField(null=True, blank=True)
    asked = models.JSONField()
    found = models.JSONField()
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="findings")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["scenario", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_finding_once"),
            models.CheckConstraint(condition=Q(kind__in=FINDINGS), name="scenario_finding_known"),
        ]

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what changed of a finding: it stays as it was found."""
        for name in ("kind", "problem_hash", "plan", "asked", "found"):
            if getattr(self, name) != before[name]:
                yield Refusal(name, "finding_stays")


class ScenarioOpinion(Audited):
    """What an expert says of a scenario, in their name; said anew, it is a further opinion."""

    KEY = ("scenario", "number")

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    plan = models.PositiveIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=[(v, v) for v in VERDICTS])
    text = models.TextField()
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="opinions")
    signed_name = models.CharField(max_length=200)
    on = models.DateField()

    class Meta:
        ordering: ClassVar = ["scenario", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_opinion_once")
        ]


class ScenarioProject(Audited):
    """Which project an adopted initiative became, by the initiative's id in the scenario's problem."""

    KEY = ("scenario", "initiative")

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="projects")
    initiative = models.CharField(max_length=80)
    project = models.ForeignKey(Project, models.PROTECT, related_name="initiatives")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "initiative"], name="scenario_project_once")
        ]
