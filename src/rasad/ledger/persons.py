"""Natural persons among payees, told by their names.

In doubt a payee is a natural person: a name that is masked without need can be shown later, a name that was published cannot be taken back.
The words stand in `persons.toml`. What a name says is asked only where no valid id answers (see `rasad.ledger.link`), once for each distinct name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.suppliers import COMPANY_FORM
from rasad.persian.text import search_key


@dataclass(frozen=True)
class Said:
    """What a name says of who bears it. Nothing but `withheld` and `bare` is said of a name in which a company's form or an organisation stands.

    withheld: the source hides the name itself. honoured: an honorific comes first. bare: two to four words, as a person's name has.
    given: begins with a given name, or initials before a surname. inside: a given name anywhere in it. organisation: a word of one stands in it.
    venture: persons' names in the name of a joint venture.
    """

    withheld: bool
    honoured: bool
    bare: bool
    given: bool
    inside: bool
    organisation: bool
    venture: bool


class _Words:
    """Words and phrases, sought whole in a padded key."""

    def __init__(self, texts: Iterable[str]) -> None:
        keys = {search_key(text) for text in texts}
        self._single = {one for one in keys if " " not in one}
        self._phrases = tuple(f" {one} " for one in sorted(keys - self._single))

    def __contains__(self, word: str) -> bool:
        return word in self._single

    def stand_in(self, padded: str) -> bool:
        return not self._single.isdisjoint(padded.split()) or any(one in padded for one in self._phrases)

    def begin(self, padded: str) -> bool:
        first = padded.split(maxsplit=1)[:1]
        return (bool(first) and first[0] in self._single) or padded.startswith(self._phrases)


@dataclass(frozen=True)
class _Known:
    given: _Words
    withheld: _Words
    honorifics: _Words
    organisations: _Words
    trades: _Words


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def _known() -> _Known:
    """Return the words; made when they are first needed, which in most commands is never."""
    data = _data()
    given = _Words(word for names in data["given_names"].values() for word in names.split())
    lists = (data[name] for name in ("withheld", "honorifics", "organisations", "trades"))
    return _Known(given, *(_Words(words) for words in lists))


@cache
def latin_given_names() -> frozenset[str]:
    """Return the given names in Latin script, as search keys."""
    names = _data()["given_names"]
    return frozenset(search_key(word) for tongue in ("en", "es") for word in names[tongue].split())


@cache
def not_alone() -> frozenset[str]:
    """Return given names that are words of the language too: a text that begins with one names no person by that."""
    return frozenset(_data()["not_alone"])


_FORM = re.compile(COMPANY_FORM)
# What stands in brackets, a long number and a number behind are no part of the name: "Alan Storybook (396)", «رضا محمدی ۰۰۱۳۵۴۲۴۱۹».
_BESIDE = re.compile(r"\([^)]*\)|[0-9۰-۹٠-٩]{5,}|[0-9۰-۹٠-٩]+\s*$")
_SAINT = re.compile(r"(?<= )(?:san|santo|santa|st|saint) \w+")
# Of joint ventures: words that stand beside the partners' names.
_VENTURE = re.compile(r"(?<= )(?:u t e|ute|union temporal de empresas|ley 18(?: [0-9]+)?|de 26 de mayo)(?= )")


def said(name: str) -> Said:
    """Return what `name` says; see `Said`."""
    known = _known()
    whole = f" {search_key(name)} "
    alone = _BESIDE.sub(" ", name)
    bare = whole if alone == name else f" {search_key(alone)} "
    words = bare.split()
    letters = all(word.isalpha() for word in words)
    organisation = known.organisations.stand_in(whole)
    firm = organisation or _FORM.search(whole) is not None
    return Said(
        withheld=known.withheld.stand_in(whole),
        honoured=not firm and not known.trades.stand_in(whole) and known.honorifics.begin(whole),
        bare=not firm and letters and 2 <= len(words) <= 4,
        given=not firm and _given_first(bare),
        inside=not firm
        and letters
        and not known.trades.stand_in(whole)
        and len(words) > 1
        and known.given.stand_in(whole),
        organisation=organisation,
        venture=_of_persons(whole),
    )


def judged(names: pl.Series) -> pl.DataFrame:
    """Return `name` and the fields of `Said` for each distinct name of a column; null counts as the empty name."""
    distinct = names.fill_null("").unique()
    told = [field.name for field in fields(Said)]
    # Not `astuple`, which copies each value deeply.
    rows = [(name, *(getattr(one, field) for field in told)) for name in distinct for one in [said(name)]]
    schema = {"name": pl.String, **dict.fromkeys(told, pl.Boolean)}
    return pl.DataFrame(rows, schema=schema, orient="row")


@lru_cache(maxsize=100_000)
def hidden(name: str) -> bool:
    """Return whether the source itself has already withheld the name."""
    return _known().withheld.stand_in(f" {search_key(name)} ")


def _given_first(whole: str) -> bool:
    """Whether a padded key of a name is a given name (initials may stand before it) and up to four words more, or two or three initials and a surname."""
    known = _known()
    words = whole.split()
    if not all(word.isalpha() for word in words) or known.trades.stand_in(whole):
        return False
    initials = next((place for place, word in enumerate(words) if len(word) > 1), len(words))
    after = words[initials:]
    if len(after) == 1:
        return initials in (2, 3) and len(after[0]) >= 3
    return 2 <= len(after) <= 5 and after[0] in known.given


def _of_persons(whole: str) -> bool:
    """Whether the name of a joint venture holds an honorific, or a given name with a surname behind it (two, where it speaks of works or places too),
    and no company's form."""
    known = _known()
    partners = " ".join(_SAINT.sub(" ", _VENTURE.sub(" ", whole)).split())
    padded = f" {partners} "
    if _FORM.search(padded) or known.organisations.stand_in(padded):
        return False
    words = partners.split()
    surnames = 2 if known.trades.stand_in(padded) else 1
    named = (
        words[place + 1 : place + 1 + surnames] for place, word in enumerate(words) if word in known.given
    )
    return known.honorifics.stand_in(padded) or any(
        len(behind) == surnames and all(len(word) > 2 for word in behind) for behind in named
    )
