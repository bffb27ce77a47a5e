"""What pages hand to the components of the theme. Plain values: texts are already in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "text",
    "number",
    "money",
    "difference",
    "share",
    "change",
    "class",
    "mode",
    "stage",
    "date",
    "code",
    "hash",
    "chips",
]
NUMERIC = frozenset({"number", "money", "difference", "share", "change"})
MONEY = frozenset({"money", "difference"})
"""Kinds in the currency's smallest unit."""


@dataclass(frozen=True)
class Column:
    """One column of a `Table`.

    key    under which a row (a mapping) holds the value
    kind   how the value is shown; `share` is 0 to 1 and draws a bar, `money` is in the currency's smallest unit; `difference` (money) and
           `change` (a share of what was before) carry their sign
    link   key under which a row holds the address that the cell leads to, or ""
    sort   what `?order=` takes to sort by this column (descending as "-…"), or "" where it cannot be sorted
    unit   for money: the scale of the whole column (`rasad.persian.money.Unit`), named once in the header
    bar    for share: the key under which a row holds the class whose colour the bar takes, or ""
    note   key under which a row holds a second, quieter line below the value
    depth  key under which a row holds how deep it stands in a tree, from 0
    """

    key: str
    label: str
    kind: Kind = "text"
    link: str = ""
    sort: str = ""
    unit: str = "auto"
    bar: str = ""
    note: str = ""
    depth: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC


@dataclass(frozen=True)
class Table:
    """A data table. `total` is a row shown at the foot; `order` is the present `?order=` value.

    `stack` turns every row into a block on narrow screens; otherwise the table scrolls sideways there.
    `currency` is needed where a column is money and the page's site has another currency.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    total: Mapping[str, Any] | None = None
    order: str = ""
    stack: bool = True
    caption_hidden: bool = False
    row_header: str = ""
    empty: str = ""
    currency: str = ""

    @property
    def narrow(self) -> str:
        """How the table meets a narrow screen: "tight" (a name and figures: still a table), "stack" or "scroll"."""
        texts = sum(1 for column in self.columns if not column.numeric)
        if texts <= 1 and len(self.columns) <= 4:
            return "tight"
        return "stack" if self.stack else "scroll"


@dataclass(frozen=True)
class Stat:
    """One figure of a strip: `amount` (money) or `number`, or `text` as it is; `note` says what it is of."""

    label: str
    amount: int | None = None
    number: int | None = None
    share: float | None = None
    text: str = ""
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class Option:
    """One choice of a filter. `count` is how many lines it would leave, where known."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Field:
    """One field of a filter form: a list of choices, a text, or a tick box (`kind`)."""

    name: str
    label: str
    value: str = ""
    options: Sequence[Option] = ()
    kind: Literal["select", "text", "tick", "radio"] = "select"
    empty: str = ""
    placeholder: str = ""


@dataclass(frozen=True)
class Chip:
    """A filter that is on: its name, its value and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Pages:
    """Where a list stands: page `number` of `count`, from 1; the addresses of its neighbours."""

    number: int
    count: int
    first: int
    last: int
    total: int
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Download:
    """A file that holds exactly what the page shows. `detail` may say rows or size."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of a definition list: the value as read, beside the text as it stood in the file (`raw`)."""

    label: str
    value: Any = ""
    kind: Kind = "text"
    raw: str | None = None
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Matrix:
    """A grid of amounts: `cells[i][j]` for `rows[i]` and `columns[j]`, None where there is no data.

    With kind "share" the cells are 0 to 1 and are tinted by size.
    """

    id: str
    caption: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[str]
    cells: Sequence[Sequence[int | float | None]]
    kind: Literal["money", "number", "share"] = "money"
    unit: str = "auto"
    links: Sequence[str] = ()
    currency: str = ""


Slot = Literal["", "work", "running", "serves", "late", "waits"]
"""What a thing does in a period: nothing, work, work that began before it was planned, service, work beyond its promised end, or waiting
although it was to have begun."""


@dataclass(frozen=True)
class Bar:
    """One line of a `Timeline`: what it does in each period, and its amount (None: none)."""

    name: str
    slots: Sequence[Slot]
    amount: int | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Lane:
    """Lines of a `Timeline` under one heading."""

    name: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Timeline:
    """What runs when: a table whose columns are periods, so that it is its own figure and reads without colour.

    `years`: names and numbers of columns of a line of heads above the periods, which then need no year of their own; none: no such line.
    """

    id: str
    caption: str
    corner: str
    periods: Sequence[str]
    lanes: Sequence[Lane]
    amount: str = ""
    currency: str = ""
    caption_hidden: bool = False
    years: Sequence[tuple[str, int]] = ()
