"""A small cast: who writes, and what there is to write of."""

from __future__ import annotations

import pytest
from judged_town import in_english, loaded_town, people, projects, town
from register_cast import Cast

from rasad.actions import goals, indicators, services, units
from rasad.actions import projects as project_actions
from rasad.records.models import Account


@pytest.fixture
def account(db: None) -> Account:
    """Somebody who writes; no password, since hashing one takes its time."""
    return Account.objects.create(email="zahra@example.org", name="زهرا")


@pytest.fixture
def cast(account: Account) -> Cast:
    """The cast, each by its own verb."""
    unit = units.add_unit(code="309", name="سازمان فناوری", is_it=True, by=account)
    project = project_actions.open_project(
        code="P1", title="سامانهٔ شهرسازی", unit=unit, status="running", by=account
    )
    first = goals.add_goal(code="G1", title="شهر الکترونیک", weight_bp=6_000, by=account)
    second = goals.add_goal(code="G2", title="شفافیت", weight_bp=4_000, by=account)
    indicator = indicators.add_indicator(code="I1", title="خدمت برخط", measured_in="درصد", by=account)
    service = services.add_service(code="S1", name="پروانهٔ ساخت", unit="۳۰۹", by=account)
    return Cast(account, unit, project, (first, second), indicator, service)


__all__ = ["in_english", "loaded_town", "people", "projects", "town"]
