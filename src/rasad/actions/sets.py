"""Sets of joints (a project's goals, a goal's indicators): put in place as a whole, in one change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasad.records.audited import Audited
from rasad.records.changes import Change, StaleError
from rasad.records.models import AuditEvent


def fingerprint(joints: Iterable[Audited]) -> str:
    """Return what a form keeps of a set that it shows, by which it is told whether somebody else changed the set meanwhile."""
    return ",".join(f"{joint.pk}:{joint.version}" for joint in sorted(joints, key=lambda joint: joint.pk))


def put_in_place(
    change: Change,
    owner: Audited,
    model: type[Audited],
    field: str,
    wanted: Sequence[Audited],
    seen: str | None,
) -> None:
    """Make `wanted`, not yet stored, the joints of `owner` (named by `field`): those of one key are changed, others added or taken away.

    `seen` is the set's `fingerprint` as whoever decided had it; None where no form showed it. StaleError where it is another now.
    """
    # Two who put one set in place do so one after the other.
    type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    held = {_key(joint): joint for joint in model._base_manager.filter(**{field: owner})}
    if seen is not None and fingerprint(held.values()) != seen:
        raise StaleError(owner, _events(owner, model))
    left = dict(held)
    for joint in wanted:
        before = left.pop(_key(joint), None)
        if before is None:
            change.add(joint)
            continue
        values = {
            one.name: getattr(joint, one.name)
            for one in model._meta.concrete_fields
            if not one.primary_key and one.name not in (*model.KEY, "version")
        }
        change.update(before, seen=before.version, **values)
    for joint in left.values():
        change.remove(joint)


def _key(joint: Audited) -> tuple[object, ...]:
    key = [one.attname for one in joint._meta.concrete_fields if one.name in joint.KEY]
    return tuple(getattr(joint, name) for name in key)


def _events(owner: Audited, model: type[Audited]) -> list[AuditEvent]:
    """Return the latest events of an owner's joints, oldest first."""
    events = AuditEvent.objects.filter(
        noun=model._meta.model_name or "", record_key__startswith=f"{owner.key} / "
    )
    return list(events.order_by("-id")[:10])[::-1]
