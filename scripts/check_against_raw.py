"""Recompute a city's figures from its raw files and hold the ledger against them, to the smallest unit.

    python scripts/check_against_raw.py --city madrid --data ../shared/data/madrid --home .demo/madrid

The raw side is the standard library alone (csv, zipfile, XML, exact decimals) and imports nothing of Rasad: the two ways share no code, so
that a mistake in one does not hide in the other. The ledger's side is read as anyone could: receipts as JSON, batches and the live release
as Parquet. Ends with 1 where a figure differs, 2 where there is nothing to compare.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

Key = tuple[str, int]
"""Sheet and row number (from 1, headers counted)."""


@dataclass(frozen=True)
class Check:
    """One figure, computed twice."""

    what: str
    raw: int
    ledger: int | None

    @property
    def holds(self) -> bool:
        return self.raw == self.ledger


@dataclass
class RawFile:
    """One raw file: every record as cells, and the amounts of each stage in the smallest unit (absent where unreadable)."""

    path: Path
    sha256: str
    rows: dict[Key, list[str]]
    headers: dict[str, list[str]] = field(default_factory=dict)
    amounts: dict[str, dict[Key, int]] = field(default_factory=dict)

    def cell(self, key: Key, *names: str) -> str:
        """Return the cell under the first of `names` that the sheet's header has; empty where there is none."""
        header = self.headers[key[0]]
        for name in names:
            if name in header:
                place = header.index(name)
                return self.rows[key][place] if place < len(self.rows[key]) else ""
        return ""


# --- the raw side ------------------------------------------------------------------------------------------

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PLAIN = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " "})


def plain(text: str) -> str:
    """Return a heading or label with one ی and ک and single spaces."""
    return " ".join(text.translate(_PLAIN).translate(_DIGITS).split())


def cents(text: str, *, decimal: str = ".", minor: int = 2, scale: int = 1) -> int | None:
    """Return the amount in the smallest unit, exactly; None where the text is no amount."""
    text = text.translate(_DIGITS).strip().replace(" ", "").replace("٬", "")
    if re.fullmatch(r"\(.*\)", text):
        text = "-" + text[1:-1]
    elif text.endswith("-"):
        text = "-" + text[:-1]
    text = text.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    if not re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", text):
        return None
    value = Decimal(text) * 10**minor * scale
    if value != value.to_integral_value():
        raise ValueError(f"{text!r} is finer than the smallest unit")
    return int(value)


def read_text(path: Path, *, encoding: str, delimiter: str) -> RawFile:
    """Return every record of a delimited text file, plain or gz."""
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    csv.field_size_limit(10**8)
    records = csv.reader(io.StringIO(raw.decode(encoding), newline=""), delimiter=delimiter)
    return RawFile(path, digest, {("", number): cells for number, cells in enumerate(records, 1)})


_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_workbook(path: Path) -> RawFile:
    """Return every row of every sheet of an XLSX file, from its XML."""
    raw = path.read_bytes()
    rows: dict[Key, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in archive.namelist():
            root = ET.fromstring(archive.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in si.iter(f"{_NS}t")) for si in root.iter(f"{_NS}si")]
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        for place, sheet in enumerate(book.iter(f"{_NS}sheet"), 1):
            page = ET.fromstring(archive.read(f"xl/worksheets/sheet{place}.xml"))
            for row in page.iter(f"{_NS}row"):
                cells: list[str] = []
                for cell in row.iter(f"{_NS}c"):
                    column = 0
                    for letter in re.match("[A-Z]+", cell.attrib["r"])[0]:  # type: ignore[index]
                        column = column * 26 + ord(letter) - 64
                    cells += [""] * (column - 1 - len(cells))
                    kind, value = cell.get("t"), cell.find(f"{_NS}v")
                    if kind == "inlineStr":
                        cells.append("".join(t.text or "" for t in cell.iter(f"{_NS}t")))
                    elif value is None:
                        cells.append("")
                    else:
                        cells.append(shared[int(value.text or 0)] if kind == "s" else value.text or "")
                rows[sheet.attrib["name"], int(row.attrib["r"])] = cells
    return RawFile(path, hashlib.sha256(raw).hexdigest(), rows)


def take_header(file: RawFile, is_header: Callable[[list[str]], bool]) -> None:
    """Move the header of each sheet out of its rows; rows above it stay, since a ledger must account for them too."""
    for sheet in dict.fromkeys(sheet for sheet, _ in file.rows):
        key = next(key for key, cells in file.rows.items() if key[0] == sheet and is_header(cells))
        file.headers[sheet] = [plain(cell) for cell in file.rows.pop(key)]


def fill(file: RawFile, stages: dict[str, tuple[str, ...]], read: Callable[[str], int | None]) -> None:
    """Read the amounts of every row: stage → headings under which it stands."""
    for stage, names in stages.items():
        found = ((key, read(file.cell(key, *names))) for key in file.rows)
        file.amounts[stage] = {key: amount for key, amount in found if amount is not None}


def roots_and_leaves(
    codes: dict[Key, tuple[object, str]], parent_of: Callable[[str], Iterable[str]]
) -> tuple[set[Key], set[Key]]:
    """Return the rows that nothing holds and the rows that hold nothing. `codes`: row → (scope, code)."""
    there = set(codes.values())
    holders = set()
    roots = set()
    for key, (scope, code) in codes.items():
        above = next((up for up in parent_of(code) if up != code and (scope, up) in there), None)
        if above is None:
            roots.add(key)
        else:
            holders.add((scope, above))
    return roots, {key for key, code in codes.items() if code not in holders}


# --- the ledger's side, as anyone could read it -----------------------------------------------------------------


class Ledger:
    """Receipts, batches and the live release of a home."""

    def __init__(self, home: Path) -> None:
        self.batches = home / "ledger" / "batches"
        self.classes = home / "ledger" / "classes"
        receipts = [json.loads(path.read_text("utf-8")) for path in sorted(self.batches.glob("*.json"))]
        gone = {batch for receipt in receipts for batch in receipt["supersedes"]}
        self.receipts = {r["file"]["sha256"]: r for r in receipts if r["batch"] not in gone}
        self.db = duckdb.connect()
        pointer = home / "releases" / "current"
        self.release: Path | None = None
        if pointer.is_file():
            self.release = home / "releases" / pointer.read_text("utf-8").strip() / "data" / "line.parquet"

    def lines(self, batch: str, stage: str) -> dict[Key, int]:
        """Return (sheet, row) → amount of the batch's lines that are rows of the file."""
        contract = not self._has(batch, "stage")
        where = "" if contract else f"where stage = '{stage}' and origin = 'row'"
        return {(s, r): a for s, r, a in self._rows(batch, f"select sheet, row, amount from $ {where}")}

    def remainder(self, batch: str, stage: str, where: str = "true") -> int:
        """Return the sum of the batch's explicit remainders."""
        query = f"select sum(amount) from $ where stage = '{stage}' and origin = 'remainder' and {where}"
        return int(next(self._rows(batch, query))[0] or 0)

    def elsewhere(self, batch: str) -> set[Key]:
        """Return the rows that were quarantined or set aside."""
        found: set[Key] = set()
        for kind in ("quarantine", "aside", "parents"):
            path = self.batches / f"{batch}.{kind}.parquet"
            if path.exists():
                found |= {(s, r) for s, r in self._all(f"select sheet, row from '{path}'")}
        return found

    def by_class(self, batch: str, programme: str) -> dict[str, dict[int, int]]:
        """Return class → row → amount of a programme's payments, from the live release or else the latest suggestions."""
        found: dict[str, dict[int, int]] = defaultdict(dict)
        if self.release:
            query = f"""select class, row, amount from '{self.release}'
                        where batch = '{batch}' and programme_code = '{programme}' and stage = 'paid'"""
        else:
            latest = max(self.classes.glob(f"{batch}.*.parquet"), key=lambda path: path.stat().st_mtime_ns)
            query = f"""select class, row, amount from '{self.batches / batch}.parquet' join '{latest}' using (line_no)
                        where programme_code = '{programme}' and stage = 'paid'"""
        for name, row, amount in self._all(query):
            found[name][row] = amount
        return found

    def released(self, sha256: str, stage: str, where: str = "true") -> int:
        """Return the sum of a file's lines in the live release, remainders included."""
        query = f"""select sum(amount) from '{self.release}'
                    where file_hash = '{sha256}' and stage = '{stage}' and {where}"""
        return int(next(self._all(query))[0] or 0)

    def _has(self, batch: str, column: str) -> bool:
        described = self.db.execute(f"describe select * from '{self.batches / batch}.parquet'").fetchall()
        return any(row[0] == column for row in described)

    def _rows(self, batch: str, query: str) -> Iterator[tuple]:  # type: ignore[type-arg]
        return self._all(query.replace("$", f"'{self.batches / batch}.parquet'"))

    def _all(self, query: str) -> Iterator[tuple]:  # type: ignore[type-arg]
        return iter(self.db.execute(query).fetchall())


# --- comparing ---------------------------------------------------------------------------------------------


def compare(
    file: RawFile, ledger: Ledger, name: str, *, trees: bool = False, planted: bool = False
) -> Iterator[Check]:
    """Hold one file: rows, what came in by stage, every line against its own cell, and that no row is missing.

    Unless it has `trees` or `planted` rows that are wrong, no row with an amount may be kept out of the sum.
    """
    receipt = ledger.receipts.get(file.sha256)
    if receipt is None:
        yield Check(f"{name}: file loaded", 1, 0)
        return
    yield Check(f"{name}: rows", len(file.rows), receipt["rows"]["in"])
    totals = {amount["stage"]: amount for amount in receipt["amounts"]}
    elsewhere = ledger.elsewhere(receipt["batch"])
    seen: set[Key] = set()
    for stage, amounts in file.amounts.items():
        yield Check(f"{name}: {stage}, in", sum(amounts.values()), totals[stage]["in"])
        lines = ledger.lines(receipt["batch"], stage)
        seen |= lines.keys()
        stored = sum(amount for key, amount in amounts.items() if key not in elsewhere)
        yield Check(f"{name}: {stage}, stored", stored, sum(lines.values()))
        wrong = sum(amounts.get(key) != amount for key, amount in lines.items())
        yield Check(f"{name}: {stage}, lines that differ from their cell", 0, wrong)
        if not trees and not planted:
            lost = sum(abs(amount) for key, amount in amounts.items() if key in elsewhere)
            yield Check(f"{name}: {stage}, readable and yet not stored", 0, lost)
        if ledger.release and receipt["table"] == "line" and not trees:
            yield Check(f"{name}: {stage}, in the release", stored, ledger.released(file.sha256, stage))
    both = sum(key in elsewhere for key in seen)
    yield Check(f"{name}: rows both counted and put elsewhere", 0, both)
    yield Check(f"{name}: rows not accounted for", 0, len(file.rows.keys() - seen - elsewhere))


def compare_tree(
    file: RawFile, ledger: Ledger, name: str, stage: str, codes: dict[Key, tuple[object, str]],
    parent_of: Callable[[str], Iterable[str]], where: str,
) -> Iterator[Check]:  # fmt: skip
    """Hold a budget tree: leaves plus remainders are the roots, by an own reading of the codes; so they are in the release."""
    roots, leaves = roots_and_leaves(codes, parent_of)
    amounts = file.amounts[stage]
    root_sum = sum(amounts[key] for key in roots if key in amounts)
    leaf_sum = sum(amounts[key] for key in leaves if key in amounts)
    receipt = ledger.receipts[file.sha256]
    lines = ledger.lines(receipt["batch"], stage)
    mine = {key: amount for key, amount in lines.items() if key in codes}
    yield Check(f"{name}: {stage}, leaves (rows)", len(leaves & amounts.keys()), len(mine))
    yield Check(f"{name}: {stage}, leaves", leaf_sum, sum(mine.values()))
    remainder = ledger.remainder(receipt["batch"], stage, where)
    yield Check(f"{name}: {stage}, remainders", root_sum - leaf_sum, remainder)
    yield Check(f"{name}: {stage}, roots = leaves + remainders", root_sum, sum(mine.values()) + remainder)
    if ledger.release:
        released = ledger.released(file.sha256, stage, where)
        yield Check(f"{name}: {stage}, roots in the release", root_sum, released)


def prefixes(*lengths: int) -> Callable[[str], Iterable[str]]:
    """Codes above a code that has its beginning, nearest first."""
    return lambda code: (code[:length] for length in sorted(lengths, reverse=True) if length < len(code))


def zero_pairs(code: str) -> Iterator[str]:
    """Codes above one that is written in pairs and padded with zeros, nearest first: 16029128 → 16029100, 16020000, 16000000."""
    for pairs in range(len(code) // 2 - 1, 0, -1):
        yield code[: 2 * pairs].ljust(len(code), "0")


def madrid(data: Path, ledger: Ledger) -> Iterator[Check]:
    """Payments in all, of the IT programmes and by class; the six stages; revenue."""
    for year in sorted(data.glob("20[0-9][0-9]")):
        if (year / "pagos.csv").exists():
            yield from _madrid_payments(year, ledger)
        if (year / "gastos.csv").exists():
            yield from _madrid_budget(year, ledger)
        if (year / "ingresos.csv").exists():
            file = read_text(year / "ingresos.csv", encoding="latin-1", delimiter=";")
            take_header(file, lambda cells: "PREV.INICIAL" in cells)
            stages = {"initial": "PREV.INICIAL", "modification": "MODIFICACIONES", "final": "PREV.DEFINITIV", "recognised": "D. RECON.NETOS", "paid": "RECAUDADO"}  # fmt: skip
            known = {a["stage"] for a in ledger.receipts.get(file.sha256, {"amounts": []})["amounts"]}
            fill(file, {s: (n,) for s, n in stages.items() if s in known}, lambda t: cents(t, decimal=","))
            yield from compare(file, ledger, f"{year.name} ingresos")


def _madrid_payments(year: Path, ledger: Ledger) -> Iterator[Check]:
    file = read_text(year / "pagos.csv", encoding="utf-8", delimiter=",")
    file.amounts["paid"] = {
        key: amount for key, cells in file.rows.items() if (amount := cents(cells[6])) is not None
    }
    yield from compare(file, ledger, f"{year.name} pagos")
    if file.sha256 not in ledger.receipts:
        return
    batch = ledger.receipts[file.sha256]["batch"]
    for programme in ("49101", "49102"):
        mine = {
            key[1]: file.amounts["paid"][key]
            for key, cells in file.rows.items()
            if cells[1].strip() == programme
        }
        classes = ledger.by_class(batch, programme)
        for name in sorted(classes):
            of_raw = sum(mine.get(row, 0) for row in classes[name])
            yield Check(f"{year.name} pagos {programme}: {name}", of_raw, sum(classes[name].values()))
        yield Check(f"{year.name} pagos {programme}: rows", len(mine), sum(map(len, classes.values())))
        every = sum(sum(rows.values()) for rows in classes.values())
        yield Check(f"{year.name} pagos {programme}: all classes together", sum(mine.values()), every)


def _madrid_budget(year: Path, ledger: Ledger) -> Iterator[Check]:
    file = read_text(year / "gastos.csv", encoding="latin-1", delimiter=";")
    take_header(file, lambda cells: "CRED_INICIAL" in cells)
    stages = {"initial": "CRED_INICIAL", "modification": "MOD_CREDITO", "final": "C_DEFINITIVO", "authorised": "C_AUTORIZADO", "committed": "C_DISPUESTO", "recognised": "OBL_RECONOC"}  # fmt: skip
    fill(file, {stage: (name,) for stage, name in stages.items()}, lambda text: cents(text, decimal=","))
    yield from compare(file, ledger, f"{year.name} gastos")


def isfahan(data: Path, ledger: Ledger) -> Iterator[Check]:
    """Capital and expense rows, each a tree of its own, without counting anything twice."""
    file = read_text(data / "budget_rows.csv", encoding="utf-8-sig", delimiter=",")
    take_header(file, lambda cells: "approved_amount" in cells)
    fill(file, {"initial": ("approved_amount",)}, lambda text: cents(text, minor=0))
    yield from compare(file, ledger, "budget_rows", trees=True)
    if file.sha256 not in ledger.receipts:
        return
    rules = {"capital": prefixes(8, 10), "expense": zero_pairs}
    for kind, above in rules.items():
        codes: dict[Key, tuple[object, str]] = {
            key: (file.cell(key, "zone_text") if kind == "capital" else "", file.cell(key, "budget_code"))
            for key in file.rows
            if file.cell(key, "budget_type") == kind
        }
        yield from compare_tree(
            file, ledger, f"budget_rows {kind}", "initial", codes, above, f"nature = '{kind}'"
        )


def _councils(paths: list[Path], ledger: Ledger) -> Iterator[Check]:
    for path in paths:
        file = read_text(path, encoding="utf-8-sig", delimiter=",")
        take_header(file, lambda cells: bool({"Amount", "Net Amount"} & {cell.strip() for cell in cells}))
        fill(file, {"paid": ("Amount", "Net Amount")}, cents)
        yield from compare(file, ledger, path.name.split(".")[0])


def oxford(data: Path, ledger: Ledger) -> Iterator[Check]:
    """Three quarters of payments."""
    yield from _councils(sorted(data.glob("expenditure-over-500-*.csv")), ledger)


def northtyneside(data: Path, ledger: Ledger) -> Iterator[Check]:
    """All monthly files."""
    yield from _councils(sorted(data.glob("*.csv.gz")), ledger)


_SAMPLE_STAGES = {
    "initial": ("مصوب", "اعتبار مصوب"), "modification": ("اصلاحیه", "متمم و اصلاحیه"), "final": ("بودجه نهایی", "اعتبار نهایی"),
    "allocated": ("تخصیص", "تخصیص یافته"), "committed": ("تعهد", "تعهد شده"), "paid": ("پرداخت", "عملکرد پرداخت"),
}  # fmt: skip


def sample(data: Path, ledger: Ledger) -> Iterator[Check]:
    """The sample city: against its raw files, and against the truth that its generator wrote down."""
    truth = json.loads((data / "truth.json").read_text("utf-8"))["files"]
    for name in sorted(truth):
        path = data / name
        if path.suffix == ".xlsx":
            file = read_workbook(path)
        else:
            delimiter = ";" if "1399" in name else "\t" if ".tsv" in name else ","
            file = read_text(
                path, encoding="windows-1256" if "1399" in name else "utf-8-sig", delimiter=delimiter
            )
        take_header(file, lambda cells: len(cells) > 8 and any(plain(cell) == "کد واحد" for cell in cells))
        scale = 1_000_000 if "million" in name else 1
        stages = _SAMPLE_STAGES
        if name.startswith("payments"):
            stages = {"paid": ("مبلغ (ریال)", "مبلغ پرداختی", "مبلغ به ریال", "مبلغ")}
        elif name.startswith("contracts"):
            stages = {"contract": ("مبلغ قرارداد (ریال)", "مبلغ")}
        fill(file, stages, lambda text, scale=scale: cents(text, minor=0, scale=scale))  # type: ignore[misc]
        trees = name.startswith("budget")
        yield from compare(file, ledger, name, trees=trees, planted=True)
        if file.sha256 not in ledger.receipts:
            continue
        for stage, known in truth[name]["amounts"].items():
            yield Check(
                f"{name}: {stage}, truth of the generator, in", sum(file.amounts[stage].values()), known["in"]
            )
        if trees:
            bad = {(one["sheet"], one["row"]) for one in truth[name]["quarantined"]}
            codes: dict[Key, tuple[object, str]] = {
                key: (file.cell(key, "کد واحد"), file.cell(key, "کد بودجه"))
                for key in file.rows
                if key not in bad and file.cell(key, "کد بودجه")
            }
            for stage in stages:
                yield from compare_tree(file, ledger, name, stage, codes, prefixes(2, 4, 6), "true")


CITIES: dict[str, Callable[[Path, Ledger], Iterator[Check]]] = {
    "madrid": madrid,
    "isfahan": isfahan,
    "oxford": oxford,
    "northtyneside": northtyneside,
    "sample": sample,
}


def main(arguments: list[str] | None = None) -> int:
    """Print every figure with both values; return 0 where all agree, 1 where one differs, 2 where there is nothing to compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--city", required=True, choices=sorted(CITIES))
    parser.add_argument("--data", required=True, type=Path, help="folder of the city's raw files")
    parser.add_argument("--home", required=True, type=Path, help="home into which they were loaded")
    parser.add_argument("--differences", action="store_true", help="print only what differs")
    options = parser.parse_args(arguments)
    if not (options.home / "ledger" / "batches").is_dir():
        print(f"{options.home}: no ledger here", file=sys.stderr)
        return 2
    ledger = Ledger(options.home)
    checks = list(CITIES[options.city](options.data, ledger))
    if not checks:
        print(f"{options.data}: no raw file of {options.city} here", file=sys.stderr)
        return 2
    wrong = [check for check in checks if not check.holds]
    shown = wrong if options.differences else checks
    width = max((len(check.what) for check in shown), default=0)
    for check in shown:
        mark = "=" if check.holds else "≠"
        print(
            f"{check.what:<{width}}  {check.raw:>24,} {mark} {check.ledger if check.ledger is not None else '—':>24,}"
        )
    source = (
        f"release {ledger.release.parent.parent.name}" if ledger.release else "batches (no release is live)"
    )
    print(
        f"{len(checks)} figures of {options.city} from its raw files, against {source}: {len(wrong)} differ"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
