"""The golden thread: how far the money can be followed, from class to project to goal, and what of it is unlinked."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.release.reader.records import NO_PROJECT, Thread
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import Meant, goal_url, meant, money_fields, need, project_url, share, title_of
from rasad.web.portal.tables import scaled
from rasad.web.theme import labels, show
from rasad.web.theme.charts import Chart, Flow, Node
from rasad.web.theme.parts import Column, Stat, Table

PROJECTS, GOALS = 12, 10
"""How many projects and goals are drawn by themselves; the rest stand together."""
UNLINKED, REST, NO_GOAL = "-", "+", "-"


@page
def thread(request: HttpRequest, release: Release) -> HttpResponse:
    """Show how far the money reaches, step by step, with the unlinked share at each; 404 without records."""
    need(release)
    money = meant(request.GET, release)
    context = frame(request, release, "thread") | records_here(release, "thread")
    if not release.records.linked or money.filters.stage is None:
        return TemplateResponse(request, "portal/thread.html", context | {"scope": money.scope, "none": True})
    reach = release.records.thread(money.filters)
    flows = _flows(release, money)
    context |= {
        "scope": money.scope,
        "fields": money_fields(money, release),
        "stats": _stats(reach),
        "steps": _steps(reach, money),
        "chart": _chart(release, flows, money) if flows else None,
        "flows": _table(release, flows, money) if flows else None,
        "unlinked_url": f"{reverse('portal:project-money', args=['-'])}{money.address}",
    }
    return TemplateResponse(request, "portal/thread.html", context)


def _stats(reach: Thread) -> list[Stat]:
    return [
        Stat(_("Money"), amount=reach.whole),
        Stat(_("Reaches a project"), share=reach.project.share, text=show.NOTHING),
        Stat(_("Reaches a goal"), share=reach.goal.share, text=show.NOTHING),
        Stat(_("Reaches an indicator that is read"), share=reach.indicator.share, text=show.NOTHING),
    ]


def _steps(reach: Thread, money: Meant) -> Table:
    """Return the four figures of completeness, each with what is unlinked."""
    names = {
        "project": _("a project"),
        "goal": _("a goal"),
        "indicator": _("an indicator that has been read"),
        "resolution": _("a resolution that ordered it"),
    }
    rows = []
    for key, name in names.items():
        step = getattr(reach, key)
        rows.append(
            {
                "name": name,
                "amount": step.amount,
                "share": step.share,
                "cls": "",
                "left": step.whole - step.amount,
            }
        )
    return Table(
        id="steps",
        caption=_("How far the money reaches"),
        columns=[
            Column("name", _("It can be followed to")),
            Column("amount", _("Amount"), "money"),
            Column("share", _("Share"), "share", bar="cls"),
            Column("left", _("Unlinked"), "money"),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _flows(release: Release, money: Meant) -> list[tuple[str, str, str, int]]:
    """Return (class, project, goal, amount), each project's money divided among its goals by weight; exact to the smallest unit."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for cls, project, amount in release.records.by_class(money.filters):
        if project == NO_PROJECT:
            found[cls, UNLINKED, NO_GOAL] += amount
            continue
        for goal, part in release.records.divided(project, amount):
            found[cls, project, goal or NO_GOAL] += part
    return sorted(((*key, amount) for key, amount in found.items() if amount), key=lambda row: -row[3])


def _largest(flows: list[tuple[str, str, str, int]], at: int, count: int) -> set[str]:
    sums: dict[str, int] = defaultdict(int)
    for row in flows:
        sums[row[:3][at]] += row[3]
    sums.pop(UNLINKED, None)
    return set(sorted(sums, key=lambda key: -sums[key])[:count])


def _chart(release: Release, flows: list[tuple[str, str, str, int]], money: Meant) -> Chart:
    """Return the Sankey of money → class → project → goal; amounts below nought have no width and stand in the table alone."""
    projects, goals = _largest(flows, 1, PROJECTS), _largest(flows, 2, GOALS)
    unit = show.column_unit([amount for *_rest, amount in flows], release.currency)
    links: dict[tuple[str, str], int] = defaultdict(int)
    for cls, project, goal, amount in flows:
        middle = project if project in projects or project == UNLINKED else REST
        end = goal if goal in goals or goal == NO_GOAL else REST
        links[f"c:{cls}", f"p:{middle}"] += amount
        links[f"p:{middle}", f"g:{end}"] += amount
    drawn = {pair: amount for pair, amount in links.items() if amount > 0}
    names = {name for pair in drawn for name in pair}
    nodes = [
        Node(
            name,
            _node_name(release, name),
            cls=name[2:] if name.startswith("c:") else "unknown" if name[2:] == UNLINKED else "",
            url=_node_url(name, money),
            depth="cpg".index(name[0]),
        )
        for name in sorted(names)
    ]

    def text(amount: int) -> str:
        return " ".join(show.scaled_amount(amount, release.currency, unit, lang()))

    return Chart(
        id="thread-chart",
        kind="sankey",
        title=_("From money to goal"),
        subtitle=_("class, project, goal"),
        unit=show.unit_name(unit, release.currency, lang()),
        nodes=nodes,
        flows=[
            Flow(source, target, scaled(amount, unit, release.currency), text(amount))
            for (source, target), amount in sorted(drawn.items(), key=lambda item: -item[1])
        ],
    )


def _node_name(release: Release, name: str) -> str:
    kind, code = name[0], name[2:]
    if kind == "c":
        return labels.label(labels.CLASSES, code)
    if code == UNLINKED:
        return _("unlinked") if kind == "p" else _("no goal")
    if code == REST:
        return _("other projects") if kind == "p" else _("other goals")
    found = release.records.one("project" if kind == "p" else "goal", code)
    return title_of(found) if found else code


def _node_url(name: str, money: Meant) -> str:
    kind, code = name[0], name[2:]
    if kind == "c" or code in (UNLINKED, REST):
        return ""
    return project_url(code, money.address) if kind == "p" else goal_url(code, money.address)


def _table(release: Release, flows: list[tuple[str, str, str, int]], money: Meant) -> Table:
    """Return project by project where its money comes from and which goals it reaches."""
    whole = sum(amount for *_rest, amount in flows)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    classes: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cls, project, goal, amount in flows:
        sums[project, goal] += amount
        classes[project, goal][cls] += amount
    rows: list[dict[str, Any]] = []
    for (project, goal), amount in sorted(sums.items(), key=lambda item: -item[1]):
        largest = max(classes[project, goal].items(), key=lambda item: item[1])[0]
        rows.append(
            {
                "project": _node_name(release, f"p:{project}"),
                "project_url": "" if project == UNLINKED else project_url(project, money.address),
                "goal": _node_name(release, f"g:{goal}"),
                "goal_url": "" if goal == NO_GOAL else goal_url(goal, money.address),
                "largest": largest,
                "amount": amount,
                "share": share(amount, whole),
            }
        )
    return Table(
        id="flows",
        caption=_("Money by project and goal"),
        columns=[
            Column("project", _("Project"), link="project_url"),
            Column("goal", _("Goal"), link="goal_url"),
            Column("largest", _("Largest class"), "class"),
            Column("amount", _("Amount"), "money"),
            Column("share", _("Share"), "share"),
        ],
        rows=rows[:100],
        total={"project": _("Total"), "amount": whole, "share": 1.0 if whole else None},
        row_header="project",
    )
