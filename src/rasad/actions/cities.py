"""Homes of cities: made from a pack that comes with Rasad, or new for one's own city."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from rasad.ledger.settings import city_settings, read_toml


def packs() -> dict[str, Path]:
    """Return the city packs that come with Rasad: id → folder with `city.toml` and `sources/`."""
    root = Path(str(resources.files("rasad.cities")))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "city.toml").is_file()}


def start_home(*, home: Path, pack: Path) -> Path:
    """Make `home` a home of the pack's city: its settings where it has none, and the pack's mappings and collections as they are now."""
    (home / "sources").mkdir(parents=True, exist_ok=True)
    if not (home / "city.toml").exists():
        shutil.copyfile(pack / "city.toml", home / "city.toml")
    for kind in ("sources", "records"):
        for rules in sorted((pack / kind).glob("*.toml")):
            (home / kind).mkdir(exist_ok=True)
            shutil.copyfile(rules, home / kind / rules.name)
    return home


def settings(home: Path) -> dict[str, Any]:
    """Return the `[city]` table of the home's `city.toml`. MappingError where it is not there or says something impossible."""
    return city_settings(home)


def sources(home: Path) -> dict[str, Path]:
    """Return every mapping of the home: source id → file. MappingError where one is no TOML."""
    paths = sorted((home / "sources").glob("*.toml"))
    return {str(read_toml(path).get("id", path.stem)): path for path in paths}


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
