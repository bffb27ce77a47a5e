"""Cost against size: the same Persian ledger at ten thousand to ten million rows, imported, released, served."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks import cities, imports, pages, plot, report
from rasad.release.manifest import live_release
from rasad.release.reader import Release, open_release

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
PER_FILE = 1_000_000
KEPT = report.PAGE.parent / "performance-size.json"
"""What was measured of each size: a size that is measured by itself takes its place among the others."""
RELEASE = f"""
import json, resource, sys, time
from pathlib import Path
from rasad.actions.releases import build_release
laps, home = [], Path(sys.argv[1])
def progress(what, done, total):
    laps.append((what, time.perf_counter()))
began = time.perf_counter()
build_release(home=home, progress=progress)
seconds, rows = time.perf_counter() - began, 0
staged, written = (next(at for what, at in laps if what == name) for name in ("files", "index"))
{imports.PEAK}
print(json.dumps({{"seconds": seconds, "staging": staged - began, "files": written - staged, "index": began + seconds - written, "peak_mb": peak}}))
"""


@dataclass(frozen=True)
class Cost:
    """What one size costs: seconds, MB of memory and of files, and milliseconds of pages."""

    rows: int
    imported: float
    copied: float
    import_mb: float
    staging: float
    files: float
    index: float
    release_mb: float
    disk_mb: float
    start: float
    portal_mb: float
    middle: float
    slowest: float

    @property
    def built(self) -> float:
        return self.staging + self.files + self.index


def main(folder: Path, sizes: Sequence[int] = ()) -> None:
    """Measure `sizes` (all of SIZES by default), draw docs/performance-size.svg, and write the section `size`."""
    for size in sizes or SIZES:
        cost = _measured(folder, size)
        # At once: the largest takes longest, and a run may be broken off.
        kept = {one.rows: one for one in (*_kept(), cost)}
        _write([kept[rows] for rows in sorted(kept)])


def _measured(folder: Path, size: int) -> Cost:
    _say(size, "files and import")
    city = cities.of_rows(folder, size, files=max(1, size // PER_FILE))
    home, copy = folder / f"home-{city.name}", folder / f"copy-{city.name}"
    _remove(home, copy)
    imported = imports.run(imports.LOAD, str(city.pack), str(city.data), str(home))
    copied = imports.run(imports.COPY, str(city.data), str(copy))
    _remove(copy)
    _say(size, "release and index")
    built = imports.run(RELEASE, str(home))
    path = live_release(home / "releases")
    assert path is not None
    _say(size, "pages")
    release = open_release(path)
    measured, server, portal_mb = pages.measure(
        home / "releases", release, only=_addresses(release), data=False
    )
    release.close()
    cost = Cost(
        rows=size, imported=imported["seconds"], copied=copied["seconds"], import_mb=imported["peak_mb"],
        staging=built["staging"], files=built["files"], index=built["index"], release_mb=built["peak_mb"],
        disk_mb=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6,
        start=server.start, portal_mb=portal_mb, middle=median(page.p50 for page in measured), slowest=max(page.p95 for page in measured),
    )  # fmt: skip
    _remove(city.pack, home)
    return cost


def _say(size: int, what: str) -> None:
    print(f"size: {size:,} rows: {what}", file=sys.stderr, flush=True)


def _remove(*folders: Path) -> None:
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            # A release is read-only.
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)


def _kept() -> list[Cost]:
    return [Cost(**one) for one in json.loads(KEPT.read_text("utf-8"))] if KEPT.is_file() else []


def _write(costs: list[Cost]) -> None:
    KEPT.write_text(json.dumps([asdict(cost) for cost in costs], indent=1) + "\n", "utf-8")
    points = [plot.Point(c.rows, c.imported, c.copied, c.built, c.middle, c.slowest) for c in costs]
    (report.PAGE.parent / "performance-size.svg").write_text(plot.svg(points), "utf-8")
    head = [
        "rows", "import, s", "× DuckDB `COPY`", "its peak, MB", "release: masking, s", "files, s", "index, s", "its peak, MB", "release, MB", "start, s",
        "portal’s memory, MB", "pages: median, ms", "pages: slowest p95, ms",
    ]  # fmt: skip
    report.write(
        "size",
        [
            "![Seconds and milliseconds against rows](performance-size.svg)",
            "",
            *report.table(head, [_cells(cost) for cost in costs]),
        ],
    )


def _cells(c: Cost) -> list[str]:
    return [
        f"{c.rows:,}", f"{c.imported:.2f}", f"{c.imported / c.copied:.1f}", f"{c.import_mb:.0f}", f"{c.staging:.1f}", f"{c.files:.1f}", f"{c.index:.1f}",
        f"{c.release_mb:.0f}", f"{c.disk_mb:,.0f}", f"{c.start:.2f}", f"{c.portal_mb:.0f}", f"{c.middle:.0f}", f"{c.slowest:.0f}",
    ]  # fmt: skip


def _addresses(release: Release) -> list[str]:
    from benchmarks import crawl

    return crawl.asked(release)
