"""Other programs' exports that Rasad knows: one TOML file each; a city's own, in `profiles/` of its home, come before these."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from django.conf import settings

from rasad.ledger.profile import Profile, load_profile


def profiles(home: Path | None = None) -> dict[str, Profile]:
    """Return the profiles by their ids. MappingError where one cannot be read."""
    home = home or Path(getattr(settings, "HOME", "."))
    found = {}
    for folder in (Path(str(resources.files(__name__))), home / "profiles"):
        for path in sorted(folder.glob("*.toml")):
            profile = load_profile(path)
            found[profile.id] = profile
    return found
