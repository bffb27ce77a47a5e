"""What is asked of the worker for a scenario: a front of two or three aims, and how sure its plan is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.roadmap_solving import SECONDS
from rasad.actions.roadmap_tradeoffs import FEWEST, MOST, aims
from rasad.actions.roadmap_uncertain import WEIGHTS, entered, finished_projects, from_register
from rasad.roadmap.problem import Problem
from rasad.roadmap.uncertainty.fitting import LEAST
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


def percent_field(label: Any, help_text: Any = "", *, most: int = 1000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=most, required=False, localize=False
    )


class UncertainForm(forms.Form):
    """How uncertain costs and durations are, and whether weights are varied."""

    source = forms.ChoiceField(label=gettext_lazy("What such projects become"), widget=forms.RadioSelect)
    cost_middle = percent_field(
        gettext_lazy("Cost: the middle, in per cent of the plan"),
        gettext_lazy("100: as often dearer as cheaper than planned."),
    )
    cost_high = percent_field(
        gettext_lazy("Cost: passed by one in ten, in per cent"),
        gettext_lazy("160: one project in ten costs more than 1.6 times its plan."),
    )
    time_middle = percent_field(gettext_lazy("Duration: the middle, in per cent of the plan"))
    time_high = percent_field(gettext_lazy("Duration: passed by one in ten, in per cent"))
    shared = percent_field(
        gettext_lazy("Common to all, in per cent"),
        gettext_lazy("Which part of the variation all share: prices, one short-handed department."),
        most=100,
    )
    weights = forms.TypedChoiceField(
        label=gettext_lazy("Vary the weights of the goals"), coerce=int, initial=20
    )
    seconds = seconds_field(60)

    FOUR = ("cost_middle", "cost_high", "time_middle", "time_high")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        count, lang = len(finished_projects()), frame.lang()
        told = _("the register's %(count)s finished projects") % {"count": show.grouped(count, lang)}
        choices = [("entered", _("the figures below"))]
        if count >= LEAST:
            choices.insert(0, ("register", told))
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        self.fields["source"].initial = choices[0][0]
        if count < LEAST:
            self.fields["source"].help_text = _(
                "The register has %(count)s finished projects with budgets and days; with %(least)s and more, they can be asked."
            ) % {"count": show.grouped(count, lang), "least": show.grouped(LEAST, lang)}
        self.fields["weights"].choices = [  # type: ignore[attr-defined]
            (one, _("for %(count)s weights") % {"count": show.grouped(one, lang)} if one else _("do not"))
            for one in WEIGHTS
        ]
        self.fields["seconds"].choices = seconds_said()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Make the reference class: of the register, or of the figures, each of which is needed then."""
        told = super().clean() or {}
        shared = 100 * (told.get("shared") or 0)
        if told.get("source") == "register":
            told["uncertainty"] = from_register(shared=shared).model_dump(mode="json")
        elif told.get("source") == "entered":
            missing = [name for name in self.FOUR if not told.get(name) and name not in self.errors]
            for name in missing:
                self.add_error(name, _("Enter a number above nought."))
            for low, high in (("cost_middle", "cost_high"), ("time_middle", "time_high")):
                if told.get(low) and told.get(high) and told[high] < told[low]:
                    self.add_error(high, _("This is below the middle."))
            if not self.errors:
                cost, time = (
                    (100 * told[low], 100 * told[high]) for low, high in (self.FOUR[:2], self.FOUR[2:])
                )
                told["uncertainty"] = entered(cost=cost, duration=time, shared=shared).model_dump(mode="json")
        return told
