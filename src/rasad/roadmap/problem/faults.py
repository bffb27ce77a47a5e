"""What can be wrong with a problem as it was written: typed values with message templates, and the error that carries them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rasad.roadmap.wording import Translate

Said = dict[str, str]


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


FAULTS: dict[str, str] = {
    # The shape of the data.
    "file_missing": _n("%(found)s: there is no such file"),
    "json": _n("%(found)s is no JSON in UTF-8 (%(expected)s)"),
    "key_twice": _n("%(found)s: “%(expected)s” stands twice in one object; which of the two counts?"),
    "missing": _n("%(field)s is missing"),
    "unknown_field": _n("%(field)s is no field of a problem"),
    "kind": _n("%(field)s: found %(found)s; expected %(expected)s"),
    "whole_number": _n("%(field)s: found %(found)s; expected a whole number"),
    "range": _n("%(field)s: found %(found)s; expected a number %(expected)s"),
    "choice": _n("%(field)s: found %(found)s; expected one of %(expected)s"),
    "text": _n("%(field)s: found “%(found)s”; expected a text that fits %(expected)s"),
    "count": _n("%(field)s: found %(found)s entries; expected %(expected)s"),
    "value": _n("%(field)s: found %(found)s (%(expected)s)"),
    # What the parts say of each other.
    "twice": _n("%(field)s: “%(found)s” stands there a second time"),
    "not_known": _n("%(field)s: “%(found)s” is not among %(expected)s"),
    "per_period": _n("%(field)s: %(found)s values; expected %(expected)s, one for each period"),
    "longer": _n("%(field)s: values for %(found)s periods; the mode lasts %(expected)s"),
    "shares": _n("%(field)s: the shares come to %(found)s ten-thousandths; at most 10000"),
    "beyond": _n("%(field)s: period %(found)s is outside the horizon; expected %(expected)s"),
    "deadline_early": _n("%(field)s: the deadline (period %(found)s) is before the earliest start (period %(expected)s)"),
    "own": _n("%(field)s: “%(found)s” cannot require itself"),
    "circle": _n("%(field)s: the prerequisites go round in a circle: %(found)s"),
    "few_members": _n("%(field)s: %(found)s members; expected at least %(expected)s"),
    "bounds": _n("%(field)s: at least %(found)s and at most %(expected)s cannot both hold"),
    "no_bound": _n("%(field)s: give at_least, at_most, or both"),
    "goal_needed": _n("%(field)s: a share of benefit needs the goal that it is of"),
    "published_needed": _n("%(field)s: least change needs a published plan to compare with"),
    "front_targets": _n("%(field)s: a front has two or three targets; found %(found)s"),
    "no_holders": _n("%(field)s: the problem names no %(expected)s to be fair to"),
    "in_order": _n("%(field)s: found %(found)s; expected %(expected)s"),
    "frozen_mode": _n("%(field)s: a frozen initiative needs a mode of its own; “%(found)s” is none"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what (`code`), in which field, what was found and what was expected."""

    code: str
    field: str = ""
    found: str = ""
    expected: str = ""

    def message(self, translate: Translate = str) -> str:
        """Return the message in the language of `translate`."""
        said = self.as_dict()
        if self.code == "kind":
            said["expected"] = translate(self.expected)
        return translate(FAULTS[self.code]) % said

    def as_dict(self) -> Said:
        return {"code": self.code, "field": self.field, "found": self.found, "expected": self.expected}


class RoadmapError(Exception):
    """The base of the roadmap's errors. `message(translate)` says it to a person."""

    exit_code = 1

    def message(self, translate: Translate = str) -> str:
        raise NotImplementedError


class ProblemError(RoadmapError):
    """The problem is written wrongly: `faults` says each field that is."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.message() for fault in self.faults))

    def message(self, translate: Translate = str) -> str:
        """Return one line for each fault, in the language of `translate`."""
        return "\n".join(fault.message(translate) for fault in self.faults)


class FaultsFound(ValueError):
    """Carries faults out of a validator, through pydantic."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message() for fault in self.faults))


_WHOLE = {"int_type", "int_from_float", "int_parsing"}
_RANGES = {"greater_than_equal": ("ge", "≥"), "less_than_equal": ("le", "≤"),
           "greater_than": ("gt", ">"), "less_than": ("lt", "<")}  # fmt: skip
_CHOICES = {"literal_error", "union_tag_invalid", "enum"}
_COUNTS = {"too_short": ("min_length", "≥"), "too_long": ("max_length", "≤")}
_KINDS = {"string_type": _n("a text"), "bool_type": "true / false", "tuple_type": _n("a list"), "dict_type": _n("an object"),
          "model_type": _n("an object"), "model_attributes_type": _n("an object")}  # fmt: skip


def from_validation(error: ValidationError) -> ProblemError:
    """Return what pydantic found as faults with codes of our own."""
    faults: list[Fault] = []
    errors = error.errors()
    for found in errors:
        carried = found.get("ctx", {}).get("error")
        if isinstance(carried, FaultsFound):
            inside = [*map(str, found["loc"])]
            faults.extend(replace(fault, field=".".join([*inside, fault.field])) for fault in carried.faults)
        # A list whose entries are wrong is said to be short of entries besides; that is no second fault.
        elif found["type"] != "too_short" or not any(_within(found, other) for other in errors):
            faults.append(_fault(found))
    return ProblemError(faults)


def _within(outer: ErrorDetails, inner: ErrorDetails) -> bool:
    depth = len(outer["loc"])
    return len(inner["loc"]) > depth and inner["loc"][:depth] == outer["loc"]


def _fault(found: ErrorDetails) -> Fault:
    kind, context = found["type"], found.get("ctx", {})
    path = list(found["loc"])
    if path[:2] == ["objective", "targets"]:
        # The kind of target names itself in the path; it is no field that a user wrote.
        del path[3:4]
    field = ".".join(map(str, path))
    value = json.dumps(found["input"], ensure_ascii=False, default=str)[:80]
    if kind == "missing":
        return Fault("missing", field)
    if kind == "extra_forbidden":
        return Fault("unknown_field", field)
    if kind in _WHOLE:
        return Fault("whole_number", field, value)
    if kind in _RANGES:
        key, sign = _RANGES[kind]
        return Fault("range", field, value, f"{sign} {context[key]}")
    if kind in _CHOICES:
        return Fault("choice", field, value, str(context.get("expected") or context.get("expected_tags", "")))
    if kind in _COUNTS:
        key, sign = _COUNTS[kind]
        return Fault("count", field, str(context.get("actual_length", "")), f"{sign} {context[key]}")
    if kind == "string_pattern_mismatch":
        return Fault("text", field, str(found["input"])[:80], str(context["pattern"]))
    if kind in _KINDS:
        return Fault("kind", field, value, _KINDS[kind])
    return Fault("value", field, value, found["msg"])
