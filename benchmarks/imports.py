"""Import: read, clean, classify, link and write, against DuckDB's plain COPY of the same text files to Parquet."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

LOAD = """
import json, resource, sys, time
from pathlib import Path
from rasad.actions.batches import load_city
from rasad.actions.cities import packs, start_home
city, data, home = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
start_home(home=home, pack=packs()[city])
began = time.perf_counter()
rows = sum(r.rows["in"] for r in load_city(home=home, pack=packs()[city], data=data))
seconds = time.perf_counter() - began
print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""
COPY = """
import json, resource, sys, time
from pathlib import Path
import duckdb
data, out = Path(sys.argv[1]), Path(sys.argv[2])
files = sorted(str(p) for p in data.iterdir() if p.name.endswith((".csv", ".csv.gz", ".tsv.gz")))
out.mkdir(parents=True)
began = time.perf_counter()
for number, name in enumerate(files):
    # Lenient, so that the peer reads every file; rows it cannot read it drops.
    duckdb.sql(f"copy (select * from read_csv('{name}', all_varchar=true, header=true, ignore_errors=true, null_padding=true, strict_mode=false)) to '{out}/{number}.parquet'")
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "files": len(files)}))
"""


def run(code: str, *arguments: str) -> dict[str, float]:
    """Run a piece of Python in its own process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(name: str, data: Path, home: Path) -> list[str]:
    """Return the lines of docs/performance.md about importing a city."""
    peer = [run(COPY, str(data), f"{home}-copy-{n}") for n in range(3)]
    began = time.perf_counter()
    ours = run(LOAD, name, str(data), str(home))
    whole = time.perf_counter() - began
    copy = sorted(one["seconds"] for one in peer)[1]
    return [
        f"## Import of {name}",
        "",
        "| what | seconds | peak memory | ratio |",
        "|---|---|---|---|",
        f"| DuckDB `COPY` of the {peer[0]['files']:.0f} text files to Parquet, as text (median of 3) | {copy:.2f} | {peer[0]['peak_mb']:.0f} MB | 1 |",
        f"| Rasad: read, clean, control totals, classify, link, write, {ours['rows']:,.0f} rows | {ours['seconds']:.2f} | {ours['peak_mb']:.0f} MB | {ours['seconds'] / copy:.2f} |",
        "",
        f"The whole process took {whole:.1f} s.",
        "",
    ]
