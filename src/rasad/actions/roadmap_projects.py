"""From the adopted roadmap to projects: an initiative becomes a project. How what became of it flows back is in `roadmap_replan`."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions import projects as verbs
from rasad.actions.roadmaps import checked, current_plan, problem_of
from rasad.persian.apportion import apportion
from rasad.persian.calendar import to_gregorian
from rasad.records.changes import changing
from rasad.records.models import Account, Goal, Project, Scenario, ScenarioProject, Unit
from rasad.records.problems import WHOLE_BP
from rasad.roadmap.problem import Initiative
from rasad.roadmap.problem.parts import Horizon
from rasad.roadmap.verify import Work


def link_project(
    *, scenario: Scenario, initiative: str, project: Project, by: Account | None, why: str = ""
) -> ScenarioProject:
    """Say that an adopted initiative is a project of the register. ValidationError where the plan does not hold it."""
    work_of(scenario, initiative)
    with changing(by=by, action="scenario.link_project", why=why) as change:
        return change.add(ScenarioProject(scenario=scenario, initiative=initiative, project=project))


def become_project(
    *,
    scenario: Scenario,
    initiative: str,
    code: str,
    kind: str = "new_system",
    calendar: str = "jalali",
    currency: str | None = None,
    by: Account | None,
    why: str = "",
) -> Project:
    """Open the project that an adopted initiative becomes: its budget, its days as the first baseline, and the goals that it serves.

    The owner and goals are those of the register whose codes the problem names; `currency` is that of the city's projects. ValidationError
    where the plan does not hold the initiative, its unit is not in the register, it became a project before, or it counts in another currency.
    """
    one, work, cost = work_of(scenario, initiative)
    if ScenarioProject.objects.filter(scenario=scenario, initiative=initiative).exists():
        raise ValidationError(_("This initiative is a project already."), code="taken")
    unit = Unit.objects.filter(code=one.unit).first()
    if unit is None:
        raise ValidationError(
            _("The register has no unit “%(code)s” that could own the project.") % {"code": one.unit},
            code="unit",
        )
    problem = problem_of(scenario.problem)
    if currency is not None and problem.currency != currency:
        raise ValidationError(
            _("The roadmap counts in %(found)s and the city's projects in %(expected)s.")
            % {"found": problem.currency, "expected": currency},
            code="currency",
        )
    horizon = problem.horizon
    first = last = None
    if horizon.kind != "step":
        first, last = days_of(horizon, work.start, calendar)[0], days_of(horizon, work.last, calendar)[1]
    with changing(by=by, action="scenario.become_project", why=why) as change:
        project = verbs.open_project(
            code=code,
            title=one.title_fa or one.title_en or one.id,
            title_en=one.title_en,
            unit=unit,
            kind=kind,
            status="approved",
            approved_on=scenario.adopted_on,
            resolution=scenario.resolution,
            start=first,
            end=last,
            budget=cost,
            decided_on=scenario.adopted_on,
            by=by,
            why=why,
        )
        weights = goal_weights(one)
        if weights:
            verbs.set_goals(project=project, weights=weights, seen=None, by=by, why=why)
        change.add(ScenarioProject(scenario=scenario, initiative=initiative, project=project))
    return project


def work_of(scenario: Scenario, initiative: str) -> tuple[Initiative, Work, int]:
    """Return an initiative of the adopted plan, when it is worked on, and what it costs. ValidationError where the plan does not hold it."""
    record = current_plan(scenario) if scenario.state == "adopted" else None
    if record is None:
        raise ValidationError(_("Only what an adopted roadmap holds becomes a project."), code="state")
    figures = checked(scenario, record).verdict.figures
    work = figures.works.get(initiative)
    if work is None:
        raise ValidationError(_("The adopted plan does not hold this initiative."), code="out")
    return work.initiative, work, figures.cost_of(work)


def goal_weights(one: Initiative) -> dict[Goal, int]:
    """Return the register's goals that an initiative serves, by weights that come to the whole; none where the register knows none of them."""
    goals = {goal.code: goal for goal in Goal.objects.filter(code__in=one.goal_shares)}
    shares = {code: share for code, share in one.goal_shares.items() if code in goals and share}
    if not shares:
        return {}
    parts = apportion(WHOLE_BP, list(shares.values()))
    return {goals[code]: part for code, part in zip(shares, parts, strict=True) if part}


def days_of(horizon: Horizon, period: int, calendar: str) -> tuple[date, date]:
    """Return the first and the last day of a period, in the city's calendar; months, quarters and halves are parts of the fiscal year."""
    year, part = horizon.place(period)
    months = 12 // horizon.parts
    first = _month(year, (part - 1) * months + 1, calendar)
    then = (part * months) + 1
    after = _month(year + 1, 1, calendar) if then > 12 else _month(year, then, calendar)
    return first, after - timedelta(days=1)


def _month(year: int, month: int, calendar: str) -> date:
    return to_gregorian(year, month, 1) if calendar == "jalali" else date(year, month, 1)
