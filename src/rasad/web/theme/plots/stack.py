"""Stacked bars over categories, held against limits."""

from __future__ import annotations

from rasad.web.theme.plots.kinds import Stack
from rasad.web.theme.plots.paper import Paper, ticks


def stack(plot: Stack, width: float, rtl: bool, kind: str) -> str:
    """Return the drawing at a width."""
    narrow = width < 500
    height, side, foot, top = (270.0 if narrow else 320.0), (44.0 if narrow else 62.0), 26.0, 12.0
    paper = Paper(width, height, rtl)
    sums = [sum(layer.values[at] for layer in plot.layers) for at in range(len(plot.categories))]
    limits = [value for limit in plot.limits for value in limit.values if value is not None]
    up = ticks(0.0, max([*sums, *limits, 0.0]) or 1.0, 4)
    right, bottom = width - 4, height - foot
    step = (right - side) / max(len(plot.categories), 1)

    def y(value: float) -> float:
        return bottom - value / up[-1] * (bottom - top)

    for value in up:
        paper.line([(side, y(value)), (right, y(value))], "plot-grid")
        paper.text(side - 8, y(value) + 4, plot.axis.text(value), "plot-tick", anchor="end")
    # Names that would run into one another stand at every second or third.
    longest = max((len(name) for name in plot.categories), default=1)
    every = max(1, -(-int(longest * 7.2 + 8) // max(int(step), 1)))
    for at, name in enumerate(plot.categories):
        left, level = side + at * step, 0.0
        if at % every == 0:
            paper.text(left + step / 2, bottom + 18, name, "plot-tick", anchor="middle")
        for layer in plot.layers:
            value = layer.values[at]
            if value > 0:
                title = f"{layer.name} · {name}: {layer.texts[at]}"
                paper.rect(
                    left + step * 0.19,
                    y(level + value),
                    step * 0.62,
                    y(level) - y(level + value),
                    "plot-bar",
                    title=title,
                    cls=layer.cls,
                )
            level += value
    paper.line([(side, bottom), (right, bottom)], "plot-base")
    for limit in plot.limits:
        line: list[tuple[float, float]] = []
        for at, held in enumerate(limit.values):
            left = side + at * step
            if held is None:
                continue
            if limit.kind == "step":
                line += [(left, y(held)), (left + step, y(held))]
                continue
            ends = (left + step * 0.1, left + step * 0.9)
            paper.line([(ends[0], y(held)), (ends[1], y(held))], "plot-halo")
            paper.line([(ends[0], y(held)), (ends[1], y(held))], "plot-cap", cls=limit.cls)
            for end in ends:
                paper.line([(end, y(held) - 4), (end, y(held) + 4)], "plot-cap plot-whole", cls=limit.cls)
        if line:
            paper.line(line, "plot-halo")
            paper.line(line, "plot-step")
    return paper.svg(kind)
