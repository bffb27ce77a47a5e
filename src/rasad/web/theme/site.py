"""What the frame of every page needs to know: the city, the release, the navigation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Link:
    """A named address; `current` where it is the page's own (or the section it stands in).

    `key` is the letter that leads there after "g", for who uses the keyboard; "" where there is none.
    """

    label: str
    url: str
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Site:
    """The context variable `site` of `theme/base.html`.

    `currency` is an ISO 4217 code, `calendar` is "jalali" or "gregorian"; both decide how the tags show amounts and dates.
    `release_hash` is the SHA-256 of the release's manifest, in hexadecimal. A page shown before a release is open passes no site.
    `glossary_url` is where terms are explained; without it no heading offers its explanation.
    """

    city: str
    currency: str
    calendar: str = "jalali"
    sample: bool = False
    home_url: str = "/"
    search_url: str = ""
    nav: tuple[Link, ...] = ()
    release_number: str = ""
    release_hash: str = ""
    release_url: str = ""
    as_of: date | None = None
    licence: str = ""
    licence_url: str = ""
    footer: tuple[Link, ...] = field(default=())
    glossary_url: str = ""
