"""The review index says what the ledger says: the same conditions, the same allocation, also after people judged."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import allocation_strategies as some
import polars as pl
import pytest
from allocation_reference import meets
from hypothesis import Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from small_home import write_batch, write_home

from rasad.ledger.allocate import Conditions, Judged, Part, Rule, allocate
from rasad.ledger.engines.review import (
    Asked,
    Review,
    Sum,
    build_review,
    contracts_of,
    lines_of,
    money_of,
    review_digest,
    rule_change,
    unlinked_it,
)
from rasad.ledger.engines.review.asking import conditions_where
from rasad.ledger.engines.review.reader import JOINED
from rasad.ledger.view import view

PAID = Asked(stage="paid", book="payments", scope="all")


@contextmanager
def reviewed(rows: list[dict[str, Any]], rules: list[Rule]) -> Iterator[tuple[Path, Review]]:
    """A home of these lines and its open index."""
    with tempfile.TemporaryDirectory() as folder:
        home = write_home(Path(folder) / "home")
        write_batch(home, rows)
        review = Review(build_review(home, rules))
        try:
            yield home, review
        finally:
            review.close()


def rows_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return drawn lines as rows of a batch: class and supplier are the classifier's and the linker's own."""
    own = {"class", "supplier"}
    return [
        {name: value for name, value in line.items() if name not in own} | {"title": line["title_key"]}
        for line in lines
    ]


def drawn(strategy: st.SearchStrategy[Any], seed: int) -> Any:
    """Return one value of a strategy, always the same: an index is derived once, not anew for every example."""
    found: list[Any] = []

    @seeded(seed)
    # The first is the simplest there is.
    @settings(max_examples=4, database=None, phases=[Phase.generate])
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found[-1]


@dataclass(frozen=True, repr=False)
class Many:
    """A home of many lines under rules, its open index, and the lines as the ledger tells them."""

    home: Path
    review: Review
    rules: list[Rule]
    lines: dict[str, dict[str, Any]]

    def __repr__(self) -> str:
        return "many"

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(list(self.lines.values()), infer_schema_length=None, schema_overrides=some.SCHEMA)


@pytest.fixture(scope="module")
def many() -> Iterator[Many]:
    dice = random.Random(11)
    lines = [one for seed in range(8) for one in drawn(st.lists(some.LINE, min_size=30, max_size=30), seed)]
    dice.shuffle(lines)
    rules = drawn(st.lists(st.tuples(some.conditions(), some.parts()), min_size=6, max_size=6), 3)
    every = [Rule(f"r{n}", 1, n // 2, asked, parts) for n, (asked, parts) in enumerate(rules)]
    with reviewed(rows_of(lines), every) as (home, review):
        known = {line["line_id"]: line for line in view(home).collect().iter_rows(named=True)}
        # Lines and rules that tell something: several rules decide, some decide none.
        assert len(review.rows("select distinct rule from line", [])) > 3
        yield Many(home, review, every, known)


@given(some.conditions())
def test_conditions_mean_the_same_in_the_index(many: Many, asked: Conditions) -> None:
    where = conditions_where(asked)
    found = many.review.rows(f"select l.line_id from {JOINED} where {where.sql}", where.values)
    expected = [line_id for line_id, line in many.lines.items() if meets(asked, line)]
    assert sorted(row[0] for row in found) == sorted(expected)


JUDGEMENTS = st.none() | some.parts(empty=True)


@settings(max_examples=6)
@given(st.data())
def test_with_judgements_laid_over_it_the_index_allocates_as_the_ledger_does(
    many: Many, data: st.DataObject
) -> None:
    ids = sorted(many.lines)
    # Whatever an earlier example judged is taken back first.
    review, held = many.review, {}
    review.update({("line", one): None for one in ids} | {("contract", one): None for one in some.CODED}, {})
    for day in range(1, 4):
        subjects = [
            ("line", one) for one in data.draw(st.lists(st.sampled_from(ids), max_size=4, unique=True))
        ]
        subjects.append(("contract", data.draw(st.sampled_from(some.CODED))))
        for kind, subject in subjects:
            parts = data.draw(JUDGEMENTS)
            said = None if parts is None else Judged(kind, subject, parts, f"2026-01-0{day}")  # type: ignore[arg-type]
            review.update({(kind, subject): said}, {})
            held[kind, subject] = said
    expected: Counter[tuple[str, str | None]] = Counter()
    judged = [one for one in held.values() if one]
    for row in allocate(many.frame, many.rules, judged).iter_rows(named=True):
        expected[row["line_id"], row["project"]] += row["amount"]
    found: Counter[tuple[str, str | None]] = Counter()
    for line in review.lines(ids).values():
        found[line.line_id, None] += line.unlinked
        for project, _share, amount in review.parts(line):
            found[line.line_id, project] += amount
    assert {key: amount for key, amount in found.items() if amount} == {
        key: amount for key, amount in expected.items() if amount
    }
    # A project's page says of each project what the lines say.
    for project in {project for _line, project in expected if project is not None}:
        own = {line: amount for (line, one), amount in expected.items() if one == project and amount}
        linked = money_of(review, project)
        sums: Counter[tuple[str, str, str, int]] = Counter()
        for line_id, amount in own.items():
            of = many.lines[line_id]
            sums[of["flow"], of["book"], of["stage"], of["fiscal_year"]] += amount
        assert {
            (one.flow, one.book, one.stage, one.fiscal_year): one.amount for one in linked if one.amount
        } == {key: amount for key, amount in sums.items() if amount}
        for at in linked[:1]:
            place = (at.flow, at.book, at.stage)
            some_of = {
                line_id: amount
                for line_id, amount in own.items()
                if tuple(many.lines[line_id][name] for name in ("flow", "book", "stage")) == place
            }
            largest = lines_of(review, project, at, limit=len(ids))
            assert {one.line.line_id: one.amount for one in largest if one.amount} == some_of
            sizes = [abs(one.amount) for one in largest]
            assert sizes == sorted(sizes, reverse=True)
            named = contracts_of(review, project, at, limit=len(ids))
            by_contract = Counter[str]()
            for line_id, amount in some_of.items():
                if number := many.lines[line_id]["contract_no"]:
                    by_contract[number] += amount
            assert {one.contract_no: one.amount for one in named if one.amount} == {
                number: amount for number, amount in by_contract.items() if amount
            }
    classes = data.draw(st.lists(st.sampled_from(ids), max_size=4, unique=True))
    review.update({}, dict.fromkeys(classes, ("hardware", "run")))
    # What sums made beforehand say is what the lines say.
    for scope in ("all", "it"):
        for asked in (Conditions(), Conditions(classes=("hardware",))):
            plain = Asked(stage="paid", book="payments", scope=scope, conditions=asked)  # type: ignore[arg-type]
            told = review.figures(plain)
            assert told == review.figures(replace(plain, conditions=replace(asked, amount_min=0)))
            assert told.whole.amount == told.person.amount + told.rule.amount + told.none.amount
    by_year = unlinked_it(review)
    for one in review.coverage:
        for year in one.years:
            of = review.figures(Asked(stage=one.stage, book=one.book, flow=one.flow, year=year, scope="it"))
            said = by_year.get((one.flow, one.book, one.stage, year), (0, 0))
            assert said == (of.whole.amount, of.none.amount)
    unlinked = sum(
        amount
        for (line_id, project), amount in expected.items()
        if project is None and is_paid(many.lines[line_id])
    )
    assert review.figures(PAID).none.amount == unlinked
    review.update({}, dict.fromkeys(classes))


def is_paid(line: dict[str, Any]) -> bool:
    return (line["stage"], line["book"], line["flow"]) == (PAID.stage, PAID.book, PAID.flow)


@settings(max_examples=40)
@given(st.integers(0, 6), st.none() | st.integers(-1, 4), some.conditions(), some.parts())
def test_what_a_rule_would_change_is_what_it_changes(
    many: Many, which: int, order: int | None, asked: Conditions, parts: tuple[Part, ...]
) -> None:
    code = ["new", *(rule.code for rule in many.rules)][which]
    rule = None if order is None else Rule(code, 9, order, asked, parts)
    after = [*(one for one in many.rules if one.code != code), *([rule] if rule else [])]
    ids = sorted(many.lines)
    by_people = ids[:20]
    judged = [Judged("line", one, (Part("p0", 10_000),), "2026-01-01") for one in by_people]
    many.review.update(
        {("line", one): None for one in ids} | {("contract", one): None for one in some.CODED}, {}
    )
    many.review.update({("line", one.subject): one for one in judged}, {})
    told = rule_change(many.review, many.rules, code, rule)

    shifts: Counter[tuple[str, str, str, str | None]] = Counter()
    outcomes: list[dict[str, list[tuple[Any, ...]]]] = []
    for sign, every in ((-1, many.rules), (1, after)):
        outcomes.append({})
        for row in allocate(many.frame, every, judged).iter_rows(named=True):
            line = many.lines[row["line_id"]]
            shifts[line["flow"], line["book"], line["stage"], row["project"]] += sign * row["amount"]
            outcomes[-1].setdefault(row["line_id"], []).append((row["rule"], row["project"], row["share_bp"]))
    assert told.lines == sum(outcomes[0][line_id] != outcomes[1][line_id] for line_id in ids)
    assert {(s.flow, s.book, s.stage, s.project): s.after - s.before for s in told.shifts} == {
        key: amount for key, amount in shifts.items() if amount
    }
    assert sum(move.lines for move in told.moves) == told.lines
    met = [line_id for line_id in ids if rule and meets(rule.conditions, many.lines[line_id])]
    alike = sum(1 for line_id in met if line_id in by_people and parts == judged[0].parts)
    assert (told.meets, told.agreements) == (len(met), alike)
    assert told.conflicts == sum(1 for line_id in met if line_id in by_people) - alike


RULE = Rule("net", 1, 1, Conditions(title_any=("switch",)), (Part("p1", 7_500),))
ROWS = [
    {
        "amount": 400,
        "title": "Switch",
        "title_key": "switch",
        "unit_code": "501",
        "supplier_name": "Nets Ltd",
    },
    {"amount": 90, "title": "Thing", "title_key": "thing", "unit_code": "501", "contract_no": "c1"},
    {
        "amount": -300,
        "title": "Asphalt works",
        "title_key": "asphalt works",
        "unit_code": "7",
        "contract_no": "c1",
    },
    {
        "amount": 8,
        "title": "Thing two",
        "title_key": "thing two",
        "unit_code": "502",
        "supplier_name": "Nets Ltd",
    },
]


@pytest.fixture
def small() -> Iterator[tuple[Path, Review]]:
    with reviewed(ROWS, [RULE]) as both:
        yield both


def test_the_largest_waits_first_and_what_people_judged_waits_no_more(small: tuple[Path, Review]) -> None:
    _home, review = small
    page = review.page(PAID, "project")
    assert [(line.title, line.unlinked, line.rule) for line in page] == [
        ("Asphalt works", -300, ""),
        ("Switch", 100, "net"),
        ("Thing", 90, ""),
        ("Thing two", 8, ""),
    ]
    assert review.figures(PAID).waiting["project"].amount == -102
    line = page[1].line_id
    review.update({("line", line): Judged("line", line, (Part("p2", 5_000),), "2026-01-01")}, {})
    assert "Switch" not in [line.title for line in review.page(PAID, "project")]
    told = review.figures(PAID)
    assert (told.person, told.rule, told.none) == (Sum(1, 200), Sum(0, 0), Sum(4, 200 - 300 + 90 + 8))
    review.update({("contract", "c1"): Judged("contract", "c1", (), "2026-01-01")}, {})
    assert [line.title for line in review.page(PAID, "project")] == ["Thing two"]
    assert review.ids(PAID, "project", limit=9) == [review.page(PAID, "project")[0].line_id]
    review.update({("contract", "c1"): None, ("line", line): None}, {})
    assert len(review.page(PAID, "project")) == 4


def test_scope_words_and_classes(small: tuple[Path, Review]) -> None:
    _home, review = small
    it = Asked(stage="paid", book="payments")
    assert {line.title for line in review.page(it, "project")} == {"Switch", "Thing"}
    found = review.page(Asked(stage="paid", book="payments", scope="all", words="net"), "project")
    assert {line.title for line in found} == {"Switch", "Thing two"}
    doubtful = [line for line in review.page(PAID, "class") if line.title == "Thing two"]
    assert doubtful[0].cls == "unknown"
    assert doubtful[0].doubt == 1
    review.update({}, {doubtful[0].line_id: ("hardware", "change")})
    assert "Thing two" not in [line.title for line in review.page(PAID, "class")]
    # What a person calls IT is of the scope at once.
    assert "Thing two" in [line.title for line in review.page(it, "project")]
    told = review.line(doubtful[0].line_id)
    assert told is not None
    assert (told.cls, told.class_method, told.doubt) == ("hardware", "person", 0)


def test_lines_like_it_suggest_their_projects(small: tuple[Path, Review]) -> None:
    _home, review = small
    lines = {line.title: line for line in review.page(PAID, "project")}
    judged = lines["Thing"].line_id
    review.update({("line", judged): Judged("line", judged, (Part("p7", 10_000),), "2026-01-01")}, {})
    similar = review.similar([lines["Asphalt works"], lines["Thing two"]])
    assert similar == {lines["Asphalt works"].n: [("p7", "contract", 1)]}


def test_the_index_has_another_name_where_anything_changes(small: tuple[Path, Review]) -> None:
    home, review = small
    assert review.folder.name == f"review-{review_digest(home, [RULE])}"
    built = review.folder.stat().st_mtime
    assert build_review(home, [RULE]) == review.folder
    assert review_digest(home, []) != review_digest(home, [RULE])
    write_batch(
        home, [{"amount": 5, "title": "More", "title_key": "more"}], created_at="2026-02-01T00:00:00Z"
    )
    newer = build_review(home, [RULE])
    assert newer != review.folder
    assert built
    # The one that is read while the newer was made stays.
    assert review.folder.is_dir()
    again = Review(newer)
    assert again.figures(PAID).whole.lines == 5
    again.close()
    for number in range(3):
        build_review(home, [Rule("net", number + 2, 1, RULE.conditions, RULE.parts)])
    assert len(list((home / "cache").glob("review-*"))) == 2


def test_a_home_without_lines_has_an_empty_queue(tmp_path: Path) -> None:
    home = write_home(tmp_path / "home")
    review = Review(build_review(home, [RULE]))
    assert review.coverage == ()
    assert review.page(PAID, "project") == []
    assert review.figures(PAID).waiting["class"] == Sum(0, 0)
    review.close()
    shutil.rmtree(home)


def test_a_page_of_many_is_the_same_as_all_of_it() -> None:
    dice = random.Random(5)
    rows = [{"amount": dice.randrange(1, 99), "title": "x", "title_key": "x"} for _ in range(90)]
    with reviewed(rows, []) as (_home, review):
        whole = review.page(PAID, "project", limit=200)
        assert [abs(line.unlinked) for line in whole] == sorted(
            (abs(line.unlinked) for line in whole), reverse=True
        )
        pages = [review.page(PAID, "project", limit=25, offset=at) for at in range(0, 100, 25)]
        assert [line.n for page in pages for line in page] == [line.n for line in whole]
