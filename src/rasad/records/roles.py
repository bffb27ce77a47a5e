"""Who may do what: the roles, and the one matrix of abilities.

Deny by default: an ability that is not here is nobody's, and a page without an ability does not exist (a test walks every address).
"""

from __future__ import annotations

ROLES = ("member", "secretary", "expert", "finance", "it", "data", "auditor", "admin")
"""Council member, secretary of the working group, expert adviser, finance officer, IT organisation, data officer, auditor, and
administrator of the site (accounts and roles; no figures)."""

EVERYONE = frozenset(ROLES)

ABILITIES: dict[str, frozenset[str]] = {
    # Reading
    "home.read": EVERYONE,
    "records.read": EVERYONE - {"admin"},
    "thread.read": EVERYONE - {"admin"},
    "trail.read": frozenset({"auditor", "secretary", "data"}),
    # The register: units, institutions, posts
    "units.write": frozenset({"secretary", "it", "data"}),
    "staff.write": frozenset({"it"}),
    # What the IT organisation keeps up to date
    "projects.write": frozenset({"it", "secretary"}),
    "systems.write": frozenset({"it"}),
    "services.write": frozenset({"it", "secretary"}),
    "assets.write": frozenset({"it", "finance"}),
    "contracts.write": frozenset({"finance", "it"}),
    # What the council sets
    "goals.write": frozenset({"secretary"}),
    "indicators.write": frozenset({"secretary", "it"}),
    "readings.write": frozenset({"it", "secretary", "data"}),
    "resolutions.write": frozenset({"secretary"}),
    # The thread
    "allocations.judge": frozenset({"finance", "it", "secretary", "expert"}),
    "rules.write": frozenset({"finance", "data"}),
    "classes.judge": frozenset({"finance", "it", "expert"}),
    # The import desk
    "imports.read": frozenset({"finance", "it", "data", "auditor", "secretary"}),
    "imports.write": frozenset({"finance", "data"}),
    "bulk.write": frozenset({"finance", "it", "secretary", "data"}),
    # The roadmap
    "roadmap.read": EVERYONE - {"admin"},
    "roadmap.write": frozenset({"it", "secretary", "expert"}),
    "roadmap.adopt": frozenset({"secretary"}),
    "opinions.write": frozenset({"expert"}),
    # Work in the background: whoever asked for it sees it and may take it back
    "jobs.read": EVERYONE - {"admin"},
    "jobs.write": EVERYONE - {"admin"},
    # Publishing
    "releases.read": frozenset({"data", "secretary", "member", "auditor", "finance"}),
    "releases.publish": frozenset({"data"}),
    # The site
    "accounts.write": frozenset({"admin"}),
}

WRITES: dict[str, str] = {
    "unit": "units.write",
    "institution": "units.write",
    "post": "units.write",
    "staff": "staff.write",
    "resolution": "resolutions.write",
    "goal": "goals.write",
    "goal_indicator": "goals.write",
    "indicator": "indicators.write",
    "target": "indicators.write",
    "reading": "readings.write",
    "service": "services.write",
    "channel": "services.write",
    "system": "systems.write",
    "data_link": "systems.write",
    "project": "projects.write",
    "baseline": "projects.write",
    "milestone": "projects.write",
    "progress": "projects.write",
    "project_goal": "projects.write",
    "project_service": "projects.write",
    "project_partner": "projects.write",
    "asset": "assets.write",
    "contract_record": "contracts.write",
    "allocation_rule": "rules.write",
}
"""Noun of `records.tables` → the ability of whoever writes it, by a form or in bulk."""


def allows(roles: frozenset[str], ability: str) -> bool:
    """Return whether holders of `roles` have the ability. KeyError where no such ability is declared."""
    return bool(ABILITIES[ability] & roles)
