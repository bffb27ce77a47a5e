"""The names under which the front-end build put its files."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "static" / "dist"
MANIFEST = DIST / "manifest.json"


def asset_url(name: str) -> str:
    """Return the address of a built file ("app.css", "app.js", "scheme.js", "font.woff2").

    Raises ImproperlyConfigured, with the command to run, when the front end is not built or has no such file.
    """
    names = _read() if settings.DEBUG else _cached()
    if name not in names:
        raise ImproperlyConfigured(f"the front-end build has no {name!r}: run `npm run build`")
    return static(f"dist/{names[name]}")


def _read() -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "the front end is not built: run `make demo`, or `npm ci && npm run build`"
        ) from None
    return names


_cached = lru_cache(maxsize=1)(_read)
