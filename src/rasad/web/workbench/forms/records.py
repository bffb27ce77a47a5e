"""Forms of the register, made from what a noun declares: fields, rows of a set, the version seen, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.actions.register import model_of
from rasad.persian import dates
from rasad.persian.digits import DECIMAL
from rasad.records.audited import Audited
from rasad.records.problems import WHOLE_BP
from rasad.web.workbench import days, frame, labels
from rasad.web.workbench.fields import AmountField, AmountInput, field_of, in_digits, write_figure
from rasad.web.workbench.nouns.kinds import Fieldset, Input, Rows, Text, Verb

SPARE = 3
"""Empty rows that a set has for what is added."""
MOST_ROWS = 200
_ISO = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_FIGURE = re.compile(r"\d+")
# Not the digits of a code.
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d[\d/.,-]*(?![A-Za-z\d])", re.ASCII)
IN_BASIS_POINTS = frozenset({"share", "siblings_exceed", "weights_sum"})
"""Problems whose figures are basis points: a form says them in percent, as it takes them."""


@dataclass(frozen=True)
class Shown:
    """A field as a fieldset shows it."""

    bound: BoundField
    wide: bool


@dataclass(frozen=True)
class ShownRows:
    """A set as a fieldset shows it: its heads, a line of fields for each row, and what the shares must come to."""

    rows: Rows
    label: Text
    heads: list[Any]
    lines: list[list[BoundField]]
    names: list[str]
    wrong: list[str]
    total: str
    rest: str


class RecordForm(forms.Form):
    """A form of one noun's verb."""

    def __init__(
        self, noun: str, verb: Verb, *, data: QueryDict | None, first: Mapping[str, Any], seen: str
    ) -> None:
        self.noun, self.verb = noun, verb
        self.sets = {one.name: one for part in verb.fieldsets for one in part.inputs if isinstance(one, Rows)}
        self.first = dict(first)
        self.wrong_rows: dict[str, list[str]] = {name: [] for name in self.sets}
        initial = {name: value for name, value in first.items() if name not in self.sets}
        super().__init__(data or None, initial={**initial, "seen": seen})
        for part in verb.fieldsets:
            for one in part.inputs:
                if isinstance(one, Input):
                    self.fields[one.name] = _field(noun, one)
                else:
                    self._rows(one)
        self.fields["seen" if verb.sees_version else "seen_set"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=seen
        )
        if verb.why:
            self.fields["why"] = _why(verb)

    def _rows(self, rows: Rows) -> None:
        held = self.first.get(rows.name, [])
        sent = self.data.get(f"{rows.name}-count", "") if self.is_bound else ""
        sends_count = sent.isascii() and sent.isdecimal() and not rows.fixed
        count = min(int(sent), MOST_ROWS) if sends_count else len(held)
        if not self.is_bound and not rows.fixed:
            count += SPARE
        for number in range(count):
            told = held[number] if number < len(held) else {}
            for one in rows.inputs:
                field = _field(self.noun, one)
                field.required = False
                field.initial = told.get(one.name)
                self.fields[f"{rows.name}-{number}-{one.name}"] = field
        self.fields[f"{rows.name}-count"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(count)
        )

    def count(self, rows: Rows) -> int:
        """Return how many lines a set has."""
        pattern = re.compile(rf"{re.escape(rows.name)}-\d+-{re.escape(rows.inputs[0].name)}")
        return sum(1 for name in self.fields if pattern.fullmatch(name))

    # --- What was sent -------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Put the rows of sets together."""
        told = dict(super().clean() or {})
        for name, rows in self.sets.items():
            told[name] = self._cleaned_rows(rows, told)
        return told

    def _cleaned_rows(self, rows: Rows, told: dict[str, Any]) -> list[dict[str, Any]]:
        found, seen = [], set()
        for number in range(self.count(rows)):
            values = {one.name: told.pop(f"{rows.name}-{number}-{one.name}", None) for one in rows.inputs}
            if rows.fixed:
                values["record"] = self.first[rows.name][number]["record"]
            elif not any(value not in (None, "") for value in values.values()):
                continue
            for one in rows.inputs:
                where = f"{rows.name}-{number}-{one.name}"
                if one.required and values[one.name] in (None, "") and where not in self.errors:
                    self.add_error(where, _("Fill this in."))
            key = values[rows.inputs[0].name]
            if not rows.fixed and key is not None:
                if key in seen:
                    self.add_error(
                        f"{rows.name}-{number}-{rows.inputs[0].name}", _("This stands here twice.")
                    )
                seen.add(key)
            found.append(values)
        told.pop(f"{rows.name}-count", None)
        if rows.whole and not self.errors:
            self._whole(rows, found)
        return found

    def _whole(self, rows: Rows, found: list[dict[str, Any]]) -> None:
        total = sum(row[rows.whole] or 0 for row in found)
        exactly = rows.exactly and found and total != WHOLE_BP
        if exactly or (not rows.exactly and total > WHOLE_BP):
            said = (
                _("The weights come to %(total)s %%; together they must be exactly 100 %%.")
                if rows.exactly
                else _("The weights come to %(total)s %%; together they may be at most 100 %%.")
            )
            self.wrong_rows[rows.name].append(said % {"total": percent(total)})
            self.add_error(None, ValidationError(self.wrong_rows[rows.name][-1], code="whole"))

    @property
    def told(self) -> dict[str, Any]:
        """What the form says, without what belongs to the form itself."""
        own = {"seen", "seen_set", "why"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    @property
    def seen(self) -> str:
        """The version, or the fingerprint, that it was filled in on."""
        return str(self.cleaned_data.get("seen") or self.cleaned_data.get("seen_set") or "")

    def plainly(self) -> QueryDict:
        """Return what was sent as programs read it: days as ISO, figures ungrouped, amounts in the smallest unit, records by their key."""
        plain: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if isinstance(field, forms.BooleanField):
                # A box that is not ticked sends nothing, and says no all the same.
                plain[name] = "on" if value else ""
            elif name not in self.data:
                continue
            elif isinstance(value, date):
                plain[name] = value.isoformat()
            elif isinstance(value, Audited):
                plain[name] = value.key
            elif isinstance(field, AmountField) and value is not None:
                plain[name] = field.prepare_value(value)[0]
                plain[name + AmountInput.UNIT] = "full"
        sent: QueryDict = plain
        return sent

    def refuse(self, error: ValidationError) -> None:
        """Take down what the register says against it, each at its field, in the words of a form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, in_words(error))
            return
        for name, some in error.error_dict.items():
            for one in some:
                spot = "why" if name == "why" else name
                if spot in self.fields:
                    self.add_error(spot, in_words(one))
                elif name == NON_FIELD_ERRORS:
                    self.add_error(None, in_words(one))
                else:
                    self.add_error(None, in_words(one, self._called(name)))

    def _called(self, name: str) -> str:
        return labels.field(model_of(self.noun).__name__.lower(), name)

    # --- How it is shown -----------------------------------------------------------------------------------------

    def shown(self) -> Iterator[tuple[Fieldset, list[Shown | ShownRows]]]:
        """Yield each fieldset with its fields as a page shows them."""
        for part in self.verb.fieldsets:
            yield part, [self._shown(one) for one in part.inputs]

    def _shown(self, one: Input | Rows) -> Shown | ShownRows:
        if isinstance(one, Input):
            return Shown(self[one.name], one.wide or isinstance(self.fields[one.name].widget, forms.Textarea))
        lines = [[self[f"{one.name}-{n}-{i.name}"] for i in one.inputs] for n in range(self.count(one))]
        heads = [line.label for line in lines[0]] if lines else []
        total = sum(self._share(one, n) for n in range(len(lines))) if one.whole else 0
        names = [str(row.get("shown", "")) for row in self.first.get(one.name, [])] if one.fixed else []
        return ShownRows(
            one, one.label, heads, lines, names, self.wrong_rows[one.name],
            percent(total), percent(WHOLE_BP - total) if one.whole else "",
        )  # fmt: skip

    def _share(self, rows: Rows, number: int) -> int:
        name = f"{rows.name}-{number}-{rows.whole}"
        field = self.fields[name]
        try:
            value = field.to_python(self[name].value()) if self.is_bound else field.initial
        except ValidationError:
            return 0
        return value or 0

    @property
    def hidden(self) -> list[BoundField]:
        """The fields that nobody sees."""
        return [one for one in self if one.is_hidden]

    @property
    def why(self) -> BoundField | None:
        """The field that asks why."""
        return self["why"] if "why" in self.fields else None


def _field(noun: str, one: Input) -> forms.Field:
    of, _dot, name = one.column.rpartition(".")
    model = model_of(of or noun)
    field = field_of(model, name or one.name, required=one.required, label=one.label, help=one.help)
    return field


def _why(verb: Verb) -> forms.Field:
    return forms.CharField(
        label=str(verb.why_label),
        required=verb.why == "needed",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: this needs its reason.")},
        help_text=_("It stands on the audit trail with your name."),
    )


def percent(bp: int) -> str:
    """Return basis points as the digits of percent."""
    return write_figure(Decimal(bp) / 100)


def in_words(error: ValidationError, called: str = "") -> ValidationError:
    """Return a problem in the words of a form: days in the city's calendar, shares in percent, the page's digits."""
    code = getattr(error, "code", "") or ""
    text = " ".join(str(one) for one in error.messages)
    if code in IN_BASIS_POINTS:
        sign = "٪" if labels.fa() else " %"
        text = _FIGURE.sub(lambda found: percent(int(found[0])) + sign, text)
        text = text.replace(_("basis points"), "").replace("  ", " ").strip()
    text = _NUMBER.sub(_number, _ISO.sub(_day, text))
    return ValidationError(f"{called}: {text}" if called else labels.capitalised(text), code=code)


def _number(found: re.Match[str]) -> str:
    text = in_digits(found[0])
    return text.replace(".", DECIMAL) if labels.fa() and _DECIMAL.fullmatch(found[0]) else text


def _day(found: re.Match[str]) -> str:
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return found[1]
    return dates.format_date(day, calendar=days.calendar(), lang=frame.lang())
