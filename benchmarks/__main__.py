"""Runs every benchmark and writes the table in docs/performance.md.

`make bench` measures on the sample city; with RASAD_DATA set to a folder of real files, on North Tyneside's 1.55 million rows too.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import imports, pages

REPO = Path(__file__).resolve().parent.parent


def main() -> int:
    """Return 0 when everything was measured."""
    data = os.environ.get("RASAD_DATA")
    lines = ["# Performance", "", _machine(), ""]
    with tempfile.TemporaryDirectory(prefix="rasad-bench-") as folder:
        for name, files in _inputs(Path(folder), Path(data) if data else None):
            print(f"{name}: import", file=sys.stderr)
            home = Path(folder) / f"home-{name}"
            lines += imports.measure(name, files, home)
            print(f"{name}: pages", file=sys.stderr)
            lines += pages.measure(name, home)
    text = "\n".join(lines) + "\n"
    (REPO / "docs" / "performance.md").write_text(text, "utf-8")
    print(text)
    return 0


def _machine() -> str:
    return (
        f"Measured by `make bench` on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}). "
        "Absolute times are this machine's; the ratios are against a peer on the same input in the same run."
    )


def _inputs(folder: Path, data: Path | None) -> list[tuple[str, Path]]:
    from rasad.sample import generate

    generate(folder / "sample")
    found = [("sample", folder / "sample")]
    if data is not None and (data / "northtyneside").is_dir():
        found.append(("northtyneside", data / "northtyneside"))
    return found


if __name__ == "__main__":
    sys.exit(main())
