"""Lines and rules at random, from few enough values that they meet."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import strategies as st

from rasad.ledger.allocate import Conditions, Part, Rule
from rasad.ledger.schema import BOOKS, CLASSES, FLOWS

CODES = ("501", "5011", "502", "49101", "491", "۱۲")
CODED = (*CODES[:5], "12")
WORDS = ("سرور", "شبکه", "مسرور", "خرید", "server", "روشنایی")
PHRASES = ("سرور", "شبكه", "خرید سرور", "خرید*", "Server", "روش*", "خرید شب*")
SUPPLIERS = ("ir:1", "name:a", "person")
DAYS = st.dates(date(2021, 1, 1), date(2021, 1, 6))
AMOUNTS = st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-30, 30)

LINE = st.fixed_dictionaries(
    {
        "unit_code": st.none() | st.sampled_from(CODED),
        "programme_code": st.none() | st.sampled_from(CODED),
        "economic_code": st.none() | st.sampled_from(CODED),
        "tree_code": st.none() | st.sampled_from(CODED),
        "contract_no": st.none() | st.sampled_from(CODED),
        "supplier": st.none() | st.sampled_from(SUPPLIERS),
        "date": st.none() | DAYS,
        "fiscal_year": st.integers(1400, 1403),
        "stage": st.sampled_from(("paid", "final")),
        "book": st.sampled_from(BOOKS),
        "flow": st.sampled_from(FLOWS),
        "class": st.sampled_from(CLASSES),
        "amount": AMOUNTS,
        "title_key": st.none() | st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    }
)
SCHEMA = {
    **dict.fromkeys(
        (
            "line_id",
            "unit_code",
            "programme_code",
            "economic_code",
            "tree_code",
            "contract_no",
            "supplier",
            "stage",
            "book",
            "flow",
            "class",
            "title_key",
        ),
        pl.String,
    ),
    "date": pl.Date,
    "fiscal_year": pl.Int64,
    "amount": pl.Int64,
}


def some(values: tuple[str, ...], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most).map(tuple)


CODE = st.sampled_from(CODES) | st.sampled_from(CODES).map(lambda code: code[:2] + "*")


@st.composite
def conditions(draw: st.DrawFn) -> Conditions:
    """Conditions of one to three kinds, never none."""
    values: dict[str, Any] = {}
    kinds = draw(st.lists(st.sampled_from(sorted(_KINDS)), min_size=1, max_size=3, unique=True))
    for kind in kinds:
        values.update(draw(_KINDS[kind]))
    made = Conditions(**values)
    return made if not made.is_empty else Conditions(year_until=1402)


def _one(name: str, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return strategy.map(lambda value: {name: value})


def _range(low: str, high: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(values, values, st.integers(0, 2)).map(
        lambda three: (
            {low: min(three[:2]), high: max(three[:2])}
            if three[2] == 0
            else {low: three[0]}
            if three[2] == 1
            else {high: three[0]}
        )
    )


_KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    **{
        name: _one(name, st.lists(CODE, max_size=2).map(tuple))
        for name in ("units", "programmes", "economics", "trees", "contracts")
    },
    "suppliers": _one("suppliers", some(SUPPLIERS)),
    "dates": _range("date_from", "date_until", DAYS),
    "years": _range("year_from", "year_until", st.integers(1400, 1403)),
    "amounts": _range("amount_min", "amount_max", AMOUNTS.map(abs)),
    "stages": _one("stages", some(("paid", "final"))),
    "books": _one("books", some(BOOKS)),
    "flows": _one("flows", some(FLOWS)),
    "classes": _one("classes", some(CLASSES, 4)),
    "all": _one("title_all", some(PHRASES)),
    "any": _one("title_any", some(PHRASES)),
    "none": _one("title_none", some(PHRASES)),
}


@st.composite
def parts(draw: st.DrawFn, *, empty: bool = False) -> tuple[Part, ...]:
    """Shares of one to three projects, together at most the whole."""
    left, made = 10_000, []
    for number in range(draw(st.integers(0 if empty else 1, 3))):
        if left:
            share = draw(st.integers(1, left))
            made.append(Part(f"p{number}", share))
            left -= share
    return tuple(made)


def rules(most: int = 5) -> st.SearchStrategy[list[Rule]]:
    """Rules of distinct codes, in no order."""
    one = st.tuples(conditions(), parts(), st.integers(1, 3))
    return st.lists(one, max_size=most).map(
        lambda made: [Rule(f"r{number}", 1, order, c, p) for number, (c, p, order) in enumerate(made)]
    )


def frame(lines: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the lines as the ledger has them, each with an id."""
    return pl.DataFrame(
        [{"line_id": f"{'0' * 12}-1-{number}-paid", **line} for number, line in enumerate(lines)],
        schema=SCHEMA,
    )
