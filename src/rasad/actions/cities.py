"""Homes of cities: made from a pack that comes with Rasad, or new for one's own city."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from rasad.ledger.problems import MappingError
from rasad.ledger.settings import city_settings, read_toml

WRITTEN = ".pack.json"
"""In a home: what its pack's files were when they were written there (path → SHA-256), so that one that was changed since is known."""


def packs() -> dict[str, Path]:
    """Return the city packs that come with Rasad: id → folder with `city.toml` and `sources/`."""
    root = Path(str(resources.files("rasad.cities")))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "city.toml").is_file()}


def start_home(*, home: Path, pack: Path, renew: bool = False) -> Path:
    """Make `home` a home of the pack's city: its settings where it has none, and the pack's mappings and collections as they are now.

    One that somebody changed in the home stays as it is there (see `changed_here`); `renew` writes the pack's, and keeps the home's
    beside it as `….old`.
    """
    (home / "sources").mkdir(parents=True, exist_ok=True)
    if not (home / "city.toml").exists():
        shutil.copyfile(pack / "city.toml", home / "city.toml")
    written = _written(home)
    for name, rules in _rules(pack).items():
        own = home / name
        own.parent.mkdir(exist_ok=True)
        if own.exists() and _hash(own) not in (_hash(rules), written.get(name)):
            if not renew:
                continue
            own.replace(own.with_name(f"{own.name}.old"))
        shutil.copyfile(rules, own)
        written[name] = _hash(rules)
    (home / WRITTEN).write_text(json.dumps(written, indent=1), "utf-8")
    return home


def changed_here(*, home: Path, pack: Path) -> list[str]:
    """Return the pack's mappings and collections that the home has otherwise, as paths in the home: there they hold."""
    return [
        name
        for name, rules in _rules(pack).items()
        if (home / name).exists() and _hash(home / name) != _hash(rules)
    ]


def _rules(pack: Path) -> dict[str, Path]:
    """Return the pack's mappings and collections: path in a home → file."""
    found = [path for kind in ("sources", "records") for path in sorted((pack / kind).glob("*.toml"))]
    return {path.relative_to(pack).as_posix(): path for path in found}


def _written(home: Path) -> dict[str, str]:
    try:
        return {str(name): str(sha) for name, sha in json.loads((home / WRITTEN).read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        # None yet, or torn: then every file that differs counts as changed here, and stays.
        return {}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def settings(home: Path) -> dict[str, Any]:
    """Return the `[city]` table of the home's `city.toml`. MappingError where it is not there or says something impossible."""
    return city_settings(home)


def language(home: Path) -> str:
    """Return the language in which the city itself writes, "fa" or "en": reasons that a command leaves on the trail are in it, whoever runs it.

    MappingError as from `settings`.
    """
    city = settings(home)
    written = next((one for one in city.get("languages", []) if one in ("fa", "en")), "")
    return written or ("fa" if city["calendar"] == "jalali" else "en")


def sources(home: Path) -> dict[str, Path]:
    """Return every mapping of the home: source id → file.

    One that cannot be read stands under its file's name, so that the others are there and what is wrong is said where it is used.
    """
    found: dict[str, Path] = {}
    broken: dict[str, Path] = {}
    for path in sorted((home / "sources").glob("*.toml")):
        try:
            found[str(read_toml(path).get("id", path.stem))] = path
        except MappingError:
            broken[path.stem] = path
    return {**broken, **found}


def unread(home: Path) -> list[MappingError]:
    """Return what is wrong with each mapping of the home that is no TOML."""
    found = []
    for path in sorted((home / "sources").glob("*.toml")):
        try:
            read_toml(path)
        except MappingError as error:
            found.append(error)
    return found


def source_file(home: Path, source: str) -> Path | None:
    """Return the mapping called `source`; None where there is none. MappingError where one cannot be read, which may be the one meant."""
    known = sources(home)
    if source not in known:
        for error in unread(home):
            raise error
    return known.get(source)


def new_home(
    *, home: Path, city: str, name_fa: str, name_en: str, currency: str, calendar: str, residents: int | None
) -> Path:
    """Make a home for one's own city, with its settings and a mapping to start from. FileExistsError where one is."""
    if (home / "city.toml").exists():
        raise FileExistsError(home / "city.toml")
    (home / "sources").mkdir(parents=True, exist_ok=True)
    blanks = {
        "@id@": city,
        "@name_fa@": name_fa,
        "@name_en@": name_en,
        "@currency@": currency,
        "@minor_digits@": "0" if currency == "IRR" else "2",
        "@calendar@": calendar,
        "@residents@": f"residents = {residents}" if residents else "# residents = 2000000",
    }
    for template, target in (
        ("city.toml.template", "city.toml"),
        ("payments.toml.template", "sources/payments.toml"),
    ):
        text = (resources.files("rasad.cities") / template).read_text("utf-8")
        for blank, value in blanks.items():
            text = text.replace(blank, value)
        (home / target).write_text(text, "utf-8")
    return home
