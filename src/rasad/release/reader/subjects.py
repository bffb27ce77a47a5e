"""Which rows of a release a page of records tells of: the subjects whose changes between releases are kept and can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

MONEY, UNLINKED = "money", "unlinked"
"""Not files but sums over two of them: the money that reaches each project, and that which reaches none, by book, year and stage."""
NO_PROJECT_CODE = "-"
"""Stands for no project in an address and in the rows of `UNLINKED`."""


@dataclass(frozen=True)
class Hop:
    """A way from a record to another: in a row of `table`, `column` names the one and `to` the other."""

    table: str
    column: str
    to: str


@dataclass(frozen=True)
class Member:
    """Rows of a table that belong to the record which their `column` names, at the end of `through`."""

    table: str
    column: str
    through: tuple[Hop, ...] = ()


_GOAL_OF_INDICATOR = Hop("goal_indicator", "indicator", "goal")
_GOAL_OF_PROJECT = Hop("project_goal", "project", "goal")
_INDICATOR_OF_GOAL = Hop("goal_indicator", "goal", "indicator")

OF_ONE: dict[str, tuple[Member, ...]] = {
    "project": (
        Member("project", "code"),
        Member("baseline", "project"),
        Member("milestone", "project"),
        Member("progress", "project"),
        Member("project_rating", "project"),
        Member("project_goal", "project"),
        Member("project_service", "project"),
        Member("project_partner", "project"),
        Member(MONEY, "project"),
    ),
    "project-money": (Member(MONEY, "project"), Member(UNLINKED, "project")),
    "goal": (
        Member("goal", "code"),
        Member("goal", "parent"),
        Member("goal_indicator", "goal"),
        Member("indicator", "code", (_GOAL_OF_INDICATOR,)),
        Member("reading", "indicator", (_GOAL_OF_INDICATOR,)),
        Member("target", "indicator", (_GOAL_OF_INDICATOR,)),
        Member("project_goal", "goal"),
        Member(MONEY, "project", (_GOAL_OF_PROJECT,)),
    ),
    "indicator": (
        Member("indicator", "code"),
        Member("reading", "indicator"),
        Member("target", "indicator"),
        Member("goal_indicator", "indicator"),
        Member("project_goal", "goal", (_INDICATOR_OF_GOAL,)),
        Member(MONEY, "project", (_GOAL_OF_PROJECT, _INDICATOR_OF_GOAL)),
    ),
    "service": (
        Member("service", "code"),
        Member("channel", "service"),
        Member("project_service", "service"),
    ),
    "batch": (Member("batch", "batch"), Member("problem", "batch")),
}
"""Subjects of one record, which an address names by its code: the rows that its page shows, in the order in which they are told."""

OF_ALL: dict[str, tuple[str, ...]] = {
    "projects": ("project", "baseline", "progress", "project_goal", MONEY),
    "goals": ("goal", "goal_indicator", "project_goal", MONEY),
    "thread": (UNLINKED, MONEY, "project_goal", "goal_indicator"),
    "roadmap": (
        "roadmap",
        "roadmap_initiative",
        "roadmap_spending",
        "roadmap_benefit",
        "roadmap_part",
        "roadmap_limit",
    ),
    "roadmap-progress": ("roadmap_actual", "roadmap_version", "roadmap_change", "roadmap_paid"),
    "roadmap-weigh": (
        "roadmap_alternative",
        "roadmap_alternative_goal",
        "roadmap_alternative_initiative",
    ),
    "register": ("unit", "service", "channel", "system", "data_link", "asset", "institution"),
    "units": ("unit",),
    "services": ("service", "channel"),
    "systems": ("system", "data_link"),
    "assets": ("asset",),
    "problems": ("problem",),
}
"""Subjects of whole tables."""

UNTOLD = frozenset(
    {
        ("roadmap_actual", "as_of"),
        ("project_rating", "as_of"),
        ("roadmap", "status"),
        ("roadmap", "objective"),
        ("roadmap", "bound"),
        ("roadmap", "gap"),
        ("roadmap_initiative", "reason"),
    }
)
"""Columns that every release fills anew, and codes that stand in words beside them: a row that differs in these alone is as it was."""
PROSE = frozenset(
    {
        ("project", "description"),
        ("project", "closing_report"),
        ("baseline", "reason"),
        ("goal", "description"),
        ("indicator", "definition"),
        ("service", "description"),
        ("resolution", "subject"),
        ("resolution", "text"),
    }
)
"""Columns of running text. What was taken out of it may be a name or a number that nothing else shows to be one, so what an earlier
release said there is not told again."""
TABLES = tuple(
    dict.fromkeys(
        [member.table for members in OF_ONE.values() for member in members]
        + [table for tables in OF_ALL.values() for table in tables]
    )
)
"""Every table of which single rows are compared."""
