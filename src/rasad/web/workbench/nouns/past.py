"""A record's own history: its events on the trail, and those of the records that stand on its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from rasad.actions.register import model_of
from rasad.records.audited import Audited
from rasad.records.models import AuditEvent
from rasad.web.workbench.history import Change, tell, together
from rasad.web.workbench.nouns.kinds import Noun

EVENTS = 60
"""Events that a record's page shows; the rest is on the trail."""


def of(noun: Noun, record: Audited) -> list[Change]:
    """Return the latest changes of a record and its parts, the newest first."""
    wanted = Q(noun=type(record)._meta.model_name, record_id=record.pk)
    for name in noun.histories:
        model: Any = model_of(name)
        # What left is on the trail alone: a part is known by its key, which begins with that of the record it belongs to.
        wanted |= Q(noun=model._meta.model_name, record_key__startswith=f"{record.key} / ")
    return together(tell(AuditEvent.objects.filter(wanted).order_by("-id")[:EVENTS]))
