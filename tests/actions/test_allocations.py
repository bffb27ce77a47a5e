"""Judging what money is for: one judgement holds, earlier ones stay, all of it on the trail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from judged_town import People, Town

from rasad.actions import allocation_rules as rules
from rasad.actions import allocations
from rasad.actions.judging import token
from rasad.ledger.allocate import allocation
from rasad.records.changes import StaleError, changing
from rasad.records.models import Account, AllocationPart, AllocationRule, AuditEvent, Judgement, Project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def amounts(town: Town) -> dict[str | None, int]:
    """Return what each project gets now."""
    rows = allocation(town.home, allocations.rules_in_force(), allocations.holding()).collect()
    found: dict[str | None, int] = {}
    for row in rows.iter_rows(named=True):
        found[row["project"]] = found.get(row["project"], 0) + row["amount"]
    return found


def judge(town: Town, number: int, parts: dict[str, int], by: Account, **values: Any) -> Judgement:
    return allocations.judge(
        home=town.home, kind="line", subject=town.line_ids[number], parts=parts, by=by, **values
    )


def test_a_judgement_allocates_and_is_on_the_trail(
    town: Town, people: People, projects: list[Project]
) -> None:
    made = judge(town, 0, {"p1": 6_000, "p2": 2_500}, people[0], why="read the invoice")
    assert amounts(town) == {"p1": 600, "p2": 250, None: 150 + 333 - 70 + 5}
    event = AuditEvent.objects.of(made).get()
    assert (event.action, event.account, event.why) == ("allocation.judge", people[0], "read the invoice")
    parts = AuditEvent.objects.filter(change=event.change, noun="allocationpart")
    assert sorted(part.after["share_bp"] for part in parts) == [2_500, 6_000]


def test_the_line_comes_before_its_contract_and_undo_brings_back(
    town: Town, people: People, projects: list[Project]
) -> None:
    allocations.judge(home=town.home, kind="contract", subject="c1", parts={"p1": 10_000}, by=people[0])
    first = judge(town, 0, {"p2": 10_000}, people[0])
    second = judge(town, 0, {}, people[0], seen=first.pk)
    assert amounts(town) == {"p1": 333, None: 1_000 - 70 + 5}
    allocations.undo(judgement=second, seen=second.version, by=people[1], why="hasty")
    assert amounts(town)["p2"] == 1_000
    first.refresh_from_db()
    allocations.undo(judgement=first, seen=first.version, by=people[1])
    assert amounts(town) == {"p1": 1_333, None: -65}
    assert Judgement.objects.filter(subject_kind="line").count() == 2
    with pytest.raises(ValidationError, match="undone already"):
        first.refresh_from_db()
        allocations.undo(judgement=first, seen=first.version, by=people[1])


def test_undoing_an_earlier_judgement_leaves_the_one_that_holds(
    town: Town, people: People, projects: list[Project]
) -> None:
    first = judge(town, 0, {"p1": 10_000}, people[0])
    second = judge(town, 0, {"p2": 10_000}, people[0], seen=first.pk)
    first.refresh_from_db()
    allocations.undo(judgement=first, seen=first.version, by=people[0])
    second.refresh_from_db()
    allocations.undo(judgement=second, seen=second.version, by=people[0])
    assert allocations.holding() == []


def test_the_second_of_two_who_judge_at_once_is_told(
    town: Town, people: People, projects: list[Project]
) -> None:
    first = judge(town, 0, {"p1": 10_000}, people[0])
    with pytest.raises(StaleError) as told:
        judge(town, 0, {"p2": 10_000}, people[1], why="mine")
    assert told.value.current == first
    assert Judgement.objects.count() == 1


def test_who_contradicts_another_says_why_and_the_disagreement_shows(
    town: Town, people: People, projects: list[Project]
) -> None:
    first = judge(town, 0, {"p1": 10_000}, people[0])
    with pytest.raises(ValidationError, match="زهرا judged otherwise"):
        judge(town, 0, {"p2": 10_000}, people[1], seen=first.pk)
    second = judge(town, 0, {"p2": 10_000}, people[1], seen=first.pk, why="the contract says so")
    (shown,) = allocations.disagreements()
    assert [one.by for one in shown.judgements] == [people[1], people[0]]
    # Judging anew as the other did ends it.
    judge(town, 0, {"p2": 10_000}, people[0], seen=second.pk)
    assert allocations.disagreements() == []
    assert amounts(town)["p2"] == 1_000


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"p1": 6_000, "p2": 4_001}, "share_sum"),
        ({"p1": 0}, "share_range"),
        ({"p9": 10_000}, "no_such_project"),
    ],
)
def test_shares_that_cannot_stand_are_refused(
    town: Town, people: People, projects: list[Project], parts: dict[str, int], code: str
) -> None:
    with pytest.raises(ValidationError) as told:
        judge(town, 0, parts, people[0])
    assert told.value.error_dict["parts"][0].code == code
    assert Judgement.objects.count() == 0
    assert AuditEvent.objects.filter(noun="judgement").count() == 0


def test_a_line_that_the_ledger_does_not_have_is_refused(town: Town, people: People) -> None:
    with pytest.raises(ValidationError, match="no line 0-0-0"):
        allocations.judge(home=town.home, kind="line", subject="0-0-0", parts={}, by=people[0])


def test_many_lines_are_one_group_and_what_people_said_is_left_alone(
    town: Town, people: People, projects: list[Project]
) -> None:
    judge(town, 1, {"p3": 10_000}, people[1])
    done = allocations.judge_many(
        home=town.home,
        line_ids=town.line_ids,
        parts={"p1": 10_000},
        by=people[0],
        why="all of unit 501",
        expected=token(town.line_ids),
    )
    assert (done.judged, done.left) == (3, 1)
    assert amounts(town) == {"p1": 1_000 - 70 + 5, "p3": 333}
    assert allocations.undo_group(group=done.group, by=people[0], why="too many") == 3
    assert amounts(town) == {"p3": 333, None: 935}
    with pytest.raises(ValidationError, match="undone already"):
        allocations.undo_group(group=done.group, by=people[0])


def test_only_what_was_seen_is_judged(town: Town, people: People, projects: list[Project]) -> None:
    with pytest.raises(ValidationError, match="Other lines meet the filter now"):
        allocations.judge_many(
            home=town.home,
            line_ids=town.line_ids,
            parts={},
            by=people[0],
            why="x",
            expected=token(town.line_ids[:3]),
        )
    with pytest.raises(ValidationError, match="Say why"):
        allocations.judge_many(home=town.home, line_ids=town.line_ids, parts={}, by=people[0], why=" ")
    assert Judgement.objects.count() == 0


WHOLE = [{"project": "p1", "share_bp": 10_000}]


def drafted(by: Account, **values: Any) -> AllocationRule:
    return rules.draft(
        **{"code": "net", "title": "Network", "conditions": {"title_any": ["switches"]}, "parts": WHOLE}
        | values,
        by=by,
    )


def test_a_rule_decides_only_in_force_and_a_change_is_a_further_version(
    town: Town, people: People, projects: list[Project]
) -> None:
    first = drafted(people[0])
    assert amounts(town) == {None: 1_268}
    first = rules.change_rule(rule=first, seen=1, by=people[0], title="Networks")
    assert (first.number, first.version) == (1, 2)
    first = rules.put_in_force(rule=first, seen=2, by=people[0], why="agreed")
    assert amounts(town) == {"p1": 1_333, None: -65}
    second = rules.change_rule(
        rule=first, seen=first.version, by=people[0], parts=[{"project": "p2", "share_bp": 5_000}]
    )
    assert (second.number, second.state) == (2, "draft")
    assert amounts(town)["p1"] == 1_333
    rules.put_in_force(rule=second, seen=second.version, by=people[1])
    assert amounts(town) == {"p2": 500 + 167, None: 500 + 166 - 65}
    assert [(one.number, one.state) for one in rules.versions("net")] == [(2, "in_force"), (1, "retired")]
    second.refresh_from_db()
    rules.retire(rule=second, seen=second.version, by=people[0])
    assert amounts(town) == {None: 1_268}
    actions = AuditEvent.objects.filter(noun="allocationrule").order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "rule.draft",
        "rule.change",
        "rule.put_in_force",
        "rule.change",
        "rule.put_in_force",
        "rule.put_in_force",
        "rule.retire",
    ]


def test_a_rule_never_overrides_a_person(town: Town, people: People, projects: list[Project]) -> None:
    judge(town, 0, {}, people[0])
    rule = drafted(people[1])
    rules.put_in_force(rule=rule, seen=rule.version, by=people[1])
    assert amounts(town) == {"p1": 333, None: 1_000 - 65}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"conditions": {}}, "conditions", "would take every line"),
        ({"conditions": {"units": "501"}}, "conditions", "“units: 501” is no list"),
        ({"parts": []}, "parts", "say which project"),
        ({"parts": [{"project": "p9", "share_bp": 10}]}, "parts", "no project “p9”"),
        ({"parts": [*WHOLE, {"project": "p2", "share_bp": 1}]}, "parts", "come to 10001"),
    ],
)
def test_a_rule_that_cannot_stand_says_why(
    people: People, projects: list[Project], values: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as told:
        drafted(people[0], **values)
    assert message in told.value.message_dict[field][0]
    assert AllocationRule.objects.count() == 0


def test_a_version_in_force_is_not_rewritten(people: People, projects: list[Project]) -> None:
    rule = drafted(people[0])
    rule = rules.put_in_force(rule=rule, seen=rule.version, by=people[0])
    for name, value in (("order", 1), ("title", "x"), ("parts", []), ("conditions", {"units": ["1"]})):
        with (
            pytest.raises(ValidationError) as told,
            changing(by=people[0], action="rule.change") as change,
        ):
            change.update(rule, seen=rule.version, **{name: value})
        assert name in told.value.error_dict


def test_two_who_change_a_rule_at_once(people: People, projects: list[Project]) -> None:
    rule = drafted(people[0])
    with pytest.raises(ValidationError, match="already"):
        drafted(people[0])
    rules.change_rule(rule=rule, seen=1, by=people[0], order=5)
    with pytest.raises(StaleError):
        rules.change_rule(rule=rule, seen=1, by=people[1], order=6)
    rule.refresh_from_db()
    rule = rules.put_in_force(rule=rule, seen=rule.version, by=people[0])
    rules.change_rule(rule=rule, seen=rule.version, by=people[0], order=7)
    with pytest.raises(StaleError) as told:
        rules.change_rule(rule=rule, seen=rule.version, by=people[1], order=8)
    assert (told.value.current.number, told.value.current.order) == (2, 7)  # type: ignore[attr-defined]


def test_a_staged_allocation_is_what_holds(
    town: Town, people: People, projects: list[Project], tmp_path: Path
) -> None:
    judge(town, 3, {"p2": 1}, people[0])
    path = allocations.stage(home=town.home, path=tmp_path / "allocation.parquet")
    assert path.stat().st_size > 0
    assert AllocationPart.objects.count() == 1
    assert allocations.allocate(home=town.home).computed_lines == 0
