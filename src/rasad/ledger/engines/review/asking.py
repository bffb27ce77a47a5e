"""A filter and a rule's conditions in the index's language. A rule means the same here as in `rasad.ledger.allocate.meeting`; a test holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rasad.ledger.allocate.rules import Conditions
from rasad.ledger.classify.fold import padded_keys
from rasad.persian.text import search_key

Matter = Literal["project", "class"]
MATTERS: tuple[Matter, ...] = ("project", "class")
CLASS = "coalesce(t.cls, l.class)"
SCOPED = "coalesce(t.in_scope, l.in_scope)"
"""Of the organisation's IT, as people judged since the index was derived."""
INDEXED = {CLASS: "l.class", SCOPED: "l.in_scope"}
"""The same as the index has it: what is asked so needs nothing of what people judged since."""
_CODED = {
    "units": "l.unit_code",
    "programmes": "l.programme_code",
    "economics": "l.economic_code",
    "trees": "l.tree_code",
    "contracts": "l.contract_no",
}
_LISTED = {
    "suppliers": "l.supplier",
    "stages": "l.stage",
    "books": "l.book",
    "flows": "l.flow",
    "classes": CLASS,
}
_RANGES = {
    "date": ("l.date", "date_from", "date_until"),
    "year": ("l.fiscal_year", "year_from", "year_until"),
    "amount": ("abs(l.amount)", "amount_min", "amount_max"),
}


@dataclass(frozen=True)
class Where:
    """A condition of the index's language, with the values of its marks."""

    sql: str
    values: list[Any]

    @property
    def indexed(self) -> Where:
        """The same of lines as the index has them, over l alone."""
        sql = self.sql
        for now, before in INDEXED.items():
            sql = sql.replace(now, before)
        return Where(sql, self.values)


@dataclass(frozen=True)
class Side:
    """Where words are looked for: a table with its number and search key, and the line's column that has the number."""

    table: str
    id: str
    key: str
    number: str


SIDES = (Side("title", "id", "key", "title_id"), Side("supplier", "no", "name_key", "supplier_no"))


@dataclass(frozen=True)
class Asked:
    """Which lines are asked for: of one flow, book and stage (never added together), and what else they must meet.

    `scope` is "it" (classes of IT, and what the IT organisation spends) or "all"; `words` must all begin words of the description, or all
    of the supplier's name.
    """

    stage: str
    book: str
    flow: str = "expense"
    year: int | None = None
    scope: Literal["it", "all"] = "it"
    words: str = ""
    conditions: Conditions = field(default_factory=Conditions)

    def where(self, sides: Sequence[Side] = SIDES) -> Where:
        """Return it in the index's language, over l (line) and t (touched). `sides` are those that have the words at all."""
        tests = ["l.flow = ?", "l.book = ?", "l.stage = ?"]
        values: list[Any] = [self.flow, self.book, self.stage]
        if self.year is not None:
            tests.append("l.fiscal_year = ?")
            values.append(self.year)
        if self.scope == "it":
            tests.append(SCOPED)
        if self.keys:
            worded = [self.worded(side) for side in sides]
            found = [f"l.{side.number} in ({one.sql})" for side, one in zip(sides, worded, strict=True)]
            tests.append(f"({' or '.join(found) or 'false'})")
            values += [value for one in worded for value in one.values]
        rest = conditions_where(self.conditions)
        return Where(" and ".join([*tests, rest.sql]), values + rest.values)

    @property
    def keys(self) -> list[str]:
        """The words as they stand in a search key: each at the beginning of one."""
        return [f" {word}" for word in search_key(self.words).split()]

    def worded(self, side: Side) -> Where:
        """Return the query of the numbers of the descriptions, or of the suppliers, that have every word."""
        tests = " and ".join([f"contains(' ' || {side.key}, ?)"] * len(self.keys))
        return Where(f"select {side.id} from {side.table} where {tests}", self.keys)

    @property
    def is_plain(self) -> bool:
        """Whether sums made beforehand can answer: nothing is asked beyond year, scope and class."""
        return not self.words.strip() and set(self.conditions.as_json()) <= {"classes"}

    def narrowed(self, conditions: Conditions) -> Asked:
        """Return the same with other conditions."""
        return replace(self, conditions=conditions)


def conditions_where(conditions: Conditions) -> Where:
    """Return conditions in the index's language, over l (line) and t (touched); "true" where they ask nothing."""
    tests: list[str] = []
    values: list[Any] = []
    for name, column in _CODED.items():
        if codes := getattr(conditions, name):
            some = [f"starts_with({column}, ?)" if code.endswith("*") else f"{column} = ?" for code in codes]
            tests.append(f"({' or '.join(some)})")
            values += [code.removesuffix("*") for code in codes]
    for name, column in _LISTED.items():
        if listed := getattr(conditions, name):
            tests.append(f"{column} in ({', '.join('?' * len(listed))})")
            values += listed
    for column, low, high in _RANGES.values():
        for name, sign in ((low, ">="), (high, "<=")):
            if (bound := getattr(conditions, name)) is not None:
                tests.append(f"{column} {sign} ?")
                values.append(bound)
    title = _title(conditions)
    if title is not None:
        tests.append(title.sql)
        values += title.values
    # What is not known meets nothing.
    return Where(" and ".join(f"coalesce({test}, false)" for test in tests) or "true", values)


def _title(conditions: Conditions) -> Where | None:
    """Return the test of a description's words: of each distinct description once, then of the lines that bear it."""
    tests: list[str] = []
    values: list[Any] = []
    for phrases, joint in ((conditions.title_all, " and "), (conditions.title_any, " or ")):
        if phrases:
            tests.append(f"({joint.join(['contains(k, ?)'] * len(phrases))})")
            values += _patterns(phrases)
    for pattern in _patterns(conditions.title_none):
        tests.append("not contains(k, ?)")
        values.append(pattern)
    if not tests:
        return None
    found = f"l.title_id in (select id from (select id, ' ' || key || ' ' as k from title) where {' and '.join(tests)})"
    silent = not (conditions.title_all or conditions.title_any)
    # A line without a description has no word that is ruled out.
    return Where(f"({found} or l.title_id is null)" if silent else found, values)


def _patterns(phrases: tuple[str, ...]) -> list[str]:
    keys = padded_keys([phrase.removesuffix("*") for phrase in phrases])
    return [
        key.rstrip(" ") if phrase.endswith("*") else key for phrase, key in zip(phrases, keys, strict=True)
    ]
