"""Projects: what is promised, where it stands, what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rasad.actions import projects as actions
from rasad.actions.sets import fingerprint
from rasad.records.labels import label
from rasad.records.models import Project
from rasad.records.models.projects import ENDED, STEPS
from rasad.records.problems import Refusal, error_of
from rasad.web.workbench import naming
from rasad.web.workbench.nouns import project_lead, project_money
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.filters import by_choice, by_state, by_unit
from rasad.web.workbench.nouns.kinds import (
    Asked,
    Col,
    Fieldset,
    Input,
    Noun,
    Rows,
    Verb,
    key_of,
    verb,
)
from rasad.web.workbench.nouns.project_parts import PARTS

WRITE = "projects.write"


def _under_way(record: Project) -> bool:
    return record.status not in ENDED


def _steps_to(status: str) -> Any:
    return lambda record: status in STEPS[record.status]


def _baseline_seen(record: Project) -> str:
    current = record.current
    return str(current.number if current else 0)


def _baseline_first(record: Project) -> Mapping[str, Any]:
    current = record.current
    return {"start": current.start, "end": current.end, "budget": current.budget} if current else {}


def _rebaseline(asked: Asked) -> Any:
    return actions.rebaseline(
        project=asked.record, seen=asked.version, reason=asked.why, by=asked.by, **asked.told
    )


WHO = Fieldset(
    (
        Input("title", wide=True),
        Input("title_en", wide=True, help=_("For readers of the English pages.")),
        Input("unit", help=_("Whose project it is: code or name.")),
        Input("kind"),
        Input("programme_code"),
        Input("place"),
        Input("resolution", help=_("The resolution that ordered it: its number.")),
        Input("approved_on"),
        Input("description", wide=True),
    ),
    _("The project"),
)
PROMISE = (
    Input("start", "baseline.start"),
    Input("end", "baseline.end"),
    Input("budget", "baseline.budget"),
)
STATE = Fieldset(
    (
        Input(
            "self_rating",
            help=_("What the unit itself says. The computed rating stands beside it, and wins."),
        ),
        Input("started_on", help=_("When the work really began, whatever was planned.")),
        Input("first_use_on", help=_("When the first citizen used what it made.")),
        Input("last_listed_on"),
    ),
    _("Where it stands"),
)
ADD = Verb(
    "new",
    _("New project"),
    WRITE,
    lambda asked: actions.open_project(by=asked.by, why=asked.why, **asked.told),
    (
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *WHO.inputs), WHO.title),
        Fieldset(
            (*PROMISE, Input("decided_on", "baseline.decided_on")),
            _("What is promised: its first baseline"),
        ),
    ),
)

VERBS = (
    Verb(
        "progress", _("Report progress"), WRITE,
        lambda asked: actions.report_progress(project=asked.record, by=asked.by, why=asked.why, **asked.told),
        (Fieldset((
            Input("as_of", "progress.as_of"),
            Input("physical_bp", "progress.physical_bp", label=_("Physical progress"), help=_("How much of the work stands: never how much of the money is spent.")),
            Input("said_by", "progress.said_by", required=False, help=_("Who said so; you, where nobody is named.")),
            Input("note", "progress.note", wide=True),
        )),),
        fits=_under_way, main=True,
        first=lambda record: {"as_of": timezone.localdate()},
    ),
    Verb(
        "change", _("Change"), WRITE,
        lambda asked: actions.change_project(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        (WHO, STATE), main=True,
        first=lambda record: {one.name: getattr(record, one.name) for one in (*WHO.inputs, *STATE.inputs)},
    ),
    Verb(
        "rebaseline", _("Re-baseline"), WRITE, _rebaseline,
        (Fieldset((*PROMISE, Input("decided_on", "baseline.decided_on"), Input("resolution", "baseline.resolution"))),),
        title=_("Promise anew: a further baseline"),
        lede=_("The baselines before stay in view. This one is in force from now on, with its reason."),
        why="needed", why_label=_("Reason of the re-baseline"),
        first=_baseline_first, seen=_baseline_seen, fits=_under_way,
    ),
    Verb(
        "milestone", _("Add a milestone"), WRITE,
        lambda asked: actions.add_milestone(project=asked.record, by=asked.by, why=asked.why, **asked.told),
        (Fieldset((Input("title", "milestone.title", wide=True), Input("due", "milestone.due"))),),
        fits=_under_way,
    ),
    Verb(
        "goals", _("Say which goals it serves"), WRITE,
        lambda asked: actions.set_goals(
            project=asked.record, seen=asked.seen, by=asked.by, why=asked.why,
            weights={row["goal"]: row["weight_bp"] or 0 for row in asked.told["goals"]},
        ),
        (Fieldset((Rows(
            "goals",
            (Input("goal", "project_goal.goal", label=_("Goal"), required=True), Input("weight_bp", "project_goal.weight_bp", label=_("Weight (%)"), required=True)),
            label=_("Goals"), whole="weight_bp",
            help=_("The weights come to exactly 100 %. With no goal at all the project's money counts as unlinked."),
        ),)),),
        first=lambda record: {"goals": [{"goal": one.goal, "weight_bp": one.weight_bp} for one in record.project_goals.select_related("goal").order_by("-weight_bp", "goal__code")]},
        seen=lambda record: fingerprint(record.project_goals.all()),
    ),
    Verb(
        "services", _("Say which services it changes"), WRITE,
        lambda asked: actions.set_services(
            project=asked.record, seen=asked.seen, by=asked.by, why=asked.why,
            changes={row["service"]: row["change"] or "" for row in asked.told["services"]},
        ),
        (Fieldset((Rows(
            "services",
            (Input("service", "project_service.service", label=_("Service"), required=True), Input("change", "project_service.change")),
            label=_("Services"),
        ),)),),
        first=lambda record: {"services": [{"service": one.service, "change": one.change} for one in record.project_services.select_related("service").order_by("service__code")]},
        seen=lambda record: fingerprint(record.project_services.all()),
    ),
    Verb(
        "partners", _("Say who takes part"), WRITE, lambda asked: _set_partners(asked),
        (Fieldset((Rows(
            "partners",
            (Input("unit", "project_partner.unit"), Input("institution", "project_partner.institution", help=""), Input("part", "project_partner.part")),
            label=_("Partners"), help=_("In each row either a unit or an institution, and its part."),
        ),)),),
        first=lambda record: {"partners": [{"unit": one.unit, "institution": one.institution, "part": one.part} for one in record.partners.select_related("unit", "institution")]},
        seen=lambda record: fingerprint(record.partners.all()),
    ),
    verb(
        "approve", _("Approve"), WRITE,
        lambda asked: actions.approve(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        Input("on", "project.approved_on", required=True), Input("resolution"),
        fits=lambda record: record.status == "proposed",
    ),
    verb(
        "start", _("Work goes on"), WRITE,
        lambda asked: actions.start(project=asked.record, seen=asked.version, by=asked.by, why=asked.why),
        title=_("Say that work on it goes on"), fits=lambda record: record.status in ("proposed", "approved"),
    ),
    verb(
        "finish", _("Finish"), WRITE,
        lambda asked: actions.finish(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        Input("on", "project.ended_on", required=True),
        title=_("The work is done"), lede=_("The closing report is yet to come: with it the project is closed."),
        fits=_steps_to("finished"),
    ),
    verb(
        "close", _("Close with a report"), WRITE,
        lambda asked: actions.close(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, report=asked.told["closing_report"]),
        Input("closing_report", required=True, wide=True, help=_("What was promised, what came, what was learnt.")),
        fits=_steps_to("closed"), main=True,
    ),
    verb(
        "merge", _("Merge into another"), WRITE,
        lambda asked: actions.merge(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, into=asked.told["merged_into"], on=asked.told["on"]),
        Input("merged_into", label=_("Into which project"), required=True), Input("on", "project.ended_on", label=_("From the day"), required=True),
        lede=_("It stays in view, and leads on to the other."), why="needed", fits=_steps_to("merged"), danger=True,
    ),
    verb(
        "cancel", _("Cancel"), WRITE,
        lambda asked: actions.cancel(project=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["on"]),
        Input("on", "project.ended_on", label=_("From the day"), required=True),
        title=_("Give the project up"), lede=_("A project is never deleted: it stays in view, with the reason."), why="needed",
        fits=_steps_to("cancelled"), danger=True,
    ),
    verb(
        "reopen", _("Open again"), WRITE,
        lambda asked: actions.reopen(project=asked.record, seen=asked.version, by=asked.by, why=asked.why),
        title=_("Open the project again"), why="needed", fits=lambda record: record.status in ENDED,
    ),
)  # fmt: skip


def _set_partners(asked: Asked) -> Any:
    partners = [(row["unit"] or row["institution"], row["part"] or "") for row in asked.told["partners"]]
    both = any(bool(row["unit"]) == bool(row["institution"]) for row in asked.told["partners"])
    if both:
        raise error_of([Refusal("", "one_side")])
    return actions.set_partners(
        project=asked.record, partners=partners, seen=asked.seen, by=asked.by, why=asked.why
    )


def _found() -> QuerySet[Any]:
    found: QuerySet[Any] = (
        Project.objects.with_promises().with_progress().select_related("unit", "resolution", "merged_into")
    )
    return found


COLUMNS = (
    Col(
        "title", _("Project"), naming.titled, sort="title", link=page_of, note=lambda r: naming.titled(r.unit)
    ),
    Col("code", _("Code"), key_of, "code", sort="code"),
    Col("status", _("Status"), lambda r: str(label("Project", "status", r.status)), sort="status"),
    Col("end", _("To end"), lambda r: r.current_end, "date", sort="current_end"),
    Col("budget", _("Budget now"), lambda r: r.current_budget, "money", sort="current_budget"),
    Col(
        "physical",
        _("Physical progress"),
        lambda r: None if r.physical_bp is None else r.physical_bp / 10_000,
        "share",
        sort="physical_bp",
    ),
)

PROJECTS = Noun(
    name="project",
    one="project",
    many="projects",
    slug="projects",
    title=_("Projects"),
    singular=_("Project"),
    lede=_("What is being changed: what was promised for it, where it stands, and which goals it serves."),
    sought=("programme_code", "place"),
    columns=COLUMNS,
    add=ADD,
    verbs=VERBS,
    filters=(
        by_choice("project", "status"),
        by_unit("project"),
        by_choice("project", "kind"),
        by_state(
            _("What is amiss"),
            {
                "late": (_("past their end"), lambda found: found.filter(pk__in=Project.objects.late(timezone.localdate()).values("pk"))),
                "overdue": (_("with a milestone overdue"), lambda found: found.filter(pk__in=Project.objects.with_overdue_milestone(timezone.localdate()).values("pk"))),
                "unlinked": (_("serving no goal"), lambda found: found.filter(project_goals__isnull=True)),
                "rebaselined": (_("re-baselined twice or more"), lambda found: found.filter(baseline_count__gt=2)),
                "no_baseline": (_("without a baseline"), lambda found: found.filter(baselines__isnull=True)),
            },
        ),
    ),
    parts=(*PARTS, *project_money.PARTS),
    found=_found,
    lead=project_lead.lead,
    template="workbench/project.html",
    hidden=frozenset({"title", "title_en", "status"}),
    chip=lambda record: str(label("Project", "status", record.status)),
    histories=("baseline", "milestone", "progress", "project_goal", "project_service", "project_partner"),
)  # fmt: skip
