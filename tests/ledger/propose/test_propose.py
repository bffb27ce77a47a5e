"""Proposed mappings: as good as the hand-written ones of every known city, and never surer than they may be."""

from __future__ import annotations

import gettext
import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.actions.batches import find_loads, take_in
from rasad.actions.cities import packs
from rasad.ledger.mapping import Mapping, load_mapping, parse_mapping
from rasad.ledger.problems import FileError
from rasad.ledger.propose import Proposal, as_toml, propose
from rasad.ledger.propose.values import figures
from rasad.persian.text import search_key

FILES = Path(__file__).resolve().parents[1] / "files"
PERSIAN = gettext.translation("django", Path(str(resources.files("rasad"))) / "locale", ["fa"]).gettext


@pytest.fixture(scope="module")
def sample(releases: Path) -> Path:
    """Folder of the sample city's files, as a newcomer gets them."""
    return releases.parent / "files"


def by_source(city: str, data: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for load in find_loads(pack=packs()[city], data=data):
        found[load.source].append(load.path)
    return found


@cache
def proposed_of_the_sample(source: str, data: Path) -> Proposal:
    """Return what is proposed for the sample city's files of a source: tens of thousands of rows are looked at once."""
    return propose(by_source("sample", data)[source], id_=source)


def known(source: str) -> Mapping:
    city = source.partition(".")[0]
    mappings = (load_mapping(path) for path in (packs()[city] / "sources").glob("*.toml"))
    return next(mapping for mapping in mappings if mapping.id == source)


def places(rules: dict[str, Any]) -> dict[str, Any]:
    return {name: {search_key(one) for one in rule.names} or rule.position for name, rule in rules.items()}


def share_found(wanted: Mapping, found: Mapping) -> float:
    """Return how many of the columns and amounts that a person mapped the proposal maps to the same place."""
    want, have = places(dict(wanted.columns)), places(dict(found.columns))
    want |= places({f"amount {rule.stage}": rule for rule in wanted.amounts})
    have |= places({f"amount {rule.stage}": rule for rule in found.amounts})
    same = [
        name
        for name, place in want.items()
        if have.get(name) == place
        or (isinstance(place, set) and isinstance(have.get(name), set) and place & have[name])
    ]
    return len(same) / len(want)


@pytest.mark.parametrize(
    ("source", "at_least"),
    [
        ("sample.payments", 1.0),
        ("sample.budget", 1.0),
        ("sample.budget_million", 1.0),
        ("sample.contracts", 1.0),
    ],
)
def test_what_a_person_mapped_of_the_sample_city_is_found(sample: Path, source: str, at_least: float) -> None:
    found = proposed_of_the_sample(source, sample)
    assert share_found(known(source), found.mapping) >= at_least
    assert found.mapping.numbers.scale == known(source).numbers.scale
    assert [tree.rule for tree in found.mapping.trees] == [tree.rule for tree in known(source).trees]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("source", "at_least"),
    [
        ("madrid.pagos", 1.0), ("madrid.gastos", 1.0), ("madrid.ingresos", 1.0), ("isfahan.budget", 0.8),
        ("oxford.payments", 1.0), ("northtyneside.payments", 1.0),
    ],
)  # fmt: skip
def test_what_a_person_mapped_of_real_cities_is_found(realdata: Path, source: str, at_least: float) -> None:
    city = source.partition(".")[0]
    paths = by_source(city, realdata / city)[source]
    # Every twelfth month of eight years has each of the headers once.
    found = propose(paths[::12] if len(paths) > 24 else paths, id_=source)
    mapping, wanted = found.mapping, known(source)
    assert share_found(wanted, mapping) >= at_least
    assert mapping.numbers.decimal == wanted.numbers.decimal
    assert mapping.numbers.currency == wanted.numbers.currency
    assert mapping.constants["flow"] == wanted.constants["flow"]
    assert [tree.rule for tree in mapping.trees] == [tree.rule for tree in wanted.trees]


@pytest.mark.parametrize("source", ["sample.payments", "sample.budget", "sample.contracts"])
def test_a_proposal_gives_the_control_totals_of_the_mapping_made_by_hand(
    sample: Path, tmp_path: Path, source: str
) -> None:
    paths = by_source("sample", sample)[source]
    proposed = parse_mapping(tomllib.loads(as_toml(proposed_of_the_sample(source, sample))), "proposed.toml")
    for number, path in enumerate(paths):
        totals = []
        for name, mapping in (("by-hand", known(source)), ("proposed", proposed)):
            receipt = take_in(home=tmp_path / f"{name}{number}", mapping=mapping, path=path)
            amounts = {
                one.stage: (one.in_, one.stored, one.set_aside, one.quarantined, one.roots)
                for one in receipt.amounts
            }
            totals.append((receipt.rows, amounts))
        assert totals[0] == totals[1], path.name


def write(folder: Path, text: str, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def doubts(path: Path) -> set[str]:
    return {doubt.key for doubt in propose([path], id_="x.y").doubts}


def test_a_ledger_of_two_sides_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path, "تاریخ,شرح,بدهکار,بستانکار\n1403/01/02,میز,500,\n1403/01/03,صندلی,,20\n")
    found = propose([path], id_="x.y").mapping
    assert found.amounts[0].names == ("بدهکار",)
    assert found.amounts[0].minus is not None
    assert found.amounts[0].minus.names == ("بستانکار",)
    assert "amounts.paid" in doubts(path)


def test_how_figures_and_dates_are_written_is_found(tmp_path: Path) -> None:
    rows = "".join(f"{day:02}/02/2024;Obra {day};1.234,{day};\n" for day in range(13, 29))
    path = write(tmp_path, f"Fecha;Concepto;Importe;\n{rows}30/03/2024;Fin;(5,10);\n")
    found = propose([path], id_="x.y").mapping
    assert (found.numbers.decimal, found.numbers.thousands, found.numbers.currency) == (",", (".",), "EUR")
    assert found.numbers.negative == ("leading", "parentheses")
    assert (found.dates.calendar, found.dates.order) == ("gregorian", "dmy")
    assert "dates.order" not in doubts(path)
    vague = write(tmp_path, "Date,Description,Amount\n01/02/2024,a,1.5\n03/04/2024,b,2.5\n")
    assert "dates.order" in doubts(vague)


def test_the_unit_may_stand_in_a_title_or_in_the_header(tmp_path: Path) -> None:
    title = write(tmp_path, "گزارش بودجه - ارقام به میلیون ریال\n\nکد,شرح,مصوب\n1,الف,5\n2,ب,6\n")
    assert propose([title], id_="x.y").mapping.numbers.scale == "million_rial"
    header = write(tmp_path, "تاریخ,شرح,مبلغ (تومان)\n1403/01/01,الف,5\n")
    assert propose([header], id_="x.y").mapping.numbers.scale == "toman"
    assert "numbers.scale" in doubts(write(tmp_path, "تاریخ,شرح,مبلغ\n1403/01/01,الف,5\n"))


def test_repeated_codes_are_no_tree(tmp_path: Path) -> None:
    rows = "".join(
        f"{code},ردیف,{amount}\n" for code, amount in [("1000", 5), ("1100", 2), ("1110", 2), ("1120", 1)] * 8
    )
    assert propose([write(tmp_path, f"کد بودجه,شرح,مصوب\n{rows}")], id_="x.y").mapping.trees == ()


def test_a_file_without_amounts_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        propose([write(tmp_path, "نام,نام خانوادگی\nعلی,رضایی\nمریم,احمدی\n")], id_="x.y")
    assert caught.value.problem.code == "no_amounts"
    assert "نام خانوادگی" in caught.value.message()


HEADERS = ["تاریخ", "شرح", "مبلغ", "Amount", "Fecha", "کد بودجه", "", "x", 'a"b', "ذی‌نفع", "سال", "مصوب"]
CELLS = ["", "5", "1,234", "1.234,56", "۱۴۰۳/۰۵/۱۲", "خرید", "12", "1403", "-", "(3)", "x\\y", "'"]


@given(
    header=st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6),
    rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6), min_size=1, max_size=8),
)
def test_whatever_is_proposed_is_a_mapping(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("p") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    try:
        found = propose([path], id_="x.y")
    except FileError:
        return
    assert parse_mapping(tomllib.loads(as_toml(found)), "x.toml") == found.mapping


@given(st.integers(-(10**12), 10**12), st.booleans())
def test_a_whole_figure_is_a_figure_however_it_is_grouped(number: int, persian: bool) -> None:
    text = f"{number:,}"
    if persian:
        text = text.replace(",", "٬").translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert figures([text]).share == 1.0


PRINTED = (
    "شهرداری,,,,,\nتاریخ سند,شماره سند,شرح سند,طرف حساب,بدهکار,بستانکار\n"
    + "".join(f"1403/02/{n:02},{n},خرید رایانه,شرکت الف,{n}000,0\n" for n in range(1, 6))
    + "تاریخ سند,شماره سند,شرح سند,طرف حساب,بدهکار,بستانکار\nنقل به صفحه بعد,,,,15000,0\nجمع کل,,,,15000,0\nتهیه‌کننده: احمدی,,,,,\n"
)


def test_what_a_printed_table_has_besides_its_rows_raises_no_doubt(tmp_path: Path) -> None:
    path = tmp_path / "printed.csv"
    path.write_text(PRINTED, "utf-8")
    assert {doubt.key for doubt in propose([path], id_="a.b").doubts} == {"amounts.paid", "numbers.scale"}
    # Dates that are none are doubted as before, and told in the reader's digits.
    path.write_text(PRINTED.replace("1403/02/03", "نامعلوم").replace("1403/02/04", "1403/13/40"), "utf-8")
    [doubt] = [doubt for doubt in propose([path], id_="a.b").doubts if doubt.key == "dates.calendar"]
    assert doubt.said(PERSIAN) == "۶۰٪ تاریخ‌ها خوانا است"
    assert "۳ مورد که باید دیده شود" in as_toml(propose([path], id_="a.b"), PERSIAN)


def test_dates_that_spreadsheets_store_as_numbers_are_found(tmp_path: Path) -> None:
    path, header = tmp_path / "numbers.csv", "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
    path.write_text(header + "".join(f"{45500 + n},خرید,شرکت الف,{n}000\n" for n in range(1, 9)), "utf-8")
    found = propose([path], id_="a.b")
    assert found.data["columns"]["date"] == {"names": ["تاریخ"]}
    assert found.data["dates"] == {"serial": "1900"}
    assert [doubt.key for doubt in found.doubts] == ["dates.serial"]
    receipt = take_in(home=tmp_path / "home", mapping=found.mapping, path=path)
    assert (receipt.rows["stored"], receipt.fiscal_years) == (8, [1403])
    # A workbook's days need no such word, beside texts or alone.
    book = propose([FILES / "payments.xlsx"], id_="a.b")
    assert book.data["dates"] == {"calendar": "jalali"}
    assert {doubt.key for doubt in book.doubts} == {"amounts.paid", "numbers.scale"}
