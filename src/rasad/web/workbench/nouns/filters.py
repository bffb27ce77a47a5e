"""Filters that several nouns' lists have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from rasad.actions.register import model_of
from rasad.records.labels import labelled
from rasad.records.models import Unit
from rasad.web.theme.parts import Option
from rasad.web.workbench import naming
from rasad.web.workbench.fields import titled_column
from rasad.web.workbench.labels import lazily
from rasad.web.workbench.nouns.kinds import Filter, Text

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]


def by_choice(noun: str, name: str) -> Filter:
    """Return a filter by a column of choices."""
    model = model_of(noun)
    return Filter(
        name,
        lazily(lambda: titled_column(model, name)),
        lambda: [Option(code, str(said)) for code, said in labelled(model.__name__, name)],
        lambda found, told: found.filter(**{name: told}),
    )


def by_unit(noun: str, name: str = "unit") -> Filter:
    """Return a filter by the units that the noun's records name."""
    model = model_of(noun)

    def options() -> Sequence[Option]:
        named = model._base_manager.filter(**{f"{name}__isnull": False}).values(f"{name}_id")
        units = Unit.objects.filter(pk__in=named).order_by("code")
        return [Option(unit.code, naming.titled(unit)) for unit in units]

    return Filter(
        name,
        lazily(lambda: titled_column(model, name)),
        options,
        lambda found, told: found.filter(**{f"{name}__code": told}),
    )


def by_state(label: Text, states: dict[str, tuple[Text, Narrow]]) -> Filter:
    """Return a filter by what is, or is not, as it should be."""
    return Filter(
        "state_of",
        label,
        lambda: [Option(name, str(said)) for name, (said, _narrow) in states.items()],
        lambda found, told: states[told][1](found),
    )
