"""What judgements of projects and of classes have in common: one holds, the earlier ones stay, and each can be taken back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rasad.ledger.allocate import earlier_ids, known_lines
from rasad.records.changes import Change, StaleError
from rasad.records.models import AuditEvent
from rasad.records.models.allocations import Judging

J = TypeVar("J", bound=Judging)
MANY = 5_000
"""Lines that one judgement may speak of; more are for a rule, which shows what it changes and can be changed itself."""


@dataclass(frozen=True)
class Bulk:
    """What a judgement of many lines did: the group by which it can be undone, how many lines it spoke of, how many people had judged before."""

    group: uuid.UUID
    judged: int
    left: int


def wrong(field: str, message: str, code: str) -> ValidationError:
    """Return the error of one field, or of the whole where `field` is empty."""
    error = ValidationError(message, code=code)
    return ValidationError({field: error}) if field else error


def place(change: Change, made: J, *, seen: int | None) -> J:
    """Store a judgement in the place of the one that holds. StaleError where another holds than was `seen` (its primary key, None for none)."""
    same: dict[str, Any] = {"subject_kind": made.subject_kind, "subject": made.subject}
    kind: Any = type(made)
    holding = kind.objects.select_for_update().filter(**same, holds=True).first()
    if (holding.pk if holding else None) != seen:
        raise _overtaken(kind, same, holding)
    made.at = change.at
    if holding:
        # Clocks of two machines differ: the later judgement is the one that saw the other.
        made.at = max(change.at, holding.at + timedelta(microseconds=1))
        change.update(holding, seen=holding.version, holds=False)
    try:
        with transaction.atomic():
            return change.add(made)
    except IntegrityError as error:
        raise _overtaken(kind, same, None) from error


def place_all(
    change: Change, kind: type[J], line_ids: Sequence[str], *, group: uuid.UUID, **values: Any
) -> list[J]:
    """Store a judgement of each line; none of them has one that holds (IntegrityError where somebody judged one in the same instant)."""
    made = [
        kind(
            subject_kind="line",
            subject=line_id,
            by=change.by,
            at=change.at,
            why=change.why,
            group=group,
            **values,
        )
        for line_id in line_ids
    ]
    change.add_all(made)
    return made


def _overtaken(kind: Any, same: dict[str, Any], holding: Judging | None) -> StaleError:
    current = holding or kind.objects.filter(**same).order_by("-at").first()
    return StaleError(current, list(AuditEvent.objects.of(current).order_by("id")) if current else [])


def take_back(change: Change, judged: J, *, seen: int) -> J:
    """Undo a judgement; where it held, the latest earlier one that nobody took back holds again."""
    if judged.undone_at is not None:
        raise ValidationError(_("This judgement was undone already."), code="undone")
    held = judged.holds
    undone = change.update(judged, seen=seen, holds=False, undone_at=change.at)
    if held:
        kind: Any = type(judged)
        same = kind.objects.filter(subject_kind=judged.subject_kind, subject=judged.subject)
        if earlier := same.standing().order_by("-at").first():
            change.update(earlier, seen=earlier.version, holds=True)
    return undone


def check_lines(home: Path, line_ids: Sequence[str]) -> None:
    """Raise ValidationError where the ledger does not know a line today, or there are more than one judgement may speak of."""
    if len(line_ids) > MANY:
        raise ValidationError(
            _("%(count)s lines are too many to judge at once (at most %(most)s): make a rule of the filter."),
            params={"count": f"{len(line_ids):,}", "most": f"{MANY:,}"},
            code="too_many",
        )
    known = known_lines(home, line_ids)
    missing = [line_id for line_id in line_ids if line_id not in known]
    if missing:
        raise ValidationError(
            _("The ledger has no line %(line)s."), params={"line": missing[0]}, code="no_such_line"
        )


def token(line_ids: Iterable[str]) -> str:
    """Return what names a set of lines: who decided on a preview sends it along, so that nothing else is judged than was seen."""
    return hashlib.sha256("\n".join(sorted(line_ids)).encode()).hexdigest()[:24]


def check_token(line_ids: Iterable[str], expected: str | None) -> None:
    """Raise ValidationError where the lines are no longer those of the preview."""
    if expected is not None and token(line_ids) != expected:
        raise ValidationError(
            _("Other lines meet the filter now than in the preview. Look at it again."), code="preview_old"
        )


def held(kind: type[Judging], home: Path, line_ids: Sequence[str]) -> set[str]:
    """Return which of the lines somebody judged, also where a newer export gave a judged line another id."""
    now = {line_id: line_id for line_id in line_ids} | earlier_ids(home, line_ids)
    asked = list(now)
    found: set[str] = set()
    # Databases bound the values of one query.
    for start in range(0, len(asked), 500):
        some = asked[start : start + 500]
        subjects = kind.objects.holding().filter(subject_kind="line", subject__in=some)
        found.update(now[subject] for subject in subjects.values_list("subject", flat=True))
    return found
