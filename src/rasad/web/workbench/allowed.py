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

from rasad.records.changes import StaleError
from rasad.records.models import Account
from rasad.records.roles import ABILITIES
from rasad.web.workbench import drafts, kept, stale
from rasad.web.workbench.holding import may, roles_of

__all__ = ["Open", "Rule", "account_of", "allowed", "may", "open_to_all", "roles_of"]

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
                return redirect_to_login(
                    kept.keep(request) if request.method == "POST" else request.get_full_path()
                )
            if kept.asks_to_look(request):
                kept.looked_at(request)
            reading = request.method in READING
            if not (reading or (request.method == "POST" and rule.post)):
                return HttpResponseNotAllowed([*READING, *(["POST"] if rule.post else [])])
            if not may(request, rule.read if reading else rule.post):
                raise PermissionDenied
            try:
                response = view(request, *args, **values)
            except StaleError as error:
                response = stale.page(request, error)
            drafts.tell_what_was_sent(request, response)
            kept.note_owner(request, response)
            return response

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return guard


def account_of(request: HttpRequest) -> Account:
    """Return who is signed in, as an allowed view has it."""
    assert isinstance(request.user, Account)
    return request.user


def open_to_all(why: str) -> Callable[[View], View]:
    """Mark a view that asks for no account, with the reason."""

    def mark(view: View) -> View:
        view.rule = Open(why)  # type: ignore[attr-defined]
        return view

    return mark
