"""The manifest of a release: what is in it, byte for byte, and what it was built from.

`manifest.json` is canonical JSON (RFC 8785: keys sorted, no spaces, UTF-8; it holds no fractions, and amounts are strings so that no reader
rounds them). The SHA-256 of its bytes is the release's hash. It has a place for the transparency log (`log`, null until there is
one); a signature stands beside it as `manifest.sig`, so that signing changes nothing that was hashed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasad.ledger.problems import LedgerError, Problem

NAME = "manifest.json"
POINTER = "current"
FORMAT = 1


class ReleaseError(LedgerError):
    """A release cannot be built, or what is there is no release."""


@dataclass(frozen=True)
class Difference:
    """One thing in a release that is not as its manifest says: which file, and what about it."""

    path: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: expected {self.expected}, found {self.found}"


def within(name: str) -> bool:
    """Return whether the name of a file in a manifest stays in the release's own folder: a relative path that never goes up."""
    parts = name.split("/")
    return (
        bool(name) and "\\" not in name and not any(part in ("", ".", "..") or ":" in part for part in parts)
    )


def canonical(value: Any) -> bytes:
    """Return `value` as canonical JSON. ValueError where it holds a fraction or an integer beyond 2^53."""
    _no_fractions(value)
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _no_fractions(value: Any) -> None:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > 2**53):
        raise ValueError(f"{value!r} has no exact place in canonical JSON")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _no_fractions(inner)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(release: Path) -> dict[str, Any]:
    """Return the manifest of a release folder. ReleaseError where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((release / NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError) as error:
        raise ReleaseError(Problem("no_manifest", file=str(release), expected=NAME)) from error
    return manifest


def release_hash(release: Path) -> str:
    """Return the release's hash: the SHA-256 of its manifest."""
    return sha256(release / NAME)


def numbers(releases: Path) -> list[int]:
    """Return the numbers of the releases in a folder, ascending."""
    return sorted(int(path.name) for path in releases.glob("[0-9][0-9][0-9][0-9]") if (path / NAME).is_file())


def pointer_text(number: int) -> str:
    """Return what the pointer to the live release holds."""
    return f"{number:04d}\n"


def live_number(releases: Path) -> int | None:
    """Return the number of the live release, None where none is live."""
    try:
        text = (releases / POINTER).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(text) if text.isdigit() else None


def live_release(releases: Path) -> Path | None:
    """Return the folder of the live release, None where none is live."""
    number = live_number(releases)
    return None if number is None else releases / f"{number:04d}"
