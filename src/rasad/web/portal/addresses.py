"""Addresses of lines and suppliers: lists have hundreds of them, and Django looks for each anew."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

_MARK = "0"
_AS_THEY_ARE = "!$&'()*+,;=/~:@"
"""Characters that Django leaves as they are in the path of an address."""


def line_url(line_id: str) -> str:
    """Return the address of a line's page."""
    return _address("portal:line", line_id)


def supplier_url(key: str) -> str:
    """Return the address of a supplier's page."""
    return _address("portal:supplier", key)


def section_url(name: str) -> str:
    """Return the address of a page that is of nothing in particular: every page names a score of them."""
    return _fixed(name, get_language() or "", get_script_prefix())


@cache
def _fixed(name: str, _lang: str, _prefix: str) -> str:
    return reverse(f"portal:{name}")


def _address(name: str, key: str) -> str:
    before, after = _around(name, get_language() or "", get_script_prefix())
    return f"{before}{quote(key, safe=_AS_THEY_ARE)}{after}"


@cache
def _around(name: str, _lang: str, _prefix: str) -> tuple[str, str]:
    """Return what stands before and after the key: it follows from the language and from where the site is put, few of both."""
    before, _, after = reverse(name, args=[_MARK]).rpartition(_MARK)
    return before, after
