"""Mappings of a home's sources, written by people at the import desk: one file per source, each version on the trail."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.actions import cities
from rasad.actions.switching import beside, switching
from rasad.ledger.mapping import Mapping, load_mapping, parse_mapping
from rasad.ledger.propose import mapping_toml
from rasad.records.changes import changing
from rasad.records.models import Account


def save(*, home: Path, data: Dictionary[str, Any], by: Account | None, why: str = "") -> Mapping:
    """Write a source's mapping and return it: a new source, or the next version of one that is there.

    ValidationError where a new one's name is taken, or somebody else wrote a version meanwhile; MappingError where it cannot stand.
    """
    with saving(home=home, data=data, by=by, why=why):
        pass
    return load_mapping(cities.sources(home)[str(data["id"])])


@contextmanager
def saving(*, home: Path, data: Dictionary[str, Any], by: Account | None, why: str = "") -> Iterator[None]:
    """Save a mapping as `save` does, together with all that is written inside. To be opened outside any transaction."""
    mapping = parse_mapping(dict(data), str(data.get("id", "")))
    with switching(home / "sources"):
        place = _place(home, mapping)
        text = _text(mapping, dict(data), by)
        action = "source.change" if place.exists() else "source.add"
        with changing(by=by, action=action, why=why) as change:
            change.tell(noun="source", key=mapping.id, after={"version": mapping.version, "mapping": text})
            yield
            beside(place, text, change)


def _place(home: Path, mapping: Mapping) -> Path:
    """Return the file that the version is written to. ValidationError where it does not follow the one that is there."""
    path = cities.sources(home).get(mapping.id)
    if path is None and mapping.version > 1:
        raise ValidationError(_("No source is called %(source)s.") % {"source": mapping.id})
    if path is not None and load_mapping(path).version + 1 != mapping.version:
        raise ValidationError(
            _("There is a source called %(source)s already, or its mapping was changed meanwhile.")
            % {"source": mapping.id}
        )
    place = path or home / "sources" / f"{mapping.id.replace('.', '_')}.toml"
    if path is None and place.exists():
        # Not a source by that name, so one that cannot be read: writing over it would lose what it says.
        raise ValidationError(
            _("%(file)s is there and cannot be read as a mapping; put it right or take it away first.")
            % {"file": place.name}
        )
    return place


def _text(mapping: Mapping, data: dict[str, Any], by: Account | None) -> str:
    """Return the mapping's TOML. RuntimeError where reading it does not give the same mapping: a fault of the program."""
    said = _("Version %(version)s, written at the import desk on %(day)s by %(name)s.") % {
        "version": mapping.version,
        "day": timezone.localdate().isoformat(),
        "name": by.name if by else "Rasad",
    }
    text = mapping_toml({key: value for key, value in data.items() if value is not None}, heading=said)
    if parse_mapping(tomllib.loads(text), mapping.id).hash != mapping.hash:
        raise RuntimeError(f"the mapping of {mapping.id} does not survive being written")
    return text
