"""Columns of text: each distinct text once, in its clean form and as its search key, the same as `rasad.persian.text` has each by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

import polars as pl

from rasad.persian.text import CHAR_MAP, KEY_CHAR_MAP, KEY_STEPS, STEPS, normalise, search_key

Steps = tuple[tuple[str, str], ...]
Change = Callable[[pl.Series], pl.Series]

FEW = 1_000
"""So many texts are changed sooner one by one than by compiling the patterns once more; most were met in an earlier file."""
LONG = 1_000
"""Bytes that each of the few may have."""
SLICE = 50_000
"""Texts that are changed at once: what Polars does to one column of text takes one core, slices of it take several."""
WORKERS = 4
_SEED = 11
MOSTLY = 0.7
"""The share of texts that stand alone from which looking for the others costs more than it saves."""


def normalised(text: pl.Expr) -> pl.Expr:
    """Return the column as `rasad.persian.text.normalise` would have each value."""
    return _in_steps(text.str.replace_many(CHAR_MAP), STEPS)


def key(normal: pl.Expr) -> pl.Expr:
    """Return the search key of a column that is normalised already."""
    return _in_steps(normal.str.replace_many(KEY_CHAR_MAP), KEY_STEPS)


def _in_steps(text: pl.Expr, steps: Steps) -> pl.Expr:
    for pattern, replacement in steps:
        text = text.str.replace_all(pattern, replacement)
    return text


def normal_texts(text: pl.Series) -> pl.Series:
    """Return the same as `normalised`, many times faster: few texts have any of the characters and places that its steps look for."""
    return _one_by_one(text, _known_normal) if _are_few(text) else _sliced(text, _normal)


def key_texts(normal: pl.Series) -> pl.Series:
    """Return the same as `key`, faster likewise."""
    return _one_by_one(normal, _known_key) if _are_few(normal) else _sliced(normal, _key)


_known_normal = lru_cache(maxsize=50_000)(normalise)
_known_key = lru_cache(maxsize=50_000)(search_key)


def _are_few(text: pl.Series) -> bool:
    # What is remembered is bounded in number, so it is bounded in length too.
    return text.len() <= FEW and bool((text.str.len_bytes().fill_null(0) <= LONG).all())


def _one_by_one(text: pl.Series, known: Callable[[str], str]) -> pl.Series:
    changed = [one if one is None else known(one) for one in text.to_list()]
    return pl.Series(text.name, changed, dtype=pl.String)


def _normal(text: pl.Series) -> pl.Series:
    return _through(_letters(text, _FEW, _REST, _REST_CLASS), STEPS)


def _key(normal: pl.Series) -> pl.Series:
    if is_ascii(normal):
        # Of ASCII the map has the capitals alone.
        return _through(normal.str.to_lowercase(), KEY_STEPS)
    return _through(_letters(normal, _KEY_FEW, _KEY_REST, _KEY_REST_CLASS), KEY_STEPS)


def _letters(text: pl.Series, few: dict[str, str], rest: dict[str, str], rest_class: str) -> pl.Series:
    """Return the texts with both maps applied: what they give is not replaced again, so one can go after the other."""
    if is_ascii(text):
        return where(text, _CONTROLS, lambda some: some.str.replace_many(rest))
    return where(text.str.replace_many(few), rest_class, lambda some: some.str.replace_many(rest))


def is_ascii(text: pl.Series) -> bool:
    """Whether the column has no character beyond ASCII."""
    return text.str.len_bytes().sum() == text.str.len_chars().sum()


def _through(text: pl.Series, steps: Steps) -> pl.Series:
    """Return the texts changed by the steps, one after another. A text that none of them finds stays what it is."""
    if not steps:
        return text

    def change(some: pl.Series) -> pl.Series:
        for place, (pattern, replacement) in enumerate(steps):
            met = some.str.contains(pattern)
            if met.any():
                # What the first step has changed is looked at anew for those that follow: few texts need more than one.
                changed = _put(some, met, some.filter(met).str.replace_all(pattern, replacement))
                return _through(changed, steps[place + 1 :])
        return some

    return where(text, "|".join(f"(?:{pattern})" for pattern, _ in steps), change)


def where(text: pl.Series, pattern: str, change: Change) -> pl.Series:
    """Return the column with `change` made to those texts that contain the pattern."""
    met = text.str.contains(pattern)
    return _put(text, met, change(text.filter(met))) if met.any() else text


def _put(text: pl.Series, met: pl.Series, changed: pl.Series) -> pl.Series:
    # A series that others hold is never written to: `scatter` works in place.
    return changed if changed.len() == text.len() else text.clone().scatter(met.arg_true(), changed)


def _sliced(text: pl.Series, change: Change) -> pl.Series:
    if text.len() <= SLICE:
        return change(text)
    with ThreadPoolExecutor(WORKERS) as pool:
        slices = [text.slice(start, SLICE) for start in range(0, text.len(), SLICE)]
        return pl.concat(list(pool.map(change, slices)), rechunk=True)


def _class(chars: dict[str, str]) -> str:
    return "[" + "".join(re.escape(char) for char in chars) + "]"


def _parted(letters: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the letters that Persian texts are full of, and the others: a few letters are looked for twice as fast as a thousand."""
    few = {char: new for char, new in letters.items() if "\u0600" <= char <= "\u06ff" or char in _OFTEN}
    return few, {char: new for char, new in letters.items() if char not in few}


# None of ASCII but capitals, which the clean form keeps: a text of ASCII alone is not looked at for these.
_OFTEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00a0\u200b\u200c\u200d\u200e\u200f\ufeff"
_FEW, _REST = _parted(CHAR_MAP)
_KEY_FEW, _KEY_REST = _parted(KEY_CHAR_MAP)
# Written once: of a thousand characters each has to be escaped.
_REST_CLASS, _KEY_REST_CLASS = _class(_REST), _class(_KEY_REST)
# All that a text of ASCII can have of them: of the key's map capitals alone, and `_key` sees to these.
_CONTROLS = _class({char: new for char, new in CHAR_MAP.items() if char.isascii()})


@dataclass(frozen=True)
class Distinct:
    """A column of text: `texts`, each once (null among them), and for each row the place of its text; None where each row keeps its own."""

    texts: pl.Series
    places: pl.Series | None

    def spread(self, found: pl.Series) -> pl.Series:
        """Return what was found of each text for each row."""
        return found if self.places is None else found.gather(self.places)


def distinct(cell: pl.Series) -> Distinct:
    """Return the distinct texts of a column; all of them as they stand, where most are seen once."""
    first, places = _alike(cell.hash(_SEED))
    if first.len() > MOSTLY * cell.len():
        return Distinct(cell, None)
    texts = cell.gather(first)
    # Whether two texts share a hash is looked at, not hoped.
    if not texts.gather(places()).eq_missing(cell).all():
        return Distinct(cell, None)
    return Distinct(texts, places())


def distinct_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Return the distinct rows of a frame, and for each row the place of its like among them."""
    first, places = _alike(frame.hash_rows(_SEED))
    rows = frame[first]
    if not rows[places()].equals(frame):
        return frame, pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    return rows, places()


def _alike(hashes: pl.Series) -> tuple[pl.Series, Callable[[], pl.Series]]:
    """Return where each hash stands first, and what gives for each row the place of its hash among them."""
    first = hashes.arg_unique()

    @cache
    def places() -> pl.Series:
        each = pl.int_range(first.len(), dtype=pl.UInt32, eager=True)
        table = pl.DataFrame({"hash": hashes.gather(first), "place": each})
        return hashes.to_frame("hash").join(table, on="hash", how="left", maintain_order="left")["place"]

    return first, places


def mapped(cell: pl.Series, change: Change) -> pl.Series:
    """Return `change` of the column, which looks at each text by itself: once for each distinct text."""
    found = distinct(cell)
    return found.spread(change(found.texts)).alias(cell.name)


def by_distinct(cell: pl.Series, *expressions: pl.Expr) -> pl.DataFrame:
    """Evaluate expressions over `pl.col("text")` once for each distinct text and give each row its values, in order."""
    found = distinct(cell.rename("text"))
    values = found.texts.to_frame().select("text", *expressions)
    return values if found.places is None else values[found.places]


class Texts:
    """The columns of one sheet, from any number of threads: the distinct texts of each are found and cleaned once, whoever asks."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._found: dict[str, tuple[Distinct, pl.Series]] = {}
        self._locks = {name: Lock() for name in frame.columns}

    def normal(self, name: str) -> tuple[Distinct, pl.Series]:
        """Return the distinct texts of a column and the clean form of each."""
        with self._locks[name]:
            if name not in self._found:
                found = distinct(self._frame[name])
                self._found[name] = found, normal_texts(found.texts)
            return self._found[name]

    def matching(self, name: str, pattern: str) -> pl.Series:
        """Return whether the clean form of each cell of a column contains the pattern."""
        found, normal = self.normal(name)
        return found.spread(normal.str.contains(pattern))
