"""What is done with services to citizens and the ways to them."""

from __future__ import annotations

from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Channel, Service, Unit


def add_service(
    *, code: str, name: str, unit: Unit | str, by: Account | None, why: str = "", **values: Any
) -> Service:
    """Add a service that a unit is competent for. ValidationError where it cannot stand."""
    with changing(by=by, action="service.add", why=why) as change:
        return change.add(Service(**resolved(Service, {"code": code, "name": name, "unit": unit, **values})))


def change_service(
    *, service: Service, seen: int, by: Account | None, why: str = "", **values: Any
) -> Service:
    """Change what is said of a service. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="service.change", why=why) as change:
        return change.update(service, seen=seen, **resolved(Service, values))


def stop_service(*, service: Service, seen: int, by: Account | None, why: str = "") -> Service:
    """Say that a service is no longer given."""
    with changing(by=by, action="service.stop", why=why) as change:
        return change.update(service, seen=seen, is_active=False)


def open_channel(*, service: Service, kind: str, by: Account | None, why: str = "", **values: Any) -> Channel:
    """Open a way to a service, with what it asks of a citizen."""
    with changing(by=by, action="channel.add", why=why) as change:
        return change.add(Channel(service=service, kind=kind, **resolved(Channel, values)))


def change_channel(
    *, channel: Channel, seen: int, by: Account | None, why: str = "", **values: Any
) -> Channel:
    """Change what a way to a service asks of a citizen, or say from when on it is closed."""
    with changing(by=by, action="channel.change", why=why) as change:
        return change.update(channel, seen=seen, **resolved(Channel, values))
