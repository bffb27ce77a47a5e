"""The computed rating of a project: from what was promised, what was reached and what was reported, as of a day. It wins over the unit's own.

Pure: `course_of` gathers the facts of a record, `rate` judges them. Every reason says the figures it rests on; docs/measures/rating.md has the
thresholds and why they stand where they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.functional import lazy
from django.utils.translation import get_language, gettext

from rasad.persian.digits import to_persian
from rasad.records.models.projects import RATINGS, Project
from rasad.records.problems import WHOLE_BP

LATE_OFF = timedelta(days=90)
"""So long after its promised end, or after a milestone's due day, a project is off course; until then at risk."""
BEHIND_RISK, BEHIND_OFF = 1_000, 2_500
"""Basis points of physical progress behind an even course from start to end."""
STALLED_AFTER = timedelta(days=180)
"""Under way so long with no more physical progress, or none reported, a project has stalled."""
OVER_OFF = 1_000
"""Basis points of the promised budget by which spending may exceed it before the project is off course."""
OFTEN = 2
"""So many changed baselines are a question in themselves."""

State = Literal["ok", "insufficient", "not_applicable"]
UNDER_WAY = ("approved", "running")


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


REASONS: dict[str, str] = {
    "late": _n("%(days)s days after the promised end"),
    "ended_late": _n("ended %(days)s days after the promised end"),
    "late_against_first": _n("%(days)s days after the end that was promised first"),
    "milestones_overdue": _n("milestones overdue: %(count)s, the oldest by %(days)s days"),
    "behind": _n("physical progress was %(found)s %% when %(expected)s %% was due"),
    "stalled": _n("no more physical progress for %(days)s days"),
    "not_begun": _n("work was to begin %(days)s days ago"),
    "rebaselined": _n("times that the baseline was changed: %(count)s"),
    "over_budget": _n("spending exceeds the promised budget by %(found)s %%"),
    "budget_grown": _n("the promised budget grew by %(found)s %% since the first promise"),
    "no_promise": _n("no baseline with start and end"),
    "no_report": _n("no progress was reported and no milestone set"),
}


@dataclass(frozen=True)
class Promise:
    """A baseline."""

    number: int
    start: date | None = None
    end: date | None = None
    budget: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class Step:
    """A milestone."""

    due: date
    reached_on: date | None = None


@dataclass(frozen=True)
class Report:
    """Physical progress as of a day, in basis points."""

    as_of: date
    physical_bp: int


@dataclass(frozen=True)
class Course:
    """The facts of a project. `spent` is what was paid for it, in the currency's smallest unit; None where that is not known."""

    status: str
    promises: tuple[Promise, ...] = ()
    steps: tuple[Step, ...] = ()
    reports: tuple[Report, ...] = ()
    ended_on: date | None = None
    self_rating: str = ""
    spent: int | None = None


@dataclass(frozen=True)
class Reason:
    """One fact that bears on the rating. `level` is the rating that it leads to, or "" where it is only said."""

    code: str
    level: str = ""
    days: int = 0
    count: int = 0
    found: str = ""
    expected: str = ""

    def message(self) -> str:
        """Return it in words, in the language that is active when it is shown."""
        return _lazily(self)


def _said(reason: Reason) -> str:
    figures = {"days": reason.days, "count": reason.count, "found": reason.found, "expected": reason.expected}
    text = gettext(REASONS[reason.code]) % figures
    return to_persian(text) if (get_language() or "").startswith("fa") else text


_lazily = lazy(_said, str)


@dataclass(frozen=True)
class Rating:
    """`value` is on_course, at_risk or off_course where the state is `ok`, otherwise empty; `reasons` are worst first."""

    state: State
    value: str
    reasons: tuple[Reason, ...]
    self_rated_better: bool = False

    def flag(self, code: str) -> Reason | None:
        """Return the reason of that code, or None."""
        return next((reason for reason in self.reasons if reason.code == code), None)


def rate(course: Course, on: date) -> Rating:
    """Return the rating of a project as of a day; what was decided, reached or reported later is not looked at."""
    if course.status in ("proposed", "merged", "cancelled"):
        return Rating("not_applicable", "", ())
    promises = sorted(
        (one for one in course.promises if one.decided_on is None or one.decided_on <= on),
        key=lambda one: one.number,
    )
    reports = sorted((one for one in course.reports if one.as_of <= on), key=lambda one: one.as_of)
    current = promises[-1] if promises else Promise(0)
    reasons = [
        *_time(course, promises, current, on),
        *_milestones(course, on),
        *_progress(course, current, reports, on),
        *_money(course, promises, current),
    ]
    if len(promises) > OFTEN:
        reasons.append(Reason("rebaselined", "at_risk", count=len(promises) - 1))
    worst = max((RATINGS.index(one.level) for one in reasons if one.level), default=0)
    lacking = _lacking(course, current, reports)
    if worst == 0 and lacking:
        return Rating("insufficient", "", (*lacking, *reasons))
    reasons = [*reasons, *lacking]
    reasons.sort(key=lambda one: -RATINGS.index(one.level) if one.level else 1)
    value = RATINGS[worst]
    better = course.self_rating in RATINGS and RATINGS.index(course.self_rating) < worst
    return Rating("ok", value, tuple(reasons), better)


def course_of(project: Project, spent: int | None = None) -> Course:
    """Return the facts of a project; `ProjectQuerySet.with_history` has them at hand for many."""
    return Course(
        status=project.status,
        promises=tuple(
            Promise(one.number, one.start, one.end, one.budget, one.decided_on)
            for one in project.baselines.all()
        ),
        steps=tuple(Step(one.due, one.reached_on) for one in project.milestones.all()),
        reports=tuple(Report(one.as_of, one.physical_bp) for one in project.progress.all()),
        ended_on=project.ended_on,
        self_rating=project.self_rating,
        spent=spent,
    )


def rated(
    projects: Iterable[Project], on: date, spent: Mapping[str, int] | None = None
) -> list[tuple[Project, Rating]]:
    """Return each project with its rating; `spent` has what was paid, by the project's code."""
    paid = spent or {}
    return [(project, rate(course_of(project, paid.get(project.code)), on)) for project in projects]


def _time(course: Course, promises: list[Promise], current: Promise, on: date) -> list[Reason]:
    until = min(course.ended_on, on) if course.ended_on else on
    if course.status not in UNDER_WAY and course.ended_on is None:
        return []
    reasons = []
    if current.end is not None and until > current.end:
        late = until - current.end
        code = "ended_late" if course.ended_on else "late"
        reasons.append(Reason(code, "off_course" if late > LATE_OFF else "at_risk", days=late.days))
    first = promises[0] if promises else current
    if first.number != current.number and first.end is not None and until > first.end:
        reasons.append(Reason("late_against_first", days=(until - first.end).days))
    if course.status == "approved" and current.start is not None and on > current.start:
        waited = on - current.start
        level = "off_course" if waited > STALLED_AFTER else "at_risk"
        reasons.append(Reason("not_begun", level, days=waited.days))
    return reasons


def _milestones(course: Course, on: date) -> list[Reason]:
    if course.status not in UNDER_WAY:
        return []
    overdue = [on - step.due for step in course.steps if step.due < on and not _reached(step, on)]
    if not overdue:
        return []
    oldest = max(overdue)
    level = "off_course" if oldest > LATE_OFF else "at_risk"
    return [Reason("milestones_overdue", level, count=len(overdue), days=oldest.days)]


def _reached(step: Step, on: date) -> bool:
    return step.reached_on is not None and step.reached_on <= on


def _progress(course: Course, current: Promise, reports: list[Report], on: date) -> list[Reason]:
    if course.status != "running":
        return []
    reasons = []
    if reports and current.start and current.end:
        last = reports[-1]
        due = _due_bp(current.start, current.end, last.as_of)
        if due - last.physical_bp >= BEHIND_RISK:
            level = "off_course" if due - last.physical_bp >= BEHIND_OFF else "at_risk"
            reasons.append(Reason("behind", level, found=_percent(last.physical_bp), expected=_percent(due)))
    since = _since_when_no_more(current, reports)
    done = bool(reports) and max(one.physical_bp for one in reports) >= WHOLE_BP
    if since is not None and on - since > STALLED_AFTER and not done:
        reasons.append(Reason("stalled", "off_course", days=(on - since).days))
    return reasons


def _due_bp(start: date, end: date, day: date) -> int:
    """Return how much is due on a day of an even course, in basis points."""
    if day >= end:
        return WHOLE_BP
    return max(0, (day - start).days * WHOLE_BP // max((end - start).days, 1))


def _since_when_no_more(current: Promise, reports: list[Report]) -> date | None:
    """Return the day of the first report of the furthest that was reached; without reports, the day on which work was to begin."""
    if not reports:
        return current.start
    furthest = max(one.physical_bp for one in reports)
    return next(one.as_of for one in reports if one.physical_bp == furthest)


def _money(course: Course, promises: list[Promise], current: Promise) -> list[Reason]:
    reasons = []
    if course.spent is not None and current.budget and course.spent > current.budget:
        over = (course.spent - current.budget) * WHOLE_BP // current.budget
        level = "off_course" if over > OVER_OFF else "at_risk"
        reasons.append(Reason("over_budget", level, found=_percent(over)))
    first = promises[0].budget if promises else None
    if first and current.budget and current.budget > first:
        grown = (current.budget - first) * WHOLE_BP // first
        reasons.append(Reason("budget_grown", found=_percent(grown)))
    return reasons


def _lacking(course: Course, current: Promise, reports: list[Report]) -> list[Reason]:
    lacking = []
    if current.start is None or current.end is None:
        lacking.append(Reason("no_promise"))
    if course.status == "running" and not reports and not course.steps:
        lacking.append(Reason("no_report"))
    return lacking


def _percent(bp: int) -> str:
    """Return basis points as percent with at most one decimal."""
    whole, part = divmod(round(bp / 10), 10)
    return f"{whole}.{part}" if part else str(whole)
