"""What columns are called: the headers of three languages, as data, and how well a header fits one of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rasad.persian.text import search_key

DATA = Path(__file__).parent / "data"
EXACT, PART = 1.0, 0.6


@dataclass(frozen=True)
class Meaning:
    """What a header may mean: `kind` is column, amount or year; `name` the column or the stage."""

    kind: str
    name: str


@cache
def vocabularies() -> dict[str, dict[str, Any]]:
    """Return the files of headers by language."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.toml"))}


@cache
def _aliases() -> dict[str, dict[Meaning, int]]:
    """Return search key → what it means, each with its place in its list: the first names are the surest."""
    found: dict[str, dict[Meaning, int]] = {}
    for words in vocabularies().values():
        for kind, section in (("column", "columns"), ("amount", "amounts")):
            for name, aliases in words[section].items():
                for place, alias in enumerate(aliases):
                    found.setdefault(search_key(alias), {}).setdefault(Meaning(kind, name), place)
        for alias in words["years"]["names"]:
            found.setdefault(search_key(alias), {}).setdefault(Meaning("year", "fiscal_year"), 0)
    return found


def meanings(header: str) -> dict[Meaning, float]:
    """Return what the header may mean, with how sure that is (0 to 1). Empty where it says nothing known."""
    key = search_key(header)
    known = _aliases()
    if key in known:
        return {meaning: EXACT - place / 1000 for meaning, place in known[key].items()}
    # «مبلغ پرداختی (میلیون ریال)»: an alias and words about the unit, or other words.
    words = [word for word in key.split() if word not in _unit_words()]
    if words and " ".join(words) != key and " ".join(words) in known:
        return dict.fromkeys(known[" ".join(words)], EXACT - 0.05)
    found: dict[Meaning, float] = {}
    mine = set(words)
    for alias, said in known.items():
        theirs = set(alias.split())
        if theirs <= mine and len(theirs) > len(mine) / 2 - 0.1:
            for meaning in said:
                sure = PART * len(theirs) / len(mine)
                found[meaning] = max(found.get(meaning, 0.0), sure)
    return found


@cache
def _unit_words() -> frozenset[str]:
    said = [
        alias for words in vocabularies().values() for names in words["scales"].values() for alias in names
    ]
    return frozenset(word for alias in said for word in search_key(alias).split()) | {
        "به",
        "ارقام",
        "eur",
        "gbp",
        "euros",
        "£",
    }


def scale(texts: list[str]) -> str | None:
    """Return the scale that headers and titles state, the longest name first («میلیون ریال» is not «ریال»); None where none does."""
    padded = " " + " | ".join(search_key(text) for text in texts) + " "
    named = [
        (search_key(alias), scale)
        for words in vocabularies().values()
        for scale, aliases in words["scales"].items()
        for alias in aliases
    ]
    for alias, name in sorted(named, key=lambda one: -len(one[0])):
        if f" {alias} " in padded:
            return str(name)
    return None


def says_revenue(texts: list[str]) -> bool:
    """Whether a header, a sheet's or a file's name speaks of revenue."""
    words = {search_key(alias) for one in vocabularies().values() for alias in one["flows"]["revenue"]}
    return any(f" {word} " in f" {search_key(text)} " for text in texts for word in words)


def language(headers: list[str]) -> str:
    """Return the language whose headers fit most: fa, en or es."""

    def fits(words: dict[str, Any]) -> int:
        known = {
            search_key(alias)
            for part in ("columns", "amounts")
            for names in words[part].values()
            for alias in names
        }
        return sum(search_key(header) in known for header in headers)

    best = max(vocabularies(), key=lambda one: fits(vocabularies()[one]))
    arabic = sum("\u0600" <= char <= "\u06ff" for header in headers for char in header)
    return "fa" if arabic > 3 else best
