"""The frame of every page of the workbench: the city, the navigation, who is signed in. A context processor, so that the pages of
accounts and errors have it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language

from rasad.actions import cities
from rasad.web.theme.site import Site
from rasad.web.workbench import labels
from rasad.web.workbench.holding import roles_of
from rasad.web.workbench.sections import Shown, shown


@dataclass(frozen=True)
class Desk:
    """What the workbench's base template needs besides the site."""

    name: str
    roles: str
    groups: tuple[Shown, ...]


def lang() -> str:
    """Return "fa" or "en"."""
    return "fa" if (get_language() or "fa").startswith("fa") else "en"


def city() -> dict[str, Any]:
    """Return the settings of the home's city; those of none where it has no `city.toml`."""
    file = settings.HOME / "city.toml"
    try:
        return _city(settings.HOME, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=1)
def _city(home: Path, changed: int) -> dict[str, Any]:
    return cities.settings(home)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return `site` and, where somebody is signed in, `desk`."""
    told = city()
    site = Site(
        city=str(told.get(f"name_{lang()}", "")),
        currency=str(told.get("currency", "IRR")),
        calendar=str(told.get("calendar", "jalali")),
        sample=bool(told.get("sample")),
        home_url=reverse("workbench:home"),
    )
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"site": site}
    return {"site": site, "desk": Desk(user.name, labels.roles(roles_of(request)), shown(request))}


class OwnSite:
    """Middleware: pages of django-allauth put a `site` of their own into their context; the frame's stands instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Take the other `site` away before the page is written."""
        if response.context_data:
            response.context_data.pop("site", None)
        return response
