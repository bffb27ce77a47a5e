"""The audit trail: append-only, held by the database itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from rasad.records.audited import Audited, UnauditedWriteError


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads of the trail; nothing on it changes or leaves (the database refuses it too)."""

    def of(self, record: models.Model) -> AuditEventQuerySet:
        """Return the events of one record, newest first."""
        return self.filter(noun=record._meta.model_name, record_id=record.pk).order_by("-id")

    def update(self, **values: Any) -> int:
        """Raise UnauditedWriteError."""
        raise UnauditedWriteError("AuditEvent")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise UnauditedWriteError."""
        raise UnauditedWriteError("AuditEvent")


class AuditEvent(models.Model):
    """Who did what to which record, when and why; the values before and after.

    `before` is null for a new record, `after` for one that left; otherwise both hold only what changed; of a long document what changed of it
    (`records.documents`). Events of one action share `change`.
    """

    change = models.UUIDField(db_index=True)
    at = models.DateTimeField(db_index=True)
    account = models.ForeignKey("records.Account", models.PROTECT, null=True, related_name="events")
    account_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    noun = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    record_key = models.CharField(max_length=400)
    record_version = models.PositiveIntegerField(default=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    why = models.TextField(blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["noun", "record_id", "-id"], name="trail_of_record")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.record_key}"

    def save(self, *args: Any, **values: Any) -> None:
        """Append the event. UnauditedWriteError where it is on the trail already."""
        if not self._state.adding:
            raise UnauditedWriteError("AuditEvent")
        super().save(*args, **values)

    def delete(self, *args: Any, **values: Any) -> tuple[int, dict[str, int]]:
        """Raise UnauditedWriteError."""
        raise UnauditedWriteError("AuditEvent")

    @classmethod
    def between(cls, record: Audited, seen: int) -> list[AuditEvent]:
        """Return what happened to a record after version `seen`, oldest first."""
        return list(cls.objects.of(record).filter(record_version__gt=seen).order_by("id"))
