"""Why a plan is as it is: what is said of each choice and each limit is what an enumeration of all plans finds."""

from __future__ import annotations

import threading
import time
from math import inf

import brute
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from small_problems import problems, small_problem, tried
from test_infeasible import broken_by_each_plan

from rasad.roadmap.explain import Explanation, Why
from rasad.roadmap.explain.explaining import explain
from rasad.roadmap.explain.forcing import both
from rasad.roadmap.explain.said import change, needed
from rasad.roadmap.explain.searching import best_plan
from rasad.roadmap.explain.together import ask_together
from rasad.roadmap.explain.together import given as given_choice
from rasad.roadmap.explain.worths import widened
from rasad.roadmap.infeasible import Change
from rasad.roadmap.infeasible.changed import changed
from rasad.roadmap.infeasible.finding import why_infeasible
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.solve.highs import Quiet
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import Name, spoken

METHODS = ("weighted", "lexicographic", "lexicographic with slack")


def taken(problem: Problem, method: str) -> Problem:
    """Return the problem with its targets taken in another way: together, or one after the other."""
    data = problem.model_dump(mode="json")
    data["objective"]["method"] = method.split()[0]
    seen: list[str] = []
    for number, target in enumerate(data["objective"]["targets"]):
        target["slack"] = 2500 if "slack" in method and number == 0 else 0
        seen.append(target["kind"] + target.get("goal", ""))
    if method != "weighted":
        data["objective"]["targets"] = [
            target for at, target in enumerate(data["objective"]["targets"]) if seen.index(seen[at]) == at
        ]
    return parse(data)


Valued = list[tuple[Plan, list[int]]]


def valued(problem: Problem) -> Valued:
    """Return every plan that keeps the limits, with what it reaches of each aim, more being better."""
    kept = [plan for plan in brute.all_plans(problem) if brute.keeps(problem, plan)]
    if problem.objective.method == "weighted":
        return [(plan, [brute.weighted(problem, plan)]) for plan in kept]
    signs = [1 if target.maximise else -1 for target in problem.objective.targets]
    return [
        (plan, [sign * value for sign, value in zip(signs, brute.values(problem, plan), strict=True)])
        for plan in kept
    ]


def aims(problem: Problem, plans: Valued) -> list[tuple[int, int]]:
    """Return the best of each aim among the plans that keep those before it, and what must be kept of it."""
    found = []
    for number in range(len(plans[0][1])):
        best = max(values[number] for _plan, values in plans)
        last = number + 1 == len(plans[0][1])
        kept = best if last else best - abs(best) * problem.objective.targets[number].slack // 10_000
        found.append((best, kept))
        plans = [(plan, values) for plan, values in plans if values[number] >= kept]
    return found


def first_change(reached: list[tuple[int, int]], plans: Valued, *, lost: bool) -> tuple[int, int]:
    """Return the first aim of which the best of some plans loses (or gains), and how much."""
    for number, (best, kept) in enumerate(reached):
        here = max(values[number] for _plan, values in plans)
        change = max(0, kept - here) if lost else max(0, here - best)
        if change or number + 1 == len(reached):
            return number, change
        plans = [(plan, values) for plan, values in plans if values[number] >= kept]
    raise AssertionError


@tried(60)
@given(problem=problems(most=3), method=st.sampled_from(METHODS))
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
    ),
    method="weighted",
)
def test_regret_and_worth_are_what_brute_force_finds(problem: Problem, method: str) -> None:
    problem = taken(problem, method)
    found = explain(problem, seconds=60)
    every = valued(problem)
    if not every:
        assert (found.status, found.plan, found.whys) == (Status.INFEASIBLE, None, ())
        return
    assert found.status is Status.OPTIMAL
    assert found.complete
    assert found.plan is not None
    reached = aims(problem, every)
    signs = [1 if aim.maximise else -1 for aim in found.aims]
    assert [
        (sign * aim.objective, sign * aim.kept) for sign, aim in zip(signs, found.aims, strict=True)
    ] == reached
    assert all(aim.objective == aim.bound for aim in found.aims)
    chosen = {choice.initiative for choice in found.plan.choices}
    for why in found.whys:
        assert why.chosen == (why.initiative in chosen)
        other = [one for one in every if (one[0].of(why.initiative) is None) == why.chosen]
        if other:
            target, loss = first_change(reached, other, lost=True)
            assert (why.target, why.at_least, why.at_most) == (target, loss, loss)
            assert why.verdict == ("costs" if loss else "free")
            # What one left out would need is answered for every aim.
            if not why.chosen:
                assert why.need is not None
                assert why.need.allowed == (loss or None)
                assert needed(found, why) or not loss
        else:
            assert why.verdict == "forbidden"
    for worth in found.worths:
        wider = widened(problem, worth.limit, worth.step)
        assert wider is not None
        target, gain = first_change(reached, valued(wider), lost=False)
        assert (worth.target, worth.at_least, worth.at_most) == (target, gain, gain)


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


@tried(30)
@given(problem=problems(most=3))
def test_asked_about_together_each_choice_has_its_own_bound(problem: Problem) -> None:
    stop = threading.Event()
    _status, base, _first = best_plan(problem, None, 20, stop)
    if base is None:
        return
    bounds: dict[int, float] = {}
    places = range(len(problem.initiatives))
    ask_together(base, places, bounds, time.monotonic() + 20, stop)
    every = valued(problem)
    for at in places:
        other = [
            value
            for plan, [value] in every
            if any(choice.initiative == problem.initiatives[at].id for choice in plan.choices)
            != base.chosen(at)
        ]
        if not given_choice(base, at):
            sign = base.stages[0].sign
            assert sign * bounds[at] == max(other, default=-inf)


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


def test_what_is_longer_than_all_periods_is_said_to_be() -> None:
    problem = parse(
        {
            "horizon": {"count": 2},
            "goals": [{"id": "g"}],
            "initiatives": [
                {
                    "id": "long",
                    "modes": [
                        {"duration": 3, "effects": {"g": {"once": 1}}},
                        {"id": "longer", "duration": 4},
                    ],
                },
                {"id": "after", "modes": [{"duration": 1}], "requires": [{"initiative": "long"}]},
            ],
            "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
        }
    )
    said = [spoken(limit.words) for why in explain(problem, seconds=10).whys for limit in why.limits]
    assert said == [
        "long takes longer than all the periods together",
        "after needs long to be complete first",
    ]


def test_a_loss_is_said_in_the_unit_of_the_target_that_is_lost() -> None:
    problem = parse({
        "horizon": {"first_year": 1405, "count": 1},
        "goals": [{"id": "time", "title_en": "time"}],
        "initiatives": [
            {"id": "a", "modes": [{"duration": 1, "costs": {"software": [70]}, "effects": {"time": {"once": 9}}}]},
            {"id": "b", "modes": [{"duration": 1, "costs": {"software": [20]}, "effects": {"time": {"once": 1}}}]},
            {"id": "c", "modes": [{"duration": 1, "costs": {"software": [10]}}]},
        ],
        "limits": {"budgets": [{"id": "all", "amounts": [200]}]},
        "objective": {"method": "lexicographic", "targets": [{"kind": "goal", "goal": "time"}, {"kind": "cost"}]},
    })  # fmt: skip
    found = explain(problem)
    said = []
    for why in found.whys:
        aim = found.aim(why.target)
        assert aim is not None
        said.append(change(aim, why.at_least, why.at_most, lost=True).said())
    assert said == ["90% less of: time", "10% less of: time", "10 rials more spending"]
    money = found.aims[1]
    assert change(money, 5, None, lost=False).said() == "at least 5 rials less spending"
    assert change(money, 0, 7, lost=True).said() == "at most 7 rials more spending"
    assert change(money, 5, 7, lost=True).said() == "5 rials to 7 rials more spending"


def test_more_benefit_wins_against_the_targets_that_follow() -> None:
    def lexicographic(once: int) -> Problem:
        return parse({
            "horizon": {"first_year": 1405, "count": 1},
            "goals": [{"id": "time"}],
            "initiatives": [
                {"id": "a", "modes": [{"duration": 1, "costs": {"software": [70]}, "effects": {"time": {"once": 9}}}]},
                {"id": "b", "modes": [{"duration": 1, "costs": {"software": [80]}, "effects": {"time": {"once": once}}}]},
                {"id": "c", "modes": [{"duration": 1, "costs": {"software": [10]}}]},
            ],
            "limits": {"budgets": [{"id": "all", "amounts": [100]}]},
            "objective": {"method": "lexicographic", "targets": [{"kind": "goal", "goal": "time"}, {"kind": "cost"}]},
        })  # fmt: skip

    def needs(found: Explanation) -> list[int | None]:
        return [None if why.need is None else why.need.benefit for why in found.whys]

    # As much as a is not enough: b costs more. More spending is nothing that benefit mends.
    assert needs(explain(lexicographic(5))) == [None, 40_001, None]
    assert needs(explain(lexicographic(9))) == [None, None, None]
    assert needs(explain(lexicographic(10))) == [10_001, None, None]
    found = explain(lexicographic(5))
    said = [[words.said() for words in needed(found, why)] for why in found.whys]
    assert said[0] == []
    assert said[1][0] == "To be worth its place it would have to bring 44.45% more of: time."
    assert said[2] == [
        "It would be in a plan that is allowed this: 10 rials more spending. That it brings more would not do."
    ]


def test_asked_again_it_says_no_less() -> None:
    first = Why(initiative="a", name=Name("", "a"), chosen=True, verdict="unknown", at_least=10, at_most=50)
    assert both(first, first.model_copy(update={"at_least": 5, "at_most": 40})) == first.model_copy(
        update={"at_most": 40}
    )
    assert both(first, first.model_copy(update={"at_least": None, "at_most": None})) == first
    lost_later = first.model_copy(update={"target": 1, "at_least": 0, "at_most": 3})
    assert both(first, lost_later) == lost_later
    assert both(lost_later, first) == lost_later
    forbidden = first.model_copy(update={"verdict": "forbidden"})
    assert both(first, forbidden) == forbidden


def test_told_to_stop_it_starts_no_solver_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = instance(60)
    start = solve(problem, seconds=0.2).plan
    assert start is not None
    cancel = threading.Event()
    late: list[str] = []

    def counted(solver: type, name: str) -> None:
        runs = getattr(solver, name)

        def run(*given: object) -> object:
            late.extend([solver.__name__] if cancel.is_set() else [])
            return runs(*given)

        monkeypatch.setattr(solver, name, run)

    counted(Quiet, "run")
    counted(cp_model.CpSolver, "solve")
    found = explain(problem, seconds=6, start=start, progress=lambda *_step: cancel.set(), cancel=cancel)
    assert (found.plan, found.complete, late) == (start, False, [])
    whys = why_infeasible(problem, progress=lambda *_step: cancel.set(), cancel=cancel)
    assert (whys.status, late) == ("unknown", [])


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
