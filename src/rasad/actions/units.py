"""What is done with units and the posts in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Post, Unit


def add_unit(*, code: str, name: str, by: Account | None, why: str = "", **values: Any) -> Unit:
    """Add a unit. ValidationError where it cannot stand: a code that is taken, an end before the start."""
    with changing(by=by, action="unit.add", why=why) as change:
        return change.add(Unit(**resolved(Unit, {"code": code, "name": name, **values})))


def change_unit(*, unit: Unit, seen: int, by: Account | None, why: str = "", **values: Any) -> Unit:
    """Change what is said of a unit. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="unit.change", why=why) as change:
        return change.update(unit, seen=seen, **resolved(Unit, values))


def move_unit(*, unit: Unit, seen: int, parent: Unit | None, by: Account | None, why: str = "") -> Unit:
    """Put a unit below another, or at the top. ValidationError where it would stand below itself."""
    with changing(by=by, action="unit.move", why=why) as change:
        return change.update(unit, seen=seen, parent=parent)


def end_unit(*, unit: Unit, seen: int, on: date, by: Account | None, why: str = "") -> Unit:
    """Say from which day a unit no longer stands; its history stays in view."""
    with changing(by=by, action="unit.end", why=why) as change:
        return change.update(unit, seen=seen, valid_until=on)


def appoint(*, unit: Unit, title: str, holder: str, since: date, by: Account | None, why: str = "") -> Post:
    """Give a post to somebody from a day on; whoever holds it until then leaves it that day."""
    with changing(by=by, action="post.appoint", why=why) as change:
        for post in Post.objects.held(since).filter(unit=unit, title=title, valid_from__lt=since):
            change.update(post, seen=post.version, valid_until=since)
        return change.add(Post(unit=unit, title=title, holder=holder, valid_from=since))


def leave(*, post: Post, seen: int, on: date, by: Account | None, why: str = "") -> Post:
    """Say from which day a post is no longer held."""
    with changing(by=by, action="post.leave", why=why) as change:
        return change.update(post, seen=seen, valid_until=on)
