"""What the workbench keeps for itself: files that were handed in, and work in the background."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rasad.records.models.people import Account

JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")


class Upload(models.Model):
    """A file that was handed in: kept under its hash, never executed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    plan = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """A piece of work in the background; `rasad up` runs a worker that takes them in order.

    `done` of `total` and `doing` are its live progress; `beat_at` the worker's last sign of life, by which a job that a crash left is known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=[(s, s) for s in JOB_STATES], default="waiting")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="jobs")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="job_queue")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=JOB_STATES), name="job_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
