"""docs/performance.md: its measured parts, each between two marks, so that one is measured anew and the others stay."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs" / "performance.md"
ROADMAP = REPO / "docs" / "performance-roadmap.md"


def write(section: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """Put the lines in the place of the section's earlier ones. ValueError where the page has no such section."""
    begin, end = f"<!-- {section}: measured -->", f"<!-- {section}: end -->"
    text = page.read_text("utf-8")
    if begin not in text or end not in text:
        raise ValueError(f"{page}: {begin} and {end} are missing")
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    measured = "\n".join([begin, "", *lines, "", _measured_on(), "", end])
    page.write_text(before + measured + after, "utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a table in Markdown."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _measured_on() -> str:
    made = f"Python {platform.python_version()}, Polars {version('polars')}, DuckDB {version('duckdb')}"
    load = f"load {os.getloadavg()[0]:.1f} when it ended"
    return f"*Measured on {datetime.now(UTC).date()}: {os.cpu_count()} cores ({platform.machine()}), {made}; {load}.*"
