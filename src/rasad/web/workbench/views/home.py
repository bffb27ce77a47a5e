"""The first page: what waits for whoever is signed in, by their roles; and the list behind each card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.web.theme.parts import Table
from rasad.web.theme.site import Link
from rasad.web.workbench.allowed import account_of, allowed, may
from rasad.web.workbench.paging import page_of
from rasad.web.workbench.waiting import MATTERS, Matter

EXAMPLES = 3
"""How many of the things that wait a card names."""


@dataclass(frozen=True)
class Card:
    """A matter as the first page shows it."""

    matter: Matter
    count: int
    url: str
    examples: tuple[str, ...]


@allowed("home.read")
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, the pressing first; what is as it should be is named below, so that it is known to have been looked at."""
    today = timezone.localdate()
    cards, settled = [], []
    for matter in MATTERS:
        if not may(request, matter.ability):
            continue
        card = _card(matter, request, today)
        if card.count:
            cards.append(card)
        else:
            settled.append(matter)
    context = {
        "pressing": [card for card in cards if card.matter.pressing],
        "waiting": [card for card in cards if not card.matter.pressing],
        "settled": settled,
        "today": today,
    }
    return render(request, "workbench/home.html", context)


def _card(matter: Matter, request: HttpRequest, today: date) -> Card:
    found = matter.find(account_of(request), today)
    first = list(found[: EXAMPLES + 1])
    # Three names and a count: the count is asked for only where there are more than the names that were read anyway.
    count = len(first)
    if count > EXAMPLES:
        count = found.count() if isinstance(found, QuerySet) else len(found)
    rows = [matter.row(one) for one in first[:EXAMPLES]]
    names = tuple(" · ".join(str(row[key]) for key in matter.example) for row in rows)
    return Card(matter, count, reverse(f"workbench:waiting-{matter.name}"), names)


def waiting(matter: Matter) -> Callable[[HttpRequest], HttpResponse]:
    """Return the page that lists what waits of one matter, under the matter's own ability."""
    # Reading what waits is reading, whatever the ability to settle it: nothing is ever sent here.

    @allowed(matter.ability, post="")
    def listed(request: HttpRequest) -> HttpResponse:
        found = matter.find(account_of(request), timezone.localdate())
        records, pages = page_of(request, found)
        table = Table(
            id="waiting",
            caption=str(matter.title),
            caption_hidden=True,
            columns=matter.columns(),
            rows=[matter.row(record) for record in records],
            empty=_("Nothing waits here."),
        )
        crumbs = (Link(_("What waits for me"), reverse("workbench:home")), Link(str(matter.title), ""))
        context = {"matter": matter, "table": table, "pages": pages, "crumbs": crumbs}
        return render(request, "workbench/waiting.html", context)

    return listed
