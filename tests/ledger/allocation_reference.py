"""The rules' meaning said once more, line by line in plain Python: what the columns must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasad.ledger.allocate import Conditions, Rule
from rasad.persian.text import normalise, search_key

_COLUMNS = {
    "units": "unit_code",
    "programmes": "programme_code",
    "economics": "economic_code",
    "trees": "tree_code",
    "contracts": "contract_no",
}
_LISTS = {
    "suppliers": "supplier",
    "stages": "stage",
    "books": "book",
    "flows": "flow",
    "classes": "class",
}


def _code(code: str, value: str | None) -> bool:
    if value is None:
        return False
    code = normalise(code)
    return value.startswith(code[:-1]) if code.endswith("*") else value == code


def _has(phrase: str, title: str | None) -> bool:
    words, wanted = (title or "").split(), search_key(phrase.removesuffix("*")).split()
    for start in range(len(words) - len(wanted) + 1):
        piece = words[start : start + len(wanted)]
        if piece == wanted:
            return True
        if phrase.endswith("*") and piece[:-1] == wanted[:-1] and piece[-1].startswith(wanted[-1]):
            return True
    return False


def meets(c: Conditions, line: dict[str, Any]) -> bool:
    """Return whether a line meets every condition."""
    for name, column in _COLUMNS.items():
        codes = getattr(c, name)
        if codes and not any(_code(code, line[column]) for code in codes):
            return False
    for name, column in _LISTS.items():
        if getattr(c, name) and line[column] not in getattr(c, name):
            return False
    for value, low, high in (
        (line["date"], c.date_from, c.date_until),
        (line["fiscal_year"], c.year_from, c.year_until),
        (abs(line["amount"]), c.amount_min, c.amount_max),
    ):
        if (low is not None or high is not None) and value is None:
            return False
        if low is not None and value < low:
            return False
        if high is not None and value > high:
            return False
    title = line["title_key"]
    return (
        all(_has(phrase, title) for phrase in c.title_all)
        and (not c.title_any or any(_has(phrase, title) for phrase in c.title_any))
        and not any(_has(phrase, title) for phrase in c.title_none)
    )


def first(rules: Sequence[Rule], line: dict[str, Any]) -> str | None:
    """Return the code of the first rule in order that the line meets."""
    ordered = sorted(rules, key=lambda rule: (rule.order, rule.code))
    return next((rule.code for rule in ordered if meets(rule.conditions, line)), None)
