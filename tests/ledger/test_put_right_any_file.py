"""Rejected rows out and in again: workbooks, cells of any text, any rows, a disk that fails."""

from __future__ import annotations

import csv
import io
import os
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from offices import PAYMENTS, write
from put_right_office import FOUR, HEADER, START, THREE, Office
from python_calamine import CalamineWorkbook

from rasad.actions.batches import import_file
from rasad.actions.quarantine import load_corrections
from rasad.ledger.batches import folder, receipts
from rasad.ledger.markers import MARKS, Marked, harmless, restored
from rasad.ledger.problems import (
    AlreadyLoaded,
    FileError,
    LedgerError,
    NothingPutRight,
    WriteError,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


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
