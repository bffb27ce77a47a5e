"""Accounts and roles: who has which, who is invited; and the page by which an invitation is accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Prefetch, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from rasad.actions import accounts as actions
from rasad.records.models import Account, AuditEvent, Grant, Invitation
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import frame, labels, letters
from rasad.web.workbench.allowed import account_of, allowed, open_to_all
from rasad.web.workbench.forms.accounts import AcceptForm, GrantForm, InviteForm, ReasonForm
from rasad.web.workbench.history import tell, together
from rasad.web.workbench.paging import page_of

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
EVENTS = 50
"""Changes that an account's own page shows; the rest is on the trail."""


@allowed("accounts.write")
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts and the open invitations."""
    records, pages = page_of(request, _found())
    second = set(
        Authenticator.objects.filter(user__in=records, type__in=SECOND).values_list("user_id", flat=True)
    )
    table = Table(
        id="accounts",
        caption=_("Accounts"),
        caption_hidden=True,
        columns=[
            Column("name", _("Name"), link="url", note="state"),
            Column("roles", _("Roles")),
            Column("email", _("Email"), "code"),
            Column("second", _("Second factor")),
            Column("seen", _("Last seen"), "date"),
        ],
        rows=[_row(account, account.pk in second) for account in records],
    )
    context = {"table": table, "pages": pages, "invitations": _invitations(), "now": timezone.now()}
    return render(request, "workbench/accounts.html", context)


def _found() -> QuerySet[Account]:
    holding = Grant.objects.holding(timezone.localdate())
    return (
        Account.objects.annotate(seen=Max("usersession__last_seen_at"))
        .prefetch_related(Prefetch("grants", holding, to_attr="holding"))
        .order_by("-is_active", "name")
    )


def _row(account: Any, second: bool) -> dict[str, Any]:
    return {
        "name": account.name,
        "url": reverse("workbench:account", args=[account.pk]),
        "state": "" if account.is_active else _("not active"),
        "roles": labels.roles(grant.role for grant in account.holding),
        "email": account.email,
        "second": _("yes") if second else _("no"),
        "seen": timezone.localtime(account.seen).date() if account.seen else None,
    }


def _invitations() -> list[dict[str, Any]]:
    found = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")
    return [
        {"invitation": one, "roles": labels.roles(one.roles), "expired": actions.is_expired(one)}
        for one in found.select_related("invited_by")
    ]


@allowed("accounts.write")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is shown this once, and sent by letter."""
    form = InviteForm(request.POST or None)
    crumbs = (Link(_("Accounts and roles"), reverse("workbench:accounts")), Link(_("Invite"), ""))
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = actions.invite(**form.cleaned_data, by=account_of(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            link = request.build_absolute_uri(reverse("workbench:invitation", args=[token]))
            context = {
                "invitation": invitation,
                "link": link,
                "sent": letters.send_invitation(invitation, link, frame.city()),
                "crumbs": crumbs,
            }
            return never_cached(render(request, "workbench/invited.html", context))
    return render(request, "workbench/invite.html", {"form": form, "crumbs": crumbs})


@allowed("accounts.write")
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=key)
    if request.method == "POST":
        _do(
            request,
            lambda: actions.withdraw(invitation=invitation, seen=invitation.version, by=account_of(request)),
        )
    return redirect("workbench:accounts")


@allowed("accounts.write")
def account(request: HttpRequest, key: int) -> HttpResponse:
    """Show one account: its roles, what was done with it, and what can be done."""
    found = get_object_or_404(Account, pk=key)
    return _account_page(request, found, GrantForm(account=found), ReasonForm())


def _account_page(
    request: HttpRequest, found: Account, grant_form: Form, reason_form: Form, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    grants = found.grants.order_by("-since", "role")
    ids = [grant.pk for grant in grants]
    events = AuditEvent.objects.filter(noun="grant", record_id__in=ids) | AuditEvent.objects.filter(
        noun="account", record_id=found.pk
    )
    context = {
        "account": found,
        "grants": [
            {
                "grant": grant,
                "role": labels.ROLES[grant.role],
                "holds": grant.since <= today and (grant.until is None or grant.until > today),
            }
            for grant in grants
        ],
        "second": Authenticator.objects.filter(user=found, type__in=SECOND).exists(),
        "grant_form": grant_form,
        "reason_form": reason_form,
        "changes": together(tell(events.order_by("-id")[:EVENTS])),
        "crumbs": (Link(_("Accounts and roles"), reverse("workbench:accounts")), Link(found.name, "")),
    }
    return render(request, "workbench/account.html", context, status=status)


@allowed("accounts.write")
def grant(request: HttpRequest, key: int) -> HttpResponse:
    """Give the account a role."""
    found = get_object_or_404(Account, pk=key)
    form = GrantForm(request.POST or None, account=found)
    if request.method == "POST":
        if not form.is_valid():
            return _account_page(request, found, form, ReasonForm(), 422)
        told = form.cleaned_data
        _do(request, lambda: actions.grant_role(account=found, **told, by=account_of(request)))
    return redirect("workbench:account", key=key)


@allowed("accounts.write")
def end_role(request: HttpRequest, key: int, grant: int) -> HttpResponse:
    """End a role today."""
    found = get_object_or_404(Grant, pk=grant, account_id=key)
    if request.method == "POST":
        _do(request, lambda: actions.end_role(grant=found, seen=found.version, by=account_of(request)))
    return redirect("workbench:account", key=key)


@allowed("accounts.write")
def deactivate(request: HttpRequest, key: int) -> HttpResponse:
    """Let the account sign in no more."""
    return _with_reason(request, key, actions.deactivate)


@allowed("accounts.write")
def activate(request: HttpRequest, key: int) -> HttpResponse:
    """Let the account sign in again."""
    return _with_reason(request, key, actions.activate)


@allowed("accounts.write")
def drop_second_factor(request: HttpRequest, key: int) -> HttpResponse:
    """Take away second factors that were lost."""
    return _with_reason(request, key, actions.drop_second_factor)


def _with_reason(request: HttpRequest, key: int, action: Callable[..., Account]) -> HttpResponse:
    found = get_object_or_404(Account, pk=key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            return _account_page(request, found, GrantForm(account=found), form, 422)
        why = form.cleaned_data["why"]
        _do(request, lambda: action(account=found, by=account_of(request), why=why))
    return redirect("workbench:account", key=key)


@open_to_all("whoever holds the link of an invitation has no account yet")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: set a password, and have the account."""
    found = actions.find_invitation(token)
    if found is None:
        return render(request, "workbench/invitation_gone.html", status=404)
    form = AcceptForm(request.POST or None, initial={"language": frame.lang()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.accept(token=token, password=told["password"], language=told["language"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Your account is ready. Sign in with the password that you have set.")
            )
            return redirect("account_login")
    context = {"invitation": found, "roles": labels.roles(found.roles), "form": form}
    return render(request, "workbench/invitation.html", context)


def never_cached(response: HttpResponse) -> HttpResponse:
    """Return the response, told to be kept nowhere."""
    response["Cache-Control"] = "no-store"
    return response


def _do(request: HttpRequest, action: Callable[[], object]) -> None:
    """Do it; say why not where it cannot be done."""
    try:
        action()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
