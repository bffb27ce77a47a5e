"""DuckDB: the only place of the ledger that knows it."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import duckdb

STRETCH = 250_000
"""Rows of a CSV file that one thread writes."""


class Duck:
    """A connection in memory with bounded threads and memory (for instance "512MB"); nothing is downloaded at run time."""

    def __init__(self, *, memory: str = "1GB", threads: int = 2, spill: Path | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if spill is not None:
            config["temp_directory"] = str(spill)
        self.connection = duckdb.connect(":memory:", config=config)

    def close(self) -> None:
        self.connection.close()

    def table(self, name: str, source: Path) -> None:
        """Let `name` stand for the rows of a Parquet file."""
        self.connection.read_parquet(str(source)).create_view(name)

    def copy_parquet(self, query: str, out: Path) -> Path:
        """Write the rows of `query` to `out` as Parquet (zstd) and return it."""
        self.connection.sql(query).write_parquet(str(out), compression="zstd")
        return out

    def copy_csv(self, cells: str, source: Path, out: Path, *, begin: bytes = b"") -> Path:
        """Write `cells` of every row of a Parquet file to `out` as CSV (UTF-8, comma, header) behind the bytes `begin`, and return it.

        In little memory however many rows there are. Each stretch of rows is written by one thread to a file of its own, beside `out`: of several
        threads that write one file, those that are ahead keep their part of the text in memory until its turn comes, gigabytes for a million lines.
        """
        rows, threads = self._one(
            f"select count(*), current_setting('threads') from read_parquet('{_quoted(source)}')"
        )

        def write(start: int) -> Path:
            part = out.with_name(f".{out.name}.{start}")
            # A cursor each: several queries at once.
            with self.connection.cursor() as cursor:
                cursor.sql(
                    f"select {cells} from read_parquet('{_quoted(source)}', file_row_number = true) "
                    f"where file_row_number >= {start} and file_row_number < {start + STRETCH}"
                ).write_csv(str(part), header=start == 0, sep=",")
            return part

        self.connection.execute("set threads = 1")
        try:
            with out.open("wb") as whole, ThreadPoolExecutor(threads) as pool:
                whole.write(begin)
                waiting: deque[Future[Path]] = deque()
                for start in range(0, max(rows, 1), STRETCH):
                    # As many at once as are written, so that the disk need not hold all of them twice.
                    if len(waiting) > threads:
                        _append(whole, waiting.popleft().result())
                    waiting.append(pool.submit(write, start))
                for part in waiting:
                    _append(whole, part.result())
        finally:
            self.connection.execute(f"set threads = {threads}")
        return out

    def _one(self, query: str) -> tuple[int, ...]:
        return tuple(int(cell) for cell in self.connection.execute(query).fetchall()[0])


def _append(whole: BinaryIO, part: Path) -> None:
    with part.open("rb") as text:
        shutil.copyfileobj(text, whole, 1 << 20)
    part.unlink()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def duck(*, memory: str = "1GB", threads: int = 2, spill: Path | None = None) -> Iterator[Duck]:
    """Open a `Duck` and close it at the end."""
    engine = Duck(memory=memory, threads=threads, spill=spill)
    try:
        yield engine
    finally:
        engine.close()
