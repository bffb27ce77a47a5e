"""How the city's spending divides: per resident, of each round sum, and of what a reader paid. Whole numbers that add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.persian import money
from rasad.persian.apportion import apportion
from rasad.persian.digits import to_latin
from rasad.release.reader import IT_CLASSES, Breakdown, Filters, Release
from rasad.web.portal.certainty import withheld
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query, one_of, read, value_of
from rasad.web.portal.tables import group_name, per_resident, residents
from rasad.web.theme import labels, show

TOP = 10
"""Units or programmes that are named; the others stand together."""
DIMENSIONS = ("unit", "programme", "economic")
LARGEST = 10**15
"""The largest sum (in the smallest unit) that is divided, and far above what anybody pays a city."""
MOST_PEOPLE = 10**8
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,٬' \u00a0\u202f\u2009][0-9]{3})+|[0-9]+")


@dataclass(frozen=True)
class Asked:
    """What the page divides. `people`: residents, stated by the city or typed (`typed`); `paid`: the reader's sum, None without one."""

    query: Query
    filters: Filters
    people: int | None
    typed: bool
    paid: int | None
    toman: bool


@dataclass(frozen=True)
class Part:
    """One part of the city's spending: `of_base` of the round sum, `each` per resident, `of_paid` of the reader's sum (None without them).

    `kind` is what `key` is a key of: class, "coarse" (classes told together), a dimension, or "others".
    """

    kind: str
    key: str
    name: str
    amount: int
    of_base: int
    each: int | None
    of_paid: int | None


def read_asked(params: QueryDict, release: Release) -> Asked:
    """Return what `params` ask for. BadRequest says what is wrong."""
    # The whole spending is divided: what narrows it down on other pages has no place here.
    own = params.copy()
    for name in params.keys() - {"year", "stage", "book", "by"}:
        del own[name]
    query = read(own, release, by=_grouping(release), dimensions=DIMENSIONS)
    year = query.filters.year
    if year is None:
        year = max((c.year for c in release.coverage() if c.stage == query.filters.stage), default=None)
    filters = Filters(year=year, stage=query.filters.stage, book=query.filters.book)
    stated = residents(release)
    typed = None if stated else _people(value_of(params, "people"))
    toman = (
        release.currency == "IRR"
        and one_of("in", value_of(params, "in") or "rial", ("rial", "toman")) == "toman"
    )
    return Asked(
        query=query,
        filters=release.settled(filters),
        people=stated or typed,
        typed=typed is not None,
        paid=read_sum(value_of(params, "paid"), release.currency, toman=toman),
        toman=toman,
    )


def _grouping(release: Release) -> str:
    """Return the first dimension that tells several groups apart."""
    return next((by for by in DIMENSIONS if sum(1 for key, _label in release.choices(by) if key) > 1), "unit")


def base(currency: str) -> int:
    """Return the round sum that is divided for everybody, in the smallest unit: a million rials, a hundred of another currency."""
    return 1_000_000 if currency == "IRR" else 100 * 10 ** money.minor_digits(currency)


def read_sum(text: str, currency: str, *, toman: bool = False) -> int | None:
    """Return a typed sum in the currency's smallest unit, None where nothing is typed. BadRequest where it is no sum.

    Persian and Arabic digits, groups of three and (where the currency has a smaller unit) decimals are read.
    """
    plain = to_latin(text).strip()
    if not plain:
        return None
    places = 0 if toman else money.minor_digits(currency)
    whole, rest = plain, ""
    if places and (found := re.fullmatch(r"(.*?)[.٫]([0-9]+)", plain)):
        whole, rest = found[1], found[2]
    if not _GROUPED.fullmatch(whole) or len(rest) > places:
        raise BadRequest(
            _("“%(value)s” is no sum of money: expected a number such as %(example)s.")
            % {"value": text[:60], "example": "1,250,000" if not places else "1,250.50"}
        )
    digits = re.sub(r"[^0-9]", "", whole)
    major: int = int(digits[:30]) * 10**places
    amount = (major + int(rest.ljust(places, "0") or "0")) * (10 if toman else 1)
    if not 0 < amount <= LARGEST:
        raise BadRequest(
            _("The sum must be above nought and at most %(most)s.")
            % {"most": money.display(LARGEST, currency, "full", lang())}
        )
    return amount


def _people(text: str) -> int | None:
    plain = to_latin(text).strip()
    if not plain:
        return None
    digits = re.sub(r"[^0-9]", "", plain)
    if not _GROUPED.fullmatch(plain) or not 1 <= int(digits[:30]) <= MOST_PEOPLE:
        raise BadRequest(
            _("“%(value)s” is no number of residents: expected a whole number such as %(example)s.")
            % {"value": text[:60], "example": "250,000"}
        )
    return int(digits)


def by_class(classes: Breakdown, asked: Asked, release: Release) -> list[Part]:
    """Return the spending by class; where shares of classes are withheld, what is IT, what is not and what is unknown. [] where there is
    nothing above nought to divide."""
    amounts = {row.key: row.amount for row in classes.rows}
    if not withheld(classes):
        groups = [
            ("class", cls, labels.label(labels.CLASSES, cls), amounts[cls])
            for cls in labels.CLASSES
            if cls in amounts
        ]
        return divide(groups, asked, release)
    it = sum(amounts.get(cls, 0) for cls in IT_CLASSES)
    groups = [("coarse", "it", _("Identified as IT, all classes together"), it)]
    groups += [
        ("coarse", cls, labels.label(labels.CLASSES, cls), amounts[cls])
        for cls in ("not_it", "unknown")
        if cls in amounts
    ]
    return divide(groups, asked, release)


def by_group(found: Breakdown, asked: Asked, release: Release) -> list[Part]:
    """Return the spending by unit or programme: the largest by name, the others together. [] where no line names one."""
    if not any(row.key for row in found.rows):
        return []
    groups = [
        (found.by, row.key, group_name(found.by, row.key, row.label, release), row.amount)
        for row in found.rows
    ]
    rest = (found.total_amount or 0) - sum(row.amount for row in found.rows)
    if found.groups > len(found.rows):
        groups.append(("others", "", others(found.groups - len(found.rows)), rest))
    return divide(groups, asked, release)


def others(number: int) -> str:
    """Return what stands for the groups that are not named."""
    return _("%(number)s others together") % {"number": show.grouped(number, lang())}


def divide(groups: Sequence[tuple[str, str, str, int]], asked: Asked, release: Release) -> list[Part]:
    """Return (kind, key, name, amount) as parts. Each column adds up exactly: to the round sum, to the amount per resident, to what was
    paid. [] where the amounts add up to nothing or to less."""
    weights = [amount for *_about, amount in groups]
    whole = sum(weights)
    if whole <= 0:
        return []
    of_base = apportion(base(release.currency), weights)
    each = apportion(per_resident(whole, asked.people), weights) if asked.people else None
    of_paid = apportion(asked.paid, weights) if asked.paid else None
    return [
        Part(
            kind, key, name, amount, of_base[at], each[at] if each else None, of_paid[at] if of_paid else None
        )
        for at, (kind, key, name, amount) in enumerate(groups)
    ]


def words(amount: int, currency: str) -> str:
    """Return an amount in words of the page's language; "" for a currency without words."""
    try:
        return money.in_words(amount, currency, lang())
    except ValueError:
        return ""
