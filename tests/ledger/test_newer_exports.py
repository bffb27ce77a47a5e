"""A newer export of a period that is loaded: compared before it is taken in; what leaves leaves a tombstone."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from offices import BUDGET, mapping, write

from rasad.actions.batches import import_file
from rasad.actions.comparisons import compare_batch, compare_files
from rasad.ledger.batches import Receipt, folder, receipts
from rasad.ledger.classify.judgements import judge, judgements
from rasad.ledger.continuity import continued, settled, written
from rasad.ledger.mapping import Mapping
from rasad.ledger.overlap import Overlapping
from rasad.ledger.problems import MappingError, WriteError
from rasad.ledger.schema import TOMBSTONE
from rasad.ledger.view import schema_of, stage_public, view

HEADER = "سند,تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
ROWS = [
    "11,1403/1/1,خرید,شرکت الف,100",
    "12,1403/1/2,خرید,شرکت الف,100",
    "13,1403/1/3,نگهداری,شرکت ب,250",
    "14,1403/1/4,اجاره,شرکت پ,-30",
]
KEYED = mapping(
    columns={
        "document_no": {"names": ["سند"]},
        "date": {"names": ["تاریخ"]},
        "title": {"names": ["شرح"]},
        "supplier_name": {"names": ["ذی‌نفع"]},
    },
    identity={"columns": ["document_no"]},
)
BARE = mapping()
START = datetime(2026, 1, 1, tzinfo=UTC)

Take = Callable[..., Receipt]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Take:
    """Import rows below the header; each import a day after the one before."""
    day = [START]

    def run(rows: list[str], name: str = "a.csv", rules: Mapping = KEYED, **more: Any) -> Receipt:
        day[0] += timedelta(days=1)
        path = write(tmp_path, HEADER + "\n".join(rows) + "\n", name)
        return import_file(home=home, mapping=rules, path=path, now=day[0], **more)

    return run


def ids(receipt: Receipt, *rows: int) -> list[str]:
    return [f"{receipt.file['sha256'][:12]}-1-{row}-paid" for row in rows]


def total(home: Path) -> int:
    frames = [pl.read_parquet(folder(home) / f"{one.batch}.parquet") for one in receipts(home)]
    return sum(int(frame["amount"].sum()) for frame in frames)


def test_a_newer_export_is_compared_and_not_taken_in(take: Take, home: Path) -> None:
    first = take(ROWS)
    newer = [ROWS[0], ROWS[2].replace("250", "260"), ROWS[3], "15,1403/1/5,خرید,شرکت ت,40"]
    with pytest.raises(Overlapping) as caught:
        take(newer, "b.csv")
    assert caught.value.batches == [first.batch]
    assert caught.value.exit_code == 5
    assert caught.value.comparison.counts == {
        "old": 4, "new": 4, "same": 2, "moved": 1, "changed": 1, "added": 1, "gone": 1,
    }  # fmt: skip
    [paid] = caught.value.comparison.amounts
    assert (paid.old, paid.added, paid.changed, paid.gone, paid.new) == (420, 40, 10, 100, 370)
    assert receipts(home) == [first]


def test_replaced_lines_are_led_on_and_gone_ones_leave_a_tombstone(take: Take, home: Path) -> None:
    first = take(ROWS)
    newer = [ROWS[0], ROWS[2].replace("250", "260"), ROWS[3], "15,1403/1/5,خرید,شرکت ت,40"]
    second = take(newer, "b.csv", replace=True)
    assert second.supersedes == [first.batch]
    assert receipts(home) == [second]
    assert total(home) == 370
    found = {row["line_id"]: row for row in settled(home).to_dicts()}
    old, new = ids(first, 2, 3, 4, 5), ids(second, 2, 3, 4)
    assert {one: (row["how"], row["continued_by"]) for one, row in found.items()} == {
        old[0]: ("same", new[0]),
        old[1]: ("gone", None),
        old[2]: ("changed", new[1]),
        old[3]: ("same", new[2]),
    }
    gone = found[old[1]]
    assert (gone["amount"], gone["row"], gone["batch"], gone["superseded_by"], gone["file_name"]) == (
        100, 3, first.batch, second.batch, "a.csv",
    )  # fmt: skip
    assert gone["left_at"] == second.created_at


def test_rows_that_are_further_ones_are_added(take: Take, home: Path) -> None:
    first = take(ROWS)
    second = take([*ROWS, "15,1403/1/5,خرید,شرکت ت,40"], "b.csv", add=True)
    assert second.supersedes == []
    assert second.repeats == [{"batch": first.batch, "file": "a.csv", "lines": 4}]
    assert total(home) == 420 + 460
    assert written(home).height == 0
    # A third export supersedes both, and every line of either is led on or gone.
    third = take([*ROWS, "15,1403/1/5,خرید,شرکت ت,41"], "c.csv", replace=True)
    assert sorted(third.supersedes) == sorted([first.batch, second.batch])
    assert total(home) == 461
    left = settled(home)
    assert left.height == 9
    assert left["how"].value_counts().sort("how").rows() == [("changed", 1), ("gone", 4), ("same", 4)]


def test_late_rows_alone_ask_nothing(take: Take, home: Path) -> None:
    take(ROWS)
    take(["15,1403/1/3,خرید,شرکت ت,40", "16,1403/1/4,خرید,شرکت ت,41"], "late.csv")
    assert len(receipts(home)) == 2
    assert total(home) == 501


def test_the_next_period_asks_nothing_even_under_the_same_name(take: Take, home: Path) -> None:
    take(ROWS)
    following = [row.replace("1403/1/", "1403/2/") for row in ROWS]
    take(following, "a.csv", rules=BARE)
    following = [row.replace("1403/1/", "1404/1/") for row in ROWS]
    take(following, "a.csv")
    assert len(receipts(home)) == 3
    assert all(one.repeats == [] for one in receipts(home))


def test_the_same_name_over_the_same_days_asks_whatever_it_says(take: Take, home: Path) -> None:
    take(ROWS, rules=BARE)
    other = [
        row.replace("خرید", "فروش").replace("100", "999").replace("250", "1").replace("-30", "2")
        for row in ROWS
    ]
    with pytest.raises(Overlapping):
        take(other, "a.csv", rules=BARE)
    assert take(other, "b.csv", rules=BARE).repeats == []


def test_a_part_that_says_the_same_is_told_and_not_refused(take: Take, home: Path) -> None:
    first = take([f"{n},1403/1/{n % 28 + 1},خرید,شرکت الف,{n}" for n in range(1, 21)])
    later = [f"{n},1403/1/{n % 28 + 1},خرید,شرکت الف,{n}" for n in range(17, 41)]
    second = take(later, "b.csv")
    assert second.repeats == [{"batch": first.batch, "file": "a.csv", "lines": 4}]


def test_the_same_keys_are_the_same_period_whatever_else_is_said(take: Take) -> None:
    take(ROWS)
    other = [row.replace("شرکت", "موسسه") for row in ROWS]
    take(other, "b.csv", rules=BARE)
    with pytest.raises(Overlapping) as caught:
        take([row.replace("شرکت", "بنگاه") for row in ROWS], "c.csv")
    assert caught.value.comparison.counts["changed"] == 4


def test_a_line_is_led_on_over_any_number_of_exports_and_back(take: Take, home: Path) -> None:
    first = take(ROWS)
    second = take([*ROWS[:3], "9,1403/1/9,خرید,شرکت ت,1"], "b.csv", replace=True)
    third = take([ROWS[1], ROWS[2].replace("250", "9"), "9,1403/1/9,خرید,شرکت ت,1"], "c.csv", replace=True)
    found = {
        row["line_id"]: (row["how"], row["continued_by"], row["superseded_by"])
        for row in settled(home).to_dicts()
    }
    a, b, c = ids(first, 2, 3, 4, 5), ids(second, 2, 3, 4, 5), ids(third, 2, 3, 4)
    assert found == {
        a[0]: ("gone", None, third.batch),
        a[1]: ("same", c[0], third.batch),
        a[2]: ("changed", c[1], third.batch),
        a[3]: ("gone", None, second.batch),
        b[0]: ("gone", None, third.batch),
        b[1]: ("same", c[0], third.batch),
        b[2]: ("changed", c[1], third.batch),
        b[3]: ("same", c[2], third.batch),
    }
    assert dict(continued(home).iter_rows()) == {a[1]: c[0], a[2]: c[1], b[1]: c[0], b[2]: c[1], b[3]: c[2]}
    # The first export again: its lines live, and the others lead back to them.
    fourth = take(ROWS, replace=True)
    assert fourth.supersedes == [third.batch]
    found_now = {row["line_id"]: (row["how"], row["continued_by"]) for row in settled(home).to_dicts()}
    assert not set(a) & set(found_now)
    assert found_now[c[0]] == ("same", a[1])
    assert found_now[b[1]] == ("same", a[1])
    assert found_now[c[2]] == ("gone", None)


def test_a_row_that_its_own_file_no_longer_counts_is_told_apart(take: Take, home: Path) -> None:
    first = take(ROWS)
    without = mapping(
        columns={name: rule.model_dump(exclude_defaults=True) for name, rule in KEYED.columns.items()},
        set_aside=[{"column": "title", "pattern": "اجاره", "reason": "other"}],
    )
    second = take(ROWS, rules=without, replace=True)
    [tomb] = settled(home).to_dicts()
    assert (tomb["line_id"], tomb["how"], tomb["continued_by"]) == (ids(first, 5)[0], "reread", None)
    assert second.rows["set_aside"] == 1


def test_a_tree_is_compared_with_its_remainders(home: Path, tmp_path: Path) -> None:
    rules = mapping(BUDGET, identity={"columns": ["tree_code"]})
    first = import_file(
        home=home,
        mapping=rules,
        path=write(tmp_path, "کد,شرح,مصوب,نهایی\n21,فصل,10,12\n2101,الف,4,15\n33,ب,5,\n"),
        now=START,
    )
    newer = write(tmp_path, "کد,شرح,مصوب,نهایی\n21,فصل,20,12\n2101,الف,4,12\n33,ب,5,\n", "b.csv")
    found = compare_batch(home=home, mapping=rules, receipt=first, new=newer)
    assert {(one.stage, one.old, one.changed, one.gone, one.new) for one in found.amounts} == {
        ("initial", 15, 10, 0, 25), ("final", 12, -3, -3, 12),
    }  # fmt: skip
    with pytest.raises(Overlapping):
        import_file(home=home, mapping=rules, path=newer, now=START)


def test_two_files_are_compared_without_a_ledger(tmp_path: Path) -> None:
    old = write(tmp_path, HEADER + "\n".join(ROWS), "old.csv")
    new = write(tmp_path, HEADER + "\n".join(ROWS[::-1]), "new.csv")
    found = compare_files(mapping=KEYED, old=old, new=new)
    assert not found.differs
    assert found.counts["moved"] == 4


def test_a_key_of_a_column_that_is_not_mapped_is_refused() -> None:
    with pytest.raises(MappingError, match="identity names the column unit_code"):
        mapping(identity={"columns": ["unit_code"]})


def test_what_a_person_judged_holds_for_the_line_that_continues(take: Take, home: Path) -> None:
    first = take(ROWS)
    for row, cls in ((2, "hardware"), (3, "software"), (4, "services")):
        judge(home=home, line_id=ids(first, row)[0], cls=cls, mode="run", by="A", why="seen", at=START)
    second = take([ROWS[0], ROWS[2].replace("250", "260"), ROWS[3]], "b.csv", replace=True)
    new = ids(second, 2, 3)

    def people() -> dict[str, str]:
        judged = view(home).filter(pl.col("class_method") == "person").collect()
        return dict(judged.select("line_id", "class").iter_rows())

    assert people() == {new[0]: "hardware", new[1]: "services"}
    # A later judgement of the line that stands now wins; what was judged of the one before stays on record.
    judge(
        home=home, line_id=new[0], cls="staff", mode="run", by="B", why="asked", at=START + timedelta(days=9)
    )
    assert people() == {new[0]: "staff", new[1]: "services"}
    assert judgements(home).height == 4


def test_what_left_is_published_with_public_columns_alone(take: Take, home: Path, tmp_path: Path) -> None:
    take(ROWS)
    take(ROWS[:3], "b.csv", replace=True)
    staged = pl.read_parquet(stage_public(home, tmp_path / "out")["tombstone"])
    assert staged.schema == schema_of(TOMBSTONE.public_columns)
    assert staged["how"].to_list() == ["same", "same", "same", "gone"]
    assert staged.filter(pl.col("how") == "gone")["amount"].to_list() == [-30]


# --- all or nothing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(6))
def test_a_disk_that_fails_while_replacing_leaves_the_old_state(
    take: Take, home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first = take(ROWS)
    left = [number]
    real = os.fsync

    def failing(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with suppress(WriteError):
            take(ROWS[:3], "b.csv", replace=True)
    [live] = receipts(home)
    assert (live == first) == (settled(home).height == 0)
    assert total(home) == (420 if live == first else 450)
