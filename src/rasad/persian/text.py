"""Persian text: a clean form for display, a search key, and tokens. The raw text is kept by whoever calls.

Both forms are made from data, maps of single characters and then a few regular expressions, so that the ledger applies
exactly the same to whole columns. Patterns and replacements are written as Rust's regex (and so Polars) reads them: no
look-around and no back-reference in a pattern, `${1}` in a replacement. Why each thing is folded where it is:
docs/decisions/0011-normalisation.md.
"""

from __future__ import annotations

import re
import unicodedata

from rasad.persian.digits import DIGIT_MAP

ZWNJ = "\u200c"

# One letter, as other keyboards and code pages write it.
_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ێ": "ی", "ے": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "ھ": "ه", "ہ": "ه", "ە": "ه", "ۂ": "ۀ",
    "ٱ": "ا",
}  # fmt: skip
# Two spellings of one word to a Persian reader: folded in the key alone.
_KEY_LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه", "ة": "ه", "ۃ": "ه", "ء": ""}
_TATWEEL = "\u0640"
_ZWJ_AND_BIDI = "\u180e\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Typed, or left by a code page, where a zero-width non-joiner is meant.
_LIKE_ZWNJ = "\u200b\ufeff\u2060\u00ac\u00ad"
# What Unicode separates words by, the characters that files separate records by among it.
_SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
_HAMZA_ABOVE, _HAMZA_BELOW, _MADDA = "\u0654", "\u0655", "\u0653"


def _chars(*ranges: tuple[int, int]) -> str:
    return "".join(chr(point) for first, last in ranges for point in range(first, last + 1))


_CONTROLS = "".join(char for char in _chars((0, 0x1F), (0x7F, 0x9F)) if char not in _SPACES)
_HARAKAT = _chars((0x0610, 0x061A), (0x064B, 0x0652), (0x0656, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC))
_DROPPED = _TATWEEL + _ZWJ_AND_BIDI + _HARAKAT + _CONTROLS


def _presentation_forms() -> dict[str, str]:
    """Arabic presentation forms and full-width Latin → their letters, by Unicode's own decompositions."""
    forms = {"﷽": "بسم الله الرحمن الرحیم"}
    for char in _chars((0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xFF01, 0xFF5E)):
        plain = unicodedata.normalize("NFKC", char)
        if plain != char:
            kept = "".join(_LETTERS.get(c, "" if c in _DROPPED else c) for c in plain)
            # A mark that stands alone decomposes to a space under it.
            forms[char] = kept if kept.strip() else ""
    return forms


CHAR_MAP: dict[str, str] = {
    **_presentation_forms(),
    **_LETTERS,
    **dict.fromkeys(_DROPPED, ""),
    **dict.fromkeys(_LIKE_ZWNJ, ZWNJ),
    **dict.fromkeys(_SPACES, " "),
    **DIGIT_MAP,
}
"""First part of `normalise`: single character → its replacement, none of which is replaced again."""

_NEVER_JOIN = "اآأإءدذرزژوؤةۀڈڑڕۆۇۈۋۃ"
_ARABIC = "".join(
    char for char in _chars((0x0620, 0x064A), (0x066E, 0x06D3), (0x06FA, 0x06FF)) if char.isalpha()
)
_JOINING = "".join(char for char in _ARABIC if char not in _NEVER_JOIN and char not in CHAR_MAP)

STEPS: tuple[tuple[str, str], ...] = (
    # A letter and its mark, typed apart, are one letter. A mark on anything else says nothing.
    (f"ا{_MADDA}", "آ"),
    (f"ا{_HAMZA_ABOVE}", "أ"),
    (f"ا{_HAMZA_BELOW}", "إ"),
    (f"و{_HAMZA_ABOVE}", "ؤ"),
    (f"ی{_HAMZA_ABOVE}", "ئ"),
    (f"ه{_HAMZA_ABOVE}", "ۀ"),
    (f"[{_MADDA}{_HAMZA_ABOVE}{_HAMZA_BELOW}]+", ""),
    # A non-joiner means something only between two letters that would join; elsewhere it cannot be seen.
    (f"{ZWNJ}{ZWNJ}+", ZWNJ),
    (f"^{ZWNJ}|{ZWNJ}$", ""),
    (f"([^{_JOINING}]){ZWNJ}", "${1}"),
    (f"{ZWNJ}([^{_ARABIC}])", "${1}"),
    ("  +", " "),
    ("^ | $", ""),
)
"""Second part of `normalise`: (pattern, replacement), in this order."""


def _latin_folds() -> dict[str, str]:
    """Capitals, and letters with marks → the plain small letter («Informática» and «INFORMATICA» are one)."""
    whole = {"ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
    folds: dict[str, str] = dict(whole)
    for char in _chars((0x41, 0x5A), (0xAA, 0x24F), (0x370, 0x3FF), (0x1E00, 0x1FFF)):
        if char.isalnum():
            marked = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
            plain = "".join(whole.get(c, c) for c in marked if not unicodedata.combining(c))
            if plain != char:
                folds[char] = plain
    return folds


def _other_folds() -> dict[str, str]:
    """Capitals of the other scripts that have them (Cyrillic, Armenian, Georgian, Cherokee) → the small letter."""
    every = _chars((0x400, 0x58F), (0x10A0, 0x10FF), (0x13A0, 0x13FF), (0x1C80, 0x1CBF))
    return {char: char.lower() for char in every if len(char.lower()) == 1 and char.lower() != char}


KEY_CHAR_MAP: dict[str, str] = {
    **_latin_folds(),
    **_other_folds(),
    **_KEY_LETTERS,
    **dict.fromkeys(_chars((0x0300, 0x036F)), ""),
    ZWNJ: " ",
}
"""First part of `search_key`, after `normalise`: single character → its replacement."""

_KEY_CHARS = (
    "0-9a-z\u00df-\u00f6\u00f8-\u02af\u0370-\u052f\u0531-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u0900-\u1fff\u2d00-\u2d2d\u3040-\u30ff\u3400-\u9fff\uab70-\uabbf\uac00-\ud7a3"
)
_ALIKE = {
    # Words of offices that are written with another seat of the hamza or with the other t, as they stand in a key.
    "مسیول": "مسوول", "هییت": "هیات", "مسیله": "مساله",
    "باطری": "باتری", "بلیط": "بلیت", "اطاق": "اتاق",
}  # fmt: skip

KEY_STEPS: tuple[tuple[str, str], ...] = (
    (f"[^ {_KEY_CHARS}]+", " "),
    ("  +", " "),
    *_ALIKE.items(),
    # «منطقه۵» is «منطقه ۵»; A4 and B12345678 stay one word.
    ("([\u0620-\u06ff])([0-9])", "${1} ${2}"),
    ("([0-9])([\u0620-\u06ff])", "${1} ${2}"),
    # «توسعه‌ی» is «توسعهٔ».
    ("ه( ی)+ ", "ه "),
    ("ه( ی)+$", "ه"),
    ("^ | $", ""),
)
"""Second part of `search_key`: (pattern, replacement), in this order. Whatever is no letter or digit parts words."""


def _compiled(steps: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), re.sub(r"\$\{(\d)\}", r"\\g<\1>", new)) for pattern, new in steps)


_TRANSLATE, _KEY_TRANSLATE = str.maketrans(CHAR_MAP), str.maketrans(KEY_CHAR_MAP)
_COMPILED, _KEY_COMPILED = _compiled(STEPS), _compiled(KEY_STEPS)


def normalise(text: str) -> str:
    """Return `text` clean for display: one ی and one ک, plain digits, single spaces, nothing invisible.

    Tatweel, harakat, bidi marks and control characters go; presentation forms become letters. A zero-width non-joiner stays
    (as U+200C, whatever look-alike was typed) where two letters would otherwise join. Words are not respelled. Idempotent.
    """
    return _through(_COMPILED, text.translate(_TRANSLATE))


# What a spreadsheet's file or a database does not take: controls, which say nothing, and what Unicode says is no character.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_TYPED = str.maketrans(_LETTERS)


def storable(text: str) -> str:
    """Return `text` as every database takes it: without control characters and what is no character; all else as it is. Idempotent."""
    return _NO_CHARACTER.sub("\ufffd", _CONTROL.sub("", text))


def typed(text: str, *, lines: bool = False) -> str:
    """Return what a person typed, fit to be kept: one ی and one ک, no control characters, no blank ends; digits and marks as they are.

    `lines` keeps line breaks (as U+000A); otherwise they, and tabs, are spaces. Idempotent.
    """
    text = _NO_CHARACTER.sub("\ufffd", _CONTROL.sub("", _LINE_ENDS.sub("\n", text))).translate(_TYPED)
    return text.strip() if lines else text.replace("\n", " ").replace("\t", " ").strip()


def search_key(text: str) -> str:
    """Return the form under which `text` is found; equal for the spellings of a word. Idempotent.

    `normalise`, then hamza and آ folded, Latin in plain small letters, anything else than letters and digits as one space. A
    zero-width non-joiner parts words like a space, since people type either; «نرمافزار», typed with neither, meets them in
    `glued_key`.
    """
    return _through(_KEY_COMPILED, normalise(text).translate(_KEY_TRANSLATE))


def glued_key(text: str) -> str:
    """Return the search key with no spaces: equal for «نرم‌افزار», «نرم افزار» and «نرمافزار», to compare whole titles and names.

    It knows no words, so never look for a part of it.
    """
    return search_key(text).replace(" ", "")


def tokens(text: str) -> list[str]:
    """Return the words of `search_key(text)`, in order."""
    return search_key(text).split()


def _through(steps: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str:
    for pattern, replacement in steps:
        text = pattern.sub(replacement, text)
    return text
