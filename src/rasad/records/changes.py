"""Changing records: one transaction, one audit event for each record, and nothing overwritten unseen.

with changing(by=account, action="project.rebaseline", why=reason) as change:
    change.add(Baseline(project=project, number=2, ...))
    change.update(project, seen=form_version, status="running")
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from rasad.persian.text import typed
from rasad.records.audited import Audited, writing
from rasad.records.documents import shortened
from rasad.records.models.people import Account
from rasad.records.models.trail import AuditEvent
from rasad.records.problems import Refusal, RefusedError, error_of

Record = TypeVar("Record", bound=Audited)


class StaleError(Exception):
    """Somebody else changed the record since it was seen.

    `current` is the record as it is now; `events` are the changes that came between, oldest first.
    """

    def __init__(self, current: Audited, events: list[AuditEvent]) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current
        self.events = events


BLOCK = 500
"""Records that are written in one statement, where there are many."""


@dataclass(frozen=True)
class Change:
    """One action under way; made by `changing`. `touched` are the records that it wrote or took away."""

    by: Account | None
    action: str
    why: str
    id: uuid.UUID
    at: datetime
    touched: list[Audited] = field(default_factory=list)

    def add(self, record: Record) -> Record:
        """Check and store a new record. ValidationError where it cannot stand."""
        record.full_clean()
        record.save(force_insert=True)
        self._say([self._event(record, None, snapshot(record))])
        return record

    def update(self, record: Record, *, seen: int, **values: Any) -> Record:
        """Give the record new values; `seen` is the version that whoever decided had before them.

        ValidationError where a value cannot stand, StaleError where another change came between. Values that are as they were leave no
        event and no new version.
        """
        fresh: Record = type(record)._base_manager.select_for_update().get(pk=record.pk)
        if fresh.version != seen:
            raise StaleError(fresh, AuditEvent.between(fresh, seen))
        before = snapshot(fresh)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        if wrong := list(changed_wrongly(fresh, before, self.why)):
            raise error_of(wrong)
        if event := self._store(fresh, before):
            self._say([event])
        return fresh

    def remove(self, record: Audited) -> None:
        """Take away a record that may leave (a joint, a line of a list); what it was stays on the trail.

        ValidationError where it is of a kind that is ended, not taken away.
        """
        if not record.REMOVABLE:
            raise error_of([Refusal("", "stays", record.key)])
        before, number = snapshot(record), record.pk
        event = self._event(record, before, None)
        record.delete()
        record.pk = number
        self._say([event])

    def add_all(self, records: Sequence[Record]) -> None:
        """Store many new records of one kind, each with its event. Whoever calls has checked their fields (`refusals` among them).

        IntegrityError where the database refuses one.
        """
        if not records:
            return
        type(records[0])._base_manager.bulk_create(records, batch_size=BLOCK)
        self._say([self._event(record, None, snapshot(record)) for record in records])

    def update_all(self, changed: Sequence[tuple[Record, Mapping[str, Any]]]) -> None:
        """Store many records, each with what `snapshot` said of it before its values changed. Checked and locked by whoever calls."""
        events = [self._store(record, before) for record, before in changed]
        self._say([event for event in events if event])

    def note(
        self, record: models.Model, after: dict[str, Any], *, before: dict[str, Any] | None = None
    ) -> None:
        """Put on the trail what was done with a record that did not change in itself, or that is not audited in itself (an account)."""
        self._say([self._event(record, before, after)])

    def tell(self, *, noun: str, key: str, after: dict[str, Any]) -> None:
        """Put on the trail what was done with something that is no record of the database: a release, a batch."""
        self._say(
            [
                AuditEvent(
                    change=self.id,
                    at=self.at,
                    account=self.by,
                    account_name=self.by.name if self.by else "",
                    action=self.action,
                    noun=noun,
                    record_id=0,
                    record_key=key[:400],
                    after=after,
                    why=self.why,
                )
            ]
        )

    def _store(self, record: Audited, before: Mapping[str, Any]) -> AuditEvent | None:
        """Write a record whose values changed, as its next version, and return the event; None where none of them did."""
        after = snapshot(record)
        changed = [name for name in after if after[name] != before.get(name)]
        if not changed:
            return None
        record.version += 1
        record.save(force_update=True)
        told = shortened({n: before.get(n) for n in changed}, {n: after[n] for n in changed})
        return self._event(record, *told)

    def _event(
        self, record: models.Model, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> AuditEvent:
        if isinstance(record, Audited):
            self.touched.append(record)
        return AuditEvent(
            change=self.id,
            at=self.at,
            account=self.by,
            account_name=self.by.name if self.by else "",
            action=self.action,
            noun=type(record)._meta.model_name or "",
            record_id=record.pk,
            record_key=str(record)[:400],
            record_version=getattr(record, "version", 1),
            before=before,
            after=after,
            why=self.why,
        )

    def _say(self, events: Sequence[AuditEvent]) -> None:
        AuditEvent.objects.bulk_create(events, batch_size=BLOCK)


def changed_wrongly(record: Audited, before: Mapping[str, Any], why: str) -> Iterator[Refusal]:
    """Yield what cannot stand about how a record changed from the values that `snapshot` gave; a key never changes."""
    now = snapshot(record)
    if now == before:
        return
    for name in record.KEY:
        if now[name] != before[name]:
            yield Refusal(name, "key_kept", str(now[name]), str(before[name]))
    yield from record.change_refusals(dict(before), why)


@contextmanager
def changing(*, by: Account | None, action: str, why: str = "") -> Iterator[Change]:
    """Open a change: all that is written inside stands together with its audit events, or none of it does.

    `by` is None for what the program itself does (set-up, an import that a person started has that person). `action` is a code such as
    "project.rebaseline".
    """
    with transaction.atomic():
        token = writing.set(True)
        try:
            change = Change(
                by=by, action=action, why=typed(why, lines=True), id=uuid.uuid4(), at=timezone.now()
            )
            yield change
            _stand_together(change)
        finally:
            writing.reset(token)


def _stand_together(change: Change) -> None:
    """Ask each kind of record that a change touched what must hold among records. RefusedError where it does not."""
    kinds: dict[type[Audited], list[Audited]] = {}
    for record in change.touched:
        kinds.setdefault(type(record), []).append(record)
    wrong = [refused for kind, records in kinds.items() for refused in kind.joint_refusals(records)]
    if wrong:
        raise RefusedError(wrong)


def snapshot(record: models.Model) -> dict[str, Any]:
    """Return the record's values as JSON has them: records by their key, dates as ISO, decimals as text."""
    values: dict[str, Any] = {}
    for column in record._meta.concrete_fields:
        if column.primary_key or column.name == "version":
            continue
        value = getattr(record, column.name)
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
        values[column.name] = value
    return values
