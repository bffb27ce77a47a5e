"""Two versions of the same lines: every line is in exactly one place, and the sums reconcile to the rial."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rasad.ledger.clean import POLARS_TYPES
from rasad.ledger.compare import Comparison, compare, contents
from rasad.ledger.schema import LINE

SCHEMA = {column.name: POLARS_TYPES[column.type] for column in LINE.columns}
Row = dict[str, Any]

row = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["خرید", "فروش", None]),
        "document_no": st.sampled_from(["1", "2", "3", None]),
        "stage": st.sampled_from(["paid", "final"]),
        "amount": st.one_of(st.integers(-3, 3), st.sampled_from([-(10**18), 10**18])),
        "date": st.sampled_from([date(2024, 5, 1), date(2024, 5, 2)]),
    }
)


def lines(rows: list[Row], file: str = "old", first: int = 2) -> pl.DataFrame:
    """Rows of a file as lines of the ledger."""
    whole = [
        {
            "line_id": f"{file}-1-{number}-{one.get('stage', 'paid')}",
            "line_no": number,
            "batch": file,
            "source": "karaj.payments",
            "file_name": f"{file}.csv",
            "file_hash": file,
            "sheet": "",
            "row": number,
            "origin": "row",
            "book": "payments",
            "flow": "expense",
            "stage": "paid",
            "fiscal_year": 1403,
            "currency": "IRR",
            "title_raw": f"{one.get('title')} {file}",
            **one,
        }
        for number, one in enumerate(rows, first)
    ]
    return pl.DataFrame(whole, schema=SCHEMA)


def said(frame: pl.DataFrame) -> Counter[tuple[Any, ...]]:
    return Counter(frame.select(contents(frame.columns)).iter_rows())


def partitions(found: Comparison) -> None:
    """Every line of either version is in exactly one part, and the sums of each amount column reconcile."""
    old = [*found.same["line_id"], *found.changed["line_id"], *found.gone["line_id"]]
    new = [*found.same["line_id_new"], *found.changed["line_id_new"], *found.added["line_id"]]
    assert Counter(old) == Counter(found.old["line_id"])
    assert Counter(new) == Counter(found.new["line_id"])
    for one in found.amounts:
        at = pl.col("stage") == one.stage
        assert one.old + one.added + one.changed - one.gone == one.new
        assert one.old == sum(found.old.filter(at)["amount"])
        assert one.new == sum(found.new.filter(at)["amount"])
    assert {one.stage for one in found.amounts} == {*found.old["stage"], *found.new["stage"]}


@given(old=st.lists(row, max_size=12), new=st.lists(row, max_size=12))
def test_without_a_key_lines_are_a_multiset(old: list[Row], new: list[Row]) -> None:
    before, after = lines(old), lines(new, "new")
    found = compare(before, after)
    partitions(found)
    assert found.changed.height == 0
    assert found.same.height == (said(before) & said(after)).total()
    assert found.gone.height == (said(before) - said(after)).total()
    assert found.added.height == (said(after) - said(before)).total()


@given(old=st.lists(row, max_size=12), new=st.lists(row, max_size=12))
def test_with_a_key_what_is_left_of_one_key_has_changed(old: list[Row], new: list[Row]) -> None:
    before, after = lines(old), lines(new, "new")
    found = compare(before, after, ("document_no",))
    partitions(found)
    assert found.same.height == (said(before) & said(after)).total()
    rest, come = said(before) - said(after), said(after) - said(before)
    names = contents(SCHEMA)
    spots = [names.index(name) for name in ("document_no", "stage")]

    def keyed(some: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
        keys: Counter[tuple[Any, ...]] = Counter()
        for one, count in some.items():
            if one[spots[0]] is not None:
                keys[tuple(one[spot] for spot in spots)] += count
        return keys

    assert found.changed.height == (keyed(rest) & keyed(come)).total()
    gone = dict(zip(before["line_id"], before.select("document_no", "stage").rows(), strict=True))
    come_ids = dict(zip(after["line_id"], after.select("document_no", "stage").rows(), strict=True))
    for one, other in found.changed.select("line_id", "line_id_new").iter_rows():
        assert gone[one] == come_ids[other]


@given(rows=st.lists(row, max_size=12), shift=st.integers(0, 3))
def test_a_file_against_itself_is_the_same_and_only_moved(rows: list[Row], shift: int) -> None:
    found = compare(lines(rows), lines(rows, "new", first=2 + shift), ("document_no",))
    assert not found.differs
    assert found.counts["same"] == len(rows)
    assert found.counts["moved"] == (len(rows) if shift else 0)


def test_how_a_text_is_spelled_in_the_file_is_no_change() -> None:
    old = lines(
        [
            {
                "amount": 5,
                "title": "خرید",
                "title_raw": "خريد",
                "supplier_id_raw": "۱۰",
                "extra": '{"ردیف":"1"}',
            }
        ]
    )
    new = lines(
        [
            {
                "amount": 5,
                "title": "خرید",
                "title_raw": "خرید ",
                "supplier_id_raw": "10",
                "extra": '{"ردیف":"2"}',
            }
        ],
        "new",
    )
    assert not compare(old, new).differs


def test_the_largest_stand_first_with_what_changed() -> None:
    day = date(2024, 5, 1)
    old = lines(
        [
            {"document_no": "1", "amount": 10, "date": day, "title": "الف"},
            {"document_no": "2", "amount": 500, "date": day, "title": "ب"},
            {"document_no": "3", "amount": -7, "date": day, "title": "پ"},
            {"document_no": "4", "amount": 70, "date": day, "title": "ت"},
        ]
    )
    new = lines(
        [
            {"document_no": "1", "amount": 10, "date": day + timedelta(days=1), "title": "الف"},
            {"document_no": "2", "amount": 400, "date": day, "title": "ب"},
            {"document_no": "9", "amount": 1, "date": day, "title": "ث"},
        ],
        "new",
    )
    found = compare(old, new, ("document_no",))
    changed = found.largest("changed", 5)
    assert [(one["document_no"], one["amount"], one["new"]["amount"]) for one in changed] == [
        ("2", 500, 400),
        ("1", 10, 10),
    ]
    assert [one["columns"] for one in changed] == [["amount"], ["date"]]
    assert [one["amount"] for one in found.largest("gone", 5)] == [70, -7]
    assert [one["amount"] for one in found.largest("gone", 1)] == [70]
    [paid] = found.amounts
    assert (paid.old, paid.added, paid.changed, paid.gone, paid.new) == (573, 1, -100, 63, 411)
