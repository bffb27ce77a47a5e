"""What is said of a mapping that cannot stand, in the reader's language: the validator's words are English, with names and figures in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from rasad.ledger.phrases import _n

WORDINGS = (
    _n("Field required"),
    _n("Extra inputs are not permitted"),
    _n("String should match pattern '%(pattern)s'"),
    _n("Input should be a valid string"),
    _n("Input should be a valid integer"),
    _n("Input should be a valid boolean"),
    _n("Input should be a valid list"),
    _n("Input should be a valid tuple"),
    _n("Input should be a valid dictionary"),
    _n("Input should be a valid dictionary or instance of %(name)s"),
    _n("Input should be greater than or equal to %(figure)s"),
    _n("Input should be less than or equal to %(figure)s"),
    _n("Input should be %(choice)s or %(last)s"),
    _n("Input should be %(choice)s"),
    _n("at least one entry"),
    _n("at least one column of amounts"),
    _n("a regular expression without look-around or back-references (%(reason)s)"),
    _n("the pattern needs a group in parentheses"),
    _n("give either names or position"),
    _n("a header needs a letter or a digit; give its position instead"),
    _n("stage is one of %(names)s"),
    _n("scale is one of %(names)s"),
    _n("the decimal mark cannot also part thousands"),
    _n("from = value needs value"),
    _n("from = path needs pattern"),
    _n("from = column needs either names or position"),
    _n("rule = prefix needs lengths"),
    _n("give either column and pattern, or blank"),
    _n("the table %(table)s has no column %(column)s that a mapping may fill"),
    _n("%(column)s is both a column and a constant"),
    _n("flow is a constant: %(names)s"),
    _n("every amount of a line needs its stage"),
    _n("two amounts state the same stage"),
    _n("a %(table)s has one amount"),
    _n("%(key)s names the column %(column)s, which is not mapped"),
    _n("a tree needs the column tree_code"),
    _n("fiscal_year from = date needs the column date"),
)


def in_words(text: str, translate: Callable[[str], str]) -> str:
    """Return one of the validator's sentences in the language of `translate`; any other text as it is."""
    for wording, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            return translate(wording) % match.groupdict()
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for wording in WORDINGS:
        parts = re.split(r"%\((\w+)\)s", wording)
        pattern = "".join(
            f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        found.append((wording, re.compile(pattern, re.DOTALL)))
    return tuple(found)
