"""Natural persons whom a description mentions, though nobody pays them: found by what stands before or around a name, and by given names."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_home import write_batch, write_home

from rasad.ledger.mentions import without_persons
from rasad.ledger.suggestions import suggest_all
from rasad.ledger.view import stage_public


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("MR COLIN STORYBOOK/100001/THE LODGE/27-JUL-15", "MR ***/100001/THE LODGE/27-JUL-15"),
        ("MISS EMILY TALEWORTH/100002", "MISS ***/100002"),
        ("Mrs Fable-Jones, transport", "Mrs ***, transport"),
        ("SARAH LOUISE FABLE/100003/03-AUG-15", "***/100003/03-AUG-15"),
        ("ADAM TALEWORTH/100004/37/CARE LIMITED/MARCUS FABLE", "***/100004/37/CARE LIMITED/***"),
        ("DAVID & LYNNE FABLE/100005", "***/100005"),
        ("JOHN STORYBOOK - COP APPLICATION FEE", "*** - COP APPLICATION FEE"),
        (
            "ADOPTION ALLOWANCE IRO TINKER, DARREN AND TINA STORYBOOK",
            "ADOPTION ALLOWANCE IRO ***, ***",
        ),
        ("2020/F/100007,CARMEN CUENTO,STAFF EXCHANGE.", "2020/F/100007,***,STAFF EXCHANGE."),
        ("2020/F/100007,FCO.JAVIER FABULA,STAFF EXCHANGE.", "2020/F/100007,***,STAFF EXCHANGE."),
        ("Conferencia de D. Luis Cuento Fábula (Retiro)", "Conferencia de D. *** (Retiro)"),
        ("Honorarios Dª. María Pilar Cuento, dic", "Honorarios Dª. ***, dic"),
        ("Helen Fable", "***"),
        ("Dr Chris Taleworth", "Dr ***"),
        ("MISS CINDERS TALEWORTH/100006/HOLMLEA", "MISS ***/100006/HOLMLEA"),
        ("700001@20000002@MISS G MCFABLE@@", "700001@20000002@MISS ***@@"),
    ],
)
def test_a_person_who_is_mentioned_is_masked(text: str, shown: str) -> None:
    assert without_persons(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "100200300 ACC-2017 C/JOSE CUENTO, 36",
        "ACTUACIONES C/ ALFREDO FÁBULA CERT 1",
        "100200/300 Luis Cuento, 18",
        "CERT. 2 REMODELACIÓN CALLE JOSÉ CUENTO Y FÁBULA",
        "COLEGIO RAMÓN FÁBULA, limpieza",
        "JULIO OFICINAS - Contrato de mantenimiento",
        "LIMPIEZA, JULIO 2021",
        "MS OFFICE LICENCES/MS SQL SERVER",
        "Near miss report, March",
        "PARK DR RESURFACING",
        "OBRAS EN NTRA SRA PALOMA C1",
        "GASTOS DR. MARTÍN FÁBULA 36 2021",
        "REV. Y CALIBRACIÓN DE BALANZAS",
        "100 AGOSTO/21 D. Y GESTIÓN DE PUERTAS",
        "GESTIÓN A.D. MIGUEL MAR-21",
        "Belén iluminado Navidad 21/22",
        "MARK READING, telemetry units",
        "علی‌الحساب احداث بوستان سیمرغ، مرحله 2",
        "خرید سرور، مرداد",
        "2021 - 2022",
        "",
    ],
)
def test_what_names_nobody_stays_as_it_is(text: str) -> None:
    assert without_persons(text) == text


@given(st.text())
def test_masking_is_idempotent_whatever_the_text(text: str) -> None:
    once = without_persons(text)
    assert without_persons(once) == once


def test_a_release_mentions_none_of_them(tmp_path: Path) -> None:
    rows = [
        {"supplier_name": "THE LODGE LTD", "supplier_id_raw": "7", "amount": 1, "title": "MR COLIN STORYBOOK/100001"},
        {"supplier_name": "TRAVEL LTD", "supplier_id_raw": "8", "amount": 2, "title": "Helen Fable"},
        {"supplier_name": "TRAVEL LTD", "supplier_id_raw": "8", "amount": 3, "title": "Train tickets"},
    ]  # fmt: skip
    write_home(tmp_path, currency="GBP", language="en")
    write_batch(tmp_path, rows, currency="GBP")
    suggest_all(tmp_path)
    staged = stage_public(tmp_path, tmp_path / "out")
    lines = pl.read_parquet(staged["line"]).sort("amount")
    assert lines["title"].to_list() == ["MR ***/100001", "***", "Train tickets"]
    assert lines["title_raw"].to_list() == lines["title"].to_list()
    assert "storybook" not in " ".join(lines["title_key"].drop_nulls())


def test_names_that_the_data_officer_lists_are_masked_everywhere(tmp_path: Path) -> None:
    rows = [
        {"supplier_name": "TRAVEL LTD", "supplier_id_raw": "8", "amount": 1, "title": "Flight for Zuleika Fable to Rome"},
        {"supplier_name": "FABLE ZULEIKA", "supplier_id_raw": "9", "amount": 2, "title": "Lecture"},
        {"supplier_name": "TRAVEL LTD", "supplier_id_raw": "8", "amount": 3, "title": "File 55-1234-X"},
        {"supplier_name": "ZULEIKA LTD", "supplier_id_raw": "10", "amount": 4, "title": "Zuleika street"},
    ]  # fmt: skip
    write_home(tmp_path, currency="GBP", language="en")
    (tmp_path / "persons.txt").write_text("# who asked us\nZuleika Fable\n\n55-1234-X\n", "utf-8")
    write_batch(tmp_path, rows, currency="GBP")
    suggest_all(tmp_path)
    staged = stage_public(tmp_path, tmp_path / "out")
    lines = pl.read_parquet(staged["line"]).sort("amount")
    assert lines["title"].to_list() == ["Flight for *** *** to Rome", "Lecture", "File ***-***-***", "Zuleika street"]  # fmt: skip
    assert lines["supplier"].to_list() == [
        "local:small.payments:8",
        "person",
        "local:small.payments:8",
        "local:small.payments:10",
    ]
    assert lines["supplier_raw"].to_list()[1] == "***"
