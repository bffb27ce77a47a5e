"""What stands on a project's page: its milestones, reports, baselines, goals, services and partners, and what can be done with each."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import projects as actions
from rasad.records.models import Project
from rasad.web.theme.parts import Column, Table
from rasad.web.workbench import naming
from rasad.web.workbench.allowed import may
from rasad.web.workbench.fields import in_digits
from rasad.web.workbench.nouns.addresses import page_of, verb_of
from rasad.web.workbench.nouns.kinds import Input, Part, verb
from rasad.web.workbench.nouns.verbs import act, correct, table

WRITE = "projects.write"


def _milestones(request: HttpRequest, record: Project) -> Table | None:
    write = may(request, WRITE)
    today = timezone.localdate()
    rows = [
        {
            "title": one.title,
            "due": one.due,
            "reached": one.reached_on,
            "state": say("overdue") if one.overdue(today) else "",
            "act": (say("Reached?") if one.reached_on is None else say("Correct")) if write else "",
            "url": verb_of("project", one, "reach" if one.reached_on is None else "change", "milestone")
            if write
            else "",
        }
        for one in record.milestones.all()
    ]
    columns = [
        Column("title", say("Milestone"), note="state"),
        Column("due", say("Due"), "date"),
        Column("reached", say("Reached on"), "date"),
    ]
    return table("milestones", say("Milestones"), [*columns, *act(write)], rows)


def _reports(request: HttpRequest, record: Project) -> Table | None:
    write = may(request, WRITE)
    rows = [
        {
            "as_of": one.as_of,
            "share": one.physical_bp / 10_000,
            "said_by": one.said_by,
            "note": one.note,
            "act": say("Correct"),
            "url": verb_of("project", one, "change", "progress") if write else "",
        }
        for one in reversed(list(record.progress.all()))
    ]
    columns = [
        Column("as_of", say("As of"), "date"),
        Column("share", say("Physical progress"), "share"),
        Column("said_by", say("Said by"), note="note"),
    ]
    return table("progress", say("Reports of progress"), [*columns, *act(write)], rows)


def _baselines(request: HttpRequest, record: Project) -> Table | None:
    rows = [
        {
            "number": say("First promise")
            if one.number == 1
            else say("Change %(number)s") % {"number": in_digits(str(one.number - 1))},
            "start": one.start,
            "end": one.end,
            "budget": one.budget,
            "decided": one.decided_on,
            "reason": one.reason,
        }
        for one in record.baselines.all()
    ]
    columns = [
        Column("number", say("Baseline"), note="reason"),
        Column("start", say("Start"), "date"),
        Column("end", say("End"), "date"),
        Column("budget", say("Budget"), "money"),
        Column("decided", say("Decided on"), "date"),
    ]
    return table("baselines", say("Baselines"), columns, rows)


def _goals(request: HttpRequest, record: Project) -> Table | None:
    found = record.project_goals.select_related("goal").order_by("-weight_bp", "goal__code")
    rows = [
        {
            "goal": naming.titled(one.goal),
            "url": page_of(one.goal),
            "code": one.goal.code,
            "share": one.weight_bp / 10_000,
        }
        for one in found
    ]
    columns = [
        Column("goal", say("Goal"), link="url", note="code"),
        Column("share", say("Weight"), "share"),
    ]
    return table("goals", say("Goals that it serves"), columns, rows)


def _services(request: HttpRequest, record: Project) -> Table | None:
    found = record.project_services.select_related("service").order_by("service__code")
    rows = [
        {"service": naming.titled(one.service), "url": page_of(one.service), "change": one.change}
        for one in found
    ]
    columns = [Column("service", say("Service"), link="url"), Column("change", say("What is to change"))]
    return table("services", say("Services that it changes"), columns, rows)


def _partners(request: HttpRequest, record: Project) -> Table | None:
    rows = [
        {
            "who": naming.titled(one.unit or one.institution),
            "url": page_of(one.unit or one.institution),
            "part": one.part,
        }
        for one in record.partners.select_related("unit", "institution")
    ]
    columns = [Column("who", say("Partner"), link="url"), Column("part", say("Part"))]
    return table("partners", say("Partners"), columns, rows)


PARTS = (
    Part(
        "milestones", _("Milestones"), _milestones, "milestone", "project", heads=("milestone",),
        empty=_("No milestone is set."),
        verbs=(
            verb(
                "reach", _("Reached"), WRITE,
                lambda asked: actions.reach_milestone(milestone=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["reached_on"]),
                Input("reached_on", required=True), first=lambda record: {"reached_on": timezone.localdate()},
            ),
            verb(
                "change", _("Correct a milestone"), WRITE, correct,
                Input("title", wide=True), Input("due"), Input("reached_on"), why="needed",
                first=lambda record: {"title": record.title, "due": record.due, "reached_on": record.reached_on},
            ),
        ),
    ),
    Part(
        "progress", _("Reports of progress"), _reports, "progress", "project", heads=("progress",),
        empty=_("Nobody has reported any progress."),
        verbs=(
            verb(
                "change", _("Correct a report"), WRITE, correct,
                Input("physical_bp", label=_("Physical progress")), Input("said_by"), Input("note", wide=True), why="needed",
                first=lambda record: {"physical_bp": record.physical_bp, "said_by": record.said_by, "note": record.note},
            ),
        ),
    ),
    Part("baselines", _("Baselines"), _baselines, heads=("rebaseline",), empty=_("Nothing was promised: no start, no end, no budget.")),
    Part("goals", _("Goals that it serves"), _goals, heads=("goals",), empty=_("It serves no goal: its money counts as unlinked.")),
    Part("services", _("Services that it changes"), _services, heads=("services",), empty=_("It changes no service that is named.")),
    Part("partners", _("Partners"), _partners, heads=("partners",), empty=_("Nobody else takes part.")),
)  # fmt: skip
