"""Long documents on the trail: little is kept of a change, and every state is made from it again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.actions import roadmaps
from rasad.records.documents import (
    LostError,
    applied,
    difference,
    digest,
    document_at,
    shortened,
    steps_of,
    undone,
)
from rasad.records.models import Account, AuditEvent
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import dump
from rasad.web.workbench.history import tell

ATOMS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "", "الف"])
DOCUMENTS = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abid"), inner, max_size=4),
    max_leaves=12,
)


def told(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_a_difference_leads_from_one_document_to_the_other(before: Any, after: Any) -> None:
    steps = json.loads(json.dumps(list(difference(before, after))))
    untouched = told(before)
    assert told(applied(before, steps)) == told(after)
    assert told(before) == untouched
    assert (steps == []) == (told(before) == told(after))


def test_what_is_short_or_wholly_new_stands_whole() -> None:
    short = ({"problem": {"a": 1}, "title": "x"}, {"problem": {"a": 2}, "title": "y"})
    assert shortened(*short) == short
    long = ({"problem": [1] * 5_000}, {"problem": list(range(5_000))})
    assert shortened(*long) == long
    first = ({"explanation": None}, {"explanation": {"whys": [1] * 5_000}})
    assert shortened(*first) == first


def test_steps_of_another_document_are_refused() -> None:
    with pytest.raises(LostError):
        applied({"a": 1}, list(difference({"b": [1, 2]}, {"b": [1, 3]})))


@pytest.mark.django_db
def test_a_scenarios_trail_is_short_and_has_every_state_of_its_problem() -> None:
    by = Account.objects.create(email="trail@example.org", name="دبیر")
    problem = instance(20, seed=1)
    made = roadmaps.draft(code="S", title="سناریو", problem=dump(problem), by=by)
    states = {made.version: dict(made.problem)}
    for one in problem.initiatives[:3]:
        made = roadmaps.lock(scenario=made, seen=made.version, initiative=one.id, choice="out", by=by)
        states[made.version] = dict(made.problem)
    dearer = json.loads(json.dumps(made.problem))
    dearer["initiatives"][4]["title_fa"] = "نامی دیگر"
    made = roadmaps.change_scenario(scenario=made, seen=made.version, problem=dearer, by=by)
    states[made.version] = dict(made.problem)
    events = list(AuditEvent.objects.of(made))
    whole = len(json.dumps(states[1]))
    assert [len(json.dumps([one.before, one.after])) < whole / 20 for one in events] == [True] * 4 + [False]
    for version, state in states.items():
        assert document_at(noun="scenario", record_id=made.pk, name="problem", version=version) == state
    # A page says what changed in the words of the forms; the first only that there is a document.
    with translation.override("fa"):
        told = tell(events)
    shown = told[0].differences[0]
    assert shown.label == "طرح «نامی دیگر»، نام به فارسی"
    assert "نامی دیگر" in shown.after
    assert problem.initiatives[4].title_fa in shown.before
    for event, one in zip(told[1:4], reversed(problem.initiatives[:3]), strict=True):
        (lock,) = event.differences
        assert f"گزینش دستی «{one.name.fa}»" in lock.label
        assert "کنارگذاشته" in lock.after
    assert [one.label for one in told[4].differences if "سناریو" in one.after]
    # Whoever tampered with a state between is found out.
    last = steps_of((events[0].after or {})["problem"])
    assert last is not None
    assert digest(applied(states[1], last)) != (events[0].after or {})["problem"]["sha256"]
    # Every step leads back, too.
    assert applied(states[5], undone(last)) == states[4]
