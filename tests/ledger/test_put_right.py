"""Rejected rows: out as a file, put right by a person, in again. Nothing is counted twice, and every figure balances."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from offices import BUDGET, PAYMENTS
from put_right_office import BODY, FIVE, FOUR, HEADER, THREE, Office, say

from rasad.actions.batches import take_in
from rasad.actions.quarantine import superseded
from rasad.ledger.batches import folder
from rasad.ledger.continuity import settled
from rasad.ledger.markers import MARKS
from rasad.ledger.problem_rows import problems, quarantined_rows
from rasad.ledger.problems import (
    AlreadyLoaded,
    FileError,
    LedgerError,
    MappingError,
    NothingPutRight,
)
from rasad.ledger.view import stage_public, view


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_rows_put_right_are_counted_once_and_balance(office: Office) -> None:
    first = office.take()
    assert first.rows == {"in": 5, "stored": 2, "set_aside": 0, "quarantined": 3}
    path = office.put_right(office.export(), {3: THREE, 4: FOUR})
    second = office.load(path, by="س. احمدی")
    assert second.supersedes == [first.batch]
    assert superseded(office.home, second) == first
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}
    assert office.rejected() == [5]
    assert second.rows == {"in": 5, "stored": 4, "set_aside": 0, "quarantined": 1}
    [before], [after] = first.amounts, second.amounts
    # 7 was readable in quarantine; x was not, and is 20 now.
    assert (before.in_, after.in_, before.unreadable_cells, after.unreadable_cells) == (77, 97, 1, 0)
    [said] = second.corrections
    assert (said["name"], said["by"], said["rows"], said["still"]) == (
        "rejected.csv",
        "س. احمدی",
        [["", 3], ["", 4]],
        [],
    )
    assert second.file == first.file


def test_lines_keep_their_origin_and_say_what_put_them_right(office: Office) -> None:
    first = office.take()
    path = office.put_right(office.export(), {4: FOUR})
    second = office.load(path)
    lines = pl.read_parquet(folder(office.home) / f"{second.batch}.parquet")
    marked = {
        row: (hash_, own)
        for row, hash_, own in lines.select("row", "corrected_hash", "corrected_row").iter_rows()
    }
    assert marked == {2: (None, None), 4: (second.corrections[0]["sha256"], 3), 6: (None, None)}
    assert set(lines["file_hash"]) == {first.file["sha256"]}
    assert set(lines["file_name"]) == {"payments.csv"}
    ids = pl.read_parquet(folder(office.home) / f"{first.batch}.parquet")["line_id"].to_list()
    assert set(ids) <= set(lines["line_id"])
    # No line left, so none has a tombstone.
    assert settled(office.home).height == 0


def test_what_is_published_says_what_was_put_right(office: Office, tmp_path: Path) -> None:
    office.take()
    office.load(office.put_right(office.export(), {3: THREE, 4: FOUR}))
    assert view(office.home).collect().height == 4
    paths = stage_public(office.home, tmp_path / "out")
    [row] = pl.read_parquet(paths["batch"]).to_dicts()
    assert (row["rows_corrected"], row["rows_quarantined"], row["corrections"]) == (
        2,
        1,
        office.live.corrections[0]["sha256"],
    )
    assert pl.read_parquet(paths["problem"])["row"].unique().to_list() == [5]
    assert pl.read_parquet(paths["line"])["corrected_row"].to_list() == [None, 2, 3, None]


def test_the_same_file_again_is_said(office: Office) -> None:
    office.take()
    path = office.put_right(office.export(), {3: THREE})
    second = office.load(path)
    for again in (path, office.put_right(path, {}, "renamed.csv")):
        with pytest.raises(AlreadyLoaded) as caught:
            office.load(again)
        assert caught.value.batch == second.batch
    with pytest.raises(AlreadyLoaded):
        office.take()
    assert office.live == second


def test_an_untouched_file_puts_nothing_right(office: Office) -> None:
    first = office.take()
    with pytest.raises(NothingPutRight):
        office.load(office.export())
    assert office.live == first


def test_a_second_version_stands_for_the_first(office: Office) -> None:
    office.take()
    exported = office.export()
    first = office.load(office.put_right(exported, {3: THREE, 4: FOUR}, "v1.csv"))
    other = [*FOUR[:3], "21"]
    second = office.load(office.put_right(exported, {3: THREE, 4: other}, "v2.csv"))
    assert second.supersedes == [first.batch]
    assert office.lines() == {2: 100, 3: 7, 4: 21, 6: -30}
    [said] = second.corrections
    assert (said["name"], said["replaces"]) == ("v2.csv", [first.corrections[0]["sha256"]])
    # And back to the first: it is no longer what holds.
    third = office.load(office.put_right(exported, {3: THREE, 4: FOUR}, "v1.csv"))
    assert office.lines()[4] == 20
    assert third.batch not in (first.batch, second.batch)


def test_two_people_with_the_same_export_do_not_undo_one_another(office: Office) -> None:
    office.take()
    exported = office.export()
    office.load(office.put_right(exported, {3: THREE}, "a.csv"))
    last = office.load(office.put_right(exported, {4: FOUR}, "b.csv"))
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}
    assert [(file["name"], file["rows"]) for file in last.corrections] == [
        ("a.csv", [["", 3]]),
        ("b.csv", [["", 4]]),
    ]


def test_a_row_that_another_file_put_right_is_refused_by_name(office: Office) -> None:
    office.take()
    exported = office.export()
    held = office.load(office.put_right(exported, {3: THREE, 4: FOUR}, "a.csv"))
    with pytest.raises(FileError) as caught:
        office.load(office.put_right(exported, {4: [*FOUR[:3], "99"], 5: FIVE}, "b.csv"))
    problem = caught.value.problem
    assert (problem.code, problem.file, problem.row, problem.found, problem.expected) == (
        "correction_taken", "b.csv", 3, "a.csv", "4",
    )  # fmt: skip
    assert office.live == held


def test_what_is_wrong_yet_stays_and_can_be_put_right_from_either_export(office: Office) -> None:
    office.take()
    exported = office.export()
    second = office.load(office.put_right(exported, {3: THREE, 4: [*FOUR[:3], "y"]}, "a.csv"))
    assert second.corrections[0]["still"] == [["", 4]]
    assert office.rejected() == [4, 5]
    [found] = [row for row in quarantined_rows(office.home, second) if row["row"] == 4]
    assert [one["found"] for one in found["problems"]] == ["y"]
    # From the new batch's own export …
    third = office.load(office.put_right(office.export(name="again.csv"), {4: FOUR}))
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}
    assert [file["rows"] for file in third.corrections] == [[["", 3]], [["", 4]]]
    # … and from the first one, which is still known.
    office.load(office.put_right(exported, {5: FIVE}, "c.csv"))
    assert office.rejected() == []
    assert office.live.rows == {"in": 5, "stored": 5, "set_aside": 0, "quarantined": 0}
    assert problems(office.home, office.live.batch).height == 0


def test_a_short_row_stays_short_until_it_is_changed(office: Office) -> None:
    office.take()
    path = office.export()
    # A spreadsheet fills short rows up with empty cells when it saves.
    padded = office.put_right(path, {5: ["1403/1/4", "کوتاه", "", ""], 3: THREE}, "padded.csv")
    office.load(padded)
    assert office.rejected() == [4, 5]


def test_a_row_can_be_put_right_into_one_that_is_set_aside(office: Office) -> None:
    office.rules = {**PAYMENTS, "set_aside": [{"column": "title", "pattern": "^جمع"}]}
    say(office.home, office.rules)
    office.take()
    office.load(office.put_right(office.export(), {3: ["", "جمع", "", "70"]}))
    assert office.live.rows == {"in": 5, "stored": 2, "set_aside": 1, "quarantined": 2}
    assert office.live.amounts[0].set_aside == 70


WRONG: list[tuple[str, Callable[[str], str], str]] = [
    ("another row", lambda text: text.replace(",3,", ",6,"), "correction_foreign"),
    ("a row twice", lambda text: text.replace(",4,؟", ",3,؟"), "correction_twice"),
    ("no row number", lambda text: text.replace(",3,؟", ",سه,؟"), "correction_row"),
    ("no mark", lambda text: text.replace("rasad_sheet", "sheet"), "header"),
    ("another batch", lambda text: text.replace(text.splitlines()[1][:16], "0" * 16), "correction_unknown"),
    ("a column gone", lambda text: text.replace("ذی‌نفع", "نفع"), "column_missing"),
    (
        "a column more",
        lambda text: text.replace("مبلغ (ریال)", "مبلغ (ریال),یادداشت").replace(",7\n", ",7,دیدم\n"),
        "correction_columns",
    ),
    ("a cell beside", lambda text: text.replace(",7", ",7,,دیدم"), "correction_wide"),
    (
        "another sheet",
        lambda text: text.replace("payments.csv,,3", "payments.csv,دوم,3"),
        "correction_foreign",
    ),
]


@pytest.mark.parametrize(("change", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_file_that_does_not_fit_is_refused_whole(
    office: Office, change: Callable[[str], str], code: str
) -> None:
    held = office.take()
    path = office.put_right(office.export(), {3: THREE, 4: FOUR})
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    changed = change(text)
    assert changed != text
    path.write_text(changed, "utf-8")
    with pytest.raises(LedgerError) as caught:
        office.load(path)
    assert caught.value.problem.code == code
    assert caught.value.problem.file.startswith("rejected.csv")
    assert office.live == held


def test_columns_in_another_order_find_their_places(office: Office) -> None:
    office.take()
    path = office.put_right(office.export(), {3: THREE, 4: FOUR})
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    width = len(MARKS) + 4
    turned = [(row + [""] * width)[:width][::-1] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(turned)
    office.load(path)
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}


def test_rows_of_a_batch_that_a_newer_export_superseded_are_refused(office: Office) -> None:
    office.take()
    path = office.put_right(office.export(), {3: THREE})
    office.take(HEADER + BODY.replace("-30", "-31"), "newer.csv", replace=True)
    with pytest.raises(FileError) as caught:
        office.load(path)
    assert caught.value.problem.code == "correction_superseded"


def test_a_newer_export_supersedes_what_was_put_right_and_leads_on(office: Office) -> None:
    office.take()
    office.load(office.put_right(office.export(), {3: THREE}))
    newer = HEADER + BODY.replace("1403/13/1,ماه سیزدهم", "1403/1/2,ماه یکم")
    last = office.take(newer, "newer.csv", replace=True)
    assert office.live == last
    assert last.corrections == []
    assert office.lines() == {2: 100, 3: 7, 6: -30}
    assert settled(office.home).select("row", "how").rows() == [(2, "same"), (3, "same"), (6, "same")]


def test_a_changed_mapping_asks_for_the_file_first_and_keeps_what_it_cannot_read_either(
    office: Office,
) -> None:
    office.take()
    exported = office.export()
    office.load(office.put_right(exported, {3: THREE, 4: FOUR}))
    office.rules = {
        **PAYMENTS,
        "numbers": {"empty": ["x"], "marks": ["ریال"]},
        "set_aside": [{"column": "title", "pattern": "کوتاه"}],
    }
    say(office.home, office.rules)
    path = office.put_right(exported, {5: FIVE}, "late.csv")
    with pytest.raises(MappingError) as caught:
        office.load(path)
    assert caught.value.problem.code == "mapping_changed"
    again = office.take(replace=True)
    # Row 3 is wrong by these rules too, and stays put right; row 4 lacks its amount, and does; row 5 is set aside now.
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}
    assert again.rows == {"in": 5, "stored": 4, "set_aside": 1, "quarantined": 0}
    assert [file["rows"] for file in again.corrections] == [[["", 3], ["", 4]]]


def test_what_new_rules_read_by_themselves_needs_no_correction(office: Office) -> None:
    office.take()
    office.load(office.put_right(office.export(), {4: [*FOUR[:3], "20"]}))
    office.rules = {
        **PAYMENTS,
        "columns": {**PAYMENTS["columns"], "title": {"names": ["شرح"]}},
        "set_aside": [{"column": "title", "pattern": "1"}],
    }
    say(office.home, office.rules)
    again = office.take(replace=True)
    assert again.corrections == []
    assert again.rows["set_aside"] == 1
    assert office.lines() == {2: 100, 6: -30}


def test_an_import_that_meets_such_a_file_says_what_it_is(office: Office) -> None:
    office.take()
    path = office.put_right(office.export(), {3: THREE})
    with pytest.raises(LedgerError) as caught:
        take_in(home=office.home, mapping=office.mapping, path=path)
    assert caught.value.problem.code == "marked"


def test_a_tree_grows_anew_with_a_leaf_that_was_put_right(tmp_path: Path) -> None:
    office = Office(tmp_path, BUDGET)
    first = office.take("کد,شرح,مصوب,نهایی\n21,فصل,10,12\n2101,الف,۴,12\n2102,ب,x,0\n33,پ,5,\n", "budget.csv")
    initial = first.amounts[0]
    assert (initial.stored, initial.remainder, initial.roots) == (9, 6, 15)
    second = office.load(office.put_right(office.export(), {4: ["2102", "ب", "6", "0"]}))
    initial = second.amounts[0]
    # The leaf was in the parent's remainder; it stands by itself now, and the whole is what it was.
    assert (initial.stored, initial.remainder, initial.roots) == (15, 0, 15)
    assert second.rows == {"in": 4, "stored": 3, "set_aside": 1, "quarantined": 0}
    # The remainder is gone, and says so.
    assert settled(office.home).select("row", "stage", "how", "amount").rows() == [
        (2, "initial", "reread", 6)
    ]


def test_a_row_that_makes_another_its_parent(tmp_path: Path) -> None:
    office = Office(tmp_path, BUDGET)
    office.take("کد,شرح,مصوب,نهایی\n21,فصل,10,12\n2101,الف,x,12\n33,ب,5,\n", "budget.csv")
    second = office.load(office.put_right(office.export(), {3: ["2101", "الف", "10", "12"]}))
    assert second.aside == {"parent": 1}
    assert second.amounts[0].roots == 15
    assert second.amounts[0].remainder == 0


def test_the_year_in_a_path_is_kept_though_the_path_is_not(tmp_path: Path) -> None:
    rules = {**PAYMENTS, "fiscal_year": {"from": "path", "pattern": "payments_([0-9]{4})"}}
    office = Office(tmp_path, rules)
    first = office.take(name="payments_1403.csv")
    second = office.load(office.put_right(office.export(), {3: THREE}))
    assert first.fiscal_years == second.fiscal_years == [1403]
    kept = "".join(pl.read_parquet(folder(office.home) / f"{second.batch}.sheets.parquet")["about"])
    assert str(tmp_path) not in kept


def test_a_batch_without_kept_cells_says_what_to_do(office: Office) -> None:
    first = office.take()
    path = office.put_right(office.export(), {3: THREE})
    (folder(office.home) / f"{first.batch}.sheets.parquet").unlink()
    with pytest.raises(FileError) as caught:
        office.load(path)
    assert caught.value.problem.code == "cells_missing"


def test_a_file_without_rejected_rows_keeps_no_cells(office: Office) -> None:
    receipt = office.take(HEADER + "1403/1/1,خرید,شرکت الف,100\n")
    names = {path.name.partition(".")[2] for path in folder(office.home).iterdir()}
    assert names == {"parquet", "json"}
    assert receipt.corrections == []
