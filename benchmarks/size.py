"""Cost against size: the same Persian ledger at ten thousand to ten million rows, imported, released, served."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks import cities, imports, pages, plot, report
from rasad.actions.releases import build_release
from rasad.release.manifest import live_release
from rasad.release.reader import open_release

SIZES = tuple(
    int(size) for size in os.environ.get("RASAD_BENCH_SIZES", "10000,100000,1000000,10000000").split(",")
)
PER_FILE = 1_000_000


def main(folder: Path) -> None:
    """Measure, draw docs/performance-size.svg, and write the section `size`."""
    rows, points = [], []
    for size in SIZES:
        print(f"size: {size:,} rows", file=sys.stderr)
        city = cities.of_rows(folder, size, files=max(1, size // PER_FILE))
        home = folder / f"home-{city.name}"
        taken = imports.run(imports.LOAD, str(city.pack), str(city.data), str(home))
        copied = imports.run(imports.COPY, str(city.data), str(folder / f"copy-{city.name}"))
        began = time.perf_counter()
        build_release(home=home)
        built = time.perf_counter() - began
        path = live_release(home / "releases")
        assert path is not None
        release = open_release(path)
        measured, server, memory = pages.measure(home / "releases", release, only=_addresses(release))
        release.close()
        p95 = max(page.p95 for page in measured)
        middle = median(page.p50 for page in measured)
        on_disk = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6
        rows.append(
            [
                f"{size:,}", f"{taken['seconds']:.2f}", f"{taken['seconds'] / copied['seconds']:.1f}", f"{taken['peak_mb']:.0f}", f"{built:.1f}", f"{on_disk:,.0f}",
                f"{server.start:.2f}", f"{memory:.0f}", f"{middle:.0f}", f"{p95:.0f}",
            ]
        )  # fmt: skip
        points.append(plot.Point(size, taken["seconds"], copied["seconds"], built, middle, p95))
        subprocess.run(
            ["rm", "-rf", str(folder / f"copy-{city.name}"), str(city.pack), str(home)], check=True
        )
        _write(rows, points)


def _write(rows: list[list[str]], points: list[plot.Point]) -> None:
    """Draw and write what is known so far: the largest takes longest, and a run may be broken off."""
    (report.PAGE.parent / "performance-size.svg").write_text(plot.svg(points), "utf-8")
    head = [
        "rows", "import, s", "× DuckDB `COPY`", "peak memory, MB", "release and index, s", "release, MB", "start, s", "portal’s memory, MB", "pages: median, ms",
        "pages: slowest p95, ms",
    ]  # fmt: skip
    report.write(
        "size",
        ["![Seconds and milliseconds against rows](performance-size.svg)", "", *report.table(head, rows)],
    )


def _addresses(release: object) -> list[str]:
    from benchmarks import crawl
    from rasad.release.reader import Release

    assert isinstance(release, Release)
    return crawl.asked(release)
