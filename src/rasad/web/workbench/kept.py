"""What was sent when the sign-in had run out: kept in the browser's session until its owner has signed in again.

Any page's form is kept this way, without the page knowing of it: what was sent is shown as a form that can be sent again.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

SESSION_KEY = "kept"
OWNER_COOKIE = "rasad_owner"
OWNER_AGE = 30 * 24 * 3600
MOST = 3
"""Forms that a session keeps."""
LARGEST = 200_000
"""Characters of one form; a larger one stays in the browser's own draft alone."""
KEPT_FOR = 24 * 3600
LOOK = "_look"
"""A field that says: show this in the form, and do not write it yet."""
OWN = frozenset({"csrfmiddlewaretoken", LOOK})


@dataclass(frozen=True)
class Kept:
    """One form: the address it was sent to, its values in their order, whose it was (0: not known), and when."""

    address: str
    values: tuple[tuple[str, tuple[str, ...]], ...]
    owner: int
    at: float

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every name with every value, as a form has them."""
        return [(name, value) for name, some in self.values for value in some]


def keep(request: HttpRequest) -> str:
    """Keep what was sent and return the address that shows it, or the page's own where it cannot be kept."""
    values = [
        (name, request.POST.getlist(name))
        for name in request.POST
        if name not in OWN and "password" not in name
    ]
    size = sum(len(name) + sum(map(len, some)) for name, some in values)
    if not values or size > LARGEST:
        return request.get_full_path()
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    latest = sorted(kept.items(), key=lambda item: float(item[1]["at"]), reverse=True)[: MOST - 1]
    key = secrets.token_urlsafe(9)
    told = {
        "address": request.get_full_path(),
        "values": values,
        "owner": owner_of(request),
        "at": time.time(),
    }
    request.session[SESSION_KEY] = {**dict(latest), key: told}
    return reverse("workbench:kept", args=[key])


def find(request: HttpRequest, key: str) -> Kept | None:
    """Return a form that was kept for whoever is signed in now; None where there is none, or it is another's."""
    told = request.session.get(SESSION_KEY, {}).get(key)
    if told is None or time.time() - told["at"] > KEPT_FOR:
        return None
    if told["owner"] and told["owner"] != request.user.pk:
        return None
    values = tuple((name, tuple(some)) for name, some in told["values"])
    return Kept(told["address"], values, told["owner"], told["at"])


def owner_of(request: HttpRequest) -> int:
    """Return whose browser this last was, as the site itself wrote it down; 0 where it did not."""
    told = request.get_signed_cookie(OWNER_COOKIE, "0", salt="owner", max_age=OWNER_AGE)
    return int(told) if told else 0


def note_owner(request: HttpRequest, response: HttpResponse) -> None:
    """Write down whose browser this is, so that what is kept is shown to nobody else."""
    if owner_of(request) != request.user.pk:
        response.set_signed_cookie(
            OWNER_COOKIE,
            str(request.user.pk),
            salt="owner",
            max_age=OWNER_AGE,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def looked_at(request: HttpRequest) -> None:
    """Turn a form that is only to be shown into a reading of its page: the view finds the values where they always are (`request.POST`),
    fills its form with them, and writes nothing."""
    told = request.POST.copy()
    del told[LOOK]
    request.POST = told  # type: ignore[assignment]
    request.method = "GET"


def asks_to_look(request: HttpRequest) -> bool:
    """Return whether what was sent is only to be shown in its form."""
    return request.method == "POST" and isinstance(request.POST, QueryDict) and LOOK in request.POST
