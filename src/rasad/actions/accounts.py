"""Accounts, the roles that they hold, and invitations: the one way by which anybody comes to sign in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.records.changes import Change, changing
from rasad.records.models import Account, Grant, Invitation
from rasad.records.roles import ROLES

VALID_FOR = timedelta(days=7)
"""How long an invitation can be accepted."""


def invite(
    *,
    email: str,
    name: str,
    roles: Collection[str],
    by: Account | None,
    why: str = "",
    valid_for: timedelta = VALID_FOR,
) -> tuple[Invitation, str]:
    """Invite somebody to have an account with roles; return the invitation and its token, which is told this once and never stored.

    ValidationError where the address is none, has an account, or is invited already; where the name is empty or a role is unknown.
    """
    email, name = email.strip().lower(), name.strip()
    _check(email, name, roles)
    with changing(by=by, action="invitation.invite", why=why) as change:
        for one in Invitation.objects.filter(email=email).select_for_update():
            if one.is_open(change.at):
                raise ValidationError(
                    {"email": _("This address is invited already; withdraw that invitation first.")}
                )
        token, token_hash = Invitation.new_token()
        invitation = change.add(
            Invitation(
                email=email,
                name=name,
                roles=_in_order(roles),
                token_hash=token_hash,
                invited_by=by,
                created_at=change.at,
                expires_at=change.at + valid_for,
            )
        )
    return invitation, token


def withdraw(*, invitation: Invitation, seen: int, by: Account | None, why: str = "") -> Invitation:
    """Take an invitation back. ValidationError where it was accepted or withdrawn already."""
    with changing(by=by, action="invitation.withdraw", why=why) as change:
        if invitation.accepted_at or invitation.withdrawn_at:
            raise ValidationError(_("This invitation was accepted or withdrawn already."))
        return change.update(invitation, seen=seen, withdrawn_at=change.at)


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation of a token while it can be accepted; None where there is none or it cannot any more."""
    found = Invitation.objects.filter(token_hash=Invitation.hash_of(token)).first()
    return found if found and found.is_open() else None


def accept(*, token: str, password: str, language: str) -> Account:
    """Make the account that an open invitation promised, with its roles from today.

    ValidationError where the invitation cannot be accepted (any more), or the password is too weak.
    """
    with changing(by=None, action="invitation.accept") as change:
        found = Invitation.objects.select_for_update().filter(token_hash=Invitation.hash_of(token)).first()
        if found is None or not found.is_open(change.at):
            raise ValidationError(_("This invitation is not open any more."))
        account = _make(found.email, found.name, password, language)
        change.update(found, seen=found.version, accepted_at=change.at)
        _grant(change, account, found.roles)
    return account


def found_site(
    *, email: str, name: str, password: str, language: str, roles: Collection[str], why: str = ""
) -> Account:
    """Make the first account of a site. ValidationError where there is an account already, or a value cannot stand."""
    email, name = email.strip().lower(), name.strip()
    _check(email, name, roles)
    with changing(by=None, action="account.add", why=why) as change:
        if Account.objects.exists():
            raise ValidationError(_("The site has its first account already."))
        account = _make(email, name, password, language)
        _grant(change, account, roles)
    return account


def grant_role(*, account: Account, role: str, by: Account | None, why: str = "") -> Grant:
    """Give an account a role from today. ValidationError where it holds the role, or is not active."""
    if role not in ROLES:
        raise ValidationError({"role": _("There is no such role.")})
    with changing(by=by, action="grant.grant", why=why) as change:
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise ValidationError({"role": _("This account is not active.")})
        if role in account.roles():
            raise ValidationError({"role": _("The account holds this role already.")})
        return _grant(change, account, [role])[0]


def end_role(*, grant: Grant, seen: int, by: Account | None, why: str = "") -> Grant:
    """End a role today. ValidationError where it has ended, or where nobody would be left to look after the site's accounts."""
    with changing(by=by, action="grant.end", why=why) as change:
        today = timezone.localdate()
        if grant.until is not None and grant.until <= today:
            raise ValidationError(_("This role has ended already."))
        if grant.role == "admin":
            _keep_an_admin(without=grant.account, on=today)
        return change.update(grant, seen=seen, until=max(today, grant.since))


def deactivate(*, account: Account, by: Account | None, why: str) -> Account:
    """Let an account sign in no more, and end its sessions. Its record and its roles stay.

    ValidationError without a reason, where it is not active, or where nobody would be left to look after the site's accounts.
    """
    if not why.strip():
        raise ValidationError({"why": _("Say why: it stands on the trail.")})
    with changing(by=by, action="account.deactivate", why=why) as change:
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise ValidationError(_("This account is not active."))
        _keep_an_admin(without=account, on=timezone.localdate())
        account.is_active = False
        account.save(update_fields=["is_active"])
        change.note(account, {"is_active": False}, before={"is_active": True})
    return account


def activate(*, account: Account, by: Account | None, why: str) -> Account:
    """Let an account sign in again. ValidationError without a reason, or where it is active."""
    if not why.strip():
        raise ValidationError({"why": _("Say why: it stands on the trail.")})
    with changing(by=by, action="account.activate", why=why) as change:
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.is_active:
            raise ValidationError(_("This account is active."))
        account.is_active = True
        account.save(update_fields=["is_active"])
        change.note(account, {"is_active": True}, before={"is_active": False})
    return account


def drop_second_factor(*, account: Account, by: Account | None, why: str) -> Account:
    """Take away an account's second factors, where the phone or key is lost with the recovery codes; a password alone signs in until a new
    one is set up. ValidationError without a reason, or where it has none."""
    if not why.strip():
        raise ValidationError({"why": _("Say why: it stands on the trail.")})
    with changing(by=by, action="account.drop_second_factor", why=why) as change:
        found = Authenticator.objects.filter(user=account)
        kinds = sorted(set(found.values_list("type", flat=True)))
        if not kinds:
            raise ValidationError(_("This account has no second factor."))
        found.delete()
        change.note(account, {"second_factor": None}, before={"second_factor": ", ".join(kinds)})
    return account


def _check(email: str, name: str, roles: Collection[str]) -> None:
    wrong: dict[str, Any] = {}
    try:
        validate_email(email)
    except ValidationError:
        wrong["email"] = _("“%(found)s” is no address; expected one like name@example.org.") % {
            "found": email
        }
    else:
        if Account.objects.filter(email__iexact=email).exists():
            wrong["email"] = _("This address has an account already.")
    if not name:
        wrong["name"] = _("Say the person's name.")
    if not roles or not set(roles) <= set(ROLES):
        wrong["roles"] = _("Choose at least one role.")
    if wrong:
        raise ValidationError(wrong)


def _make(email: str, name: str, password: str, language: str) -> Account:
    account = Account(email=email, name=name, language="en" if language == "en" else "fa")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    made = Account.objects.create_user(email, password, name=name, language=account.language)
    # Whoever holds the link of an invitation reads the address's letters.
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def _grant(change: Change, account: Account, roles: Collection[str]) -> list[Grant]:
    today = timezone.localdate(change.at)
    held = []
    for role in _in_order(roles):
        ended = Grant.objects.filter(account=account, role=role, since=today).first()
        if ended is not None:
            held.append(change.update(ended, seen=ended.version, until=None))
        else:
            held.append(change.add(Grant(account=account, role=role, since=today)))
    return held


def _in_order(roles: Collection[str]) -> list[str]:
    return [role for role in ROLES if role in set(roles)]


def _keep_an_admin(*, without: Account, on: date) -> None:
    """ValidationError where no other active account is an administrator; the others' rows are held until the change stands, so that two
    administrators cannot take each other away at once."""
    ids = Grant.objects.holding(on).filter(role="admin").values_list("account_id", flat=True)
    admins = list(Account.objects.select_for_update().filter(pk__in=list(ids), is_active=True).order_by("pk"))
    if without in admins and len(admins) == 1:
        raise ValidationError(_("The last administrator stays: make another one first."))


def is_expired(invitation: Invitation, now: datetime | None = None) -> bool:
    """Return whether an invitation ran out before anybody answered."""
    now = now or timezone.now()
    return not (invitation.accepted_at or invitation.withdrawn_at) and now >= invitation.expires_at
