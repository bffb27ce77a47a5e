"""A map of what leads to what."""

from __future__ import annotations

from rasad.web.theme.plots.kinds import Map
from rasad.web.theme.plots.layers import lay
from rasad.web.theme.plots.paper import Paper, shortened

BOX, GAP, TALL = 176.0, 64.0, 36.0
LETTERS = 25
"""How much of a name fits into a box."""


def network(plot: Map, rtl: bool) -> str:
    """Return the drawing in its own size: the frame around it scrolls where it is wider."""
    keys = [one.key for one in plot.stations]
    laid = lay(keys, [(one.source, one.target) for one in plot.arrows])
    paper = Paper(len(laid.columns) * (BOX + GAP) - GAP + 2, laid.height + 2, rtl)
    column = {node: at for at, nodes in enumerate(laid.columns) for node in nodes}
    for arrow, way in zip(plot.arrows, laid.ways, strict=True):
        points = []
        for node in way:
            left = 1 + column[node] * (BOX + GAP)
            if node != way[0]:
                points.append((left - (7 if node == way[-1] else 0), laid.y[node]))
            if node != way[-1]:
                points.append((left + BOX, laid.y[node]))
        paper.curve(points, "plot-arrow")
        end = 1 + column[way[-1]] * (BOX + GAP)
        paper.tip(end - 1, laid.y[way[-1]], 7, "plot-head")
        if arrow.label:
            paper.text(end - 12, laid.y[way[-1]] - 6, arrow.label, "plot-label", anchor="end")
    for one in plot.stations:
        left, top = 1 + column[one.key] * (BOX + GAP), laid.y[one.key] - TALL / 2
        with paper.link(one.url):
            paper.rect(left, top, BOX, TALL, f"plot-box {one.mark}".strip(), title=one.title or one.name)
            paper.text(left + 9, top + (15 if one.note else 22), shortened(one.name, LETTERS), "plot-name")
            if one.note:
                paper.text(left + 9, top + 29, shortened(one.note, LETTERS + 3), "plot-tick")
    return paper.svg("all")
