"""What a project is for: goals by weight, services that it should change, partners."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Sum

from rasad.records.audited import Audited
from rasad.records.models.goals import Goal
from rasad.records.models.projects import Project
from rasad.records.models.services import Service
from rasad.records.models.units import Institution, Unit
from rasad.records.problems import WHOLE_BP, Refusal, not_a_share, not_one_of


class ProjectGoal(Audited):
    """A project serves a goal by a weight; a project's weights sum to the whole."""

    KEY = ("project", "goal")
    REMOVABLE = True
    WHOLE_OF = "project"

    project = models.ForeignKey(Project, models.PROTECT, related_name="project_goals")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="project_goals")
    weight_bp = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "goal"], name="project_goal_once"),
            models.CheckConstraint(
                condition=Q(weight_bp__gte=1) & Q(weight_bp__lte=WHOLE_BP), name="project_goal_weight_within"
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a weight that is none, or beyond the whole."""
        yield from not_a_share(self, "weight_bp", least=1)

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield the weights of projects whose weights do not come to the whole."""
        projects = {weight.project_id for weight in touched}
        sums = dict(
            cls._base_manager.filter(project__in=projects)
            .values_list("project")
            .annotate(Sum("weight_bp"))
            .order_by("project")
        )
        for weight in touched:
            # A project may also name no goal at all: it then counts as unlinked.
            found = sums.get(weight.project_id, WHOLE_BP)
            if found != WHOLE_BP:
                yield weight, Refusal("weight_bp", "weights_sum", str(found), str(WHOLE_BP))


class ProjectService(Audited):
    """A project should change a service, and how."""

    KEY = ("project", "service")
    REMOVABLE = True

    project = models.ForeignKey(Project, models.PROTECT, related_name="project_services")
    service = models.ForeignKey(Service, models.PROTECT, related_name="project_services")
    change = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "service"], name="project_service_once")
        ]


class ProjectPartner(Audited):
    """A unit or an institution that has a part in a project."""

    KEY = ("project", "unit", "institution")
    REMOVABLE = True

    project = models.ForeignKey(Project, models.PROTECT, related_name="partners")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="partnerships")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="partnerships"
    )
    part = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "unit", "institution"], name="project_partner_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(institution__isnull=True), name="project_partner_is_one"
            ),
        ]

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a partner that is neither or both."""
        yield from not_one_of(self, "unit", "institution")
