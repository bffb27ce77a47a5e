"""Reading a release: everything the portal shows comes through here, and nothing else.

A serving index (a DuckDB file and an SQLite search index) is derived from the release into a cache keyed by the release's hash. It can be deleted at
any time.
"""

from __future__ import annotations

from rasad.ledger.problems import ROW_TITLES, STANDING, Problem
from rasad.ledger.schema import CLASSES, FLOWS, IT_CLASSES, PERSON_KEY, STAGES
from rasad.release.reader.certainty import RuleUse, rules_used
from rasad.release.reader.changes import (
    KINDS,
    ChangedLine,
    Changes,
    Kind,
    Part,
    Step,
    TableChange,
    Total,
    changes_of,
    known_lines,
    left_lines,
    steps,
    table_titles,
)
from rasad.release.reader.filters import DIMENSIONS, Filters
from rasad.release.reader.open import Release, open_release
from rasad.release.reader.results import Breakdown, BreakdownRow, Coverage, Found, Hit, StageRow, Supplier

__all__ = [
    "CLASSES",
    "DIMENSIONS",
    "FLOWS",
    "IT_CLASSES",
    "KINDS",
    "PERSON_KEY",
    "ROW_TITLES",
    "STAGES",
    "STANDING",
    "Breakdown",
    "BreakdownRow",
    "ChangedLine",
    "Changes",
    "Coverage",
    "Filters",
    "Found",
    "Hit",
    "Kind",
    "Part",
    "Problem",
    "Release",
    "RuleUse",
    "StageRow",
    "Step",
    "Supplier",
    "TableChange",
    "Total",
    "changes_of",
    "known_lines",
    "left_lines",
    "open_release",
    "rules_used",
    "steps",
    "table_titles",
]
