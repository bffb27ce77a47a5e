"""Why a plan is as it is: what is said of each choice and each limit is what an enumeration of all plans finds."""

from __future__ import annotations

import threading

import brute
from hypothesis import example, given
from small_problems import problems, small_problem, tried
from test_infeasible import broken_by_each_plan

from rasad.roadmap.explain import Explanation
from rasad.roadmap.explain.explaining import explain
from rasad.roadmap.explain.worths import widened
from rasad.roadmap.infeasible import Change
from rasad.roadmap.infeasible.changed import changed
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import spoken


@tried(40)
@given(problem=problems(most=3))
@example(
    # A budget of nothing leaves nothing; with a step more it does.
    problem=small_problem(
        1,
        1,
        2,
        frozenset(
            {
                "requires",
                "completion",
                "at_least",
                "carry",
                "windows",
                "budgets",
                "run_costs",
                "modes",
                "exclusive",
            }
        ),
    )
)
def test_regret_and_worth_are_what_brute_force_finds(problem: Problem) -> None:
    found = explain(problem, seconds=60)
    best = brute.best(problem)
    if best is None:
        assert (found.status, found.plan, found.whys) == (Status.INFEASIBLE, None, ())
        return
    assert found.status is Status.OPTIMAL
    assert found.complete
    assert found.plan is not None
    assert brute.weighted(problem, found.plan) == best[0]
    chosen = {choice.initiative for choice in found.plan.choices}
    kept = [plan for plan in brute.all_plans(problem) if brute.keeps(problem, plan)]
    for why in found.whys:
        assert why.chosen == (why.initiative in chosen)
        other = [
            brute.weighted(problem, plan) for plan in kept if (plan.of(why.initiative) is None) == why.chosen
        ]
        if other:
            assert (why.at_least, why.at_most) == (best[0] - max(other),) * 2
            assert why.verdict == ("costs" if best[0] > max(other) else "free")
        else:
            assert why.verdict == "forbidden"
    for worth in found.worths:
        wider = widened(problem, worth.limit, worth.step)
        assert wider is not None
        more = brute.best(wider)
        assert more is not None
        assert (worth.at_least, worth.at_most) == (more[0] - best[0],) * 2


@tried(30)
@given(problem=problems(most=3))
def test_what_forbids_a_choice_is_a_smallest_set(problem: Problem) -> None:
    data = problem.model_dump(mode="json")
    for budget in data["limits"]["budgets"]:
        budget["carry_share"] = 0
    problem = parse(data)
    found = explain(problem, seconds=60)
    if found.plan is None:
        return
    # With the choice forced by hand, the lock is the one limit that is not named.
    for why in found.whys:
        if why.verdict != "forbidden" or not why.limits:
            continue
        lock = {"id": "asked", "initiative": why.initiative, "choice": "out" if why.chosen else "in"}
        every = broken_by_each_plan(parse({**data, "locks": [*data["locks"], lock]}))
        limits = {limit.id for limit in why.limits}
        asked = [broken for broken in every if "lock:asked" not in broken]
        assert all(limits & broken for broken in asked)
        for limit in limits:
            assert not asked or any(broken & limits == {limit} for broken in asked)


@tried(30)
@given(problem=problems(most=3))
def test_with_what_it_needs_an_initiative_fits_in(problem: Problem) -> None:
    found = explain(problem, seconds=60)
    for why in found.whys:
        if found.plan is None or why.need is None or not why.need.fits or why.need.first:
            continue
        assert why.need.start is not None
        choice = Choice(initiative=why.initiative, mode=why.need.mode, start=why.need.start)
        raised = [
            Change(
                limit=one.limit,
                words=one.words,
                before=0,
                after=_amount(problem, one.limit.field) + one.amount,
            )
            for one in why.need.additions
        ]
        plan = Plan(choices=(*found.plan.choices, choice))
        assert verify(changed(problem, raised), plan).keeps
        if raised:
            assert not verify(problem, plan).keeps


def _amount(problem: Problem, field: str) -> int:
    value = problem.model_dump()
    for part in field.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    return int(value)  # type: ignore[call-overload]


def test_it_is_said_in_words_and_survives_json() -> None:
    problem = parse({
        "horizon": {"first_year": 1405, "count": 2},
        "goals": [{"id": "time", "title_en": "time"}],
        "initiatives": [
            {"id": "a", "title_en": "A", "modes": [{"duration": 1, "costs": {"software": [70]}, "effects": {"time": {"once": 9}}}]},
            {"id": "b", "title_en": "B", "modes": [{"duration": 1, "costs": {"software": [60]}, "effects": {"time": {"once": 5}}}]},
            {"id": "c", "title_en": "C", "deadline": 0, "requires": [{"initiative": "a"}], "modes": [{"duration": 1}]},
        ],
        "limits": {"budgets": [{"id": "all", "title_en": "the budget", "amounts": [100, 0]}]},
        "objective": {"targets": [{"kind": "goal", "goal": "time"}]},
    })  # fmt: skip
    found = explain(problem)
    first, second, third = found.whys
    assert (first.chosen, first.verdict, first.at_least, first.at_most) == (True, "costs", 40_000, 40_000)
    assert [spoken(move.words) for move in first.moves] == ["B comes in, starting in 1405"]
    assert second.need is not None
    assert second.need.benefit == 40_000
    assert [spoken(one.words) for one in second.need.additions] == [
        "30 rials more (the budget in 1405: at most 100 rials)"
    ]
    assert {limit.id for limit in third.limits} == {"requires:c:0:a", "deadline:c"}
    assert Explanation.model_validate_json(found.model_dump_json()) == found


def test_cut_short_it_says_what_it_knows() -> None:
    problem = instance(60)
    cancel = threading.Event()
    asked: list[int] = []

    def progress(_what: str, done: int, total: int) -> None:
        if total:
            asked.append(done)
            cancel.set()

    found = explain(problem, seconds=6, progress=progress, cancel=cancel)
    assert found.plan is not None
    assert verify(problem, found.plan).keeps
    assert not found.complete
    assert len(found.whys) < 60
