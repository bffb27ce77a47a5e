"""What every audited record has: a key that people know, a version, and no way to be written but through a change.

A record is written inside `rasad.records.changes.changing`, which leaves an audit event for each. The path around it (a bare `save`,
`delete`, or a queryset's `update`) is refused here, so that nothing changes without a trace.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn, Self

from django.db import models

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether a change is writing records now; set by `rasad.records.changes` alone."""


class UnauditedWriteError(RuntimeError):
    """An audited record was about to be written outside a change."""

    def __init__(self, record: str) -> None:
        super().__init__(f"{record} is audited: write it inside `records.changes.changing`")


class AuditedQuerySet(models.QuerySet[Any]):
    """Reads of an audited model; its bulk writes are refused."""

    def _refused(self) -> NoReturn:
        raise UnauditedWriteError(self.model.__name__)

    def update(self, **values: Any) -> int:
        """Raise UnauditedWriteError."""
        self._refused()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise UnauditedWriteError."""
        self._refused()

    def bulk_create(self, *args: Any, **values: Any) -> list[Any]:
        """Raise UnauditedWriteError."""
        self._refused()

    def bulk_update(self, *args: Any, **values: Any) -> int:
        """Raise UnauditedWriteError."""
        self._refused()


class Audited(models.Model):
    """A record whose every change is on the trail.

    `KEY` names the fields that people know it by: they are unique together, they are how a file names it, and they do not change.
    `version` counts the changes: whoever writes says which version was seen, so that nobody overwrites what another wrote meanwhile.
    """

    KEY: ClassVar[tuple[str, ...]] = ("code",)

    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The record's key as one text; parts are parted by " / "."""
        return " / ".join(key_text(getattr(self, name)) for name in self.KEY)

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **values: Any) -> None:
        """Write the record, inside a change; UnauditedWriteError elsewhere."""
        if not writing.get():
            raise UnauditedWriteError(type(self).__name__)
        super().save(*args, **values)

    def delete(self, *args: Any, **values: Any) -> tuple[int, dict[str, int]]:
        """Take the record away, inside a change; UnauditedWriteError elsewhere."""
        if not writing.get():
            raise UnauditedWriteError(type(self).__name__)
        return super().delete(*args, **values)

    @classmethod
    def by_key(cls, *parts: Any) -> Self:
        """Return the record of that key. DoesNotExist where there is none."""
        return cls.objects.get(**dict(zip(cls.KEY, parts, strict=True)))


def key_text(value: Any) -> str:
    """Return one part of a key as text: another record by its own key, nothing as the empty text."""
    if isinstance(value, Audited):
        return value.key
    return "" if value is None else str(value)
