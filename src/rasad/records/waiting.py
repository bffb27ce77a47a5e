"""What is not as it should be and waits for somebody: reads over the records, each as of a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from rasad.records.models import (
    Account,
    Baseline,
    DataLink,
    Goal,
    GoalIndicator,
    Indicator,
    Invitation,
    Job,
    Milestone,
    Project,
    ProjectGoal,
    Reading,
    Target,
    Upload,
)
from rasad.records.models.systems import UNSEEN_AFTER

GRACE = timedelta(days=30)
"""How long after a period's end its reading may take to arrive."""
DAYS = {"monthly": 31, "quarterly": 92, "half_yearly": 184, "yearly": 366}
"""The length of an indicator's period, in days, by its frequency; an irregular one is never late."""
FAILED_FOR = timedelta(days=14)
"""How long work that failed is called to mind."""
STALLED_AFTER = timedelta(days=90)
"""A project under way of whose progress nothing was said for so long has stalled, or is not looked after."""


def projects_without_goals() -> QuerySet[Project]:
    """Return the projects under way whose money serves no goal, by code."""
    found: QuerySet[Project] = (
        Project.objects.under_way()
        .filter(~Exists(ProjectGoal.objects.filter(project=OuterRef("pk"))))
        .select_related("unit")
        .order_by("code")
    )
    return found


def projects_without_baseline() -> QuerySet[Project]:
    """Return the projects under way that promised nothing: no start, end or budget."""
    found: QuerySet[Project] = (
        Project.objects.under_way()
        .filter(~Exists(Baseline.objects.filter(project=OuterRef("pk"))))
        .select_related("unit")
        .order_by("code")
    )
    return found


def projects_past_their_end(on: date) -> QuerySet[Project]:
    """Return the projects under way whose latest baseline ended before `on`, the longest first, with that day as `was_due`."""
    latest = Baseline.objects.filter(project=OuterRef("pk")).order_by("-number")
    found: QuerySet[Project] = (
        Project.objects.under_way()
        .annotate(was_due=Subquery(latest.values("end")[:1]))
        .filter(was_due__lt=on)
        .select_related("unit")
        .order_by("was_due", "code")
    )
    return found


def projects_silent(on: date) -> QuerySet[Project]:
    """Return the running projects of whose progress nothing was said for `STALLED_AFTER`, with the last day as `last_said`."""
    found: QuerySet[Project] = (
        Project.objects.filter(status="running")
        .annotate(last_said=Max("progress__as_of"))
        .filter(Q(last_said__isnull=True) | Q(last_said__lt=on - STALLED_AFTER))
        .select_related("unit")
        .order_by(F("last_said").asc(nulls_first=True), "code")
    )
    return found


def milestones_overdue(on: date) -> QuerySet[Milestone]:
    """Return the milestones of projects under way that were due before `on` and not reached, the longest overdue first."""
    return (
        Milestone.objects.filter(reached_on__isnull=True, due__lt=on)
        .filter(project__in=Project.objects.under_way())
        .select_related("project", "project__unit")
        .order_by("due", "project__code", "number")
    )


def indicators_out_of_date(on: date) -> QuerySet[Indicator]:
    """Return the indicators whose next reading should be here, those never read first, with the last period's end as `last_read`."""
    late = Q(last_read__isnull=True) & ~Q(frequency="irregular")
    for frequency, days in DAYS.items():
        late |= Q(frequency=frequency, last_read__lt=on - timedelta(days=days) - GRACE)
    latest = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-period_end")
    return (
        Indicator.objects.annotate(last_read=Subquery(latest.values("period_end")[:1]))
        .filter(late)
        .select_related("unit")
        .order_by(F("last_read").asc(nulls_first=True), "code")
    )


def indicators_without_target() -> QuerySet[Indicator]:
    """Return the indicators that aim at nothing."""
    return (
        Indicator.objects.filter(~Exists(Target.objects.filter(indicator=OuterRef("pk"))))
        .select_related("unit")
        .order_by("code")
    )


def goals_without_indicator(on: date) -> QuerySet[Goal]:
    """Return the goals that hold on a day, have no part goals, and have no indicator that tells of them."""
    return (
        Goal.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
        .filter(~Exists(GoalIndicator.objects.filter(goal=OuterRef("pk"))))
        .filter(~Exists(Goal.objects.filter(parent=OuterRef("pk"))))
        .select_related("unit")
        .order_by("code")
    )


def links_agreed_but_unused(on: date) -> QuerySet[DataLink]:
    """Return the data links that were agreed on, and are not in use or were not seen in use lately; the oldest agreement first."""
    return (
        DataLink.objects.filter(agreed_on__lte=on)
        .filter(
            Q(in_use_since__isnull=True)
            | Q(in_use_since__gt=on)
            | Q(last_seen_on__isnull=True)
            | Q(last_seen_on__lt=on - UNSEEN_AFTER)
        )
        .select_related("provider_unit", "provider_institution", "consumer_unit", "consumer_institution")
        .order_by("agreed_on", "code")
    )


def files_on_the_desk() -> QuerySet[Upload]:
    """Return the files that were handed in at the import desk and are neither loaded nor being loaded, the oldest first."""
    return (
        Upload.objects.filter(plan__state__in=("new", "ready"))
        .select_related("account")
        .order_by("created_at")
    )


def jobs_failed(account: Account, on: date) -> QuerySet[Job]:
    """Return the account's background work that failed lately and was not asked for again, the latest first."""
    again = Job.objects.filter(
        kind=OuterRef("kind"), params=OuterRef("params"), created_at__gt=OuterRef("created_at")
    )
    return (
        Job.objects.filter(account=account, state="failed", ended_at__date__gt=on - FAILED_FOR)
        .filter(~Exists(again))
        .order_by("-ended_at")
    )


def jobs_open(account: Account) -> QuerySet[Job]:
    """Return the account's background work that is not at its end, the oldest first."""
    return Job.objects.filter(account=account, state__in=("waiting", "running")).order_by("created_at")


def invitations_unanswered() -> QuerySet[Invitation]:
    """Return the invitations that were neither accepted nor withdrawn, those that expire first at the top."""
    return Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by(
        "expires_at"
    )
