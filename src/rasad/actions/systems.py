"""What is done with systems and with the data links between them."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, DataLink, System, Unit


def add_system(
    *, code: str, name: str, unit: Unit | str, by: Account | None, why: str = "", **values: Any
) -> System:
    """Add a system of a unit. ValidationError where it cannot stand."""
    with changing(by=by, action="system.add", why=why) as change:
        return change.add(System(**resolved(System, {"code": code, "name": name, "unit": unit, **values})))


def change_system(*, system: System, seen: int, by: Account | None, why: str = "", **values: Any) -> System:
    """Change what is said of a system. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="system.change", why=why) as change:
        return change.update(system, seen=seen, **resolved(System, values))


def put_in_use(*, system: System, seen: int, since: date, by: Account | None, why: str = "") -> System:
    """Say from which day a system is in use."""
    with changing(by=by, action="system.put_in_use", why=why) as change:
        return change.update(system, seen=seen, state="in_use", in_use_since=since)


def retire(*, system: System, seen: int, on: date, by: Account | None, why: str = "") -> System:
    """Say from which day a system is no longer in use; it stays in view."""
    with changing(by=by, action="system.retire", why=why) as change:
        return change.update(system, seen=seen, state="retired", retired_on=on)


def add_link(*, code: str, data: str, by: Account | None, why: str = "", **values: Any) -> DataLink:
    """Add a data link that is needed, between a providing and a using side. ValidationError where it cannot stand."""
    with changing(by=by, action="data_link.add", why=why) as change:
        return change.add(DataLink(**resolved(DataLink, {"code": code, "data": data, **values})))


def change_link(*, link: DataLink, seen: int, by: Account | None, why: str = "", **values: Any) -> DataLink:
    """Change what is said of a data link. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="data_link.change", why=why) as change:
        return change.update(link, seen=seen, **resolved(DataLink, values))


def agree(
    *, link: DataLink, seen: int, on: date, legal_basis: str = "", by: Account | None, why: str = ""
) -> DataLink:
    """Say that both sides agreed on a link, and on what legal basis."""
    with changing(by=by, action="data_link.agree", why=why) as change:
        basis = legal_basis or link.legal_basis
        return change.update(link, seen=seen, agreed_on=on, legal_basis=basis)


def see_in_use(*, link: DataLink, seen: int, on: date, by: Account | None, why: str = "") -> DataLink:
    """Say that a link was seen in use on a day; the first such day is the one since when it is in use."""
    with changing(by=by, action="data_link.see", why=why) as change:
        last = max(on, link.last_seen_on or on)
        return change.update(link, seen=seen, in_use_since=link.in_use_since or on, last_seen_on=last)
