"""Judging which project a line's money is for, taking it back, and the allocation of every line that follows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from rasad.actions import class_judgements, judging
from rasad.actions.judging import Bulk
from rasad.ledger import allocate as ledger
from rasad.ledger.allocate import Allocated, Judged, Part, Rule, RuleError
from rasad.ledger.allocate.rules import Subject, checked_parts
from rasad.records.changes import Change, changing
from rasad.records.models import Account, AllocationPart, AllocationRule, Judgement, Project
from rasad.records.problems import Refusal, error_of

Shares = Mapping[str, int]
"""Project code → its share in basis points; empty where the money is for no project."""


def judge(
    *,
    home: Path,
    kind: Subject,
    subject: str,
    parts: Shares,
    by: Account | None,
    why: str = "",
    seen: int | None = None,
) -> Judgement:
    """Record which projects a line (by its id) or a contract (by its number) is for; what is left of the whole is unlinked.

    `seen` is the primary key of the judgement that held before whoever decided, None for none: StaleError where another holds by now.
    ValidationError where the shares cannot stand, a project or the line is not known, or another person is contradicted without a reason.
    """
    shares = _shares(parts)
    projects = _projects(shares)
    if kind == "line":
        judging.check_lines(home, [subject])
    if not subject.strip():
        raise ValidationError(_("Say which contract."), code="no_subject")
    _need_reason(kind, subject, shares, by, why)
    with changing(by=by, action="allocation.judge", why=why) as change:
        return _place(change, kind, subject, shares, projects, seen=seen)


def judge_many(
    *,
    home: Path,
    line_ids: Sequence[str],
    parts: Shares,
    by: Account | None,
    why: str,
    expected: str | None = None,
) -> Bulk:
    """Judge many lines alike, as one group that can be undone together. What people judged before is left alone and counted.

    `expected` is the `judging.token` of the lines that the preview showed: ValidationError where they are others by now.
    """
    shares = _shares(parts)
    projects = _projects(shares)
    if not why.strip():
        raise judging.wrong("why", _("Say why: it stands beside every line."), "no_reason")
    judging.check_token(line_ids, expected)
    judging.check_lines(home, line_ids)
    group = uuid.uuid4()
    with changing(by=by, action="allocation.judge_many", why=why) as change:
        held = judging.held(Judgement, home, line_ids)
        free = [line_id for line_id in dict.fromkeys(line_ids) if line_id not in held]
        made = judging.place_all(change, Judgement, free, group=group)
        change.add_all(
            [
                AllocationPart(judgement=one, project=projects[part.project], share_bp=part.share_bp)
                for one in made
                for part in shares
            ]
        )
    return Bulk(group, len(free), len(held))


def undo(*, judgement: Judgement, seen: int, by: Account | None, why: str = "") -> Judgement:
    """Take a judgement back; the one before it holds again. StaleError where it was changed since version `seen`."""
    with changing(by=by, action="allocation.undo", why=why) as change:
        return judging.take_back(change, judgement, seen=seen)


def undo_group(*, group: uuid.UUID, by: Account | None, why: str = "") -> int:
    """Take back every judgement of a group that nobody took back yet, and return how many. ValidationError where there are none."""
    with changing(by=by, action="allocation.undo_group", why=why) as change:
        made = list(Judgement.objects.select_for_update().standing().filter(group=group))
        if not made:
            raise ValidationError(_("These judgements were undone already."), code="undone")
        for judged in made:
            judging.take_back(change, judged, seen=judged.version)
        return len(made)


# --- what holds ------------------------------------------------------------------------------------------------


def rules_in_force() -> list[Rule]:
    """Return the rules in force as the ledger takes them."""
    return [rule.as_rule() for rule in AllocationRule.objects.filter(state="in_force")]


def holding() -> list[Judged]:
    """Return every judgement that holds as the ledger takes it."""
    return [as_judged(one) for one in Judgement.objects.holding().prefetch_related("parts__project")]


def as_judged(judgement: Judgement) -> Judged:
    """Return a judgement as the ledger takes it."""
    parts = tuple(Part(part.project.code, part.share_bp) for part in judgement.parts.all())
    kind: Subject = "line" if judgement.subject_kind == "line" else "contract"
    return Judged(kind, judgement.subject, parts, judgement.at.isoformat(timespec="microseconds"))


def allocate(*, home: Path, progress: ledger.Progress | None = None) -> Allocated:
    """Allocate every line of the home by the rules in force and the judgements that hold; what is unchanged is not computed again."""
    class_judgements.settle(home=home)
    return ledger.allocate_home(home, rules_in_force(), holding(), progress=progress)


def stage(*, home: Path, path: Path) -> Path:
    """Write the release's table `allocation` as it holds now to `path` and return it."""
    class_judgements.settle(home=home)
    return ledger.stage_allocation(home, rules_in_force(), holding(), path)


@dataclass(frozen=True)
class Disagreement:
    """One subject of which two people hold different things: the latest judgement of each, newest first."""

    kind: str
    subject: str
    judgements: tuple[Judgement, ...]


def disagreements(limit: int | None = None) -> list[Disagreement]:
    """Return where people disagree, the latest first. Whoever judges anew as another did is of one mind with him."""
    shared = (
        Judgement.objects.standing()
        .values("subject_kind", "subject")
        .annotate(people=Count("by", distinct=True))
        .filter(people__gt=1)
    )
    subjects = {(one["subject_kind"], one["subject"]) for one in shared}
    ordered = (
        Judgement.objects.standing()
        .filter(subject__in={subject for _kind, subject in subjects})
        .select_related("by")
        .prefetch_related("parts__project")
        .order_by("subject_kind", "subject", "-at")
    )
    found: list[Disagreement] = []
    for (kind, subject), made in groupby(ordered, key=lambda one: (one.subject_kind, one.subject)):
        if (kind, subject) not in subjects:
            continue
        latest = {one.by_id: one for one in reversed(list(made))}
        if len({_shares_of(one) for one in latest.values()}) > 1:
            newest = sorted(latest.values(), key=lambda one: one.at, reverse=True)
            found.append(Disagreement(kind, subject, tuple(newest)))
    found.sort(key=lambda one: one.judgements[0].at, reverse=True)
    return found[:limit]


# --- inside ----------------------------------------------------------------------------------------------------


def refused(error: RuleError) -> ValidationError:
    """Return the ledger's refusal of a rule as a form takes it: field → message in the reader's language."""
    return error_of([Refusal(error.field, error.code, error.found)])


def _shares(parts: Shares) -> tuple[Part, ...]:
    try:
        return checked_parts(Part(code.strip(), share) for code, share in parts.items())
    except RuleError as error:
        raise refused(error) from error


def _projects(shares: Iterable[Part]) -> dict[str, Project]:
    codes = [part.project for part in shares]
    found = {project.code: project for project in Project.objects.filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise error_of([Refusal("parts", "no_such_project", code)])
    return found


def _need_reason(kind: str, subject: str, shares: tuple[Part, ...], by: Account | None, why: str) -> None:
    before = Judgement.objects.holding().filter(subject_kind=kind, subject=subject).first()
    if before and before.by != by and not why.strip() and _shares_of(before) != _pairs(shares):
        message = _("%(name)s judged otherwise: say why.") % {"name": before.by or _("Rasad")}
        raise judging.wrong("why", message, "no_reason")


def _pairs(shares: Iterable[Part]) -> tuple[tuple[str, int], ...]:
    return tuple((part.project, part.share_bp) for part in shares)


def _shares_of(judgement: Judgement) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((part.project.code, part.share_bp) for part in judgement.parts.all()))


def _place(
    change: Change,
    kind: str,
    subject: str,
    shares: tuple[Part, ...],
    projects: Mapping[str, Project],
    *,
    seen: int | None,
) -> Judgement:
    made = Judgement(subject_kind=kind, subject=subject.strip(), by=change.by, why=change.why)
    made = judging.place(change, made, seen=seen)
    for part in shares:
        change.add(AllocationPart(judgement=made, project=projects[part.project], share_bp=part.share_bp))
    return made
