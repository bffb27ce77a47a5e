"""What of a city's data folder is not taken in: what the pack leaves out with its reason, and what it does not name at all."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Left:
    """Files under the data folder that no entry loads; the reasons are empty where the pack does not know the files."""

    files: tuple[str, ...]
    why_fa: str = ""
    why_en: str = ""

    def why(self, lang: str) -> str:
        return self.why_fa if lang == "fa" else self.why_en

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def find_left(*, pack: Path, data: Path) -> list[Left]:
    """Return every file under `data` that the pack takes in nowhere: by the pack's own entries (`[[city.left]]`), then those that none names."""
    with (pack / "city.toml").open("rb") as file:
        settings = tomllib.load(file)
    rest = {path for path in data.rglob("*") if path.is_file() and not path.name.startswith(".")}
    for entry in (*settings.get("load", ()), *settings.get("records", ()), *settings.get("roadmap", ())):
        rest -= set(data.glob(entry["files"]))
    found = []
    for entry in settings["city"].get("left", ()):
        own = rest & {path for pattern in entry["files"] for path in data.glob(pattern)}
        rest -= own
        if own:
            found.append(Left(_names(own, data), entry["why_fa"], entry["why_en"]))
    return [*found, Left(_names(rest, data))] if rest else found


def _names(paths: set[Path], data: Path) -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(data).as_posix() for path in paths))
