"""Under load: wrk over loopback, 16 connections that ask for mixed pages, while server and client share the machine's cores."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from benchmarks import cities, crawl, report, serving
from rasad.release.manifest import live_release
from rasad.release.reader import Filters, Release, open_release

CONNECTIONS, THREADS, SECONDS, WARM = 16, 1, 20, 5
TURNS = 3
SCRIPT = """
local paths = {
%s
}
math.randomseed(1403)
request = function()
  return wrk.format("GET", paths[math.random(#paths)], {["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1"})
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests": %%d, "seconds": %%.3f, "p50": %%.2f, "p99": %%.2f, "status": %%d, "socket": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, e.status,
    e.connect + e.read + e.write + e.timeout))
end
"""


def main(folder: Path) -> None:
    """Measure, and write the section `load`."""
    if shutil.which("wrk") is None:
        print("load: wrk is not installed (on Debian: apt-get install wrk)", file=sys.stderr)
        return
    city = cities.northtyneside(folder) or cities.of_rows(folder, 1_000_000)
    print(f"load: {city.words}", file=sys.stderr)
    path = live_release(city.home / "releases")
    assert path is not None
    release = open_release(path)
    addresses = mixed(release)
    release.close()
    rows, asked = [], 0.0
    for processes in (1, os.cpu_count() or 1):
        with serving.portal(city.home / "releases", processes) as server:
            found = [under_load(server, addresses, folder) for _ in range(TURNS)]
            memory = server.memory
        middle = sorted(found, key=lambda one: one["requests"])[TURNS // 2]
        failed = sum(one["status"] + one["socket"] for one in found)
        asked += sum(one["requests"] for one in found)
        rows.append(
            [
                f"{processes}",
                f"{middle['requests'] / middle['seconds']:.0f}",
                f"{middle['p50']:.0f}",
                f"{middle['p99']:.0f}",
                f"{failed:.0f}",
                f"{memory:.0f}",
            ]
        )
    head = ["processes", "requests a second", "p50, ms", "p99, ms", "errors", "memory, MB"]
    words = (
        f"{city.words}: `wrk -t{THREADS} -c{CONNECTIONS} -d{SECONDS}s`, {len(addresses)} addresses asked at random, packed; the middle of {TURNS} runs, "
        f"errors of all ({asked:,.0f} requests)."
    )
    report.write("load", [words, "", *report.table(head, rows)])


def mixed(release: Release) -> list[str]:
    """Return addresses as readers ask for them: many lines and suppliers, searches, groups, and the large pages."""
    year, stage = release.defaults()
    filters = Filters(year=year, stage=stage)
    lines = release.lines(filters, limit=30)
    suppliers = [row.key for row in release.breakdown("supplier", filters, limit=30).rows if row.key]
    return [
        *["/fa/"] * 6,
        *["/en/"] * 2,
        *(f"/fa/money/?by={by}" for by in ("class", "unit", "supplier", "programme", "economic", "month", "fiscal_year")),
        *(f"/fa/money/?view=lines&page={page}" for page in (1, 2, 7, 40)),
        *(f"/fa/search/?q={quote(word)}" for word in crawl._words(release)),
        *(f"/fa/line/{line['line_id']}/" for line in lines),
        *(f"/fa/supplier/{quote(key, safe=':')}/" for key in suppliers),
        "/fa/compare/", "/fa/compare/?by=supplier", "/fa/share/", "/fa/budget/", "/fa/data/", "/fa/method/", "/fa/changes/", "/fa/embed/money/?by=unit",
    ]  # fmt: skip


def under_load(server: serving.Server, addresses: list[str], folder: Path) -> dict[str, float]:
    """Return what wrk says: requests, seconds, p50 and p99 in ms, and how many answers were errors or failed."""
    script = folder / "mixed.lua"
    script.write_text(SCRIPT % ",\n".join(json.dumps(one) for one in addresses), "utf-8")
    url = f"http://127.0.0.1:{server.port}"
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", "--timeout", "30s", "-s", str(script)]
    subprocess.run([*command, f"-d{WARM}s", url], check=True, capture_output=True)
    done = subprocess.run([*command, f"-d{SECONDS}s", url], check=True, capture_output=True, text=True)
    told = re.findall(r"^\{.*\}$", done.stdout, re.MULTILINE)
    result: dict[str, float] = json.loads(told[-1])
    return result
