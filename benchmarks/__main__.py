"""Measures, and writes what was found into docs/performance.md: `make bench`, or `python -m benchmarks import pages load size`.

Each section is measured by itself and replaces its own part of the page. With RASAD_DATA set to the folder of the real files,
North Tyneside's 1.55 million rows are what pages and load are measured on; a generated ledger of a million rows otherwise.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from functools import partial
from pathlib import Path

import rasad
from benchmarks import imports, load, pages, size

SECTIONS = {"import": imports.main, "pages": pages.main, "load": load.main, "size": size.main}


def main() -> int:
    """Return 0 when everything was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)} (default: all)"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where to work, and to find what an earlier run made (default: a temporary folder)",
    )
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[],
        help="of the section size: these sizes alone, the others staying as they were measured (default: 10,000 to 10,000,000)",
    )
    chosen = parser.parse_args()
    wrong = [name for name in chosen.sections if name not in SECTIONS]
    if wrong:
        parser.error(f"no section {wrong[0]}: there are {', '.join(SECTIONS)}")
    # An installed package is compiled; where the environment forbids Python to write bytecode, every start would do it anew.
    compileall.compile_dir(str(Path(rasad.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory(prefix="rasad-bench-") as temporary:
        folder = (chosen.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        sections = {**SECTIONS, "size": partial(size.main, sizes=chosen.rows)}
        for name in chosen.sections or SECTIONS:
            sections[name](folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
