"""What can be wrong with a record: message templates by code, and refusals that carry them.

A refusal names its code, so that a form shows it beside the field in the reader's language and a file names row and column with the
same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext

from rasad.ledger.allocate.rules import RULE_PROBLEMS
from rasad.records.labels import spoken

WHOLE_BP = 10_000
"""Shares and weights are whole basis points: 10,000 are the whole."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


RECORD_PROBLEMS: dict[str, str] = {
    # Keys and trees
    "key_taken": _n("there is one with this key already: %(found)s"),
    "key_kept": _n("this is what the record is known by, and it does not change (%(expected)s)"),
    "own_parent": _n("%(found)s cannot stand below itself"),
    "cycle": _n("%(found)s would stand below itself: %(expected)s"),
    "stays": _n("%(found)s is not taken away: it is ended, and stays in view"),
    "unknown_key": _n("there is no “%(found)s”; expected the key of a record of the kind: %(expected)s"),
    "unknown_column": _n("the register has no such field: %(found)s"),
    "reason_missing": _n("say why: this needs its reason"),
    # Days
    "ends_before_start": _n("the end (%(found)s) is before the start (%(expected)s)"),
    "ends_at_start": _n("the end (%(found)s) is not after the start (%(expected)s)"),
    "in_future": _n("the day %(found)s is yet to come; expected a day up to today"),
    # Shares and figures
    "negative": _n("%(found)s is less than nought"),
    "share": _n("the share %(found)s is not within %(expected)s basis points"),
    "siblings_exceed": _n(
        "the weights of the goals beside it come to %(found)s; together at most %(expected)s"
    ),
    "weights_sum": _n("the weights of the project's goals come to %(found)s; together exactly %(expected)s"),
    "denominator": _n("nothing is divided by nought"),
    "not_the_quotient": _n("the value %(found)s is not numerator ÷ denominator (%(expected)s)"),
    # Sides
    "one_side": _n("name either a unit or an institution, one of both"),
    "link_to_itself": _n("both sides are one and the same: %(found)s"),
    # Projects
    "merged_into": _n("a merged project names the one that it went into, and only a merged one does"),
    "not_ended": _n("the project is “%(found)s”: a day of its end stands only at one that ended"),
    "report_missing": _n("a project is closed with its closing report"),
    "status_step": _n("from “%(found)s” a project goes to: %(expected)s"),
    "ended": _n("the project ended (%(found)s); open it again first"),
    "baseline_stays": _n(
        "a baseline stays as it was decided: what changes is a further baseline with its reason"
    ),
    "baseline_reason": _n("a further baseline needs its reason"),
    "baseline_number": _n(
        "baselines are numbered from 1 without a gap: this would be %(found)s, expected %(expected)s"
    ),
    # The roadmap
    "adopted_when": _n("say on which day the roadmap was adopted"),
    "adopted_which": _n("say which plan was adopted"),
    "adopted_by": _n("name the resolution that adopted the roadmap, or what else decided it"),
    "scenario_stays": _n("what was decided stays as it was: what changes is a further scenario based on it"),
    "plan_stays": _n("a plan stays as it was found: what changes is a further plan"),
    "finding_stays": _n("what was computed stays as it was found: what changes is a further computation"),
    # Rules of allocation
    **RULE_PROBLEMS,
    "no_such_project": _n("there is no project “%(found)s”"),
    "version_stays": _n("a version that was in force stays as it is: what changes is a further version"),
}


STATUSES_SAID = frozenset({"not_ended", "status_step", "ended"})
"""Problems whose found and expected are codes of a project's status."""


@dataclass(frozen=True)
class Refusal:
    """One thing that cannot stand: at which field ("" for the record as a whole), by which code, what was found and expected."""

    field: str
    code: str
    found: str = ""
    expected: str = ""

    def error(self) -> ValidationError:
        """Return it as Django's forms take it: said in the language that is active when it is shown."""
        return ValidationError(_lazily(self.code, self.found, self.expected), code=self.code)


class RefusedError(ValidationError):
    """Records that cannot stand together; `of` has each record with its refusal, so that a file can name the row."""

    def __init__(self, of: list[tuple[Any, Refusal]]) -> None:
        super().__init__(_by_field(refusal for _, refusal in of))
        self.of = of


def error_of(refusals: Iterable[Refusal]) -> ValidationError:
    """Return the error for a form: field → its messages."""
    return ValidationError(_by_field(refusals))


def _by_field(refusals: Iterable[Refusal]) -> dict[str, list[ValidationError]]:
    fields: dict[str, list[ValidationError]] = {}
    for refusal in refusals:
        fields.setdefault(refusal.field or NON_FIELD_ERRORS, []).append(refusal.error())
    return fields


def said(code: str, found: str, expected: str, translate: Callable[[str], str]) -> str:
    """Return a problem's message in the language of `translate`."""
    if code in STATUSES_SAID:
        found, expected = (spoken(text, "Project", "status", translate) for text in (found, expected))
    return translate(RECORD_PROBLEMS[code]) % {"found": found, "expected": expected}


_lazily = lazy(lambda code, found, expected: said(code, found, expected, gettext), str)


def out_of_order(record: object, start: str, end: str, *, apart: bool = False) -> Iterator[Refusal]:
    """Yield a refusal where the day `end` is before the day `start`; also where both are one, if they must be `apart`."""
    first, last = getattr(record, start), getattr(record, end)
    # A form's text that is no day is refused at its own field.
    if not isinstance(first, date) or not isinstance(last, date):
        return
    if last < first:
        yield Refusal(end, "ends_before_start", last.isoformat(), first.isoformat())
    elif apart and last == first:
        yield Refusal(end, "ends_at_start", last.isoformat(), first.isoformat())


def to_come(record: object, field: str) -> Iterator[Refusal]:
    """Yield a refusal where the day is after today."""
    day = getattr(record, field)
    if isinstance(day, date) and day > timezone.localdate():
        yield Refusal(field, "in_future", day.isoformat())


def not_negative(record: object, *fields: str) -> Iterator[Refusal]:
    """Yield a refusal for each figure below nought."""
    for field in fields:
        figure = getattr(record, field)
        if isinstance(figure, int | Decimal) and figure < 0:
            yield Refusal(field, "negative", str(figure))


def not_a_share(record: object, field: str, *, least: int = 0) -> Iterator[Refusal]:
    """Yield a refusal where a share is not within `least` and the whole, in basis points."""
    share = getattr(record, field)
    if isinstance(share, int) and not least <= share <= WHOLE_BP:
        yield Refusal(field, "share", str(share), f"{least}–{WHOLE_BP}")


def not_one_of(record: object, first: str, second: str) -> Iterator[Refusal]:
    """Yield a refusal where both sides are named, or neither."""
    if (getattr(record, f"{first}_id") is None) == (getattr(record, f"{second}_id") is None):
        yield Refusal(first, "one_side")
