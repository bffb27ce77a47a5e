"""Audited records: no write without an event, no event that changes, nothing overwritten unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from rasad.records.audited import UnauditedWriteError
from rasad.records.changes import StaleError, changing
from rasad.records.models import Account, AllocationRule, AuditEvent, Project, Unit

pytestmark = pytest.mark.django_db


def add_unit(account: Account, **values: Any) -> Unit:
    with changing(by=account, action="unit.add", why="a beginning") as change:
        return change.add(Unit(**{"code": "309", "name": "سازمان فناوری", **values}))


def test_a_bare_save_is_refused(account: Account) -> None:
    with pytest.raises(UnauditedWriteError):
        Unit(code="1", name="x").save()
    unit = add_unit(account)
    unit.name = "y"
    with pytest.raises(UnauditedWriteError):
        unit.save()
    with pytest.raises(UnauditedWriteError):
        unit.delete()
    for write in (
        lambda: Unit.objects.filter(pk=unit.pk).update(name="y"),
        lambda: Unit.objects.all().delete(),
        lambda: Unit.objects.bulk_create([Unit(code="2", name="z")]),
        lambda: Unit.objects.bulk_update([unit], ["name"]),
    ):
        with pytest.raises(UnauditedWriteError):
            write()
    assert list(Unit.objects.values_list("code", "name")) == [("309", "سازمان فناوری")]


def test_every_write_leaves_who_when_what_and_why(account: Account) -> None:
    unit = add_unit(account, valid_from=date(2021, 3, 21))
    with changing(by=account, action="unit.change", why="renamed by the council") as change:
        unit = change.update(unit, seen=unit.version, name="سازمان فاوا", is_it=True)
    assert unit.version == 2
    added, changed = AuditEvent.objects.of(unit).order_by("id")
    assert (added.action, added.before, added.record_key) == ("unit.add", None, "309")
    assert added.after["valid_from"] == "2021-03-21"
    assert changed.before == {"name": "سازمان فناوری", "is_it": False}
    assert changed.after == {"name": "سازمان فاوا", "is_it": True}
    assert (changed.why, changed.account_name) == ("renamed by the council", account.name)


def test_what_a_database_does_not_take_is_not_kept_anywhere(account: Account) -> None:
    with changing(by=account, action="test", why="a\x00b ") as change:
        unit = change.add(Unit(code="309", name="نا\x00م"))
        change.add(Project(code="p1", title="p", unit=unit))
        rule = change.add(
            AllocationRule(
                code="r",
                number=1,
                title="t",
                conditions={"contracts": ["c\x001"]},
                parts=[{"project": "p1", "share_bp": 1}],
            )
        )
    rule.refresh_from_db()
    assert (Unit.objects.get().name, rule.conditions) == ("نام", {"contracts": ["c1"]})
    assert set(AuditEvent.objects.values_list("why", flat=True)) == {"ab"}


def test_the_second_of_two_who_saw_the_same_is_told(account: Account) -> None:
    unit = add_unit(account)
    with changing(by=account, action="unit.change") as change:
        change.update(unit, seen=1, name="first")
    with (
        pytest.raises(StaleError) as told,
        changing(by=account, action="unit.change") as change,
    ):
        change.update(unit, seen=1, name="second")
    assert told.value.current.name == "first"
    assert [event.after for event in told.value.events] == [{"name": "first"}]
    assert Unit.objects.get().name == "first"


def test_what_is_as_it_was_leaves_no_event(account: Account) -> None:
    unit = add_unit(account)
    with changing(by=account, action="unit.change") as change:
        assert change.update(unit, seen=1, name=unit.name).version == 1
    assert AuditEvent.objects.of(unit).count() == 1


def test_half_a_change_is_none(account: Account) -> None:
    with (
        pytest.raises(ValidationError),
        changing(by=account, action="unit.add") as change,
    ):
        change.add(Unit(code="1", name="one"))
        change.add(Unit(code="1", name="one again"))
    assert Unit.objects.count() == 0
    assert AuditEvent.objects.count() == 0


def test_the_database_itself_keeps_the_trail(account: Account) -> None:
    add_unit(account)
    with pytest.raises(UnauditedWriteError):
        AuditEvent.objects.update(why="otherwise")
    with pytest.raises(UnauditedWriteError):
        AuditEvent.objects.get().delete()
    for statement in ("update records_auditevent set why = 'x'", "delete from records_auditevent"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert AuditEvent.objects.get().why == "a beginning"


def test_a_project_is_never_deleted(account: Account) -> None:
    unit = add_unit(account)
    with changing(by=account, action="project.add") as change:
        project = change.add(Project(code="p1", title="طرح", unit=unit))
    with (
        pytest.raises(ValidationError) as told,
        changing(by=account, action="project.remove") as change,
    ):
        change.remove(project)
    assert [one.code for one in told.value.error_dict["__all__"]] == ["stays"]
    with (
        pytest.raises(UnauditedWriteError),
        changing(by=account, action="project.remove") as change,
    ):
        project.delete()
    assert Project.objects.count() == 1
