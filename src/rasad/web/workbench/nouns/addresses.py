"""Addresses of the nouns' pages, by the name of the noun; the empty text where a noun has no page of its own."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

PAGES: dict[str, str] = {}
"""Model's name → the name of its records' page; filled by the registry."""


def page_of(record: Any) -> str:
    """Return the address of a record's page; the empty text for nothing and where there is none."""
    name = PAGES.get(type(record).__name__, "") if record is not None else ""
    if not name:
        return ""
    try:
        return reverse(f"workbench:{name}", args=[record.pk])
    except NoReverseMatch:
        return ""


def verb_of(one: str, record: Any, verb: str, part: str = "") -> str:
    """Return the address where something is done with a record, or with a part's (`part`)."""
    middle = f"{part}-" if part else ""
    return reverse(f"workbench:{one}-{middle}{verb}", args=[record.pk])
