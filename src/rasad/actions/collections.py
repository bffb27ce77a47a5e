"""Taking a city's lists into its register: sheets as they are, and an office's own lists by their collections."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rasad.ledger.collect import Collected, Collection, Row, collect, load_collection, together
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.settings import read_toml

if TYPE_CHECKING:
    from rasad.actions.bulk import Imported
    from rasad.records.models import Account

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Listed:
    """What a city's data folder holds for the register: sheets of ours, and lists of the office's with their collections."""

    sheets: list[Path]
    lists: list[tuple[Collection, Path]]

    @property
    def empty(self) -> bool:
        return not self.sheets and not self.lists


def collections(home: Path) -> dict[str, Path]:
    """Return every collection of the home: id → file."""
    paths = sorted((home / "records").glob("*.toml"))
    return {str(read_toml(path).get("id", path.stem)): path for path in paths}


def find_lists(*, home: Path, pack: Path, data: Path) -> Listed:
    """Return what the pack's `[[records]]` entries name under `data`, in their order. FileError where an entry names none."""
    with (pack / "city.toml").open("rb") as file:
        entries = tomllib.load(file).get("records", [])
    known = {name: load_collection(path) for name, path in collections(home).items()}
    listed = Listed([], [])
    for entry in entries:
        paths = sorted(data.glob(entry["files"]))
        if not paths:
            raise FileError(Problem("file_missing", file=str(data / entry["files"])))
        if "collection" in entry:
            listed.lists.extend((known[entry["collection"]], path) for path in paths)
        else:
            listed.sheets.extend(paths)
    return listed


def find_roadmaps(*, pack: Path, data: Path) -> list[Path]:
    """Return the adopted roadmaps that the pack's `[[roadmap]]` entries name under `data`, in their order."""
    with (pack / "city.toml").open("rb") as file:
        entries = tomllib.load(file).get("roadmap", [])
    return [path for entry in entries for path in sorted(data.glob(entry["files"]))]


def load_records(
    *, listed: Listed, by: Account | None, why: str, progress: Progress | None = None
) -> tuple[Imported, list[Problem]]:
    """Take all of it into the register in one change, and return what became of it with the cells that could not be read.

    Rows that cannot stand are left out and told, the others stand. Needs a connected workspace. FileError or MappingError where a list cannot be read at all; then nothing was written.
    """
    from rasad.actions.bulk import import_files

    say = progress or (lambda what, done, total: None)
    collected: list[tuple[Collection, Collected]] = []
    for done, (rules, path) in enumerate(listed.lists):
        say(path.name, done, len(listed.lists))
        collected.append((rules, collect(path, rules)))
    problems = [problem for _rules, found in collected for problem in found.problems]
    with tempfile.TemporaryDirectory(prefix="rasad-") as folder:
        paths = [_sheet(Path(folder), noun, rows) for noun, rows in together(collected).items() if rows]
        imported = import_files(
            paths=[*listed.sheets, *paths], by=by, why=why, valid_only=True, progress=progress
        )
    return imported, problems


def _sheet(folder: Path, noun: str, rows: list[Row]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / f"{noun}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path
