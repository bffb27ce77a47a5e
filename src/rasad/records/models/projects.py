"""Projects: what is being changed, with every baseline that was ever promised. A project is never deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from rasad.records.audited import Audited, AuditedQuerySet, UnauditedWriteError
from rasad.records.models.resolutions import Resolution
from rasad.records.models.units import Unit

KINDS = ("new_system", "extension", "infrastructure", "data", "training", "study", "maintenance", "other")
STATUSES = ("proposed", "approved", "running", "finished", "closed", "merged", "cancelled")
ENDED = ("finished", "closed", "merged", "cancelled")
RATINGS = ("on_course", "at_risk", "off_course")


class ProjectQuerySet(AuditedQuerySet):
    """Reads of projects."""

    def under_way(self) -> ProjectQuerySet:
        """Return the projects that have not ended."""
        return self.exclude(status__in=ENDED)


class Project(Audited):
    """A project (طرح / پروژه). Its promises are its baselines; its rating is computed, the unit's own stands beside it."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS], default="other")
    status = models.CharField(max_length=20, choices=[(s, s) for s in STATUSES], default="proposed")
    approved_on = models.DateField(null=True, blank=True)
    first_use_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, blank=True, related_name="projects")
    programme_code = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=300, blank=True)
    # The last portfolio that named it: a project under way that a later one leaves out has vanished.
    last_listed_on = models.DateField(null=True, blank=True)
    self_rating = models.CharField(max_length=20, choices=[(r, r) for r in RATINGS], blank=True)
    description = models.TextField(blank=True)
    closing_report = models.TextField(blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="project_status_known"),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="project_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="project_not_merged_into_itself",
            ),
        ]

    def delete(self, *args: Any, **values: Any) -> tuple[int, dict[str, int]]:
        """Raise UnauditedWriteError: a project is closed, merged or cancelled, and stays in view."""
        raise UnauditedWriteError("Project")

    @property
    def original(self) -> Baseline | None:
        """The first baseline."""
        return self.baselines.order_by("number").first()

    @property
    def current(self) -> Baseline | None:
        """The latest baseline."""
        return self.baselines.order_by("-number").first()


class Baseline(Audited):
    """What was promised: start, end and budget. A re-baseline is a further row with its reason; the old one stays."""

    KEY = ("project", "number")

    project = models.ForeignKey(Project, models.PROTECT, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    budget = models.BigIntegerField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="baselines"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="baseline_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="baseline_from_one"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="baseline_changed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="baseline_in_order",
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="baseline_budget_not_negative"
            ),
        ]


class Milestone(Audited):
    """A milestone of a project: when it is due, and when it was reached."""

    KEY = ("project", "number")

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    due = models.DateField()
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "number"], name="milestone_once")]


class Progress(Audited):
    """Physical progress on a day, and who said so. It is never computed from money."""

    KEY = ("project", "as_of")

    project = models.ForeignKey(Project, models.PROTECT, related_name="progress")
    as_of = models.DateField()
    physical_bp = models.PositiveIntegerField()
    said_by = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "as_of"], name="progress_once"),
            models.CheckConstraint(condition=Q(physical_bp__lte=10_000), name="progress_within_whole"),
        ]
