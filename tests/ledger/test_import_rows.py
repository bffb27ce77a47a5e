"""A file of payments, from the bytes an office exports to the lines and receipts of a batch."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.actions.batches import import_file
from rasad.ledger import batches
from rasad.ledger.batches import Receipt, receipts
from rasad.ledger.columns import amount
from rasad.ledger.mapping import NumberRule, parse_mapping
from rasad.ledger.problem_rows import quarantined_rows
from rasad.ledger.problems import AlreadyLoaded, ControlTotalError, FileError, LedgerError, MappingError

MAPPING: dict[str, Any] = {
    "id": "town.payments",
    "columns": {
        "date": {"names": ["تاریخ", "تاریخ سند"]},
        "title": {"names": ["شرح"]},
        "supplier_name": {"names": ["ذینفع"], "optional": True},
    },
    "amounts": [{"stage": "paid", "names": ["مبلغ", "مبلغ (ریال)"]}],
    "numbers": {"currency": "IRR", "negative": ["leading", "parentheses", "trailing"]},
    "fiscal_year": {"from": "date"},
    "set_aside": [{"column": "title", "pattern": "^جمع", "reason": "total"}],
}
HEADER = ["تاریخ", "شرح", "ذینفع", "مبلغ"]
GOOD = ["1403/05/12", "خرید رایانه", "شرکت الف", "1000"]

Import = Callable[..., Receipt]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text('[city]\nid = "town"\ncurrency = "IRR"\nlanguages = ["fa"]\n', "utf-8")
    return home


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Import:
    """Import a file of these bytes (or rows) with the mapping, changed by `changes`."""

    def run(
        content: bytes | list[list[str]], name: str = "p.csv", replace: bool = False, **changes: Any
    ) -> Receipt:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else csv_bytes(content))
        mapping = parse_mapping({**MAPPING, **changes}, "payments.toml")
        return import_file(home=home, mapping=mapping, path=path, replace=replace)

    return run


def csv_bytes(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def lines_of(home: Path, receipt: Receipt) -> list[dict[str, Any]]:
    return pl.read_parquet(batches.folder(home) / f"{receipt.batch}.parquet").to_dicts()


def test_a_line_keeps_raw_beside_normalised(take: Import, home: Path) -> None:
    receipt = take([HEADER, ["۱۴۰۳/۵/۱۲", "خريد  ۱۰ دستگاه رايانه", "شركت الف", "۱۲٬۳۴۵٬۶۷۸"]])
    (line,) = lines_of(home, receipt)
    assert line["amount"] == 12_345_678
    assert line["amount_raw"] == "۱۲٬۳۴۵٬۶۷۸"
    assert line["date"] == date(2024, 8, 2)
    assert line["date_raw"] == "۱۴۰۳/۵/۱۲"
    assert line["title"] == "خرید 10 دستگاه رایانه"
    assert line["title_raw"] == "خريد  ۱۰ دستگاه رايانه"
    assert line["supplier_raw"] == "شركت الف"
    assert line["fiscal_year"] == 1403
    assert line["row"] == 2
    assert line["book"] == "payments"


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("windows-1256", ";"), ("utf-8", "|")],
)
def test_encoding_and_delimiter_are_found_and_said(
    take: Import, home: Path, encoding: str, delimiter: str
) -> None:
    # windows-1256 has no Persian ی: offices write the Arabic one.
    rows = [[cell.replace("ی", "ي").replace("ک", "ك") for cell in row] for row in [HEADER, GOOD]]
    receipt = take(csv_bytes(rows, delimiter).decode().encode(encoding))
    assert receipt.file["encoding"].replace("-le", "") == encoding
    assert receipt.file["delimiter"] == delimiter
    assert lines_of(home, receipt)[0]["title"] == "خرید رایانه"


def test_gz_and_titles_above_the_header(take: Import) -> None:
    rows = [["شهرداری نمونه"], ["گزارش پرداخت‌ها", "", "", ""], [], HEADER, GOOD]
    receipt = take(gzip.compress(csv_bytes(rows), mtime=0), "p.csv.gz")
    assert receipt.file["compression"] == "gzip"
    assert receipt.rows == {"in": 4, "stored": 1, "set_aside": 3, "quarantined": 0}
    assert receipt.aside == {"title": 2, "blank": 1} or receipt.aside == {"blank": 1, "title": 2}


def test_sheets_of_a_workbook(take: Import, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("نیمه اول", "نیمه دوم"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, GOOD[:3])
            sheet.write_number(1, 3, 2500)
    receipt = take(path.read_bytes(), "p.xlsx", file={"sheets": "all"})
    assert [line["sheet"] for line in lines_of(home, receipt)] == ["نیمه اول", "نیمه دوم"]
    assert len({line["line_id"] for line in lines_of(home, receipt)}) == 2
    assert receipt.amounts[0].in_ == 5000


def test_identical_payments_are_kept(take: Import, home: Path) -> None:
    receipt = take([HEADER, GOOD, GOOD, GOOD])
    assert len({line["line_id"] for line in lines_of(home, receipt)}) == 3
    assert receipt.amounts[0].stored == 3000


@pytest.mark.parametrize(
    ("row", "column", "code", "found"),
    [
        (["1403/13/40", "x", "y", "5"], "تاریخ", "date", "1403/13/40"),
        (["1402/12/30", "x", "y", "5"], "تاریخ", "date", "1402/12/30"),
        (["1403/05/12", "x", "y", "نامشخص"], "مبلغ", "amount", "نامشخص"),
        (["1403/05/12", "x", "y", "12.5"], "مبلغ", "amount_decimals", "12.5"),
        (["1403/05/12", "x", "y", "1e20"], "مبلغ", "amount", "1e20"),
        (["1403/05/12", "x", "y", "NaN"], "مبلغ", "amount", "NaN"),
        (["1403/05/12", "x", "y", ""], "مبلغ", "amount_missing", ""),
        (["1403/05/12", "x", "y", "9" * 19], "مبلغ", "amount_large", "9" * 19),
    ],
)
def test_a_row_that_cannot_be_read_is_quarantined_with_its_reason(
    take: Import, home: Path, row: list[str], column: str, code: str, found: str
) -> None:
    receipt = take([HEADER, GOOD, row])
    (kept,) = quarantined_rows(home, receipt)
    problem = next(one for one in kept["problems"] if one["code"] == code)
    assert kept["row"] == 3
    assert kept["cells"][: len(row)] == row
    assert (problem["column"], problem["found"]) == (column, found)
    assert receipt.rows["quarantined"] == 1
    assert receipt.amounts[0].stored == 1000


def test_short_and_long_rows_are_seen_not_padded(take: Import, home: Path) -> None:
    receipt = take([HEADER, GOOD, GOOD[:2], [*GOOD, "more"], [*GOOD, ""]])
    assert {problem["code"] for row in quarantined_rows(home, receipt) for problem in row["problems"]} >= {
        "row_short",
        "row_long",
    }
    assert receipt.rows == {"in": 4, "stored": 2, "set_aside": 0, "quarantined": 2}


def test_totals_and_repeated_headers_are_set_aside(take: Import) -> None:
    receipt = take([HEADER, GOOD, HEADER, GOOD, ["", "جمع کل", "", "2000"]])
    assert receipt.aside == {"header": 1, "total": 1}
    assert receipt.amounts[0].set_aside == 2000
    assert receipt.amounts[0].in_ == 4000


def test_one_mapping_for_two_headers(take: Import) -> None:
    take([HEADER, GOOD], "a.csv")
    receipt = take([["شرح", "مبلغ (ريال)", "تاريخ سند"], ["x", "7", "1403/01/01"]], "b.csv")
    assert receipt.amounts[0].stored == 7


def test_a_row_can_carry_six_stages(take: Import, home: Path) -> None:
    stages = ["initial", "modification", "final", "allocated", "committed", "paid"]
    receipt = take(
        [["شرح", *stages], ["x", "10", "(3)", "7", "6", "5-", ""]],
        columns={"title": {"names": ["شرح"]}},
        amounts=[{"stage": stage, "names": [stage]} for stage in stages],
        fiscal_year={"from": "value", "value": 1403},
        numbers={"currency": "IRR", "scale": "million_rial", "negative": ["parentheses", "trailing"]},
    )
    found = {line["stage"]: line["amount"] for line in lines_of(home, receipt)}
    millions = {"initial": 10, "modification": -3, "final": 7, "allocated": 6, "committed": -5}
    assert found == {stage: value * 1_000_000 for stage, value in millions.items()}
    assert {line["book"] for line in lines_of(home, receipt)} == {"budget"}


def test_the_same_file_is_not_loaded_twice(take: Import, home: Path) -> None:
    first = take([HEADER, GOOD])
    with pytest.raises(AlreadyLoaded) as again:
        take([HEADER, GOOD], "other name.csv")
    assert again.value.batch == first.batch
    assert again.value.exit_code == 3
    assert len(receipts(home)) == 1


def test_a_changed_mapping_supersedes_only_when_told(take: Import, home: Path) -> None:
    first = take([HEADER, GOOD])
    toman = {"currency": "IRR", "scale": "toman"}
    with pytest.raises(AlreadyLoaded):
        take([HEADER, GOOD], numbers=toman)
    second = take([HEADER, GOOD], numbers=toman, replace=True)
    assert second.supersedes == [first.batch]
    assert [receipt.batch for receipt in receipts(home)] == [second.batch]
    assert second.amounts[0].stored == 10_000


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", FileError, "empty"),
        (b"%PDF-1.7 ...", FileError, "PDF"),
        (b"\x00\x01\x02" * 900, FileError, "binary"),
        (csv_bytes([["a", "b"], ["1", "2"]]), MappingError, "تاریخ"),
        (csv_bytes([HEADER, GOOD]) + b'x,"never closed\n', FileError, "quotation"),
        (gzip.compress(csv_bytes([HEADER, GOOD]), mtime=0)[:-9], FileError, "end"),
    ],
)
def test_a_file_that_cannot_be_read_writes_nothing(
    take: Import, home: Path, content: bytes, error: type[LedgerError], says: str
) -> None:
    with pytest.raises(error) as raised:
        take(content)
    assert says in str(raised.value)
    assert "p.csv" in str(raised.value)
    assert not list(batches.folder(home).glob("*"))


def test_totals_that_do_not_balance_write_nothing(
    take: Import, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = batches._amounts

    def losing(*arguments: Any, **named: Any) -> list[Any]:
        (totals,) = honest(*arguments, **named)
        return [totals.__class__(**{**totals.__dict__, "stored": totals.stored - 1})]

    monkeypatch.setattr(batches, "_amounts", losing)
    with pytest.raises(ControlTotalError):
        take([HEADER, GOOD])
    assert receipts(home) == []


def test_what_was_written_cannot_be_changed_in_place(take: Import, home: Path) -> None:
    receipt = take([HEADER, GOOD])
    for path in batches.folder(home).glob(f"{receipt.batch}.*"):
        assert path.stat().st_mode & 0o222 == 0
    text = (batches.folder(home) / f"{receipt.batch}.json").read_text("utf-8")
    assert Receipt.from_dict(json.loads(text)) == receipt


def shown(value: Decimal, rule: NumberRule, grouped: bool, persian: bool) -> str:
    """Write a number as an office would."""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    if grouped:
        whole = f"{int(whole):,}".replace(",", "٬" if persian else rule.thousands[0])
    text = whole + (("٫" if persian else rule.decimal) + fraction if fraction else "")
    if persian:
        text = text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    return f"({text})" if value < 0 else text


@given(
    units=st.integers(min_value=-(10**15), max_value=10**15),
    style=st.sampled_from([(".", ","), (",", ".")]),
    grouped=st.booleans(),
    persian=st.booleans(),
)
def test_amounts_are_exact_however_they_are_written(
    units: int, style: tuple[str, str], grouped: bool, persian: bool
) -> None:
    rule = NumberRule(
        decimal=style[0], thousands=(style[1],), negative=("parentheses",), currency="EUR", minor_digits=2
    )  # type: ignore[arg-type]
    text = shown(Decimal(units).scaleb(-2), rule, grouped, persian)
    parsed = amount(pl.Series([text]), rule)
    assert parsed["problem"].to_list() == [""]
    assert parsed["value"].to_list() == [units]


@given(st.text(max_size=20))
def test_no_text_is_taken_for_another_amount(text: str) -> None:
    """Whatever is read as an amount has exactly the digits that were written."""
    parsed = amount(pl.Series([text]), NumberRule(negative=("leading", "trailing", "parentheses")))
    value = parsed["value"][0]
    if value is not None:
        digits = "".join(str(int(char)) for char in text.split(".")[0].split("٫")[0] if char.isdecimal())
        assert str(abs(value)) == (digits.lstrip("0") or "0")


@settings(max_examples=30)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["1403/01/01", "1403/13/01", "", "۱۲ مرداد ۱۴۰۳"]),
            st.text(alphabet="ابپ يیكک,\"'\n;=۱2", max_size=12),
            st.sampled_from(["1", "۲۰۰", "-7", "x", "", "(5)"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_of_any_file_ends_in_exactly_one_place(
    rows: list[tuple[str, str, str]], tmp_path_factory: Any
) -> None:
    home = tmp_path_factory.mktemp("any")
    (home / "city.toml").write_text('[city]\nid = "town"\ncurrency = "IRR"\nlanguages = ["fa"]\n', "utf-8")
    path = home / "p.csv"
    path.write_bytes(csv_bytes([HEADER, *([day, title, "ب", figure] for day, title, figure in rows)]))
    receipt = import_file(home=home, mapping=parse_mapping(MAPPING, "payments.toml"), path=path)
    assert receipt.rows["in"] == len(rows)
    assert sum(receipt.rows[name] for name in ("stored", "set_aside", "quarantined")) == len(rows)
    readable = {"1": 1, "۲۰۰": 200, "-7": -7, "(5)": -5}
    assert receipt.amounts[0].in_ == sum(readable.get(figure, 0) for _day, _title, figure in rows)
    stored = [
        readable[figure]
        for day, title, figure in rows
        if day in ("1403/01/01", "۱۲ مرداد ۱۴۰۳")
        and figure in readable
        and not title.strip().startswith("جمع")
    ]
    assert receipt.amounts[0].stored == sum(stored)
