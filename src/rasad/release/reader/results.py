"""What the reader answers with. Money is an integer in the currency's smallest unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BreakdownRow:
    """One group: its key (empty where the lines have none), label, amount, number of lines, share of the total (0 to 1)."""

    key: str
    label: str
    amount: int
    lines: int
    share: float | None


@dataclass(frozen=True)
class Breakdown:
    """Groups of one stage: the page of `rows` asked for, how many `groups` in all, and the total of all of them.

    Grouped by stage, `total_amount` is None and no row has a share.
    """

    by: str
    rows: list[BreakdownRow]
    groups: int
    total_amount: int | None
    total_lines: int
    currency: str


@dataclass(frozen=True)
class StageRow:
    """One group at every stage: stage → amount; a stage without figures is absent."""

    key: str
    label: str
    amounts: dict[str, int]
    lines: int


@dataclass(frozen=True)
class Supplier:
    """A supplier: its key, name, valid id and kind of id, whether it is the group of natural persons, its number of lines."""

    key: str
    name: str
    supplier_id: str
    kind: str
    is_person: bool
    lines: int


@dataclass(frozen=True)
class Hit:
    """A search result: `kind` (line or supplier), its key, label, and for lines the line itself."""

    kind: str
    key: str
    label: str
    lines: int
    amount: int | None
    line: dict[str, Any] | None = None


@dataclass(frozen=True)
class Found:
    """A page of `hits` and how many there are in all: exactly `count`, or `more` than that."""

    hits: list[Hit]
    count: int
    more: bool = False


@dataclass(frozen=True)
class Coverage:
    """How far the data goes: for each fiscal year and stage of a flow and book, the lines and the amount."""

    flow: str
    book: str
    year: int
    stage: str
    lines: int
    amount: int
    first_date: str | None
    last_date: str | None
