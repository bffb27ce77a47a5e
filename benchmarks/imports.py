"""Import: read, clean, control totals, classify, link and write, against DuckDB's plain COPY of the same files to Parquet.

Each is a process of its own, one after the other by turns, so that what else the machine does falls on both. What counts is the ratio.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import cities, report

TURNS = 3
# From /proc: what getrusage tells is never less than what the process had that started this one.
PEAK = """
said = Path("/proc/self/status").read_text()
peak = int(said.partition("VmHWM:")[2].split()[0]) // 1024
"""
_MEASURED = f"""
usage = resource.getrusage(resource.RUSAGE_SELF)
{PEAK}
print(json.dumps({{"rows": rows, "seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": peak}}))
"""
LOAD = f"""
import json, resource, sys, time
from pathlib import Path
from rasad.actions.batches import load_city
from rasad.actions.cities import start_home
pack, data, home = map(Path, sys.argv[1:])
start_home(home=home, pack=pack)
began = time.perf_counter()
rows = sum(receipt.rows["in"] for receipt in load_city(home=home, pack=pack, data=data))
seconds = time.perf_counter() - began
{_MEASURED}"""
COPY = f"""
import json, resource, sys, time
from pathlib import Path
import duckdb
data, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True)
rows, began = 0, time.perf_counter()
for number, path in enumerate(sorted(data.iterdir())):
    source = f"read_csv('{{path}}', all_varchar=true)"
    rows += duckdb.execute(f"copy (select * from {{source}}) to '{{out}}/{{number}}.parquet'").fetchall()[0][0]
seconds = time.perf_counter() - began
{_MEASURED}"""


def run(code: str, *arguments: str) -> dict[str, float]:
    """Run a piece of Python in its own process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(city: cities.City, folder: Path, turns: int = TURNS) -> dict[str, dict[str, float]]:
    """Return the medians of DuckDB (`peer`) and of Rasad (`own`): rows, seconds, cpu, peak_mb."""
    found: dict[str, list[dict[str, float]]] = {"peer": [], "own": []}
    for turn in range(turns):
        copy, home = folder / f"copy-{turn}", folder / f"import-{turn}"
        found["peer"].append(run(COPY, str(city.data), str(copy)))
        found["own"].append(run(LOAD, str(city.pack), str(city.data), str(home)))
        for made in (copy, home):
            shutil.rmtree(made)
    return {
        who: {name: statistics.median(one[name] for one in each) for name in each[0]}
        for who, each in found.items()
    }


def main(folder: Path) -> None:
    """Measure, and write the section `import`."""
    every = [cities.northtyneside(folder), cities.of_rows(folder, 1_000_000)]
    rows = []
    for city in every:
        if city is None:
            print("RASAD_DATA is not set: no real files", file=sys.stderr)
            continue
        print(f"import: {city.words}", file=sys.stderr)
        found = measure(city, folder)
        peer, own = found["peer"], found["own"]
        rows.append(
            [
                city.words,
                "DuckDB `COPY`",
                f"{peer['seconds']:.2f}",
                f"{peer['cpu']:.1f}",
                f"{peer['peak_mb']:.0f}",
                1,
                1,
            ]
        )
        ratio, work = (own[name] / peer[name] for name in ("seconds", "cpu"))
        rows.append(
            [
                "",
                f"Rasad, {own['rows']:,.0f} rows",
                f"{own['seconds']:.2f}",
                f"{own['cpu']:.1f}",
                f"{own['peak_mb']:.0f}",
                f"**{ratio:.2f}**",
                f"{work:.2f}",
            ]
        )
    head = ["files", "who", "seconds", "seconds of CPU", "peak memory, MB", "ratio", "ratio of CPU"]
    said = f"Medians of {TURNS}, by turns."
    report.write("import", [*report.table(head, rows), "", said])
