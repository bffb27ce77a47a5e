"""Projects: what is being changed, with every baseline that was ever promised. A project is never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery

from rasad.records.audited import Audited, AuditedQuerySet, UnauditedWriteError
from rasad.records.models.resolutions import Resolution
from rasad.records.models.units import Unit
from rasad.records.problems import Refusal, not_a_share, not_negative, out_of_order, to_come
from rasad.records.trees import cycles

KINDS = ("new_system", "extension", "infrastructure", "data", "training", "study", "maintenance", "other")
STATUSES = ("proposed", "approved", "running", "finished", "closed", "merged", "cancelled")
ENDED = ("finished", "closed", "merged", "cancelled")
STEPS: dict[str, tuple[str, ...]] = {
    "proposed": ("approved", "running", "merged", "cancelled"),
    "approved": ("proposed", "running", "merged", "cancelled"),
    "running": ("approved", "finished", "merged", "cancelled"),
    "finished": ("closed", "running"),
    "closed": ("running",),
    "merged": ("proposed", "approved", "running"),
    "cancelled": ("proposed", "approved", "running"),
}
"""What a project's status can become; from one that ended only with a reason."""
RATINGS = ("on_course", "at_risk", "off_course")


class ProjectQuerySet(AuditedQuerySet):
    """Reads of projects."""

    def under_way(self) -> ProjectQuerySet:
        """Return the projects that have not ended."""
        return self.exclude(status__in=ENDED)

    def of_units(self, units: Collection[int]) -> ProjectQuerySet:
        """Return the projects that units (by primary key) own or have a part in."""
        partner = self.model.objects.filter(partners__unit__in=units).values("pk")
        return self.filter(Q(unit__in=units) | Q(pk__in=partner))

    def serving(self, goals: Collection[int]) -> ProjectQuerySet:
        """Return the projects that serve one of the goals (by primary key)."""
        return self.filter(project_goals__goal__in=goals).distinct()

    def unlinked(self) -> ProjectQuerySet:
        """Return the projects that serve no goal."""
        return self.filter(project_goals__isnull=True)

    def rebaselined(self, least: int = 1) -> ProjectQuerySet:
        """Return the projects whose baseline was changed so many times or more."""
        found: ProjectQuerySet = self.alias(_count=Count("baselines", distinct=True)).filter(_count__gt=least)
        return found

    def with_promises(self) -> ProjectQuerySet:
        """Add `current_start`, `current_end`, `current_budget`, `first_end`, `first_budget` and `baseline_count` to each."""
        latest = Baseline.objects.filter(project=OuterRef("pk")).order_by("-number")
        first = Baseline.objects.filter(project=OuterRef("pk"), number=1)
        counted = (
            Baseline.objects.filter(project=OuterRef("pk"))
            .order_by()
            .values("project")
            .annotate(n=Count("pk"))
        )
        found: ProjectQuerySet = self.annotate(
            current_start=Subquery(latest.values("start")[:1]),
            current_end=Subquery(latest.values("end")[:1]),
            current_budget=Subquery(latest.values("budget")[:1]),
            first_end=Subquery(first.values("end")[:1]),
            first_budget=Subquery(first.values("budget")[:1]),
            baseline_count=Subquery(counted.values("n")),
        )
        return found

    def with_progress(self) -> ProjectQuerySet:
        """Add `physical_bp` and `physical_on`, the latest report of physical progress, to each."""
        latest = Progress.objects.filter(project=OuterRef("pk")).order_by("-as_of")
        found: ProjectQuerySet = self.annotate(
            physical_bp=Subquery(latest.values("physical_bp")[:1]),
            physical_on=Subquery(latest.values("as_of")[:1]),
        )
        return found

    def late(self, on: date) -> ProjectQuerySet:
        """Return the projects that are under way after the end of their current baseline."""
        return self.under_way().with_promises().filter(current_end__lt=on)

    def with_overdue_milestone(self, on: date) -> ProjectQuerySet:
        """Return the projects under way with a milestone that was due before a day and is not reached."""
        overdue = Milestone.objects.filter(project=OuterRef("pk"), due__lt=on, reached_on__isnull=True)
        return self.under_way().filter(Exists(overdue))

    def with_history(self) -> ProjectQuerySet:
        """Have baselines, milestones and progress of each at hand, in order, in one query each: what a rating needs."""
        return self.prefetch_related(
            Prefetch("baselines", Baseline.objects.order_by("number")),
            Prefetch("milestones", Milestone.objects.order_by("due", "number")),
            Prefetch("progress", Progress.objects.order_by("as_of")),
        )


class Project(Audited):
    """A project (طرح / پروژه). Its promises are its baselines; its rating is computed, the unit's own stands beside it."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS], default="other")
    status = models.CharField(max_length=20, choices=[(s, s) for s in STATUSES], default="proposed")
    approved_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: merged into none, a day of an end that has not come or lies before the start, closed without a report."""
        if (self.status == "merged") != (self.merged_into_id is not None):
            yield Refusal("merged_into", "merged_into")
        elif self.pk is not None and self.merged_into_id == self.pk:
            yield Refusal("merged_into", "own_parent", self.key)
        if self.ended_on and self.status not in ENDED:
            yield Refusal("ended_on", "not_ended", self.status)
        yield from to_come(self, "started_on")
        yield from out_of_order(self, "started_on", "ended_on")
        if self.status == "closed" and not self.closing_report.strip():
            yield Refusal("closing_report", "report_missing")

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what cannot stand: a step that no project takes; one that ended, opened again or given up for no reason."""
        was = before["status"]
        if self.status == was:
            return
        if self.status not in STEPS[was]:
            yield Refusal("status", "status_step", was, ", ".join(STEPS[was]))
        opened_again = was in ENDED and self.status not in ENDED
        if (opened_again or self.status in ("merged", "cancelled")) and not why:
            yield Refusal("", "reason_missing")

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield projects that were merged into themselves by way of others."""
        yield from cycles(touched, "merged_into")

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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: an end before the start, a budget below nought, a further baseline without its reason."""
        yield from out_of_order(self, "start", "end")
        yield from not_negative(self, "budget")
        if self.number == 0:
            yield Refusal("number", "baseline_number", "0", "1")
        if self.number != 1 and not self.reason.strip():
            yield Refusal("reason", "baseline_reason")

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield that a baseline stays as it was decided."""
        yield Refusal("", "baseline_stays")

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield baselines that are not numbered from 1 without a gap."""
        projects = {baseline.project_id for baseline in touched}
        numbers: dict[int, list[int]] = {}
        for project, number in cls._base_manager.filter(project__in=projects).values_list(
            "project", "number"
        ):
            numbers.setdefault(project, []).append(number)
        gaps = {
            project: next((n for n in range(1, len(some) + 1) if n not in some), 0)
            for project, some in numbers.items()
        }
        for baseline in touched:
            if (missing := gaps.get(baseline.project_id, 0)) and baseline.number > missing:
                yield baseline, Refusal("number", "baseline_number", str(baseline.number), str(missing))


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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: reached on a day to come."""
        yield from to_come(self, "reached_on")

    def overdue(self, on: date) -> bool:
        """Return whether it was due before a day and was not reached by then."""
        return self.due < on and (self.reached_on is None or self.reached_on > on)


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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand: a report of a day to come, more than the whole."""
        yield from to_come(self, "as_of")
        yield from not_a_share(self, "physical_bp")
