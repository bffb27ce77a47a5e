"""Who is paid: valid identifiers, name keys without company forms, and who is a natural person.

An entity is known by a valid id first (Iranian legal id, Spanish NIF, European VAT number), then by the id that its
source gave it, then by its name. A name alone never joins two ids. In doubt a payee is a natural person: a name that
is masked without need can be shown later, a name that was published cannot be taken back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from stdnum.es import nif
from stdnum.eu import vat

from rasad.ledger.classify.fold import key, padded
from rasad.persian import identifiers
from rasad.persian.text import search_key

ID_KINDS = ("ir_legal", "es_nif", "eu_vat", "local", "name", "person", "none")


@dataclass(frozen=True)
class Identity:
    """What an id says: its `kind` (of ID_KINDS), its one written form `id`, and whether a natural person bears it.

    `kind` none: not usable as an id (wrong check digit, a bank account). `is_person` None: the id does not tell.
    """

    kind: str
    id: str | None
    is_person: bool | None


_NIF_SHAPE = re.compile(r"[A-Z0-9]\d{7}[A-Z0-9]")
_PERSON_NIF = re.compile(r"(?:\d{8}|[XYZKLM]\d{7})[A-Z]")
_MASKED_ID = re.compile(r"(?=.*[*•xX]{3})[*•xX\dA-Za-z-]{5,}")
_CODICE_FISCALE = re.compile(r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]")
_NO_ID = {"", "0", "-", "NA", "N/A", "NONE", "NULL"}


def identify(text: str | None, currency: str | None) -> Identity:
    """Return what the id `text` says in a source whose money is in `currency` (it tells whose ids to expect)."""
    raw = (text or "").strip()
    compact = identifiers.compact(raw)
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
    keys = pl.DataFrame({"form": forms}).select(key(pl.col("form")))["form"].to_list()
    return "|".join(sorted(keys, key=len, reverse=True))


_ANYWHERE = f" (?:{_alternatives(_FORMS_ANYWHERE)}) "
_FIRST = f"^ (?:{_alternatives(_FORMS_FIRST)}) "
_LAST = f"(?: (?:{_alternatives(_FORMS_LAST)}))+ $"


def name_key(name: pl.Expr) -> pl.Expr:
    """Return the key under which a name stands: search key without company forms; the plain key where only forms remain."""
    whole = padded(key(name))
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


_REDACTED = (
    "redacted", "personal data", "individual name withheld", "name withheld", "withheld", "datos personales", "dato protegido", "persona fisica", "anonimizado",
    "شخص حقیقی", "اشخاص حقیقی", "محرمانه شخصی",
)  # fmt: skip
_HONORIFICS = (
    "آقای",
    "اقای",
    "خانم",
    "جناب",
    "سرکار خانم",
    "mr",
    "mrs",
    "miss",
    "ms",
    "mr mrs",
    "don",
    "dona",
    "sr",
    "sra",
    "d",
    "dna",
)
_ORGANISATION = (
    "شرکت", "موسسه", "سازمان", "اداره", "بانک", "بیمه", "تعاونی", "دانشگاه", "شهرداری", "گروه", "مهندسین", "کارگاه", "فروشگاه", "هیات", "انجمن", "بنیاد", "مرکز", "صنایع", "صندوق", "دفتر",
    "مخابرات", "توزیع", "فاضلاب", "برق", "گاز", "نفت", "پتروشیمی", "فولاد", "سیمان", "خودرو", "سیستم", "سامانه", "داده", "رایانه", "نرم افزار", "فناوری", "فناوران", "صنعت", "صنعتی", "بازرگانی", "خدمات", "خدماتی",
    "پیمانکاری", "پیمانکاران", "مهندسی", "مشاور", "مشاوران", "عمران", "عمرانی", "ساختمانی", "راهسازی", "راه", "سازه", "سازان", "پردازان", "گستر", "گستران", "کاران", "آوران", "پویان", "همکاران", "چاپ", "نشر", "چاپخانه", "انتشارات",
    "رستوران", "هتل", "آزمایشگاه", "تعمیرگاه", "نمایشگاه", "کارخانه", "تولیدی", "پخش", "حمل", "آژانس", "تاکسی", "حساب", "خزانه", "وزارت", "استانداری", "فرمانداری", "دادگستری", "اتحادیه", "کانون", "باشگاه", "هلدینگ", "مجتمع", "پارک", "ایران", "گلخانه", "نانوایی", "قنادی", "تعمیرات", "پوشاک", "مصالح", "کلینیک", "درمانگاه", "داروخانه", "مدرسه", "آموزشگاه", "موزه", "کتابفروشی", "لوازم", "تجهیزات", "مسجد", "هیئت", "خیریه", "شورا", "شورای", "پلیس", "کلانتری", "سپاه", "بسیج",
    "asociacion", "association", "fundacion", "foundation", "comunidad", "propietarios", "ayuntamiento", "universidad", "university", "instituto", "institute", "centro", "centre", "center",
    "club", "colegio", "agrupacion", "federacion", "federation", "confederacion", "consorcio", "empresa", "sociedad", "cooperativa", "servicios", "services", "network", "europe", "european", "museum", "museo",
    "camara", "junta", "ministerio", "hospital", "clinica", "residencia", "escuela", "school", "grupo", "group", "council", "trust", "bank", "banco", "registro", "notaria", "garaje", "mancomunidad", "parroquia", "bufete", "despacho",
    "informatica", "ferreteria", "global", "international", "internacional", "holding", "systems", "sistemas", "solutions", "soluciones", "media", "com", "coalition", "forum", "house", "house of",
)  # fmt: skip
_OF_NATURAL_PERSONS = re.compile(r"E\d{7}[A-Z0-9]")
_ORG = f" (?:{_alternatives(_ORGANISATION)}) "
_FORM = f" (?:{'|'.join(sorted(_FORM_WORDS))}) |{_LAST}"
_HONORIFIC = f"^ (?:{_alternatives(_HONORIFICS)}) "
_HIDDEN = f" (?:{_alternatives(_REDACTED)}) "
_LIKE_A_NAME = r"^(?: [\p{L}]+){2,4} $"


def named_as_person(name: pl.Expr) -> pl.Expr:
    """Return whether the name itself says that a natural person stands behind it (honorific, or redacted)."""
    whole = padded(key(name).fill_null(""))
    honoured = whole.str.contains(_HONORIFIC) & ~whole.str.contains(_FORM) & ~whole.str.contains(_ORG)
    return honoured | whole.str.contains(_HIDDEN)


def like_a_person(name: pl.Expr) -> pl.Expr:
    """Return whether a name could be a person's: two to four words, no company form, no word of an organisation."""
    whole = padded(key(name).fill_null(""))
    return whole.str.contains(_LIKE_A_NAME) & ~whole.str.contains(_FORM) & ~whole.str.contains(_ORG)


def of_natural_persons(compact_id: str) -> bool:
    """Return whether the NIF is one of a community without legal personality (E…): often heirs or joint owners."""
    return bool(_OF_NATURAL_PERSONS.fullmatch(compact_id))


def names_an_organisation(name: pl.Expr) -> pl.Expr:
    """Return whether a word of an organisation stands in the name."""
    return padded(key(name).fill_null("")).str.contains(_ORG)


@lru_cache(maxsize=100_000)
def hidden(name: str) -> bool:
    """Return whether the source itself has already withheld the name."""
    return re.search(_HIDDEN, f" {search_key(name)} ") is not None
