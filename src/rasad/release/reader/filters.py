"""What a reader asks for: filters and dimensions, and their SQL. Values are always parameters; names come from closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from rasad.ledger.schema import CLASSES, IT_CLASSES
from rasad.persian.text import tokens

DIMENSIONS = (
    "class",
    "mode",
    "unit",
    "programme",
    "supplier",
    "economic",
    "nature",
    "source",
    "fiscal_year",
    "month",
    "stage",
)
"""By what money can be grouped. Groups by stage have no total: stages are never added."""

KEYED = ("unit", "programme", "economic", "supplier")
"""Dimensions whose key (a code, or the name where there is no code) has a label of its own."""

COLUMNS = {name: f"{name}_key" if name in ("unit", "programme", "economic") else name for name in DIMENSIONS}
"""Dimension → its column in the serving index."""

WITH_WORD = "select title_id from posting where word >= ? and word < ?"
"""SQL of the numbers of the descriptions in which a word begins as `within` says: words lie in their order, so only those are read."""


def within(word: str) -> tuple[str, str]:
    """Return the first word that begins with `word`, and the end of all that do: no word of a key has Unicode's last character."""
    return word, word + "\U0010ffff"


@dataclass(frozen=True)
class Filters:
    """Which lines are meant. None: all; without a `book` the reader takes the one that fits (see `Release.book`). `q`: words of the description. `it_only`: the six classes of IT spending."""

    year: int | None = None
    stage: str | None = None
    flow: str = "expense"
    book: str | None = None
    cls: str | None = None
    mode: str | None = None
    unit: str | None = None
    programme: str | None = None
    economic: str | None = None
    supplier: str | None = None
    nature: str | None = None
    source: str | None = None
    month: str | None = None
    q: str | None = None
    it_only: bool = False

    def sql(self, *, numbered: bool = True) -> tuple[str, list[Any]]:
        """Return a WHERE condition over the table `line` (or a cube) and its parameters. `numbered`: descriptions stand in a table of their own."""
        conditions, values = ["flow = ?"], [self.flow]
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or field.name in ("flow", "q", "it_only"):
                continue
            conditions.append(f'"{_COLUMN[field.name]}" = ?')
            values.append(value)
        if self.it_only:
            # Not as a list of the six: a list is read by a join, which does not keep the lines in their order.
            conditions += ["class <> ?"] * len(_OTHER_CLASSES)
            values += _OTHER_CLASSES
        if self.words and numbered:
            # Each word by itself: a description has all of them.
            conditions += [f"title_id in ({one})" for one in [WITH_WORD] * len(self.words)]
            values += [end for word in self.words for end in within(word)]
        elif self.words:
            each, sought = self.in_key("title_key")
            conditions.append(each)
            values += sought
        return " and ".join(conditions), values

    @property
    def words(self) -> list[str]:
        """Return the words that a description must have, as keys have them."""
        return tokens(self.q or "")

    def in_key(self, column: str) -> tuple[str, list[Any]]:
        """Return the condition that a key of a description has the words, and its parameters: they stand between single spaces, and a word is
        found by its beginning."""
        return " and ".join([f"contains(' ' || {column}, ?)"] * len(self.words)), [
            f" {word}" for word in self.words
        ]

    def mean(self, line: Mapping[str, Any]) -> bool:
        """Whether a line is meant, told by the columns that `columns` names and `flow`. ValueError for words: they are sought, not compared."""
        if self.words:
            raise ValueError("words of a description are sought in the index")
        wanted = {_COLUMN[f.name]: getattr(self, f.name) for f in fields(self) if f.name in _COLUMN}
        same = all(value is None or line[column] == value for column, value in wanted.items())
        return same and not (self.it_only and line["class"] in _OTHER_CLASSES)

    @property
    def columns(self) -> set[str]:
        """Return the columns of the serving index that the condition needs."""
        used = {
            _COLUMN[f.name] for f in fields(self) if f.name in _COLUMN and getattr(self, f.name) is not None
        }
        if self.it_only:
            used.add("class")
        if self.words:
            used.add("title_id")
        return used


_OTHER_CLASSES = [cls for cls in CLASSES if cls not in IT_CLASSES]
_COLUMN = {
    "year": "fiscal_year",
    "stage": "stage",
    "flow": "flow",
    "book": "book",
    "cls": "class",
    "mode": "mode",
    "unit": "unit_key",
    "programme": "programme_key",
    "economic": "economic_key",
    "supplier": "supplier",
    "nature": "nature",
    "source": "source",
    "month": "month",
}
