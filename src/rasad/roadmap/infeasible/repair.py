"""The smallest repairs of a problem that no plan keeps: postpone, or give more, or lift; each with a plan that was checked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rasad.roadmap.infeasible.changed import changed
from rasad.roadmap.infeasible.elastic import GIVEN, Elastic, Spring, added, lifting, more, postponing
from rasad.roadmap.infeasible.parts import NOTHING
from rasad.roadmap.infeasible.result import Change, Conflict, Repair
from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import Expression, Group, Linear, decode
from rasad.roadmap.solve.cpsat import CpSat
from rasad.roadmap.solve.engine import Engine, outcome, search
from rasad.roadmap.solve.greedy import Greedy
from rasad.roadmap.solve.highs import Highs
from rasad.roadmap.solve.neighbourhoods import Neighbourhoods
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.relaxation import relaxation
from rasad.roadmap.solve.watch import Watch
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import Amount, Listed, Name, Share, Value, Words

POSTPONED = frozenset({"mandatory", "lock"})
SMALL = 500
"""Variables up to which one search of the whole does better than many of parts."""
SHOWN = 5
"""How many changes the words of a repair name; the rest is counted."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def repairs(
    problem: Problem,
    groups: Mapping[str, Group],
    conflicts: Sequence[Conflict],
    seconds: float,
    cancel: threading.Event | None = None,
) -> Iterator[Repair]:
    """Yield the smallest repair of each kind that is found: what is postponed, how much more is given, and what is lifted where that is not all.

    `groups`: every limit of the problem, by id.
    """
    end = time.monotonic() + seconds
    kinds = {limit.kind for conflict in conflicts for limit in conflict.limits}
    makers = [make for make, needs in ((postponing, POSTPONED), (more, GIVEN)) if kinds & needs]
    rules = bool(kinds - POSTPONED - GIVEN - {"frozen"})
    none = True
    for at, make in enumerate([*makers, lifting]):
        if make is lifting and not rules and not none:
            continue
        if cancel is not None and cancel.is_set():
            return
        elastic = make(problem, groups)
        share = max(0.0, end - time.monotonic()) / (len(makers) + rules - at or 1)
        found = smallest(problem, elastic, share, cancel)
        if found is not None:
            none = False
            yield found


def smallest(
    problem: Problem, elastic: Elastic, seconds: float, cancel: threading.Event | None = None
) -> Repair | None:
    """Return the smallest stretch of the springs that lets a plan through, and that plan; None where none was found."""
    end = time.monotonic() + seconds
    rows = elastic.rows
    watch = Watch(rows, elastic.target, cancel=cancel)
    guide = relaxation(watch, seconds / 2)
    _by_hand(problem, elastic, watch, guide, min(1.0, seconds / 4))
    # Where few rows stretch, only whole numbers prove: HiGHS 1.16, begun with a repair of two, once presolved that of one away and called two the least.
    engines: list[Engine] = (
        [CpSat(workers=1)]
        if len(rows.variables) <= SMALL
        else [
            Highs(threads=1),
            Neighbourhoods(elastic.problem, rows, places=_concerned(problem), relaxed=guide),
        ]
    )
    if watch.met and watch.values is not None:
        found = outcome(watch, Status.OPTIMAL, "greedy", "", 0.0)
    else:
        found = search(engines, watch, max(0.1, end - time.monotonic()))
    if found.values is None or found.objective is None:
        return None
    stretched = [(spring, found.values[spring.column]) for spring in elastic.springs]
    changes = tuple(
        _change(problem, spring, added(elastic, spring, found.values)) for spring, steps in stretched if steps
    )
    plan = decode(elastic.problem, rows, found.values)
    if not verify(changed(problem, changes), plan).keeps:
        return None
    at_least = min(max(0, found.bound or 0), found.objective)
    return Repair(kind=elastic.kind, words=_said(elastic.kind, changes), changes=changes, size=found.objective,
                  at_least=at_least, plan=plan)  # fmt: skip


def _by_hand(
    problem: Problem, elastic: Elastic, watch: Watch, guide: Sequence[float] | None, seconds: float
) -> None:
    """Offer first plans: along the relaxation, what may be postponed coming in as far as it fits; else all of it, wherever it breaks least."""
    if watch.cancel.is_set():
        return
    rows = elastic.rows
    firm = replace(
        rows, rows=tuple(elastic.firm), variables=rows.variables[: len(rows.variables) - len(elastic.springs)]
    )
    if elastic.kind == "postpone" and guide is not None:
        kept = [row for row in elastic.firm if rows.groups[row.group].kind not in POSTPONED]
        wished = Expression("wished", Words(""), _wished(elastic), maximise=True)
        found = Greedy(elastic.problem, replace(firm, rows=tuple(kept)), wished, guide).run(
            seconds, watch.cancel
        )
        watch.offer(elastic.stretched(found), "greedy")
    for along in (guide, None):
        if not watch.cancel.is_set() and (watch.values is None or (along is not None and not watch.met)):
            watch.offer(
                elastic.stretched(Greedy(problem, firm, NOTHING, along).run(seconds, watch.cancel)), "greedy"
            )


def _wished(elastic: Elastic) -> Linear:
    """Return how much of what may be postponed is there."""
    springs = {spring.column for spring in elastic.springs}
    wished = {
        column: 1
        for pulled in elastic.pulled.values()
        for row in pulled
        for column in row.columns
        if column not in springs
    }
    return Linear(tuple(wished), tuple(wished.values()))


def _concerned(problem: Problem) -> set[int]:
    """Return the places of what must be done and of what that requires: what else is done matters only to shares."""
    waiting = [at for at, one in enumerate(problem.initiatives) if one.mandatory or one.frozen is not None]
    waiting += [problem.places[lock.initiative] for lock in problem.locks]
    found: set[int] = set()
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting.extend(problem.places[one.initiative] for one in problem.initiatives[at].requires)
    return found


def _change(problem: Problem, spring: Spring, more_of_it: int) -> Change:
    group = spring.group
    if spring.before is None:
        words = _lifted(problem, group)
        return Change(limit=group, words=words)
    amount: Value = Amount(more_of_it, problem.currency) if group.kind == "budget" else more_of_it
    values: dict[str, Value] = {"amount": amount, "limit": _title(problem, group)}
    if group.period is not None:
        values["period"] = problem.horizon.name(group.period)
    template = _n("%(amount)s more for %(limit)s in %(period)s")
    if spring.before:
        values["share"] = Share(-(-10_000 * more_of_it // spring.before))
        template = _n("%(amount)s (%(share)s) more for %(limit)s in %(period)s")
    after = spring.before + more_of_it
    return Change(limit=group, words=Words(template, values), before=spring.before, after=after)


def _lifted(problem: Problem, group: Group) -> Words:
    if group.kind == "mandatory":
        return Words(
            _n("%(initiative)s is not done in these years"),
            {"initiative": _initiative(problem, group.subjects[0])},
        )
    return Words(_n("no longer: %(limit)s"), {"limit": group.words})


def _initiative(problem: Problem, id_: str) -> Name:
    return problem.initiatives[problem.places[id_]].name


def _title(problem: Problem, group: Group) -> Value:
    """Return the name of what there is more of: a budget's, a skill's, a unit's."""
    at = int(group.field.split(".")[2])
    limits = problem.limits
    if group.kind == "budget":
        return limits.budgets[at].name
    if group.kind == "skill":
        return next(skill.name for skill in problem.skills if skill.id == limits.skills[at].skill)
    # Ids may have colons of their own.
    begins, ends = f"running:{limits.running[at].id}:", f":{problem.horizon.code(group.period or 0)}"
    name = next(one.name for one in problem.units if group.id == f"{begins}{one.id}{ends}")
    return Words(_n("work at once in %(unit)s"), {"unit": name})


def _said(kind: str, changes: Sequence[Change]) -> Words:
    """Return a repair in a sentence."""
    if kind == "postpone":
        one, several = (
            _n("leave out of these years: %(what)s"),
            _n("leave these %(count)s out of these years: %(what)s"),
        )
        listed: list[Value] = [
            change.limit.words.values.get("initiative", change.limit.words) for change in changes[:SHOWN]
        ]
    elif kind == "more":
        one, several = _n("give %(what)s"), _n("give %(what)s")
        listed = [change.words for change in changes[:SHOWN]]
    else:
        one, several = _n("lift one limit: %(what)s"), _n("lift %(count)s limits: %(what)s")
        listed = [
            change.words if change.after is not None else change.limit.words for change in changes[:SHOWN]
        ]
    if len(changes) > SHOWN:
        listed.append(Words(_n("%(count)s more"), {"count": len(changes) - SHOWN}))
    values: dict[str, Value] = {"what": Listed(tuple(listed))}
    return Words(one, values) if len(changes) == 1 else Words(several, {**values, "count": len(changes)})
