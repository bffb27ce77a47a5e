"""What the pages of one scenario share: the way between them, and the work on it that is under way."""

from __future__ import annotations

from django.urls import reverse

from rasad.records.models import Job, Scenario


def under_way(found: Scenario, *kinds: str) -> list[dict[str, str]]:
    """Return the work on a scenario that waits or is under way."""
    going = Job.objects.filter(
        kind__in=kinds, state__in=("waiting", "running"), params__scenario=found.pk
    ).order_by("created_at")
    return [{"url": reverse("workbench:job", args=[one.pk]), "doing": one.doing} for one in going]
