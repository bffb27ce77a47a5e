"""What is done with indicators: what is aimed at, and what was read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Indicator, Reading, Target


def add_indicator(*, code: str, title: str, by: Account | None, why: str = "", **values: Any) -> Indicator:
    """Add an indicator. ValidationError where it cannot stand."""
    with changing(by=by, action="indicator.add", why=why) as change:
        return change.add(Indicator(**resolved(Indicator, {"code": code, "title": title, **values})))


def change_indicator(
    *, indicator: Indicator, seen: int, by: Account | None, why: str = "", **values: Any
) -> Indicator:
    """Change what is said of an indicator. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="indicator.change", why=why) as change:
        return change.update(indicator, seen=seen, **resolved(Indicator, values))


def aim(*, indicator: Indicator, due: date, value: Decimal, by: Account | None, why: str = "") -> Target:
    """Set the value that an indicator is to reach by a day. ValidationError where that day has its target already."""
    with changing(by=by, action="target.add", why=why) as change:
        return change.add(Target(indicator=indicator, due=due, value=value))


def change_target(*, target: Target, seen: int, value: Decimal, by: Account | None, why: str) -> Target:
    """Aim at another value by the same day; what was aimed at before stays on the trail."""
    with changing(by=by, action="target.change", why=why) as change:
        return change.update(target, seen=seen, value=value)


def read(
    *,
    indicator: Indicator,
    period_start: date,
    period_end: date,
    value: Decimal,
    quality: str,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    source: str = "",
    note: str = "",
    by: Account | None,
    why: str = "",
) -> Reading:
    """Take down what an indicator was over a period. ValidationError where the value is not the quotient that it is given with."""
    with changing(by=by, action="reading.add", why=why) as change:
        return change.add(
            Reading(
                indicator=indicator,
                period_start=period_start,
                period_end=period_end,
                value=value,
                numerator=numerator,
                denominator=denominator,
                source=source,
                quality=quality,
                note=note,
            )
        )


def correct_reading(*, reading: Reading, seen: int, by: Account | None, why: str, **values: Any) -> Reading:
    """Put a reading right; what was read before stays on the trail."""
    with changing(by=by, action="reading.change", why=why) as change:
        return change.update(reading, seen=seen, **resolved(Reading, values))
