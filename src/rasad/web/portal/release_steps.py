"""Releases one after the other, as every page of changes tells of them: their list, the head of one of them, and the way to either."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release, Step, steps
from rasad.web.portal.feeds import RELEASES
from rasad.web.portal.frame import lang
from rasad.web.portal.query import page_number
from rasad.web.portal.tables import pages_of
from rasad.web.theme import show
from rasad.web.theme.parts import Table
from rasad.web.theme.site import Link


def listed(params: QueryDict, release: Release) -> tuple[list[Step], dict[str, Any]]:
    """Return the releases of the page that an address means, the newest first, and what the list says of its pages."""
    every = steps(release.path)
    number = page_number(params)
    return every[(number - 1) * RELEASES : number * RELEASES], {
        "pages": pages_of(params, number, len(every), size=RELEASES),
        "single": len(every) == 1 and every[0].state == "first",
    }


def step_of(number: int, release: Release) -> Step:
    """Return a release by its number. Http404 where the live one does not come from it."""
    step = next((one for one in steps(release.path) if one.number == number), None)
    if step is None:
        raise Http404
    return step


def head_of(step: Step, release: Release, *, query: str) -> dict[str, Any]:
    """Return the head of the page of one release. `query`: its subject as an address has it."""
    number = {"number": show.digits_of(step.number, lang())}
    named = _("Release %(number)s") % number
    return {
        "step": step,
        "crumbs": [
            Link(_("Changes between releases"), reverse("portal:changes") + query),
            Link(named, "", True),
        ],
        "title": _("Release %(number)s against the one before") % number
        if step.state == "compared"
        else named,
        "kicker": built_at(step, release),
    }


def built_at(step: Step, release: Release) -> str:
    """Return the day a release was built, in the city's calendar."""
    return show.day(step.created_at, str(release.city["calendar"]), lang(), long=True)[0]


def told_here(step: Step, table: Table | None, *, query: str, subject: str) -> dict[str, Any]:
    """Return `changes_here` and `feeds`. `query`: the subject as an address has it; `subject`: in words; `table`: what changed, if anything."""
    feeds = feed_links(query, subject)
    return {
        "changes_here": {
            "state": step.state,
            "number": step.number,
            "before": step.number - 1,
            "table": table,
            "url": reverse("portal:changes-of", args=[step.number]) + query,
            "all_url": reverse("portal:changes") + query,
            "feed_url": feeds[0].url,
        },
        "feeds": feeds,
    }


def feed_links(query: str, subject: str) -> tuple[Link]:
    """Return the feed of a subject's changes, as a page names it."""
    said = _("Changes between releases: %(subject)s") % {"subject": subject}
    return (Link(said, reverse("portal:feed") + query),)
