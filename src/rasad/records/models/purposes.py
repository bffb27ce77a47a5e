"""What a project is for: goals by weight, services that it should change, partners."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rasad.records.audited import Audited
from rasad.records.models.goals import WHOLE_BP, Goal
from rasad.records.models.projects import Project
from rasad.records.models.services import Service
from rasad.records.models.units import Institution, Unit


class ProjectGoal(Audited):
    """A project serves a goal by a weight; a project's weights sum to the whole (held by `actions.projects.set_goals`)."""

    KEY = ("project", "goal")

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


class ProjectService(Audited):
    """A project should change a service, and how."""

    KEY = ("project", "service")

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
