"""Forms of accounts: inviting, accepting, giving and ending roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rasad.records.models import Account
from rasad.records.roles import ROLES
from rasad.web.workbench import labels


def _roles() -> list[tuple[str, Any]]:
    return [(role, labels.ROLES[role]) for role in ROLES]


class InviteForm(forms.Form):
    """Who is invited, as what."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Email"))
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=_roles, widget=forms.CheckboxSelectMultiple)
    why = forms.CharField(label=_("Why (for the trail)"), max_length=500, required=False)


class AcceptForm(forms.Form):
    """The password of a new account."""

    language = forms.ChoiceField(label=_("Language"), choices=[("fa", "فارسی"), ("en", "English")])
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, strip=False)
    again = forms.CharField(label=_("Password once more"), widget=forms.PasswordInput, strip=False)

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords that differ."""
        told = super().clean() or {}
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            raise ValidationError({"again": _("This is not the same password.")})
        return told


class GrantForm(forms.Form):
    """A role that an account does not hold yet, and why it is given."""

    role = forms.ChoiceField(label=_("Role"))
    why = forms.CharField(label=_("Why (for the trail)"), max_length=500, required=False)

    def __init__(self, *args: Any, account: Account, **values: Any) -> None:
        super().__init__(*args, **values)
        held = account.roles()
        self.fields["role"].choices = [one for one in _roles() if one[0] not in held]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done that may not be done without a reason."""

    why = forms.CharField(label=_("Why (for the trail)"), max_length=500)
