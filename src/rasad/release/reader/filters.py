"""What a reader asks for: filters and dimensions, and their SQL. Values are always parameters; names come from closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from rasad.ledger.schema import CLASSES, IT_CLASSES
from rasad.release.reader.words import HAS_WORDS, Words

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
    sought: Words = field(default_factory=lambda: Words(None), compare=False, repr=False)
    """The words of `q`, and what was found of them: filters made of others for the same words share it."""

    def __post_init__(self) -> None:
        if self.sought.q != self.q:
            object.__setattr__(self, "sought", Words(self.q))

    def sql(self, *, titles: bytes | None = None, few: list[int] | None = None) -> tuple[str, list[Any]]:
        """Return a WHERE condition over the table `line` (or a cube) and its parameters.

        `titles`: the bits of the descriptions that have the words, where lines have a description's number (see `Store.where`); without
        them the words are sought in the key of each description. `few`: their numbers, where they are few enough to look up each of them.
        """
        conditions = ["flow = ?"]
        values: list[Any] = [self.flow]
        for column, value in self._equal():
            if column != "flow":
                conditions.append(f'"{column}" = ?')
                values.append(value)
        if self.it_only:
            # Not as a list of the six: a list is read by a join, which does not keep the lines in their order.
            conditions += ["class <> ?"] * len(_OTHER_CLASSES)
            values += _OTHER_CLASSES
        if few:
            # Written out: numbers of our own making, which the engine's index takes.
            conditions.append(f"title_id in ({', '.join(map(str, few))})")
        elif self.words and titles is not None:
            conditions.append(HAS_WORDS if titles else "false")
            values += [titles] if titles else []
        elif self.words:
            each, sought = self.in_key("title_key")
            conditions.append(each)
            values += sought
        return " and ".join(conditions), values

    def parted(self) -> tuple[Filters, Filters]:
        """Return what of the filters every cube holds (see `cubes.BASE`), and the rest: together they mean the same."""
        nothing: dict[str, Any] = dict.fromkeys(_IN_BASE)
        others: dict[str, Any] = dict.fromkeys(_COLUMN.keys() - _IN_BASE - {"flow"})
        return replace(self, q=None, **others), replace(self, it_only=False, **nothing)

    @property
    def words(self) -> list[str]:
        """Return the words that a description must have, as keys have them."""
        return self.sought.each

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
        same = all(line[column] == value for column, value in self._equal())
        return same and not (self.it_only and line["class"] in _OTHER_CLASSES)

    @property
    def columns(self) -> set[str]:
        """Return the columns of the serving index that the condition needs."""
        used = {column for column, _ in self._equal()}
        if self.it_only:
            used.add("class")
        if self.words:
            used.add("title_id")
        return used

    def _equal(self) -> list[tuple[str, Any]]:
        """Return each column that must have a value, and the value."""
        return [
            (_COLUMN[f.name], getattr(self, f.name))
            for f in fields(self)
            if f.name in _COLUMN and getattr(self, f.name) is not None
        ]


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
_IN_BASE = {"year", "stage", "book", "cls", "mode"}
