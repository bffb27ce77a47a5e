"""Judging classes in the workspace: the ledger's own record follows what the database says, also after a crash between the two."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from judged_town import People, Town

from rasad.actions import class_judgements as actions
from rasad.ledger.classify import judge as judge_in_the_ledger
from rasad.ledger.classify import judgements, latest
from rasad.records.models import Account, AuditEvent, ClassJudgement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def held(town: Town) -> dict[str, str]:
    return dict(latest(town.home).select("line_id", "class").iter_rows())


def judge(town: Town, number: int, cls: str, by: Account, **values: Any) -> ClassJudgement:
    return actions.judge(home=town.home, line_id=town.line_ids[number], cls=cls, mode="run", by=by, **values)


def test_a_class_judged_is_the_ledgers_and_undo_brings_the_earlier_back(town: Town, people: People) -> None:
    line = town.line_ids[0]
    first = judge(town, 0, "hardware", people[0])
    second = judge(town, 0, "software", people[1], seen=first.pk, why="a licence")
    assert held(town) == {line: "software"}
    actions.undo(home=town.home, judgement=second, seen=second.version, by=people[1])
    assert held(town) == {line: "hardware"}
    first.refresh_from_db()
    actions.undo(home=town.home, judgement=first, seen=first.version, by=people[0])
    assert held(town) == {}
    said = judgements(town.home)
    assert said["class"].to_list() == ["hardware", "software", "hardware", None]
    assert said["by"].to_list() == ["زهرا", "Reza", "زهرا", "زهرا"]
    assert AuditEvent.objects.filter(noun="classjudgement").count() == 6


def test_many_and_their_undoing(town: Town, people: People) -> None:
    judge(town, 1, "not_it", people[1])
    done = actions.judge_many(
        home=town.home,
        line_ids=town.line_ids,
        cls="hardware",
        mode="change",
        by=people[0],
        why="one delivery",
    )
    assert (done.judged, done.left) == (3, 1)
    assert sorted(held(town).values()) == ["hardware"] * 3 + ["not_it"]
    assert actions.undo_group(home=town.home, group=done.group, by=people[0]) == 3
    assert list(held(town).values()) == ["not_it"]


def test_what_a_crash_kept_from_the_ledger_is_appended_later(
    town: Town, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(actions, "settle", lambda **_: 0)  # the process ends after the change stands
        judge(town, 0, "hardware", people[0])
    assert held(town) == {}
    assert actions.settle(home=town.home) == 1
    assert held(town) == {town.line_ids[0]: "hardware"}
    assert actions.settle(home=town.home) == 0


def test_a_later_judgement_on_the_command_line_stands(town: Town, people: People) -> None:
    judge(town, 0, "hardware", people[0])
    judge_in_the_ledger(
        home=town.home, line_id=town.line_ids[0], cls="staff", mode="run", by="Ali", why="payroll"
    )
    assert actions.settle(home=town.home) == 0
    assert held(town) == {town.line_ids[0]: "staff"}


def test_what_is_no_class_is_refused(town: Town, people: People) -> None:
    with pytest.raises(ValidationError, match="no class of the taxonomy"):
        judge(town, 0, "hardwear", people[0])
    with pytest.raises(ValidationError, match="no line"):
        actions.judge(home=town.home, line_id="x", cls="staff", mode="run", by=people[0])
    first = judge(town, 0, "staff", people[0])
    with pytest.raises(ValidationError, match="judged otherwise"):
        judge(town, 0, "software", people[1], seen=first.pk)
    assert ClassJudgement.objects.count() == 1
