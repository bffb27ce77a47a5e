"""Draws a card as a PNG of 1200 × 630 pixels with Typst, which shapes Persian and sets it from right to left."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst
from django.core.exceptions import ImproperlyConfigured

from rasad.web.portal.pictures.card import Card, cut
from rasad.web.theme.assets import DIST

TEMPLATE = Path(__file__).with_name("card.typ")
SIZE = (1200, 630)
KEPT = 128
"""Pictures kept in memory, each some 60 to 120 kB; the one that nobody asked for longest goes first."""
PATIENCE = 10.0
"""Seconds to wait while others are drawn: one at a time, so that pictures never take the place of pages."""


class Busy(Exception):
    """Too many pictures are being drawn."""


@dataclass(frozen=True)
class Drawing:
    """A card with what stands around it on every picture: the city, the release and its hash, a remark on invented data."""

    card: Card
    lang: str
    rasad: str
    city: str
    sample: str
    creed: str
    release: str
    hash: str


_drawing = threading.Lock()


@lru_cache(maxsize=KEPT)
def png(drawing: Drawing) -> bytes:
    """Return the picture; the same bytes for the same drawing, which holds the release's hash. Busy where others take too long."""
    if not _drawing.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return _drawn(drawing)
    finally:
        _drawing.release()


def _drawn(drawing: Drawing) -> bytes:
    # The card's texts travel as JSON and are strings to Typst: what stands in the data cannot become markup.
    values = _bounded(asdict(drawing))
    inputs = {"card": json.dumps({**values.pop("card"), **values}), "colours": _colours()}
    found = _compiler().compile(TEMPLATE.read_bytes(), format="png", ppi=72, sys_inputs=inputs)
    if not isinstance(found, bytes):
        raise TypeError("a card is one page")
    return found


def _bounded(value: Any) -> Any:
    """Return values with every text of a length that is drawn in no time."""
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    return [_bounded(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _compiler() -> typst.Compiler:
    """Return a compiler that knows the pages' own face and no other, so that a picture is the same everywhere."""
    face = DIST / "face"
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[face])
    if "Vazirmatn" not in fonts.families():
        raise ImproperlyConfigured(f"the front-end build has no face in {face}: run `npm run build`")
    return typst.Compiler(font_paths=fonts, root=face)


@cache
def _colours() -> str:
    return (DIST / "colours.json").read_text(encoding="utf-8")
