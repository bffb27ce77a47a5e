"""What comes first: time runs forward, stages in their order, and no drawing is dwarfed by what is not its matter."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from test_figures import content, shown, table
from town import STAGES, Town, write_release

from rasad.web.portal.views.data import amounts_tables


def drawing(client: Client, path: str) -> dict[str, Any]:
    """Return what the explorer's chart draws."""
    text = client.get(path).content.decode()
    found = re.search(r'<script id="groups-chart-data" type="application/json">(.*?)</script>', text)
    assert found is not None
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("by", ["month", "fiscal_year"])
def test_time_runs_forward_unless_asked_otherwise(client: Client, by: str) -> None:
    path = f"by={by}&year=all" if by == "fiscal_year" else "by=month&year=1402"
    keys = [row["key"] for row in table(client, f"/en/money.csv?{path}")]
    assert len(keys) > 2
    assert keys == sorted(keys)
    amounts = shown(client, f"/fa/money/?{path}", "groups")
    assert amounts == [int(row["amount"]) for row in table(client, f"/en/money.csv?{path}")]
    largest = shown(client, f"/fa/money/?{path}&order=-amount", "groups")
    assert largest == sorted(amounts, reverse=True)


def test_stages_stand_in_the_order_of_the_money_s_life(client: Client) -> None:
    keys = [row["key"] for row in table(client, "/en/money.csv?by=stage&year=1403&book=budget")]
    assert keys == [stage for stage in STAGES if stage in keys]
    assert len(keys) == len(STAGES)
    backwards = table(client, "/en/money.csv?by=stage&year=1403&book=budget&order=-key")
    assert [row["key"] for row in backwards] == keys[::-1]


def test_months_are_drawn_as_time_with_what_was_paid_back(client: Client, town: Town) -> None:
    data = drawing(client, "/en/money/?by=month&year=1402")
    assert data["kind"] == "stacked"
    months = {row["date"].strftime("%Y-%m") for row in town.paid(1402)}
    assert len(data["categories"]) >= len(months) - 1
    assert len(data["series"]) == 1
    assert len(data["series"][0]["values"]) == len(data["categories"])


def test_a_drawing_of_classes_leaves_out_what_would_dwarf_them(
    portal: Client, settings: Any, releases: Any
) -> None:
    write_release(releases, classes=("hardware", "software", "not_it", "not_it", "not_it", "not_it"))
    settings.RASAD_RELEASES = str(releases)
    address = "/en/money/?by=class&year=1403"
    rows = {row["key"]: int(row["amount"]) for row in table(portal, address.replace("money/", "money.csv"))}
    assert rows["not_it"] > sum(rows.values()) / 2
    assert {item["cls"] for item in drawing(portal, address)["items"]} == {"hardware", "software"}
    assert "without what is not IT" in portal.get(address).content.decode()
    # Where it is asked for by itself nothing is left out of the table, and with less of it nothing of the drawing.
    assert shown(portal, address, "groups") == sorted(rows.values(), reverse=True)


def test_a_drawing_of_classes_keeps_what_does_not_dwarf_them(client: Client) -> None:
    rows = {row["key"]: int(row["amount"]) for row in table(client, "/en/money.csv?by=class&year=1403")}
    assert 0 < rows["not_it"] < sum(rows.values()) / 2
    items = drawing(client, "/en/money/?by=class&year=1403")["items"]
    assert {item["cls"] for item in items} == {key for key, amount in rows.items() if amount > 0}


def test_what_stands_is_told_apart_from_what_was_quarantined(client: Client) -> None:
    text = content(client.get("/en/data/")).decode()
    rejected = text[text.index('id="reasons"') :]
    standing = rejected[rejected.index('id="standing"') :]
    rejected = rejected[: rejected.index('id="standing"')]
    assert "no date of the calendar" in rejected
    assert "the parts come to more than their parent" not in rejected
    assert "the parts come to more than their parent" in standing


def test_expected_values_are_written_as_the_reader_reads(client: Client) -> None:
    text = content(client.get("/fa/data/problems/")).decode()
    assert "۱۴۰۳/۰۱/۳۱" in text
    assert "۱۶۳٬۹۷۴٬۰۰۰٬۰۰۰" in text
    assert "تاریخی مانند ۱۴۰۳/۰" in text or "روزی که این ماه داشته باشد" in text
    assert "tree_code" not in text
    assert "کد درخت بودجه" in text


def test_totals_of_a_file_follow_the_money_s_life_and_a_contract_is_called_so() -> None:
    row = {
        "batch": "b",
        "table": "line",
        "file_name": "b.csv",
        "column": "c",
        "currency": "IRR",
        "unreadable_cells": 0,
    }
    row |= {f"amount_{name}": 1 for name in ("in", "stored", "set_aside", "quarantined", "remainder")}
    rows = [row | {"stage": stage} for stage in ("committed", "final", "initial")]
    with translation.override("fa"):
        [found] = amounts_tables([*rows, row | {"batch": "c", "table": "contract", "stage": "contract"}])
        assert [one["under"].split(" · ")[0] for one in found.rows] == [
            "بودجهٔ مصوب",
            "بودجهٔ نهایی",
            "تعهدشده",
            "قرارداد",
        ]


def test_the_data_page_says_what_the_source_has_besides(portal: Client, settings: Any, releases: Any) -> None:
    left = [{"files": ["old/*.csv"], "why_fa": "سال‌های پیش", "why_en": "earlier years"}]
    write_release(releases, left=left)
    settings.RASAD_RELEASES = str(releases)
    for lang, why in (("fa", "سال‌های پیش"), ("en", "earlier years")):
        text = content(portal.get(f"/{lang}/data/")).decode()
        assert "old/*.csv" in text
        assert why in text
