"""How sure a scenario's plan is, or is to be: what such projects become, and what the worker is asked for with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.roadmap_classes import ALL, BY_KIND, candidates, entered, from_file
from rasad.actions.roadmap_uncertain import WEIGHTS
from rasad.records.labels import label
from rasad.records.models import Scenario, ScenarioFinding
from rasad.records.models.projects import KINDS
from rasad.roadmap.problem import Problem
from rasad.roadmap.uncertainty.fitting import LEAST
from rasad.roadmap.uncertainty.result import EACH, TOGETHER
from rasad.web.theme import show
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.fields import coded
from rasad.web.workbench.forms.roadmap_asked import seconds_field, seconds_said


def percent_field(
    label: Any, help_text: Any = "", *, least: int = 0, most: int = 1000, initial: int | None = None
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        required=False,
        localize=False,
        initial=initial,
    )


class UncertainForm(forms.Form):
    """How uncertain costs and durations are, and what is asked with it: how sure the plan is, or a plan that is sure enough.

    Cleaned, `uncertainty` is what the worker is given: classes as they stand, or which finished projects it reads by itself.
    """

    source = forms.ChoiceField(label=gettext_lazy("What such projects become"), widget=forms.RadioSelect)
    classes = forms.FileField(
        label=gettext_lazy("A file of reference classes, as JSON"),
        required=False,
        help_text=coded(gettext_lazy("Of 1 MB at most: classes as distributions, or finished projects that they are fitted to, as `rasad roadmap uncertainty` reads it.")),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )  # fmt: skip
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
        gettext_lazy("Which part of the variation all share: prices, one short-handed department. A file says it itself."),
        most=100,
    )  # fmt: skip
    seconds = seconds_field(60)
    weights = forms.TypedChoiceField(
        label=gettext_lazy("Vary the weights of the goals"), coerce=int, initial=20
    )
    confidence = percent_field(
        gettext_lazy("In so many of a hundred cases keep"), least=1, most=99, initial=80
    )
    holds = forms.ChoiceField(
        label=gettext_lazy("Which budgets"),
        required=False,
        help_text=gettext_lazy(
            "Each period by itself asks for less than all together: an unlucky year does not count against the others."
        ),
    )

    FOUR = ("cost_middle", "cost_high", "time_middle", "time_high")

    def __init__(
        self, *args: Any, problem: Problem, last: ScenarioFinding | None = None, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.problem, self.last = problem, last
        counts, lang = candidates(), frame.lang()
        choices = [("entered", _("the figures below")), ("file", _("a file of reference classes"))]
        own = [(f"own:{kind}", _own_said(kind, count)) for kind, count in counts.items() if count >= LEAST]
        if counts[ALL] >= LEAST and any(one.reference_class for one in problem.initiatives):
            own.insert(
                0,
                (
                    f"own:{BY_KIND}",
                    _("the city's own finished projects, each initiative by its kind of project"),
                ),
            )
        if last is not None:
            choices.insert(0, ("last", _last_said(last)))
        self.fields["source"].choices = [*own, *choices]  # type: ignore[attr-defined]
        self.fields["source"].initial = [*own, *choices][0][0]
        if counts[ALL] < LEAST:
            self.fields["source"].help_text = _(
                "The register has %(count)s finished projects with budgets and days; with %(least)s and more, they can be asked."
            ) % {"count": show.grouped(counts[ALL], lang), "least": show.grouped(LEAST, lang)}
        self.fields["weights"].choices = [  # type: ignore[attr-defined]
            (one, _("for %(count)s weights") % {"count": show.grouped(one, lang)} if one else _("do not"))
            for one in WEIGHTS
        ]
        self.fields["seconds"].choices = seconds_said()  # type: ignore[attr-defined]
        self.fields["holds"].choices = [  # type: ignore[attr-defined]
            (TOGETHER, _("every budget of every period, all together")),
            (EACH, _("the budgets of each period by itself")),
            *((str(at), _("the budgets of %(period)s alone") % {"period": shown.when(problem, at)}) for at in range(problem.horizon.count)),
        ]  # fmt: skip

    @property
    def wants_plan(self) -> bool:
        """Whether a plan is asked for, not how sure the one is that there is."""
        return self.data.get("ask") == "plan"

    def clean(self) -> dict[str, Any]:
        """Make what the worker is given of the source that is chosen; only that one's fields are looked at."""
        told = super().clean() or {}
        source, shared = str(told.get("source", "")), 100 * (told.get("shared") or 0)
        if source.startswith("own:"):
            told["uncertainty"] = {"register": source.removeprefix("own:"), "shared": shared}
        elif source == "last" and self.last is not None:
            told["uncertainty"] = self.last.asked["uncertainty"]
        elif source == "file":
            self._read(told)
        elif source == "entered":
            self._entered(told, shared)
        if self.wants_plan and not told.get("confidence") and "confidence" not in self.errors:
            self.add_error("confidence", _("Enter a number from 1 to 99."))
        return told

    def _read(self, told: dict[str, Any]) -> None:
        file = told.get("classes")
        if file is None:
            if "classes" not in self.errors:
                self.add_error("classes", _("Choose the file."))
            return
        try:
            found = from_file(file.read(), problem=self.problem)
        except ValidationError as error:
            self.add_error("classes", error)
        else:
            told["uncertainty"] = found.model_dump(mode="json")

    def _entered(self, told: dict[str, Any], shared: int) -> None:
        missing = [name for name in self.FOUR if not told.get(name) and name not in self.errors]
        for name in missing:
            self.add_error(name, _("Enter a number above nought."))
        for low, high in (("cost_middle", "cost_high"), ("time_middle", "time_high")):
            if told.get(low) and told.get(high) and told[high] < told[low]:
                self.add_error(high, _("This is below the middle."))
        if not self.errors:
            cost, time = ((100 * told[low], 100 * told[high]) for low, high in (self.FOUR[:2], self.FOUR[2:]))
            told["uncertainty"] = entered(cost=cost, duration=time, shared=shared).model_dump(mode="json")


def _own_said(kind: str, count: int) -> str:
    number = show.grouped(count, frame.lang())
    if kind == ALL:
        return _("the city's own finished projects, by what was paid for them: %(count)s of all kinds") % {
            "count": number
        }
    return _("of these, the %(count)s of the kind “%(kind)s”") % {
        "count": number,
        "kind": label("Project", "kind", kind),
    }


def _last_said(last: ScenarioFinding) -> str:
    return _("as asked last: %(classes)s") % {
        "classes": _(", ").join(class_name(one) for one in last.asked["uncertainty"]["classes"][:3])
    }


def class_name(told: dict[str, Any]) -> str:
    """Return the name of a class as JSON has it: its title, or what is meant by an id that is ours."""
    fa, en = str(told.get("title_fa") or ""), str(told.get("title_en") or "")
    if fa or en:
        return fa or en if frame.lang() == "fa" else en or fa
    known = {ALL: _("finished projects of all kinds"), "entered": _("figures that were entered")}
    return known.get(told["id"]) or str(label("Project", "kind", told["id"]))


def kinds_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the kinds of projects that an initiative may be of: the register's, and the classes that a plan of the scenario was last played through with."""
    found = {kind: str(label("Project", "kind", kind)) for kind in KINDS}
    last = ScenarioFinding.objects.filter(scenario=scenario, kind="forecast").first()
    for one in last.asked["uncertainty"]["classes"] if last is not None else ():
        if one["id"] not in (ALL, "entered"):
            found.setdefault(one["id"], class_name(one))
    return list(found.items())
