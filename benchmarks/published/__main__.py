"""Convert published instances to problems of a roadmap, and compare what the engine finds with the best known values."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.published import measuring
from benchmarks.published.formats import FORMATS, SHARES, Instance, format_of, next_releases

EXAMPLES = """examples:
  python -m benchmarks.published convert j601_1.sm mknapcb1.txt --into problems
  python -m benchmarks.published convert nrp3.txt --share 0.3 --into problems
  python -m benchmarks.published measure problems --seconds 60

A problem NAME.json is compared with NAME.best, where that is there: the best known value in the problem's own unit (a goal counts in
ten-thousandths: 24381 is 243810000), or two of them, between which the best lies; of a front its points, two figures a line.
"""


def main() -> int:
    """Return 0 when everything was done; 1 where a plan did not keep the limits or passed a published bound."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.published",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    convert = commands.add_parser("convert", help="write published instances as problems of a roadmap")
    convert.add_argument("files", nargs="+", type=Path, metavar="FILE")
    convert.add_argument(
        "--into", type=Path, default=Path(), metavar="FOLDER", help="where to write (default: here)"
    )
    convert.add_argument("--format", choices=FORMATS, help="how they are written (default: by their names)")
    convert.add_argument(
        "--share",
        action="append",
        help=f"budget of a next release problem, of all costs; may be given again (default: the file's, else {', '.join(SHARES)})",
    )
    convert.add_argument("--only", type=int, help="of a file with many problems only so many")
    convert.set_defaults(run=_convert)
    measure = commands.add_parser("measure", help="solve each as a user would and compare with NAME.best")
    measure.add_argument("folder", type=Path)
    measure.add_argument("--names", nargs="+", help="only these")
    measure.add_argument(
        "--seconds",
        type=float,
        default=60,
        help="time for each plan (default: 60); a front has its own default",
    )
    measure.add_argument("--no-peers", action="store_true", help="leave out the textbook's model of each")
    measure.add_argument(
        "--write", action="store_true", help="put what was measured into docs/performance-roadmap.md"
    )
    measure.set_defaults(run=measuring.measure_all)
    chosen = parser.parse_args()
    return int(chosen.run(chosen))


def _convert(chosen: argparse.Namespace) -> int:
    chosen.into.mkdir(parents=True, exist_ok=True)
    for file in chosen.files:
        kind = chosen.format or format_of(file.name)
        if kind is None:
            print(f"{file}: say with --format how it is written: {', '.join(FORMATS)}", file=sys.stderr)
            return 2
        try:
            found = _read(kind, file, chosen.share)
        except (ValueError, StopIteration, RuntimeError) as error:
            print(f"{file}: not as {kind} has it: {str(error) or 'it ends too soon'}", file=sys.stderr)
            return 2
        for one in found[: chosen.only]:
            _write(one, chosen.into)
    return 0


def _read(kind: str, file: Path, shares: list[str] | None) -> list[Instance]:
    text = file.read_text("utf-8", errors="replace")
    if kind == "nrp":
        return next_releases(file.stem, text, shares or ())
    return FORMATS[kind](file.stem, text)


def _write(one: Instance, folder: Path) -> None:
    path = folder / f"{one.name}.json"
    path.write_text(json.dumps(one.problem), "utf-8")
    if one.best is not None:
        path.with_suffix(".best").write_text(f"{one.best}\n", "utf-8")
    print(f"{path}: {len(one.problem['initiatives'])} initiatives")


if __name__ == "__main__":
    sys.exit(main())
