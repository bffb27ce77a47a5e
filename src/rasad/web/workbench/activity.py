"""Where an account is signed in, kept up to date without a write at every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

EVERY = 300.0
"""Seconds between two notes of one session in one process."""
MOST = 10_000
"""Sessions that a process remembers."""
PATIENCE = 200
"""Milliseconds that a note waits for another writer of SQLite: a page is worth more than the note."""


class Activity:
    """Middleware: notes when and from where a session was last seen, every few minutes at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then note its session where that is due."""
        response = self.get_response(request)
        key = request.session.session_key or ""
        if key and request.user.is_authenticated:
            now = time.monotonic()
            if now - self.noted.get(key, -EVERY) >= EVERY:
                if len(self.noted) >= MOST:
                    self.noted.clear()
                self.noted[key] = now
                _note(request)
        return response


def _note(request: HttpRequest) -> None:
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _patience(PATIENCE)
        UserSession.objects.create_from_request(request)
    except DatabaseError:
        # Somebody else is writing: the session is noted another time.
        return
    finally:
        if sqlite:
            _patience(int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000))


def _patience(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
