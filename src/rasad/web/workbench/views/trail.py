"""The audit trail: who did what to which record, when and why; what was before beside what came after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.persian import dates
from rasad.records.models import Account, AuditEvent
from rasad.web.theme.parts import Field, Option
from rasad.web.workbench import frame, labels
from rasad.web.workbench.allowed import allowed
from rasad.web.workbench.days import calendar as city_calendar
from rasad.web.workbench.days import parse_day
from rasad.web.workbench.history import tell, together
from rasad.web.workbench.paging import page_of


@dataclass(frozen=True)
class Asked:
    """What the address asks of the trail; a text that is no date is kept as it was typed, with what is wrong."""

    who: str
    noun: str
    action: str
    key: str
    since: str
    until: str
    first: date | None
    last: date | None
    wrong: tuple[str, ...]


@allowed("trail.read")
def trail(request: HttpRequest) -> HttpResponse:
    """List the events, the latest first, as the filters ask."""
    asked = _asked(request)
    found = _found(asked) if not asked.wrong else AuditEvent.objects.none()
    events, pages = page_of(request, found)
    context = {
        "changes": together(tell(events)),
        "pages": pages,
        "fields": _fields(asked),
        "wrong": asked.wrong,
    }
    return render(request, "workbench/trail.html", context)


def _asked(request: HttpRequest) -> Asked:
    told = {
        name: request.GET.get(name, "").strip() for name in ("who", "noun", "action", "key", "since", "until")
    }
    if told["who"] and not (told["who"].isascii() and told["who"].isdecimal() and len(told["who"]) < 18):
        raise BadRequest(_("“%(found)s” is no account.") % {"found": told["who"][:40]})
    wrong = []
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        days[name] = None
        if told[name]:
            try:
                days[name] = parse_day(told[name])
            except dates.DateError:
                wrong.append(_("“%(found)s” is no date of the calendar.") % {"found": told[name][:40]})
    return Asked(**told, first=days["since"], last=days["until"], wrong=tuple(wrong))


def _found(asked: Asked) -> QuerySet[AuditEvent]:
    narrow: dict[str, Any] = {}
    if asked.who:
        narrow["account_id"] = int(asked.who)
    if asked.noun:
        narrow["noun"] = asked.noun
    if asked.action:
        narrow["action"] = asked.action
    if asked.key:
        narrow["record_key__icontains"] = asked.key
    if asked.first:
        narrow["at__gte"] = _midnight(asked.first)
    if asked.last:
        narrow["at__lt"] = _midnight(asked.last + timedelta(days=1))
    return AuditEvent.objects.filter(**narrow).order_by("-id")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _fields(asked: Asked) -> list[Field]:
    people = Account.objects.order_by("name").values_list("pk", "name")
    done = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    actions = sorted((f"{labels.noun(code.partition('.')[0])}: {labels.action(code)}", code) for code in done)
    nouns = sorted((labels.noun(name), name) for name in labels.NOUNS)
    calendar = _("for example %(day)s") % {
        "day": dates.format_date(
            timezone.localdate(),
            calendar=city_calendar(),
            lang=frame.lang(),
        )
    }
    return [
        Field("who", _("Who"), asked.who, [Option(str(pk), name) for pk, name in people], empty=_("All")),
        Field("noun", _("Kind of record"), asked.noun, [Option(c, n) for n, c in nouns], empty=_("All")),
        Field("action", _("Action"), asked.action, [Option(c, n) for n, c in actions], empty=_("All")),
        Field("key", _("Record"), asked.key, kind="text", placeholder=_("code or a part of it")),
        Field("since", _("From the day"), asked.since, kind="text", placeholder=calendar),
        Field("until", _("To the day"), asked.until, kind="text", placeholder=calendar),
    ]
