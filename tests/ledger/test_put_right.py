"""Rejected rows: out as a file, put right by a person, in again. Nothing is counted twice, and every figure balances."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from offices import BUDGET, PAYMENTS, mapping, write
from python_calamine import CalamineWorkbook

from rasad.actions.batches import import_file, take_in
from rasad.actions.quarantine import load_corrections, superseded, write_quarantine
from rasad.ledger.batches import Receipt, folder, problems, quarantined_rows, receipts
from rasad.ledger.continuity import settled
from rasad.ledger.mapping import Mapping
from rasad.ledger.markers import MARKS, Marked, harmless, restored
from rasad.ledger.problems import (
    AlreadyLoaded,
    FileError,
    LedgerError,
    MappingError,
    NothingPutRight,
    WriteError,
)
from rasad.ledger.view import stage_public, view

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
BODY = (
    "1403/1/1,خرید,شرکت الف,100\n"  # 2
    "1403/13/1,ماه سیزدهم,پ,7\n"  # 3
    "1403/1/3,=1+1,پ,x\n"  # 4
    "1403/1/4,کوتاه\n"  # 5
    "1403/1/5,فروش,ب,-30\n"  # 6
)
START = datetime(2026, 1, 1, tzinfo=UTC)
Cells = list[str]


def start(home: Path, rules: dict[str, Any]) -> None:
    """Make a home with one source."""
    (home / "sources").mkdir(parents=True, exist_ok=True)
    (home / "city.toml").write_text('[city]\nid = "karaj"\ncurrency = "IRR"\nlanguages = ["fa"]\n', "utf-8")
    say(home, rules)


def say(home: Path, rules: dict[str, Any]) -> None:
    """Write the source's mapping into the home."""

    def toml(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(toml, value)) + "]"
        return f"'{value}'" if isinstance(value, str) else str(value).lower()

    text = "".join(f"{name} = {toml(value)}\n" for name, value in rules.items())
    (home / "sources" / "source.toml").write_text(text, "utf-8")


class Office:
    """A home with one batch, and a person who puts rows of its quarantine right."""

    def __init__(self, place: Path, rules: dict[str, Any] = PAYMENTS) -> None:
        self.place, self.home, self.rules = place, place / "home", rules
        self.day = START
        start(self.home, rules)

    @property
    def mapping(self) -> Mapping:
        return mapping(self.rules)

    def take(self, content: str = HEADER + BODY, name: str = "payments.csv", **more: Any) -> Receipt:
        self.day += timedelta(days=1)
        path = write(self.place, content, name)
        return import_file(home=self.home, mapping=self.mapping, path=path, now=self.day, **more)

    def export(self, receipt: Receipt | None = None, name: str = "rejected.csv") -> Path:
        path = self.place / name
        write_quarantine(home=self.home, receipt=receipt or self.live, path=path, reasons=lambda r, row: "؟")
        return path

    def put_right(self, path: Path, cells: dict[int, Cells | None], name: str = "") -> Path:
        """Change rows of an exported file: row of the source's file → its cells; None takes the row out."""
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        header, body = rows[0], rows[1:]
        changed = []
        for row in body:
            number = int(row[3])
            if number in cells and cells[number] is None:
                continue
            changed.append([*row[: len(MARKS)], *(cells.get(number) or row[len(MARKS) :])])
        out = self.place / (name or path.name)
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([header, *changed])
        return out

    def load(self, path: Path, **more: Any) -> Receipt:
        self.day += timedelta(days=1)
        return load_corrections(home=self.home, path=path, now=self.day, **more)

    @property
    def live(self) -> Receipt:
        [receipt] = receipts(self.home)
        return receipt

    def lines(self) -> dict[int, int]:
        """Return row → amount of what counts."""
        frame = pl.read_parquet(folder(self.home) / f"{self.live.batch}.parquet")
        return dict(frame.select("row", "amount").iter_rows())

    def rejected(self) -> list[int]:
        return [row["row"] for row in quarantined_rows(self.home, self.live)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


THREE: Cells = ["1403/1/2", "ماه یکم", "پ", "7"]
FOUR: Cells = ["1403/1/3", "=1+1", "پ", "20"]
FIVE: Cells = ["1403/1/4", "بلند", "ت", "۵"]


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


# --- workbooks --------------------------------------------------------------------------------------------------


def book(path: Path) -> list[list[list[str]]]:
    with CalamineWorkbook.from_path(str(path)) as found:
        return [found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names]


def test_a_workbook_of_two_sheets_goes_out_and_in_by_sheet(tmp_path: Path) -> None:
    office = Office(tmp_path, {**PAYMENTS, "file": {"sheets": "all"}})
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(str(path)) as out:
        for name, header in (
            ("نیمه یک", ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"]),
            ("نیمه دو", ["شرح", "تاریخ", "ذی‌نفع", "شعبه", "مبلغ (ریال)"]),
        ):
            page = out.add_worksheet(name)
            page.write_row(0, 0, header)
            values = {"تاریخ": "1403/1/1", "شرح": "خرید", "ذی‌نفع": "الف", "شعبه": "۷", "مبلغ (ریال)": 5}
            page.write_row(1, 0, [values[one] for one in header])
            page.write_row(2, 0, [values[one] if one != "تاریخ" else "1403/13/1" for one in header])
    first = import_file(home=office.home, mapping=office.mapping, path=path, now=START)
    assert first.rows["quarantined"] == 2
    with pytest.raises(FileError) as caught:
        office.export(name="rejected.csv")
    assert (caught.value.problem.code, caught.value.problem.expected) == ("export_columns", "XLSX")
    assert not (tmp_path / "rejected.csv").exists()
    exported = office.export(name="rejected.xlsx")
    one, two = book(exported)
    assert one[1][2:4] == ["نیمه یک", "3"]
    assert two[0][len(MARKS) :] == ["شرح", "تاریخ", "ذی‌نفع", "شعبه", "مبلغ (ریال)"]
    with xlsxwriter.Workbook(str(exported), {"strings_to_formulas": False}) as out:
        for rows in (one, two):
            page = out.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, ["1403/1/2" if cell == "1403/13/1" else cell for cell in row])
    second = office.load(exported)
    assert second.rows == {"in": 4, "stored": 4, "set_aside": 0, "quarantined": 0}
    assert second.corrections[0]["rows"] == [["نیمه دو", 3], ["نیمه یک", 3]]


def test_a_cell_too_long_for_a_workbook_is_said(office: Office) -> None:
    office.take(HEADER + f"1403/13/1,{'د' * 40_000},پ,7\n")
    with pytest.raises(FileError) as caught:
        office.export(name="rejected.xlsx")
    assert (caught.value.problem.code, caught.value.problem.row) == ("export_long", 2)
    assert not (office.place / "rejected.xlsx").exists()
    assert office.export(name="rejected.csv").stat().st_size > 40_000


# --- what holds for any file ------------------------------------------------------------------------------------

text = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12
)
awkward = st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''-2+3",
        "+98 21",
        "-",
        "@x",
        "\tx",
        "'",
        '"',
        "a\nb",
        "x;y",
        " ",
        "_x0041_",
        "-5",
        "+۱۲",
    ]
)


@given(st.one_of(text, awkward))
@example("'")
@example("'=")
def test_a_cell_made_harmless_comes_back(cell: str) -> None:
    told = harmless(cell)
    assert restored(told) == cell
    assert told[:1] not in ("=", "@", "\t", "\r")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=15,
)
@given(
    cells=st.lists(st.tuples(st.one_of(text, awkward), st.one_of(text, awkward)), min_size=1, max_size=4),
    kind=st.sampled_from(["csv", "xlsx"]),
)
@example(cells=[("=1+1", "a\r\nb"), ("_x0041_", "\x01")], kind="xlsx")
def test_cells_come_back_as_they_stood(cells: list[tuple[str, str]], kind: str) -> None:
    """What a person leaves alone is as it was: nothing is put right, whatever the cells hold."""
    with TemporaryDirectory() as place:
        office = Office(Path(place))
        out = io.StringIO()
        csv.writer(out).writerows(
            [["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"], *(["1403/13/1", *pair, "5"] for pair in cells)]
        )
        first = office.take(out.getvalue())
        assert first.rows["quarantined"] == len(cells)
        with pytest.raises(NothingPutRight):
            office.load(office.export(name=f"rejected.{kind}"))


fix = st.one_of(st.none(), st.integers(-(10**15), 10**15).map(str), st.just("هیچ"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=10)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["1403/1/1", "1403/13/1"]),
            st.one_of(st.integers(-(10**15), 10**15).map(str), st.just("x"), st.just("")),
        ),
        min_size=1,
        max_size=8,
    ),
    fixes=st.lists(st.lists(fix, min_size=8, max_size=8), min_size=1, max_size=3),
)
def test_the_chain_balances_to_the_rial(rows: list[tuple[str, str]], fixes: list[list[str | None]]) -> None:
    """Whatever is put right in whatever order: what counts is what the file says with the rows as they are now, counted once."""
    with TemporaryDirectory() as place:
        office = Office(Path(place))
        office.take(HEADER + "".join(f"{day},خرید,الف,{amount}\n" for day, amount in rows))
        truth: dict[int, tuple[str, str]] = dict(enumerate(rows, 2))
        for step, said in enumerate(fixes):
            wrong = office.rejected()
            if not wrong:
                break
            new = {
                row: ["1403/1/2", "خرید", "الف", amount]
                for row in wrong
                if (amount := said[(row - 2) % 8]) is not None
            }
            before = office.live
            try:
                after = office.load(office.put_right(office.export(), new, f"{step}.csv"))
            except (NothingPutRight, AlreadyLoaded):
                continue
            truth |= {row: ("1403/1/2", cells[3]) for row, cells in new.items()}
            assert after.supersedes == [before.batch]
        right = {
            row: int(amount)
            for row, (day, amount) in truth.items()
            if day != "1403/13/1" and amount.lstrip("-").isdigit()
        }
        assert office.lines() == right
        readable = sum(int(amount) for _, amount in truth.values() if amount.lstrip("-").isdigit())
        [amounts] = office.live.amounts
        assert amounts.in_ == readable == amounts.stored + amounts.set_aside + amounts.quarantined
        assert amounts.stored == sum(right.values())
        assert office.live.rows["in"] == len(rows)
        assert office.rejected() == sorted(set(truth) - set(right))
        assert len(receipts(office.home)) == 1


# --- all or nothing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(9))
def test_a_disk_that_fails_while_putting_right_leaves_the_old_state(
    office: Office, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first = office.take()
    path = office.put_right(office.export(), {3: THREE, 4: FOUR})
    left, real = [number], os.fsync

    def failing(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(WriteError):
            office.load(path)
    if office.live == first:
        office.load(path)
    assert office.lines() == {2: 100, 3: 7, 4: 20, 6: -30}


def test_a_day_that_a_spreadsheet_made_of_a_date_is_read_in_rows_that_were_put_right_alone(
    office: Office,
) -> None:
    receipt = office.take(f"{HEADER}1403/1/1,خرید,الف,100\n1403/13/1,میز,ب,7\n2024-03-22,صندلی,پ,9\n")
    fixed = office.put_right(office.export(), {3: ["2024-03-21", "میز", "ب", "7"]})
    with xlsxwriter.Workbook(office.place / "fixed.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(fixed.read_text("utf-8-sig"), newline=""))):
            sheet.write_row(number, 0, row)
        column, form = len(MARKS), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, column, datetime(2024, 3, 21), form)
    again = office.load(office.place / "fixed.xlsx")
    assert (again.supersedes, office.rejected()) == ([receipt.batch], [4])
    frame = pl.read_parquet(folder(office.home) / f"{again.batch}.parquet")
    assert frame.select("row", pl.col("date").cast(pl.String), "date_raw", "fiscal_year").row(1) == (
        3,
        "2024-03-21",
        "2024-03-21",
        1403,
    )


@pytest.mark.parametrize("mark", ["rasad_batch", "rasad_sheet", "rasad_row"])
def test_a_file_from_which_a_mark_was_taken_is_no_export_of_the_office(office: Office, mark: str) -> None:
    office.take()
    rows = list(csv.reader(io.StringIO(office.export().read_text("utf-8-sig"), newline="")))
    place = rows[0].index(mark)
    text = "\n".join(",".join(one for at, one in enumerate(row) if at != place) for row in rows)
    path = write(office.place, text, "fewer.csv")
    with pytest.raises(LedgerError) as caught:
        load_corrections(home=office.home, path=path, source="karaj.payments")
    assert mark in caught.value.problem.expected
    with pytest.raises(Marked):
        import_file(home=office.home, mapping=office.mapping, path=path)
