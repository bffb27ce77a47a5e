"""One picture: cost against size, both axes logarithmic, as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 56, 132, 46, 44
PANEL = WIDTH / 2
GREY, INK = "#8a8f98", "#3b3f46"


@dataclass(frozen=True)
class Point:
    """What one size costs: seconds of import, of DuckDB's COPY, of building; milliseconds of the median page and of the slowest p95."""

    rows: int
    imported: float
    copied: float
    built: float
    middle: float
    slowest: float


def svg(points: list[Point]) -> str:
    """Return the picture: on the left what is done once, on the right what every reader waits for."""
    once = [("import", "#0b6e6e", [p.imported for p in points]), ("release and index", "#7a5195", [p.built for p in points]), ("DuckDB COPY", GREY, [p.copied for p in points])]  # fmt: skip
    each = [
        ("slowest p95", "#c0532b", [p.slowest for p in points]),
        ("median page", "#0b6e6e", [p.middle for p in points]),
    ]
    sizes = [p.rows for p in points]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_panel(0, "Once: seconds", sizes, once),
        *_panel(PANEL, "Every page: milliseconds", sizes, each),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(x0: float, title: str, sizes: list[int], lines: list[tuple[str, str, list[float]]]) -> list[str]:
    values = [value for _, _, each in lines for value in each]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    left, right = x0 + LEFT, x0 + PANEL - RIGHT
    top, bottom = TOP, HEIGHT - BOTTOM

    def x(size: float) -> float:
        return left + (right - left) * math.log10(size / sizes[0]) / max(1, math.log10(sizes[-1] / sizes[0]))

    def y(value: float) -> float:
        return bottom - (bottom - top) * math.log10(value / low) / math.log10(high / low)

    parts = [f'<text x="{left}" y="24" font-size="14" font-weight="600" fill="{INK}">{title}</text>']
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        value = 10.0**power
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#e4e6ea"/>'
        )
        parts.append(
            f'<text x="{left - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="{GREY}">{value:g}</text>'
        )
    for size in sizes:
        parts.append(
            f'<text x="{x(size):.1f}" y="{bottom + 20}" text-anchor="middle" fill="{GREY}">{_short(size)}</text>'
        )
    ends = sorted(((y(each[-1]), name, colour) for name, colour, each in lines), reverse=True)
    spots, last = [], math.inf
    for at, name, colour in ends:
        # Names do not stand on one another.
        last = min(at, last - 16)
        spots.append((last, name, colour))
    for _, colour, each in lines:
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, each, strict=True))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>'
            for size, value in zip(sizes, each, strict=True)
        ]
    parts += [
        f'<text x="{right + 10}" y="{at + 4:.1f}" fill="{colour}">{name}</text>' for at, name, colour in spots
    ]
    return parts


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k"
