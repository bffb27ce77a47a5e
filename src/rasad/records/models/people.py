"""People who sign in: accounts, the roles that they hold, invitations."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.roles import ROLES


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; sign-in finds them by their address whatever its case."""

    def create_user(self, email: str, password: str | None = None, *, name: str, **values: Any) -> Account:
        """Make an account. ValueError where the address is empty."""
        if not email.strip():
            raise ValueError("an account needs an address")
        account = Account(email=self.normalize_email(email).lower(), name=name, **values)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of that address. DoesNotExist where there is none."""
        return self.get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """One person's way in. Not audited in itself (a sign-in changes it); the roles that it holds are."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("fa", "فارسی"), ("en", "English")], default="fa")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = AccountManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name."""
        return self.name

    def roles(self, on: date | None = None) -> frozenset[str]:
        """Return the roles held on a day (today by default); none where the account is not active."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.grants.holding(on or timezone.localdate()).values_list("role", flat=True))


class GrantQuerySet(AuditedQuerySet):
    """Reads of grants."""

    def holding(self, on: date) -> GrantQuerySet:
        """Return the grants that hold on a day: from `since` on, before `until`."""
        return self.filter(Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on)))


class Grant(Audited):
    """A role that an account holds from a day on, until another."""

    KEY = ("account", "role", "since")

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role", "since"], name="grant_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grant_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="grant_role_known"),
        ]


class Invitation(Audited):
    """An invitation to have an account with roles; the token itself is never stored."""

    KEY = ("email", "created_at")

    email = models.EmailField()
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email", "created_at"], name="invitation_once")
        ]

    @staticmethod
    def new_token() -> tuple[str, str]:
        """Return a token for the letter and its hash for the record."""
        token = secrets.token_urlsafe(32)
        return token, Invitation.hash_of(token)

    @staticmethod
    def hash_of(token: str) -> str:
        """Return the SHA-256 of a token, in hexadecimal."""
        return hashlib.sha256(token.encode()).hexdigest()

    def is_open(self, now: datetime | None = None) -> bool:
        """Return whether it can still be accepted."""
        now = now or timezone.now()
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at
