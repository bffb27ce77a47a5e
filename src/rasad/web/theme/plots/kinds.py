"""What a drawing shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Axis:
    """One measure: its name, how a value on it is written, and a remark beside the name ("more is better")."""

    name: str
    text: Callable[[float], str]
    note: str = ""


@dataclass(frozen=True)
class Dot:
    """One point: its place, a short label (a number), what is said on hovering, where a click leads, and how it is marked."""

    x: float
    y: float
    label: str
    title: str
    url: str = ""
    mark: Literal["", "chosen", "open"] = ""


@dataclass(frozen=True)
class Layer:
    """One layer of a stack, with a value for each category; `cls` is the class whose colour it takes."""

    name: str
    values: Sequence[float]
    texts: Sequence[str]
    cls: str = ""


@dataclass(frozen=True)
class Limit:
    """A line over a stack, with a value for each category (None: none there).

    step   what the whole stack is held against: one line from category to category
    cap    what the lowest layers are held against: a marked line in each category, in the colour of `cls`
    """

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    kind: Literal["step", "cap"] = "step"
    cls: str = ""


@dataclass(frozen=True)
class Station:
    """One thing of a map: its name, a quieter line below it, what is said on hovering, and how it is marked."""

    key: str
    name: str
    note: str = ""
    title: str = ""
    url: str = ""
    mark: Literal["", "inside", "fixed"] = ""


@dataclass(frozen=True)
class Arrow:
    """What leads from one station to another; `label` is written on it."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True)
class Plot:
    """What every drawing has: an id, a title, and a line below it."""

    id: str
    title: str
    subtitle: str = ""


@dataclass(frozen=True)
class Scatter(Plot):
    """Points of two measures; `line` joins them in their order."""

    x: Axis = field(default_factory=lambda: Axis("", str))
    y: Axis = field(default_factory=lambda: Axis("", str))
    dots: Sequence[Dot] = ()
    line: bool = False


@dataclass(frozen=True)
class Stack(Plot):
    """Stacked bars over categories, the first layer lowest, with limits as lines."""

    categories: Sequence[str] = ()
    axis: Axis = field(default_factory=lambda: Axis("", str))
    layers: Sequence[Layer] = ()
    limits: Sequence[Limit] = ()


@dataclass(frozen=True)
class Map(Plot):
    """What leads to what: every station stands after all that lead to it."""

    stations: Sequence[Station] = ()
    arrows: Sequence[Arrow] = ()
    key: Sequence[tuple[str, str]] = ()
    """Marks and their names, for the legend."""


@dataclass(frozen=True)
class Reach:
    """How far one input moves a figure: from `low` to `high`, each with its text; `note` says what the input is."""

    name: str
    note: str
    low: float
    high: float
    low_text: str
    high_text: str


@dataclass(frozen=True)
class Tornado:
    """What moves a figure most: a table whose bars stand below one another, so that it is its own figure and reads without them."""

    id: str
    title: str
    subtitle: str
    corner: str
    rows: Sequence[Reach]

    def bars(self) -> list[tuple[Reach, float, float]]:
        """Return each row with where its bar begins and how long it is, in hundredths of what all reach together."""
        ends = [value for one in self.rows for value in (one.low, one.high)]
        least, most = min(ends), max(ends)
        whole = (most - least) or 1.0
        return [
            (one, round(100 * (min(one.low, one.high) - least) / whole, 2), round(max(0.6, 100 * abs(one.high - one.low) / whole), 2))
            for one in self.rows
        ]  # fmt: skip
