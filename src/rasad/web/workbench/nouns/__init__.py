"""The nouns of the register as the workbench shows them: one declaration each (`kinds.Noun`), in the order of the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from rasad.web.workbench.nouns.addresses import PAGES
from rasad.web.workbench.nouns.assets import ASSETS, CONTRACTS, RESOLUTIONS
from rasad.web.workbench.nouns.goals import GOALS
from rasad.web.workbench.nouns.indicators import INDICATORS
from rasad.web.workbench.nouns.kinds import Noun
from rasad.web.workbench.nouns.projects import PROJECTS
from rasad.web.workbench.nouns.services import SERVICES
from rasad.web.workbench.nouns.systems import LINKS, SYSTEMS
from rasad.web.workbench.nouns.units import INSTITUTIONS, STAFFING, UNITS

NOUNS: tuple[Noun, ...] = (
    CONTRACTS,
    RESOLUTIONS,
    PROJECTS,
    GOALS,
    INDICATORS,
    SERVICES,
    UNITS,
    INSTITUTIONS,
    STAFFING,
    SYSTEMS,
    LINKS,
    ASSETS,
)
# A scenario of the roadmap has a page, and is no noun of the register.
PAGES.update({noun.model.__name__: noun.one for noun in NOUNS} | {"Scenario": "roadmap-scenario"})


def addresses() -> Iterator[URLPattern]:
    """Yield the addresses of every noun's pages: each view carries its own rule, so that a new verb is tried as every role too."""
    # After the nouns, which the views show.
    from rasad.web.workbench.views import nouns as views

    for noun in NOUNS:
        yield path(f"{noun.slug}/", views.listed(noun), name=noun.many)
        yield path(f"{noun.slug}/file/<str:format>/", views.exported(noun), name=f"{noun.many}-file")
        if noun.add is not None:
            yield path(f"{noun.slug}/new/", views.added(noun), name=f"{noun.one}-new")
        yield path(f"{noun.slug}/<int:key>/", views.shown(noun), name=noun.one)
        for verb in noun.verbs:
            yield path(
                f"{noun.slug}/<int:key>/{verb.name}/", views.done(noun, verb), name=f"{noun.one}-{verb.name}"
            )
        for part in noun.parts:
            for verb in part.verbs:
                yield path(
                    f"{noun.slug}/{part.noun.replace('_', '-')}/<int:key>/{verb.name}/",
                    views.part_done(noun, part, verb),
                    name=f"{noun.one}-{part.noun}-{verb.name}",
                )
