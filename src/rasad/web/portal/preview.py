"""What a page says of itself to whoever passes its address on: its card, and the address of the card's picture."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.frame import city_name, lang
from rasad.web.portal.pictures import SIZE, Card, Drawing, card_of
from rasad.web.theme import show

UNSAID = ("page", "order", "paid", "in", "people")
"""What an address holds and its picture's does not: where one stands in a list, and what a reader typed of themselves."""


def preview(request: HttpRequest, release: Release, context: dict[str, Any]) -> dict[str, Any]:
    """Return `card` and `preview` (absolute addresses of page and picture) for the page of the request; {} where it has no card."""
    match = request.resolver_match
    card = card_of(match.url_name or "", context, release) if match else None
    if card is None:
        return {}
    query = request.GET.copy()
    for name in UNSAID:
        query.pop(name, None)
    told = f"?{query.urlencode()}" if query else ""
    # A new release has new pictures: their address changes, so that nobody keeps showing the old ones.
    query["v"] = release.hash[:8]
    drawn = reverse("portal:picture", kwargs={"of": request.path.split("/", 2)[2]})
    return {
        "card": card,
        "preview": {
            "url": request.build_absolute_uri(request.path + told),
            "picture": request.build_absolute_uri(f"{drawn}?{query.urlencode()}"),
            "width": SIZE[0],
            "height": SIZE[1],
            "locale": "fa_IR" if lang() == "fa" else "en_GB",
            "other_locale": "en_GB" if lang() == "fa" else "fa_IR",
        },
    }


def drawing_of(card: Card, release: Release) -> Drawing:
    """Return the card with what stands around it on every picture."""
    number = show.digits_of(f"{release.number:04d}", lang())
    return Drawing(
        card=card,
        lang=lang(),
        rasad=_("Rasad"),
        city=city_name(release),
        sample=_("Sample: an invented city") if release.city.get("sample") else "",
        creed=_("Every figure leads to the row of the file it came from"),
        release=_("Release %(number)s") % {"number": number},
        hash=release.hash[:12],
    )
