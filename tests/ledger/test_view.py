"""The view, and the way out: what a release may carry, and that no natural person is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from small_home import write_batch, write_home

from rasad.ledger.classify import judge, report
from rasad.ledger.engines.duck import duck
from rasad.ledger.masks import MASK, Masker, Persons
from rasad.ledger.schema import (
    BATCH,
    CLASS_COLUMNS,
    CONTRACT,
    LINE,
    PROBLEM,
    SUPPLIER,
    SUPPLIER_COLUMNS,
    TOMBSTONE,
)
from rasad.ledger.suggestions import current, scope, suggest, suggest_all
from rasad.ledger.view import schema_of, stage_public, view
from rasad.persian.text import search_key

FIRM = {"supplier_name": "INETUM ESPAÑA, S.A.", "supplier_id_raw": "A28855260"}
PERSON = {"supplier_name": "GARCÍA LÓPEZ, MARÍA PILAR", "supplier_id_raw": "12345678Z"}
ROWS: list[dict[str, Any]] = [
    {
        **FIRM,
        "amount": 1000,
        "title": "MTO. LICENCIAS ORACLE",
        "economic_code": "21600",
        "programme_code": "49101",
    },
    {**FIRM, "amount": 500, "title": "Red de alumbrado", "economic_code": "61922", "unit": "OBRAS"},
    {**PERSON, "amount": 300, "title": "Conferencia de García López en Chamberí", "economic_code": "22606"},
    {**PERSON, "amount": -300, "title": "Anulación pago 12345678-Z", "economic_code": "22606"},
    {**FIRM, "amount": 70, "title": "Viaje de Maria Pilar Garcia Lopez", "document_no": "X 12345678Z"},
    {"supplier_name": "Garcia Lopez Maria Pilar", "amount": 40, "title": "Premio"},
    {**FIRM, "amount": 9, "title": "Contacto X1234567L tel. 612 345 678 pilar@example.org"},
    {**FIRM, "amount": 8, "title": "Abono ES9121000418450200051332 y 87654321X"},
]


def prepared(home: Path, rows: list[dict[str, Any]] | None = None, **batch: Any) -> dict[str, Any]:
    write_home(
        home, currency=batch.get("currency", "EUR"), language="es" if "currency" not in batch else "fa"
    )
    receipt = write_batch(home, ROWS if rows is None else rows, **batch)
    suggest_all(home)
    return receipt


def every_text(path: Path) -> list[str]:
    frame = pl.read_parquet(path)
    return [str(value) for column in frame.columns for value in frame[column].drop_nulls().to_list()]


# --- the view ---------------------------------------------------------------------------------------------


def test_view_has_the_declared_columns_and_every_line(tmp_path: Path) -> None:
    prepared(tmp_path)
    frame = view(tmp_path).collect()
    assert frame.schema == pl.Schema(schema_of((*LINE.columns, *CLASS_COLUMNS, *SUPPLIER_COLUMNS)))
    assert frame.height == len(ROWS)
    assert frame["line_no"].to_list() == list(range(len(ROWS)))
    assert frame["class"][:2].to_list() == ["software", "not_it"]
    assert frame["supplier"][:3].to_list() == ["es:A28855260", "es:A28855260", "person"]


def test_view_of_a_new_home_is_empty_and_typed(tmp_path: Path) -> None:
    write_home(tmp_path)
    assert view(tmp_path).collect().is_empty()
    assert view(tmp_path, "contract").collect_schema().names()[: len(CONTRACT.names)] == list(CONTRACT.names)


def test_a_human_judgement_wins_and_says_so(tmp_path: Path) -> None:
    prepared(tmp_path)
    line_id = view(tmp_path).collect()["line_id"][1]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    judge(home=tmp_path, line_id=line_id, cls="other_it", mode="change", by="Mina", why="smart lamps", at=at)
    row = view(tmp_path).filter(pl.col("line_id") == line_id).collect().row(0, named=True)
    assert (row["class"], row["mode"], row["class_method"]) == ("other_it", "change", "person")
    assert (row["class_confidence"], row["class_version"]) == (1.0, "2026-03-01T00:00:00.000000+00:00")
    others = view(tmp_path).filter(pl.col("class_method") == "person").collect()
    assert others.height == 1


def test_superseded_batches_are_not_counted(tmp_path: Path) -> None:
    first = prepared(tmp_path)
    write_batch(tmp_path, ROWS[:2], created_at="2026-02-01T00:00:00Z", supersedes=(first["batch"],))
    suggest_all(tmp_path)
    assert view(tmp_path).collect().height == 2
    assert len(current(tmp_path)) == 1


def test_what_today_s_rules_have_not_judged_is_judged_before_it_is_shown(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    write_batch(tmp_path / "home", ROWS)
    lines = pl.read_parquet(stage_public(tmp_path / "home", tmp_path / "out")["line"])
    assert lines.filter(pl.col("supplier_is_person")).height == 3
    city = tmp_path / "home" / "city.toml"
    city.write_text(city.read_text("utf-8").replace('["49101"]', "[]"), "utf-8")
    assert set(view(tmp_path / "home").collect()["class"]) != {"unknown"}


def test_suggestions_are_written_once_per_version_and_earlier_ones_stay(tmp_path: Path) -> None:
    receipt = prepared(tmp_path)
    assert suggest(tmp_path, receipt) == []
    before = set((tmp_path / "ledger" / "classes").iterdir())
    city = tmp_path / "city.toml"
    city.write_text(city.read_text("utf-8").replace('["49101"]', '["49101", "49102"]'), "utf-8")
    (written,) = suggest(tmp_path, receipt)
    assert written not in before
    assert before < set((tmp_path / "ledger" / "classes").iterdir())


def test_scope_from_the_city_s_settings(tmp_path: Path) -> None:
    write_home(tmp_path)
    assert (scope(tmp_path).scheme, scope(tmp_path).it_programmes) == ("es-local", ("49101",))
    write_home(tmp_path, currency="IRR", language="fa")
    assert scope(tmp_path).scheme is None
    write_home(tmp_path, currency="IRR", extra='economic_scheme = "es-local"')
    assert scope(tmp_path).scheme == "es-local"


def test_names_of_codes_are_filled_from_the_city_s_other_lines(tmp_path: Path) -> None:
    write_home(tmp_path)
    budget = [
        {"amount": 1, "economic_code": "21600", "economic": "Old name", "fiscal_year": 2020},
        {"amount": 1, "economic_code": "21600", "economic": "Repairs of equipment", "fiscal_year": 2021},
        {"amount": 1, "economic_code": "22600", "economic": "One", "fiscal_year": 2021},
        {"amount": 1, "economic_code": "22600", "economic": "Another", "fiscal_year": 2021},
        {"amount": 1, "economic_code": "10000", "economic": "Income tax", "flow": "revenue"},
    ]
    write_batch(tmp_path, budget, source="small.budget")
    codes = ["21600", "22600", "10000"]
    write_batch(tmp_path, [{"amount": 1, "economic_code": code} for code in codes])
    suggest_all(tmp_path)
    payments = view(tmp_path).filter(pl.col("source") == "small.payments").collect()
    assert payments["economic"].to_list() == ["Repairs of equipment", None, None]


def test_the_report_reads_the_view(tmp_path: Path) -> None:
    prepared(tmp_path)
    (paid,) = report(view(tmp_path))
    assert paid.rows == len(ROWS)
    assert paid.amount == sum(abs(row["amount"]) for row in ROWS)


# --- the way out ------------------------------------------------------------------------------------------


def test_staged_tables_have_exactly_their_public_columns(tmp_path: Path) -> None:
    prepared(tmp_path / "home")
    paths = stage_public(tmp_path / "home", tmp_path / "out")
    declared = {
        "line": (*LINE.public_columns, *CLASS_COLUMNS, *SUPPLIER_COLUMNS),
        "contract": (*CONTRACT.public_columns, *SUPPLIER_COLUMNS),
        "supplier": SUPPLIER.public_columns,
        "batch": BATCH.public_columns,
        "problem": PROBLEM.public_columns,
        "tombstone": TOMBSTONE.public_columns,
    }
    assert set(paths) == set(declared)
    for table, columns in declared.items():
        assert pl.read_parquet_schema(paths[table]) == schema_of(columns), table
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{name}.parquet" for name in declared
    )


def test_no_natural_person_in_any_cell_of_any_table(tmp_path: Path) -> None:
    home = tmp_path / "home"
    receipt = prepared(
        home,
        quarantine=[
            {
                "code": "amount",
                "sheet": None,
                "row": 9,
                "column": "amount",
                "found": "GARCÍA LÓPEZ",
                "expected": "a number",
            }
        ],
    )
    write_batch(
        home,
        [{**PERSON, "amount": 5, "title": "Contrato con María Pilar García López", "contract_no": "C-1"}],
        source="small.contracts",
        table="contract",
    )
    suggest_all(home)
    paths = stage_public(home, tmp_path / "out")
    secrets = [
        "garcia lopez",
        "lopez garcia",
        "maria pilar",
        "pilar",
        "12345678",
        "1234567l",
        "87654321",
        "612 345",
        "9121000418450200051332",
    ]
    seen = 0
    for table, path in paths.items():
        for text in every_text(path):
            seen += 1
            folded = search_key(text)
            for secret in secrets:
                assert secret not in folded.replace("  ", " "), (table, text)
    assert seen > 300
    lines = pl.read_parquet(paths["line"])
    assert lines.height == len(ROWS)
    assert lines["amount"].sum() == sum(row["amount"] for row in ROWS)
    people = lines.filter(pl.col("supplier_is_person"))
    assert people.height == 3
    assert people["supplier"].unique().to_list() == ["person"]
    assert people["supplier_name"].null_count() == people["supplier_id"].null_count() == 3
    assert people["supplier_raw"].unique().to_list() == [MASK]
    problems = pl.read_parquet(paths["problem"])
    assert problems.rows() == [
        (receipt["batch"], "small.payments", "payments.csv", None, 9, "amount", "amount", "a number")
    ]


def test_no_natural_person_in_persian_text(tmp_path: Path) -> None:
    rows = [
        {
            "supplier_name": "رضا محمدی",
            "supplier_id_raw": "۰۰۱۳۵۴۲۴۱۹",
            "amount": 1,
            "title": "حق‌الزحمهٔ رضا محمدي",
        },
        {
            "supplier_name": "شرکت نور",
            "supplier_id_raw": "10101780644",
            "amount": 2,
            "title": "هزینه سفر محمدی، رضا",
        },
        {
            "supplier_name": "شرکت نور",
            "supplier_id_raw": "10101780644",
            "amount": 3,
            "title": "واریز به آقای کامران شریفی کد ملی 0013542419",
        },
        {
            "supplier_name": "شرکت نور",
            "supplier_id_raw": "10101780644",
            "amount": 4,
            "title": "شبا IR820540102680020817909002 تلفن ۰۹۱۲۳۴۵۶۷۸۹",
        },
        {
            "supplier_name": "شرکت نور",
            "supplier_id_raw": "10101780644",
            "amount": 5,
            "title": "سرویس بهداشتی خانم‌ها",
        },
    ]
    home = tmp_path / "home"
    prepared(home, rows, currency="IRR")
    paths = stage_public(home, tmp_path / "out")
    for path in paths.values():
        for text in every_text(path):
            folded = search_key(text)
            for secret in (
                "محمدی",
                "کامران",
                "شریفی",
                "0013542419",
                "820540102680020817909002",
                "9123456789",
            ):
                assert secret not in folded, text
    titles = pl.read_parquet(paths["line"])["title"].to_list()
    assert titles[4] == "سرویس بهداشتی خانم‌ها"
    assert pl.read_parquet(paths["line"])["supplier_name"].to_list()[1] == "شرکت نور"


def test_titles_without_persons_pass_unchanged_and_keys_follow(tmp_path: Path) -> None:
    rows = [
        {
            **FIRM,
            "amount": 1,
            "title": "Expediente 2021/00126 lote 3, 1.234.567,89 euros",
            "title_key": "kept",
        }
    ]
    rows.append({**PERSON, "amount": 1, "title": "Charla de López", "title_key": "charla de lopez"})
    prepared(tmp_path / "home", rows)
    lines = pl.read_parquet(stage_public(tmp_path / "home", tmp_path / "out")["line"])
    assert lines["title"].to_list() == [
        "Expediente 2021/00126 lote 3, 1.234.567,89 euros",
        f"Charla de {MASK}",
    ]
    assert lines["title_key"].to_list() == ["kept", "charla de"]


def test_supplier_table_counts_lines_and_holds_persons_as_one(tmp_path: Path) -> None:
    prepared(tmp_path / "home")
    paths = stage_public(tmp_path / "home", tmp_path / "out")
    assert pl.read_parquet(paths["supplier"]).rows() == [
        ("es:A28855260", "INETUM ESPAÑA, S.A.", "A28855260", "es_nif", False, 5),
        ("person", None, None, "person", True, 3),
    ]


def test_batch_table_carries_the_control_totals(tmp_path: Path) -> None:
    receipt = prepared(tmp_path / "home")
    row = pl.read_parquet(stage_public(tmp_path / "home", tmp_path / "out")["batch"]).row(0, named=True)
    assert row["rows_in"] == row["rows_stored"] == len(ROWS)
    assert row["amount_in"] == row["amount_stored"] + row["amount_set_aside"] + row["amount_quarantined"]
    assert (row["batch"], row["column"], row["stage"]) == (receipt["batch"], "amount", "paid")


def test_an_empty_home_stages_empty_tables(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    for path in stage_public(tmp_path / "home", tmp_path / "out").values():
        assert pl.read_parquet(path).is_empty()


def test_a_withheld_name_masks_nothing_else() -> None:
    masker = Masker(Persons(("Redacted personal data", "Ana Ruiz Soto"), ()))
    frame = pl.DataFrame(
        {
            "currency": ["GBP"] * 3,
            "supplier_is_person": [False] * 3,
            "title": ["personal data protection course", "Payment to Ruiz Soto, Ana", "Ruiz street works"],
        }
    )
    assert masker.mask(frame)["title"].to_list() == [
        "personal data protection course",
        f"Payment to {MASK} {MASK}, {MASK}",
        "Ruiz street works",
    ]


def test_duck_copies_a_staged_table(tmp_path: Path) -> None:
    prepared(tmp_path / "home")
    paths = stage_public(tmp_path / "home", tmp_path / "out")
    with duck(memory="256MB", threads=1) as engine:
        engine.table("line", paths["line"])
        query = "select class, sum(amount)::bigint as amount from line group by class order by class"
        parquet = engine.copy_parquet(query, tmp_path / "sum.parquet")
        csv = engine.copy_csv("class, amount", parquet, tmp_path / "sum.csv")
    assert pl.read_parquet(parquet)["amount"].sum() == sum(row["amount"] for row in ROWS)
    assert csv.read_text("utf-8").splitlines()[0] == "class,amount"


def test_a_person_s_number_in_the_name_of_a_firm_is_masked(tmp_path: Path) -> None:
    prepared(
        tmp_path,
        [{"supplier_name": "TALLERES RUIZ 12345678Z S.L.", "supplier_id_raw": "B12345674", "amount": 1}],
    )
    staged = stage_public(tmp_path, tmp_path / "out")
    for table in ("line", "supplier"):
        assert not any("12345678" in text for text in every_text(staged[table])), table


def test_the_key_of_a_payee_known_by_name_names_no_person_either(tmp_path: Path) -> None:
    rows = [
        {**PERSON, "amount": 1},
        {"supplier_name": "Taller de María Pilar García López S.L.", "amount": 2},
        {"supplier_name": "TALLERES RUIZ 87654321X S.L.", "amount": 3},
    ]
    prepared(tmp_path, rows)
    staged = stage_public(tmp_path, tmp_path / "out")
    for table in ("line", "supplier"):
        keys = {search_key(text) for text in every_text(staged[table])}
        assert not any("pilar" in text or "87654321" in text for text in keys), table
    lines = pl.read_parquet(staged["line"]).sort("amount")
    assert lines["supplier"].n_unique() == 3
    assert set(lines["supplier"]) == set(pl.read_parquet(staged["supplier"])["supplier"])
