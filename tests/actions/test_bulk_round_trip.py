"""What is exported comes in again: unchanged where it is, and whole where there is nothing yet."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from register_world import build, everything

from rasad.actions.bulk import Wording, export_file, export_sheet, import_files
from rasad.actions.bulk.wording import Days, Language
from rasad.ledger.filled import Ways
from rasad.records.models import AuditEvent
from rasad.records.tables import SHEETS

pytestmark = pytest.mark.django_db
NOUNS = [sheet.name for sheet in SHEETS]


def written(folder: Path, format: str, wording: Wording) -> list[Path]:
    """The whole register as files: one workbook, or a CSV for each noun."""
    if format == "xlsx":
        export_file(nouns=NOUNS, path=folder / "register.xlsx", wording=wording)
    for noun in NOUNS if format == "csv" else ():
        export_file(nouns=[noun], path=folder / f"{noun}.csv", wording=wording)
    return sorted(folder.iterdir())


@given(
    seed=st.integers(0, 2**32),
    format=st.sampled_from(["csv", "xlsx"]),
    language=st.sampled_from(get_args(Language)),
    days=st.sampled_from(get_args(Days)),
    minor=st.sampled_from([0, 2]),
)
@settings(
    max_examples=12,
    # A smaller seed makes no smaller register.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_what_is_exported_comes_in_again(
    seed: int, format: str, language: Language, days: Days, minor: int
) -> None:
    ways = Ways(minor_digits=minor)
    with transaction.atomic(), TemporaryDirectory() as folder:
        with transaction.atomic():
            before = build(seed)
            events = AuditEvent.objects.count()
            paths = written(Path(folder), format, Wording(language, days, minor))
            again = import_files(paths=paths, by=None, ways=ways)
            assert [str(problem) for problem in again.problems] == []
            assert [event.after for event in AuditEvent.objects.order_by("id")[events:]] == []
            assert again.count("unchanged") == sum(len(rows) for rows in before.values())
            assert not again.written
            transaction.set_rollback(True)
        assert not any(everything().values())
        anew = import_files(paths=paths, by=None, ways=ways)
        assert [problem.message() for problem in anew.problems] == []
        assert anew.written
        assert everything() == before
        transaction.set_rollback(True)


def test_nothing_that_is_exported_runs(cast: object, tmp_path: Path) -> None:
    from rasad.actions import register

    for number, text in enumerate(("=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "'=1", "-12", "+98")):
        register.add(noun="unit", values={"code": f"U{number}", "name": text}, by=None)
    text = b"".join(export_sheet(noun="unit", format="csv")).decode("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(text.splitlines())]
    assert names[1:] == ["'=HYPERLINK(1)", "'+1+1", "'-1+1", "'@SUM(1)", "''=1", "-12", "+98"]
