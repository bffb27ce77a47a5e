"""What waits for an account: each matter with the ability of whoever can settle it, and the table that its card leads to.

A further matter is one more `Matter` in `MATTERS`; the home page, the list and the permission test follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.kinds import KINDS
from rasad.ledger.batches import Receipt, receipts
from rasad.records import waiting
from rasad.records.models import (
    Account,
    DataLink,
    Goal,
    Indicator,
    Invitation,
    Job,
    Milestone,
    Project,
    Upload,
)
from rasad.web.theme.parts import Column
from rasad.web.workbench.naming import titled
from rasad.web.workbench.receipts import moment

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Matter:
    """One kind of thing that waits.

    `find` returns what waits for an account on a day; `columns` and `row` make its table. `title` names the things, `why` says what is
    wrong with them and what settles it. `pressing` ones come first and are marked.
    """

    name: str
    ability: str
    title: str | Promise
    why: str | Promise
    find: Callable[[Account, date], QuerySet[Any] | Sequence[Any]]
    columns: Callable[[], Sequence[Column]]
    row: Callable[[Any], Row]
    pressing: bool = False
    example: tuple[str, ...] = ("title",)
    """Keys of the row that name one thing on the card."""


def page_of(name: str, *parts: Any) -> str:
    """Return the address of a record's page; the empty text while there is no such page."""
    try:
        return reverse(f"workbench:{name}", args=parts)
    except NoReverseMatch:
        return ""


def _project(project: Project) -> Row:
    return {
        "title": titled(project),
        "code": project.code,
        "unit": titled(project.unit),
        "url": page_of("project", project.pk),
        "day": getattr(project, "was_due", None) or getattr(project, "last_said", None),
    }


def _project_columns(day: Promise | None = None) -> Callable[[], Sequence[Column]]:
    def columns() -> Sequence[Column]:
        days = [Column("day", str(day), "date")] if day else []
        return [
            Column("title", _("Project"), link="url"),
            Column("code", _("Code"), "code"),
            Column("unit", _("Unit")),
            *days,
        ]

    return columns


def _milestone(milestone: Milestone) -> Row:
    return {
        "title": milestone.title,
        "project": titled(milestone.project),
        "unit": titled(milestone.project.unit),
        "day": milestone.due,
        "url": page_of("project", milestone.project.pk),
    }


def _indicator(indicator: Indicator) -> Row:
    return {
        "title": titled(indicator),
        "code": indicator.code,
        "unit": titled(indicator.unit) if indicator.unit else "",
        "day": getattr(indicator, "last_read", None),
        "url": page_of("indicator", indicator.pk),
    }


def _goal(goal: Goal) -> Row:
    return {
        "title": titled(goal),
        "code": goal.code,
        "unit": titled(goal.unit) if goal.unit else "",
        "url": page_of("goal", goal.pk),
    }


def _link(link: DataLink) -> Row:
    return {
        "title": link.data,
        "provider": titled(link.provider),
        "consumer": titled(link.consumer),
        "day": link.agreed_on,
        "url": page_of("link", link.pk),
    }


def _invitation(invitation: Invitation) -> Row:
    return {
        "title": invitation.name,
        "email": invitation.email,
        "day": timezone.localtime(invitation.expires_at).date(),
        "url": page_of("accounts"),
    }


def _job(job: Job) -> Row:
    return {
        "title": str(KINDS[job.kind].title) if job.kind in KINDS else job.kind,
        "doing": job.error or job.doing,
        "day": timezone.localtime(job.created_at).date(),
        "url": page_of("job", job.pk),
    }


def _file(upload: Upload) -> Row:
    return {
        "title": upload.name,
        "who": upload.account.name,
        "day": timezone.localtime(upload.created_at).date(),
        "url": page_of("import", upload.pk),
    }


def _rejected(receipt: Receipt) -> Row:
    return {
        "title": receipt.file["name"],
        "source": receipt.source,
        "rows": receipt.rows["quarantined"],
        "day": moment(receipt.created_at),
        "url": page_of("import-batch", receipt.batch),
    }


MATTERS: tuple[Matter, ...] = (
    Matter(
        "milestones-overdue",
        "projects.write",
        gettext_lazy("Milestones past their day"),
        gettext_lazy("They were due and nobody has said that they were reached."),
        lambda account, on: waiting.milestones_overdue(on),
        lambda: [
            Column("title", _("Milestone"), link="url"),
            Column("project", _("Project")),
            Column("unit", _("Unit")),
            Column("day", _("Due"), "date"),
        ],
        _milestone,
        pressing=True,
        example=("project", "title"),
    ),
    Matter(
        "projects-past-end",
        "projects.write",
        gettext_lazy("Projects past their end"),
        gettext_lazy("Their latest baseline has ended and they are still under way."),
        lambda account, on: waiting.projects_past_their_end(on),
        _project_columns(gettext_lazy("Was to end")),
        _project,
        pressing=True,
    ),
    Matter(
        "indicators-out-of-date",
        "readings.write",
        gettext_lazy("Readings out of date"),
        gettext_lazy("The next reading should be here by now."),
        lambda account, on: waiting.indicators_out_of_date(on),
        lambda: [
            Column("title", _("Indicator"), link="url"),
            Column("code", _("Code"), "code"),
            Column("unit", _("Unit")),
            Column("day", _("Last read to"), "date"),
        ],
        _indicator,
        pressing=True,
    ),
    Matter(
        "jobs-failed",
        "jobs.read",
        gettext_lazy("Background work that failed"),
        gettext_lazy("It stopped and left everything as it was."),
        lambda account, on: waiting.jobs_failed(account, on),
        lambda: [
            Column("title", _("Work"), link="url"),
            Column("doing", _("What it said")),
            Column("day", _("Begun"), "date"),
        ],
        _job,
        pressing=True,
    ),
    Matter(
        "files-on-the-desk",
        "imports.write",
        gettext_lazy("Files handed in and not loaded"),
        gettext_lazy("Nothing of them counts until somebody has looked at them and loaded them."),
        lambda account, on: waiting.files_on_the_desk(),
        lambda: [
            Column("title", _("File"), link="url"),
            Column("who", _("Handed in by")),
            Column("day", _("Day"), "date"),
        ],
        _file,
    ),
    Matter(
        "rows-in-quarantine",
        "imports.write",
        gettext_lazy("Batches with rows in quarantine"),
        gettext_lazy("Their rows cannot be read and are not counted until they are put right."),
        lambda account, on: [one for one in receipts(settings.HOME) if one.rows["quarantined"]][::-1],
        lambda: [
            Column("title", _("File"), link="url"),
            Column("source", _("Source"), "code"),
            Column("rows", _("In quarantine"), "number"),
            Column("day", _("Loaded"), "date"),
        ],
        _rejected,
    ),
    Matter(
        "projects-silent",
        "projects.write",
        gettext_lazy("Running projects that nobody reports on"),
        gettext_lazy("Nothing was said of their progress for three months."),
        lambda account, on: waiting.projects_silent(on),
        _project_columns(gettext_lazy("Last report")),
        _project,
    ),
    Matter(
        "projects-without-goals",
        "projects.write",
        gettext_lazy("Projects without a goal"),
        gettext_lazy("Their money ends here: it reaches no goal and no indicator."),
        lambda account, on: waiting.projects_without_goals(),
        _project_columns(),
        _project,
    ),
    Matter(
        "projects-without-baseline",
        "projects.write",
        gettext_lazy("Projects without a baseline"),
        gettext_lazy("Without a start, an end and a budget nothing can be held against them."),
        lambda account, on: waiting.projects_without_baseline(),
        _project_columns(),
        _project,
    ),
    Matter(
        "goals-without-indicator",
        "goals.write",
        gettext_lazy("Goals without an indicator"),
        gettext_lazy("Nothing tells whether they come nearer."),
        lambda account, on: waiting.goals_without_indicator(on),
        lambda: [
            Column("title", _("Goal"), link="url"),
            Column("code", _("Code"), "code"),
            Column("unit", _("Unit")),
        ],
        _goal,
    ),
    Matter(
        "indicators-without-target",
        "indicators.write",
        gettext_lazy("Indicators without a target"),
        gettext_lazy("They are read, and aim at nothing."),
        lambda account, on: waiting.indicators_without_target(),
        lambda: [
            Column("title", _("Indicator"), link="url"),
            Column("code", _("Code"), "code"),
            Column("unit", _("Unit")),
        ],
        _indicator,
    ),
    Matter(
        "links-agreed-but-unused",
        "systems.write",
        gettext_lazy("Data links agreed on and not in use"),
        gettext_lazy("They were agreed on, and nobody has seen them in use lately."),
        lambda account, on: waiting.links_agreed_but_unused(on),
        lambda: [
            Column("title", _("Data"), link="url"),
            Column("provider", _("From")),
            Column("consumer", _("To")),
            Column("day", _("Agreed on"), "date"),
        ],
        _link,
    ),
    Matter(
        "jobs-open",
        "jobs.read",
        gettext_lazy("Your background work under way"),
        gettext_lazy("It goes on while you do something else."),
        lambda account, on: waiting.jobs_open(account),
        lambda: [
            Column("title", _("Work"), link="url"),
            Column("doing", _("Doing")),
            Column("day", _("Asked for"), "date"),
        ],
        _job,
    ),
    Matter(
        "invitations-unanswered",
        "accounts.write",
        gettext_lazy("Invitations without an answer"),
        gettext_lazy("Those who were invited have not come yet."),
        lambda account, on: waiting.invitations_unanswered(),
        lambda: [
            Column("title", _("Name"), link="url"),
            Column("email", _("Email"), "code"),
            Column("day", _("Expires"), "date"),
        ],
        _invitation,
    ),
)
"""Every matter, the pressing ones first."""
