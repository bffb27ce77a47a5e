"""Pages: every page of the portal over a release, one process, no page cache, against its data query typed into DuckDB."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rasad.actions.releases import build_release
from rasad.release.reader import Filters, open_release

SERVE = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "rasad.web.settings"
os.environ["RASAD_RELEASES"], os.environ["RASAD_HOSTS"] = sys.argv[1], "testserver"
began = time.perf_counter()
import django
django.setup()
from django.test import Client
client = Client()
client.get("/fa/data/")
start = time.perf_counter() - began
found = {}
for path in json.loads(sys.argv[2]):
    times, size = [], 0
    for _ in range(21):
        t = time.perf_counter()
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        size = len(response.content)
        times.append((time.perf_counter() - t) * 1000)
    found[path] = {"p50": sorted(times)[10], "p95": sorted(times)[19], "bytes": size}
print(json.dumps({"start": start, "pages": found}))
"""


def measure(name: str, home: Path) -> list[str]:
    """Return the lines of docs/performance.md about a city's pages."""
    began = time.perf_counter()
    folder = build_release(home=home)
    built = time.perf_counter() - began
    release = open_release(folder)
    year, stage = release.defaults()
    filters = Filters(year=year, stage=stage)
    line = release.lines(filters, limit=1)[0]
    supplier = release.breakdown("supplier", filters, limit=2).rows[-1].key
    lines = sum(one.lines for one in release.coverage())
    pages = [
        "/fa/",
        "/fa/money/",
        "/fa/money/?by=unit",
        "/fa/money/?by=supplier",
        "/fa/money/?by=fiscal_year",
        "/fa/money/?view=lines",
        "/fa/compare/",
        "/fa/compare/?by=supplier&from=1&to=6",
        "/fa/share/",
        "/fa/money/?view=lines&q=software&year=all",
        "/fa/budget/",
        f"/fa/line/{line['line_id']}/",
        f"/fa/supplier/{supplier}/",
        "/fa/search/?q=software",
        "/fa/data/",
        "/fa/method/",
    ]
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(home / "releases"), json.dumps(pages)],
        check=True,
        capture_output=True,
        text=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    ours, peer = _same_query(release, folder, filters)
    table = [
        f"| `{path}` | {about['p50']:.0f} | {about['p95']:.0f} | {about['bytes'] / 1000:.0f} |"
        for path, about in result["pages"].items()
    ]
    release.close()
    return [
        f"## Pages of {name}: {lines:,} lines",
        "",
        f"Release and serving index built in {built:.1f} s; the site's first page {result['start']:.2f} s after start.",
        "",
        "| page | p50, ms | p95, ms | kB |",
        "|---|---|---|---|",
        *table,
        "",
        f"Groups by supplier through the reader: {ours:.1f} ms; the same query typed into DuckDB over the release's Parquet: {peer:.1f} ms; ratio {ours / peer:.2f}.",
        "",
    ]


def _same_query(release: object, folder: Path, filters: Filters) -> tuple[float, float]:
    import duckdb

    from rasad.release.reader import Release

    assert isinstance(release, Release)
    book = release.book(filters.stage, year=filters.year)
    query = f"""
        select supplier, sum(amount), count(*) from '{folder}/data/line.parquet'
        where flow = 'expense' and book = '{book}' and stage = '{filters.stage}' and fiscal_year = {filters.year}
        group by 1 order by 2 desc limit 50"""
    ours, peer = [], []
    with duckdb.connect() as db:
        for _ in range(11):
            began = time.perf_counter()
            release.breakdown("supplier", filters)
            ours.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            db.execute(query).fetchall()
            peer.append((time.perf_counter() - began) * 1000)
    return statistics.median(ours), statistics.median(peer)
