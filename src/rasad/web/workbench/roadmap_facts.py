"""What a scenario that plans anew took from what really happened, and from where: on the scenario's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.records.models import Project, Scenario
from rasad.roadmap.problem import Problem
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.nouns.addresses import page_of

_STATES = {
    "done": gettext_lazy("done: no longer a choice, its benefits count"),
    "going": gettext_lazy("under way: stays as it began"),
    "stopped": gettext_lazy("given up: left out"),
}
_STARTS = {
    "project": gettext_lazy("as the project says"),
    "payment": gettext_lazy("the first payment"),
    "progress": gettext_lazy("the first report of progress"),
    "plan": gettext_lazy("as planned: nothing shows when it began"),
}
_ENDS = {
    "project": gettext_lazy("as the project says"),
    "baseline": gettext_lazy("the baseline in force"),
    "duration": gettext_lazy("as long as planned"),
    "late": gettext_lazy("overdue: at least until now"),
    "plan": gettext_lazy("as planned"),
}
_LEFT = {
    "done": gettext_lazy("done"),
    "budget": gettext_lazy("promised less paid"),
    "progress": gettext_lazy("what is not done by the latest report"),
}


def happened(scenario: Scenario, problem: Problem) -> dict[str, Any] | None:
    """Return what was taken from where, as the page shows it; None of a scenario that plans nothing anew."""
    facts = scenario.facts
    if facts is None:
        return None
    return {
        "said": _("as of %(day)s; from the register and from the ledger's allocated payments")
        % {"day": _day(facts["as_of"])},
        "initiatives": _initiatives(facts, problem),
        "budgets": _budgets(facts, problem),
        "notes": list(_notes(facts, problem)),
    }


def _initiatives(facts: dict[str, Any], problem: Problem) -> Table:
    names = {one.id: shown.said(one.name) for one in problem.initiatives}
    projects = {one.code: one for one in Project.objects.filter(code__in=[one["project"] for one in facts["initiatives"]])}  # fmt: skip
    rows = []
    for one in facts["initiatives"]:
        row = {
            "name": names[one["id"]],
            "url": page_of(projects.get(one["project"])),
            "note": _STATES[one["state"]],
        }
        if one["state"] != "stopped":
            row |= {
                "start": shown.when(problem, one["start"]),
                "start_note": _moved(problem, one["start_was"], one["start"], _STARTS[one["start_from"]]),
                "end": shown.when(problem, one["end"]),
                "end_note": _moved(problem, one["end_was"], one["end"], _ENDS[one["end_from"]]),
                "planned": one["planned"],
                "paid": one["paid"],
                "left": one["left"],
                "left_note": _LEFT[one["left_from"]],
            }
        rows.append(row)
    return Table(
        id="happened-initiatives",
        caption=_("Initiatives that have begun"),
        columns=[
            Column("name", _("Initiative"), link="url", note="note"),
            Column("start", _("Began"), note="start_note"),
            Column("end", _("Done"), note="end_note"),
            Column("planned", _("Planned cost of the work"), "money"),
            Column("paid", _("Paid so far"), "money"),
            Column("left", _("Left to be paid"), "money", note="left_note"),
        ],
        rows=rows,
        row_header="name",
        currency=problem.currency,
    )


def _moved(problem: Problem, was: int, now: int, source: object) -> str:
    if was == now:
        return str(source)
    return _("%(source)s; planned: %(period)s") % {"source": source, "period": shown.when(problem, was)}


def _budgets(facts: dict[str, Any], problem: Problem) -> Table | None:
    if not facts["budgets"]:
        return None
    names = {one.id: shown.said(one.name) for one in problem.limits.budgets}
    rows = [
        {
            "name": names.get(one["id"], one["id"]),
            "period": shown.when(problem, one["period"]),
            "was": one["was"],
            "spent": one["spent"],
        }
        for one in facts["budgets"]
    ]
    return Table(
        id="happened-budgets",
        caption=_("Budgets of past periods: what was really spent stands in their place"),
        columns=[
            Column("name", _("Budget")),
            Column("period", _("Period")),
            Column("was", _("Budget as adopted"), "money"),
            Column("spent", _("Really spent"), "money"),
        ],
        rows=rows,
        currency=problem.currency,
    )


def _notes(facts: dict[str, Any], problem: Problem) -> list[str]:
    names = {one.id: shown.said(one.name) for one in problem.initiatives}
    budgets = {one.id: shown.said(one.name) for one in problem.limits.budgets}
    said = [
        _("%(budget)s: %(amount)s that was left over is carried on to %(period)s.")
        % {
            "budget": budgets.get(one["id"], one["id"]),
            "amount": _amount(one["amount"], problem.currency),
            "period": shown.when(problem, one["period"]),
        }
        for one in facts["carried"]
    ]
    said += [
        _("%(initiative)s: %(amount)s was paid for classes that the roadmap does not have; it counts with its largest.")
        % {"initiative": names[one["id"]], "amount": _amount(one["other_classes"], problem.currency)}
        for one in facts["initiatives"]
        if one.get("other_classes")
    ]  # fmt: skip
    said += [
        _("%(initiative)s: its deadline cannot be met any more and was taken away.")
        % {"initiative": names[one]}
        for one in facts["late"]
        if one in names
    ]
    return said


def _amount(amount: int, currency: str) -> str:
    return " ".join(show.scaled_amount(amount, currency, show.column_unit([amount], currency), frame.lang()))


def _day(iso: str) -> str:
    calendar = str(frame.city().get("calendar", "jalali"))
    return show.day(date.fromisoformat(iso), calendar, frame.lang())[0]
