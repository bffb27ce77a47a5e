"""The cities that are measured: the sample city, North Tyneside's 1.55 million rows, and Persian ledgers of any size."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import persian
from rasad.actions.batches import load_city
from rasad.actions.cities import packs, start_home
from rasad.actions.releases import build_release
from rasad.ledger.batches import Receipt


@dataclass(frozen=True)
class City:
    """A city's `name`, what it is in words, its pack, and the folder of its files."""

    name: str
    words: str
    pack: Path
    data: Path
    folder: Path

    @cached_property
    def home(self) -> Path:
        """Return a home in which all files are loaded, and two releases: the first without the last file. Made once."""
        home = self.folder / f"home-{self.name}"
        files = sorted(path for path in self.data.iterdir() if path.is_file())
        first = self.folder / f"first-{self.name}"
        if not first.is_dir():
            first.mkdir()
            for path in files if len(files) < 3 else files[:-1]:
                (first / path.name).symlink_to(path)
        for data in (first, self.data):
            start_home(home=home, pack=self.pack)
            taken = [
                one for one in load_city(home=home, pack=self.pack, data=data) if isinstance(one, Receipt)
            ]
            if taken:
                build_release(home=home)
        return home


def northtyneside(folder: Path) -> City | None:
    """Return the city of RASAD_DATA, None where that is not set."""
    data = Path(os.environ.get("RASAD_DATA", "")) / "northtyneside"
    if "RASAD_DATA" not in os.environ or not data.is_dir():
        return None
    return City(
        "northtyneside", "North Tyneside, 109 monthly files (gzip)", packs()["northtyneside"], data, folder
    )


def sample(folder: Path) -> City:
    """Return the sample city, its files written anew."""
    from rasad.sample import generate

    data = folder / "sample"
    if not data.is_dir():
        generate(data)
        (data / "truth.json").unlink()
    return City("sample", "the sample city", packs()["sample"], data, folder)


def of_rows(folder: Path, rows: int, *, files: int = 1) -> City:
    """Return a Persian city of so many rows; see `benchmarks.persian`."""
    name = f"persian-{rows}"
    pack = folder / name
    if not pack.is_dir():
        persian.write(pack, rows, files=files)
    words = f"Persian, {rows:,} rows in {files} {'file' if files == 1 else 'files'}"
    return City(name, words, pack, pack / "data", folder)
