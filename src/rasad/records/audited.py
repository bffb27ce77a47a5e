"""What every audited record has: a key that people know, a version, and no way to be written but through a change.

A record is written inside `rasad.records.changes.changing`, which leaves an audit event for each. The path around it (a bare `save`,
`delete`, or a queryset's `update`) is refused here, so that nothing changes without a trace.

What must hold of a record stands at its model: `refusals` of one record, `change_refusals` of how it may change, `joint_refusals` among
several. A change asks all three, so they hold however a record is written: by a form, a file or a program.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.db import models

from rasad.persian.text import normalise, storable, typed
from rasad.records.problems import Refusal, error_of

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
    `REMOVABLE` says whether it may be taken away (a joint between two records); all else is ended, not removed. `WHOLE_OF` names the field
    of joints that mean something only together (weights that come to the whole): whoever says one says all. `version` counts the changes: whoever writes says which version was seen, so that nobody overwrites what another wrote meanwhile.
    """

    KEY: ClassVar[tuple[str, ...]] = ("code",)
    REMOVABLE: ClassVar[bool] = False
    WHOLE_OF: ClassVar[str] = ""

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

    def refusals(self) -> Iterator[Refusal]:
        """Yield what cannot stand about the record by itself."""
        yield from ()

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what cannot stand about how the record changed: `before` has its values as `changes.snapshot` gives them."""
        yield from ()

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield what cannot stand among records, now that those `touched` were written or taken away, each with the record at fault."""
        yield from ()

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check each field; texts are put into the form in which they are kept, a code by which the record is known into its one form."""
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(value, str) and isinstance(field, models.CharField | models.TextField):
                code = (field.name,) == self.KEY
                kept = normalise(value) if code else typed(value, lines=isinstance(field, models.TextField))
                setattr(self, field.attname, kept)
            elif isinstance(field, models.JSONField):
                setattr(self, field.attname, _storable(value))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Raise ValidationError for what `refusals` says."""
        if wrong := list(self.refusals()):
            raise error_of(wrong)

    def unique_error_message(self, model_class: type[models.Model], unique_check: Any) -> ValidationError:
        """Return the error for a second record of one key."""
        return Refusal("", "key_taken", self.key, ", ".join(unique_check)).error()

    @classmethod
    def by_key(cls, *parts: Any) -> Self:
        """Return the record of that key, in whatever digits and letters it is typed. DoesNotExist where there is none."""
        if len(parts) == 1:
            parts = (normalise(str(parts[0])),)
        return cls.objects.get(**dict(zip(cls.KEY, parts, strict=True)))


def _storable(value: Any) -> Any:
    """Return what JSON has with its texts as every database takes them: PostgreSQL's refuses U+0000."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value


def key_text(value: Any) -> str:
    """Return one part of a key as text: another record by its own key, nothing as the empty text."""
    if isinstance(value, Audited):
        return value.key
    return "" if value is None else str(value)
