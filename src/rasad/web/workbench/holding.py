"""Which roles the account of a request holds."""

from __future__ import annotations

from django.http import HttpRequest

from rasad.records.roles import allows


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
