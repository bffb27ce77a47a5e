"""How people come by an account and sign in: what of django-allauth is ours to decide."""

from __future__ import annotations

import base64
import hashlib
import logging
import smtplib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from rasad.web.workbench.allowed import open_to_all

log = logging.getLogger("rasad.letters")


class Invited(DefaultAccountAdapter):
    """No self-registration, and the site's own words for what goes wrong."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is not active."),
        "email_password_mismatch": _("The address or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right. A new one comes every half minute."),
        "invalid_password_reset": _("This link does not hold any more."),
        "too_many_login_attempts": _(
            "Too many attempts failed. Signing in to this account is closed for a quarter of an hour."
        ),
        "rate_limited": _("Too many attempts. Wait a little."),
    }
    WAYS: ClassVar[dict[str, Any]] = {
        "reauthenticate": _("By your password"),
        "mfa_reauthenticate": _("By a code of the app, or a recovery code"),
        "mfa_reauthenticate:webauthn": _("By a passkey or security key"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an account begins with an invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter; a mail server that is away is recorded, and does not undo what the letter is about."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            log.exception("a letter (%s) could not be sent", template_prefix)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is, in the site's own words."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": self.WAYS.get(way["id"], way["description"])} for way in found]


class SecondFactor(DefaultMFAAdapter):
    """Secrets of second factors are stored under the site's own secret: the database alone does not give them away."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Invited.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret as it is used."""
        return _vault().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what a key shows of the site that asks for it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Rasad"}


def _vault() -> Fernet:
    key = hashlib.sha256(b"rasad second factors\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@open_to_all("does not exist: answers 404")
def closed(request: HttpRequest, **parts: str) -> HttpResponse:
    """404: a page of django-allauth that this site does not have."""
    raise Http404


CLOSED: tuple[URLPattern, ...] = tuple(
    path(one, closed)
    for one in (
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/<path:key>/",
        "password/set/",
        "login/code/confirm/",
        "reauthenticate/code/",
        "reauthenticate/code/confirm/",
    )
)
"""Pages of django-allauth that the site does not have; they stand before its own, so that they are never reached."""
