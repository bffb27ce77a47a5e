"""What a release says of its own tables in its Data Package: their titles, keys and columns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rasad.release.reader.open import Release


@dataclass(frozen=True)
class Field:
    """A column: its type in the words of the Data Package, and what it is called."""

    type: str
    fa: str
    en: str


@dataclass(frozen=True)
class Described:
    """A table: what it is called, the columns of its key, and all columns by name."""

    fa: str
    en: str
    key: tuple[str, ...]
    fields: dict[str, Field]


@lru_cache(maxsize=16)
def _described(folder: Path, _hash: str) -> dict[str, Described]:
    package = json.loads((folder / "datapackage.json").read_bytes())
    return {
        one["name"]: Described(
            one.get("title_fa") or one["name"],
            one.get("title") or one["name"],
            tuple(one["schema"].get("primaryKey", ())),
            {
                field["name"]: Field(
                    field["type"], field.get("title_fa") or field["name"], field.get("title") or field["name"]
                )
                for field in one["schema"]["fields"]
            },
        )
        for one in package["resources"]
    }


def described(release: Release) -> dict[str, Described]:
    """Return the release's tables by the names of their files; read once for each release."""
    return _described(release.path, release.hash)


def table_titles(release: Release, lang: str) -> dict[str, str]:
    """Return what the release calls its tables, by the names of their files; one that it does not call anything by that name."""
    return {name: one.fa if lang == "fa" else one.en for name, one in described(release).items()}
