"""Conflicts are smallest sets, repairs repair and are the smallest: compared with an enumeration of all plans."""

from __future__ import annotations

import threading
from itertools import combinations

import brute
from hypothesis import example, given
from hypothesis import strategies as st
from small_problems import problems, small_problem, tried

from rasad.roadmap.infeasible import Infeasibility
from rasad.roadmap.infeasible.changed import changed
from rasad.roadmap.infeasible.farkas import adds_up
from rasad.roadmap.infeasible.finding import why_infeasible
from rasad.roadmap.infeasible.quickxplain import quickxplain
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Problem, parse
from rasad.roadmap.rows import build
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import spoken


def broken_by_each_plan(problem: Problem) -> list[set[str]]:
    """Return, for every plan within the horizon that has running ones as they are or not at all, the limits that it breaks."""
    frozen = {one.id: one.frozen for one in problem.initiatives if one.frozen is not None}
    found = []
    for plan in brute.all_plans(problem):
        as_they_are = (
            (choice.mode, choice.start) == (frozen[choice.initiative].mode, frozen[choice.initiative].start)
            for choice in plan.choices
            if choice.initiative in frozen
        )
        if all(as_they_are):
            limits = {violation.limit for violation in verify(problem, plan).violations}
            if not any(limit.startswith("horizon:") for limit in limits):
                found.append(limits)
    return found


@tried(80)
@given(problem=problems(most=3))
@example(
    # HiGHS called a repair of two limits the least where lifting one does.
    problem=small_problem(
        612480,
        3,
        2,
        frozenset(
            "goal_scores fairness skill_capacity completion at_least together goal_shares requires change mandatory budgets modes least exclusive".split()
        ),
    )
)
def test_conflicts_are_smallest_sets_and_repairs_are_smallest(problem: Problem) -> None:
    problem = _without_carry(problem)
    found = why_infeasible(problem, seconds=60)
    every = broken_by_each_plan(problem)
    if not all(every):
        assert (found.status, found.conflicts, found.repairs) == ("feasible", (), ())
        return
    assert found.status == "infeasible"
    assert found.conflicts
    named: set[str] = set()
    for conflict in found.conflicts:
        limits = {limit.id for limit in conflict.limits}
        assert conflict.proven
        assert conflict.minimal
        assert all(limits & broken for broken in every), "a plan keeps them all"
        for limit in limits:
            assert any(broken & limits == {limit} for broken in every), "it is not needed"
        assert not limits & named
        named |= limits
    for repair in found.repairs:
        mended = changed(problem, repair.changes)
        assert verify(mended, repair.plan).keeps
        assert brute.keeps(mended, repair.plan)
        assert repair.at_least <= repair.size
        if repair.kind in ("postpone", "lift"):
            assert repair.smallest
            assert repair.size == len(repair.changes) == _fewest(problem, every, repair.kind)
    if not found.repairs:
        # Then nothing helps but to undo what is running.
        assert any(limit.kind == "frozen" for conflict in found.conflicts for limit in conflict.limits)


def _without_carry(problem: Problem) -> Problem:
    """Return the problem with nothing left over: what a broken budget leaves for the next period is a matter of taste."""
    data = problem.model_dump(mode="json")
    for budget in data["limits"]["budgets"]:
        budget["carry_share"] = 0
    return parse(data)


def _fewest(problem: Problem, every: list[set[str]], kind: str) -> int:
    kinds = {group.id: group.kind for group in build(problem, named_windows=True).groups.values()}
    held = {f"lock:{lock.id}" for lock in problem.locks if lock.choice == "in"}
    running = {f"mandatory:{one.id}" for one in problem.initiatives if one.frozen is not None}
    if kind == "postpone":
        free = {id_ for id_ in kinds if kinds[id_] == "mandatory" or id_ in held} - running
    else:
        free = {id_ for id_, of in kinds.items() if of not in ("frozen", "structure")}
    return min(len(broken) for broken in every if broken <= free)


@tried(200)
@given(
    conflicts=st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=5),
)
def test_quickxplain_gives_a_smallest_set(conflicts: list[frozenset[str]]) -> None:
    found = quickxplain("abcdefgh", lambda some: any(one <= set(some) for one in conflicts))
    assert any(one <= set(found) for one in conflicts)
    for fewer in combinations(found, len(found) - 1):
        assert not any(one <= set(fewer) for one in conflicts)


def test_rows_that_do_not_add_up_prove_nothing() -> None:
    problem = _skills(people=3)
    rows = build(problem, named_windows=True)
    places = {row.group: at for at, row in enumerate(rows.rows) if row.group != "structure"}
    demands = {places["mandatory:a"]: 2, places["mandatory:b"]: 2, places["skill:people:1405"]: -2}
    assert adds_up(rows, demands)
    assert not adds_up(rows, {**demands, places["mandatory:b"]: 0})
    assert not adds_up(rows, {at: -value for at, value in demands.items()})


def _skills(people: int) -> Problem:
    """Three things that must be done in one year and need two people each."""
    return parse({
        "horizon": {"first_year": 1405, "count": 1},
        "skills": [{"id": "network", "title_fa": "شبکه", "title_en": "network"}],
        "initiatives": [
            {"id": id_, "title_en": id_.upper(), "mandatory": True, "modes": [{"duration": 1, "skills": {"network": [2]}}]}
            for id_ in "abc"
        ],
        "limits": {"skills": [{"id": "people", "skill": "network", "amounts": [people]}]},
        "objective": {"targets": [{"kind": "completion"}]},
    })  # fmt: skip


def test_it_is_said_in_the_users_words() -> None:
    found = why_infeasible(_skills(people=3))
    (conflict,) = found.conflicts
    assert spoken(conflict.summary) == "2 mandatory initiatives against one skill limit"
    assert spoken(conflict.limits)[-1]["words"] == "network in 1405: at most 3"
    postponed, more = found.repairs
    assert spoken(postponed.words).startswith("leave these 2 out of these years: ")
    assert (postponed.size, postponed.smallest) == (2, True)
    assert spoken(more.words) == "give 3 (100%) more for network in 1405"
    assert (more.changes[0].before, more.changes[0].after) == (3, 6)
    assert more.smallest
    assert Infeasibility.model_validate_json(found.model_dump_json()) == found


def test_cut_short_it_says_the_conflict_that_it_has() -> None:
    cancel = threading.Event()

    def progress(_what: str, done: int, _total: int) -> None:
        if done:
            cancel.set()

    found = why_infeasible(_skills(people=3), progress=progress, cancel=cancel)
    assert (found.status, len(found.conflicts), found.repairs) == ("infeasible", 1, ())


def test_ids_may_have_colons_of_their_own() -> None:
    problem = parse(
        {
            "horizon": {"first_year": 1405, "count": 1},
            "units": [{"id": "it", "title_en": "all of IT"}, {"id": "it:net", "title_en": "network"}],
            "initiatives": [
                {"id": id_, "unit": "it:net", "mandatory": True, "modes": [{"duration": 1}]} for id_ in "ab"
            ],
            "limits": {"running": [{"id": "no:scatter", "unit": "it:net", "at_most": [1]}]},
            "objective": {"targets": [{"kind": "completion"}]},
        }
    )
    _, more = why_infeasible(problem).repairs
    assert spoken(more.words) == "give 1 (100%) more for work at once in network in 1405"


def test_long_sets_are_summed_up_and_repaired() -> None:
    data = instance(60, tightness="tight").model_dump(mode="json")
    for one in data["initiatives"]:
        one["requires"], one["mandatory"], one["deadline"] = [], True, None
        for mode in one["modes"]:
            mode["skills"] = {"network": [1] * mode["duration"]}
    data["groups"] = []
    # Four at once for five years: twenty, where half of them take two years each.
    data["limits"] = {
        "skills": [{"id": "network", "skill": "network", "amounts": [4] * 5}],
        "budgets": data["limits"]["budgets"],
    }
    for budget in data["limits"]["budgets"]:
        budget["amounts"] = [10 * amount for amount in budget["amounts"]]
    problem = parse(data)
    # It takes less than a second; on a busy machine, too, the second conflict is to be looked for.
    found = why_infeasible(problem, seconds=60)
    assert found.status == "infeasible"
    assert all(conflict.proven for conflict in found.conflicts)
    longest = max(found.conflicts, key=lambda conflict: len(conflict.limits))
    assert len(longest.limits) > 15
    assert "mandatory initiatives" in spoken(longest.summary)
    assert len(spoken(longest.summary)) < 200
    assert found.repairs
    for repair in found.repairs:
        mended = changed(problem, repair.changes)
        assert solve(mended, seconds=2, start=repair.plan).plan is not None
