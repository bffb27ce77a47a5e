"""What is done with assets."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Asset, Unit


def add_asset(*, tag: str, name: str, by: Account | None, why: str = "", **values: Any) -> Asset:
    """Add an asset under its tag. ValidationError where it cannot stand."""
    with changing(by=by, action="asset.add", why=why) as change:
        return change.add(Asset(**resolved(Asset, {"tag": tag, "name": name, **values})))


def change_asset(*, asset: Asset, seen: int, by: Account | None, why: str = "", **values: Any) -> Asset:
    """Change what is said of an asset. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="asset.change", why=why) as change:
        return change.update(asset, seen=seen, **resolved(Asset, values))


def enter(*, asset: Asset, seen: int, on: date, by: Account | None, why: str = "") -> Asset:
    """Say on which day a bought asset was entered in the register of property."""
    with changing(by=by, action="asset.enter", why=why) as change:
        return change.update(asset, seen=seen, registered_on=on)


def hand_over(
    *, asset: Asset, seen: int, unit: Unit, place: str = "", by: Account | None, why: str = ""
) -> Asset:
    """Give an asset to a unit, which uses it from now on."""
    with changing(by=by, action="asset.hand_over", why=why) as change:
        return change.update(asset, seen=seen, unit=unit, place=place, state="in_use")


def retire(*, asset: Asset, seen: int, lost: bool = False, by: Account | None, why: str) -> Asset:
    """Give an asset up, or say that it was lost; it stays in view."""
    with changing(by=by, action="asset.retire", why=why) as change:
        return change.update(asset, seen=seen, state="lost" if lost else "retired")
