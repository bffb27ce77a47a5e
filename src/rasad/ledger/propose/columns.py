"""Which column is what: by its header where that says something, checked against its values; by its values alone otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

from rasad.ledger.propose import values
from rasad.ledger.propose.headers import Meaning, meanings
from rasad.ledger.propose.tables import Table

ENOUGH = 0.3
"""How sure a meaning must be to be proposed at all."""
_CODES = ("unit_code", "programme_code", "economic_code")
_NAMES = ("title", "unit", "programme", "economic", "supplier_name")
_DATES = ("date", "start", "end")


@dataclass
class Assigned:
    """The places (from 0) of a table's columns, and how sure each is: columns of the ledger, amounts by stage or side, the year."""

    columns: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    year: int | None = None
    sure: dict[str, float] = field(default_factory=dict)


def assign(table: Table) -> Assigned:
    """Return what each column of the table is taken for; every column for one thing at most."""
    found = Assigned()
    candidates = sorted(_by_header(table), key=lambda one: (-one[0], one[2]))
    taken: set[int] = set()
    for sure, meaning, place in candidates:
        if sure < ENOUGH or place in taken or _is_set(found, meaning):
            continue
        taken.add(place)
        _set(found, meaning, place, sure)
    _by_values(table, found, taken)
    return found


def _is_set(found: Assigned, meaning: Meaning) -> bool:
    if meaning.kind == "year":
        return found.year is not None
    return meaning.name in (found.columns if meaning.kind == "column" else found.amounts)


def _set(found: Assigned, meaning: Meaning, place: int, sure: float) -> None:
    if meaning.kind == "year":
        found.year = place
    elif meaning.kind == "column":
        found.columns[meaning.name] = place
    else:
        found.amounts[meaning.name] = place
    found.sure[meaning.name] = sure


def _by_header(table: Table) -> list[tuple[float, Meaning, int]]:
    return [
        (sure * _fits(meaning, table.columns[place]), meaning, place)
        for place, header in enumerate(table.header)
        if header
        for meaning, sure in meanings(header).items()
    ]


def _fits(meaning: Meaning, texts: list[str]) -> float:
    """Return how well the values go with a meaning: 1 where they do, or where there are none to tell."""
    if not any(text.strip() for text in texts):
        return 0.8
    if meaning.kind == "amount":
        return 1.0 if values.figures(texts, slashes=True).share > 0.5 else 0.2
    if meaning.kind == "year":
        return 1.0 if values.share(texts, values.is_year) > 0.8 else 0.1
    if meaning.name in _DATES:
        written = max(values.date_share(texts, *form) for form in values.FORMS)
        return 1.0 if max(written, values.share(texts, values.is_days_number)) > 0.3 else 0.2
    if meaning.name in _CODES:
        return 1.0 if values.share(texts, values.is_code) > 0.4 else 0.55
    if meaning.name in _NAMES:
        return 0.5 if values.share(texts, values.is_code) > 0.8 else 1.0
    return 1.0


def _by_values(table: Table, found: Assigned, taken: set[int]) -> None:
    """Take columns whose header says nothing for what their values look like."""
    left = [
        place
        for place, texts in enumerate(table.columns)
        if place not in taken and any(text.strip() for text in texts)
    ]

    def take(name: str, place: int, sure: float, kind: str = "column") -> None:
        left.remove(place)
        _set(found, Meaning(kind, name), place, sure)

    if "date" not in found.columns:
        shares = {
            place: max(values.date_share(table.columns[place], *form) for form in values.FORMS)
            for place in left
        }
        best = max(shares, key=lambda place: shares[place], default=None)
        if best is not None and shares[best] > 0.8:
            take("date", best, 0.5)
    if not found.amounts:
        # Codes are whole, short and without marks; the last column of figures is the likeliest sum.
        money = [place for place in left if _looks_like_money(table.columns[place])]
        if money:
            take("paid", money[-1], 0.4, "amount")
    if table.header:
        return
    if "supplier_id_raw" not in found.columns:
        valid = {place: values.share(table.columns[place], values.id_kind) for place in left}
        best = max(valid, key=lambda place: valid[place], default=None)
        if best is not None and valid[best] > 0.4:
            take("supplier_id_raw", best, 0.6)
            if best + 1 in left:
                take("supplier_name", best + 1, 0.5)
    texts = [place for place in left if values.share(table.columns[place], values.is_code) < 0.5]
    longest = max(texts, key=lambda place: _length(table.columns[place]), default=None)
    if longest is not None:
        take("title", longest, 0.5)
    # A column of names beside the title is rather who is paid than a code.
    named = [place for place in left if values.share(table.columns[place], values.is_code) < 0.5]
    if named and "supplier_name" not in found.columns:
        take("supplier_name", named[0], 0.4)
    codes = [place for place in left if values.share(table.columns[place], values.is_code) >= 0.5]
    for name, place in zip(_CODES, codes, strict=False):
        take(name, place, 0.35)


def _looks_like_money(texts: list[str]) -> bool:
    figures = values.figures(texts)
    if figures.share < 0.9 or not figures.seen:
        return False
    written = bool(figures.groups or figures.decimals or figures.negative)
    lengths = {len(text.strip()) for text in texts if text.strip()}
    return written or (len(lengths) > 2 and values.share(texts, values.is_year) < 0.5)


def _length(texts: list[str]) -> float:
    return sum(map(len, texts)) / max(1, len(texts))
