"""DuckDB: the only place of the ledger that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


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

    def copy_csv(self, query: str, out: Path) -> Path:
        """Write the rows of `query` to `out` as CSV (UTF-8, comma, header) and return it, in little memory however many they are.

        By one thread: of several, those that are ahead keep their part of the text in memory until its turn comes, gigabytes for a million lines.
        """
        (threads,) = self.connection.execute("select current_setting('threads')").fetchone() or (1,)
        self.connection.execute("set threads = 1")
        try:
            self.connection.sql(query).write_csv(str(out), header=True, sep=",")
        finally:
            self.connection.execute(f"set threads = {int(threads)}")
        return out


@contextmanager
def duck(*, memory: str = "1GB", threads: int = 2, spill: Path | None = None) -> Iterator[Duck]:
    """Open a `Duck` and close it at the end."""
    engine = Duck(memory=memory, threads=threads, spill=spill)
    try:
        yield engine
    finally:
        engine.close()
