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
)
from rasad.release.reader.described import Described, Field, described, table_titles
from rasad.release.reader.filters import DIMENSIONS, Filters
from rasad.release.reader.open import Release, open_release
from rasad.release.reader.results import Breakdown, BreakdownRow, Coverage, Found, Hit, StageRow, Supplier
from rasad.release.reader.row_changes import Cell, RowChange, RowCount, RowKind

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
    "Cell",
    "ChangedLine",
    "Changes",
    "Coverage",
    "Described",
    "Field",
    "Filters",
    "Found",
    "Hit",
    "Kind",
    "Part",
    "Problem",
    "Release",
    "RowChange",
    "RowCount",
    "RowKind",
    "RuleUse",
    "StageRow",
    "Step",
    "Supplier",
    "TableChange",
    "Total",
    "changes_of",
    "described",
    "known_lines",
    "left_lines",
    "open_release",
    "rules_used",
    "steps",
    "table_titles",
]
