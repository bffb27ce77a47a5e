"""The reader answers what a plain loop over the release's own CSV answers."""

from __future__ import annotations

import csv
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.persian.text import search_key
from rasad.release.reader import IT_CLASSES, Filters, Release, cubes, open_release, rules_used, words
from rasad.release.reader.examples import largest_lines
from rasad.release.reader.months import Period
from rasad.release.reader.periods import ORDERS, compare
from rasad.release.reader.store import Store

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def rows(releases: Path) -> Rows:
    with (releases / "0001" / "data" / "line.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def release(releases: Path) -> Iterator[Release]:
    opened = open_release(releases / "0001")
    yield opened
    opened.close()


def naive(rows: Rows, filters: Filters, book: str) -> Rows:
    """Return the rows that filters mean, by a plain loop."""
    wanted = {
        "fiscal_year": str(filters.year) if filters.year else None,
        "stage": filters.stage,
        "flow": filters.flow,
        "book": book,
        "class": filters.cls,
        "mode": filters.mode,
        "unit_code": filters.unit,
        "supplier": filters.supplier,
    }
    wanted = {name: value for name, value in wanted.items() if value is not None}
    words = [f" {word}" for word in search_key(filters.q or "").split()]
    return [
        row
        for row in rows
        if all(row[name] == value for name, value in wanted.items())
        and (not filters.it_only or row["class"] in IT_CLASSES)
        and all(word in f" {row['title_key']}" for word in words)
    ]


FILTERS = st.builds(
    Filters,
    year=st.sampled_from([None, 1399, 1402, 1403]),
    stage=st.sampled_from(["paid", "final", "initial"]),
    cls=st.sampled_from([None, None, "hardware", "not_it"]),
    mode=st.sampled_from([None, None, "run", "change"]),
    unit=st.sampled_from([None, None, "309", "101"]),
    # A word, the beginning of one, two of which one begins the other, the same twice, a digit.
    q=st.sampled_from([None, None, "خريد", "سر", "خر خريد", "سرور خرید", "سرور سرور", "۱", "نیست"]),
    it_only=st.booleans(),
)
COLUMN = {
    "class": "class",
    "mode": "mode",
    "unit": "unit_code",
    "fiscal_year": "fiscal_year",
    "supplier": "supplier",
}


@settings(max_examples=20, deadline=None)
@given(filters=FILTERS, by=st.sampled_from(sorted(COLUMN)))
def test_groups_are_those_of_a_plain_loop(release: Release, rows: Rows, filters: Filters, by: str) -> None:
    assert filters.stage is not None
    meant = naive(rows, filters, release.book(filters.stage, year=filters.year))
    amounts: dict[str, int] = defaultdict(int)
    lines: dict[str, int] = defaultdict(int)
    for row in meant:
        amounts[row[COLUMN[by]]] += int(row["amount"])
        lines[row[COLUMN[by]]] += 1
    found = release.breakdown(by, filters, limit=100_000)
    assert {row.key: (row.amount, row.lines) for row in found.rows} == {
        k: (amounts[k], lines[k]) for k in amounts
    }
    assert (found.total_amount, found.total_lines, found.groups) == (
        sum(amounts.values()),
        len(meant),
        len(amounts),
    )
    assert [row.amount for row in found.rows] == sorted(amounts.values(), reverse=True)
    assert [r.key for r in release.iter_breakdown(by, filters)] == [r.key for r in found.rows]


def test_lines_are_uncapped_and_whole(release: Release, rows: Rows) -> None:
    filters = Filters(year=1403, stage="paid")
    meant = naive(rows, filters, "payments")
    streamed = list(release.iter_lines(filters))
    assert len(streamed) == len(meant) > 10_000
    assert {line["line_id"] for line in streamed} == {row["line_id"] for row in meant}
    page = release.lines(filters, limit=7, offset=14)
    assert [line["line_id"] for line in page] == [line["line_id"] for line in streamed[14:21]]


def test_stages_are_never_added(release: Release) -> None:
    with pytest.raises(ValueError, match="stage"):
        release.breakdown("class", Filters(year=1403))
    by_stage = release.breakdown("stage", Filters(year=1403))
    assert by_stage.total_amount is None
    assert all(row.share is None for row in by_stage.rows)


def test_books_are_never_added(release: Release) -> None:
    """The budget's report and the payments ledger both state what was paid."""
    filters = Filters(year=1403, stage="paid")
    told = {book: release.total(replace(filters, book=book))[0] for book in ("budget", "payments")}
    assert min(told.values()) > 0
    assert release.total(filters)[0] == told["payments"]
    side_by_side = release.stages("class", Filters(year=1403), limit=0)
    assert sum(row.amounts.get("paid", 0) for row in side_by_side) == told["budget"]


@pytest.mark.parametrize("typed", ["خرید", "خريد", "ﺧﺮﯾﺪ", "خـــرید", "خَرید"])
def test_search_finds_a_word_however_it_is_typed(release: Release, rows: Rows, typed: str) -> None:
    meant = [row for row in rows if " خرید" in f" {row['title_key']}"]
    found = release.search(typed, limit=20)
    assert (found.count, found.more) == (len(meant), False)
    assert [hit.amount for hit in found.hits] == sorted(
        (int(row["amount"]) for row in meant), key=abs, reverse=True
    )[:20]


def test_search_finds_a_supplier_by_any_spelling_of_its_name(release: Release, rows: Rows) -> None:
    spellings: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["supplier_name"] and row["class"] == "hardware":
            spellings[row["supplier"]].add(row["supplier_name"])
    supplier, names = max(spellings.items(), key=lambda item: len(item[1]))
    assert len(names) > 1
    for name in names:
        found = release.search(search_key(name)[:-1], kind="supplier", limit=50)
        assert found.count >= len(found.hits) > 0
        assert supplier in {hit.key for hit in found.hits}


def _as_typed(word: str, how: int) -> str:
    """Return a word of a key as somebody may type it: with Arabic letters and Persian digits, a zero-width non-joiner or marks at its end."""
    arabic = str.maketrans({"ی": "ي", "ک": "ك", **{str(digit): "۰۱۲۳۴۵۶۷۸۹"[digit] for digit in range(10)}})
    return (word, word.translate(arabic), f"{word}\u200c", f" {word}\u064e،")[how]


def _typed(data: st.DataObject, words: list[str]) -> str:
    """Return one to four words and beginnings of words, down to one letter; they may stand in no description together."""
    found = []
    for _ in range(data.draw(st.integers(1, 4))):
        word = data.draw(st.sampled_from(words))
        begun = word[: data.draw(st.integers(1, len(word)))]
        found.append(_as_typed(begun, data.draw(st.integers(0, 3))))
    return " ".join(found)


@pytest.fixture(scope="module")
def titles(release: Release) -> dict[int, str]:
    """Number of a description in the index → its key."""
    return dict(release.rows("select id, key from title"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_descriptions_with_words_are_those_of_a_scan(
    release: Release, titles: dict[int, str], data: st.DataObject
) -> None:
    q = _typed(
        data,
        sorted({word for key in [*titles.values()][::400] for word in key.split()} | {"1", "20", "نیست"}),
    )
    filters = Filters(q=q)
    bits = filters.sought.once(release._store._having)
    found = set(words.numbers_of(bits, len(titles)))
    few = release._store.few(filters)
    assert few is None or set(few) == found
    begun = [f" {word}" for word in search_key(q).split()]
    assert found == {number for number, key in titles.items() if all(word in f" {key}" for word in begun)}


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_money_of_words_is_that_of_a_plain_loop(
    release: Release, rows: Rows, titles: dict[int, str], data: st.DataObject
) -> None:
    filters = Filters(
        stage="paid",
        q=_typed(data, titles[1].split()),
        year=data.draw(st.sampled_from([None, 1403])),
        unit=data.draw(st.sampled_from([None, "309"])),
        it_only=data.draw(st.booleans()),
    )
    meant = naive(rows, filters, release.book("paid", year=filters.year))
    assert release.total(filters) == (sum(int(row["amount"]) for row in meant), len(meant))
    amounts = [int(row["amount"]) for row in meant]
    for order in ("-amount", "amount"):
        page = [line["amount"] for line in release.lines(filters, order=order, limit=30, offset=5)]
        assert page == sorted(amounts, reverse=order == "-amount")[5:35]


def test_frequent_words_are_answered_as_rare_ones_are(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an index has of them beforehand changes no answer."""
    known = [
        row[0] for row in release._store.light("select prefix from frequent order by titles is null, prefix")
    ]
    assert len(known) > 10
    asked = [*known[:3], known[-1], f"{known[0]} {known[1]}"]

    def answers() -> list[Any]:
        filters = [Filters(stage="paid", q=q) for q in asked]
        return [
            *(release.search(q, limit=limit, offset=7) for q in asked for limit in (30, 3000)),
            *(release.breakdown(by, one) for one in filters for by in ("class", "fiscal_year", "unit")),
            *(release.lines(one, limit=5) for one in filters),
            *(release.total(replace(one, flow="revenue")) for one in filters),
        ]

    beforehand = answers()
    monkeypatch.setattr(Store, "frequent_titles", lambda *_: None)
    monkeypatch.setattr(Store, "frequent_sums", lambda *_: None)
    monkeypatch.setattr("rasad.release.reader.words._frequent", lambda *_: None)
    assert answers() == beforehand


def test_what_was_found_of_words_is_of_one_query_alone(release: Release, rows: Rows) -> None:
    """A thread sums the lines of one query after another: the same words under other filters, and other words, are summed anew."""
    one = Filters(stage="paid", year=1403, q="خرید")
    for filters in (
        one,
        replace(one, unit="309"),
        replace(one, q="سرور"),
        one,
        replace(one, stage="final", book="budget"),
        Filters(stage="paid", year=1403, q="خريد"),
    ):
        meant = naive(rows, filters, release.settled(filters).book or "")
        assert release.total(filters)[1] == len(meant)
        assert release.breakdown("unit", filters, limit=0).total_lines == len(meant)


def test_nothing_typed_finds_nothing(release: Release) -> None:
    assert release.search(" \u200c ").hits == []
    assert release.search('"*" OR title:').count == 0


def test_a_line_and_its_siblings(release: Release, rows: Rows) -> None:
    budget = next(row for row in rows if row["book"] == "budget" and row["stage"] == "final")
    line = release.line(budget["line_id"])
    assert line is not None
    assert line["amount"] == int(budget["amount"])
    family = release.siblings(line)
    assert {one["line_id"] for one in family} == {
        row["line_id"]
        for row in rows
        if (row["batch"], row["sheet"], row["row"]) == (budget["batch"], budget["sheet"], budget["row"])
    }
    assert release.line("no such line") is None


def test_many_threads_read_at_once(release: Release) -> None:
    expected = release.total(Filters(year=1403, stage="paid"))
    answers: list[Any] = []

    def ask() -> None:
        for _ in range(10):
            answers.append(release.total(Filters(year=1403, stage="paid")))
            answers.append(expected if release.search("خرید").count else None)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 120


@settings(max_examples=15, deadline=None)
@given(
    filters=FILTERS,
    order=st.sampled_from(["-amount", "amount", "-date", "date"]),
    offset=st.integers(0, 20_000),
    limit=st.integers(1, 60),
)
def test_a_page_of_lines_is_a_stretch_of_all_of_them(
    release: Release, rows: Rows, filters: Filters, order: str, offset: int, limit: int
) -> None:
    """However deep a page lies, in every order."""
    assert filters.stage is not None
    meant = naive(rows, filters, release.book(filters.stage, year=filters.year))
    every = [line["line_id"] for line in release.iter_lines(filters, order=order)]
    assert sorted(every) == sorted(row["line_id"] for row in meant)
    by_id = {row["line_id"]: row for row in meant}
    if "date" in order:
        dates = [by_id[line]["date"] for line in every]
        known = [day for day in dates if day]
        assert known == sorted(known, reverse=order == "-date")
        assert dates[len(known) :] == [""] * (len(dates) - len(known))
    else:
        amounts = [int(by_id[line]["amount"]) for line in every]
        assert amounts == sorted(amounts, reverse=order == "-amount")
    for start in {offset, max(0, len(every) - limit // 2), 0}:
        page = release.lines(filters, order=order, limit=limit, offset=start)
        assert [line["line_id"] for line in page] == every[start : start + limit]
        assert all(line["title"] == (by_id[line["line_id"]]["title"] or None) for line in page)


def test_hits_are_paged_without_gap_or_repetition(release: Release, rows: Rows) -> None:
    meant = {row["line_id"] for row in rows if " خرید" in f" {row['title_key']}"}
    found: list[str] = []
    while len(found) < len(meant):
        page = [hit.key for hit in release.search("خرید", limit=500, offset=len(found)).hits]
        assert page
        found += page
    assert len(found) == len(meant)
    assert set(found) == meant


def test_a_search_that_finds_very_much_says_more_than(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = release.search("خرید")
    monkeypatch.setattr("rasad.release.reader.search.COUNTED", 5)
    capped = release.search("خرید")
    assert capped.more
    assert 0 < capped.count < whole.count
    assert [hit.key for hit in capped.hits] == [hit.key for hit in whole.hits]
    suppliers = release.search("ش", kind="supplier")
    assert (suppliers.count, suppliers.more) == (5, True)


@pytest.mark.parametrize("stage", ["paid", "final"])
def test_years_side_by_side_are_those_of_each_year(release: Release, stage: str) -> None:
    for by in ("class", "unit"):
        every = release.breakdown_by_year(by, Filters(stage=stage, it_only=True))
        assert every
        for year, found in every.items():
            assert found == release.breakdown(
                by, Filters(year=year, stage=stage, it_only=True), limit=100_000
            )
    with pytest.raises(ValueError, match="stage"):
        release.breakdown_by_year("class", Filters())


@pytest.mark.parametrize("year", [None, 1403])
def test_both_engines_answer_alike(
    release: Release, monkeypatch: pytest.MonkeyPatch, year: int | None
) -> None:
    """Small cubes are asked in SQLite and large ones in DuckDB: which it is changes no figure and no order."""
    filters = Filters(year=year, stage="paid")
    somebody = next(row.key for row in release.breakdown("supplier", filters).rows if row.key)

    def answers() -> list[Any]:
        found: list[Any] = []
        for by in ("class", "unit", "month", "fiscal_year", "stage"):
            for order in ("-amount", "label", "-key", "lines"):
                found.append(
                    release.breakdown(
                        by, replace(filters, stage=None if by == "stage" else "paid"), order=order, limit=7
                    )
                )
            found += [release.stages(by, replace(filters, stage=None))] if by != "stage" else []
        found += [
            release.breakdown_by_year("mode", filters),
            release.total(replace(filters, unit="309")),
            release.class_methods(filters),
        ]
        found += [
            release.supplier(somebody),
            release.supplier("nobody"),
            release.breakdown("class", replace(filters, supplier=somebody)),
        ]
        found += [
            [replace(one, confidence=round(one.confidence or 0, 9)) for one in rules_used(release, filters)],
            largest_lines(release, "class", filters),
        ]
        periods = Period(1402, 1, 6), Period(1403, 1, 6)
        found += [
            compare(release, by, Filters(stage="paid"), *periods, order=order, limit=9)
            for by in ("class", "unit")
            for order in ORDERS
        ]
        return [*found, release.lines(filters, order="-date", offset=300)]

    by_sqlite = answers()
    monkeypatch.setattr(cubes, "LIGHT", -1)
    monkeypatch.setattr(cubes, "FOUND_BY_KEY", -1)
    assert answers() == by_sqlite


def test_a_page_beyond_the_groups_still_has_their_totals(release: Release) -> None:
    filters = Filters(year=1403, stage="paid")
    whole = release.breakdown("unit", filters)
    beyond = release.breakdown("unit", filters, offset=10_000)
    assert beyond.rows == []
    assert replace(beyond, rows=whole.rows) == whole
    nothing = release.breakdown("unit", replace(filters, supplier="no-such"))
    assert (nothing.rows, nothing.groups, nothing.total_amount, nothing.total_lines) == ([], 0, 0, 0)


def test_who_decided_adds_up_to_the_whole(release: Release, rows: Rows) -> None:
    filters = Filters(year=1403, stage="paid")
    methods = release.class_methods(filters)
    assert sum(lines for _method, _amount, lines, _share in methods) == release.total(filters)[1]
    meant = [row for row in naive(rows, filters, "payments") if row["class"] in IT_CLASSES]
    for rule in rules_used(release, filters, limit=3):
        of_rule = [
            row
            for row in meant
            if (row["class_rule"], row["class"], row["class_method"], row["class_version"])
            == (rule.rule, rule.cls, rule.method, rule.version)
        ]
        assert (rule.amount, rule.lines) == (sum(int(row["amount"]) for row in of_rule), len(of_rule))
        sure = [float(row["class_confidence"]) for row in of_rule if row["class_confidence"]]
        assert rule.confidence == pytest.approx(sum(sure) / len(sure))


def test_a_number_finds_its_lines(release: Release, rows: Rows) -> None:
    row = next(row for row in rows if row["document_no"] and row["book"] == "payments")
    by_id = release.search(row["line_id"])
    assert [hit.key for hit in by_id.hits] == [row["line_id"]]
    same = [one["line_id"] for one in rows if one["document_no"] == row["document_no"]]
    found = release.search(row["document_no"], limit=100)
    assert set(same) <= {hit.key for hit in found.hits} or found.count >= len(same)


@pytest.mark.parametrize(
    "wrong", ["", "x", "a-b-c-d", "zz-1-2-paid", "d1b1c5ef646b-1-99999999999-paid", "d1b1c5ef646b-1-۱-paid"]
)
def test_what_is_no_line_id_finds_no_line(release: Release, wrong: str) -> None:
    assert release.line(wrong) is None


@settings(deadline=None)
@given(filters=FILTERS)
def test_lines_are_read_as_they_lie(release: Release, filters: Filters) -> None:
    """Only a plain scan keeps their order; a join would not, as by which the lines of few descriptions are looked up: they are sorted."""
    filters = replace(filters, book="payments")
    where, values = release.where(filters)
    if release._store.few(filters):
        assert "get_bit" not in where
        return
    plan = str(
        release.rows(f"explain select rowid from line where {where} limit 50 offset 10", values)
    ).lower()
    assert "seq scan" in plan or "empty result" in plan
    assert "join" not in plan
    assert "order" not in plan
