"""The pages that every noun of the register has: its list, a record with all that is said of it, its forms, its file.

They are written once; what is a noun's own is declared in `rasad.web.workbench.nouns`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import bulk
from rasad.records.audited import Audited
from rasad.records.changes import StaleError
from rasad.web.theme.parts import Download
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, history, naming
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.days import days_said
from rasad.web.workbench.downloads import TYPES, as_file
from rasad.web.workbench.fields import currency_of_city
from rasad.web.workbench.forms.records import RecordForm
from rasad.web.workbench.forms.words import words
from rasad.web.workbench.nouns import lists, past
from rasad.web.workbench.nouns.addresses import page_of, verb_of
from rasad.web.workbench.nouns.facts import facts
from rasad.web.workbench.nouns.kinds import Asked, Noun, Part, Verb

View = Callable[..., HttpResponse]


def listed(noun: Noun) -> View:
    """Return the view of a noun's list."""

    @allowed("records.read")
    def view(request: HttpRequest) -> HttpResponse:
        found = lists.ask(request, noun)
        context = {
            "noun": noun,
            "table": found.table,
            "pages": found.pages,
            "fields": found.fields,
            "chips": found.chips,
            "clear_url": request.path,
            "downloads": _downloads(request, noun),
            "add": _add_url(request, noun),
        }
        return render(request, "workbench/records.html", context)

    return view


def exported(noun: Noun) -> View:
    """Return the view that sends what a list shows as a file."""

    @allowed("records.read")
    def view(request: HttpRequest, format: str) -> HttpResponse:
        if format not in TYPES:
            raise Http404
        records = cast("Iterator[Audited]", lists.narrowed(request, noun).iterator(2_000))
        lang = frame.lang()
        jalali = lang == "fa" and frame.city().get("calendar", "jalali") == "jalali"
        wording = bulk.Wording(
            cast(Any, lang), "jalali" if jalali else "iso", int(frame.city().get("minor_digits", 0))
        )
        blocks = bulk.export_sheet(noun=noun.name, format=cast(Any, format), wording=wording, records=records)
        return as_file(blocks, f"{noun.name}.{format}")

    return view


def _downloads(request: HttpRequest, noun: Noun) -> list[Download]:
    query = request.GET.copy()
    query.pop("page", None)
    text = f"?{query.urlencode()}" if query else ""
    return [
        Download(format.upper(), reverse(f"workbench:{noun.many}-file", args=[format]) + text)
        for format in TYPES
    ]


def _add_url(request: HttpRequest, noun: Noun) -> str:
    if noun.add is None or not may(request, noun.add.ability):
        return ""
    return reverse(f"workbench:{noun.one}-new")


# --- One record ----------------------------------------------------------------------------------------------------


def shown(noun: Noun) -> View:
    """Return the view of a record's page."""

    @allowed("records.read")
    def view(request: HttpRequest, key: int) -> HttpResponse:
        record = _record(noun, key)
        # First, since the parts' tables stand on what it reads.
        lead = noun.lead(request, record) if noun.lead else {}
        said, empty = facts(record, noun.hidden)
        doable = [one for one in noun.verbs if may(request, one.ability) and one.fits(record)]
        heads = {name for part in noun.parts for name in part.heads}
        own = [one for one in doable if one.main or one.name not in heads]
        context = {
            "noun": noun,
            "record": record,
            "title": naming.titled(record),
            "kicker": noun.singular,
            "key": days_said(record.key),
            "chip": noun.chip(record) if noun.chip else "",
            "crumbs": crumbs(noun, record),
            "facts": said,
            "empty": empty,
            "verbs": [(one, verb_of(noun.one, record, one.name)) for one in own if one.main],
            "more": [(one, verb_of(noun.one, record, one.name)) for one in own if not one.main],
            "parts": list(_parts(request, noun, record, doable)),
            "changes": past.of(noun, record),
            "whole_trail": _trail_url(request, noun, record),
            "money_currency": currency_of_city(),
            **lead,
        }
        return render(request, noun.template, context)

    return view


def _record(noun: Noun, key: int) -> Any:
    return get_object_or_404(noun.records(), pk=key)


def crumbs(noun: Noun, record: Any = None, *more: str) -> tuple[Link, ...]:
    """Return the way to a record, or to what is done with it."""
    way = [Link(str(noun.title), reverse(f"workbench:{noun.many}"))]
    if record is not None:
        way.append(Link(naming.titled(record), page_of(record) if more else ""))
    return (*way, *(Link(one, "") for one in more))


def _parts(request: HttpRequest, noun: Noun, record: Any, doable: list[Verb]) -> Iterator[dict[str, Any]]:
    names = {one.name: one for one in doable}
    for part in noun.parts:
        table = part.table(request, record)
        heads = [(names[name], verb_of(noun.one, record, name)) for name in part.heads if name in names]
        if table is None and not heads:
            continue
        # The section has the part's own name: it is what addresses lead to.
        shown = replace(table, id=f"{part.name}-table") if table else None
        yield {"part": part, "table": shown, "heads": heads}


def _trail_url(request: HttpRequest, noun: Noun, record: Audited) -> str:
    if not may(request, "trail.read"):
        return ""
    return f"{reverse('workbench:trail')}?{urlencode({'key': record.key})}"


# --- Doing something -----------------------------------------------------------------------------------------------


def added(noun: Noun) -> View:
    """Return the view of the form for a new record."""
    verb = noun.add
    assert verb is not None

    @allowed(verb.ability)
    def view(request: HttpRequest) -> HttpResponse:
        first = {name: value for name, value in request.GET.items() if name != "page"}
        return _act(
            request, noun, verb, None, first=first, seen="", crumbs=crumbs(noun, None, str(verb.label))
        )

    return view


def done(noun: Noun, verb: Verb) -> View:
    """Return the view of what is done with a record."""

    @allowed(verb.ability)
    def view(request: HttpRequest, key: int) -> HttpResponse:
        record = _record(noun, key)
        if not verb.fits(record):
            messages.warning(request, _("This cannot be done with it as it stands now."))
            return redirect(page_of(record))
        way = crumbs(noun, record, str(verb.label))
        return _act(request, noun, verb, record, first=verb.first(record), seen=verb.seen(record), crumbs=way)

    return view


def part_done(noun: Noun, part: Part, verb: Verb) -> View:
    """Return the view of what is done with a record that stands on another's page."""

    @allowed(verb.ability)
    def view(request: HttpRequest, key: int) -> HttpResponse:
        found = part.model._base_manager.select_related(part.owner)
        piece = get_object_or_404(found, pk=key)
        owner = getattr(piece, part.owner)
        way = crumbs(noun, owner, f"{verb.label}: {naming.titled(piece)}")
        return _act(
            request, noun, verb, piece, first=verb.first(piece), seen=verb.seen(piece), crumbs=way,
            of=part.noun, back=page_of(owner) + f"#{part.name}",
        )  # fmt: skip

    return view


def _act(
    request: HttpRequest,
    noun: Noun,
    verb: Verb,
    record: Any,
    *,
    first: Any,
    seen: str,
    crumbs: tuple[Link, ...],
    of: str = "",
    back: str = "",
) -> HttpResponse:
    """Show a form, and do what it asks."""
    # Values that were sent stand here for a form that is only looked at, too (`kept`).
    form = RecordForm(of or noun.name, verb, data=request.POST or None, first=first, seen=seen)
    status, meanwhile = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = Asked(record, form.told, form.seen, account_of(request), form.cleaned_data.get("why", ""))
            try:
                made = verb.do(asked)
            except ValidationError as error:
                form.refuse(error)
            except StaleError as error:
                if verb.sees_version:
                    request.POST = form.plainly()  # type: ignore[assignment]
                    raise
                status, meanwhile = 409, history.together(history.tell(error.events))
                form = _seen_anew(request, of or noun.name, verb, record)
            else:
                return _leads_on(request, noun, verb, record, made, back)
    context = {
        "noun": noun,
        "verb": verb,
        "record": record,
        "form": form,
        "title": verb.title or verb.label,
        "kicker": naming.titled(record) if record is not None else str(noun.title),
        "crumbs": crumbs,
        "back": back or (page_of(record) if record is not None else reverse(f"workbench:{noun.many}")),
        "changes": meanwhile,
        "stale": status == 409,
        "words": words(),
    }
    return render(request, "workbench/record_form.html", context, status=status)


def _seen_anew(request: HttpRequest, of: str, verb: Verb, record: Any) -> RecordForm:
    """Return the form as it was sent, on what is there now: sent again, it stands in the place of what the page shows beside it."""
    sent = request.POST.copy()
    fresh = type(record)._base_manager.get(pk=record.pk)
    sent["seen_set"] = verb.seen(fresh)
    return RecordForm(of, verb, data=sent, first=verb.first(fresh), seen=verb.seen(fresh))


def _leads_on(
    request: HttpRequest, noun: Noun, verb: Verb, record: Any, made: Any, back: str
) -> HttpResponse:
    target = made if isinstance(made, noun.model) else record
    told = {"what": naming.titled(target) if target is not None else noun.singular}
    messages.success(request, _("Written down: %(what)s.") % told)
    return redirect(back or page_of(target))
