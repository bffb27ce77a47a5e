"""The encoding of a markup: what its bytes show before what it says of itself, since what it says is often another program's default."""

from __future__ import annotations

import codecs
import re

from rasad.ledger.mapping import FileRule
from rasad.ledger.read import limits
from rasad.ledger.read.grid import too_much_markup
from rasad.ledger.read.text import ENCODINGS, in_utf8, is_utf8, likeness

_SAID = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Code pages of one byte; a name that a file gives reaches no other of Python's codecs.
_CODE_PAGE = re.compile(r"(?:windows-?|cp-?|ibm-?|iso-?8859-|latin-?)[0-9a-z-]{1,12}", re.IGNORECASE)
_HEAD = 8192


def decoded(raw: bytes, name: str, rule: FileRule) -> tuple[str, str]:
    """Return the text, and the encoding that was found or that the mapping states. FileError or MappingError."""
    if len(raw) > limits.MAX_MARKUP:
        raise too_much_markup(name, len(raw))
    said = _SAID.search(raw[:_HEAD])
    page = (said[1] or said[2]).decode("ascii") if said else ""
    if (
        rule.encoding is None
        and _CODE_PAGE.fullmatch(page)
        and b"\x00" not in raw[:4096]
        and not is_utf8(raw)
    ):
        found = _likeliest(raw, page)
        if found:
            return raw.decode(found), found
    body, encoding = in_utf8(raw, name, rule)
    return body.decode(), encoding


def _likeliest(raw: bytes, page: str) -> str | None:
    """Return the code page that is said, or one in which the text reads far better; None where it is not known or does not fit."""
    try:
        codecs.lookup(page)
        raw.decode(page)
    except (LookupError, UnicodeError):
        return None
    stated = likeness(raw, page)
    best = max(ENCODINGS, key=lambda encoding: likeness(raw, encoding))
    return page if 2 * stated >= likeness(raw, best) else best
