"""What the ledger holds of a project, on its page: its money by year and stage with what stays unlinked, its contracts, its largest lines.

The figures are those of the review index, with every judgement until now; stages stand beside one another and are never added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions.review import Queue, open_queue
from rasad.ledger.engines.review import Linked, contracts_of, lines_of, money_of, unlinked_it
from rasad.records.models import Contract, Project
from rasad.web.theme import labels as names
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.workbench import frame
from rasad.web.workbench.allowed import may
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.kinds import Part
from rasad.web.workbench.queue_asked import FIRST

SHOWN = 10
"""Contracts and lines that the page shows, the largest."""
YEARS = 12
"""Rows of years and stages."""


@dataclass(frozen=True)
class ProjectMoney:
    """What the index holds of a project: `first` is the row whose stage its contracts and lines are shown at; None where there is none."""

    queue: Queue | None
    rows: list[Linked]
    first: Linked | None


def money(request: HttpRequest, record: Project) -> ProjectMoney:
    """Return the project's money, read once for a page."""
    kept: ProjectMoney | None = getattr(request, "project_money", None)
    if kept is None:
        queue = open_queue(settings.HOME)
        rows = money_of(queue.review, record.code) if queue else []
        kept = ProjectMoney(queue, rows, min(rows, key=_rank, default=None))
        request.project_money = kept  # type: ignore[attr-defined]
    return kept


def _rank(one: Linked) -> tuple[bool, int, bool]:
    """Return how early a stage is shown: what was paid first."""
    rank = FIRST.index(one.stage) if one.stage in FIRST else len(FIRST)
    return (one.flow != "expense", rank, one.book != "payments")


def stat(request: HttpRequest, record: Project) -> Stat:
    """Return what of the ledger's money is linked to the project, at the stage that says most."""
    found = money(request, record)
    if found.first is None:
        note = (
            say("no line of the ledger is") if found.queue else say("the ledger was not looked through yet")
        )
        return Stat(say("Linked to it"), text=show.NOTHING, note=note)
    same = [one for one in found.rows if _place(one) == _place(found.first)]
    return Stat(
        say("Linked to it: %(stage)s") % {"stage": names.label(names.STAGES, found.first.stage)},
        amount=sum(one.amount for one in same),
        note=say("over all years of the ledger")
        if len({one.fiscal_year for one in same}) > 1
        else _year(found.first),
        link="#money",
    )


def _place(one: Linked) -> tuple[str, str, str]:
    return one.flow, one.book, one.stage


def _year(one: Linked) -> str:
    return say("fiscal year %(year)s") % {"year": show.digits_of(one.fiscal_year, frame.lang())}


def _money(request: HttpRequest, record: Project) -> Table | None:
    found = money(request, record)
    columns = [
        Column("year", say("Fiscal year"), note="book"),
        Column("stage", say("Stage"), "stage"),
        Column("amount", say("Linked to it"), "money"),
        Column("judged", say("of it by people"), "share"),
        Column("lines", say("Lines"), "number"),
        Column("unlinked", say("IT money without a project"), "share", link="url"),
    ]
    caption = say("Its money by fiscal year and stage (never added together)")
    if found.queue is None or not found.rows:
        text = (
            say("No line of the ledger is linked to it.")
            if found.queue
            else say(
                "The ledger was not looked through yet: the review queue does that when it is brought up."
            )
        )
        return Table("money", caption, columns, [], empty=text)
    of_all = unlinked_it(found.queue.review)
    rows = [_row(one, of_all) for one in found.rows[:YEARS]]
    return Table("money", caption, columns, rows, currency=found.rows[0].currency)


def _row(one: Linked, of_all: Mapping[tuple[str, str, str, int], tuple[int, int]]) -> dict[str, Any]:
    whole, unlinked = of_all.get((*_place(one), one.fiscal_year), (0, 0))
    where = urlencode({"of": f"{one.flow}.{one.book}.{one.stage}", "year": one.fiscal_year})
    return {
        "year": show.digits_of(one.fiscal_year, frame.lang()),
        "book": names.label(names.BOOKS, one.book),
        "stage": one.stage,
        "amount": one.amount,
        "judged": one.judged / one.amount if one.amount else None,
        "lines": one.lines,
        "unlinked": unlinked / whole if whole else None,
        "url": f"{reverse('workbench:review')}?{where}",
    }


def _contracts(request: HttpRequest, record: Project) -> Table | None:
    found = money(request, record)
    if found.queue is None or found.first is None:
        return None
    some = contracts_of(found.queue.review, record.code, found.first, limit=SHOWN)
    kept = {
        one.contract_no: one
        for one in Contract.objects.filter(contract_no__in=[one.contract_no for one in some])
    }
    rows = [
        {
            "contract": kept[one.contract_no].title if one.contract_no in kept else one.contract_no,
            "number": one.contract_no,
            "url": page_of(kept[one.contract_no]) if one.contract_no in kept else "",
            "supplier": kept[one.contract_no].supplier_name if one.contract_no in kept else "",
            "amount": one.amount,
            "lines": one.lines,
        }
        for one in some
    ]
    columns = [
        Column("contract", say("Contract"), link="url", note="number"),
        Column("supplier", say("Supplier")),
        Column("amount", say("Linked to it"), "money"),
        Column("lines", say("Lines"), "number"),
    ]
    return _table(
        "contracts", _at(say("Contracts that its lines name"), found.first), columns, rows, found.first
    )


def _lines(request: HttpRequest, record: Project) -> Table | None:
    found = money(request, record)
    if found.queue is None or found.first is None:
        return None
    rows = [
        {
            "title": one.line.title or say("no description"),
            "url": reverse("workbench:review-line", args=[one.line.line_id])
            if may(request, "thread.read")
            else "",
            "supplier": one.line.supplier_name,
            "date": one.line.date,
            "class": one.line.cls,
            "how": f"{names.label(names.METHODS, one.method)} · {show.percent(one.share_bp / 10_000, frame.lang(), 0)}",
            "amount": one.amount,
        }
        for one in lines_of(found.queue.review, record.code, found.first, limit=SHOWN)
    ]
    columns = [
        Column("title", say("Description"), link="url", note="supplier"),
        Column("date", say("Date"), "date"),
        Column("class", say("Class"), "class"),
        Column("how", say("Linked by")),
        Column("amount", say("Its part"), "money"),
    ]
    return _table("lines", _at(say("Its largest lines"), found.first), columns, rows, found.first)


def _at(caption: str, at: Linked) -> str:
    return f"{caption} · {names.label(names.STAGES, at.stage)}"


def _table(
    name: str, caption: str, columns: list[Column], rows: list[dict[str, Any]], at: Linked
) -> Table | None:
    return Table(name, caption, columns, rows, currency=at.currency) if rows else None


PARTS = (
    Part("money", _("Its money in the ledger"), _money),
    Part("contracts", _("Its contracts"), _contracts),
    Part("lines", _("Its lines"), _lines),
)
