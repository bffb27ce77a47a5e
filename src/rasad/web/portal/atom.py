"""Atom (RFC 4287): a feed and its entries as bytes. Texts are plain; content is XHTML, so that direction and language are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as tree

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"
TYPE = "application/atom+xml; charset=utf-8"
# What no XML document may hold, however it is written.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RLM = "\u200f"


@dataclass(frozen=True)
class Grid:
    """A small table: its heads, and rows of texts; the first cell of a row heads it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Entry:
    """One entry: `summary` is a sentence, `grids` stand below it. `url` is its page; `updated` has a time zone."""

    id: str
    title: str
    updated: datetime
    url: str
    summary: str
    grids: Sequence[Grid] = ()


@dataclass(frozen=True)
class Feed:
    """A feed in one language. `updated` is that of its newest entry, or of what it was made from."""

    id: str
    title: str
    subtitle: str
    lang: str
    author: str
    rights: str
    updated: datetime
    url: str
    page_url: str
    entries: Sequence[Entry]


def written(feed: Feed) -> bytes:
    """Return the feed as UTF-8 XML. ValueError where a time has no zone."""
    tree.register_namespace("", ATOM)
    rtl = feed.lang == "fa"
    root = tree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": feed.lang})
    _text(root, "id", feed.id)
    _text(root, "title", directed(feed.title, rtl))
    _text(root, "subtitle", directed(feed.subtitle, rtl))
    _text(root, "updated", _time(feed.updated))
    _link(root, "self", feed.url, "application/atom+xml")
    _link(root, "alternate", feed.page_url, "text/html", feed.lang)
    _text(tree.SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    if feed.rights:
        _text(root, "rights", feed.rights)
    _text(root, "generator", "Rasad")
    for entry in feed.entries:
        _entry(root, entry, feed.lang, rtl)
    found: bytes = tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def directed(text: str, rtl: bool) -> str:
    """Return a plain text that reads from the right where the language does, whatever it begins with."""
    return RLM + text if rtl else text


def _entry(root: tree.Element, entry: Entry, lang: str, rtl: bool) -> None:
    found = tree.SubElement(root, f"{{{ATOM}}}entry")
    _text(found, "id", entry.id)
    _text(found, "title", directed(entry.title, rtl))
    _text(found, "updated", _time(entry.updated))
    _text(found, "published", _time(entry.updated))
    _link(found, "alternate", entry.url, "text/html", lang)
    _text(found, "summary", directed(entry.summary, rtl))
    content = tree.SubElement(found, f"{{{ATOM}}}content", {"type": "xhtml"})
    # Its own namespace as the default one, without a prefix: readers of feeds are often no XML parsers.
    direction = {"dir": "rtl" if rtl else "ltr", "lang": lang, f"{{{XML}}}lang": lang}
    div = tree.SubElement(content, "div", {"xmlns": XHTML, **direction})
    _html(div, "p", entry.summary)
    for grid in entry.grids:
        table = _html(div, "table")
        _html(table, "caption", grid.caption)
        _row(_html(table, "thead"), grid.heads, ["th"] * len(grid.heads))
        body = _html(table, "tbody")
        for row in grid.rows:
            _row(body, row, ["th", *["td"] * (len(row) - 1)])


def _row(parent: tree.Element, cells: Iterable[str], tags: Iterable[str]) -> None:
    row = _html(parent, "tr")
    for cell, tag in zip(cells, tags, strict=True):
        _html(_html(row, tag), "bdi", cell)


def _html(parent: tree.Element, tag: str, text: str | None = None) -> tree.Element:
    found = tree.SubElement(parent, tag)
    if text is not None:
        found.text = _FORBIDDEN.sub("\ufffd", text)
    return found


def _text(parent: tree.Element, tag: str, text: str) -> None:
    tree.SubElement(parent, f"{{{ATOM}}}{tag}").text = _FORBIDDEN.sub("\ufffd", text)


def _link(parent: tree.Element, rel: str, href: str, kind: str, lang: str = "") -> None:
    attributes = {"rel": rel, "type": kind, "href": href, **({"hreflang": lang} if lang else {})}
    tree.SubElement(parent, f"{{{ATOM}}}link", attributes)


def _time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.isoformat(timespec="seconds")
