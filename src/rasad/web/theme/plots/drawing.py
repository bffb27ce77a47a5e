"""From what a drawing shows to its SVG, at the widths of desks and phones, and to its legend."""

from __future__ import annotations

from rasad.web.theme.plots.kinds import Map, Plot, Scatter, Stack
from rasad.web.theme.plots.network import network
from rasad.web.theme.plots.scatter import scatter
from rasad.web.theme.plots.stack import stack

WIDTHS = (("wide", 760.0), ("narrow", 350.0))
"""A drawing is made twice, so that its letters are as large on a phone: the style sheet shows one of the two."""

Entry = dict[str, str]


def drawings(plot: Plot, *, rtl: bool) -> list[str]:
    """Return the drawing: once for each width, or once in its own size."""
    if isinstance(plot, Map):
        return [network(plot, rtl)]
    if isinstance(plot, Scatter):
        return [scatter(plot, width, rtl, kind) for kind, width in WIDTHS] if plot.dots else []
    if isinstance(plot, Stack):
        return [stack(plot, width, rtl, kind) for kind, width in WIDTHS]
    raise TypeError(f"no drawing of {type(plot).__name__}")


def legend(plot: Plot) -> list[Entry]:
    """Return what stands for what."""
    if isinstance(plot, Stack):
        return [
            *({"kind": "layer", "name": one.name, "cls": one.cls} for one in plot.layers),
            *({"kind": one.kind, "name": one.name, "cls": one.cls} for one in plot.limits),
        ]
    if isinstance(plot, Map):
        return [{"kind": "box", "name": name, "cls": mark} for mark, name in plot.key]
    return []
