"""Where the stations of a map stand: in columns, each after all that lead to it, in an order in which few arrows cross.

Layers by longest way, long arrows bent in every column between (Sugiyama, Tagawa and Toda 1981), orders by the mean of the neighbours'
places, heights as near to the neighbours' as the distances allow (pool adjacent violators).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

SWEEPS = 6
ROOM, BEND = 46.0, 16.0
"""Height that a station takes, and that a bend of an arrow does."""

Node = str | tuple[int, int]
"""A station's key, or the bend of an arrow (its number) in a column."""


@dataclass(frozen=True)
class Laid:
    """Columns from the first, and the middle of each node, from the top."""

    columns: list[list[Node]]
    y: dict[Node, float]
    ways: list[list[Node]]
    """For each arrow the nodes that it runs through."""

    @property
    def height(self) -> float:
        return max((place for place in self.y.values()), default=0.0) + ROOM / 2


def lay(keys: Sequence[str], arrows: Sequence[tuple[str, str]]) -> Laid:
    """Return the places of stations that arrows join; arrows go round in no circle."""
    column = _columns(keys, arrows)
    columns: list[list[Node]] = [[] for _ in range(max(column.values(), default=0) + 1)]
    for key in keys:
        columns[column[key]].append(key)
    ways: list[list[Node]] = []
    for number, (source, target) in enumerate(arrows):
        bends: list[Node] = [(number, at) for at in range(column[source] + 1, column[target])]
        for at, bend in enumerate(bends, column[source] + 1):
            columns[at].append(bend)
        ways.append([source, *bends, target])
    before: dict[Node, list[Node]] = defaultdict(list)
    after: dict[Node, list[Node]] = defaultdict(list)
    for way in ways:
        for one, other in itertools.pairwise(way):
            after[one].append(other)
            before[other].append(one)
    y: dict[Node, float] = {}
    for nodes in columns:
        _spaced(nodes, dict.fromkeys(nodes, 0.0), y)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near = before if forward else after
        for nodes in columns if forward else columns[::-1]:
            wished = {one: _mean([y[other] for other in near[one]], y[one]) for one in nodes}
            nodes.sort(key=lambda one: wished[one])
            _spaced(nodes, wished, y)
    top = min((place - _half(one) for one, place in y.items()), default=0.0)
    return Laid(columns, {one: place - top for one, place in y.items()}, ways)


def _columns(keys: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return how many steps the longest way to each station has."""
    found = dict.fromkeys(keys, 0)
    for _ in keys:
        moved = False
        for source, target in arrows:
            if found[target] <= found[source]:
                found[target], moved = found[source] + 1, True
        if not moved:
            break
    return found


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _half(one: Node) -> float:
    return (ROOM if isinstance(one, str) else BEND) / 2


def _spaced(nodes: list[Node], wished: dict[Node, float], y: dict[Node, float]) -> None:
    """Write the places nearest to those wished, in the nodes' order, at which none runs into the next."""
    offsets, offset = [], 0.0
    for at, one in enumerate(nodes):
        offset += _half(one) + (_half(nodes[at - 1]) if at else 0.0)
        offsets.append(offset)
    # What is wished, less the room of those above, must not fall: stretches that do are drawn together at their mean.
    pools: list[tuple[float, int]] = []
    for one, room in zip(nodes, offsets, strict=True):
        value, count = wished[one] - room, 1
        while pools and pools[-1][0] > value:
            last, size = pools.pop()
            value, count = (last * size + value * count) / (size + count), size + count
        pools.append((value, count))
    bases = [value for value, count in pools for _ in range(count)]
    for one, base, room in zip(nodes, bases, offsets, strict=True):
        y[one] = base + room
