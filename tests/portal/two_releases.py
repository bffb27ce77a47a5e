"""The town's second release: lines gone, new, of another class, another amount, carried over into another file."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from town import Row, write_release

LATER = datetime(2025, 10, 5, 9, 30, tzinfo=UTC)


def edited(lines: list[Row]) -> list[Row]:
    """Return the lines of the second release. Payments 0–9 have gone; 10–29 are of another class; 30–39 cost more; 40–44 belong to
    another unit; 45–49 are in another year; 50–79 came again in another file; 80 has another text; 900–904 are new."""
    found: list[Row] = []
    for row in deepcopy(lines):
        number = row["line_no"] if row["batch"] == "aaaa" else -1
        if 0 <= number < 10:
            continue
        if 10 <= number < 30:
            row |= {
                "class": "software" if row["class"] != "software" else "services",
                "class_method": "person",
            }
        if 30 <= number < 40:
            row |= {"amount": row["amount"] + 1_000_000, "amount_raw": str(row["amount"] + 1_000_000)}
        if 40 <= number < 45:
            other = {"10": "20", "20": "30", "30": "10"}[row["unit_code"]]
            row |= {"unit_code": other, "unit": f"واحد {other}"}
        if 45 <= number < 50:
            row["fiscal_year"] = {1401: 1402, 1402: 1403, 1403: 1401}[row["fiscal_year"]]
        if 50 <= number < 80:
            row |= {
                "line_id": f"dddd00000000-1-{row['row']}-paid",
                "batch": "dddd",
                "file_hash": "dddd" * 16,
                "file_name": "dddd.csv",
            }
        if number == 80:
            row |= {"title": "خرید سرور و رک", "title_raw": "خرید سرور و رک", "title_key": "خرید سرور و رک"}
        found.append(row)
    for number in range(900, 905):
        new = deepcopy(lines[number - 800])
        new |= {
            "line_id": f"eeee00000000-1-{number}-paid",
            "line_no": number,
            "row": number,
            "batch": "aaaa",
            "amount": 5_000_000_000 + number,
        }
        new |= {"document_no": str(number), "amount_raw": str(5_000_000_000 + number)}
        found.append(new)
    return found


def write_two(releases: Path) -> tuple[list[Row], list[Row]]:
    """Build both releases; return the lines of each."""
    return write_release(releases), write_release(releases, edit=edited, now=LATER)
