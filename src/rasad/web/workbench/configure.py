"""The workbench's settings that need a thought: its database, its secret, its letters. No Django here: settings are being read."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from rasad.actions.workspace import SECRET_FILE

DATABASE_FILE = "workspace.sqlite3"


def database(address: str, home: Path) -> dict[str, Any]:
    """Return Django's settings for a database address. ImproperlyConfigured, with a hint, where it cannot be read."""
    if not address:
        address = f"sqlite:///{(home / DATABASE_FILE).resolve()}"
    kind, _, rest = address.partition("://")
    if kind == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": rest[1:] if rest.startswith("/:memory:") else rest,
            "OPTIONS": {
                # A writer waits for another, and takes its lock at once, so that two never meet half-way.
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if kind in ("postgresql", "postgres"):
        told = urlsplit(address)
        name = told.path.lstrip("/")
        if name:
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": name,
                "USER": unquote(told.username or ""),
                "PASSWORD": unquote(told.password or ""),
                "HOST": unquote(told.hostname or ""),
                "PORT": str(told.port or ""),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
            }
    raise ImproperlyConfigured(
        f"RASAD_DATABASE is {address!r}; expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME"
    )


def secret_key(home: Path, *, debug: bool) -> str:
    """Return the site's secret from the environment or the home. ImproperlyConfigured where there is none."""
    told = os.environ.get("RASAD_SECRET_KEY", "")
    if told:
        return told
    kept = home / SECRET_FILE
    if kept.is_file():
        return kept.read_text("ascii").strip()
    if debug:
        return secrets.token_urlsafe(48)
    raise ImproperlyConfigured(
        f"no secret: run `rasad --home {home} init`, which writes {kept}, or set RASAD_SECRET_KEY"
    )


@dataclass(frozen=True)
class Post:
    """How letters leave: by a mail server, or into a folder."""

    backend: str
    folder: str = ""
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False


def letters(address: str, home: Path) -> Post:
    """Return how letters leave. ImproperlyConfigured where the address cannot be read."""
    if not address:
        return Post("django.core.mail.backends.filebased.EmailBackend", folder=str(home / "letters"))
    told = urlsplit(address)
    if told.scheme not in ("smtp", "smtps") or not told.hostname:
        raise ImproperlyConfigured(f"RASAD_EMAIL is {address!r}; expected smtp://USER:PASSWORD@HOST:PORT")
    return Post(
        "django.core.mail.backends.smtp.EmailBackend",
        host=told.hostname,
        port=told.port or (465 if told.scheme == "smtps" else 587),
        user=unquote(told.username or ""),
        password=unquote(told.password or ""),
        tls=told.scheme == "smtp" and (told.port or 587) == 587,
        ssl=told.scheme == "smtps",
    )
