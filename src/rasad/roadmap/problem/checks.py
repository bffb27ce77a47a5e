"""What a problem's parts say of each other: every contradiction in the data, each with its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rasad.roadmap.problem.circles import find_circle
from rasad.roadmap.problem.faults import Fault
from rasad.roadmap.problem.initiatives import Initiative, Mode
from rasad.roadmap.problem.objectives import (
    ChangeTarget,
    CompletionTarget,
    CostTarget,
    GoalTarget,
    LeastTarget,
)
from rasad.roadmap.problem.parts import WHOLE_SHARE, Named

if TYPE_CHECKING:
    from rasad.roadmap.problem.problem import Problem

Faults = Iterator[Fault]


def check(problem: Problem) -> Faults:
    """Yield every fault."""
    yield from _ids(problem)
    if problem.horizon.first_part > problem.horizon.parts:
        yield Fault(
            "range", "horizon.first_part", str(problem.horizon.first_part), f"≤ {problem.horizon.parts}"
        )
    for at, initiative in enumerate(problem.initiatives):
        yield from _initiative(problem, initiative, f"initiatives.{at}")
    yield from _circles(problem)
    yield from _groups(problem)
    yield from _synergies(problem)
    yield from _locks(problem)
    yield from _money_limits(problem)
    yield from _other_limits(problem)
    yield from _published(problem)
    yield from _objective(problem)


def _ids(problem: Problem) -> Faults:
    limits = problem.limits
    listed: dict[str, Sequence[Named]] = {
        "categories": problem.categories,
        "goals": problem.goals,
        "skills": problem.skills,
        "units": problem.units,
        "districts": problem.districts,
        "initiatives": problem.initiatives,
        "groups": problem.groups,
        "synergies": problem.synergies,
        "locks": problem.locks,
        "limits.budgets": limits.budgets,
        "limits.category_shares": limits.category_shares,
        "limits.skills": limits.skills,
        "limits.running": limits.running,
        "limits.fairness": limits.fairness,
        "limits.goal_shares": limits.goal_shares,
        "limits.goal_scores": limits.goal_scores,
    }
    for field, things in listed.items():
        yield from _twice([thing.id for thing in things], field, ".id")


def _twice(ids: Sequence[str], field: str, ending: str = "") -> Faults:
    seen: set[str] = set()
    for at, id_ in enumerate(ids):
        if id_ in seen:
            yield Fault("twice", f"{field}.{at}{ending}", id_)
        seen.add(id_)


def _known(
    found: Iterable[str], things: Iterable[Named] | Mapping[str, int], field: str, among: str
) -> Faults:
    """Yield each id that is none of the things; these, or their places by id where they are many."""
    known = things if isinstance(things, Mapping) else {thing.id for thing in things}
    for id_ in found:
        if id_ not in known:
            yield Fault("not_known", field, id_, among)


def _initiative(problem: Problem, initiative: Initiative, field: str) -> Faults:
    yield from _twice([mode.id for mode in initiative.modes], f"{field}.modes", ".id")
    for at, mode in enumerate(initiative.modes):
        yield from _mode(problem, mode, f"{field}.modes.{at}", begun=initiative.frozen is not None)
    if initiative.unit:
        yield from _known([initiative.unit], problem.units, f"{field}.unit", "units")
    yield from _known(initiative.partners, problem.units, f"{field}.partners", "units")
    yield from _twice(initiative.partners, f"{field}.partners")
    yield from _known(initiative.districts, problem.districts, f"{field}.districts", "districts")
    yield from _known(initiative.goal_shares, problem.goals, f"{field}.goal_shares", "goals")
    yield from _shares(initiative.districts, f"{field}.districts")
    yield from _shares(initiative.goal_shares, f"{field}.goal_shares")
    yield from _window(problem, initiative, field)
    for at, required in enumerate(initiative.requires):
        place = f"{field}.requires.{at}.initiative"
        yield from _known([required.initiative], problem.places, place, "initiatives")
        if required.initiative == initiative.id:
            yield Fault("own", place, initiative.id)
    frozen = initiative.frozen
    if frozen is not None:
        if all(mode.id != frozen.mode for mode in initiative.modes):
            yield Fault("frozen_mode", f"{field}.frozen.mode", frozen.mode)
        if frozen.start >= problem.horizon.count:
            yield Fault("beyond", f"{field}.frozen.start", str(frozen.start), f"< {problem.horizon.count}")


def _mode(problem: Problem, mode: Mode, field: str, *, begun: bool) -> Faults:
    yield from _known(mode.costs, problem.categories, f"{field}.costs", "categories")
    yield from _known(mode.run_costs, problem.categories, f"{field}.run_costs", "categories")
    yield from _known(mode.skills, problem.skills, f"{field}.skills", "skills")
    yield from _known(mode.effects, problem.goals, f"{field}.effects", "goals")
    # What is done at once has its cost and need in the period in which it is done.
    longest = max(mode.duration, 1)
    # What has begun was paid for as it was: bills come after the work too.
    listed: dict[str, Mapping[str, Sequence[int]]] = {"skills": mode.skills}
    if not begun:
        listed["costs"] = mode.costs
    for part, profiles in listed.items():
        for key, values in profiles.items():
            if len(values) > longest:
                yield Fault("longer", f"{field}.{part}.{key}", str(len(values)), str(longest))


def _shares(shares: Mapping[str, int], field: str) -> Faults:
    whole = sum(shares.values())
    if whole > WHOLE_SHARE:
        yield Fault("shares", field, str(whole))


def _window(problem: Problem, initiative: Initiative, field: str) -> Faults:
    last = problem.horizon.count - 1
    early, late = initiative.earliest_start, initiative.deadline
    for name, period in (("earliest_start", early), ("deadline", late)):
        if period is not None and period > last:
            yield Fault("beyond", f"{field}.{name}", str(period), f"0 … {last}")
    if late is not None and late < early:
        yield Fault("deadline_early", f"{field}.deadline", str(late), str(early))


def _circles(problem: Problem) -> Faults:
    arrows = {one.id: [required.initiative for required in one.requires] for one in problem.initiatives}
    circle = find_circle(arrows)
    if len(circle) > 1:
        at = [one.id for one in problem.initiatives].index(circle[0])
        yield Fault("circle", f"initiatives.{at}.requires", " → ".join([*circle, circle[0]]))


def _groups(problem: Problem) -> Faults:
    for at, group in enumerate(problem.groups):
        field = f"groups.{at}"
        yield from _known(group.initiatives, problem.places, f"{field}.initiatives", "initiatives")
        yield from _twice(group.initiatives, f"{field}.initiatives")
        if group.at_most is None and not group.at_least:
            yield Fault("no_bound", field)
        if group.at_most is not None and group.at_least > group.at_most:
            yield Fault("bounds", field, str(group.at_least), str(group.at_most))
        if group.at_least > len(group.initiatives):
            yield Fault("few_members", f"{field}.initiatives", str(len(group.initiatives)), str(group.at_least))  # fmt: skip


def _synergies(problem: Problem) -> Faults:
    for at, synergy in enumerate(problem.synergies):
        field = f"synergies.{at}"
        yield from _known(synergy.initiatives, problem.places, f"{field}.initiatives", "initiatives")
        yield from _twice(synergy.initiatives, f"{field}.initiatives")
        yield from _known(synergy.effects, problem.goals, f"{field}.effects", "goals")


def _locks(problem: Problem) -> Faults:
    modes = {one.id: one.modes for one in problem.initiatives}
    for at, lock in enumerate(problem.locks):
        field = f"locks.{at}"
        yield from _known([lock.initiative], problem.places, f"{field}.initiative", "initiatives")
        if lock.mode is not None and lock.initiative in modes:
            yield from _known([lock.mode], modes[lock.initiative], f"{field}.mode", "modes")
        if lock.start is not None and lock.start >= problem.horizon.count:
            yield Fault("beyond", f"{field}.start", str(lock.start), f"< {problem.horizon.count}")


def _money_limits(problem: Problem) -> Faults:
    count = problem.horizon.count
    for at, budget in enumerate(problem.limits.budgets):
        field = f"limits.budgets.{at}"
        yield from _known(budget.categories, problem.categories, f"{field}.categories", "categories")
        yield from _twice(budget.categories, f"{field}.categories")
        if len(budget.amounts) != count:
            yield Fault("per_period", f"{field}.amounts", str(len(budget.amounts)), str(count))
    for at, share in enumerate(problem.limits.category_shares):
        field = f"limits.category_shares.{at}"
        yield from _known(share.categories, problem.categories, f"{field}.categories", "categories")
        yield from _twice(share.categories, f"{field}.categories")
        if share.at_least is None and share.at_most is None:
            yield Fault("no_bound", field)
        elif share.at_least is not None and share.at_most is not None and share.at_least > share.at_most:
            yield Fault("bounds", field, str(share.at_least), str(share.at_most))


def _other_limits(problem: Problem) -> Faults:
    limits, count = problem.limits, problem.horizon.count
    for at, capacity in enumerate(limits.skills):
        field = f"limits.skills.{at}"
        yield from _known([capacity.skill], problem.skills, f"{field}.skill", "skills")
        if len(capacity.amounts) != count:
            yield Fault("per_period", f"{field}.amounts", str(len(capacity.amounts)), str(count))
    for at, running in enumerate(limits.running):
        field = f"limits.running.{at}"
        if running.unit:
            yield from _known([running.unit], problem.units, f"{field}.unit", "units")
        if len(running.at_most) not in (1, count):
            yield Fault("per_period", f"{field}.at_most", str(len(running.at_most)), str(count))
    for at, fair in enumerate(limits.fairness):
        field = f"limits.fairness.{at}"
        if fair.whom:
            yield from _known([fair.whom], problem.holders(fair.by), f"{field}.whom", f"{fair.by}s")
        yield from _of(problem, fair.of, fair.goal, field)
    for at, goal_share in enumerate(limits.goal_shares):
        yield from _known([goal_share.goal], problem.goals, f"limits.goal_shares.{at}.goal", "goals")
    for at, score in enumerate(limits.goal_scores):
        yield from _known([score.goal], problem.goals, f"limits.goal_scores.{at}.goal", "goals")


def _of(problem: Problem, of: str, goal: str, field: str) -> Faults:
    if of == "benefit" and not goal:
        yield Fault("goal_needed", f"{field}.goal")
    if goal:
        yield from _known([goal], problem.goals, f"{field}.goal", "goals")


def _published(problem: Problem) -> Faults:
    if problem.published is None:
        return
    modes = {one.id: one.modes for one in problem.initiatives}
    for at, choice in enumerate(problem.published.choices):
        field = f"published.choices.{at}"
        yield from _known([choice.initiative], problem.places, f"{field}.initiative", "initiatives")
        if choice.initiative in modes:
            yield from _known([choice.mode], modes[choice.initiative], f"{field}.mode", "modes")


def _objective(problem: Problem) -> Faults:
    objective = problem.objective
    if objective.method == "front" and not 2 <= len(objective.targets) <= 3:
        yield Fault("front_targets", "objective.targets", str(len(objective.targets)))
    for at, target in enumerate(objective.targets):
        field = f"objective.targets.{at}"
        if isinstance(target, GoalTarget):
            yield from _known([target.goal], problem.goals, f"{field}.goal", "goals")
        elif isinstance(target, CostTarget):
            yield from _known(target.categories, problem.categories, f"{field}.categories", "categories")
            yield from _twice(target.categories, f"{field}.categories")
        elif isinstance(target, CompletionTarget):
            yield from _known(target.initiatives, problem.places, f"{field}.initiatives", "initiatives")
            yield from _twice(target.initiatives, f"{field}.initiatives")
        elif isinstance(target, LeastTarget):
            yield from _of(problem, target.of, target.goal, field)
            if not problem.holders(target.by):
                yield Fault("no_holders", field, expected=f"{target.by}s")
        elif isinstance(target, ChangeTarget) and problem.published is None:
            yield Fault("published_needed", field)
    counted = Counter(target.model_dump_json(exclude={"weight", "slack"}) for target in objective.targets)
    if objective.method != "weighted":
        for said, times in counted.items():
            if times > 1:
                yield Fault("twice", "objective.targets", said)
