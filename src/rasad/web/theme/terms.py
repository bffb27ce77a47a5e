"""The glossary: terms in both languages, read from `terms.toml`, and which heading of a page each of them explains."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, override

FILE = Path(__file__).with_name("terms.toml")


@dataclass(frozen=True)
class Term:
    """One term in one language. `name` and `other_name` (in the other language); `what` is shown in place, `more` on its own page alone.

    `lists` are the terms that it is the heading of, `see` those to read next.
    """

    id: str
    name: str
    other_name: str
    what: str
    more: str = ""
    lists: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Terms of one matter, in the order in which they are read."""

    id: str
    name: str
    terms: tuple[Term, ...]


@cache
def groups(lang: str) -> tuple[Group, ...]:
    """Return the whole glossary in "fa" or "en"."""
    return tuple(
        Group(group["id"], group[lang], tuple(_term(term, lang) for term in group["term"]))
        for group in _file()
    )


@cache
def by_id(lang: str) -> dict[str, Term]:
    """Return id → term."""
    return {term.id: term for group in groups(lang) for term in group.terms}


def named(text: object, lang: str) -> Term | None:
    """Return the term that a heading of a page means, None where it means none."""
    return _headings(lang).get(str(text))


def raw_terms() -> Iterator[dict[str, Any]]:
    """Yield every term as the file has it."""
    for group in _file():
        yield from group["term"]


@cache
def _file() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["group"]
    return found


def _term(term: dict[str, Any], lang: str) -> Term:
    return Term(
        id=term["id"],
        name=term[lang],
        other_name=term["en" if lang == "fa" else "fa"],
        what=term[f"what_{lang}"],
        more=term.get(f"more_{lang}", ""),
        lists=tuple(term.get("lists", ())),
        see=tuple(term.get("see", ())),
    )


@cache
def _headings(lang: str) -> dict[str, Term]:
    """Return heading → term: each term's own name, and the texts of pages that the file says it explains, in the language."""
    found: dict[str, Term] = {}
    with override(lang):
        for term in raw_terms():
            own = [] if term.get("name") == "off" else [term[lang]]
            for text in (*own, *(gettext(head) for head in term.get("heads", ()))):
                found.setdefault(text, by_id(lang)[term["id"]])
    return found
