"""The verifier accepts exactly the plans that brute force does, names the limits that the rows name, and says them in words."""

from __future__ import annotations

import brute
from hypothesis import given
from small_problems import problems, small_problem, tried

from rasad.roadmap.problem import Choice, Plan, Problem, parse
from rasad.roadmap.rows import build, decode, encode
from rasad.roadmap.verify import verify


@tried(60)
@given(problem=problems(most=3))
def test_it_accepts_exactly_what_brute_force_does_and_names_what_the_rows_name(problem: Problem) -> None:
    rows = build(problem, named_windows=True)
    for plan in brute.all_plans(problem):
        verdict = verify(problem, plan)
        assert verdict.keeps == brute.keeps(problem, plan), plan
        assert list(verdict.values) == brute.values(problem, plan), plan
        values = encode(problem, rows, plan)
        if set(decode(problem, rows, values).choices) == set(plan.choices):
            assert {found.limit for found in verdict.violations} == {row.group for row in rows.broken(values)}
        for found in verdict.violations:
            assert "%(" not in found.words.said()


def test_every_violation_is_said_with_its_figures() -> None:
    problem = parse({
        "horizon": {"first_year": 1405, "count": 2},
        "goals": [{"id": "access", "title_en": "access"}],
        "skills": [{"id": "net", "title_fa": "شبکه", "title_en": "network"}],
        "units": [{"id": "it", "title_en": "IT"}],
        "districts": [{"id": "n", "title_en": "north"}, {"id": "s", "title_en": "south"}],
        "initiatives": [
            {"id": "a", "title_en": "fibre", "title_fa": "فیبر", "unit": "it", "districts": {"n": 10_000},
             "modes": [{"duration": 1, "costs": {"hardware": [90]}, "skills": {"net": [3]}}]},
            {"id": "b", "title_en": "portal", "unit": "it", "mandatory": True, "requires": [{"initiative": "a"}],
             "modes": [{"duration": 1, "costs": {"software": [20]}}]},
            {"id": "c", "title_en": "signs", "mandatory": True, "modes": [{"duration": 1}]},
        ],
        "limits": {
            "budgets": [{"id": "all", "title_en": "budget", "title_fa": "بودجه", "amounts": [100, 100]}],
            "category_shares": [{"id": "hw", "title_en": "hardware cap", "categories": ["hardware"], "at_most": 3000}],
            "skills": [{"id": "net", "skill": "net", "amounts": [2, 2]}],
            "running": [{"id": "wip", "at_most": [1]}],
            "fairness": [{"id": "fair", "at_least": 2500}],
            "goal_shares": [{"id": "gs", "goal": "access", "at_least": 5000}],
            "goal_scores": [{"id": "gv", "goal": "access", "at_least": 5}],
        },
        "objective": {"targets": [{"kind": "cost"}]},
    })  # fmt: skip
    plan = Plan(choices=(Choice(initiative="a", start=0), Choice(initiative="b", start=0)))
    verdict = verify(problem, plan)
    assert [found.words.said() for found in verdict.violations] == [
        "signs is mandatory and left out",
        "portal starts in 1405; with fibre as planned it can from 1406",
        "budget in 1405: 110 rials spent of 100 rials; 10 rials too much",
        "hardware cap in 1405: 90 rials of 110 rials, more than 30%",
        "network in 1405: 3 needed, 2 there",
        "IT in 1405: 2 initiatives running at once; at most 1",
        "south gets 0% of the spending in districts; at least 25%",
        "access: 0% of all spending serves it; at least 50%",
        "access: 0; at least 5",
    ]
    assert [found.field for found in verdict.violations][2] == "limits.budgets.0.amounts.0"
    assert verdict.values == (110,)


def test_choices_that_the_problem_does_not_know_are_named() -> None:
    problem = small_problem(1, 1, 1, frozenset())
    plan = Plan(choices=(Choice(initiative="x", start=0), Choice(initiative="i0", mode="y", start=0)))
    assert [found.limit for found in verify(problem, plan).violations] == ["unknown:x", "unknown:i0"]
