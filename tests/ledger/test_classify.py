"""Classes: our own cases by class, evidence and its order, versions, judgements, the report."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.ledger.classify import (
    JudgementError,
    RulesError,
    Scope,
    classify,
    judge,
    judgements,
    latest,
    report,
    rulebook,
    version,
)
from rasad.ledger.classify.fold import key
from rasad.ledger.classify.judgements import append, withdrawn
from rasad.ledger.classify.rules import _code, _rule
from rasad.ledger.schema import CLASSES, IT_CLASSES
from rasad.persian.text import search_key

CASES = tomllib.loads((Path(__file__).parent / "classify_cases.toml").read_text("utf-8"))
MADRID = Scope(scheme="es-local", it_programmes=("49101", "49102"), it_units=("501",))


def one(scope: Scope | None = None, **line: str | None) -> dict[str, object]:
    return classify(pl.DataFrame([{"line_no": 0, **line}]), scope).row(0, named=True)


def judged_cases() -> pl.DataFrame:
    cases = pl.DataFrame(CASES["case"]).with_row_index("line_no")
    ours = classify(cases.select("line_no", pl.col("text").alias("title")))
    return cases.with_columns(ours["class"].alias("ours"), ours["rule"])


# --- our own cases ---------------------------------------------------------------------------------------


def test_cases_are_many_and_of_every_class_and_language() -> None:
    cases = pl.DataFrame(CASES["case"])
    assert cases.height >= 150
    assert set(cases["class"]) == set(CLASSES)
    assert cases["text"].is_unique().all()
    assert dict(cases.group_by("language").len().iter_rows()).keys() == {"fa", "en", "es"}


@pytest.mark.parametrize("cls", CLASSES)
def test_cases_by_class(cls: str) -> None:
    cases = judged_cases()
    own = cases.filter(pl.col("class") == cls)
    ours = cases.filter(pl.col("ours") == cls)
    missed = own.filter(pl.col("ours") != cls).select("text", "ours", "rule").rows()
    wrong = ours.filter(pl.col("class") != cls).select("text", "class", "rule").rows()
    assert 1 - len(missed) / own.height >= 0.95, missed
    assert 1 - len(wrong) / ours.height >= 0.95, wrong


@pytest.mark.parametrize("case", CASES["mode"], ids=lambda case: str(case["text"]))
def test_mode_of_wording(case: dict[str, str]) -> None:
    assert one(title=case["text"])["mode"] == case["mode"]


@pytest.mark.parametrize(
    ("it", "not_it"),
    [
        ("خرید سرور", "خیابان مسرور"),
        ("تجهیزات شبکه", "شبکه روشنایی"),
        ("تجهیزات شبکه", "شبکه آبیاری"),
        ("mto sw", "compra de sweaters"),
        ("licencias software", "licencias urbanísticas"),
        ("suministro monitores", "monitores de tiempo libre"),
        ("server", "process server"),
    ],
)
def test_keywords_that_lie(it: str, not_it: str) -> None:
    assert one(title=it)["class"] in IT_CLASSES
    assert one(title=not_it)["class"] not in IT_CLASSES


@pytest.mark.parametrize(
    "spelling", ["پشتیبانی نرم‌افزار", "پشتيباني نرم افزار", "پشتیبانی  نرم‌افزار", "پشـتیبانی نرم\u00adافزار"]
)
def test_spellings_of_one_description_have_one_class(spelling: str) -> None:
    assert one(title=spelling)["rule"] == "fa.software.application"


@given(st.text(max_size=60))
def test_key_is_the_search_key(text: str) -> None:
    assert pl.DataFrame({"t": [text]}).select(key(pl.col("t")))["t"].to_list() == [search_key(text)]


@given(st.lists(st.text(max_size=30) | st.none(), max_size=20))
def test_every_line_has_one_verdict(titles: list[str | None]) -> None:
    lines = pl.DataFrame(
        {"line_no": range(len(titles)), "title": titles}, schema={"line_no": pl.Int64, "title": pl.String}
    )
    verdicts = classify(lines)
    assert verdicts["line_no"].to_list() == list(range(len(titles)))
    assert set(verdicts["class"]) <= set(CLASSES)
    assert verdicts.filter((pl.col("class") == "unknown") != (pl.col("method") == "none")).is_empty()
    assert verdicts["confidence"].is_between(0, 1).all()


# --- official codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cls", "mode"),
    [
        ("64100", "software", "change"),
        ("62601", "hardware", "change"),
        ("63601", "hardware", "change"),
        ("20600", "hardware", "run"),
        ("21600", "hardware", "run"),
        ("22002", "hardware", "run"),
        ("22200", "telecom_cloud", "run"),
        ("22203", "telecom_cloud", "run"),
        ("22201", "not_it", "unknown"),
        ("31000", "not_it", "unknown"),
        ("48901", "not_it", "unknown"),
        ("61922", "not_it", "unknown"),
        ("12000", "not_it", "unknown"),
    ],
)
def test_codes(code: str, cls: str, mode: str) -> None:
    verdict = one(MADRID, economic_code=code)
    assert (verdict["class"], verdict["mode"], verdict["method"]) == (cls, mode, "code")
    assert str(verdict["rule"]).startswith("es-local:")


def test_staff_are_it_only_in_the_it_organisation() -> None:
    assert one(MADRID, economic_code="12000", programme_code="49101")["class"] == "staff"
    assert one(MADRID, economic_code="12000", unit_code="501102")["class"] == "staff"
    assert one(MADRID, economic_code="12000", programme_code="16210", unit_code="001501")["class"] == "not_it"


def test_wording_refines_a_weak_code_and_not_a_strong_one() -> None:
    assert one(MADRID, economic_code="21600", title="MTO. LICENCIAS ORACLE")["class"] == "software"
    assert one(MADRID, economic_code="22201", title="Software de franqueo")["class"] == "not_it"
    assert one(MADRID, economic_code="48901", title="Subvención aplicaciones móviles")["class"] == "not_it"


def test_open_code_outside_the_it_organisation_needs_evidence() -> None:
    assert one(MADRID, economic_code="22706", programme_code="92001")["class"] == "unknown"
    assert one(MADRID, economic_code="22706", programme_code="49101")["class"] == "services"
    assert one(MADRID, economic_code="22799", programme_code="16210")["class"] == "not_it"
    assert (
        one(MADRID, economic_code="22799", programme_code="16210", title="Aplicaciones móviles")["class"]
        == "software"
    )


def test_codes_of_another_scheme_mean_nothing() -> None:
    assert one(Scope(), economic_code="64100")["class"] == "unknown"


def test_overheads_of_the_it_organisation_are_other_it_and_post_is_not() -> None:
    assert (
        one(MADRID, economic_code="22700", programme_code="49101", title="Limpieza sede")["class"]
        == "other_it"
    )
    assert one(MADRID, economic_code="22201", programme_code="49101")["class"] == "not_it"


# --- other evidence ---------------------------------------------------------------------------------------


def test_supplier_decides_only_where_nothing_else_does() -> None:
    assert one(supplier_name="VODAFONE LTD")["class"] == "telecom_cloud"
    assert one(supplier_name="VODAFONE LTD", title="Laptops")["class"] == "hardware"
    assert one(supplier_name="SUNSET CARE HOMES LIMITED")["class"] == "not_it"
    assert one(supplier_name="CARE SOFTWARE LTD")["class"] == "software"


def test_the_source_s_own_label_is_no_input() -> None:
    lines = pl.DataFrame([{"line_no": 0, "label": "ICT.SOFTWARE", "title": None}])
    assert classify(lines)["class"].to_list() == ["unknown"]


def test_nature_tells_the_mode_where_the_wording_does_not() -> None:
    assert one(title="نرم‌افزار", nature="capital")["mode"] == "change"
    assert one(title="نرم‌افزار", nature="current")["mode"] == "run"
    assert one(title="پشتیبانی نرم‌افزار", nature="capital")["mode"] == "run"


# --- rules as data ----------------------------------------------------------------------------------------


def test_every_rule_meets_its_own_phrases() -> None:
    """A rule whose every phrase is outdone by its own negative context, or by a surer rule, would never decide."""
    book = rulebook()
    phrases = [
        (index, field, pattern.strip())
        for index, rule in enumerate(book.rules)
        for field in rule.fields
        for pattern in rule.any
        if not rule.with_
    ]
    for field, column in (("title", "title"), ("economic", "economic"), ("supplier", "supplier_name")):
        mine = [(index, text) for index, of, text in phrases if of == field]
        lines = pl.DataFrame({"line_no": range(len(mine)), column: [text for _, text in mine]})
        decided = set(classify(lines)["rule"])
        silent = {book.rules[index].id for index, _ in mine} - decided
        assert silent == set()


@pytest.mark.parametrize(
    "table",
    [
        {"id": "x", "class": "hardwear", "confidence": 0.5, "any": ["a"]},
        {"id": "x", "class": "unknown", "confidence": 0.5, "any": ["a"]},
        {"id": "x", "class": "hardware", "confidence": 0.99, "any": ["a"]},
        {"id": "x", "class": "hardware", "confidence": 0.5, "any": []},
        {"id": "x", "class": "hardware", "confidence": 0.5, "any": ["…"]},
        {"id": "x", "class": "hardware", "confidence": 0.5, "any": ["a"], "mode": "walk"},
        {"id": "x", "class": "hardware", "confidence": 0.5, "any": ["a"], "fields": ["label"]},
        {"id": "x", "class": "hardware", "confidence": 0.5, "any": ["a"], "nearby": ["b"]},
    ],
)
def test_a_rule_that_does_not_hold_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(RulesError, match=r"rules_x\.toml: x"):
        _rule("rules_x.toml", table)


@pytest.mark.parametrize(
    "table",
    [
        {"prefix": "1", "class": "open", "confidence": 0.4},
        {"prefix": "1", "class": "hardware"},
        {"prefix": "1", "class": "open", "it_class": "staff"},
        {"prefix": "1", "class": "hardware", "confidence": 1.4},
    ],
)
def test_a_code_that_does_not_hold_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(RulesError, match="prefix '1'"):
        _code("codes_x.toml", table)


def test_version_follows_rules_and_scope() -> None:
    assert version(MADRID) == version(Scope("es-local", ("49101", "49102"), ("501",)))
    assert version(MADRID) != version(Scope("es-local", ("49101",), ("501",)))
    assert one(MADRID, title="x")["version"] == version(MADRID)


def test_taxonomy_is_defined_in_both_languages() -> None:
    definitions = rulebook().definitions
    assert set(definitions) == set(CLASSES)
    assert all(definition["fa"] and definition["en"] for definition in definitions.values())


# --- judgements -------------------------------------------------------------------------------------------


def test_the_latest_judgement_holds_and_earlier_ones_stay(tmp_path: Path) -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    judge(home=tmp_path, line_id="a", cls="software", mode="run", by="مینا", why="قرارداد را دیدم", at=late)
    judge(home=tmp_path, line_id="a", cls="hardware", mode="run", by="Reza", why="first look", at=early)
    judge(home=tmp_path, line_id="b", cls="not_it", mode="unknown", by="Reza", why="street works", at=early)
    assert judgements(tmp_path)["class"].to_list() == ["hardware", "not_it", "software"]
    holds = dict(latest(tmp_path).select("line_id", "class").iter_rows())
    assert holds == {"a": "software", "b": "not_it"}


def test_a_judgement_withdrawn_holds_no_longer_and_stays_on_record(tmp_path: Path) -> None:
    early, late = datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    judge(home=tmp_path, line_id="a", cls="software", mode="run", by="Mina", why="seen", at=early)
    append(tmp_path, [withdrawn(line_id="a", by="Reza", why="another line", at=late)])
    assert latest(tmp_path).is_empty()
    assert judgements(tmp_path)["class"].to_list() == ["software", None]
    judge(home=tmp_path, line_id="a", cls="staff", mode="run", by="Mina", why="seen again")
    assert latest(tmp_path)["class"].to_list() == ["staff"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cls": "hard"},
        {"mode": "walk"},
        {"by": " "},
        {"why": ""},
        {"line_id": ""},
        {"at": datetime(2026, 1, 1)},
    ],
)
def test_a_judgement_that_cannot_stand_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"line_id": "a", "cls": "software", "mode": "run", "by": "Mina", "why": "seen"}
    with pytest.raises(JudgementError):
        judge(home=tmp_path, **{**good, **wrong})  # type: ignore[arg-type]
    assert judgements(tmp_path).is_empty()


def test_a_torn_last_line_is_no_judgement_and_the_next_one_is_whole(tmp_path: Path) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    judge(home=tmp_path, line_id="a", cls="software", mode="run", by="Mina", why="seen", at=at)
    path = tmp_path / "ledger" / "judgements" / "2026-01.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"line_id": "b", "cla')
    assert judgements(tmp_path).height == 1
    judge(home=tmp_path, line_id="c", cls="staff", mode="run", by="Mina", why="seen", at=at)
    assert path.read_bytes().startswith(whole)
    assert judgements(tmp_path)["line_id"].to_list() == ["a", "c"]


def test_a_damaged_record_is_said_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "ledger" / "judgements"
    folder.mkdir(parents=True)
    (folder / "2026-01.jsonl").write_text('{"line_id": "a"}\n', "utf-8")
    with pytest.raises(JudgementError, match=r"2026-01\.jsonl, line 1"):
        judgements(tmp_path)


# --- the report -------------------------------------------------------------------------------------------


def lines_for_report() -> pl.DataFrame:
    rows = [
        ("hardware", "rule", 600, "laptops", "ICT.HARDWARE", "paid"),
        ("software", "rule", 300, "licences", "ICT.HARDWARE", "paid"),
        ("unknown", "none", 50, "sundry", "ICT.SOFTWARE", "paid"),
        ("unknown", "none", -50, "sundry", "", "paid"),
        ("unknown", "none", 80, "other", "CATERING.FOOD", "paid"),
        ("not_it", "code", 10**15, "debt", None, "final"),
    ]
    return pl.DataFrame(
        [
            {
                "currency": "GBP",
                "stage": stage,
                "class": cls,
                "class_method": method,
                "amount": amount,
                "title_key": title,
                "title": title,
                "economic": None,
                "source": "northtyneside.payments",
                "label": label,
                "flow": "expense",
            }
            for cls, method, amount, title, label, stage in rows
        ]
    )


def test_report_by_class_method_unknowns_and_confusion() -> None:
    final, paid = report(lines_for_report())
    assert (final.stage, final.amount, paid.stage, paid.amount) == ("final", 10**15, "paid", 1080)
    assert [(share.key, share.rows, share.amount) for share in paid.by_class] == [
        ("hardware", 1, 600),
        ("software", 1, 300),
        ("unknown", 3, 180),
    ]
    assert sum(share.amount_share for share in paid.by_class) == pytest.approx(1)
    assert [(share.key, share.rows) for share in paid.by_method] == [("rule", 2), ("none", 3)]
    assert [(one.title_key, one.rows, one.amount) for one in paid.unknowns] == [
        ("sundry", 2, 100),
        ("other", 1, 80),
    ]
    (confusion,) = paid.confusions
    assert confusion.rows == 4
    assert ("hardware", "software", 1, 300) in confusion.cells
    assert ("not_it", "unknown", 1, 80) in confusion.cells
    assert confusion.recall["hardware"] == 0.5
    assert confusion.precision["hardware"] == 1.0
    assert confusion.recall["staff"] is None
    json.dumps(paid.as_dict())


def test_books_are_never_added_together() -> None:
    lines = lines_for_report().head(1)
    both = pl.concat([lines.with_columns(pl.lit(book).alias("book")) for book in ("budget", "payments")])
    assert [(one.book, one.stage, one.amount) for one in report(both)] == [
        ("budget", "paid", 600),
        ("payments", "paid", 600),
    ]


def test_report_of_nothing_is_empty() -> None:
    assert report(lines_for_report().clear()) == []
