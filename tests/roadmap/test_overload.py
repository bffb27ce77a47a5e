"""What adding up shows is so: no plan keeps the limits that it names, and it finds what stands in a few years alone."""

from __future__ import annotations

import threading
import time

import brute
from hypothesis import given
from small_problems import problems, tried

from rasad.roadmap.infeasible.overload import overload
from rasad.roadmap.infeasible.parts import plan_for
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.rows import STRUCTURE, build, encode
from rasad.roadmap.solve.outcome import Status


@tried(40)
@given(problem=problems(most=3))
def test_no_plan_keeps_what_is_too_much(problem: Problem) -> None:
    rows = build(problem, named_windows=True)
    core = overload(rows, [group for group in rows.groups if group != STRUCTURE.id])
    if core is None:
        return
    assert len(set(core)) == len(core)
    for plan in brute.all_plans(problem):
        broken = {row.group for row in rows.broken(encode(problem, rows, plan))}
        assert broken & {*core, STRUCTURE.id}, plan


def _due(deadline: int | None, people: int = 2) -> Problem:
    """Three things that need two people for a year each, by a deadline, within three years."""
    return parse({
        "horizon": {"first_year": 1405, "count": 3},
        "skills": [{"id": "network", "title_fa": "شبکه", "title_en": "network"}],
        "initiatives": [
            {"id": id_, "mandatory": True, "deadline": deadline, "modes": [{"duration": 1, "skills": {"network": [2]}}]}
            for id_ in "abc"
        ],
        "limits": {"skills": [{"id": "people", "skill": "network", "amounts": [people] * 3}]},
        "objective": {"targets": [{"kind": "completion"}]},
    })  # fmt: skip


def test_windows_are_named_where_they_make_it_too_much() -> None:
    def found(problem: Problem) -> list[str] | None:
        rows = build(problem, named_windows=True)
        return overload(rows, [group for group in rows.groups if group != STRUCTURE.id])

    assert found(_due(None)) is None
    assert found(_due(2)) is None
    tight = found(_due(1))
    assert tight is not None
    assert sorted(tight) == sorted(
        [f"{kind}:{id_}" for kind in ("mandatory", "deadline") for id_ in "abc"]
        + ["skill:people:1405", "skill:people:1406"]
    )
    # Half of the people that it needs cannot do even one of it, in whichever year.
    least = found(_due(None, people=1))
    assert least is not None
    assert [group.split(":")[0] for group in least] == ["mandatory", "skill", "skill", "skill"]


def test_a_search_for_any_plan_can_be_stopped() -> None:
    rows = build(instance(60), named_windows=True)
    cancel = threading.Event()
    cancel.set()
    began = time.monotonic()
    assert plan_for(rows, rows.groups, 600, cancel) is Status.TIME_NONE
    assert time.monotonic() - began < 60
