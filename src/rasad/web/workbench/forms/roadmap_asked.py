"""What is asked of the worker for a scenario: a front of two or three aims. How sure its plan is: `roadmap_uncertain`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.roadmap_solving import SECONDS
from rasad.actions.roadmap_tradeoffs import FEWEST, MOST, aims
from rasad.roadmap.problem import Problem
from rasad.web.theme import show
from rasad.web.workbench import frame

POINTS = (
    ("few", gettext_lazy("a few, evenly spread")),
    ("more", gettext_lazy("more of them, evenly spread")),
    ("all", gettext_lazy("all, as far as the time does")),
)
OTHERS = {
    "cost": gettext_lazy("less spending"),
    "cost:hardware": gettext_lazy("less spending on hardware"),
    "completion": gettext_lazy("everything complete earlier"),
    "completion:each": gettext_lazy("each initiative complete earlier"),
    "least": gettext_lazy("more for the district that gets least"),
    "change": gettext_lazy("less change against the roadmap in force"),
}


def seconds_field(initial: int) -> forms.TypedChoiceField:
    """Return the choice of how long is searched."""
    return forms.TypedChoiceField(label=gettext_lazy("Search for how long"), coerce=int, initial=initial)


def seconds_said() -> list[tuple[int, str]]:
    return [(one, _("%(count)s seconds at most") % {"count": show.digits_of(one, frame.lang())}) for one in SECONDS]  # fmt: skip


class FrontForm(forms.Form):
    """Which aims are set against one another, how many points, and for how long is searched."""

    aims = forms.MultipleChoiceField(
        label=gettext_lazy("Aims"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Two or three of which more of one is less of another."),
    )  # fmt: skip
    points = forms.ChoiceField(label=gettext_lazy("Points"), choices=POINTS, initial="few")
    seconds = seconds_field(60)

    def __init__(self, *args: Any, problem: Problem, **values: Any) -> None:
        super().__init__(*args, **values)
        names = {f"goal:{one.id}": one.name.said(str, frame.lang()) for one in problem.goals}
        self.fields["aims"].choices = [  # type: ignore[attr-defined]
            (code, names.get(code) or OTHERS[code]) for code in aims(problem)
        ]
        self.fields["seconds"].choices = seconds_said()  # type: ignore[attr-defined]

    def clean_aims(self) -> list[str]:
        """Hold the number of aims."""
        chosen = list(self.cleaned_data["aims"])
        if not FEWEST <= len(chosen) <= MOST:
            raise ValidationError(_("Choose two or three aims."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Name the aims as the work does."""
        told = super().clean() or {}
        if "aims" in told:
            told["codes"] = told.pop("aims")
        return told
