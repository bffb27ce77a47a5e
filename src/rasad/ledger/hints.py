"""What was expected of a cell that could not be read, as exactly as the cell lets it be said."""

from __future__ import annotations

import re

from rasad.ledger.mapping import DateRule, NumberRule
from rasad.ledger.phrases import (
    A_DAY,
    A_DAYS_NUMBER,
    A_FORMULAS_VALUE,
    A_GREGORIAN_YEAR,
    A_JALALI_YEAR,
    A_MONTH,
    ALL_DIGITS,
    MINUS_BEFORE,
    NO_ERROR,
    NO_LEAP_DAY,
    OTHER_GROUPS,
    OWN_CURRENCY,
    SLASH,
)
from rasad.persian.dates import DateError, parse
from rasad.persian.digits import plain_figure, to_latin

_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:[0-9]{3}", re.IGNORECASE
)
_SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,٫][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)
_FIGURE = r"[0-9][0-9.,٬٫' ]*"
_OTHER_MINUS = re.compile(rf"\( ?{_FIGURE} ?\)|{_FIGURE} ?[-\u2212\u2010-\u2013]")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?P<mark>[.,' /])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:[.,٫][0-9]+)?")
_SLASHED = re.compile(r"[+-]?[0-9][0-9,]*/[0-9]{1,6}")
_SIDES = re.compile(r"(?:^| )− ")
_MARKED = re.compile(rf"[^0-9]{{1,12}}{_FIGURE}|{_FIGURE}[^0-9]{{1,12}}")
_OF_A_FIGURE = frozenset("0123456789.,٬٫،'()+- \u2212\u2010\u2011\u2012\u2013")
_DAYS_NUMBER = re.compile(r"[1-9][0-9]{4}(?:[.,٫][0-9]+)?")
_OF_DATE = {"month": A_MONTH, "day": A_DAY, "leap_day": NO_LEAP_DAY}


def of_amount(found: str, rule: NumberRule) -> str:
    """Return what was expected instead of `found`, which is no amount: a phrase, or an example of a figure."""
    # Of a ledger with two sides both are told; one of them is what is wrong.
    sides = _SIDES.split(found)
    if len(sides) > 1:
        return next((said for one in sides if (said := of_amount(one, rule)) != rule.example), rule.example)
    text = re.sub(r"\s", " ", plain_figure(found)).strip().replace("’", "'")
    if text.startswith("="):
        return A_FORMULAS_VALUE
    if _ERROR.fullmatch(text):
        return NO_ERROR
    if _SHORTENED.fullmatch(text):
        return ALL_DIGITS
    if _OTHER_MINUS.fullmatch(text):
        return MINUS_BEFORE
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped["mark"] not in rule.thousands:
        return OTHER_GROUPS
    if _SLASHED.fullmatch(text) and rule.decimal != "/":
        return SLASH
    if _MARKED.fullmatch(text) and any(char not in _OF_A_FIGURE for char in text):
        return OWN_CURRENCY
    return rule.example


def of_date(found: str, rule: DateRule) -> str:
    """Return what was expected instead of `found`, which is no date: a phrase, or an example of a date."""
    text = to_latin(found).strip()
    if text.startswith("="):
        return A_FORMULAS_VALUE
    if _DAYS_NUMBER.fullmatch(text):
        return A_DAYS_NUMBER
    if _SHORTENED.fullmatch(text):
        return ALL_DIGITS
    try:
        parse(text, calendar=rule.calendar, order=rule.order, pivot=rule.pivot)
    except DateError as error:
        if error.reason == "year":
            return A_JALALI_YEAR if rule.calendar == "jalali" else A_GREGORIAN_YEAR
        return _OF_DATE.get(error.reason, rule.example)
    return rule.example
