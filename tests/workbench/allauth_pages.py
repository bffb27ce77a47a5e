"""The pages that django-allauth brings, each with its rule: they cannot carry the workbench's own mark, so they are listed here one by one."""

from __future__ import annotations

ANYONE = "anyone"
"""Asks for no account: it is the way to one."""
SIGNED_IN = "signed in"
"""One's own account: any that is signed in, whatever its roles; nobody else's is reached by it."""
HALF_WAY = "half-way"
"""A step of signing in: leads to the sign-in unless the password was right a moment ago."""

RULES: dict[str, str] = {
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "mfa_authenticate": HALF_WAY,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
}

CLOSED: frozenset[str] = frozenset(
    {
        "account_signup",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_set_password",
        "account_confirm_login_code",
        "account_request_reauthentication_code",
        "account_confirm_reauthentication_code",
    }
)
"""Pages that it brings and the site does not have: they answer 404."""
