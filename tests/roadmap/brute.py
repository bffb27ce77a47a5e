"""The problem said once more, as plainly as can be: every plan is tried. An oracle that shares no code with the engine."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from rasad.roadmap.problem import Choice, Effect, Initiative, Mode, Plan, Problem

Chosen = dict[str, tuple[Mode, int]]
"""Initiative → its mode and start."""


def all_plans(problem: Problem) -> Iterator[Plan]:
    """Yield every plan with starts within the horizon, and where things run already, from then."""
    options = []
    for one in problem.initiatives:
        starts = set(range(problem.horizon.count)) | ({one.frozen.start} if one.frozen else set())
        ways = [
            Choice(initiative=one.id, mode=mode.id, start=start) for mode in one.modes for start in starts
        ]
        options.append([None, *ways])
    for picked in product(*options):
        yield Plan(choices=tuple(choice for choice in picked if choice is not None))


def best(problem: Problem) -> tuple[int, Plan] | None:
    """Return the best weighted value (more is better) and a plan that has it; None where no plan keeps the limits."""
    found: tuple[int, Plan] | None = None
    for plan in all_plans(problem):
        if keeps(problem, plan):
            value = weighted(problem, plan)
            if found is None or value > found[0]:
                found = value, plan
    return found


def weighted(problem: Problem, plan: Plan) -> int:
    total = 0
    for target, value in zip(problem.objective.targets, values(problem, plan), strict=True):
        total += target.weight * (value if target.kind in ("goal", "least") else -value)
    return total


def chosen_of(problem: Problem, plan: Plan) -> Chosen:
    by_id = {one.id: one for one in problem.initiatives}
    return {
        choice.initiative: (
            next(m for m in by_id[choice.initiative].modes if m.id == choice.mode),
            choice.start,
        )
        for choice in plan.choices
    }


def keeps(problem: Problem, plan: Plan) -> bool:
    """Return whether the plan keeps everything."""
    chosen = chosen_of(problem, plan)
    return all(
        (
            all(_window(problem, one, chosen) for one in problem.initiatives),
            all(_required(one, chosen) for one in problem.initiatives),
            _together(problem, chosen),
            _locked(problem, chosen),
            _money(problem, chosen),
            _people(problem, chosen),
            _fair(problem, chosen),
            _goals(problem, chosen),
        )
    )


def _window(problem: Problem, one: Initiative, chosen: Chosen) -> bool:
    if one.frozen is not None:
        there = chosen.get(one.id)
        return there is not None and (there[0].id, there[1]) == (one.frozen.mode, one.frozen.start)
    if one.id not in chosen:
        return not one.mandatory
    mode, start = chosen[one.id]
    # The period in whose course it is done: what is done at once, in its first.
    done_in = start + max(mode.duration, 1) - 1
    last = problem.horizon.count - 1 if one.deadline is None else one.deadline
    return start >= one.earliest_start and done_in <= last


def _required(one: Initiative, chosen: Chosen) -> bool:
    if one.id not in chosen or one.frozen is not None:
        return True
    start = chosen[one.id][1]
    for required in one.requires:
        if required.initiative not in chosen:
            return False
        mode, begun = chosen[required.initiative]
        reached = begun + (mode.duration if required.after == "completion" else 0)
        if start < reached + required.lag:
            return False
    return True


def _together(problem: Problem, chosen: Chosen) -> bool:
    for group in problem.groups:
        count = sum(id_ in chosen for id_ in group.initiatives)
        if count < group.at_least or (group.at_most is not None and count > group.at_most):
            return False
    for synergy in problem.synergies:
        if synergy.kind == "together" and len({id_ in chosen for id_ in synergy.initiatives}) > 1:
            return False
    return True


def _locked(problem: Problem, chosen: Chosen) -> bool:
    for lock in problem.locks:
        there = chosen.get(lock.initiative)
        if (there is None) == (lock.choice == "in"):
            return False
        if there is not None and lock.choice == "in":
            if lock.mode is not None and there[0].id != lock.mode:
                return False
            if lock.start is not None and there[1] != lock.start:
                return False
    return True


def spent(problem: Problem, chosen: Chosen, period: int, categories: set[str], only: str = "") -> int:
    """Return spending in a period on some categories; of one initiative alone, where `only` names it."""
    total = 0
    for id_, (mode, start) in chosen.items():
        if only in ("", id_):
            age = period - start
            for category in categories:
                costs = mode.costs.get(category, ())
                if 0 <= age < len(costs):
                    total += costs[age]
                if age >= mode.duration:
                    total += mode.run_costs.get(category, 0)
    return total


def _money(problem: Problem, chosen: Chosen) -> bool:
    every = {category.id for category in problem.categories}
    periods = range(problem.horizon.count)
    for budget in problem.limits.budgets:
        left = 0
        for period in periods:
            rest = (
                budget.amounts[period]
                + left
                - spent(problem, chosen, period, set(budget.categories) or every)
            )
            if rest < 0:
                return False
            left = min(rest, budget.amounts[period] * budget.carry_share // 10_000)
    for share in problem.limits.category_shares:
        pairs = [
            (spent(problem, chosen, t, set(share.categories)), spent(problem, chosen, t, every))
            for t in periods
            if share.per == "horizon" or t >= share.since
        ]
        if share.per == "horizon":
            pairs = [(sum(part for part, _ in pairs), sum(whole for _, whole in pairs))]
        for part, whole in pairs:
            points = Fraction(10_000 * part, whole) if whole else None
            if points is not None and share.at_most is not None and points > share.at_most:
                return False
            if points is not None and share.at_least is not None and points < share.at_least:
                return False
    return True


def _people(problem: Problem, chosen: Chosen) -> bool:
    by_id = {one.id: one for one in problem.initiatives}
    for period in range(problem.horizon.count):
        for capacity in problem.limits.skills:
            needed = 0
            for mode, start in chosen.values():
                profile = mode.skills.get(capacity.skill, ())
                if 0 <= period - start < len(profile):
                    needed += profile[period - start]
            if needed > capacity.amounts[period]:
                return False
        for limit in problem.limits.running:
            for unit in problem.units:
                if limit.unit not in ("", unit.id):
                    continue
                count = sum(
                    start <= period < start + mode.duration
                    and (by_id[id_].unit == unit.id or (limit.partners and unit.id in by_id[id_].partners))
                    for id_, (mode, start) in chosen.items()
                )
                if count > limit.at_most[period % len(limit.at_most)]:
                    return False
    return True


def brought(effect: Effect, completion: int, count: int) -> int:
    """Return what one effect brings within the horizon."""
    total = effect.once if 0 <= completion <= count else 0
    for period in range(count):
        if effect.per_period and period >= completion:
            total += effect.per_period[min(period - completion, len(effect.per_period) - 1)]
    return total


def score_of(problem: Problem, chosen: Chosen, goal: str, id_: str) -> int:
    """Return what one initiative brings a goal, in ten-thousandths."""
    mode, start = chosen[id_]
    if goal not in mode.effects:
        return 0
    return mode.probability * brought(mode.effects[goal], start + mode.duration, problem.horizon.count)


def score(problem: Problem, chosen: Chosen, goal: str) -> int:
    total = sum(score_of(problem, chosen, goal, id_) for id_ in chosen)
    for synergy in problem.synergies:
        if synergy.kind == "bonus" and goal in synergy.effects and set(synergy.initiatives) <= set(chosen):
            complete = max(chosen[id_][1] + chosen[id_][0].duration for id_ in synergy.initiatives)
            total += synergy.probability * brought(synergy.effects[goal], complete, problem.horizon.count)
    return total


def gets(problem: Problem, chosen: Chosen, by: str, of: str, goal: str) -> dict[str, int]:
    """Return what each district or unit gets, in ten-thousandths."""
    every = {category.id for category in problem.categories}
    total = {holder.id: 0 for holder in (problem.districts if by == "district" else problem.units)}
    for one in problem.initiatives:
        if one.id not in chosen:
            continue
        if of == "spending":
            amount = sum(spent(problem, chosen, t, every, one.id) for t in range(problem.horizon.count))
        else:
            amount = score_of(problem, chosen, goal, one.id)
        parts = one.districts if by == "district" else {one.unit: 10_000} if one.unit else {}
        for holder, part in parts.items():
            total[holder] += amount * part
    return total


def _fair(problem: Problem, chosen: Chosen) -> bool:
    for fair in problem.limits.fairness:
        found = gets(problem, chosen, fair.by, fair.of, fair.goal)
        for holder, amount in found.items():
            if fair.whom in ("", holder) and 10_000 * amount < fair.at_least * sum(found.values()):
                return False
    return True


def _goals(problem: Problem, chosen: Chosen) -> bool:
    every = {category.id for category in problem.categories}
    by_id = {one.id: one for one in problem.initiatives}
    for share in problem.limits.goal_shares:
        whole = part = 0
        for id_ in chosen:
            amount = sum(spent(problem, chosen, t, every, id_) for t in range(problem.horizon.count))
            whole += 10_000 * amount
            part += amount * by_id[id_].goal_shares.get(share.goal, 0)
        if 10_000 * part < share.at_least * whole:
            return False
    return all(
        score(problem, chosen, limit.goal) >= 10_000 * limit.at_least for limit in problem.limits.goal_scores
    )


def values(problem: Problem, plan: Plan) -> list[int]:
    """Return the value of each target, in the objective's order."""
    chosen = chosen_of(problem, plan)
    count = problem.horizon.count
    every = {category.id for category in problem.categories}
    found = []
    for target in problem.objective.targets:
        if target.kind == "goal":
            found.append(score(problem, chosen, target.goal))
        elif target.kind == "cost":
            categories = set(target.categories) or every
            found.append(sum(spent(problem, chosen, t, categories) for t in range(count)))
        elif target.kind == "completion":
            ids = target.initiatives or [one.id for one in problem.initiatives]
            done = {
                id_: max(0, min(chosen[id_][1] + chosen[id_][0].duration, count + 1))
                for id_ in ids
                if id_ in chosen
            }
            if target.of == "last":
                found.append(max(done.values(), default=0))
            else:
                found.append(sum(done.get(id_, count + 1) for id_ in ids))
        elif target.kind == "change":
            found.append(_change(problem, plan, target))
        else:
            weights = {holder.id: holder.weight for holder in problem.holders(target.by)}
            found.append(
                min(
                    amount // (10_000 * weights[holder])
                    for holder, amount in gets(problem, chosen, target.by, target.of, target.goal).items()
                )
            )
    return found


def _change(problem: Problem, plan: Plan, target: object) -> int:
    assert problem.published is not None
    was = {choice.initiative: choice for choice in problem.published.choices}
    now = {choice.initiative: choice for choice in plan.choices}
    total = 0
    for id_ in {*was, *now}:
        if id_ not in was:
            total += target.added  # type: ignore[attr-defined]
        elif id_ not in now:
            total += target.dropped  # type: ignore[attr-defined]
        else:
            total += target.moved * abs(was[id_].start - now[id_].start)  # type: ignore[attr-defined]
            total += target.mode if was[id_].mode != now[id_].mode else 0  # type: ignore[attr-defined]
    return total


def lexicographic(problem: Problem) -> list[int] | None:
    """Return the targets' values of a best plan, the first target before the second and so on, each within its slack; None where no plan holds."""
    plans = [plan for plan in all_plans(problem) if keeps(problem, plan)]
    if not plans:
        return None
    kept = [values(problem, plan) for plan in plans]
    for at, target in enumerate(problem.objective.targets):
        more = target.kind in ("goal", "least")
        reached = max(found[at] for found in kept) if more else min(found[at] for found in kept)
        slack = abs(reached) * target.slack // 10_000 if at + 1 < len(problem.objective.targets) else 0
        kept = [
            found
            for found in kept
            if (found[at] >= reached - slack if more else found[at] <= reached + slack)
        ]
    return kept[0] if kept else None
