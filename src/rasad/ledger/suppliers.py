"""Who is paid: valid identifiers, and name keys without company forms.

An entity is known by a valid id first (Iranian legal id, Spanish NIF, European VAT number), then by the id that its
source gave it, then by its name. A name alone never joins two ids. Who is a natural person: `rasad.ledger.persons`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl
from stdnum.es import nif
from stdnum.eu import vat

from rasad.persian import identifiers
from rasad.persian.text import search_key

ID_KINDS = ("ir_legal", "es_nif", "eu_vat", "local", "name", "person", "none")


@dataclass(frozen=True)
class Identity:
    """What an id says: its `kind` (of ID_KINDS), its one written form `id`, and whether a natural person bears it.

    `kind` none: not usable as an id (wrong check digit, shortened, a bank account). `is_person` None: the id does not tell.
    """

    kind: str
    id: str | None
    is_person: bool | None


_NIF_SHAPE = re.compile(r"[A-Z0-9]\d{7}[A-Z0-9]")
_PERSON_NIF = re.compile(r"(?:\d{8}|[XYZKLM]\d{7})[A-Z]")
_MASKED_ID = re.compile(r"(?=.*[*•xX]{3})[*•xX\dA-Za-z-]{5,}")
_CODICE_FISCALE = re.compile(r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]")
_POINT_NOUGHT = re.compile(r"(?<=[0-9]{8})[.٫][0۰]+$")
_PARTNERS = {"E": "community", "J": "community", "U": "venture"}
_NO_ID = {"", "0", "-", "NA", "N/A", "NONE", "NULL"}


def identify(text: str | None, currency: str | None) -> Identity:
    """Return what the id `text` says in a source whose money is in `currency` (it tells whose ids to expect)."""
    raw = (text or "").strip()
    # Programs that hold a number as a float write a point and a nought behind it.
    compact = identifiers.compact(_POINT_NOUGHT.sub("", raw))
    if identifiers.is_shortened(raw):
        # Others begin with the same digits: it would make one supplier of several.
        return Identity("none", None, None)
    if compact in _NO_ID or not compact.strip("0"):
        return Identity("none", None, None)
    if currency == "IRR":
        return _iranian(compact)
    if currency == "EUR":
        return _european(raw, compact)
    return Identity("local", compact, None)


def _iranian(compact: str) -> Identity:
    if identifiers.is_legal_id(compact):
        return Identity("ir_legal", compact, False)
    if len(compact) == 10 and identifiers.is_national_id(compact):
        return Identity("person", compact, True)
    if (compact.isdigit() and len(compact) in (10, 11, 24)) or (
        compact.startswith("IR") and len(compact) == 26
    ):
        return Identity("none", None, None)
    return Identity("local", compact, None)


def _european(raw: str, compact: str) -> Identity:
    number = compact.removeprefix("ES") if len(compact) == 11 else compact
    if _MASKED_ID.fullmatch(raw) and "*" in raw:
        return Identity("person", None, True)
    if _PERSON_NIF.fullmatch(number):
        # A wrong check letter is more often a slip in a person's id than no id at all.
        return Identity("person", number, True)
    if _NIF_SHAPE.fullmatch(number):
        return Identity("es_nif", number, False) if nif.is_valid(number) else Identity("none", None, None)
    if _CODICE_FISCALE.fullmatch(number):
        return Identity("person", number, True)
    if vat.is_valid(compact):
        return Identity("eu_vat", compact, None)
    return Identity("local", compact, None)


def partners(number: str) -> str | None:
    """Return what the NIF says of who stands behind it: "community" (E, J: heirs, joint owners, civil partnerships), "venture" (U: a joint venture
    for one job), None for all others."""
    return _PARTNERS.get(number[0]) if _NIF_SHAPE.fullmatch(number) else None


_FORMS_ANYWHERE = (
    "سهامی خاص",
    "سهامی عام",
    "با مسئولیت محدود",
    "با مسئولیت محدو",
    "مسئولیت محدود",
    "غیر تجاری",
    "غیرتجاری",
)
_FORMS_FIRST = ("شرکت", "شرکت تعاونی", "موسسه", "مهندسین مشاور", "گروه", "ute", "the")
_FORMS_LAST = (
    "s l u", "s a u", "s l l", "s l p", "s l n e", "s l", "s a", "slu", "sau", "sll", "slp", "slne", "sl", "sa", "sme", "unipersonal", "sociedad limitada", "sociedad anonima",
    "sociedad unipersonal", "s coop", "s coop mad", "scoop", "ute", "u t e", "union temporal de empresas", "cb", "c b", "a i e", "aie",
    "ltd", "limited", "plc", "p l c", "llp", "llc", "lp", "inc", "gmbh", "a s", "bv", "b v", "ag", "s r l", "srl", "spa", "s p a", "co ltd", "co", "company", "corp", "corporation", "cic",
)  # fmt: skip
_FORM_WORDS = frozenset(form for form in _FORMS_LAST if " " not in form) - {"co", "ag", "lp"}


def _alternatives(forms: tuple[str, ...]) -> str:
    return "|".join(sorted(map(search_key, forms), key=len, reverse=True))


_ANYWHERE = f" (?:{_alternatives(_FORMS_ANYWHERE)}) "
_FIRST = f"^ (?:{_alternatives(_FORMS_FIRST)}) "
_LAST = f"(?: (?:{_alternatives(_FORMS_LAST)}))+ $"
COMPANY_FORM = f"{_ANYWHERE}| (?:{'|'.join(sorted(_FORM_WORDS))}) |{_LAST}"
"""Pattern of a company form in a padded search key."""


def name_key(whole: pl.Expr) -> pl.Expr:
    """Return the key under which a name stands: search key without company forms; the plain key where only forms remain.

    `whole` is the name's padded search key (`classify.fold.folded`), as it is for all that is asked of names here.
    """
    bare = (
        whole.str.replace_all(_ANYWHERE, " ")
        .str.replace(_FIRST, " ")
        .str.replace(_LAST, " ")
        .str.replace_all(" +", " ")
        .str.strip_chars(" ")
    )
    plain = whole.str.strip_chars(" ")
    result = pl.when(bare == "").then(plain).otherwise(bare)
    return pl.when(result == "").then(pl.lit(None, pl.String)).otherwise(result)
