"""Checking a release with nothing but the release: hashes, sizes, rows and sums, recomputed from its files."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasad.release.manifest import NAME, Difference, canonical, read_manifest, sha256, within

_BESIDE = {NAME, "manifest.sig"}


Progress = Callable[[str, int, int], None]


def verify(release: Path, progress: Progress | None = None) -> list[Difference]:
    """Return every difference between the release and its manifest; empty where all agree.

    Rows and sums are recomputed from the CSV files with the standard library alone. ReleaseError where there is no manifest.
    """
    manifest = read_manifest(release)
    found: list[Difference] = []
    if canonical(manifest) != (release / NAME).read_bytes():
        found.append(Difference(NAME, "form", "canonical JSON", "another spelling"))
    listed = {str(file["path"]): file for file in manifest["files"]}
    there = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()} - _BESIDE
    there = {name for name in there if not name.startswith("log/")}
    found += [
        Difference(name, "file", "listed in the manifest", "not listed")
        for name in sorted(there - listed.keys())
    ]
    tables = sorted(manifest["tables"].items())
    steps = len(listed) + len(tables)
    for done, (name, file) in enumerate(sorted(listed.items())):
        if progress:
            progress(name, done, steps)
        if not within(name):
            found.append(Difference(name, "path", "within the release", "outside of it"))
            continue
        path = release / name
        if not path.is_file():
            found.append(Difference(name, "file", "present", "missing"))
            continue
        if path.stat().st_size != file["bytes"]:
            found.append(Difference(name, "bytes", str(file["bytes"]), str(path.stat().st_size)))
        if (actual := sha256(path)) != file["sha256"]:
            found.append(Difference(name, "SHA-256", str(file["sha256"]), actual))
    for done, (table, about) in enumerate(tables, len(listed)):
        path = release / "data" / f"{table}.csv"
        if progress:
            progress(path.name, done, steps)
        if path.is_file():
            found += _check_table(path, about)
    return found


def _check_table(path: Path, about: dict[str, Any]) -> list[Difference]:
    name = f"data/{path.name}"
    parts = list(about["sums"][0]["by"]) if about["sums"] else []
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    rows = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            if parts:
                sums[tuple(row[part] for part in parts)] += int(row["amount"])
    found = [] if rows == about["rows"] else [Difference(name, "rows", str(about["rows"]), str(rows))]
    stated = {tuple(str(value) for value in one["by"].values()): int(one["amount"]) for one in about["sums"]}
    for key in sorted(stated.keys() | sums.keys()):
        if stated.get(key) != sums.get(key):
            what = f"sum of {' '.join(key)}"
            found.append(Difference(name, what, str(stated.get(key)), str(sums.get(key))))
    return found
