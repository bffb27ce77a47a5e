"""Rows for the limits: budgets with carry-over, shares of categories, skills, running at once, fairness, goals."""

from __future__ import annotations

from collections.abc import Callable

from rasad.roadmap.problem import Budget, CategoryShare, Fairness, Initiative, Mode, Problem, Running
from rasad.roadmap.problem.parts import WHOLE_SHARE, Holder
from rasad.roadmap.rows.amounts import (
    Profile,
    all_spending,
    goal_terms,
    in_period,
    need,
    running,
    spending,
    spending_terms,
)
from rasad.roadmap.rows.building import Sheet, Terms, linear, times
from rasad.roadmap.rows.company import add_company
from rasad.roadmap.rows.table import Group, Linear
from rasad.roadmap.wording import Amount, Name, Share, Value, Words, names


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def add_budgets(sheet: Sheet) -> None:
    """Spending + left for the next ≤ amount + left by the one before; at most a share of a period's own amount is left."""
    for number, budget in enumerate(sheet.problem.limits.budgets):
        _budget(sheet, number, budget)


def _budget(sheet: Sheet, number: int, budget: Budget) -> None:
    problem = sheet.problem
    weights = dict.fromkeys(budget.categories, 1) or all_spending(problem)
    profiles = _profiles(sheet, lambda mode: spending(mode, weights))
    left: int | None = None
    for period, amount in enumerate(budget.amounts):
        group = sheet.group(budget_group(problem, number, period))
        spent = list(_in_period(sheet, profiles, period))
        before = [] if left is None else [(left, 1)]
        most = amount * budget.carry_share // WHOLE_SHARE
        left = None
        if most and period + 1 < len(budget.amounts):
            left = sheet.variable(f"{budget.id} left in {period}", "carry", most)
            free = linear([*before, *times(-1, spent)], amount)
            sheet.define(left, [(free, 1), (Linear((), (), most), 1)])
        sheet.row(group, [*spent, *times(-1, before), *([] if left is None else [(left, 1)])], upper=amount)


def budget_group(problem: Problem, number: int, period: int) -> Group:
    """Return the group of a budget in a period."""
    budget, horizon = problem.limits.budgets[number], problem.horizon
    amount = Amount(budget.amounts[period], problem.currency)
    words = Words(
        _n("%(limit)s in %(period)s: at most %(amount)s"),
        {"limit": budget.name, "period": horizon.name(period), "amount": amount},
    )
    return Group(f"budget:{budget.id}:{horizon.code(period)}", "budget",
                 f"limits.budgets.{number}.amounts.{period}", words, period)  # fmt: skip


def add_category_shares(sheet: Sheet) -> None:
    """Σ (10000 · spending on the categories − share · all spending) ≤ 0, or ≥ 0, by period or over the horizon."""
    for number, share in enumerate(sheet.problem.limits.category_shares):
        if share.at_most is not None:
            _category_share(sheet, number, share, share.at_most, most=True)
        if share.at_least is not None:
            _category_share(sheet, number, share, share.at_least, most=False)


def _category_share(sheet: Sheet, number: int, share: CategoryShare, points: int, *, most: bool) -> None:
    problem = sheet.problem
    weights = all_spending(problem, -points)
    for category in share.categories:
        weights[category] += WHOLE_SHARE
    bound = "at_most" if most else "at_least"
    field = f"limits.category_shares.{number}.{bound}"
    listed = names([category.name for category in problem.categories if category.id in share.categories])
    values: dict[str, Value] = {"limit": share.name, "categories": listed, "share": Share(points)}
    bounds = {"upper": 0} if most else {"lower": 0}
    if share.per == "horizon":
        template = (
            _n("%(limit)s: %(categories)s at most %(share)s of all spending")
            if most
            else _n("%(limit)s: %(categories)s at least %(share)s of all spending")
        )
        id_ = f"category_share:{share.id}:{bound}"
        group = sheet.group(Group(id_, "category_share", field, Words(template, values)))
        terms = list(spending_terms(sheet, weights))
        sheet.row(group, terms, **bounds)
        add_company(sheet, group, times(-1, terms) if most else terms)
        return
    template = (
        _n("%(limit)s in %(period)s: %(categories)s at most %(share)s of all spending")
        if most
        else _n("%(limit)s in %(period)s: %(categories)s at least %(share)s of all spending")
    )
    profiles = _profiles(sheet, lambda mode: spending(mode, weights))
    for period in range(share.since, problem.horizon.count):
        words = Words(template, {**values, "period": problem.horizon.name(period)})
        id_ = f"category_share:{share.id}:{bound}:{problem.horizon.code(period)}"
        group = sheet.group(Group(id_, "category_share", field, words, period))
        sheet.row(group, _in_period(sheet, profiles, period), **bounds)


def add_skills(sheet: Sheet) -> None:
    """What is needed of a skill in a period is at most what there is."""
    problem = sheet.problem
    titles = {skill.id: skill.name for skill in problem.skills}
    for number, capacity in enumerate(problem.limits.skills):
        skill = capacity.skill
        profiles = _profiles(sheet, lambda mode, skill=skill: need(mode, skill))  # type: ignore[misc]
        for period, amount in enumerate(capacity.amounts):
            words = Words(
                _n("%(skill)s in %(period)s: at most %(amount)s"),
                {"skill": titles[skill], "period": problem.horizon.name(period), "amount": amount},
            )
            group = sheet.group(Group(f"skill:{capacity.id}:{problem.horizon.code(period)}", "skill",
                                      f"limits.skills.{number}.amounts.{period}", words, period))  # fmt: skip
            sheet.row(group, _in_period(sheet, profiles, period), upper=amount)


def add_running(sheet: Sheet) -> None:
    """At most so many initiatives of a unit are under way in a period."""
    for number, limit in enumerate(sheet.problem.limits.running):
        for unit in sheet.problem.units:
            if limit.unit in ("", unit.id):
                _running(sheet, number, limit, unit)


def _running(sheet: Sheet, number: int, limit: Running, unit: Holder) -> None:
    problem = sheet.problem

    def counts(initiative: Initiative) -> bool:
        return initiative.unit == unit.id or (limit.partners and unit.id in initiative.partners)

    profiles = {
        key: profile
        for key, profile in _profiles(sheet, running).items()
        if counts(problem.initiatives[key[0]])
    }
    for period in range(problem.horizon.count):
        place = period if len(limit.at_most) > 1 else 0
        values: dict[str, Value] = {
            "unit": unit.name,
            "period": problem.horizon.name(period),
            "most": limit.at_most[place],
        }
        words = Words(_n("%(unit)s in %(period)s: at most %(most)s initiatives running at once"), values)
        group = sheet.group(Group(f"running:{limit.id}:{unit.id}:{problem.horizon.code(period)}", "running",
                                  f"limits.running.{number}.at_most.{place}", words, period))  # fmt: skip
        sheet.row(group, _in_period(sheet, profiles, period), upper=limit.at_most[place])


def add_fairness(sheet: Sheet) -> None:
    """Σ what each initiative spends or brings × (10000 · its share of one − least share · its share of all) ≥ 0."""
    problem = sheet.problem
    for number, fair in enumerate(problem.limits.fairness):
        for holder in problem.holders(fair.by):
            if fair.whom not in ("", holder.id):
                continue
            words = Words(_fairness_template(fair), {
                "holder": holder.name, "share": Share(fair.at_least),
                "goal": next((goal.name for goal in problem.goals if goal.id == fair.goal), Name("", "")),
            })  # fmt: skip
            group = sheet.group(
                Group(f"fairness:{fair.id}:{holder.id}", "fairness", f"limits.fairness.{number}", words)
            )
            terms = list(_fairness_terms(sheet, fair, holder))
            sheet.row(group, terms, lower=0)
            add_company(sheet, group, terms)


def _fairness_template(fair: Fairness) -> str:
    if fair.of == "benefit":
        return _n("%(holder)s gets at least %(share)s of what all get of %(goal)s")
    if fair.by == "district":
        return _n("%(holder)s gets at least %(share)s of the spending in districts")
    return _n("%(holder)s gets at least %(share)s of the units' spending")


def _fairness_terms(sheet: Sheet, fair: Fairness, holder: Holder) -> Terms:
    initiatives = sheet.problem.initiatives

    def factor(at: int) -> int:
        parts = held(initiatives[at], fair.by)
        return WHOLE_SHARE * parts.get(holder.id, 0) - fair.at_least * sum(parts.values())

    return got(sheet, fair.of, fair.goal, factor)


def held(initiative: Initiative, by: str) -> dict[str, int]:
    """Return what share of an initiative each district or unit has."""
    if by == "district":
        return initiative.districts
    return {initiative.unit: WHOLE_SHARE} if initiative.unit else {}


def got(sheet: Sheet, of: str, goal: str, factor: Callable[[int], int]) -> Terms:
    """Return the terms of spending, or of benefit × probability, each initiative's times `factor(its place)`."""
    if of == "spending":
        return spending_terms(sheet, all_spending(sheet.problem), factor)
    return goal_terms(sheet, goal, factor)


def add_goal_limits(sheet: Sheet, goals: dict[str, Linear]) -> None:
    """A least share of spending that serves a goal, and a least score of a goal."""
    problem = sheet.problem
    titles = {goal.id: goal.name for goal in problem.goals}
    for number, share in enumerate(problem.limits.goal_shares):
        words = Words(_n("%(goal)s: at least %(share)s of all spending serves it"),
                      {"goal": titles[share.goal], "share": Share(share.at_least)})  # fmt: skip
        group = sheet.group(Group(f"goal_share:{share.id}", "goal_share", f"limits.goal_shares.{number}", words))  # fmt: skip
        serves = [one.goal_shares.get(share.goal, 0) - share.at_least for one in problem.initiatives]
        terms = list(spending_terms(sheet, all_spending(problem), serves.__getitem__))
        sheet.row(group, terms, lower=0)
        add_company(sheet, group, terms)
    for number, score in enumerate(problem.limits.goal_scores):
        words = Words(
            _n("%(goal)s: at least %(score)s"), {"goal": titles[score.goal], "score": score.at_least}
        )
        group = sheet.group(Group(f"goal_score:{score.id}", "goal_score", f"limits.goal_scores.{number}", words))  # fmt: skip
        goal = goals[score.goal]
        pairs = zip(goal.columns, goal.coefficients, strict=True)
        sheet.row(group, pairs, lower=score.at_least * WHOLE_SHARE, constant=goal.constant)


Profiles = dict[tuple[int, int], Profile]


def _profiles(sheet: Sheet, of: Callable[[Mode], Profile]) -> Profiles:
    """Return the profile of each initiative and mode that has one that is not nought throughout."""
    initiatives = sheet.problem.initiatives
    found = {key: of(initiatives[key[0]].modes[key[1]]) for key in sheet.blocks}
    return {key: profile for key, profile in found.items() if profile.after or any(profile.during)}


def _in_period(sheet: Sheet, profiles: Profiles, period: int) -> Terms:
    for key, profile in profiles.items():
        yield from in_period(sheet.blocks[key], profile, period)
