"""What is done with projects. A project is never deleted: it is closed, merged or cancelled, and stays in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.actions.sets import put_in_place
from rasad.records.changes import StaleError, changing
from rasad.records.models import (
    Account,
    AuditEvent,
    Baseline,
    Goal,
    Institution,
    Milestone,
    Progress,
    Project,
    ProjectGoal,
    ProjectPartner,
    ProjectService,
    Resolution,
    Service,
    Unit,
)
from rasad.records.models.projects import ENDED
from rasad.records.problems import Refusal, error_of


def open_project(
    *,
    code: str,
    title: str,
    unit: Unit | str,
    start: date | None = None,
    end: date | None = None,
    budget: int | None = None,
    decided_on: date | None = None,
    by: Account | None,
    why: str = "",
    **values: Any,
) -> Project:
    """Open a project with what is promised: its first baseline, where any of start, end and budget is known.

    `values` are further fields of the project. ValidationError where it cannot stand.
    """
    with changing(by=by, action="project.open", why=why) as change:
        fields = resolved(Project, {"code": code, "title": title, "unit": unit, **values})
        project = change.add(Project(**fields))
        if start or end or budget is not None:
            change.add(
                Baseline(
                    project=project,
                    number=1,
                    start=start,
                    end=end,
                    budget=budget,
                    decided_on=decided_on or project.approved_on,
                    resolution=project.resolution,
                )
            )
        return project


def change_project(
    *, project: Project, seen: int, by: Account | None, why: str = "", **values: Any
) -> Project:
    """Change what is said of a project. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="project.change", why=why) as change:
        return change.update(project, seen=seen, **resolved(Project, values))


# --- What is promised ----------------------------------------------------------------------------------------------


def rebaseline(
    *,
    project: Project,
    seen: int,
    start: date | None,
    end: date | None,
    budget: int | None,
    reason: str,
    decided_on: date | None = None,
    resolution: Resolution | None = None,
    by: Account | None,
) -> Baseline:
    """Promise anew: a further baseline with its reason, in force from now on; those before stay.

    `seen` is the number of the baseline that was in force for whoever decided (0 for none): StaleError where another came between.
    """
    with changing(by=by, action="project.rebaseline", why=reason) as change:
        _still_open(project)
        current = project.current
        if (current.number if current else 0) != seen:
            raise StaleError(current or project, _events_of(current))
        return change.add(
            Baseline(
                project=project,
                number=seen + 1,
                start=start,
                end=end,
                budget=budget,
                reason=reason,
                decided_on=decided_on,
                resolution=resolution,
            )
        )


def add_milestone(
    *, project: Project, title: str, due: date, number: int | None = None, by: Account | None, why: str = ""
) -> Milestone:
    """Add a milestone, behind the others where no number is given."""
    with changing(by=by, action="milestone.add", why=why) as change:
        _still_open(project)
        if number is None:
            last = project.milestones.order_by("-number").first()
            number = last.number + 1 if last else 1
        return change.add(Milestone(project=project, number=number, title=title, due=due))


def reach_milestone(
    *, milestone: Milestone, seen: int, on: date, by: Account | None, why: str = ""
) -> Milestone:
    """Say that a milestone was reached on a day."""
    with changing(by=by, action="milestone.reach", why=why) as change:
        return change.update(milestone, seen=seen, reached_on=on)


def report_progress(
    *,
    project: Project,
    as_of: date,
    physical_bp: int,
    said_by: str = "",
    note: str = "",
    by: Account | None,
    why: str = "",
) -> Progress:
    """Report how much of a project stands on a day, in basis points of the whole; whoever reports says it where nobody else is named."""
    with changing(by=by, action="progress.add", why=why) as change:
        _still_open(project, on=as_of)
        speaker = said_by or (by.name if by else "")
        return change.add(
            Progress(project=project, as_of=as_of, physical_bp=physical_bp, said_by=speaker, note=note)
        )


# --- What it is for ------------------------------------------------------------------------------------------------


def set_goals(
    *, project: Project, weights: Mapping[Goal, int], seen: str | None, by: Account | None, why: str = ""
) -> None:
    """Make these the goals that a project serves, by weights that come to exactly 10,000 basis points; none at all leaves it unlinked.

    `seen`: see `actions.sets.fingerprint`.
    """
    wanted = [ProjectGoal(project=project, goal=goal, weight_bp=weight) for goal, weight in weights.items()]
    with changing(by=by, action="project.set_goals", why=why) as change:
        put_in_place(change, project, ProjectGoal, "project", wanted, seen)


def set_services(
    *, project: Project, changes: Mapping[Service, str], seen: str | None, by: Account | None, why: str = ""
) -> None:
    """Make these the services that a project should change, each with what is to change."""
    wanted = [
        ProjectService(project=project, service=service, change=what) for service, what in changes.items()
    ]
    with changing(by=by, action="project.set_services", why=why) as change:
        put_in_place(change, project, ProjectService, "project", wanted, seen)


def set_partners(
    *,
    project: Project,
    partners: Sequence[tuple[Unit | Institution, str]],
    seen: str | None,
    by: Account | None,
    why: str = "",
) -> None:
    """Make these units and institutions the partners of a project, each with its part."""
    wanted = [
        ProjectPartner(
            project=project,
            unit=partner if isinstance(partner, Unit) else None,
            institution=partner if isinstance(partner, Institution) else None,
            part=part,
        )
        for partner, part in partners
    ]
    with changing(by=by, action="project.set_partners", why=why) as change:
        put_in_place(change, project, ProjectPartner, "project", wanted, seen)


# --- Where it stands -----------------------------------------------------------------------------------------------


def approve(
    *,
    project: Project,
    seen: int,
    on: date,
    resolution: Resolution | None = None,
    by: Account | None,
    why: str = "",
) -> Project:
    """Approve a proposed project, by a resolution where there is one."""
    with changing(by=by, action="project.approve", why=why) as change:
        ordered = resolution or project.resolution
        return change.update(project, seen=seen, status="approved", approved_on=on, resolution=ordered)


def start(*, project: Project, seen: int, by: Account | None, why: str = "") -> Project:
    """Say that work on a project goes on."""
    with changing(by=by, action="project.start", why=why) as change:
        return change.update(project, seen=seen, status="running")


def finish(*, project: Project, seen: int, on: date, by: Account | None, why: str = "") -> Project:
    """Say that the work is done; the closing report is yet to come."""
    with changing(by=by, action="project.finish", why=why) as change:
        return change.update(project, seen=seen, status="finished", ended_on=on)


def close(*, project: Project, seen: int, report: str, by: Account | None, why: str = "") -> Project:
    """Close a finished project with its report: what was promised, what came, what was learnt. ValidationError without one."""
    with changing(by=by, action="project.close", why=why) as change:
        return change.update(project, seen=seen, status="closed", closing_report=report)


def cancel(*, project: Project, seen: int, on: date, by: Account | None, why: str) -> Project:
    """Give a project up, for a reason; it stays in view."""
    with changing(by=by, action="project.cancel", why=_reason(why)) as change:
        return change.update(project, seen=seen, status="cancelled", ended_on=on)


def merge(*, project: Project, seen: int, into: Project, on: date, by: Account | None, why: str) -> Project:
    """Let a project go on within another, for a reason; it stays in view and leads on to the other."""
    with changing(by=by, action="project.merge", why=_reason(why)) as change:
        return change.update(project, seen=seen, status="merged", merged_into=into, ended_on=on)


def reopen(*, project: Project, seen: int, status: str = "running", by: Account | None, why: str) -> Project:
    """Open a project again that ended, for a reason. What its closing report said stays on the trail."""
    with changing(by=by, action="project.reopen", why=_reason(why)) as change:
        return change.update(project, seen=seen, status=status, ended_on=None, merged_into=None)


def _reason(why: str) -> str:
    """Return the reason. ValidationError where none is given."""
    if not why.strip():
        raise error_of([Refusal("why", "reason_missing")])
    return why


def _still_open(project: Project, on: date | None = None) -> None:
    """Hold the project for this change. ValidationError where it ended, or ended before the day that is spoken of."""
    fresh = Project._base_manager.select_for_update().get(pk=project.pk)
    if fresh.status in ENDED and not (on and fresh.ended_on and on <= fresh.ended_on):
        raise error_of([Refusal("", "ended", fresh.status)])


def _events_of(record: Baseline | None) -> list[AuditEvent]:
    return list(AuditEvent.objects.of(record).order_by("id")) if record else []
