"""Who may open a page: every view of the workbench says so by `@allowed`, or says why it is open to all.

@allowed("projects.write")                      # the form and what it sends
@allowed("records.read", post="projects.write") # a page that many read and some act on
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from rasad.records.roles import ABILITIES, allows

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Rule:
    """What a view asks for: the ability to open it, and the one to send something to it ("" where nothing can be sent)."""

    read: str
    post: str


@dataclass(frozen=True)
class Open:
    """A view that asks for no account, and why."""

    why: str


def roles_of(request: HttpRequest) -> frozenset[str]:
    """Return the roles that the request's account holds today; read once for a request."""
    found: frozenset[str] | None = getattr(request, "_rasad_roles", None)
    if found is None:
        user = getattr(request, "user", None)
        found = user.roles() if user is not None and user.is_authenticated else frozenset()
        request._rasad_roles = found  # type: ignore[attr-defined]
    return found


def may(request: HttpRequest, ability: str) -> bool:
    """Return whether the request's account has the ability. KeyError where no such ability is declared."""
    return allows(roles_of(request), ability)


def allowed(ability: str, *, post: str | None = None) -> Callable[[View], View]:
    """Let through whom the ability is given to: nobody else sees the page (403), and whoever is not signed in is led to the sign-in.

    A page under a reading ability ("….read") takes nothing that is sent (405), unless `post` names the ability for that; a page under
    any other takes both. KeyError at import where an ability is not in the matrix.
    """
    if post is None:
        post = "" if ability.endswith(".read") else ability
    for one in filter(None, (ability, post)):
        ABILITIES[one]
    rule = Rule(ability, post)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            reading = request.method in READING
            if not (reading or (request.method == "POST" and rule.post)):
                return HttpResponseNotAllowed([*READING, *(["POST"] if rule.post else [])])
            if not may(request, rule.read if reading else rule.post):
                raise PermissionDenied
            return view(request, *args, **values)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return guard


def open_to_all(why: str) -> Callable[[View], View]:
    """Mark a view that asks for no account, with the reason."""

    def mark(view: View) -> View:
        view.rule = Open(why)  # type: ignore[attr-defined]
        return view

    return mark
