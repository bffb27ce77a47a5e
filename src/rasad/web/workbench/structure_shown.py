"""What a scenario is made of, as its page shows it to all who see it: periods, goals, skills, units, districts, groups, synergies, aims."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts as parts
from rasad.actions.roadmap_parts import Data
from rasad.records.models import Goal
from rasad.roadmap.problem import Group, Measured, Problem, Synergy
from rasad.roadmap.wording import Share
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.nouns.addresses import page_of

MEMBERS = 8
"""Members of a group that are named before the rest are counted."""


def periods(problem: Problem) -> list[Fact]:
    """Return the periods as facts."""
    horizon = problem.horizon
    return [
        Fact(_("Periods are"), str(said.HORIZONS[horizon.kind])),
        Fact(_("Periods"), f"{shown.when(problem, 0)} – {shown.when(problem, horizon.count - 1)}"),
        Fact(_("How many periods"), horizon.count, "number"),
    ]


def aims(problem: Problem, data: Data) -> dict[str, Any]:
    """Return the aims in words, and how they are taken together."""
    targets = data["objective"]["targets"]
    none_yet = parts.is_placeholder(targets) and not problem.goals
    return {
        "method": said.WORDS["method"][problem.objective.method],
        "ordered": problem.objective.method == "lexicographic",
        "none_yet": none_yet,
        "rows": [
            {
                "name": said.aim(one, data),
                "weight": show.grouped(one["weight"], frame.lang()) if problem.objective.method == "weighted" else "",
                "slack": _share(one["slack"]) if one["slack"] else "",
            }
            for one in targets
        ],
        "near": len(problem.published.choices) if problem.published else 0,
    }  # fmt: skip


def goals(problem: Problem) -> Table:
    """Return the goals, what each is counted in, its weight, its least, and the register's goal that it is."""
    weights = {one.goal: one.weight for one in problem.objective.targets if one.kind == "goal"}
    shares = {one.goal: one.at_least for one in problem.limits.goal_shares}
    scores = {one.goal: one.at_least for one in problem.limits.goal_scores}
    served = Counter(goal for one in problem.initiatives for goal in {goal for mode in one.modes for goal in mode.effects})  # fmt: skip
    register = {one.code: one for one in Goal.objects.filter(code__in=[goal.id for goal in problem.goals])}
    rows = []
    for one in problem.goals:
        least = [_("%(share)s of all spending") % {"share": _share(shares[one.id])}] if one.id in shares else []  # fmt: skip
        if one.id in scores:
            least.append(f"{show.grouped(scores[one.id], frame.lang())} {_unit(one)}".strip())
        rows.append(
            {
                "name": shown.said(one.name),
                "unit": _unit(one),
                "weight": weights.get(one.id),
                "least": " · ".join(least),
                "served": served[one.id],
                "register": register[one.id].code if one.id in register else "",
                "url": page_of(register.get(one.id)),
            }
        )
    columns = [
        Column("name", _("Goal"), note="unit"),
        Column("weight", _("Weight"), "number"),
        Column("least", _("At least")),
        Column("served", _("Initiatives that serve it"), "number"),
        Column("register", _("In the register"), link="url"),
    ]
    return Table(id="goals", caption=_("Goals"), caption_hidden=True, columns=columns, rows=rows, row_header="name", empty=_("No goal yet."))  # fmt: skip


def skills(problem: Problem) -> Table:
    """Return the skills with how much of each there is in each period."""
    there = {one.skill: one.amounts for one in problem.limits.skills}
    names = shown.periods_of(problem)
    columns = [
        Column("name", _("Skill"), note="unit"),
        *(Column(f"p{at}", name, "number") for at, name in enumerate(names)),
    ]
    rows = [
        {"name": shown.said(one.name), "unit": _unit(one) if one.id in there else " · ".join(filter(None, (_unit(one), _("no limit")))),
         **{f"p{at}": amount for at, amount in enumerate(there.get(one.id, ()))}}
        for one in problem.skills
    ]  # fmt: skip
    return Table(id="skills", caption=_("Skills"), caption_hidden=True, columns=columns, rows=rows, row_header="name", stack=False, empty=_("No skill yet."))  # fmt: skip


def holders(problem: Problem, by: str) -> Table:
    """Return the units or the districts, with what fairness is measured by and the least share of each."""
    shares = {
        one.whom: one.at_least for one in problem.limits.fairness if one.by == by and one.of == "spending"
    }
    owned = Counter(one.unit for one in problem.initiatives) if by == "unit" else Counter(district for one in problem.initiatives for district in one.districts)  # fmt: skip
    for_all = shares.pop("", None)
    rows = [
        {
            "name": shown.said(one.name),
            "weight": one.weight if one.weight != 1 else None,
            "count": owned[one.id],
            "least": _share(least) if (least := shares.get(one.id, for_all)) is not None else "",
        }
        for one in problem.holders(by)
    ]  # fmt: skip
    is_unit = by == "unit"
    columns = [
        Column("name", _("Unit") if is_unit else _("District")),
        Column("weight", _("Staff") if is_unit else _("Residents"), "number"),
        Column("count", _("Initiatives it owns") if is_unit else _("Initiatives in it"), "number"),
        Column("least", _("At least, of the spending of all of them")),
    ]
    name = _("Units") if is_unit else _("Districts")
    return Table(id=f"{by}s", caption=name, caption_hidden=True, columns=columns, rows=rows, row_header="name", empty=_("No unit yet.") if is_unit else _("No district yet."))  # fmt: skip


def rule(group: Group) -> str:
    """Return how many of a group are chosen, in words."""
    least, most = group.at_least, group.at_most
    if not least:
        return _("one at most: they exclude each other") if most == 1 else _("at most %(most)s") % {"most": shown.whole(most)}  # fmt: skip
    if most is None:
        return _("at least %(least)s") % {"least": shown.whole(least)}
    if least == most:
        return _("exactly %(count)s") % {"count": shown.whole(least)}
    return _("from %(least)s to %(most)s") % {"least": shown.whole(least), "most": shown.whole(most)}


def bonus(synergy: Synergy, problem: Problem) -> str:
    """Return what a synergy brings, in words."""
    if synergy.kind == "together":
        return _("all of them or none")
    goals_ = {one.id: one for one in problem.goals}
    told = []
    for id_, effect in synergy.effects.items():
        goal, figures = goals_[id_], [shown.whole(one) for one in effect.per_period]
        amounts = [_("once %(amount)s") % {"amount": shown.whole(effect.once)}] if effect.once else []
        amounts += [_("then %(amounts)s a period") % {"amounts": " → ".join(figures)}] if figures else []
        told.append(f"{shown.said(goal.name)}: {', '.join(amounts)} {_unit(goal)}".strip())
    sure = _share(synergy.probability)
    chance = [_("with a probability of %(share)s") % {"share": sure}] if synergy.probability < 10_000 else []
    return " · ".join([*told, *chance])


def joined(problem: Problem, kind: str) -> list[dict[str, Any]]:
    """Return groups or synergies: name, rule, members by name."""
    names = {one.id: shown.said(one.name) for one in problem.initiatives}
    found: Any = problem.groups if kind == "groups" else problem.synergies
    return [
        {
            "id": one.id,
            "name": shown.said(one.name),
            "rule": rule(one) if kind == "groups" else bonus(one, problem),
            "members": [names[id_] for id_ in one.initiatives[:MEMBERS]],
            "more": max(0, len(one.initiatives) - MEMBERS),
        }
        for one in found
    ]


def _unit(one: Measured) -> str:
    return one.unit.said(str, frame.lang())


def _share(points: int) -> str:
    return Share(points).said(str, frame.lang())
