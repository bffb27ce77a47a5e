"""Judging the class of lines in the workspace. The database says what holds; the ledger's own record of judgements follows it.

The ledger's record is appended after the change stands. Where a crash comes between, `settle` appends what is missing; it runs before
every allocation and release, so what they read is what people judged.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions import judging
from rasad.actions.judging import Bulk
from rasad.ledger.classify.judgements import append, last_said, record, withdrawn
from rasad.ledger.schema import CLASSES, MODES
from rasad.records.changes import changing
from rasad.records.models import Account, ClassJudgement

NOBODY = "Rasad"
NO_REASON = "—"
"""What stands in the ledger's record where a person gave no name or reason of their own: it takes no empty text."""


def judge(
    *,
    home: Path,
    line_id: str,
    cls: str,
    mode: str,
    by: Account | None,
    why: str = "",
    seen: int | None = None,
) -> ClassJudgement:
    """Record a line's class and mode. `seen` and errors as of `actions.allocations.judge`."""
    _check(cls, mode)
    judging.check_lines(home, [line_id])
    before = ClassJudgement.objects.holding().filter(subject_kind="line", subject=line_id).first()
    if before and before.by != by and (before.cls, before.mode) != (cls, mode) and not why.strip():
        message = _("%(name)s judged otherwise: say why.") % {"name": before.by or NOBODY}
        raise judging.wrong("why", message, "no_reason")
    with changing(by=by, action="class.judge", why=why) as change:
        made = ClassJudgement(subject_kind="line", subject=line_id, cls=cls, mode=mode, by=by, why=change.why)
        made = judging.place(change, made, seen=seen)
    settle(home=home, line_ids=[line_id])
    return made


def judge_many(
    *,
    home: Path,
    line_ids: Sequence[str],
    cls: str,
    mode: str,
    by: Account | None,
    why: str,
    expected: str | None = None,
) -> Bulk:
    """Judge many lines alike, as `actions.allocations.judge_many`."""
    _check(cls, mode)
    if not why.strip():
        raise judging.wrong("why", _("Say why: it stands beside every line."), "no_reason")
    judging.check_token(line_ids, expected)
    judging.check_lines(home, line_ids)
    group = uuid.uuid4()
    with changing(by=by, action="class.judge_many", why=why) as change:
        held = judging.held(ClassJudgement, home, line_ids)
        free = [line_id for line_id in dict.fromkeys(line_ids) if line_id not in held]
        judging.place_all(change, ClassJudgement, free, group=group, cls=cls, mode=mode)
    settle(home=home, line_ids=free)
    return Bulk(group, len(free), len(held))


def undo(
    *, home: Path, judgement: ClassJudgement, seen: int, by: Account | None, why: str = ""
) -> ClassJudgement:
    """Take a judgement back; the one before it holds again."""
    with changing(by=by, action="class.undo", why=why) as change:
        undone = judging.take_back(change, judgement, seen=seen)
    settle(home=home, line_ids=[judgement.subject])
    return undone


def undo_group(*, home: Path, group: uuid.UUID, by: Account | None, why: str = "") -> int:
    """Take back every judgement of a group that nobody took back yet, and return how many. ValidationError where there are none."""
    with changing(by=by, action="class.undo_group", why=why) as change:
        made = list(ClassJudgement.objects.select_for_update().standing().filter(group=group))
        if not made:
            raise ValidationError(_("These judgements were undone already."), code="undone")
        for judged in made:
            judging.take_back(change, judged, seen=judged.version)
    settle(home=home, line_ids=[one.subject for one in made])
    return len(made)


def settle(*, home: Path, line_ids: Sequence[str] | None = None) -> int:
    """Append to the ledger's record what the database says and it does not, and return for how many lines.

    All lines that were ever judged here, or those named. Where the ledger has a later judgement of a line (made on the command line), that
    one stands.
    """
    judged = ClassJudgement.objects.select_related("by").all() if line_ids is None else _of(line_ids)
    told = last_said(home)
    records = []
    for line_id, made in _by_line(judged).items():
        stamp = max(max(one.at, one.undone_at or one.at) for one in made)
        if told.get(line_id, "") >= stamp.isoformat(timespec="microseconds"):
            continue
        holds = next((one for one in made if one.holds), None)
        who = holds or max(made, key=lambda one: one.undone_at or one.at)
        name, why = str(who.by) if who.by else NOBODY, who.why.strip() or NO_REASON
        records.append(
            record(line_id=line_id, cls=holds.cls, mode=holds.mode, by=name, why=why, at=stamp)
            if holds
            else withdrawn(line_id=line_id, by=name, why=why, at=stamp)
        )
    append(home, records)
    return len(records)


def _by_line(judged: Iterable[ClassJudgement]) -> dict[str, list[ClassJudgement]]:
    found: dict[str, list[ClassJudgement]] = {}
    for one in judged:
        found.setdefault(one.subject, []).append(one)
    return found


def _of(line_ids: Sequence[str]) -> list[ClassJudgement]:
    found: list[ClassJudgement] = []
    for start in range(0, len(line_ids), 500):
        some = line_ids[start : start + 500]
        found += ClassJudgement.objects.select_related("by").filter(subject__in=some)
    return found


def _check(cls: str, mode: str) -> None:
    if cls not in CLASSES or mode not in MODES:
        raise ValidationError(
            _("“%(found)s” is no class of the taxonomy.") % {"found": f"{cls} / {mode}"}, code="no_class"
        )
