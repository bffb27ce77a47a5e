"""A row's cells → the values of a record's fields, or what is wrong with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from rasad.actions.bulk.known import Known, links, target
from rasad.actions.bulk.problems import CHOICES_PARTED, RecordProblem, of_row
from rasad.actions.bulk.wording import codes
from rasad.actions.register import kind_of
from rasad.ledger.filled import Filled, Row
from rasad.persian.text import search_key, typed
from rasad.records.audited import Audited
from rasad.records.labels import CHOICES

_RANGES = {
    "PositiveSmallIntegerField": (0, 32_767),
    "PositiveIntegerField": (0, 2_147_483_647),
    "IntegerField": (-2_147_483_648, 2_147_483_647),
}
NOTHING = object()
"""What a cell says that cannot be read, or names nothing that is known: the field stays as it is."""


@dataclass
class Line:
    """A row under way: the record that it is about, what that was before, and what is wrong."""

    sheet: Filled
    row: Row
    model: type[Audited]
    record: Audited | None = None
    before: dict[str, Any] | None = None
    outcome: str = ""
    problems: list[RecordProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problems += [of_row(problem) for problem in self.row.problems]

    def is_wrong_at(self, column: str) -> bool:
        """Return whether a problem of the column was taken down."""
        title = self.sheet.columns.get(column, column)
        return any(problem.column == title for problem in self.problems)

    @property
    def place(self) -> str:
        """Where the row stands, for other rows' messages."""
        sheet = f", {self.sheet.sheet}" if self.sheet.sheet else ""
        return f"{self.sheet.file}{sheet}, {self.row.row}"

    def refuse(self, column: str, code: str, found: str = "", expected: str = "") -> None:
        """Take down a problem, at a column or ("") the row as a whole; once each."""
        problem = of_row(self.sheet.problem(self.row, column, code, found, expected))
        if problem not in self.problems:
            self.problems.append(problem)


def value_of(line: Line, name: str, known: Known) -> Any:
    """Return the value that a row has for a field; NOTHING where it has none that can stand, which is a problem with the line."""
    form = line.model._meta.get_field(name)
    assert isinstance(form, models.Field)
    text = line.row.texts.get(name, "").strip()
    if not text:
        return _empty(line, form)
    if isinstance(form, models.ForeignKey):
        return _named(line, form, text, known)
    if (line.model.__name__, name) in CHOICES:
        return _choice(line, name, text)
    if isinstance(form, models.JSONField):
        return _json(line, name, text)
    if isinstance(form, models.CharField | models.TextField):
        return _text(line, form, text)
    value = line.row.values[name]
    # What is no figure or day is said already.
    return NOTHING if value is None else _within(line, form, value)


def check(line: Line) -> None:
    """Take down what the record's own fields and rules say against it; what was said of a cell before is not said again."""
    record = line.record
    assert record is not None
    wrong = {name for name in line.sheet.table.names if line.is_wrong_at(name)}
    try:
        record.clean_fields(exclude={*wrong, *(one.name for one in links(line.model))})
    except ValidationError as error:
        for name, some in error.message_dict.items():
            line.refuse(name, "field", capfirst(" ".join(some)))
    if not line.problems:
        for refusal in record.refusals():
            line.refuse(refusal.field, refusal.code, refusal.found, refusal.expected)


def _empty(line: Line, form: models.Field[Any, Any]) -> Any:
    if form.has_default():
        return form.get_default()
    if form.null:
        return None
    if form.blank:
        return ""
    line.refuse(form.name, "required", expected=_expected(line, form.name))
    return NOTHING


def _expected(line: Line, name: str) -> str:
    column = line.sheet.table.column(name)
    return f"{column.fa} / {column.en}"


def _named(line: Line, form: models.ForeignKey[Any, Any], text: str, known: Known) -> Any:
    model = target(form)
    if form.name in line.sheet.by_name:
        record = known.named(model, text)
        if record is None:
            line.sheet.unmatched.setdefault(form.name, set()).add(text)
        return NOTHING if record is None else record
    record = known.find(model, text)
    if record is not None:
        return record
    if place := known.refused_at(model, text):
        line.refuse(form.name, "depends", text, place)
    else:
        line.refuse(form.name, "unknown_key", text, kind_of(model))
    return NOTHING


def _choice(line: Line, name: str, text: str) -> Any:
    known = codes(line.model.__name__, name)
    code = known.get(search_key(text))
    if code is None:
        line.refuse(name, "choice", text, CHOICES_PARTED.join(CHOICES[line.model.__name__, name].values()))
        return NOTHING
    return code


def _json(line: Line, name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        line.refuse(name, "json", text[:60], '{"…": …}')
        return NOTHING


def _text(line: Line, form: models.Field[Any, Any], text: str) -> Any:
    kept = typed(text, lines=isinstance(form, models.TextField))
    longest = getattr(form, "max_length", None)
    if longest is not None and len(kept) > longest:
        line.refuse(form.name, "too_long", str(len(kept)), str(longest))
        return NOTHING
    return kept


def _within(line: Line, form: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, Decimal) and isinstance(form, models.DecimalField):
        most = Decimal(10) ** (form.max_digits - form.decimal_places)
        rounded = round(value, form.decimal_places)
        if value != rounded or abs(value) >= most:
            expected = f"{-most + 1:f} … {most - 1:f} (.{'0' * form.decimal_places})"
            line.refuse(form.name, "out_of_range", f"{value:f}", expected)
            return NOTHING
    low, high = _RANGES.get(form.get_internal_type(), (None, None))
    if low is not None and high is not None and not low <= value <= high:
        line.refuse(form.name, "out_of_range", str(value), f"{low} … {high}")
        return NOTHING
    return value
