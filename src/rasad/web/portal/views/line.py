"""One line: raw and normalised values, its class and who decided it, and the row of the file it came from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.persian.money import in_words
from rasad.release.reader import Release
from rasad.web.portal.changes import of_line
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.left import earlier_table, left
from rasad.web.portal.register import goal_url, project_url, title_of
from rasad.web.portal.tables import contracts_table, local
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.theme.site import Link


@page
def line(request: HttpRequest, release: Release, line_id: str) -> HttpResponse:
    """Show a line of the release. One that left leads on to the line that stands for it now, or says why it is gone (410); 404 where
    there was none such."""
    found = release.line(line_id)
    if found is None:
        return left(request, release, line_id)
    siblings = release.siblings(found)
    context = frame(request, release, "money")
    context |= {
        "line": found,
        "title": local(found["title"] or found["economic"]) or _("no description"),
        "kicker": _kicker(found),
        "crumbs": [
            Link(_("Money"), reverse("portal:money")),
            Link(
                _("Line %(row)s of %(file)s")
                % {"row": show.digits_of(found["row"], lang()), "file": found["file_name"]},
                "",
                True,
            ),
        ],
        "full": show.full_amount(found["amount"], found["currency"], lang()),
        "words": in_words(found["amount"], found["currency"], lang()),
        "facts": _facts(found, release),
        "class_facts": _class_facts(found),
        "source_facts": _source_facts(found),
        "siblings": _siblings(siblings, found) if len(siblings) > 1 else None,
        "remainder": found["origin"] == "remainder",
        "contracts": _contracts(release, found),
        "earlier": earlier_table(release.earlier(line_id), found["currency"]),
        "changed": of_line(line_id, release),
        "thread": _thread(release, line_id),
    }
    return TemplateResponse(request, "portal/line.html", context)


def _thread(release: Release, line_id: str) -> Table | None:
    """Return the way of the line's money: its parts, each to its project, goals and indicators; None where the release does not say."""
    rows: list[dict[str, Any]] = []
    records = release.records
    for part in records.parts_of_line(line_id):
        project = records.one("project", part["project"]) if part["project"] else None
        for goal, amount in records.divided(part["project"], part["amount"]):
            found = records.one("goal", goal) if goal else None
            told = (
                [row["indicator"] for row in records.by("goal_indicator", "goal").get(goal, [])]
                if goal
                else []
            )
            first = records.one("indicator", told[0]) if told else None
            rows.append(
                {
                    "project": title_of(project) if project else _("unlinked"),
                    "project_url": project_url(part["project"]) if project else "",
                    "how": labels.label(labels.METHODS, part["method"]),
                    "goal": title_of(found) if found else _("no goal"),
                    "goal_url": goal_url(goal) if found else "",
                    "indicator": title_of(first) if first else _("no indicator"),
                    "indicator_url": reverse("portal:indicator", args=[first["code"]]) if first else "",
                    "amount": amount,
                }
            )
    if not rows:
        return None
    return Table(
        id="thread",
        caption=_("From this payment to what it should change"),
        columns=[
            Column("project", _("Project"), link="project_url", note="how"),
            Column("goal", _("Goal"), link="goal_url"),
            Column("indicator", _("Indicator"), link="indicator_url"),
            Column("amount", _("Amount"), "money"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _kicker(line: dict[str, Any]) -> str:
    """Return what the amount is of: flow, stage, fiscal year, book."""
    year = _("fiscal year %(year)s") % {"year": show.digits_of(line["fiscal_year"], lang())}
    flow, stage = labels.label(labels.FLOWS, line["flow"]), labels.label(labels.STAGES, line["stage"])
    return " · ".join((flow, stage, year, labels.label(labels.BOOKS, line["book"])))


def _contracts(release: Release, line: dict[str, Any]) -> Table | None:
    found = release.contracts(contract_no=line["contract_no"]) if line["contract_no"] else []
    return (
        contracts_table(found, caption=_("The contract it names (what was agreed, not what was paid)"))
        if found
        else None
    )


def _facts(line: dict[str, Any], release: Release) -> list[Fact]:
    person = line["supplier_is_person"]
    supplier = _("a natural person (name withheld)") if person else line["supplier_name"] or ""
    facts = [
        Fact(_("Description"), local(line["title"]), raw=line["title_raw"] or ""),
        Fact(_("Amount"), line["amount"], "money", raw=line["amount_raw"] or ""),
        Fact(_("Date"), line["date"] or "", "date", raw=line["date_raw"] or ""),
        Fact(
            _("Supplier"),
            supplier,
            raw=line["supplier_raw"] or "",
            link=reverse("portal:supplier", args=[line["supplier"]]) if line["supplier"] else "",
        ),
        Fact(_("Supplier id"), line["supplier_id"] or "", "code", raw=line["supplier_id_raw"] or ""),
        Fact(_("Unit"), _with_code(line["unit"], line["unit_code"])),
        Fact(_("Programme"), _with_code(line["programme"], line["programme_code"])),
        Fact(_("Economic item"), _with_code(line["economic"], line["economic_code"])),
        Fact(_("Nature"), line["nature"] or ""),
        Fact(_("Contract number"), line["contract_no"] or "", "code"),
        Fact(_("Document number"), line["document_no"] or "", "code"),
        Fact(_("The source's own class"), line["label"] or ""),
    ]
    return [fact for fact in facts if fact.value not in ("", None) or fact.raw]


def _with_code(name: str | None, code: str | None) -> str:
    return " · ".join(part for part in (code, local(name)) if part)


def _class_facts(line: dict[str, Any]) -> list[Fact]:
    confidence = line["class_confidence"]
    return [
        Fact(_("Class"), line["class"], "class"),
        Fact(_("Mode"), line["mode"], "mode"),
        Fact(_("Decided by"), labels.label(labels.METHODS, line["class_method"])),
        Fact(_("Rule"), line["class_rule"] or "", "code"),
        Fact(_("Version"), line["class_version"] or "", "code"),
        *([Fact(_("Confidence"), show.percent(confidence, lang(), 0))] if confidence is not None else []),
    ]


def _source_facts(line: dict[str, Any]) -> list[Fact]:
    origin = (
        _("an explicit remainder: what a parent has over its parts")
        if line["origin"] == "remainder"
        else _("a row of the file")
    )
    facts = [
        Fact(_("File"), line["file_name"], "code"),
        Fact(_("Sheet"), line["sheet"] or ""),
        Fact(_("Row"), line["row"], "number", note=_("title and header rows counted")),
        Fact(_("Origin"), origin),
        *_correction(line),
        Fact(_("Source"), line["source"], "code"),
        Fact(
            _("Batch"),
            line["batch"],
            "code",
            link=reverse("portal:batch", args=[line["batch"]]),
            note=_("its control totals, and what of it was quarantined"),
        ),
        Fact(_("Line id"), line["line_id"], "code"),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _correction(line: dict[str, Any]) -> list[Fact]:
    """Return what put the row right, where it was rejected at first; releases of an earlier Rasad do not say."""
    if not line.get("corrected_hash"):
        return []
    return [
        Fact(
            _("Put right by the file"),
            line["corrected_hash"],
            "hash",
            note=_("its row %(row)s; the row as it first arrived could not be read")
            % {"row": show.digits_of(line["corrected_row"], lang())},
        )
    ]


def _siblings(siblings: list[dict[str, Any]], line: dict[str, Any]) -> Table:
    rows = [
        {
            "stage": one["stage"],
            "amount": one["amount"],
            "url": "" if one["line_id"] == line["line_id"] else reverse("portal:line", args=[one["line_id"]]),
        }
        for one in siblings
    ]
    return Table(
        id="siblings",
        caption=_("The same row at other stages (never added together)"),
        columns=[Column("stage", _("Stage"), "stage", link="url"), Column("amount", _("Amount"), "money")],
        rows=rows,
    )
