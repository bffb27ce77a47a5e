"""Points of two measures."""

from __future__ import annotations

from rasad.web.theme.plots.kinds import Scatter
from rasad.web.theme.plots.paper import Paper, ticks

LABELLED = 30
"""With more points than this only marked ones carry their label."""


def scatter(plot: Scatter, width: float, rtl: bool, kind: str) -> str:
    """Return the drawing at a width."""
    narrow = width < 500
    height, side, foot, top = (300.0 if narrow else 380.0), (52.0 if narrow else 84.0), 52.0, 30.0
    paper = Paper(width, height, rtl)
    xs, ys = [one.x for one in plot.dots], [one.y for one in plot.dots]
    across = ticks(min(xs), max(xs), 3 if narrow else 5)
    up = ticks(min(ys), max(ys), 4)
    right, bottom = width - 22, height - foot

    def x(value: float) -> float:
        return side + (value - across[0]) / (across[-1] - across[0]) * (right - side)

    def y(value: float) -> float:
        return bottom - (value - up[0]) / (up[-1] - up[0]) * (bottom - top)

    for value in up:
        paper.line([(side, y(value)), (right, y(value))], "plot-grid")
        paper.text(side - 8, y(value) + 4, plot.y.text(value), "plot-tick", anchor="end")
    for value in across:
        paper.line([(x(value), top), (x(value), bottom)], "plot-grid")
        paper.text(x(value), bottom + 18, plot.x.text(value), "plot-tick", anchor="middle")
    paper.line([(side, bottom), (right, bottom)], "plot-base")
    paper.line([(side, top), (side, bottom)], "plot-base")
    paper.text(0, 13, _named(plot.y.name, plot.y.note), "plot-axis")
    paper.text(right, height - 8, _named(plot.x.name, plot.x.note), "plot-axis", anchor="end")
    if plot.line and len(plot.dots) > 1:
        paper.line([(x(one.x), y(one.y)) for one in plot.dots], "plot-path")
    for one in sorted(plot.dots, key=lambda dot: dot.mark == "chosen"):
        with paper.link(one.url):
            paper.circle(
                x(one.x),
                y(one.y),
                8 if one.mark == "chosen" else 5.5,
                f"plot-dot {one.mark}".strip(),
                title=one.title,
            )
        if len(plot.dots) <= LABELLED or one.mark == "chosen":
            paper.text(x(one.x), y(one.y) - 11, one.label, "plot-label", anchor="middle")
    return paper.svg(kind)


def _named(name: str, note: str) -> str:
    return f"{name} · {note}" if note else name
