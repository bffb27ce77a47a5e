"""Ten thousand malformed files, each of which must end in a typed error or a balanced batch, in bounded time and memory.

`python -m benchmarks.malformed` makes them from a seed, imports them in two processes, and keeps under build/malformed every file
that ended otherwise. Nothing of them is stored: the same seed and number make the same file again.
"""

from __future__ import annotations

import argparse
import json
import queue
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.malformed_files import Case, case

KEPT = Path(__file__).resolve().parent.parent / "build" / "malformed"
PATIENCE = 120
"""Seconds after which a file counts as one that never ends."""
PER_HOME = 60
"""Files that are loaded into one home before their classes and suppliers are suggested and the next is begun."""


def balanced(home: Path, receipt: Any) -> str:
    """Return what does not balance between a receipt and the files it tells of, recomputed from them; empty where all does."""
    import polars as pl

    from rasad.ledger.batches import folder
    from rasad.ledger.problem_rows import rows_aside, rows_quarantined

    lines = pl.read_parquet(folder(home) / f"{receipt.batch}.parquet")
    aside, quarantined = rows_aside(home, receipt.batch), rows_quarantined(home, receipt.batch)
    own = lines.filter(pl.col("origin") == "row")
    places = own.select("sheet", "row").unique().height
    if not 0 <= receipt.rows["in"] - aside.height - quarantined.height <= places:
        return (
            f"rows: {receipt.rows}, {places} stored, {aside.height} aside, {quarantined.height} in quarantine"
        )
    stated = int(own["amount"].cast(pl.Int128).sum() or 0)
    if stated != sum(totals.stored for totals in receipt.amounts):
        return f"amounts: {stated} in the lines"
    for totals in receipt.amounts:
        if totals.in_ != totals.stored + totals.set_aside + totals.quarantined:
            return f"{totals.column}: {totals}"
    return ""


def attempt(made: Case, folder: Path, home: Path) -> tuple[str, str]:
    """Import one file. Returns how it ended (batch, the error's code, or fault) and what went wrong."""
    from rasad.actions.batches import take_in
    from rasad.ledger.mapping import parse_mapping
    from rasad.ledger.problems import LedgerError

    path = folder / made.name
    path.write_bytes(made.content)
    try:
        receipt = take_in(home=home, mapping=parse_mapping(made.mapping, "fuzz.toml"), path=path)
        wrong = balanced(home, receipt)
        return ("fault", wrong) if wrong else ("batch", "")
    except LedgerError as error:
        return (error.problem.code, "") if error.message() else ("fault", "an error without a message")
    except BaseException:  # noqa: BLE001 - whatever else comes up is what is looked for
        return "fault", traceback.format_exc()
    finally:
        path.unlink()


def work(seed: int, numbers: Any, results: Any) -> None:
    """Take numbers until there is none; put back (number, end, detail, seconds, processor's seconds, peak memory in MB)."""
    from rasad.ledger import suggestions

    with tempfile.TemporaryDirectory(prefix="rasad-malformed-") as name:
        folder, home, count = Path(name), Path(name) / "home", 0
        while True:
            number = numbers.get()
            if number is None or count == PER_HOME:
                try:
                    suggestions.suggest_all(home)
                except Exception:  # noqa: BLE001 - as above
                    results.put((-1, "fault", traceback.format_exc(), 0.0, 0.0, 0))
                shutil.rmtree(home, ignore_errors=True)
                count = 0
            if number is None:
                results.put(None)
                return
            results.put((number, "begun", "", 0.0, 0.0, 0))
            count += 1
            made = case(seed, number)
            began, busy = time.perf_counter(), time.process_time()
            end, detail = attempt(made, folder, home)
            del made
            busy = time.process_time() - busy
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            results.put((number, end, detail, time.perf_counter() - began, busy, peak))


def run(seed: int, count: int, workers: int, first: int = 0) -> dict[str, Any]:
    """Import `count` files; return how they ended, the slowest, and the most memory a process took."""
    context = get_context("spawn")
    numbers: Any = context.Queue()
    results: Any = context.Queue()
    for number in range(first, first + count):
        numbers.put(number)
    for _ in range(workers):
        numbers.put(None)
    processes = [context.Process(target=work, args=(seed, numbers, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    ends: Counter[str] = Counter()
    faults: list[tuple[int, str]] = []
    begun: dict[int, float] = {}
    costs: list[tuple[float, float, int, str]] = []
    peak, left = 0, workers
    started = time.perf_counter()
    while left:
        try:
            message = results.get(timeout=5)
        except queue.Empty:
            late = [number for number, at in begun.items() if time.perf_counter() - at > PATIENCE]
            died = [process for process in processes if process.exitcode not in (None, 0)]
            if late or died:
                faults += [(number, "never ended, or its process died") for number in late or begun or [-1]]
                break
            continue
        if message is None:
            left -= 1
            continue
        number, end, detail, seconds, busy, memory = message
        if end == "begun":
            begun[number] = time.perf_counter()
            continue
        begun.pop(number, None)
        ends[end] += 1
        peak = max(peak, memory)
        costs.append((busy, seconds, number, end))
        if end == "fault":
            faults.append((number, detail))
        done = sum(ends.values())
        if done % 200 == 0:
            print(f"\r{done:,} of {count:,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for process in processes:
        process.terminate()
    KEPT.mkdir(parents=True, exist_ok=True)
    for number, detail in faults:
        if number >= 0:
            made = case(seed, number)
            (KEPT / f"{seed}-{number}-{made.name}").write_bytes(made.content)
            (KEPT / f"{seed}-{number}.txt").write_text(f"{made.done}\n{made.mapping}\n\n{detail}\n", "utf-8")
    return {
        "seed": seed, "files": sum(ends.values()), "ends": dict(ends.most_common()), "faults": faults,
        "seconds": round(time.perf_counter() - started, 1), "peak_mb": peak,
        "processor_seconds": round(sum(cost[0] for cost in costs), 1),
        "slowest": [
            {"number": number, "end": end, "processor_seconds": round(busy, 2), "seconds": round(seconds, 2)}
            for busy, seconds, number, end in sorted(costs, reverse=True)[:5]
        ],
    }  # fmt: skip


def main() -> int:
    """Return 0 where every file ended as it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    found = run(chosen.seed, chosen.count, chosen.workers, chosen.first)
    print(json.dumps({**found, "faults": len(found["faults"])}, ensure_ascii=False, indent=1))
    for number, detail in found["faults"][:20]:
        print(f"\n{number}: {detail.strip()[-1500:]}", file=sys.stderr)
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
