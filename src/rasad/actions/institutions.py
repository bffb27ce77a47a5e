"""What is done with institutions outside the municipality."""

from __future__ import annotations

from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Institution


def add_institution(*, code: str, name: str, by: Account | None, why: str = "", **values: Any) -> Institution:
    """Add an institution. ValidationError where it cannot stand."""
    with changing(by=by, action="institution.add", why=why) as change:
        return change.add(Institution(**resolved(Institution, {"code": code, "name": name, **values})))


def change_institution(
    *, institution: Institution, seen: int, by: Account | None, why: str = "", **values: Any
) -> Institution:
    """Change what is said of an institution. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="institution.change", why=why) as change:
        return change.update(institution, seen=seen, **resolved(Institution, values))
