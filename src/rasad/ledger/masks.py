"""Natural persons taken out of text: their names, ids, accounts, telephones and addresses.

Works on distinct texts, and on the few of them that carry something to hide.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from stdnum import iban
from stdnum.es import nif

from rasad.ledger.classify.fold import key, padded
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


def _replace(frame: pl.DataFrame, column: str, changed: dict[str, str]) -> pl.DataFrame:
    changed = {old: new for old, new in changed.items() if old != new}
    if not changed:
        return frame
    table = pl.DataFrame({column: list(changed), "_new": list(changed.values())})
    return (
        frame.join(table, on=column, how="left", maintain_order="left")
        .with_columns(pl.coalesce("_new", column).alias(column))
        .drop("_new")
    )


def _numbers(frame: pl.DataFrame, column: str, currency: str) -> pl.DataFrame:
    """Mask personal numbers, telephones, e-mail addresses and names after an honorific in a column of free text."""
    distinct = frame.select(column).drop_nulls().unique()
    found = {
        candidate
        for pattern in _CANDIDATES
        for candidate in distinct[column].str.extract_all(pattern).explode().drop_nulls().unique()
    }
    personal = sorted(
        {part for one in found if (part := _personal_part(one, currency))},
        key=lambda part: (-len(part), part),
    )
    text = pl.col(column)
    if personal:
        text = text.str.replace_many(personal, [MASK] * len(personal), leftmost=True)
    masked = distinct.with_columns(
        text.str.replace_all(_EMAIL, MASK)
        .str.replace_all(_TELEPHONE, "${1}${2}" + MASK)
        .str.replace_all(_HONOURED, "${1} " + MASK)
        .alias("_new")
    ).filter(pl.col("_new") != pl.col(column))
    return _replace(frame, column, dict(masked.iter_rows()))


def _mentions(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Mask persons who are named by an honorific or stand by themselves in a column of free text."""
    distinct = frame.select(column).drop_nulls().unique()
    near = distinct.filter(padded(key(pl.col(column))).str.contains_any(candidates()))
    return _replace(frame, column, {text: without_persons(text) for text in near[column]})


def _rekeyed(frame: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """Give a payee who is known by a name that was changed a key that says nothing of the name and keeps it apart from others."""
    changed = frame.filter(
        pl.col("supplier").str.starts_with("name:") & pl.col("supplier_name").ne_missing(before)
    )
    keys = {old: f"name:masked {hashlib.sha256(old.encode()).hexdigest()[:6]}" for old in changed["supplier"]}
    return _replace(frame, "supplier", keys)


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
        frame = self._own_words(frame)
        person = pl.col("supplier_is_person")
        frame = frame.with_columns(
            pl.when(person).then(pl.lit(None, pl.String)).otherwise(pl.col(name)).alias(name)
            for name in ("supplier_name", "supplier_id")
            if name in there
        ).with_columns(
            pl.when(person & pl.col(name).is_not_null())
            .then(pl.lit(MASK))
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("supplier_raw", "supplier_id_raw")
            if name in there
        )
        for column in (name for name in NAMED_TEXT if name in there):
            frame = self._names_anywhere(frame, column)
        for column in (name for name in FREE_TEXT if name in there):
            frame = _mentions(_numbers(frame, column, currency), column)
        for column in (name for name in ("supplier_name", "supplier_raw") if name in there):
            frame = _numbers(frame, column, currency)
        if before is not None and "title_key" in there:
            changed = frame["title"].ne_missing(before)
            frame = frame.with_columns(
                pl.when(changed).then(key(pl.col("title"))).otherwise(pl.col("title_key")).alias("title_key")
            )
        return frame if named is None else _rekeyed(frame, named)

    def _own_words(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Mask the words of a payee's own name in the texts of that payment."""
        if "supplier_name" not in frame.columns:
            return frame
        for column in (
            name for name in (*FREE_TEXT, "document_no", "contract_no", "label") if name in frame.columns
        ):
            pairs = (
                frame.filter(pl.col("supplier_is_person"))
                .select(column, "supplier_name")
                .drop_nulls()
                .unique()
                .rows()
            )
            rows = [
                (text, name, masked)
                for text, name in pairs
                if not hidden(name) and (masked := without_words(text, name_words(name))) != text
            ]
            if rows:
                table = pl.DataFrame(rows, schema=[column, "supplier_name", "_new"], orient="row")
                frame = (
                    frame.join(table, on=[column, "supplier_name"], how="left", maintain_order="left")
                    .with_columns(
                        pl.when("supplier_is_person")
                        .then(pl.coalesce("_new", column))
                        .otherwise(pl.col(column))
                        .alias(column)
                    )
                    .drop("_new")
                )
        return frame

    def _names_anywhere(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """Mask known persons' full names and ids wherever they stand."""
        patterns = [*self._full, *self._ids]
        if not patterns:
            return frame
        distinct = frame.select(column).drop_nulls().unique()
        hits = (
            distinct.with_columns(padded(key(pl.col(column))).alias("_key"))
            .filter(pl.col("_key").str.contains_any(patterns))
            .with_columns(pl.col("_key").str.extract_many(patterns, overlapping=True).alias("_found"))
        )
        changed: dict[str, str] = {}
        for text, found in hits.select(column, "_found").iter_rows():
            words = frozenset().union(*(self._full.get(hit, frozenset(hit.split())) for hit in found))
            changed[text] = without_words(text, words)
        return _replace(frame, column, changed)
