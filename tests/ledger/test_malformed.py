"""A sample of the malformed files of benchmarks/malformed.py: each ends in a typed error or a balanced batch."""

from __future__ import annotations

import io
import random
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.malformed import attempt, run
from benchmarks.malformed_files import HUGE, PAYMENTS, Case, case, cut, flipped
from benchmarks.malformed_writers import LATER_WRITERS


def test_every_malformed_file_ends_in_a_typed_error_or_a_balanced_batch() -> None:
    found = run(seed=7, count=70, workers=1)
    assert found["files"] == 70
    assert found["faults"] == []
    # The sample holds files of both kinds, so that neither half of the claim is empty.
    assert found["ends"]["batch"] > 8
    assert len(found["ends"]) > 8


@pytest.mark.parametrize("writer", LATER_WRITERS, ids=lambda writer: writer.__name__)
def test_kinds_that_came_later_are_read_and_refused_as_well(tmp_path: Path, writer: Any) -> None:
    """Whole, each is read; harmed, it ends in a typed error or a balanced batch."""
    rows = [
        ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"],
        *([f"1403/01/0{day}", "خرید", "الف", "1200"] for day in range(1, 8)),
    ]
    ends = set()
    for number in range(3):
        draw = random.Random(number)
        name, content = writer(draw, rows)
        made = [content, *(change(draw, content) for change in (flipped, cut))]
        for at, raw in enumerate(made):
            home = tmp_path / f"{number}-{at}"
            end, detail = attempt(Case(name, raw, PAYMENTS, (writer.__name__,)), tmp_path, home)
            assert end != "fault", detail
            ends.add(end)
    assert "batch" in ends


def test_the_same_number_is_the_same_file() -> None:
    assert case(7, 3) == case(7, 3)
    assert case(7, 3) != case(8, 3)


def test_no_file_says_when_it_was_made() -> None:
    """Else the same number is another file a second later, and what is done to its bytes hits something else."""
    packed = [one for one in (case(7, number) for number in range(120)) if one.content[:4] == b"PK\x03\x04"]
    days = set()
    for one in packed:
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(one.content)) as archive:
            days |= {info.date_time for info in archive.infolist()}
            if "docProps/core.xml" in archive.namelist():
                assert b"2024-01-01T00:00:00Z</dcterms:created>" in archive.read("docProps/core.xml")
    assert days == {(1980, 1, 1, 0, 0, 0)}


HUGE_ENDS = ("too_large", "too_packed", "too_wide", "too_many_cells", "long_cell", "header", "quote")


@pytest.mark.parametrize("huge", HUGE, ids=lambda huge: huge.__name__)
def test_huge_files_end_too(tmp_path: Path, huge: object) -> None:
    name, content = huge(random.Random(1))  # type: ignore[operator]
    end, detail = attempt(Case(name, content, PAYMENTS, (name,)), tmp_path, tmp_path / "home")
    assert (end in HUGE_ENDS, detail) == (True, ""), end
