"""The allocation of lines: exact amounts, rules that mean what they say, people before rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import allocation_strategies as some
import polars as pl
import pytest
from allocation_reference import first
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.ledger.allocate import ALLOCATED, Conditions, Judged, Part, Rule, RuleError, allocate
from rasad.persian.apportion import apportion

LINES = st.lists(some.LINE, min_size=1, max_size=20)


def rows_of(table: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        found.setdefault(row["line_id"], []).append(row)
    return found


@settings(max_examples=40)
@given(LINES, some.rules(), st.data())
def test_the_parts_of_a_line_are_its_amount(
    lines: list[dict[str, Any]], rules: list[Rule], data: st.DataObject
) -> None:
    table = some.frame(lines)
    judged = [
        Judged("line", line_id, data.draw(some.parts(empty=True)), "2026-01-01")
        for line_id in data.draw(st.lists(st.sampled_from(table["line_id"].to_list()), unique=True))
    ]
    result = allocate(table, rules, judged)
    assert result.schema == ALLOCATED
    assert result["line_id"].unique(maintain_order=True).to_list() == table["line_id"].to_list()
    amounts = dict(table.select("line_id", "amount").iter_rows())
    for line_id, rows in rows_of(result).items():
        assert sum(row["amount"] for row in rows) == amounts[line_id]
        assert sum(row["share_bp"] for row in rows) == 10_000
        assert [row["part"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["project"] for row in rows[:-1]].count(None) == 0
        whole, shares = amounts[line_id], [row["share_bp"] for row in rows]
        sign = -1 if whole < 0 else 1
        assert [row["amount"] for row in rows] == [sign * part for part in apportion(abs(whole), shares)]


@settings(max_examples=40)
@given(some.AMOUNTS, some.parts())
def test_a_payment_and_its_reversal_cancel_in_every_part(amount: int, parts: tuple[Part, ...]) -> None:
    line = {"contract_no": "1", "amount": amount}
    table = some.frame([line, {**line, "amount": -amount}])
    result = allocate(table, judged=[Judged("contract", "1", parts, "2026-01-01")])
    assert result.group_by("part").agg(pl.col("amount").sum())["amount"].to_list() == [0] * (
        result.height // 2
    )


@settings(max_examples=60)
@given(LINES, some.rules(8))
def test_a_line_goes_by_the_first_rule_that_it_meets(lines: list[dict[str, Any]], rules: list[Rule]) -> None:
    result = rows_of(allocate(some.frame(lines), rules))
    for line, rows in zip(lines, result.values(), strict=True):
        expected = first(rules, line)
        assert {row["rule"] for row in rows} == {expected}
        assert {row["method"] for row in rows} == {"rule" if expected else "none"}


def test_more_rules_than_bits_in_a_word() -> None:
    rules = [
        Rule(f"r{n:03}", 2, n, Conditions(economics=(f"{n}",)), (Part("p", 10_000),)) for n in range(150)
    ]
    lines = [{"economic_code": str(n), "amount": n} for n in (0, 63, 64, 65, 127, 128, 149, 150)]
    result = allocate(some.frame(lines), rules)
    assert result["rule"].to_list() == ["r000", "r063", "r064", "r065", "r127", "r128", "r149", None]
    assert result["rule_version"].to_list() == [2] * 7 + [None]


def line(**values: Any) -> dict[str, Any]:
    return {"amount": 100, "contract_no": "c1", "unit_code": "501", **values}


RULE = Rule("by-unit", 3, 1, Conditions(units=("501",)), (Part("from-rule", 10_000),))


def test_people_come_before_rules_and_the_line_before_its_contract() -> None:
    table = some.frame([line(), line(), line(contract_no=None), line(contract_no=None, unit_code="7")])
    ids = table["line_id"].to_list()
    judged = [
        Judged("contract", "c1", (Part("from-contract", 10_000),), "2026-01-03"),
        Judged("line", ids[0], (Part("from-line", 4_000),), "2026-01-01"),
    ]
    result = allocate(table, [RULE], judged).rows(named=True)
    assert [(r["line_id"], r["project"], r["amount"], r["method"], r["rule"]) for r in result] == [
        (ids[0], "from-line", 40, "person", None),
        (ids[0], None, 60, "person", None),
        (ids[1], "from-contract", 100, "person", None),
        (ids[2], "from-rule", 100, "rule", "by-unit"),
        (ids[3], None, 100, "none", None),
    ]


def test_judged_to_be_for_no_project_holds_against_a_rule() -> None:
    table = some.frame([line()])
    judged = [Judged("line", table["line_id"][0], (), "2026-01-01")]
    assert allocate(table, [RULE], judged).rows(named=True) == [
        {
            "line_id": table["line_id"][0],
            "part": 1,
            "project": None,
            "share_bp": 10_000,
            "amount": 100,
            "method": "person",
            "rule": None,
            "rule_version": None,
        }
    ]


def test_of_two_judgements_the_later_holds() -> None:
    table = some.frame([line()])
    early, late = (
        Judged("line", table["line_id"][0], (Part(name, 10_000),), at)
        for name, at in (("early", "2026-01-01T08:00:00+00:00"), ("late", "2026-01-01T09:00:00+00:00"))
    )
    for order in ([early, late], [late, early]):
        assert allocate(table, [], order)["project"].to_list() == ["late"]


def test_a_word_is_a_whole_word() -> None:
    """«سرور» is in the street name «مسرور»."""
    rules = [Rule("server", 1, 1, Conditions(title_any=("سرور",)), (Part("p", 10_000),))]
    table = some.frame([line(title_key="خرید سرور"), line(title_key="خیابان مسرور")])
    assert allocate(table, rules)["project"].to_list() == ["p", None]


@given(some.conditions())
def test_conditions_read_back_the_same(conditions: Conditions) -> None:
    assert Conditions.from_json(conditions.as_json()) == conditions


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"unit": ["1"]}, "unknown_field", "unit"),
        ({"units": "501"}, "not_a_list", "units"),
        ({"units": [501]}, "not_a_text", "units"),
        ({"units": ["*"]}, "no_word", "units"),
        ({"title_any": ["!!"]}, "no_word", "title_any"),
        ({"date_from": "1402-01-01x"}, "not_a_date", "date_from"),
        ({"year_from": "1402"}, "not_a_number", "year_from"),
        ({"amount_min": True}, "not_a_number", "amount_min"),
        ({"amount_min": -1}, "not_a_number", "amount_min"),
        ({"year_from": 1403, "year_until": 1402}, "reversed", "year_until"),
        ({"classes": ["hardwear"]}, "unknown_value", "classes"),
    ],
)
def test_conditions_that_cannot_stand_say_why(data: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(RuleError) as told:
        Conditions.from_json(data)
    assert (told.value.code, told.value.field) == (code, field)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((Part("a", 6_000), Part("b", 4_001)), "share_sum"),
        ((Part("a", 1), Part("a", 2)), "project_twice"),
        ((Part("a", 0),), "share_range"),
        ((Part(" ", 5),), "no_project"),
        ((), "no_project"),
    ],
)
def test_shares_that_cannot_stand_say_why(parts: tuple[Part, ...], code: str) -> None:
    with pytest.raises(RuleError) as told:
        Rule("r", 1, 1, Conditions(year_from=1400), parts)
    assert told.value.code == code


def test_a_rule_that_asks_nothing_is_refused() -> None:
    with pytest.raises(RuleError) as told:
        Rule("r", 1, 1, Conditions.from_json({"units": [], "date_from": None}), (Part("a", 1),))
    assert told.value.code == "no_condition"
    assert Conditions(date_from=date(2021, 1, 1)).is_empty is False
