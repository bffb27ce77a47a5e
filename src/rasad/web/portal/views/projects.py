"""Projects: all of them with their money and promises, and one with everything that is said of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.release.reader.records import NO_PROJECT
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, page_number
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    Meant,
    day_text,
    goal_url,
    meant,
    money_fields,
    need,
    project_url,
    said,
    share,
    title_of,
    unit_name,
    unit_url,
)
from rasad.web.portal.tables import local, pages_of
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Fact, Field, Option, Stat, Table
from rasad.web.theme.site import Link

LINES = 25
CONTRACTS = 10
ORDERS = ("-amount", "title", "status", "end")


@page
def projects(request: HttpRequest, release: Release) -> HttpResponse:
    """Show every project under the filters with its money; 404 without records."""
    need(release)
    money = meant(request.GET, release)
    rows = _rows(release, money)
    status, owner = request.GET.get("status", ""), request.GET.get("owner", "")
    statuses, owners = sorted({row["status"] for row in rows}), sorted({row["unit_code"] for row in rows})
    rows = [row for row in rows if status in ("", row["status"]) and owner in ("", row["unit_code"])]
    number = page_number(request.GET)
    pages = pages_of(request.GET, number, len(rows))
    context = frame(request, release, "projects")
    context |= {
        "scope": money.scope,
        "fields": [
            Field(
                "status",
                _("Status"),
                status,
                [Option(one, said(release, "project", "status", one)) for one in statuses],
                empty=_("all"),
            ),
            Field(
                "owner",
                _("Owner"),
                owner,
                [Option(one, unit_name(release, one)) for one in owners],
                empty=_("all units"),
            ),
            *[field for field in money_fields(money, release) if field.name not in ("unit", "programme")],
        ],
        "stats": [
            Stat(_("Projects"), number=len(rows)),
            Stat(_("Their money"), amount=sum(row["amount"] for row in rows)),
            Stat(
                _("Without a goal"),
                number=sum(not row["goals"] for row in rows),
                note=_("money on them serves no stated goal"),
            ),
            Stat(_("Re-baselined twice or more"), number=sum(row["baselines"] > 2 for row in rows)),
        ],
        "table": _table(release, rows[pages.first - 1 : pages.last] if rows else []),
        "pages": pages,
    }
    context |= records_here(release, "projects")
    return TemplateResponse(request, "portal/projects.html", context)


def _rows(release: Release, money: Meant) -> list[dict[str, Any]]:
    records = release.records
    baselines, progress = records.by("baseline", "project"), records.by("progress", "project")
    spent = records.money(money.filters) if records.linked and money.filters.stage else {}
    rows = []
    for project in records.table("project"):
        code = project["code"]
        plans = sorted(baselines.get(code, []), key=lambda row: row["number"])
        said_last = max(progress.get(code, []), key=lambda row: row["as_of"], default=None)
        rows.append(
            {
                "code": code,
                "title": title_of(project),
                "url": project_url(code, money.address),
                "unit": unit_name(release, project["unit"]),
                "unit_code": project["unit"],
                "status": project["status"],
                "status_name": said(release, "project", "status", project["status"]),
                "budget": plans[-1]["budget"] if plans else None,
                "end": plans[-1]["end"] if plans else None,
                "baselines": len(plans),
                "physical": said_last["physical_bp"] / 10_000 if said_last else None,
                "cls": "",
                "amount": spent.get(code, (0, 0))[0],
                "goals": len(records.goal_weights.get(code, [])),
            }
        )
    return sorted(rows, key=lambda row: (-row["amount"], row["title"]))


def _table(release: Release, rows: list[dict[str, Any]]) -> Table:
    columns = [
        Column("title", _("Project"), link="url", note="unit"),
        Column("status_name", _("Status")),
        Column("end", _("To end on"), "date"),
        Column("budget", _("Budget now"), "money"),
        Column("amount", _("Money here"), "money"),
        Column("physical", _("Physical progress"), "share", bar="cls"),
        Column("goals", _("Goals"), "number"),
    ]
    return Table(
        id="projects", caption=_("Projects, those with the most money first"), columns=columns, rows=rows
    )


@page
def project(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show one project: its promises and what became of them, its money at every stage, what it is for; 404 where there is none such."""
    need(release)
    found = release.records.one("project", code)
    if found is None:
        raise Http404
    money = meant(request.GET, release)
    plans = sorted(release.records.by("baseline", "project").get(code, []), key=lambda row: row["number"])
    context = frame(request, release, "projects")
    context |= {
        "title": title_of(found),
        "kicker": f"{said(release, 'project', 'kind', found['kind'])} · {said(release, 'project', 'status', found['status'])}",
        "crumbs": [
            Link(_("Projects"), reverse("portal:projects")),
            Link(title_of(found), "", True),
        ],
        "project": found,
        "rating": _rating(release, code),
        "facts": _facts(release, found),
        "plans": _plans(plans),
        "milestones": _milestones(release, code),
        "progress": _progress(release, code),
        "stages": _stages(release, code),
        "goals": _goals(release, code, money),
        "services": _services(release, code),
        "partners": _partners(release, code),
        **_lines(request, release, code, money),
        **records_here(release, "project", code),
    }
    return TemplateResponse(request, "portal/project.html", context)


def _rating(release: Release, code: str) -> dict[str, Any] | None:
    """Return the computed rating beside the unit's own; the computed one wins."""
    found = release.records.one("project_rating", code, "project")
    if found is None:
        return None
    reasons = [
        said(release, "project_rating", "reasons", reason) for reason in (found["reasons"] or "").split()
    ]
    own = found["self_rating"]
    return {
        "computed": said(release, "project", "self_rating", found["rating"]),
        "code": found["rating"],
        "own": said(release, "project", "self_rating", own) if own else "",
        "differs": bool(own) and own != found["rating"],
        "reasons": reasons,
        "as_of": found["as_of"],
    }


def _facts(release: Release, row: dict[str, Any]) -> list[Fact]:
    merged = release.records.one("project", row["merged_into"]) if row["merged_into"] else None
    resolution = release.records.one("resolution", row["resolution"], "number") if row["resolution"] else None
    facts = [
        Fact(_("Code"), row["code"], "code"),
        Fact(_("Owner"), unit_name(release, row["unit"]), link=unit_url(row["unit"])),
        Fact(_("Approved on"), row["approved_on"] or "", "date"),
        Fact(_("Started on"), row.get("started_on") or "", "date"),
        Fact(_("First use by citizens"), row["first_use_on"] or "", "date"),
        Fact(_("Ended on"), row["ended_on"] or "", "date"),
        Fact(
            _("Merged into"),
            title_of(merged) if merged else "",
            link=project_url(merged["code"]) if merged else "",
        ),
        Fact(
            _("Ordered by resolution"),
            f"{resolution['number']} · {resolution['title']}" if resolution else "",
            note=day_text(release, resolution["date"]) if resolution else "",
        ),
        Fact(_("Programme code"), row["programme_code"] or "", "code"),
        Fact(_("Place"), row["place"] or ""),
        Fact(_("Last named by the portfolio of"), row["last_listed_on"] or "", "date"),
        Fact(_("Description"), row["description"] or ""),
        Fact(_("Closing report"), row["closing_report"] or ""),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _plans(plans: list[dict[str, Any]]) -> Table | None:
    if not plans:
        return None
    rows = [{**row, "number": row["number"], "reason": row["reason"] or ""} for row in plans]
    return Table(
        id="baselines",
        caption=_("Baselines: what was promised, the first and every later one"),
        columns=[
            Column("number", _("Number"), "number"),
            Column("decided_on", _("Decided on"), "date"),
            Column("start", _("Start"), "date"),
            Column("end", _("End"), "date"),
            Column("budget", _("Budget"), "money"),
            Column("reason", _("Reason")),
        ],
        rows=rows,
        row_header="number",
    )


def _milestones(release: Release, code: str) -> Table | None:
    rows = sorted(release.records.by("milestone", "project").get(code, []), key=lambda row: row["number"])
    if not rows:
        return None
    return Table(
        id="milestones",
        caption=_("Milestones"),
        columns=[
            Column("title", _("Milestone")),
            Column("due", _("Due"), "date"),
            Column("reached_on", _("Reached on"), "date"),
        ],
        rows=rows,
    )


def _progress(release: Release, code: str) -> Table | None:
    rows = sorted(release.records.by("progress", "project").get(code, []), key=lambda row: row["as_of"])
    if not rows:
        return None
    return Table(
        id="progress",
        caption=_("Physical progress, as it was reported; never computed from money"),
        columns=[Column("as_of", _("As of"), "date"), Column("share", _("Progress"), "share", bar="cls")],
        rows=[{"as_of": row["as_of"], "share": row["physical_bp"] / 10_000, "cls": ""} for row in rows],
    )


def _stages(release: Release, code: str) -> Table | None:
    """Return the project's money by year, book and stage; stages are never added."""
    rows = [
        {
            "year": show.digits_of(year, lang()),
            "book": labels.label(labels.BOOKS, book),
            "stage": stage,
            "amount": amount,
            "lines": lines,
        }
        for flow, book, year, stage, amount, lines in release.records.stages_of(code)
        if flow == "expense"
    ]
    if not rows:
        return None
    return Table(
        id="stages",
        caption=_("Its money by fiscal year and stage (never added together)"),
        columns=[
            Column("year", _("Fiscal year"), note="book"),
            Column("stage", _("Stage"), "stage"),
            Column("amount", _("Amount"), "money"),
            Column("lines", _("Lines"), "number"),
        ],
        rows=rows,
    )


def _goals(release: Release, code: str, money: Meant) -> Table | None:
    records = release.records
    amount = (
        records.money(money.filters).get(code, (0, 0))[0] if records.linked and money.filters.stage else 0
    )
    rows = []
    for goal, part in records.divided(code, amount):
        found = records.one("goal", goal) if goal else None
        indicators = [row for row in records.table("goal_indicator") if row["goal"] == goal]
        rows.append(
            {
                "name": title_of(found) if found else _("no goal"),
                "url": goal_url(goal, money.address) if goal else "",
                "weight": dict(records.goal_weights.get(code, [])).get(goal, 0) / 10_000,
                "cls": "",
                "amount": part,
                "indicators": len(indicators),
            }
        )
    return Table(
        id="goals",
        caption=_("Goals that it serves"),
        columns=[
            Column("name", _("Goal"), link="url"),
            Column("weight", _("Weight"), "share", bar="cls"),
            Column("amount", _("Its part of the money"), "money"),
            Column("indicators", _("Indicators"), "number"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _services(release: Release, code: str) -> list[dict[str, Any]]:
    found = []
    for row in release.records.by("project_service", "project").get(code, []):
        service = release.records.one("service", row["service"])
        if service:
            url = reverse("portal:service", args=[service["code"]])
            found.append({"name": title_of(service), "url": url, "change": row["change"] or ""})
    return found


def _partners(release: Release, code: str) -> list[dict[str, Any]]:
    found = []
    for row in release.records.by("project_partner", "project").get(code, []):
        if row["unit"]:
            found.append(
                {"name": unit_name(release, row["unit"]), "url": unit_url(row["unit"]), "part": row["part"]}
            )
        else:
            body = release.records.one("institution", row["institution"])
            found.append(
                {"name": title_of(body) if body else row["institution"], "url": "", "part": row["part"]}
            )
    return found


def _lines(request: HttpRequest, release: Release, code: str, money: Meant) -> dict[str, Any]:
    """Return the lines of the project's money, the largest first."""
    if not release.records.linked or money.filters.stage is None:
        return {"lines": None}
    number = page_number(request.GET)
    rows, count = release.records.lines_of_project(
        code, money.filters, limit=LINES, offset=(number - 1) * LINES
    )
    pages = pages_of(request.GET, number, count, size=LINES)
    contracts = release.records.contracts_of_project(code, money.filters, limit=CONTRACTS)
    return {
        "money_stats": _linked(release, code, money),
        "contracts": _contracts_table(contracts) if contracts else None,
        "lines": _lines_table(rows) if rows else None,
        "pages": pages,
        "scope": money.scope,
        "fields": [f for f in money_fields(money, release) if f.name not in ("unit", "programme")],
    }


def _linked(release: Release, code: str, money: Meant) -> list[Stat]:
    """Return what of the money here is linked to the project, and how much of it no project has."""
    sums = release.records.money(money.filters)
    whole = sum(amount for amount, _lines in sums.values())
    own, unlinked = (sums.get(key, (0, 0))[0] for key in (code, NO_PROJECT))
    return [
        Stat(_("Linked to it"), amount=own),
        Stat(_("Share of all money here"), share=share(own, whole), text=show.NOTHING),
        Stat(
            _("Money here that no project has"),
            share=share(unlinked, whole),
            text=show.NOTHING,
            note=_("some of it may be this project's"),
            link=f"{reverse('portal:project-money', args=['-'])}{money.address}",
        ),
    ]


def _contracts_table(rows: list[dict[str, Any]]) -> Table:
    table = [
        {
            **row,
            "title": local(row["title"]) or _("no subject"),
            "url": reverse("portal:line", args=[row["line_id"]]),
        }
        for row in rows
    ]
    return Table(
        id="contracts",
        caption=_("Contracts that its lines name"),
        columns=[
            Column("title", _("Contract"), link="url", note="contract_no"),
            Column("amount", _("Linked to it"), "money"),
            Column("agreed", _("Agreed in the contract"), "money"),
            Column("lines", _("Lines"), "number"),
        ],
        rows=table,
    )


def _lines_table(rows: list[dict[str, Any]]) -> Table:
    table = [
        {
            **row,
            "title": row["title"] or _("no description"),
            "url": reverse("portal:line", args=[row["line_id"]]),
            "how": f"{labels.label(labels.METHODS, row['method'])} · {show.percent(row['share_bp'] / 10_000, lang(), 0)}",
        }
        for row in rows
    ]
    return Table(
        id="lines",
        caption=_("Lines of this money, the largest first"),
        columns=[
            Column("title", _("Description"), link="url", note="unit"),
            Column("date", _("Date"), "date"),
            Column("class", _("Class"), "class"),
            Column("how", _("Linked by")),
            Column("part_amount", _("Amount"), "money"),
        ],
        rows=table,
    )


@page
def project_money(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show the lines of a project's money alone; "-" stands for the money that no project has."""
    need(release)
    money = meant(request.GET, release)
    found = release.records.one("project", code)
    if not release.records.linked or money.filters.stage is None or (found is None and code != "-"):
        raise Http404
    key = NO_PROJECT if code == "-" else code
    number = page_number(request.GET)
    rows, count = release.records.lines_of_project(key, money.filters, limit=PAGE, offset=(number - 1) * PAGE)
    amount, parts = release.records.money(money.filters).get(key, (0, 0))
    title = title_of(found) if found else _("Unlinked money")
    context = frame(request, release, "thread")
    context |= {
        "title": title,
        "scope": money.scope,
        "crumbs": [
            Link(_("The golden thread"), reverse("portal:thread") + money.address),
            Link(title, "", True),
        ],
        "fields": money_fields(money, release),
        "stats": [Stat(_("Amount"), amount=amount), Stat(_("Lines"), number=parts)],
        "table": _lines_table(rows),
        "pages": pages_of(request.GET, number, count, size=PAGE),
    }
    context |= records_here(release, "project-money", code)
    return TemplateResponse(request, "portal/project_money.html", context)
