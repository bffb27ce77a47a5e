"""Forms of the roadmap: a new scenario, an opinion, the decision, an initiative as the cells of its sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.records.models import Goal, Resolution, Scenario, Unit
from rasad.roadmap.problem import Horizon, ProblemError
from rasad.roadmap.problem.files import decode
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench.fields import DayField, FigureField, YearField, coded
from rasad.web.workbench.labels import VERDICTS
from rasad.web.workbench.naming import called, find

OFFERED = 500
"""Goals or units of the register that are offered."""
LARGEST = 20 * 1024**2
"""Bytes of a problem that is handed in."""
_WHY = gettext_lazy("Why (for the trail)")


class ScenarioForm(forms.Form):
    """A new scenario: what it is called, and what it begins from; of one that begins from nothing its periods, goals and units."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300, required=False)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=60,
        allow_unicode=True,
        required=False,
        help_text=gettext_lazy("A short name, as roadmap-1406; where it is empty one is given."),
    )
    begin = forms.ChoiceField(label=gettext_lazy("Begin from"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Periods are"),
        required=False,
        choices=[(code, said.HORIZONS[code]) for code in ("year", "half", "quarter")],
    )
    first_year = YearField(label=gettext_lazy("First year"), required=False)
    count = FigureField(label=gettext_lazy("How many periods"), places=0, most=100, required=False)
    goals = forms.MultipleChoiceField(
        label=gettext_lazy("Goals of the register"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("With the weights that they have there. Others are added afterwards."),
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units of the register"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those that own initiatives or work on them."),
    )
    problem = forms.FileField(
        label=gettext_lazy("A problem as JSON"),
        required=False,
        help_text=coded(
            gettext_lazy("As `rasad roadmap new` writes it; only where nothing else is begun from.")
        ),
    )
    why = forms.CharField(label=_WHY, max_length=500, required=False)

    FROM_NOTHING = ("kind", "first_year", "count", "goals", "units")

    def __init__(self, *args: Any, scenarios: list[Scenario], this_year: int, **values: Any) -> None:
        super().__init__(*args, **values)
        told: dict[str, Any] = self.fields
        told["begin"].choices = [
            ("empty", _("nothing: periods, goals and units as chosen below")),
            ("example", _("a small example")),
            *((f"scenario:{one.pk}", f"{one.code} · {one.title}") for one in scenarios),
            ("file", _("the file below")),
        ]
        told["first_year"].initial = this_year + 1
        told["count"].initial = 5
        told["goals"].choices = [(one.code, called(one)) for one in Goal.objects.order_by("code")[:OFFERED]]
        told["units"].choices = [(one.code, called(one)) for one in Unit.objects.order_by("code")[:OFFERED]]
        for name in ("goals", "units"):
            if not told[name].choices:
                del told[name]

    def clean(self) -> dict[str, Any]:
        """Read the file where one is begun from."""
        told = super().clean() or {}
        if told.get("begin") == "file":
            told["data"] = self._read(told.get("problem"))
        if told.get("begin") == "empty":
            told["horizon"] = self._horizon(told)
        return told

    def _horizon(self, told: dict[str, Any]) -> Horizon | None:
        for name in ("first_year", "count"):
            if not told.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in."))
        if self.errors:
            return None
        return Horizon(kind=told["kind"] or "year", first_year=told["first_year"], count=told["count"])

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
            return decode(file.read(), file.name)
        except ProblemError as error:
            self.add_error("problem", error.message(_))
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
        max_length=700,
        required=False,
        widget=forms.TextInput(attrs={"data-named": "resolution", "autocomplete": "off"}),
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
