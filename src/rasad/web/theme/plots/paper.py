"""Shapes of an SVG that reads in the page's direction. Colours come from the style sheet by class, so that a drawing follows light and dark."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe


@dataclass
class Paper:
    """A sheet; x is measured from where reading begins, y from the top."""

    width: float
    height: float
    rtl: bool
    parts: list[str] = field(default_factory=list)

    def at(self, x: float) -> float:
        return self.width - x if self.rtl else x

    def rect(
        self, x: float, y: float, width: float, height: float, kind: str, *, title: str = "", cls: str = ""
    ) -> None:
        left = self.width - x - width if self.rtl else x
        self.parts.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" class="{kind}"{_cls(cls)}>{_title(title)}</rect>'
        )

    def circle(self, x: float, y: float, radius: float, kind: str, *, title: str = "") -> None:
        self.parts.append(
            f'<circle cx="{self.at(x):.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}">{_title(title)}</circle>'
        )

    def line(self, points: Sequence[tuple[float, float]], kind: str, *, cls: str = "") -> None:
        """Draw a line through points."""
        told = " ".join(f"{self.at(x):.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{told}" class="{kind}"{_cls(cls)}/>')

    def curve(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Draw a line that leaves and reaches every point along the direction of reading."""
        told = [f"M{self.at(points[0][0]):.1f} {points[0][1]:.1f}"]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            middle = self.at((x1 + x2) / 2)
            told.append(f"C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {self.at(x2):.1f} {y2:.1f}")
        self.parts.append(f'<path d="{"".join(told)}" class="{kind}"/>')

    def tip(self, x: float, y: float, size: float, kind: str) -> None:
        """Draw the head of an arrow whose point is here."""
        points = ((x, y), (x - size, y - size * 0.6), (x - size, y + size * 0.6))
        told = " ".join(f"{self.at(px):.1f},{py:.1f}" for px, py in points)
        self.parts.append(f'<polygon points="{told}" class="{kind}"/>')

    def text(self, x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> None:
        """Write a text; `anchor`: which part of it stands at x, as it is read."""
        named = f' class="{kind}"' if kind else ""
        self.parts.append(
            f'<text x="{self.at(x):.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(text)}</text>'
        )

    @contextmanager
    def link(self, url: str) -> Any:
        """Let what is drawn meanwhile lead somewhere: for the pointer alone, the table has the same links for the keyboard."""
        if url:
            self.parts.append(f'<a href="{escape(url)}" tabindex="-1">')
        yield
        if url:
            self.parts.append("</a>")

    def svg(self, kind: str) -> SafeString:
        """Return the drawing; `kind` says where it is shown: "wide", "narrow", or "all"."""
        size = f'viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
        fixed = f' width="{self.width:.0f}" height="{self.height:.0f}"' if kind == "all" else ""
        return mark_safe(  # noqa: S308 - texts are escaped where they are written
            f'<svg class="plot-{kind}" {size}{fixed} aria-hidden="true" focusable="false">{"".join(self.parts)}</svg>'
        )


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""


def _cls(cls: str) -> str:
    return f' data-class="{escape(cls)}"' if cls else ""


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def ticks(low: float, high: float, wished: int = 4) -> list[float]:
    """Return round values that span from low to high: about as many as wished, in steps of 1, 2 or 5."""
    # Values that differ by less than can be drawn are one value.
    span = high - low
    if span <= 1e-9 * max(abs(high), abs(low), 1e-6):
        span = abs(high) if abs(high) > 1e-9 else 1.0
    raw = span / max(wished, 1)
    size = 10.0 ** math.floor(math.log10(raw))
    step = size * next(one for one in (1, 2, 5, 10) if size * one >= raw * (1 - 1e-9))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [at * step for at in range(first, max(last, first + 1) + 1)]
