"""What a chart draws, as the JSON that `frontend/src/charts.ts` reads. A chart always stands beside its table.

Every datum carries its label as text that is already in the reader's language and digits; `value` only gives lengths and areas, so a
float is exact enough there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Item:
    """One bar or tile: `cls` is the class whose colour it takes, or "" for ink; `url` is where a click leads."""

    name: str
    value: float
    text: str
    cls: str = ""
    url: str = ""


@dataclass(frozen=True)
class Series:
    """One layer of a stacked bar or one line: `values` and `texts` stand beside the chart's categories (None: no data)."""

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    cls: str = ""


@dataclass(frozen=True)
class Node:
    """One place of a Sankey that flows come to and leave: `depth` is its column, from 0."""

    key: str
    name: str
    cls: str = ""
    url: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Flow:
    """One flow of a Sankey, from the node `source` to the node `target`."""

    source: str
    target: str
    value: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart: `bar`, `diverging` (bars to both sides of nought) and `treemap` draw `items`; `stacked` and `line` draw `series` over `categories`; `sankey` draws `flows` between `nodes`.

    `unit` names what is measured (it stands by the axis), `title` and `subtitle` head the figure, `source` closes it.
    """

    id: str
    kind: Literal["bar", "diverging", "stacked", "treemap", "line", "sankey"]
    title: str
    unit: str = ""
    subtitle: str = ""
    source: str = ""
    items: Sequence[Item] = field(default=())
    categories: Sequence[str] = field(default=())
    series: Sequence[Series] = field(default=())
    nodes: Sequence[Node] = field(default=())
    flows: Sequence[Flow] = field(default=())

    def data(self) -> dict[str, Any]:
        """Return what the script needs, ready for JSON."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "items": [asdict(item) for item in self.items],
            "categories": list(self.categories),
            "series": [asdict(series) for series in self.series],
            "nodes": [asdict(node) for node in self.nodes],
            "flows": [asdict(flow) for flow in self.flows],
        }

    @property
    def data_id(self) -> str:
        """The id of the block that holds the data."""
        return f"{self.id}-data"

    @property
    def rows(self) -> int:
        """How many bars stand below one another; decides the height of the drawing."""
        return len(self.items) if self.kind in ("bar", "diverging") else max(len(self.categories), 6)
