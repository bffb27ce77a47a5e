"""Suppliers: ids with check digits, name keys, natural persons, and no merging on a weak match."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.es import dni

from rasad.ledger.classify.fold import folded
from rasad.ledger.link import LINK, link, merge_suggestions
from rasad.ledger.mapping import PersonRule
from rasad.ledger.suppliers import identify, name_key


def linked(*rows: dict[str, str | None], persons: PersonRule | None = None) -> pl.DataFrame:
    base = {"source": "a.b", "currency": "EUR", "supplier_name": None, "supplier_id_raw": None}
    return link(pl.DataFrame([{"line_no": i, **base, **row} for i, row in enumerate(rows)]), persons)


def one(persons: PersonRule | None = None, **row: str | None) -> dict[str, object]:
    return linked(row, persons=persons).row(0, named=True)


def keyed(*names: str) -> list[str | None]:
    return folded(pl.Series("n", names)).to_frame().select(name_key(pl.col("n")).alias("n"))["n"].to_list()


@pytest.mark.parametrize(
    ("text", "currency", "kind", "number", "person"),
    [
        ("10101780644", "IRR", "ir_legal", "10101780644", False),
        ("۱۰۱۰۱۷۸۰۶۴۴", "IRR", "ir_legal", "10101780644", False),
        ("1010-1780-644", "IRR", "ir_legal", "10101780644", False),
        ("10101780645", "IRR", "none", None, None),
        ("0013542419", "IRR", "person", "0013542419", True),
        ("0013542418", "IRR", "none", None, None),
        ("IR062960000000100324200001", "IRR", "none", None, None),
        ("4471", "IRR", "local", "4471", None),
        ("A28855260", "EUR", "es_nif", "A28855260", False),
        ("ESA28855260", "EUR", "es_nif", "A28855260", False),
        ("a-28855260", "EUR", "es_nif", "A28855260", False),
        ("A28855261", "EUR", "none", None, None),
        ("12345678Z", "EUR", "person", "12345678Z", True),
        ("12.345.678-Z", "EUR", "person", "12345678Z", True),
        ("12345678A", "EUR", "person", "12345678A", True),
        ("X1234567L", "EUR", "person", "X1234567L", True),
        ("***4567**", "EUR", "person", None, True),
        ("BE0831576545", "EUR", "eu_vat", "BE0831576545", None),
        ("203069", "GBP", "local", "203069", None),
        ("12345678Z", "GBP", "local", "12345678Z", None),
        ("", "EUR", "none", None, None),
        ("0", "GBP", "none", None, None),
        # The digits that a spreadsheet dropped would have told one from another.
        ("1.40038E+10", "IRR", "none", None, None),
        ("۱٫۴E+۱۰", "IRR", "none", None, None),
        ("10101780644.0", "IRR", "ir_legal", "10101780644", False),
        (None, None, "none", None, None),
    ],
)
def test_identify(
    text: str | None, currency: str | None, kind: str, number: str | None, person: bool | None
) -> None:
    identity = identify(text, currency)
    assert (identity.kind, identity.id, identity.is_person) == (kind, number, person)


@pytest.mark.realdata
def test_legal_ids_of_the_vectors(realdata: Path) -> None:
    with (realdata / "vectors" / "legal_ids.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        if (
            row["value"] == row["value"].strip()
        ):  # that library refuses spaces around an id; a cell may have them
            assert (identify(row["value"], "IRR").kind == "ir_legal") == (row["valid"] == "true"), row


@given(st.integers(0, 99_999_999))
def test_every_valid_dni_is_a_person(number: int) -> None:
    text = f"{number:08}{dni.calc_check_digit(f'{number:08}')}"
    identity = identify(text, "EUR")
    assert identity.is_person is (None if number == 0 and not text.strip("0") else True)


@pytest.mark.parametrize(
    "names",
    [
        ("شرکت داده‌پردازی آریا (سهامی خاص)", "داده پردازي آريا", "شرکت داده پردازی آریا با مسئولیت محدود"),
        ("موسسه نور", "مؤسسه نور", "نور"),
        ("INETUM ESPAÑA S A", "Inetum España, S.A.", "INETUM ESPANA SA .", "INETUM ESPAÑA S.A.U."),
        ("ABAST SYSTEMS & SOLUTIONS S L", "Abast Systems Solutions, S.L."),
        ("ANTEA CONSULTING SL . .", "ANTEA CONSULTING S.L.U. (UNIPERSONAL)"),
        ("KARBON HOMES LTD", "Karbon Homes Limited", "KARBON HOMES PLC"),
        ("UTE NORTE SUR", "NORTE SUR U.T.E."),
    ],
)
def test_names_of_one_firm_have_one_key(names: tuple[str, ...]) -> None:
    assert len(set(keyed(*names))) == 1


@pytest.mark.parametrize(
    "pair", [("SA NOSTRA SL", "NOSTRA SL"), ("COSTA SL", "COSTAS SL"), ("شرکت نور", "شرکت نوران")]
)
def test_names_of_two_firms_have_two_keys(pair: tuple[str, str]) -> None:
    first, second = keyed(*pair)
    assert first != second


def test_a_name_of_forms_only_keeps_its_key_and_an_empty_one_has_none() -> None:
    assert keyed("S.L.", "شرکت", " . ", "") == ["s l", "شرکت", None, None]


@given(st.text(max_size=40))
def test_name_keys_are_stable(name: str) -> None:
    (first,) = keyed(name)
    if first is not None:
        assert first.strip() == first != ""


def test_keys_of_suppliers() -> None:
    assert one(supplier_id_raw="A28855260", supplier_name="INETUM")["supplier"] == "es:A28855260"
    assert one(supplier_id_raw="10101780644", currency="IRR")["supplier"] == "ir:10101780644"
    assert one(supplier_id_raw="77", supplier_name="X LTD", currency="GBP")["supplier"] == "local:a.b:77"
    assert one(supplier_name="Acme, S.L.")["supplier"] == "name:acme"
    assert one(supplier_id_raw="A28855261", supplier_name="Acme, S.L.")["supplier"] == "name:acme"
    nobody = one()
    assert (nobody["supplier"], nobody["supplier_id_kind"], nobody["confidence"]) == (None, "none", 0.0)


def test_one_id_is_one_supplier_however_the_name_is_spelled() -> None:
    frame = linked(
        {"supplier_id_raw": "A28855260", "supplier_name": "INETUM ESPAÑA S A"},
        {"supplier_id_raw": "a28855260 ", "supplier_name": "GFI INFORMATICA"},
    )
    assert frame["supplier"].to_list() == ["es:A28855260"] * 2


def test_a_name_alone_is_never_merged_only_suggested() -> None:
    frame = linked(
        {"supplier_id_raw": "A28855260", "supplier_name": "Inetum España SA"},
        {"supplier_name": "INETUM ESPAÑA"},
    )
    assert frame["supplier"].n_unique() == 2
    suggestions = merge_suggestions(frame.with_columns(pl.lit("a.b").alias("source")))
    assert suggestions.rows() == [("name:inetum espana", "es:A28855260", 0.8)]


def test_no_suggestion_where_two_ids_bear_the_name_or_the_source_differs() -> None:
    frame = linked(
        {"supplier_id_raw": "A28855260", "supplier_name": "Sol SA"},
        {"supplier_id_raw": "A78053147", "supplier_name": "SOL SL"},
        {"supplier_name": "Sol"},
    ).with_columns(pl.lit("a.b").alias("source"))
    assert merge_suggestions(frame).is_empty()
    apart = linked({"supplier_id_raw": "A28855260", "supplier_name": "Luna SA"}, {"supplier_name": "Luna"})
    assert merge_suggestions(apart.with_columns(pl.Series("source", ["a.b", "a.c"]))).is_empty()


@pytest.mark.parametrize(
    "row",
    [
        {"supplier_id_raw": "12345678Z", "supplier_name": "GARCIA LOPEZ MARIA"},
        {"supplier_id_raw": "12345678Z", "supplier_name": "FERRETERIA MANOLO"},
        {"supplier_id_raw": "X1234567L", "supplier_name": "LI WEI"},
        {"supplier_id_raw": "FBLTLA54L52H501Z", "supplier_name": "TELLA FABULA"},
        {"supplier_id_raw": "NPH4K8122", "supplier_name": "HENDRIK JANSEN"},
        {"supplier_id_raw": "E10000016", "supplier_name": "CUENTO BOSQUE SANTIAGO C.B."},
        {"supplier_id_raw": "0013542419", "currency": "IRR", "supplier_name": "رضا محمدی"},
        {"currency": "IRR", "supplier_name": "آقای رضا محمدی"},
        {"currency": "IRR", "supplier_name": "محمدی رضا"},
        {"supplier_id_raw": "0013542418", "currency": "IRR", "supplier_name": "رضا محمدی نسب"},
        {"currency": "IRR", "supplier_name": "خانم زهرا احمدی"},
        {"currency": "IRR", "supplier_name": "سركار خانم زهرا احمدي"},
        {"supplier_id_raw": "20000000", "currency": "GBP", "supplier_name": "Redacted personal data"},
        {"supplier_id_raw": "9", "currency": "GBP", "supplier_name": "REDACTED PERSONAL DATA"},
        {"currency": "GBP", "supplier_name": "MR J SMITH"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "JOHN STORYBOOK"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "ANNE STORYBOOK 100054"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "Alan Taleworth (100099)"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "CHARLES TALEWORTH (FABLE CHAMBERS)"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "DAVID & CAROLINE FABLE"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "T J STORYBOOK"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "DR K TALEWORTH"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "S ALI FABLE"},
        {"supplier_id_raw": "J10000016", "supplier_name": "HELENA Y MARIA CUENTO DEL BOSQUE S.C."},
        {"supplier_id_raw": "U10000016", "supplier_name": "UTE D MARIANO CUENTO FABULA Y D MIGUEL BOSQUE"},
        {
            "supplier_id_raw": "U10000024",
            "supplier_name": "LAURA CUENTO FABULA UTE LEY 18/1982 de 26 DE MAYO",
        },
        {
            "supplier_id_raw": "U10000032",
            "supplier_name": "UTE PROY PLAZA MAYOR MARIA DOLORES CUENTO FABULA",
        },
        {"currency": "EUR", "supplier_name": "CUENTO BOSQUE, ANA"},
        {"currency": "IRR", "supplier_id_raw": "4471", "supplier_name": "علی رضایی"},
        {"currency": "IRR", "supplier_name": "سید محمد حسین حسینی نژاد اصل"},
        {"currency": "IRR", "supplier_name": "دکتر زهرا احمدی"},
        {"currency": "IRR", "supplier_name": "رضا محمدی ۰۰۱۳۵۴۲۴۱۹"},
        {"currency": "IRR", "supplier_name": "محمدی (كد ملي 0013542419) رضا"},
    ],
)
def test_natural_persons(row: dict[str, str]) -> None:
    verdict = one(**row)  # type: ignore[arg-type]
    assert verdict["supplier_is_person"] is True
    assert (verdict["supplier"], verdict["supplier_id_kind"]) == ("person", "person")


@pytest.mark.parametrize(
    "row",
    [
        {"supplier_id_raw": "A28855260", "supplier_name": "GARCIA LOPEZ"},
        {"supplier_id_raw": "E10000016", "supplier_name": "COMUNIDAD PROPIETARIOS PLAZA MAYOR 32"},
        {"supplier_id_raw": "41130919800025", "supplier_name": "ARTPRICE.COM"},
        {"supplier_id_raw": "36693347", "supplier_name": "NORDSENSE"},
        {"supplier_id_raw": "899355158", "supplier_name": "RAYFIELD ALLIED LTD"},
        {"supplier_id_raw": "10101780644", "currency": "IRR", "supplier_name": "شرکت خانم‌گل"},
        {"currency": "IRR", "supplier_name": "شرکت داده‌پردازی آریا"},
        {"currency": "IRR", "supplier_name": "همکاران سیستم"},
        {"currency": "IRR", "supplier_name": "مخابرات استان البرز"},
        {"currency": "IRR", "supplier_id_raw": "10101780644", "supplier_name": "نخودی سیمرغ"},
        {"currency": "IRR", "supplier_name": "خانم گل شرکت"},
        {"currency": "GBP", "supplier_id_raw": "4", "supplier_name": "MR CHIPS LTD"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "BRAKES BROS LTD"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "ANDREW FABLE PHOTOGRAPHY"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "C STORYBOOK & SON"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "G F FABRICATIONS"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "DR DM FABLE & PARTNERS"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "B & F (100037)"},
        {"currency": "GBP", "supplier_id_raw": "5", "supplier_name": "DENNIS FABLE LTD"},
        {
            "supplier_id_raw": "U10000040",
            "supplier_name": "CUENTO S L Y CENTROS FABULA S L UTE",
        },
        {
            "supplier_id_raw": "U10000057",
            "supplier_name": "FORJAS CUENTO SA Y ALBERTO FABULA SL UTE",
        },
        {"supplier_id_raw": "U10000065", "supplier_name": "UTE MEJORAS PARQUE SAN ISIDRO"},
        {"supplier_id_raw": "U10000016", "supplier_name": "UTE LA PALOMA"},
        {
            "supplier_id_raw": "E10000016",
            "supplier_name": "COMUNIDAD DE PROPIETARIOS CALLE CORREGIDOR JUAN DE FABULA",
        },
        {"currency": "IRR", "supplier_name": "نیک پردازش (سهامی خاص)"},
        {"currency": "IRR", "supplier_id_raw": "4471", "supplier_name": "بیمارستان امام رضا"},
    ],
)
def test_organisations(row: dict[str, str]) -> None:
    assert one(**row)["supplier_is_person"] is False  # type: ignore[arg-type]


def test_the_mapping_s_own_rule_names_persons() -> None:
    rule = PersonRule(id_patterns=("^P-",), name_patterns=("^HONORARIOS ",))
    assert one(rule, supplier_id_raw="P-9", currency="GBP", supplier_name="Jones")["supplier"] == "person"
    assert one(rule, supplier_name="HONORARIOS PEREZ")["supplier"] == "person"
    assert one(rule, supplier_name="PEREZ HONORARIOS")["supplier"] == "name:perez honorarios"


@given(st.lists(st.tuples(st.text(max_size=12) | st.none(), st.text(max_size=20) | st.none()), max_size=15))
def test_every_line_has_one_link_in_order(rows: list[tuple[str | None, str | None]]) -> None:
    frame = pl.DataFrame(
        {
            "line_no": range(len(rows)),
            "currency": ["EUR"] * len(rows),
            "supplier_id_raw": [row[0] for row in rows],
            "supplier_name": [row[1] for row in rows],
        },
        schema={
            "line_no": pl.Int64,
            "currency": pl.String,
            "supplier_id_raw": pl.String,
            "supplier_name": pl.String,
        },
    )
    result = link(frame)
    assert result.schema == pl.Schema(LINK)
    assert result["line_no"].to_list() == list(range(len(rows)))
    assert result["supplier_is_person"].null_count() == 0
    assert (result["supplier_is_person"] == (result["supplier_id_kind"] == "person")).all()
    assert result.filter(pl.col("supplier").is_null() != (pl.col("supplier_id_kind") == "none")).is_empty()
