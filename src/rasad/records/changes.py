"""Changing records: one transaction, one audit event for each record, and nothing overwritten unseen.

with changing(by=account, action="project.rebaseline", why=reason) as change:
    change.add(Baseline(project=project, number=2, ...))
    change.update(project, seen=form_version, status="running")
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from rasad.records.audited import Audited, writing
from rasad.records.models.people import Account
from rasad.records.models.trail import AuditEvent

Record = TypeVar("Record", bound=Audited)


class StaleError(Exception):
    """Somebody else changed the record since it was seen.

    `current` is the record as it is now; `events` are the changes that came between, oldest first.
    """

    def __init__(self, current: Audited, events: list[AuditEvent]) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current
        self.events = events


@dataclass(frozen=True)
class Change:
    """One action under way; made by `changing`."""

    by: Account | None
    action: str
    why: str
    id: uuid.UUID
    at: datetime

    def add(self, record: Record) -> Record:
        """Check and store a new record. ValidationError where it cannot stand."""
        record.full_clean()
        record.save(force_insert=True)
        self._say(record, None, snapshot(record))
        return record

    def update(self, record: Record, *, seen: int, **values: Any) -> Record:
        """Give the record new values; `seen` is the version that whoever decided had before them.

        ValidationError where a value cannot stand, StaleError where another change came between. Values that are as they were leave no
        event and no new version.
        """
        fresh: Record = type(record)._base_manager.select_for_update().get(pk=record.pk)
        before = snapshot(fresh)
        if fresh.version != seen:
            raise StaleError(fresh, AuditEvent.between(fresh, seen))
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        after = snapshot(fresh)
        changed = {name for name in after if after[name] != before.get(name)}
        if not changed:
            return fresh
        fresh.version = seen + 1
        fresh.save(force_update=True)
        self._say(fresh, {n: before.get(n) for n in changed}, {n: after[n] for n in changed})
        return fresh

    def remove(self, record: Audited) -> None:
        """Take away a record that may leave (a joint, a line of a list); what it was stays on the trail."""
        before, key, number = snapshot(record), record.key, record.pk
        record.delete()
        record.pk = number
        self._say(record, before, None, key)

    def note(self, record: Audited, after: dict[str, Any]) -> None:
        """Put on the trail what was done with a record that did not change in itself."""
        self._say(record, None, after)

    def _say(
        self, record: Audited, before: dict[str, Any] | None, after: dict[str, Any] | None, key: str = ""
    ) -> None:
        AuditEvent.objects.create(
            change=self.id,
            at=self.at,
            account=self.by,
            account_name=self.by.name if self.by else "",
            action=self.action,
            noun=type(record)._meta.model_name or "",
            record_id=record.pk,
            record_key=(key or record.key)[:400],
            record_version=record.version,
            before=before,
            after=after,
            why=self.why,
        )


@contextmanager
def changing(*, by: Account | None, action: str, why: str = "") -> Iterator[Change]:
    """Open a change: all that is written inside stands together with its audit events, or none of it does.

    `by` is None for what the program itself does (set-up, an import that a person started has that person). `action` is a code such as
    "project.rebaseline".
    """
    with transaction.atomic():
        token = writing.set(True)
        try:
            yield Change(by=by, action=action, why=why.strip(), id=uuid.uuid4(), at=timezone.now())
        finally:
            writing.reset(token)


def snapshot(record: models.Model) -> dict[str, Any]:
    """Return the record's values as JSON has them: records by their key, dates as ISO, decimals as text."""
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.primary_key or field.name == "version":
            continue
        value = getattr(record, field.name)
        if isinstance(value, Audited):
            value = value.key
        elif isinstance(value, models.Model):
            value = str(value)
        elif isinstance(value, date | datetime):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = f"{value.normalize():f}"
        elif isinstance(value, uuid.UUID):
            value = str(value)
        values[field.name] = value
    return values
