"""Natural persons taken out of text: their names, ids, accounts, telephones and addresses.

Works on distinct texts, and on the few of them that carry something to hide.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial

import polars as pl
from stdnum import iban
from stdnum.es import nif

from rasad.ledger import texts
from rasad.ledger.classify.fold import folded
from rasad.ledger.mentions import MASK, candidates, without_persons
from rasad.ledger.persons import hidden
from rasad.persian import identifiers
from rasad.persian.text import search_key

FREE_TEXT = ("title", "title_raw", "place")
NAMED_TEXT = (
    *FREE_TEXT,
    "unit",
    "programme",
    "economic",
    "label",
    "document_no",
    "contract_no",
    "supplier_name",
    "supplier_raw",
)
_OWN_TEXT = (*FREE_TEXT, "document_no", "contract_no", "label")
"""In these a payee's own words are masked one by one."""
_PAYEE = {"supplier_name": None, "supplier_raw": MASK}
"""What names the payee, and what is shown of a natural person."""
WORKERS = 2
"""Columns that are masked at once; each takes memory of its own."""
_PARTICLES = frozenset(
    search_key(word)
    for word in ("de la las los del san y and und von van der di da dos the cb sl sa ابن آل بن").split()
)
_WORD = re.compile(r"[^\W_]+")
# Looked for one by one, so that one find does not hide another; what is found is then checked by its check digits.
_CANDIDATES = (
    r"(?i)\b(?:[XYZKLM][-.]?\d|\d{2})[.]?\d{3}[.]?\d{3}[-. ]?[A-Z]\b",
    r"(?i)\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    r"(?i)\b[A-Z]{2}\d{2}(?:[ -][A-Z0-9]{4}){3,7}(?:[ -][A-Z0-9]{1,3})?\b",
    r"(?i)\bIR[ -]?\d[\d -]{22,34}\d\b",
    r"\+?\d[\d-]{7,30}\d",
)
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"
_TELEPHONE = r"(?i)\b(tel|telf|tlf|tfno|telefono|teléfono|movil|móvil|phone|mobile|mob|تلفن|موبایل|همراه|شماره تماس)([.:]* *)\+?\d[\d -]{6,}\d"
_HONOURED = (
    r"((?:سرکار +)?(?:آقای|اقای|آقاي|خانم)) +(?:دکتر +|مهندس +|حاج +)?(?:[^\sه]|ه[^\sا]|ها[^\sیي])\S* +\S+"
)


def _anywhere(pattern: str) -> str:
    """Return a pattern that finds all that `pattern` finds and more, many times faster: where words end is slow to see in Persian."""
    return pattern.replace(r"\b", "")


_NEAR_CANDIDATE = "|".join(f"(?:{_anywhere(pattern)})" for pattern in _CANDIDATES)
_NO_WORD = r"[^\p{L}\p{N}]+"
"""What parts words for `without_words`, as Rust's regex says it."""
_PARTED = r"[^\p{L}\p{N} -~«»،؛؟]"
"""What parts words and may be nothing in a key. All others of them are spaces there."""


@dataclass(frozen=True)
class Persons:
    """The natural persons that a home knows: `names` as written, and `ids` as written."""

    names: tuple[str, ...]
    ids: tuple[str, ...]


# A word is folded once: the texts of a city are made of few.
_folded = lru_cache(maxsize=200_000)(search_key)


@lru_cache(maxsize=50_000)
def name_words(name: str) -> frozenset[str]:
    """Return the folded words of a name that point to the person: three letters or more, no particles."""
    return frozenset(word for word in search_key(name).split() if len(word) >= 3 and word not in _PARTICLES)


def without_words(text: str, words: frozenset[str]) -> str:
    """Return `text` with each word whose folded form is in `words` masked."""
    return _WORD.sub(lambda match: MASK if _folded(match[0]) in words else match[0], text)


def _personal_part(candidate: str, currency: str) -> str | None:
    """Return the part of `candidate` from its beginning that is a person's number, None where there is none."""
    while candidate:
        if _personal_number(candidate, currency):
            return candidate
        candidate, _, _ = candidate.rpartition(" ")
    return None


def _personal_number(candidate: str, currency: str) -> bool:
    compact = identifiers.compact(candidate)
    if currency == "IRR" and (
        (len(compact) == 10 and identifiers.is_national_id(compact))
        or re.fullmatch(r"(?:0|0098|98)9\d{9}", compact)
        or identifiers.is_sheba(compact)
    ):
        return True
    if currency == "GBP" and re.fullmatch(r"(?:0|0044|44)7\d{9}", compact):
        return True
    if re.fullmatch(r"(?:\d{8}|[XYZKLM]\d{7})[A-Z]", compact) and nif.is_valid(compact):
        return True
    return bool(re.fullmatch(r"(?:0034|34)[67]\d{8}", compact)) or (
        compact[:2].isalpha() and iban.is_valid(compact)
    )


def _numbers(cell: pl.Series, currency: str) -> pl.Series:
    """Mask personal numbers, telephones, e-mail addresses and names after an honorific in a column of free text."""
    some = cell.filter(cell.str.contains(_NEAR_CANDIDATE))
    found = {
        candidate
        for pattern in _CANDIDATES
        for candidate in some.str.extract_all(pattern).explode().drop_nulls().unique()
    }
    personal = sorted(
        {part for one in found if (part := _personal_part(one, currency))},
        key=lambda part: (-len(part), part),
    )
    if personal:
        cell = cell.str.replace_many(personal, [MASK] * len(personal), leftmost=True)
    for near, pattern, shown in (
        ("@", _EMAIL, MASK),
        (_anywhere(_TELEPHONE), _TELEPHONE, "${1}${2}" + MASK),
        (_HONOURED, _HONOURED, "${1} " + MASK),
    ):
        cell = texts.where(cell, near, partial(_replaced, pattern=pattern, shown=shown))
    return cell


def _replaced(cell: pl.Series, *, pattern: str, shown: str) -> pl.Series:
    return cell.str.replace_all(pattern, shown)


def _mentions(cell: pl.Series, keys: pl.Series) -> pl.Series:
    """Mask persons who are named by an honorific or stand by themselves in a column of free text whose padded keys are given."""
    return _put(cell, keys.str.contains_any(candidates()).arg_true(), without_persons)


def _put(cell: pl.Series, places: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Return the column with `change` made to the texts at `places`."""
    if places.is_empty():
        return cell
    changed = [text if text is None else change(text) for text in cell.gather(places)]
    return cell.clone().scatter(places, pl.Series(changed, dtype=pl.String))


def _own_words(cell: pl.Series, names: pl.Series, person: pl.Series) -> pl.Series:
    """Mask the words of a payee's own name in the text of that payment."""
    rows = (person.fill_null(False) & cell.is_not_null() & names.is_not_null()).arg_true()
    if rows.is_empty():
        return cell
    said, named = texts.distinct(cell.gather(rows)), texts.distinct(names.gather(rows))
    words = [frozenset[str]() if hidden(name) else name_words(name) for name in named.texts]
    each = pl.DataFrame({"text": _places(said), "name": _places(named)})
    pairs = each.unique()
    pairs = pairs.filter(_has_any(word_keys(said.texts), words, pairs))
    changed = [
        (place, name, without_words(said.texts[place], words[name])) for place, name in pairs.iter_rows()
    ]
    table = pl.DataFrame(changed, schema={**each.schema, "new": pl.String}, orient="row")
    new = each.join(table, on=["text", "name"], how="left", maintain_order="left")["new"]
    met = new.is_not_null()
    return cell.clone().scatter(rows.filter(met), new.filter(met)) if met.any() else cell


def _places(found: texts.Distinct) -> pl.Series:
    if found.places is not None:
        return found.places
    return pl.int_range(found.texts.len(), dtype=pl.UInt32, eager=True)


def _has_any(keys: pl.Series, words: list[frozenset[str]], pairs: pl.DataFrame) -> pl.Series:
    """Return of each pair of a text and a name, by their places, whether the text's key has a word of the name."""
    most = max(map(len, words), default=0)
    table = pl.DataFrame(
        [[f" {word} " for word in some] + [None] * (most - len(some)) for some in map(sorted, words)],
        schema=[(f"word_{place}", pl.String) for place in range(most)],
        orient="row",
    )
    found = pl.repeat(False, pairs.height, eager=True)
    in_text = keys.gather(pairs["text"]).to_frame("key")
    for name in table.columns:
        of_name = in_text.with_columns(table[name].gather(pairs["name"]))
        found |= of_name.select(pl.col("key").str.contains(pl.col(name), literal=True).fill_null(False))[
            "key"
        ]
    return found


def word_keys(cell: pl.Series) -> pl.Series:
    """Return padded keys in which each word that `without_words` would fold by itself stands by itself, if it folds to a word.

    A key joins what an invisible character parts; such texts are parted before.
    """
    return folded(texts.where(cell, _PARTED, lambda some: some.str.replace_all(_NO_WORD, " ")))


def _rekeyed(frame: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """Give a payee who is known by a name that was changed a key that says nothing of the name and keeps it apart from others."""
    changed = frame.filter(
        pl.col("supplier").str.starts_with("name:") & pl.col("supplier_name").ne_missing(before)
    )["supplier"].unique()
    if changed.is_empty():
        return frame
    keys = [f"name:masked {hashlib.sha256(old.encode()).hexdigest()[:6]}" for old in changed]
    return frame.with_columns(pl.col("supplier").replace(changed, pl.Series(keys, dtype=pl.String)))


def orders(words: list[str]) -> list[str]:
    """Return the orders in which the words of a name are written: any of them first, the others following round."""
    return [" ".join(words[start:] + words[:start]) for start in range(len(words))]


class Masker:
    """Masks what a frame says of natural persons; made once per home, used per batch."""

    def __init__(self, persons: Persons) -> None:
        self._full: dict[str, frozenset[str]] = {}
        for name in persons.names:
            if hidden(name):
                continue
            words = search_key(name).split()
            if len(words) >= 2 and len(name_words(name)) >= 2:
                for order in orders(words):
                    self._full.setdefault(f" {order} ", frozenset(words) - _PARTICLES)
        self._ids = {f" {search_key(number)} " for number in persons.ids if len(search_key(number)) >= 6}

    def mask(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return `frame` with persons taken out of it; needs supplier_is_person, currency and any of NAMED_TEXT.

        Rows of a person lose supplier name, raw name, raw and valid id; `title_key` follows a changed title.
        """
        there = set(frame.columns)
        currency = str(frame["currency"].drop_nulls().first() if frame.height else "")
        before = frame["title"] if "title" in there else None
        named = frame["supplier_name"] if {"supplier", "supplier_name"} <= there else None
        # No column needs another, and what Polars does to one takes one core.
        with ThreadPoolExecutor(WORKERS) as pool:
            columns = [name for name in NAMED_TEXT if name in there]
            masked = list(pool.map(partial(self._column, frame, currency), columns))
        frame = frame.with_columns(masked).with_columns(
            _of_no_person(name, shown)
            for name, shown in (("supplier_id", None), ("supplier_id_raw", MASK))
            if name in there
        )
        if before is not None and "title_key" in there:
            changed = frame["title"].ne_missing(before).arg_true()
            keys = texts.key_texts(texts.normal_texts(frame["title"].gather(changed)))
            frame = frame.with_columns(frame["title_key"].clone().scatter(changed, keys))
        return frame if named is None else _rekeyed(frame, named)

    def _column(self, frame: pl.DataFrame, currency: str, column: str) -> pl.Series:
        """Return a column of NAMED_TEXT, masked: what recurs in it is looked at once."""
        cell = frame[column]
        if column in _OWN_TEXT and "supplier_name" in frame.columns:
            cell = _own_words(cell, frame["supplier_name"], frame["supplier_is_person"])
        elif column in _PAYEE:
            cell = frame.select(_of_no_person(column, _PAYEE[column]))[column]
        return texts.mapped(cell, partial(self._texts, column, currency)).alias(column)

    def _texts(self, column: str, currency: str, cell: pl.Series) -> pl.Series:
        keys = folded(cell)
        known = self._names_anywhere(cell, keys)
        if column not in (*FREE_TEXT, *_PAYEE):
            return known
        told = _numbers(known, currency)
        if column in _PAYEE:
            return told
        changed = told.ne_missing(cell).arg_true()
        if not changed.is_empty():
            keys = keys.scatter(changed, folded(told.gather(changed)))
        return _mentions(told, keys)

    def _names_anywhere(self, cell: pl.Series, keys: pl.Series) -> pl.Series:
        """Mask known persons' full names and ids wherever they stand in texts whose padded keys are given."""
        patterns = [*self._full, *self._ids]
        places = keys.str.contains_any(patterns).arg_true() if patterns else pl.Series(dtype=pl.UInt32)
        if places.is_empty():
            return cell
        found = keys.gather(places).str.extract_many(patterns, overlapping=True)
        changed = [
            without_words(
                text, frozenset().union(*(self._full.get(hit, frozenset(hit.split())) for hit in hits))
            )
            for text, hits in zip(cell.gather(places), found, strict=True)
        ]
        return cell.clone().scatter(places, pl.Series(changed, dtype=pl.String))


def _of_no_person(column: str, shown: str | None) -> pl.Expr:
    """Return a column of which rows of a natural person lose what stands there; `shown` stands in its place."""
    cell = pl.col(column)
    kept = pl.col("supplier_is_person").not_().fill_null(True) | cell.is_null()
    return pl.when(kept).then(cell).otherwise(pl.lit(shown, pl.String)).alias(column)
