"""Tags and texts of a web page, in one pass: what browsers and spreadsheet programs would make of them, however carelessly they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from rasad.ledger.phrases import CUT_OFF
from rasad.ledger.problems import FileError, Problem

_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)([^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*)>""")
# A quotation mark that is never closed is a letter.
_LOOSE = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_NO_TEXT = frozenset({"script", "style", "xml", "title", "textarea", "template", "svg"})
"""Elements whose content is no text of the page."""
_LONGEST_TAG = 1 << 16
_MOST_LOOSE = 5_000
"""Tags with a quotation mark that is never closed: each costs a look ahead."""


def tokens(page: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the page's parts in order: `("", text)`, `("td", attributes)`, `("/td", "")`, `("style", content)`.

    Names are in small letters, texts have their entities resolved. FileError where the page ends inside a tag or a comment.
    """
    at = loose = 0
    while (start := page.find("<", at)) >= 0:
        if start > at:
            yield "", unescape(page[at:start])
        following = page[start + 1 : start + 2]
        if following in ("!", "?"):
            comment = page.startswith("!--", start + 1)
            at = _behind(page, "-->" if comment else ">", start + (4 if comment else 2), name)
            continue
        tag = _TAG.match(page, start, start + _LONGEST_TAG)
        if tag is None and following and (following == "/" or following.isalpha()):
            tag, loose = _LOOSE.match(page, start), loose + 1
            if (tag is None and page.find(">", start) < 0) or loose > _MOST_LOOSE:
                raise FileError(Problem("file_damaged", file=name, found=CUT_OFF))
        if tag is None:
            # «a < b» is a text.
            yield "", "<"
            at = start + 1
            continue
        at = tag.end()
        element = tag[2].lower()
        if tag[1]:
            yield f"/{element}", ""
        elif element in _NO_TEXT and not tag[3].endswith("/"):
            end = _end_of(page, element, at, name)
            if element == "style":
                yield "style", page[at:end]
            at = end
        else:
            yield element, tag[3]
    if at < len(page):
        yield "", unescape(page[at:])


def _behind(page: str, mark: str, at: int, name: str) -> int:
    end = page.find(mark, at)
    if end < 0:
        raise FileError(Problem("file_damaged", file=name, found=CUT_OFF))
    return end + len(mark)


def _end_of(page: str, element: str, at: int, name: str) -> int:
    end = re.compile(f"</{element}", re.IGNORECASE).search(page, at)
    if end is None:
        raise FileError(Problem("file_damaged", file=name, found=CUT_OFF))
    return end.start()


def attributes(written: str) -> dict[str, str]:
    """Return the attributes of a tag, names in small letters; one without a value is empty."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        found.setdefault(name.lower(), unescape(value))
    return found
