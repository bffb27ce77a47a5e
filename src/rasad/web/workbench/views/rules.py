"""Rules of allocation: the list, one rule with its versions and what putting it in force would change, and its form."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions import allocation_rules as rules_of
from rasad.actions import jobs
from rasad.actions.review import Queue, open_queue
from rasad.ledger.allocate import Rule, RuleError
from rasad.ledger.engines.review import RuleChange, rule_change
from rasad.records.changes import StaleError
from rasad.records.labels import label
from rasad.records.models import AllocationRule, AuditEvent
from rasad.web.theme import labels as names_of
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.forms.rules import RuleForm
from rasad.web.workbench.history import tell, together
from rasad.web.workbench.versions import number_in
from rasad.web.workbench.views.queue import projects_named, say_wrong

_NAMED = {
    "stages": names_of.STAGES,
    "books": names_of.BOOKS,
    "flows": names_of.FLOWS,
    "classes": names_of.CLASSES,
}
_FROM_QUEUE = {"unit": "units", "programme": "programmes", "class": "classes", "supplier": "suppliers", "contract": "contracts", "year": "year_from"}  # fmt: skip
"""What of the queue's address a new rule begins with."""


@allowed("thread.read")
def rules(request: HttpRequest) -> HttpResponse:
    """List every rule by its order: the version in force, else the latest."""
    latest: dict[str, AllocationRule] = {}
    for one in AllocationRule.objects.order_by("code", "number"):
        if one.state == "in_force" or latest.get(one.code) is None or latest[one.code].state != "in_force":
            latest[one.code] = one
    queue = open_queue(settings.HOME)
    ruled = queue.review.ruled() if queue else {}
    rows = [
        {
            "title": one.title,
            "code": one.code,
            "url": reverse("workbench:rule", args=[one.code]),
            "order": one.order,
            "state": str(label("AllocationRule", "state", one.state)),
            "version": _("version %(number)s") % {"number": show.digits_of(one.number, frame.lang())},
            "parts": _parts(one.parts),
            "lines": ruled.get(one.code, 0) if one.state == "in_force" else None,
        }
        for one in sorted(latest.values(), key=lambda one: (one.state == "retired", one.order, one.code))
    ]
    table = Table(
        id="rules",
        caption=_("Allocation rules"),
        caption_hidden=True,
        columns=[
            Column("title", _("Rule"), link="url", note="code"),
            Column("order", _("Order"), "number"),
            Column("state", _("State"), note="version"),
            Column("parts", _("Projects")),
            Column("lines", _("Lines that it decides"), "number"),
        ],
        rows=rows,
        empty=_("There is no rule yet."),
    )
    context = {"table": table, "may_write": may(request, "rules.write")}
    return render(request, "workbench/rules.html", context)


@allowed("thread.read")
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show a rule: what its latest version asks, what putting it in force or retiring it would change, every version before it."""
    every = rules_of.versions(code)
    if not every:
        raise Http404
    latest = every[0]
    retiring = "retire" in request.GET and latest.state == "in_force"
    queue = open_queue(settings.HOME)
    change = _change(queue, latest, retiring=retiring) if queue else None
    context = {
        "rule": latest,
        "state": str(label("AllocationRule", "state", latest.state)),
        "asked": _asked(latest),
        "parts": _parts(latest.parts),
        "queue": queue,
        "retiring": retiring,
        "may_write": may(request, "rules.write"),
        "versions": _versions(every),
        "changes": together(
            tell(
                AuditEvent.objects.filter(
                    noun="allocationrule", record_id__in=[one.pk for one in every]
                ).order_by("-id")[:30]
            )
        ),
        "crumbs": (Link(_("Allocation rules"), reverse("workbench:rules")), Link(latest.title, "")),
        **(_preview(change) if change else {}),
    }
    return render(request, "workbench/rule.html", context)


@allowed("rules.write")
def new_rule(request: HttpRequest) -> HttpResponse:
    """Draft a rule."""
    form = RuleForm(request.POST or None, initial=_from_queue(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = rules_of.draft(
                code=told["code"],
                title=told["title"],
                order=told["order"],
                conditions=told["conditions"],
                parts=told["parts"],
                by=account_of(request),
                why=told["why"],
            )
        except ValidationError as error:
            _into(form, error)
        else:
            return redirect("workbench:rule", code=made.code)
    return _form(request, form, _("New rule"), "", 0)


@allowed("rules.write")
def change_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change a rule: its draft, or a further version of what was in force."""
    every = rules_of.versions(code)
    if not every:
        raise Http404
    latest = every[0]
    form = RuleForm(request.POST or None, rule=latest)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        seen = request.POST.get("seen", "")
        try:
            rules_of.change_rule(
                rule=latest,
                # Whoever opened the form before another version came is told.
                seen=latest.version if seen == f"{latest.number}.{latest.version}" else 0,
                by=account_of(request),
                why=told["why"],
                title=told["title"],
                order=told["order"],
                conditions=told["conditions"],
                parts=told["parts"],
            )
        except ValidationError as error:
            _into(form, error)
        except StaleError:
            form.add_error(
                None,
                _("Somebody changed this rule meanwhile. Look at it again before you send your changes."),
            )
        else:
            return redirect("workbench:rule", code=code)
    return _form(request, form, latest.title, code, f"{latest.number}.{latest.version}")


@allowed("rules.write")
def force(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Put a version in force."""
    return _turn(
        request,
        code,
        number,
        rules_of.put_in_force,
        _("The rule is in force. The queue follows in a moment."),
    )


@allowed("rules.write")
def retire(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Retire a version."""
    return _turn(
        request, code, number, rules_of.retire, _("The rule is retired. The queue follows in a moment.")
    )


def _turn(request: HttpRequest, code: str, number: int, action: Any, told: str) -> HttpResponse:
    found = get_object_or_404(AllocationRule, code=code, number=number)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            action(
                rule=found,
                seen=number_in(seen),
                by=account_of(request),
                why=request.POST.get("why", ""),
            )
        except (ValidationError, StaleError) as error:
            say_wrong(request, error)
        else:
            messages.success(request, told)
            # Where one is under way already, the queue says itself that it is not the newest.
            with suppress(ValidationError):
                jobs.enqueue(kind="review.index", params={}, by=account_of(request))
    return redirect("workbench:rule", code=code)


# --- what is shown ---------------------------------------------------------------------------------------------


def _parts(parts: Sequence[dict[str, Any]]) -> str:
    lang = frame.lang()
    joint = "، " if lang == "fa" else ", "
    return joint.join(
        f"{show.digits_of(part['project'], lang)} {show.percent(part['share_bp'] / 10_000, lang, 2 if part['share_bp'] % 100 else 0)}"
        for part in parts
    )


def _asked(rule: AllocationRule) -> list[tuple[str, list[str]]]:
    """Return each condition by its name, with what it asks in the reader's words."""
    form = RuleForm()
    lang = frame.lang()
    calendar = str(frame.city().get("calendar", "jalali"))
    found = []
    for name, value in rule.conditions.items():
        field = form.fields.get(name)
        title = str(field.label) if field else name
        if name in _NAMED:
            texts = [str(names_of.label(_NAMED[name], one)) for one in value]
        elif name.startswith("date_"):
            texts = [show.day(date.fromisoformat(value), calendar, lang)[1]]
        elif name.startswith("amount_"):
            texts = [show.full_amount(value, str(frame.city().get("currency", "IRR")), lang)]
        else:
            texts = [show.digits_of(one, lang) for one in (value if isinstance(value, list) else [value])]
        found.append((title, texts))
    return found


def _versions(every: Sequence[AllocationRule]) -> Table:
    rows = [
        {
            "number": one.number,
            "state": str(label("AllocationRule", "state", one.state)),
            "order": one.order,
            "parts": _parts(one.parts),
            "asked": " · ".join(f"{name}: {' / '.join(texts)}" for name, texts in _asked(one)),
        }
        for one in every
    ]
    return Table(
        id="versions",
        caption=_("Every version, the latest first"),
        columns=[
            Column("number", _("Version"), "number"),
            Column("state", _("State")),
            Column("order", _("Order"), "number"),
            Column("asked", _("What a line must meet")),
            Column("parts", _("Projects")),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _change(queue: Queue, latest: AllocationRule, *, retiring: bool) -> RuleChange | None:
    """Return what putting the draft in force, or retiring the version in force, would change; None where neither is at hand."""
    if not retiring and latest.state != "draft":
        return None
    try:
        asked: Rule | None = None if retiring else latest.as_rule()
    except RuleError:
        return None
    return rule_change(queue.review, queue.review.rules, latest.code, asked)


def _preview(change: RuleChange) -> dict[str, Any]:
    titles = dict(projects_named())
    currency = change.shifts[0].currency if change.shifts else ""
    several = len({(one.flow, one.book, one.stage) for one in change.shifts}) > 1

    def place(one: Any) -> str:
        return " · ".join(str(names_of.label(kind, code)) for kind, code in ((names_of.STAGES, one.stage), (names_of.BOOKS, one.book), (names_of.FLOWS, one.flow)))  # fmt: skip

    def decided(by: tuple[str, int] | None) -> str:
        return f"{by[0]} ({show.digits_of(by[1], frame.lang())})" if by else _("no rule")

    return {
        "change": change,
        "change_stats": [
            Stat(_("Lines that change"), number=change.lines),
            Stat(_("Lines that it meets"), number=change.meets),
            Stat(_("Judged otherwise by people"), number=change.conflicts, note=_("left alone")),
            Stat(_("Judged the same by people"), number=change.agreements, note=_("left alone")),
        ],
        "shifts": Table(
            id="shifts",
            caption=_("What each project would have more or less"),
            columns=[
                Column("project", _("Project"), note="title"),
                *([Column("place", _("Money"))] if several else []),
                Column("before", _("Now"), "money"),
                Column("after", _("Then"), "money"),
                Column("difference", _("Difference"), "difference"),
            ],
            rows=[
                {
                    "project": one.project or _("unlinked"),
                    "title": titles.get(one.project or "", ""),
                    "place": place(one),
                    "before": one.before,
                    "after": one.after,
                    "difference": one.after - one.before,
                }
                for one in change.shifts
            ],
            currency=currency,
        ),
        "moves": Table(
            id="moves",
            caption=_("From which rule to which"),
            columns=[
                Column("before", _("From")),
                Column("after", _("To")),
                Column("place", _("Money")),
                Column("lines", _("Lines"), "number"),
                Column("amount", _("Amount"), "money"),
            ],
            rows=[
                {
                    "before": decided(one.before),
                    "after": decided(one.after),
                    "place": place(one),
                    "lines": one.lines,
                    "amount": one.amount,
                }
                for one in change.moves
            ],
            currency=currency,
        ),
        "examples": Table(
            id="examples",
            caption=_("The largest lines that change"),
            columns=[
                Column("title", _("Description"), note="who"),
                Column("before", _("From")),
                Column("after", _("To")),
                Column("amount", _("Amount"), "money"),
            ],
            rows=[
                {
                    "title": line.title or "—",
                    "who": line.supplier_name,
                    "before": decided(before),
                    "after": decided(after),
                    "amount": line.amount,
                }
                for line, before, after in change.examples
            ],
            currency=currency,
        ),
    }


def _form(request: HttpRequest, form: RuleForm, title: str, code: str, seen: Any) -> HttpResponse:
    crumbs = [Link(_("Allocation rules"), reverse("workbench:rules"))]
    if code:
        crumbs.append(Link(title, reverse("workbench:rule", args=[code])))
    context = {
        "form": form,
        "title": title,
        "code": code,
        "seen": seen,
        "projects": projects_named(),
        "back": reverse("workbench:rule", args=[code]) if code else reverse("workbench:rules"),
        "crumbs": (*crumbs, Link(_("Change") if code else title, "")),
    }
    return render(request, "workbench/rule_form.html", context, status=422 if form.errors else 200)


def _from_queue(request: HttpRequest) -> dict[str, Any]:
    told = request.GET
    found: dict[str, Any] = {}
    for name, field in _FROM_QUEUE.items():
        if value := told.get(name, "").strip():
            found[field] = value if field == "year_from" else [value]
    if "year_from" in found:
        found["year_until"] = found["year_from"]
    if words := told.get("q", "").split():
        found["title_all"] = [f"{word}*" for word in words]
    return found


def _into(form: RuleForm, error: ValidationError) -> None:
    """Say at the form's own fields what the records refused."""
    for field, wrong in getattr(
        error, "error_dict", {"": error.error_list if hasattr(error, "error_list") else [error]}
    ).items():
        name = "project_1" if field == "parts" else field if field in form.fields else None
        form.add_error(name, wrong)
