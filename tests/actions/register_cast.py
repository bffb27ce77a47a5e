"""What tests of the register's actions are about."""

from __future__ import annotations

from dataclasses import dataclass

from rasad.records.models import Account, Goal, Indicator, Project, Service, Unit


@dataclass
class Cast:
    """One unit, one project, two goals beside each other, an indicator and a service."""

    by: Account
    unit: Unit
    project: Project
    goals: tuple[Goal, Goal]
    indicator: Indicator
    service: Service
