"""The roadmap that the town adopted: three initiatives over two years, one of them left out. Small enough to be added up by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from town import Row
from town_records import write_records

from rasad.ledger.rows import write_rows
from rasad.ledger.schema import Table
from rasad.records.roadmap_tables import ROADMAP_TABLES

OF = {"roadmap": "r1"}
MILLION = 1_000_000
SPENT = {(0, "hardware"): 30, (0, "software"): 50, (1, "hardware"): 0, (1, "software"): 70}
MET = {1: [10_000, 2_000], 2: [1_000, 10_000]}
"""Of each plan, how far it meets the goals g11 and g2."""
ROADMAP: dict[str, list[dict[str, Any]]] = {
    "roadmap": [
        {"code": "r1", "title": "نقشه راه <b>یک</b>", "title_en": "Roadmap one", "adopted_on": date(2025, 2, 9), "resolution": "r/1", "currency": "IRR", "period_kind": "year", "periods": 2, "status": "time", "proof": "بسته به زمان", "proof_en": "stopped by time", "objective": "980", "bound": "1000", "gap": 20 / 980, "cost": 150 * MILLION},
    ],
    "roadmap_period": [
        {**OF, "period": 0, "code": "1404", "title": "۱۴۰۴", "title_en": "1404"},
        {**OF, "period": 1, "code": "1405", "title": "۱۴۰۵", "title_en": "1405"},
    ],
    "roadmap_initiative": [
        {**OF, "code": "a", "title": "میز خدمت", "title_en": "One desk", "unit": "20", "unit_title": "فناوری", "unit_title_en": "IT", "goal": "g11", "chosen": True, "start": -1, "finish": 0, "serves_from": 1, "cost": 60 * MILLION, "running": True, "reason": "running", "why": "در دست اجراست", "why_en": "It is running already.", "project": "p/1"},
        {**OF, "code": "b", "title": "پروانه", "title_en": "Permits", "unit": "10", "unit_title": "معاونت", "unit_title_en": "Deputy", "goal": "g2", "chosen": True, "mode": "کوچک", "mode_en": "small", "start": 1, "finish": 1, "serves_from": 2, "cost": 90 * MILLION, "running": False, "reason": "brings", "why": "سودمند است", "why_en": "It serves: two."},
        {**OF, "code": "c", "title": "نمایشگر", "title_en": "Screens", "unit": "10", "unit_title": "معاونت", "unit_title_en": "Deputy", "chosen": False, "running": False, "reason": "no_room", "why": "جا نیست\nبودجه", "why_en": "No room:\nthe whole budget in 1405: 40 too much"},
    ],
    "roadmap_spending": [
        {**OF, "period": period, "category": category, "title": {"hardware": "سخت‌افزار", "software": "نرم‌افزار"}[category], "title_en": category, "amount": amount * MILLION}
        for (period, category), amount in SPENT.items()
    ],
    "roadmap_limit": [
        {**OF, "kind": "budget", "code": "total", "title": "کل بودجه", "title_en": "the whole budget", "period": 0, "until": 0, "available": 100 * MILLION, "used": 80 * MILLION, "own": 100 * MILLION, "least": False},
        {**OF, "kind": "budget", "code": "total", "title": "کل بودجه", "title_en": "the whole budget", "period": 1, "until": 1, "available": 90 * MILLION, "used": 70 * MILLION, "own": 80 * MILLION, "least": False},
        {**OF, "kind": "share", "code": "cap", "title": "سقف", "title_en": "the hardware cap", "period": 0, "until": 0, "categories": "hardware", "share_bp": 4000, "available": 32 * MILLION, "used": 30 * MILLION, "own": 32 * MILLION, "least": False},
        {**OF, "kind": "skill", "code": "dev", "title": "توسعه", "title_en": "developers", "period": 0, "available": 4, "used": 3, "own": 4, "least": False},
        {**OF, "kind": "skill", "code": "dev", "title": "توسعه", "title_en": "developers", "period": 1, "available": 0, "used": 0, "own": 0, "least": False},
    ],
    "roadmap_part": [
        {**OF, "by": "goal", "code": "g11", "title": "خدمت", "title_en": "service", "amount": 60 * MILLION},
        {**OF, "by": "goal", "code": "", "amount": 90 * MILLION},
        {**OF, "by": "unit", "code": "20", "title": "فناوری", "title_en": "IT", "amount": 60 * MILLION},
        {**OF, "by": "unit", "code": "10", "title": "معاونت", "title_en": "Deputy", "amount": 90 * MILLION},
        {**OF, "by": "district", "code": "d1", "title": "یک", "title_en": "one", "amount": 150 * MILLION},
    ],
    "roadmap_benefit": [
        {**OF, "goal": "g11", "title": "خدمت", "title_en": "service", "period": 0, "expected": 0},
        {**OF, "goal": "g11", "title": "خدمت", "title_en": "service", "period": 1, "expected": 120_000},
        {**OF, "goal": "g2", "title": "هوشمند", "title_en": "smart", "period": 0, "expected": 0},
        {**OF, "goal": "g2", "title": "هوشمند", "title_en": "smart", "period": 1, "expected": 0},
    ],
    "roadmap_version": [
        {**OF, "number": 1, "code": "r0", "title": "نخست", "title_en": "The first", "adopted_on": date(2024, 2, 9), "reference": "نامه", "first_period": -1, "last_period": 0, "initiatives": 3, "cost": 170 * MILLION},
        {**OF, "number": 2, "code": "r1", "title": "نقشه راه <b>یک</b>", "title_en": "Roadmap one", "adopted_on": date(2025, 2, 9), "resolution": "r/1", "resolution_title": "مصوبهٔ یک", "commission": "برنامه", "first_period": 0, "last_period": 1, "initiatives": 2, "cost": 150 * MILLION},
    ],
    "roadmap_change": [
        {**OF, "number": 2, "code": "b", "title": "پروانه", "title_en": "Permits", "change": "changed", "start_before": "۱۴۰۳", "start_before_en": "1403", "start_after": "۱۴۰۵", "start_after_en": "1405", "from_before": -1, "to_before": 0, "from_after": 1, "to_after": 1, "moved": 2, "end_moved": 1, "mode_before": "کامل", "mode_before_en": "full", "mode_after": "کوچک", "mode_after_en": "small", "cost_before": 80 * MILLION, "cost_after": 90 * MILLION},
        {**OF, "number": 2, "code": "c", "title": "نمایشگر", "title_en": "Screens", "change": "dropped", "start_before": "۱۴۰۳", "start_before_en": "1403", "from_before": -1, "to_before": -1, "cost_before": 30 * MILLION},
    ],
    "roadmap_time": [
        {**OF, "period": period, "title": title, "title_en": en, "first_day": first, "last_day": last}
        for period, title, en, first, last in (
            (-1, "۱۴۰۳", "1403", date(2024, 3, 20), date(2025, 3, 20)),
            (0, "۱۴۰۴", "1404", date(2025, 3, 21), date(2026, 3, 20)),
            (1, "۱۴۰۵", "1405", date(2026, 3, 21), date(2027, 3, 20)),
        )
    ],
    "roadmap_actual": [
        {**OF, "code": "a", "title": "میز خدمت", "title_en": "One desk", "project": "p/1", "state": "going", "planned_in": 1, "planned_start": date(2024, 3, 20), "planned_start_by": date(2025, 3, 20), "planned_end": date(2025, 3, 20), "planned_cost": 60 * MILLION, "current_start": date(2024, 3, 20), "current_end": date(2026, 3, 20), "real_start": date(2025, 3, 30), "real_start_from": "payment", "expected_end": date(2026, 3, 20), "progress_bp": 4000, "progress_on": date(2025, 4, 1), "rebaselines": 1, "paid": 50 * MILLION, "remaining": 36 * MILLION, "remaining_from": "progress", "start_late": 10, "end_late": 365, "over": 26 * MILLION, "as_of": date(2025, 4, 1)},
        {**OF, "code": "b", "title": "پروانه", "title_en": "Permits", "state": "waiting", "planned_in": 1, "planned_start": date(2024, 3, 20), "planned_start_by": date(2025, 3, 20), "planned_end": date(2025, 3, 20), "planned_cost": 80 * MILLION, "current_start": date(2026, 3, 21), "current_end": date(2027, 3, 20), "rebaselines": 0, "paid": 0, "start_late": 12, "as_of": date(2025, 4, 1)},
        {**OF, "code": "c", "title": "نمایشگر", "title_en": "Screens", "project": "p2", "state": "stopped", "planned_in": 1, "planned_start": date(2024, 3, 20), "planned_start_by": date(2025, 3, 20), "planned_end": date(2025, 3, 20), "planned_cost": 30 * MILLION, "rebaselines": 0, "paid": 4 * MILLION, "as_of": date(2025, 4, 1)},
    ],
    "roadmap_alternative": [
        {**OF, "number": 1, "adopted": True, "initiatives": 2, "cost": 150 * MILLION, "status": "limit", "fits": 3, "keeps": True},
        {**OF, "number": 2, "adopted": False, "initiatives": 2, "cost": 140 * MILLION, "status": "optimal", "gap": 0.0, "fits": 2, "keeps": True},
    ],
    "roadmap_alternative_goal": [
        {**OF, "number": number, "goal": goal, "title": title, "title_en": en, "expected": 120 * met, "met": met, "weight": 5000}
        for number, row in MET.items()
        for (goal, title, en), met in zip((("g11", "خدمت", "service"), ("g2", "هوشمند", "smart")), row, strict=True)
    ],
    "roadmap_alternative_initiative": [
        {**OF, "number": 1, "code": "a", "start": -1, "serves_from": 1, "cost": 60 * MILLION},
        {**OF, "number": 1, "code": "b", "mode": "کوچک", "mode_en": "small", "start": 1, "serves_from": 2, "cost": 90 * MILLION},
        {**OF, "number": 2, "code": "b", "mode": "کوچک", "mode_en": "small", "start": 0, "serves_from": 1, "cost": 95 * MILLION},
        {**OF, "number": 2, "code": "c", "start": 1, "serves_from": 1, "cost": 45 * MILLION},
    ],
    "roadmap_paid": [
        {**OF, "code": "a", "fiscal_year": 1403, "class": "hardware", "amount": 20 * MILLION},
        {**OF, "code": "a", "fiscal_year": 1404, "class": "software", "amount": 30 * MILLION},
        {**OF, "code": "c", "fiscal_year": 1403, "class": "hardware", "amount": 4 * MILLION},
    ],
}  # fmt: skip


LATER: dict[str, set[str]] = {
    "roadmap_limit": {"until", "categories", "share_bp"},
    "roadmap_version": {"first_period", "last_period"},
    "roadmap_change": {"from_before", "to_before", "from_after", "to_after", "end_moved", "mode_before", "mode_before_en", "mode_after", "mode_after_en"},
    "roadmap_actual": {"planned_from", "planned_to", "current_from", "current_to", "start_moved", "end_moved"},
}  # fmt: skip
"""Columns that releases made before did not have."""
STEPS = [("گام", "period 1"), ("گام دوم", "period 2"), ("گام سوم", "period 3")]
IN_STEPS: dict[str, list[dict[str, Any]]] = {
    **ROADMAP,
    "roadmap": [{**ROADMAP["roadmap"][0], "period_kind": "step"}],
    "roadmap_time": [{**OF, "period": at, "title": fa, "title_en": en} for at, (fa, en) in enumerate(STEPS)],
    "roadmap_change": [
        {**OF, "number": 2, "code": "b", "title": "پروانه", "title_en": "Permits", "change": "changed", "start_before": "گام", "start_before_en": "period 1", "start_after": "گام سوم", "start_after_en": "period 3", "from_before": 0, "to_before": 1, "from_after": 2, "to_after": 2, "moved": 2, "end_moved": 1, "cost_before": 80 * MILLION, "cost_after": 90 * MILLION},
    ],
    "roadmap_actual": [
        {**OF, "code": "a", "title": "میز خدمت", "title_en": "One desk", "project": "p/1", "state": "going", "planned_in": 1, "planned_from": 0, "planned_to": 0, "current_from": 0, "current_to": 0, "start_moved": 0, "end_moved": 0, "planned_cost": 60 * MILLION, "real_start": date(2025, 3, 30), "real_start_from": "project", "rebaselines": 0, "paid": 50 * MILLION, "remaining": 36 * MILLION, "remaining_from": "budget", "over": 26 * MILLION, "as_of": date(2025, 4, 1)},
        {**OF, "code": "b", "title": "پروانه", "title_en": "Permits", "state": "waiting", "planned_in": 1, "planned_from": 0, "planned_to": 1, "current_from": 2, "current_to": 2, "start_moved": 2, "end_moved": 1, "planned_cost": 80 * MILLION, "rebaselines": 0, "paid": 0, "as_of": date(2025, 4, 1)},
        {**OF, "code": "c", "title": "نمایشگر", "title_en": "Screens", "state": "waiting", "planned_in": 1, "planned_from": 1, "planned_to": 1, "planned_cost": 30 * MILLION, "rebaselines": 0, "paid": 0, "as_of": date(2025, 4, 1)},
    ],
}  # fmt: skip


def write_with_roadmap(lines: list[Row], staged: Path) -> tuple[dict[str, Path], dict[str, Table]]:
    """Write the town's records and the roadmap that it adopted."""
    return _write(lines, staged, ROADMAP)


def write_as_before(lines: list[Row], staged: Path) -> tuple[dict[str, Path], dict[str, Table]]:
    """Write the same as a release had it that was made before limits said what they are for, and changes when work ends."""
    return _write(lines, staged, ROADMAP, LATER)


def write_in_steps(lines: list[Row], staged: Path) -> tuple[dict[str, Path], dict[str, Table]]:
    """Write a roadmap of three steps: one under way as decided, one later, one left out since."""
    return _write(lines, staged, IN_STEPS)


def write_without_roadmap(lines: list[Row], staged: Path) -> tuple[dict[str, Path], dict[str, Table]]:
    """Write the town's records; no roadmap is adopted."""
    return _write(lines, staged, {})


def _write(
    lines: list[Row],
    staged: Path,
    roadmap: dict[str, list[dict[str, Any]]],
    without: dict[str, set[str]] | None = None,
) -> tuple[dict[str, Path], dict[str, Table]]:
    paths, declared = write_records(lines, staged)
    for table in ROADMAP_TABLES:
        less = (without or {}).get(table.name, set())
        had = replace(table, columns=tuple(one for one in table.columns if one.name not in less))
        paths[table.name], declared[table.name] = staged / f"{table.name}.parquet", had
        rows = [{key: row[key] for key in row if key not in less} for row in roadmap.get(table.name, [])]
        write_rows(had.columns, rows, paths[table.name])
    return paths, declared
