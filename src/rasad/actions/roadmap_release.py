"""The adopted roadmap as a release has it: open tables with everything that the portal says of it, verified anew before they are written.

Drafts, opinions and locks stay inside. Where no roadmap is adopted the tables are there and empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from rasad.actions import roadmap_alternatives, roadmap_chain
from rasad.actions.roadmap_chain import Chain, chain_of
from rasad.actions.roadmap_reasons import explanation_of, other_ways
from rasad.actions.roadmaps import Checked, adopted, checked, current_plan
from rasad.ledger.problems import Problem
from rasad.ledger.rows import write_rows
from rasad.records.models import Scenario, ScenarioProject
from rasad.records.roadmap_tables import ROADMAP_TABLES
from rasad.release.manifest import ReleaseError
from rasad.roadmap.problem import Initiative
from rasad.roadmap.reasons import Reason, reasons
from rasad.roadmap.sums import benefits, bounds, bounds_over_all, parts, spending
from rasad.roadmap.wording import Name, Words

Row = dict[str, Any]


@dataclass(frozen=True)
class Adopted:
    """The roadmap in force: its record, its plan verified anew, why each initiative is in or out, and the decisions before it."""

    scenario: Scenario
    found: Checked
    reasons: dict[str, Reason]
    projects: dict[str, str]
    others: dict[str, Words]
    chain: Chain


Rows = Callable[[Adopted], Iterator[Row]]


def stage(out: Path, *, home: Path) -> dict[str, Path]:
    """Write the tables of the adopted roadmap into `out` and return name → file. ReleaseError where its plan breaks a limit.

    `home`: of the ledger that says what was paid for what became of it.
    """
    meant = _adopted(home)
    paths = {}
    for table in ROADMAP_TABLES:
        paths[table.name] = out / f"{table.name}.parquet"
        write_rows(table.columns, _ROWS[table.name](meant) if meant else (), paths[table.name])
    return paths


def _adopted(home: Path) -> Adopted | None:
    scenario = adopted()
    if scenario is None:
        return None
    record = current_plan(scenario)
    assert record is not None
    found = checked(scenario, record)
    if not found.verdict.keeps:
        broken = found.verdict.violations[0].words.said()
        raise ReleaseError(Problem("roadmap_broken", found=scenario.code, expected=broken))
    projects = dict(
        ScenarioProject.objects.filter(scenario=scenario).values_list("initiative", "project__code")
    )
    others = other_ways(explanation_of(record), set(found.verdict.figures.works))
    chain = chain_of(scenario, home=home)
    return Adopted(scenario, found, reasons(found.problem, found.plan), projects, others, chain)


def _roadmap(meant: Adopted) -> Iterator[Row]:
    scenario, found = meant.scenario, meant.found
    result, horizon, figures = found.record.result, found.problem.horizon, found.verdict.figures
    fa, en = both(found.status.words)
    yield {
        "code": scenario.code,
        "title": scenario.title,
        "title_en": scenario.title_en,
        "adopted_on": scenario.adopted_on,
        "resolution": scenario.resolution.number if scenario.resolution else "",
        "reference": scenario.reference,
        "currency": found.problem.currency,
        "period_kind": horizon.kind,
        "periods": horizon.count,
        "status": found.status.value,
        "proof": fa,
        "proof_en": en,
        "objective": "" if result["objective"] is None else str(result["objective"]),
        "bound": "" if result["bound"] is None else str(result["bound"]),
        "gap": result["gap"],
        "cost": sum(figures.cost_of(work) for work in figures.works.values()),
        "based_on": scenario.based_on.code if scenario.based_on else "",
    }


def _periods(meant: Adopted) -> Iterator[Row]:
    horizon = meant.found.problem.horizon
    for period in range(horizon.count):
        yield {**_of(meant, horizon.name(period)), "period": period, "code": horizon.code(period)}


def _initiatives(meant: Adopted) -> Iterator[Row]:
    problem, figures = meant.found.problem, meant.found.verdict.figures
    units = {unit.id: unit.name for unit in problem.units}
    for one in problem.initiatives:
        unit = units.get(one.unit, Name(one.unit, one.unit))
        reason, work = meant.reasons[one.id], figures.works.get(one.id)
        told = [reason.words, *reason.details]
        if one.id in meant.others:
            told.append(meant.others[one.id])
        why = [both(words) for words in told]
        row = {
            **_of(meant, one.name),
            "code": one.id,
            "unit": one.unit,
            "unit_title": unit.fa,
            "unit_title_en": unit.en,
            "goal": main_goal(one),
            "chosen": work is not None,
            "running": one.frozen is not None,
            "reason": reason.code,
            "why": "\n".join(fa for fa, _en in why),
            "why_en": "\n".join(en for _fa, en in why),
            "project": meant.projects.get(one.id, ""),
        }
        if work is not None:
            mode = work.mode.name if len(one.modes) > 1 else Name("", "")
            row |= {
                "mode": mode.fa,
                "mode_en": mode.en,
                "start": work.start,
                "finish": work.last,
                "serves_from": work.complete,
                "cost": figures.cost_of(work),
            }
        yield row


def main_goal(one: Initiative) -> str:
    """Return the goal that most of an initiative's spending serves, else the one that it brings most; "" for none."""
    if one.goal_shares:
        return max(one.goal_shares, key=lambda goal: one.goal_shares[goal])
    effects = one.modes[0].effects
    return max(effects, key=lambda goal: effects[goal].once + sum(effects[goal].per_period), default="")


def _spending(meant: Adopted) -> Iterator[Row]:
    for spent in spending(meant.found.verdict.figures):
        yield {
            **_of(meant, spent.category.name),
            "period": spent.period,
            "category": spent.category.id,
            "amount": spent.amount,
        }


def _limits(meant: Adopted) -> Iterator[Row]:
    figures = meant.found.verdict.figures
    for one in (*bounds(figures), *bounds_over_all(figures)):
        yield {
            **_of(meant, one.name),
            "kind": one.kind,
            "code": one.id,
            "period": one.period,
            "available": one.there,
            "used": one.used,
            "own": one.own,
            "least": one.floor,
            "until": one.until,
            "categories": " ".join(one.categories),
            "share_bp": one.points,
        }


def _parts(meant: Adopted) -> Iterator[Row]:
    for part in parts(meant.found.verdict.figures):
        yield {**_of(meant, part.name), "by": part.by, "code": part.id, "amount": part.amount}


def _benefits(meant: Adopted) -> Iterator[Row]:
    for one in benefits(meant.found.verdict.figures):
        yield {
            **_of(meant, one.goal.name),
            "goal": one.goal.id,
            "period": one.period,
            "expected": one.amount,
        }


def _named(rows: Rows) -> Rows:
    """Return rows that say of which roadmap they are."""
    return lambda meant: ({"roadmap": meant.scenario.code, **row} for row in rows(meant))


_ROWS: dict[str, Rows] = {
    "roadmap": _roadmap,
    "roadmap_period": _periods,
    "roadmap_initiative": _initiatives,
    "roadmap_spending": _spending,
    "roadmap_limit": _limits,
    "roadmap_part": _parts,
    "roadmap_benefit": _benefits,
    **{
        name: _named(rows)
        for name, rows in {
            "roadmap_version": lambda meant: roadmap_chain.versions(meant.chain),
            "roadmap_change": lambda meant: roadmap_chain.changes(meant.chain),
            "roadmap_time": lambda meant: roadmap_chain.times(meant.chain),
            "roadmap_actual": lambda meant: roadmap_chain.became(meant.chain),
            "roadmap_paid": lambda meant: roadmap_chain.paid(meant.chain),
            "roadmap_alternative": lambda meant: roadmap_alternatives.plans(meant.found),
            "roadmap_alternative_goal": lambda meant: roadmap_alternatives.goals(meant.found),
            "roadmap_alternative_initiative": lambda meant: roadmap_alternatives.initiatives(meant.found),
        }.items()
    },
}


def both(words: Words) -> tuple[str, str]:
    """Return words in Persian and in English."""
    said = []
    for lang in ("fa", "en"):
        with translation.override(lang):
            said.append(words.said(gettext, lang))
    return said[0], said[1]


def _of(meant: Adopted, name: Name) -> Row:
    return {"roadmap": meant.scenario.code, "title": name.fa, "title_en": name.en}
