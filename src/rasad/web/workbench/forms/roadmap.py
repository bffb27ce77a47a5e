"""Forms of the roadmap: a new scenario, an opinion, the decision, an initiative as the cells of its sheet."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.records.models import Resolution, Scenario
from rasad.web.workbench.fields import DayField
from rasad.web.workbench.labels import VERDICTS
from rasad.web.workbench.naming import find

LARGEST = 20 * 1024**2
"""Bytes of a problem that is handed in."""
_WHY = gettext_lazy("Why (for the trail)")


class ScenarioForm(forms.Form):
    """A new scenario: what it is called, and what it begins from."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=60, allow_unicode=True)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300, required=False)
    begin = forms.ChoiceField(label=gettext_lazy("Begin from"))
    problem = forms.FileField(
        label=gettext_lazy("A problem as JSON"),
        required=False,
        help_text=gettext_lazy("As `rasad roadmap new` writes it; only where nothing else is begun from."),
    )
    why = forms.CharField(label=_WHY, max_length=500, required=False)

    def __init__(self, *args: Any, scenarios: list[Scenario], **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["begin"].choices = [  # type: ignore[attr-defined]
            ("example", _("a small example")),
            *((f"scenario:{one.pk}", f"{one.code} · {one.title}") for one in scenarios),
            ("file", _("the file below")),
        ]

    def clean(self) -> dict[str, Any]:
        """Read the file where one is begun from."""
        told = super().clean() or {}
        if told.get("begin") == "file":
            told["data"] = self._read(told.get("problem"))
        return told

    def _read(self, file: Any) -> Any:
        if file is None:
            self.add_error("problem", _("Choose the file."))
            return None
        if file.size > LARGEST:
            self.add_error(
                "problem", _("The file is larger than %(size)s MB.") % {"size": LARGEST // 1024**2}
            )
            return None
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            self.add_error(
                "problem", _("This is no JSON in UTF-8 (%(error)s).") % {"error": str(error)[:120]}
            )
            return None


class OpinionForm(forms.Form):
    """A reasoned opinion on a scenario."""

    verdict = forms.ChoiceField(label=gettext_lazy("I am"), choices=list(VERDICTS.items()))
    text = forms.CharField(
        label=gettext_lazy("My reasons"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class AdoptForm(forms.Form):
    """The decision: which plan, on which day, by which resolution or what else."""

    plan = forms.TypedChoiceField(label=gettext_lazy("Plan"), coerce=int)
    adopted_on = DayField(label=gettext_lazy("Adopted on the day"))
    resolution = forms.CharField(
        label=gettext_lazy("Resolution"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("By its number, where the register has it."),
    )
    reference = forms.CharField(label=gettext_lazy("Or what else decided it"), max_length=300, required=False)
    why = forms.CharField(label=_WHY, max_length=500, required=False)

    def __init__(self, *args: Any, plans: list[tuple[int, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]

    def clean_resolution(self) -> Resolution | None:
        """Return the resolution that is named."""
        text = self.cleaned_data["resolution"].strip()
        if not text:
            return None
        found = find(Resolution, text)
        if not isinstance(found, Resolution):
            raise ValidationError(_("The register has no resolution “%(found)s”.") % {"found": text})
        return found


class AgainForm(forms.Form):
    """Planning an adopted roadmap anew."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=60, allow_unicode=True)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300, required=False)
    as_of = DayField(
        label=gettext_lazy("As things stand on"),
        required=False,
        help_text=gettext_lazy("Today, where nothing is given. Periods before this day are past."),
    )
    why = forms.CharField(label=_WHY, max_length=500)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_WHY, max_length=500)


verdict_name = lazy(lambda code: str(VERDICTS.get(code, code)), str)
