"""The form of a rule: what a line must meet, and which projects it is then for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.ledger.allocate import Conditions, RuleError
from rasad.ledger.schema import BOOKS, CLASSES, FLOWS, STAGES
from rasad.records.models import AllocationRule
from rasad.records.problems import said
from rasad.web.theme import labels as names_of
from rasad.web.workbench.fields import AmountField, DayField, YearField
from rasad.web.workbench.shares import ShareError, basis_points

PARTS = 4
"""Rows for projects, where a rule has not more already."""
_PARTED = re.compile(r"[\n,،;؛]+")
_CODES = gettext_lazy("One a line. With * at the end, every code that begins so.")
_WORDS = gettext_lazy("One word or phrase a line, whole words. With * at the end the last word may go on.")


class ListField(forms.CharField):
    """Texts, one a line or parted by commas."""

    def __init__(self, **values: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **values)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the texts."""
        if isinstance(value, list | tuple):
            return [str(one) for one in value]
        return [one.strip() for one in _PARTED.split(value or "") if one.strip()]

    def prepare_value(self, value: Any) -> str:
        """Return them one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else (value or "")


def _named(kind: dict[str, Any], codes: tuple[str, ...]) -> Any:
    return lambda: [(code, names_of.label(kind, code)) for code in codes]


def _ticks(label: Any, kind: dict[str, Any], codes: tuple[str, ...]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=_named(kind, codes), required=False, widget=forms.CheckboxSelectMultiple
    )


class RuleForm(forms.Form):
    """A rule as a person writes it. `conditions` and `parts` are what the ledger takes."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=60, allow_unicode=True)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    order = forms.IntegerField(
        label=gettext_lazy("Order"),
        initial=100,
        help_text=gettext_lazy("Rules are asked from the lowest; the first that a line meets decides."),
    )
    units = ListField(label=gettext_lazy("Units"), help_text=_CODES)
    programmes = ListField(label=gettext_lazy("Programmes"), help_text=_CODES)
    economics = ListField(label=gettext_lazy("Economic codes"), help_text=_CODES)
    trees = ListField(label=gettext_lazy("Budget codes"), help_text=_CODES)
    contracts = ListField(label=gettext_lazy("Contract numbers"), help_text=_CODES)
    suppliers = ListField(
        label=gettext_lazy("Suppliers' keys"),
        help_text=gettext_lazy("As the ledger has them, for instance ir:10100000000."),
    )
    title_all = ListField(label=gettext_lazy("All of these words"), help_text=_WORDS)
    title_any = ListField(label=gettext_lazy("Any of these words"), help_text=_WORDS)
    title_none = ListField(label=gettext_lazy("None of these words"), help_text=_WORDS)
    date_from = DayField(label=gettext_lazy("From the day"), required=False)
    date_until = DayField(label=gettext_lazy("To the day"), required=False)
    year_from = YearField(label=gettext_lazy("From the fiscal year"), required=False)
    year_until = YearField(label=gettext_lazy("To the fiscal year"), required=False)
    amount_min = AmountField(
        label=gettext_lazy("Amount from"), help_text=gettext_lazy("Without its sign."), required=False
    )
    amount_max = AmountField(label=gettext_lazy("Amount up to"), required=False)
    stages = _ticks(gettext_lazy("Stages"), names_of.STAGES, STAGES)
    books = _ticks(gettext_lazy("Books"), names_of.BOOKS, BOOKS)
    flows = _ticks(gettext_lazy("Flows"), names_of.FLOWS, FLOWS)
    classes = _ticks(gettext_lazy("Classes"), names_of.CLASSES, CLASSES)
    why = forms.CharField(label=gettext_lazy("Why (for the trail)"), max_length=500, required=False)

    ASKED = (
        *("units", "programmes", "economics", "trees", "contracts", "suppliers"),
        *("title_all", "title_any", "title_none", "date_from", "date_until", "year_from", "year_until"),
        *("amount_min", "amount_max", "stages", "books", "flows", "classes"),
    )

    def __init__(self, *args: Any, rule: AllocationRule | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.numbers = range(1, max(PARTS, len(rule.parts) if rule else 0) + 1)
        for number in self.numbers:
            self.fields[f"project_{number}"] = forms.CharField(
                label=gettext_lazy("Project"), required=False, max_length=60
            )
            self.fields[f"share_{number}"] = forms.CharField(
                label=gettext_lazy("Share (percent)"), required=False, max_length=20
            )
        if rule is not None:
            self.fields.pop("code")
            self.initial = initial_of(rule)

    @property
    def part_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of projects with their shares."""
        return [(self[f"project_{n}"], self[f"share_{n}"]) for n in self.numbers]

    @property
    def tick_groups(self) -> list[forms.BoundField]:
        """The fields that are ticked."""
        return [self[name] for name in ("classes", "stages", "books", "flows")]

    def clean(self) -> dict[str, Any]:
        """Build conditions and parts; what the ledger refuses is said at its field."""
        told = super().clean() or {}
        try:
            asked = {
                name: told[name].isoformat() if isinstance(told[name], date) else told[name]
                for name in self.ASKED
                if told.get(name) not in (None, [], "")
            }
            told["conditions"] = Conditions.from_json(asked).as_json()
        except RuleError as error:
            field = error.field if error.field in self.fields else None
            self.add_error(field, said(error.code, error.found, "", _))
        told["parts"] = self._parts(told)
        return told

    def _parts(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        parts = []
        for number in self.numbers:
            # A list offers "code title": the code is its first word.
            project = (told.get(f"project_{number}") or "").split(" ")[0]
            if not project:
                continue
            try:
                parts.append(
                    {"project": project, "share_bp": basis_points(told.get(f"share_{number}") or "")}
                )
            except ShareError as error:
                self.add_error(f"share_{number}", str(error))
        return parts


def initial_of(rule: AllocationRule) -> dict[str, Any]:
    """Return a rule's version as the form shows it."""
    found: dict[str, Any] = {"code": rule.code, "title": rule.title, "order": rule.order, **rule.conditions}
    for name in ("date_from", "date_until"):
        if name in found:
            found[name] = date.fromisoformat(found[name])
    for number, part in enumerate(rule.parts, 1):
        found[f"project_{number}"] = part["project"]
        found[f"share_{number}"] = f"{part['share_bp'] / 100:g}"
    return found
