"""Every limit, checked against a plan's figures. Shares no code with the rows: what a solver was told wrongly shows here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rasad.roadmap.problem import Fairness, Initiative, Plan
from rasad.roadmap.verify.figures import Figures, Work
from rasad.roadmap.wording import Amount, Name, Share, Value, Words, names


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Violation:
    """One limit that a plan does not keep. `limit` is the id of the group of rows of the same limit."""

    limit: str
    field: str
    words: Words
    period: int | None = None


Found = Iterator[Violation]


def choices(figures: Figures, plan: Plan) -> Found:
    """Check that the choices are of this problem, and what must be chosen."""
    problem = figures.problem
    for at, choice in enumerate(plan.choices):
        if choice.initiative not in figures.works:
            words = Words(_n("the problem has no %(initiative)s in the mode %(mode)s"),
                          {"initiative": choice.initiative, "mode": choice.mode})  # fmt: skip
            yield Violation(f"unknown:{choice.initiative}", f"choices.{at}", words)
    for at, initiative in enumerate(problem.initiatives):
        values: dict[str, Value] = {"initiative": initiative.name}
        chosen = figures.works.get(initiative.id)
        if initiative.mandatory and chosen is None:
            words = Words(_n("%(initiative)s is mandatory and left out"), values)
            yield Violation(f"mandatory:{initiative.id}", f"initiatives.{at}.mandatory", words)
        frozen = initiative.frozen
        if frozen is not None and (
            chosen is None or (chosen.mode.id, chosen.start) != (frozen.mode, frozen.start)
        ):
            words = Words(_n("%(initiative)s is running already; the plan has it otherwise"), values)
            yield Violation(f"frozen:{initiative.id}", f"initiatives.{at}.frozen", words)


def windows(figures: Figures) -> Found:
    """Check earliest starts, deadlines and the horizon's end. What is running already is past its window."""
    problem = figures.problem
    end = problem.horizon.count - 1
    for work in figures.works.values():
        initiative = work.initiative
        if initiative.frozen is not None:
            continue
        place = f"initiatives.{problem.places[initiative.id]}"
        values: dict[str, Value] = {
            "initiative": initiative.name, "start": problem.horizon.name(work.start), "end": problem.horizon.name(work.last),
        }  # fmt: skip
        if work.start < 0 or work.last > end:
            words = Words(_n("%(initiative)s runs from %(start)s to %(end)s, outside the horizon"), values)
            yield Violation(f"horizon:{initiative.id}", "horizon", words, work.start)
        if work.start < initiative.earliest_start:
            words = Words(_n("%(initiative)s starts in %(start)s; the earliest is %(period)s"),
                          {**values, "period": problem.horizon.name(initiative.earliest_start)})  # fmt: skip
            yield Violation(f"earliest:{initiative.id}", f"{place}.earliest_start", words, work.start)
        if initiative.deadline is not None and work.last > initiative.deadline:
            words = Words(_n("%(initiative)s is complete in %(end)s; the deadline is %(period)s"),
                          {**values, "period": problem.horizon.name(initiative.deadline)})  # fmt: skip
            yield Violation(f"deadline:{initiative.id}", f"{place}.deadline", words, work.last)


def requirements(figures: Figures) -> Found:
    """Check that what is required is chosen and early enough."""
    for work in figures.works.values():
        if work.initiative.frozen is None:
            yield from _requirements(figures, work)


def _requirements(figures: Figures, work: Work) -> Found:
    problem, initiative = figures.problem, work.initiative
    for number, required in enumerate(initiative.requires):
        other = figures.works.get(required.initiative)
        values: dict[str, Value] = {
            "initiative": initiative.name,
            "required": problem.initiatives[problem.places[required.initiative]].name,
        }
        field = f"initiatives.{problem.places[initiative.id]}.requires.{number}"
        limit = f"requires:{initiative.id}:{number}:{required.initiative}"
        if other is None:
            words = Words(_n("%(initiative)s is chosen without %(required)s, which it needs"), values)
            yield Violation(limit, field, words, work.start)
            continue
        ready = (other.complete if required.after == "completion" else other.start) + required.lag
        if work.start < ready:
            words = Words(_n("%(initiative)s starts in %(start)s; with %(required)s as planned it can from %(period)s"),
                          {**values, "start": problem.horizon.name(work.start), "period": problem.horizon.name(ready)})  # fmt: skip
            yield Violation(limit, field, words, work.start)


def groups(figures: Figures) -> Found:
    """Check at least and at most so many, all or none."""
    problem = figures.problem
    for number, group in enumerate(problem.groups):
        count = sum(id_ in figures.works for id_ in group.initiatives)
        values: dict[str, Value] = {
            "group": group.name, "count": count, "least": group.at_least, "most": group.at_most or 0,
            "members": names([problem.initiatives[problem.places[id_]].name for id_ in group.initiatives]),
        }  # fmt: skip
        if count < group.at_least:
            words = Words(_n("%(group)s: %(count)s of %(members)s chosen; at least %(least)s"), values)
            yield Violation(f"group:{group.id}", f"groups.{number}", words)
        if group.at_most is not None and count > group.at_most:
            words = Words(_n("%(group)s: %(count)s of %(members)s chosen; at most %(most)s"), values)
            yield Violation(f"group:{group.id}", f"groups.{number}", words)
    for number, synergy in enumerate(problem.synergies):
        chosen = [id_ for id_ in synergy.initiatives if id_ in figures.works]
        if synergy.kind == "together" and 0 < len(chosen) < len(synergy.initiatives):
            listed = [problem.initiatives[problem.places[id_]].name for id_ in synergy.initiatives]
            words = Words(_n("all or none of %(members)s; %(count)s chosen"),
                          {"members": names(listed), "count": len(chosen)})  # fmt: skip
            yield Violation(f"synergy:{synergy.id}", f"synergies.{number}", words)


def locks(figures: Figures) -> Found:
    """Check the choices made by hand."""
    problem = figures.problem
    for number, lock in enumerate(problem.locks):
        work = figures.works.get(lock.initiative)
        if lock.choice == "out":
            kept = work is None
        else:
            kept = (
                work is not None
                and lock.mode in (None, work.mode.id)
                and (lock.start is None or lock.start == work.start)
            )
        if not kept:
            name = problem.initiatives[problem.places[lock.initiative]].name
            words = Words(_n("%(initiative)s is not as it was locked by hand"), {"initiative": name})
            yield Violation(f"lock:{lock.id}", f"locks.{number}", words)


def budgets(figures: Figures) -> Found:
    """Check spending against budgets, with what was left over."""
    problem = figures.problem
    for number, budget in enumerate(problem.limits.budgets):
        categories = budget.categories or tuple(category.id for category in problem.categories)
        rows = [figures.spending(category) for category in categories]
        left = 0
        for period in figures.periods:
            spent, amount = sum(row[period] for row in rows), budget.amounts[period]
            if spent > amount + left:
                values: dict[str, Value] = {
                    "limit": budget.name, "period": problem.horizon.name(period),
                    "spent": Amount(spent, problem.currency), "amount": Amount(amount, problem.currency),
                    "left": Amount(left, problem.currency), "over": Amount(spent - amount - left, problem.currency),
                }  # fmt: skip
                template = (
                    _n(
                        "%(limit)s in %(period)s: %(spent)s spent of %(amount)s and %(left)s left over; %(over)s too much"
                    )
                    if left
                    else _n("%(limit)s in %(period)s: %(spent)s spent of %(amount)s; %(over)s too much")
                )
                field = f"limits.budgets.{number}.amounts.{period}"
                yield Violation(f"budget:{budget.id}:{problem.horizon.code(period)}", field, Words(template, values), period)  # fmt: skip
            left = max(0, min(amount + left - spent, amount * budget.carry_share // 10_000))


def category_shares(figures: Figures) -> Found:
    """Check the shares of categories, by period or over the horizon."""
    problem = figures.problem
    spending = {category.id: figures.spending(category.id) for category in problem.categories}
    for number, share in enumerate(problem.limits.category_shares):
        part = [
            sum(spending[category][period] for category in share.categories) for period in figures.periods
        ]
        whole = [sum(row[period] for row in spending.values()) for period in figures.periods]
        checked: list[tuple[int | None, int, int]] = [
            (t, part[t], whole[t]) for t in figures.periods if t >= share.since
        ]
        if share.per == "horizon":
            checked = [(None, sum(part), sum(whole))]
        for period, some, every in checked:
            for bound, points in (("at_most", share.at_most), ("at_least", share.at_least)):
                if points is None or (
                    10_000 * some <= points * every if bound == "at_most" else 10_000 * some >= points * every
                ):
                    continue
                template = (
                    _n("%(limit)s in %(period)s: %(part)s of %(whole)s, more than %(share)s")
                    if bound == "at_most"
                    else _n("%(limit)s in %(period)s: %(part)s of %(whole)s, less than %(share)s")
                )
                named = (
                    Name("کل افق", "the whole horizon") if period is None else problem.horizon.name(period)
                )
                values: dict[str, Value] = {
                    "limit": share.name, "period": named, "part": Amount(some, problem.currency),
                    "whole": Amount(every, problem.currency), "share": Share(points),
                }  # fmt: skip
                ending = "" if period is None else f":{problem.horizon.code(period)}"
                field = f"limits.category_shares.{number}.{bound}"
                yield Violation(
                    f"category_share:{share.id}:{bound}{ending}", field, Words(template, values), period
                )


def skills(figures: Figures) -> Found:
    """Check the need of skills against what there is."""
    problem = figures.problem
    titles = {skill.id: skill.name for skill in problem.skills}
    for number, capacity in enumerate(problem.limits.skills):
        for period, needed in enumerate(figures.need(capacity.skill)):
            if needed > capacity.amounts[period]:
                values: dict[str, Value] = {
                    "skill": titles[capacity.skill], "period": problem.horizon.name(period),
                    "needed": needed, "amount": capacity.amounts[period],
                }  # fmt: skip
                words = Words(_n("%(skill)s in %(period)s: %(needed)s needed, %(amount)s there"), values)
                field = f"limits.skills.{number}.amounts.{period}"
                yield Violation(f"skill:{capacity.id}:{problem.horizon.code(period)}", field, words, period)


def running(figures: Figures) -> Found:
    """Check how many initiatives a unit has running at once."""
    problem = figures.problem
    for number, limit in enumerate(problem.limits.running):
        for unit in problem.units:
            if limit.unit not in ("", unit.id):
                continue
            for period, count in enumerate(figures.running(unit.id, partners=limit.partners)):
                place = period if len(limit.at_most) > 1 else 0
                if count > limit.at_most[place]:
                    values: dict[str, Value] = {
                        "unit": unit.name, "period": problem.horizon.name(period),
                        "count": count, "most": limit.at_most[place],
                    }  # fmt: skip
                    words = Words(_n("%(unit)s in %(period)s: %(count)s initiatives running at once; at most %(most)s"), values)  # fmt: skip
                    id_ = f"running:{limit.id}:{unit.id}:{problem.horizon.code(period)}"
                    yield Violation(id_, f"limits.running.{number}.at_most.{place}", words, period)


def fairness(figures: Figures) -> Found:
    """Check least shares of districts and units."""
    problem = figures.problem
    for number, fair in enumerate(problem.limits.fairness):
        gets = figures.gets(fair.by, fair.of, fair.goal)
        whole = sum(gets.values())
        for holder in problem.holders(fair.by):
            if fair.whom in ("", holder.id) and 10_000 * gets[holder.id] < fair.at_least * whole:
                values: dict[str, Value] = {"holder": holder.name, "share": Share(fair.at_least)}
                values["found"] = Share(10_000 * gets[holder.id] // whole) if whole > 0 else Share(0)
                words = Words(_fairness_template(fair), values)
                yield Violation(f"fairness:{fair.id}:{holder.id}", f"limits.fairness.{number}", words)


def _fairness_template(fair: Fairness) -> str:
    if fair.of == "benefit":
        return _n("%(holder)s gets %(found)s of the benefit; at least %(share)s")
    if fair.by == "district":
        return _n("%(holder)s gets %(found)s of the spending in districts; at least %(share)s")
    return _n("%(holder)s gets %(found)s of the units' spending; at least %(share)s")


def goals(figures: Figures) -> Found:
    """Check the least share of spending that serves a goal, and goals' least scores."""
    problem = figures.problem
    titles = {goal.id: goal.name for goal in problem.goals}
    costs = {id_: figures.cost_of(work) for id_, work in figures.works.items()}
    whole = sum(costs.values())
    for number, share in enumerate(problem.limits.goal_shares):
        part = sum(_serves(figures.works[id_].initiative, share.goal) * cost for id_, cost in costs.items())
        if part < share.at_least * whole:
            values: dict[str, Value] = {
                "goal": titles[share.goal], "found": Share(part // whole), "share": Share(share.at_least),
            }  # fmt: skip
            words = Words(_n("%(goal)s: %(found)s of all spending serves it; at least %(share)s"), values)
            yield Violation(f"goal_share:{share.id}", f"limits.goal_shares.{number}", words)
    for number, least in enumerate(problem.limits.goal_scores):
        score = figures.score(least.goal)
        if score < 10_000 * least.at_least:
            values = {"goal": titles[least.goal], "found": score // 10_000, "score": least.at_least}
            words = Words(_n("%(goal)s: %(found)s; at least %(score)s"), values)
            yield Violation(f"goal_score:{least.id}", f"limits.goal_scores.{number}", words)


def _serves(initiative: Initiative, goal: str) -> int:
    return initiative.goal_shares.get(goal, 0)
