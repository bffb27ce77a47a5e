"""Rules of allocation: drafted, changed by a further version, put in force, retired. A version that was in force is never rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions.judging import wrong
from rasad.records.changes import StaleError, changing
from rasad.records.models import Account, AllocationRule, AuditEvent


def draft(
    *,
    code: str,
    title: str,
    conditions: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]],
    by: Account | None,
    order: int = 100,
    why: str = "",
) -> AllocationRule:
    """Draft the first version of a new rule. ValidationError where it cannot stand, or there is a rule of that code."""
    if AllocationRule.objects.filter(code=code.strip()).exists():
        raise wrong("code", _("There is a rule “%(found)s” already.") % {"found": code}, "taken")
    made = AllocationRule(
        code=code.strip(),
        number=1,
        title=title.strip(),
        order=order,
        conditions=dict(conditions),
        parts=list(parts),
    )
    with changing(by=by, action="rule.draft", why=why) as change:
        return change.add(made)


def change_rule(
    *, rule: AllocationRule, seen: int, by: Account | None, why: str = "", **values: Any
) -> AllocationRule:
    """Give a rule a new title, order, conditions or parts, and return the version that has them.

    A draft is changed itself; of a version that is or was in force the change is a further version, a draft. `seen` is the version of the
    record that whoever decided had before them: StaleError where it, or the rule, went on meanwhile.
    """
    unknown = set(values) - {"title", "order", "conditions", "parts"}
    if unknown:
        raise TypeError(f"a rule's version has no {', '.join(sorted(unknown))} to change")
    with changing(by=by, action="rule.change", why=why) as change:
        latest = _latest(rule.code)
        if latest.pk != rule.pk or latest.version != seen:
            raise StaleError(latest, AuditEvent.between(latest, seen if latest.pk == rule.pk else 0))
        if latest.state == "draft":
            return change.update(latest, seen=seen, **values)
        made = AllocationRule(**{**_values(latest), **values, "number": latest.number + 1, "state": "draft"})
        return change.add(made)


def put_in_force(*, rule: AllocationRule, seen: int, by: Account | None, why: str = "") -> AllocationRule:
    """Let a version decide from now on; the version of the same rule that did so until now is retired."""
    if rule.state == "in_force":
        raise ValidationError(_("This version is in force already."), code="in_force")
    with changing(by=by, action="rule.put_in_force", why=why) as change:
        same = AllocationRule.objects.select_for_update().filter(code=rule.code, state="in_force")
        for old in same.exclude(pk=rule.pk):
            change.update(old, seen=old.version, state="retired")
        return change.update(rule, seen=seen, state="in_force")


def retire(*, rule: AllocationRule, seen: int, by: Account | None, why: str = "") -> AllocationRule:
    """Let a version decide no longer; what it decided is for the rules after it."""
    if rule.state == "retired":
        raise ValidationError(_("This version is retired already."), code="retired")
    with changing(by=by, action="rule.retire", why=why) as change:
        return change.update(rule, seen=seen, state="retired")


def versions(code: str) -> list[AllocationRule]:
    """Return every version of a rule, the latest first."""
    return list(AllocationRule.objects.filter(code=code).order_by("-number"))


def _latest(code: str) -> AllocationRule:
    latest: AllocationRule = (
        AllocationRule.objects.select_for_update().filter(code=code).order_by("-number")[0]
    )
    return latest


def _values(rule: AllocationRule) -> dict[str, Any]:
    names = ("code", "number", "title", "state", "order", "conditions", "parts")
    return {name: getattr(rule, name) for name in names}
