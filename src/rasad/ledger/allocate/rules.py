"""What a rule and a judgement are: plain values, checked when they are made, with a JSON form that reads back the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any, Literal, Self

from rasad.ledger.schema import BOOKS, CLASSES, FLOWS, STAGES
from rasad.persian.text import normalise, search_key

WHOLE_BP = 10_000
"""The whole of an amount, in basis points."""
Subject = Literal["line", "contract"]
_LISTS = {"stages": STAGES, "books": BOOKS, "flows": FLOWS, "classes": CLASSES}
CODES = ("units", "programmes", "economics", "trees", "contracts")
TITLES = ("title_all", "title_any", "title_none")


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


RULE_PROBLEMS: dict[str, str] = {
    "no_condition": _n("a rule that asks for nothing would take every line: say what a line must meet"),
    "unknown_field": _n("there is no such condition"),
    "not_a_list": _n("“%(found)s” is no list"),
    "not_a_text": _n("“%(found)s” is no text"),
    "not_a_number": _n("“%(found)s” is no whole number from nought up"),
    "not_a_date": _n("“%(found)s” is no date"),
    "unknown_value": _n("“%(found)s” is none of the values that there are"),
    "no_word": _n("“%(found)s” holds no letter and no digit"),
    "reversed": _n("“%(found)s” is before the beginning"),
    "not_a_part": _n("“%(found)s” does not say a project and its share"),
    "share_range": _n("a share is above nought and at most the whole, not %(found)s"),
    "share_sum": _n("the shares come to %(found)s; together at most 10000 (basis points)"),
    "project_twice": _n("the project “%(found)s” stands twice"),
    "no_project": _n("say which project"),
    "no_subject": _n("say which line or contract"),
}


class RuleError(ValueError):
    """A rule or a judgement that cannot stand: `code` (of RULE_PROBLEMS) says why, `field` where, `found` what stood there."""

    def __init__(self, code: str, field: str = "", found: str = "") -> None:
        super().__init__(f"{field}: {code}: {found}")
        self.code, self.field, self.found = code, field, found


@dataclass(frozen=True)
class Part:
    """A project's share of an amount, in basis points (1 to 10,000)."""

    project: str
    share_bp: int


def checked_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts in the order of their projects. RuleError where they are more than the whole, or a project stands twice."""
    ordered = tuple(sorted(parts, key=lambda part: part.project))
    for part in ordered:
        if not part.project.strip():
            raise RuleError("no_project", "parts")
        if isinstance(part.share_bp, bool) or not isinstance(part.share_bp, int):
            raise RuleError("not_a_number", "parts", str(part.share_bp))
        if not 1 <= part.share_bp <= WHOLE_BP:
            raise RuleError("share_range", "parts", str(part.share_bp))
    if len({part.project for part in ordered}) != len(ordered):
        twice = next(a.project for a, b in pairwise(ordered) if a.project == b.project)
        raise RuleError("project_twice", "parts", twice)
    if (together := sum(part.share_bp for part in ordered)) > WHOLE_BP:
        raise RuleError("share_sum", "parts", str(together))
    return ordered


def parts_from_json(data: Any) -> tuple[Part, ...]:
    """Return the parts that a list of {"project": code, "share_bp": share} says. RuleError where it is no such list, or they cannot stand."""
    if not isinstance(data, list):
        raise RuleError("not_a_list", "parts", str(data))
    for one in data:
        if (
            not isinstance(one, dict)
            or set(one) != {"project", "share_bp"}
            or not isinstance(one["project"], str)
        ):
            raise RuleError("not_a_part", "parts", str(one))
    return checked_parts(Part(one["project"].strip(), one["share_bp"]) for one in data)


@dataclass(frozen=True)
class Conditions:
    """What a line must meet, all of it; within one list, any of it. An empty list or None asks nothing.

    Codes (`units`, `programmes`, `economics`, `trees`, `contracts`) are exact, or with `*` at the end a beginning. `suppliers` are supplier
    keys as `ledger.link` gives them. `dates` (both days included) and `years` (fiscal, as the source counts them) may be open at either end.
    `title_all`, `title_any`, `title_none` are words or phrases, whole words after normalisation (`*` at the end: the last one may go on).
    `amount_min` and `amount_max` bound the amount without its sign, so that a payment and its reversal meet the same.
    """

    units: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    economics: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    date_from: date | None = None
    date_until: date | None = None
    year_from: int | None = None
    year_until: int | None = None
    title_all: tuple[str, ...] = ()
    title_any: tuple[str, ...] = ()
    title_none: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    amount_min: int | None = None
    amount_max: int | None = None

    def __post_init__(self) -> None:
        for name, allowed in _LISTS.items():
            for value in getattr(self, name):
                if value not in allowed:
                    raise RuleError("unknown_value", name, value)
        for name in CODES:
            cleaned = tuple(sorted({normalise(code) for code in getattr(self, name)}))
            for code in cleaned:
                if not code.removesuffix("*"):
                    raise RuleError("no_word", name, code)
            object.__setattr__(self, name, cleaned)
        for name in TITLES:
            for phrase in getattr(self, name):
                if not search_key(phrase.removesuffix("*")):
                    raise RuleError("no_word", name, phrase)
        for first, last in (
            ("date_from", "date_until"),
            ("year_from", "year_until"),
            ("amount_min", "amount_max"),
        ):
            low, high = getattr(self, first), getattr(self, last)
            if low is not None and high is not None and low > high:
                raise RuleError("reversed", last, str(high))
        for name in ("amount_min", "amount_max"):
            if (value := getattr(self, name)) is not None and value < 0:
                raise RuleError("not_a_number", name, str(value))

    @property
    def is_empty(self) -> bool:
        """Whether every line meets it."""
        return not self.as_json()

    def as_json(self) -> dict[str, Any]:
        """Return what is asked, as JSON has it; what asks nothing is left out."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value not in ((), None):
                found[field.name] = (
                    list(value)
                    if isinstance(value, tuple)
                    else value.isoformat()
                    if isinstance(value, date)
                    else value
                )
        return found

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the conditions that `as_json` gave, or that a person wrote so. RuleError says which field cannot stand."""
        if not isinstance(data, dict):
            raise RuleError("not_a_list", "conditions", str(data))
        known = {field.name: str(field.type) for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in data.items():
            if name not in known:
                raise RuleError("unknown_field", name)
            if value is None:
                continue
            values[name] = _read(name, known[name], value)
        return cls(**values)


def _read(name: str, type_: str, value: Any) -> Any:
    if type_.startswith("tuple"):
        if not isinstance(value, list | tuple):
            raise RuleError("not_a_list", name, str(value))
        for one in value:
            if not isinstance(one, str):
                raise RuleError("not_a_text", name, str(one))
        return tuple(one.strip() for one in value if one.strip())
    if type_.startswith("date"):
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise RuleError("not_a_date", name, str(value)) from error
    if isinstance(value, bool) or not isinstance(value, int):
        raise RuleError("not_a_number", name, str(value))
    return value


@dataclass(frozen=True)
class Rule:
    """One version of a rule in force: lines that meet the conditions are for the projects by share; what is left is unlinked.

    Rules are asked in the order of `order`, then `code`; the first that a line meets decides.
    """

    code: str
    version: int
    order: int
    conditions: Conditions
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if self.conditions.is_empty:
            raise RuleError("no_condition", "conditions")
        if not self.parts:
            raise RuleError("no_project", "parts")
        object.__setattr__(self, "parts", checked_parts(self.parts))

    def as_json(self) -> dict[str, Any]:
        """Return the rule as JSON has it."""
        return {
            "code": self.code,
            "version": self.version,
            "order": self.order,
            "conditions": self.conditions.as_json(),
            "parts": [[part.project, part.share_bp] for part in self.parts],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the rule that `as_json` gave."""
        return cls(
            code=data["code"],
            version=data["version"],
            order=data["order"],
            conditions=Conditions.from_json(data["conditions"]),
            parts=tuple(Part(project, share) for project, share in data["parts"]),
        )


@dataclass(frozen=True)
class Judged:
    """What a person holds of one line (by its id) or of all lines of a contract (by its number): the parts; none where it is for no project.

    `at` is when, as ISO 8601 in UTC: of two that speak of the same line the later holds.
    """

    kind: Subject
    subject: str
    parts: tuple[Part, ...]
    at: str

    def __post_init__(self) -> None:
        if self.kind not in ("line", "contract"):
            raise RuleError("unknown_value", "kind", self.kind)
        if not self.subject.strip():
            raise RuleError("no_subject", "subject")
        object.__setattr__(self, "parts", checked_parts(self.parts))


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules as they are asked."""
    return sorted(rules, key=lambda rule: (rule.order, rule.code, rule.version))
