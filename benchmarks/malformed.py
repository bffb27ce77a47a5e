"""Ten thousand malformed files, each of which must end in a typed error or a balanced batch, in bounded time and memory.

`python -m benchmarks.malformed` makes them from a seed, imports them in two processes, and keeps under build/malformed every file
that ended otherwise. Nothing of them is stored: the same seed and number make the same file again.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import queue
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent
KEPT = REPO / "build" / "malformed"
PATIENCE = 120
"""Seconds after which a file counts as one that never ends."""
PER_HOME = 60
"""Files that are loaded into one home before their classes and suppliers are suggested and the next is begun."""

PAYMENTS: dict[str, Any] = {
    "id": "fuzz.payments",
    "fiscal_year": {"from": "date"},
    "columns": {
        "document_no": {"names": ["شماره سند", "Doc", "Documento"], "optional": True},
        "date": {"names": ["تاریخ", "Date", "Fecha"]},
        "title": {"names": ["شرح", "Description", "Descripción"]},
        "supplier_name": {"names": ["ذی‌نفع", "Supplier", "Tercero"]},
        "supplier_id_raw": {"names": ["شناسه ملی", "Id", "NIF"], "optional": True},
    },
    "numbers": {"negative": ["leading", "trailing", "parentheses"]},
    "amounts": [{"stage": "paid", "names": ["مبلغ (ریال)", "Amount", "Importe"]}],
}
BUDGET: dict[str, Any] = {
    "id": "fuzz.budget",
    "fiscal_year": {"from": "value", "value": 1403},
    "file": {"sheets": "all"},
    "columns": {"tree_code": {"names": ["کد", "Code"]}, "title": {"names": ["شرح", "Description"]}},
    "amounts": [
        {"stage": "initial", "names": ["مصوب", "Initial"]},
        {"stage": "final", "names": ["نهایی", "Final"], "optional": True},
    ],
    "trees": [{"rule": "prefix", "lengths": [2, 4, 6]}],
}
SIDES: dict[str, Any] = {
    **PAYMENTS,
    "id": "fuzz.sides",
    "amounts": [{"stage": "paid", "names": ["بدهکار", "Debit"], "minus": {"names": ["بستانکار", "Credit"]}}],
}

AMOUNTS = [
    *(
        "1200 ۱۲۰۰ ۱۲٬۳۴۵ ۱۲٬۳۴۵٫۶۷ 1.234,56 (1,234) 1e20 NaN -5 5- --5 +7 1,23,456 ۱۲،۳۴۵ inf 0 -0 00012 0x1F "
        "99999999999999999999 999999999999999999 1.5 ½ ١٢٣ 12۳4 £5 5ریال =1+1 #REF! #DIV/0! TRUE - — ‐7 1_000 1 000"
    ).split(),
    "",
    " ",
    "1 200",
    "\u200e5",
    "12\n34",
    "9" * 400,
]
DATES = [
    *(
        "1403/05/12 ۱۴۰۳/۵/۱۲ 1403-05-12 14030512 ۱۴۰۳/۱۳/۴۰ 1403/12/30 1402/12/30 0000/00/00 1403/0/5 45506 45506.75 "
        "2024-07-02 31/02/2024 02/07/2024 9999/99/99 03/05/12 امروز -1403/05/12 1403/05/12/7 1e5"
    ).split(),
    "۱۲ مرداد ۱۴۰۳",
    "30 اسفند 1403",
    "1403/05/12 23:59:61",
    "",
    " ",
    "\u200f۱۴۰۳/۰۵/۱۲",
]
IDS = [
    "",
    "0499370899",
    "1234567890",
    "10380284790",
    "A28017895",
    "X",
    "IR062960000000100324200001",
    "0" * 30,
]
TITLES = [
    "خريد رايانه", "پشتیبانی نرم‌افزار", "=HYPERLINK(\"x\")", "+1", "@SUM(1)", "جمع کل", "نقل از صفحه قبل", "", " ",
    "a\"b", "خط\nدوم", "a,b;c\td|e", "\u202eوارونه", "\x00", "𓀀", "e\u0301", "\ufeff", "x" * 3000, "'", "<script>",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A file, the mapping it is imported by, and what was done to it."""

    name: str
    content: bytes
    mapping: dict[str, Any]
    done: tuple[str, ...]


def case(seed: int, number: int) -> Case:
    """Return the file of this number: a table as an office exports it, with one to four things wrong."""
    draw = random.Random(f"{seed}/{number}")
    kind = draw.choice([PAYMENTS, PAYMENTS, BUDGET, SIDES])
    rows = _table(draw, kind)
    done: list[str] = []
    for _ in range(draw.randint(0, 2)):
        change = draw.choice(ROW_CHANGES)
        rows = change(draw, rows)
        done.append(change.__name__)
    write = draw.choice(WRITERS)
    name, content = write(draw, rows)
    done.append(write.__name__)
    for _ in range(draw.choice([0, 1, 1, 2])):
        harm = draw.choice(BYTE_CHANGES)
        content = harm(draw, content)
        done.append(harm.__name__)
    if draw.random() < 0.12:
        name, content = _packed(draw, name, content)
        done.append("packed")
    if draw.random() < 0.004:
        huge = draw.choice(HUGE)
        name, content = huge(draw)
        done = [huge.__name__]
    mapping = dict(kind)
    if draw.random() < 0.1:
        other, value = draw.choice(MAPPING_CHANGES)
        mapping[other] = value
        done.append(f"mapping {other}")
    return Case(name, content, mapping, tuple(done))


def _table(draw: random.Random, kind: dict[str, Any]) -> list[list[str]]:
    language = draw.randrange(2)
    rules = [*kind["columns"].values(), *kind["amounts"]]
    header = [rule["names"][min(language, len(rule["names"]) - 1)] for rule in rules]
    minus = kind["amounts"][0].get("minus")
    if minus:
        header.append(minus["names"][language])
    rows = [header]
    for _ in range(draw.choice([0, 1, 3, 12, 40])):
        row = []
        for target in [*kind["columns"], *["amount"] * (len(header) - len(kind["columns"]))]:
            good = draw.random() < 0.85
            if target == "date":
                row.append("1403/05/12" if good else draw.choice(DATES))
            elif target == "amount":
                row.append(str(draw.randrange(10**9)) if good else draw.choice(AMOUNTS))
            elif target == "tree_code":
                row.append(draw.choice(["12", "1201", "1202", "120101", "13", "", "x"]))
            elif target == "supplier_id_raw":
                row.append(draw.choice(IDS))
            else:
                row.append("خرید" if good else draw.choice(TITLES))
        rows.append(row)
    return rows


Rows = list[list[str]]


def longer_rows(draw: random.Random, rows: Rows) -> Rows:
    return [row + ["x"] * draw.choice([0, 0, 1, 3]) for row in rows]


def shorter_rows(draw: random.Random, rows: Rows) -> Rows:
    return [row[: draw.randint(0, len(row))] if draw.random() < 0.3 else row for row in rows]


def header_again(draw: random.Random, rows: Rows) -> Rows:
    at = draw.randint(0, len(rows))
    return [*rows[:at], *rows[:1], *rows[at:]]


def no_header(draw: random.Random, rows: Rows) -> Rows:
    return rows[1:]


def header_renamed(draw: random.Random, rows: Rows) -> Rows:
    header = list(rows[0]) if rows else []
    if header:
        header[draw.randrange(len(header))] = draw.choice(["", "مبلغ", "شرح", "?", header[0]])
    return [header, *rows[1:]]


def titles_above(draw: random.Random, rows: Rows) -> Rows:
    return [["شهرداری"], [], ["گزارش", "", "۱۴۰۳"]][: draw.randint(1, 3)] + rows


def totals_below(draw: random.Random, rows: Rows) -> Rows:
    width = len(rows[0]) if rows else 1
    return [*rows, ["جمع کل", *[""] * max(0, width - 2), str(draw.randrange(10**6))], ["تهیه‌کننده"]]


def blank_rows(draw: random.Random, rows: Rows) -> Rows:
    return [one for row in rows for one in ([row, []] if draw.random() < 0.3 else [row])]


def columns_shuffled(draw: random.Random, rows: Rows) -> Rows:
    order = list(range(len(rows[0]))) if rows else []
    draw.shuffle(order)
    return [[row[i] if i < len(row) else "" for i in order] for row in rows]


def two_lines_of_header(draw: random.Random, rows: Rows) -> Rows:
    return [["", *["مبلغ"] * max(0, len(rows[0]) - 1)] if rows else [], *rows]


def wide(draw: random.Random, rows: Rows) -> Rows:
    return [row + ["1"] * draw.choice([500, 3000]) for row in rows]


ROW_CHANGES: list[Callable[[random.Random, Rows], Rows]] = [
    longer_rows, shorter_rows, header_again, no_header, header_renamed, titles_above, totals_below, blank_rows,
    columns_shuffled, two_lines_of_header, wide,
]  # fmt: skip


def _quoted(cell: str, delimiter: str) -> str:
    special = any(char in cell for char in (delimiter, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if special else cell


def text(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    delimiter = draw.choice(",,,;\t|")
    end = draw.choice(["\n", "\n", "\r\n", "\r", "\n\r"])
    careful = draw.random() < 0.9
    lines = [delimiter.join(_quoted(cell, delimiter) if careful else cell for cell in row) for row in rows]
    whole = end.join(lines) + draw.choice(["", end])
    encoding = draw.choice(
        ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1256", "cp1252", "utf-32"]
    )
    return draw.choice(["a.csv", "a.tsv", "a.txt", "a.xls"]), whole.encode(encoding, errors="replace")


def xlsx(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": draw.random() < 0.5}) as book:
        for number in range(draw.choice([1, 1, 2])):
            sheet = book.add_worksheet(f"برگه {number}")
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write(at, column, cell[:30_000].replace("\x00", ""))
            if draw.random() < 0.3 and rows:
                top = draw.randrange(len(rows))
                sheet.merge_range(top, 0, top + draw.randint(1, 4), draw.randint(0, 3), "ادغام")
            if number and draw.random() < 0.5:
                sheet.hide()
    return "a.xlsx", file.getvalue()


def ods(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    from xml.sax.saxutils import escape

    def cell(text: str) -> str:
        clean = "".join(char for char in text if char >= " ")
        repeat = draw.choice(["", "", "", ' table:number-columns-repeated="2"'])
        return f'<table:table-cell office:value-type="string"{repeat}><text:p>{escape(clean)}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='x'>{body}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return "a.ods", _zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode("utf-8", errors="replace"),
        }
    )


def xls(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    return "a.xls", (REPO / "tests" / "ledger" / "files" / "payments.xls").read_bytes()


def web_page(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    from html import escape

    closes = draw.random() < 0.7

    def cell(text: str) -> str:
        tag = draw.choice(["td", "td", "td", "th", "TD"])
        said = draw.choice(
            [
                "",
                "",
                "",
                "",
                ' colspan="2"',
                " rowspan=3",
                ' x:num="45506"',
                ' class="a',
                " x:num x:fmla='=1'",
            ]
        )
        inner = escape(text) if draw.random() < 0.95 else text
        inner = draw.choice([inner] * 9 + [f"<table><tr><td>{inner}</table>", f"<i hidden>1</i>{inner}"])
        return f"<{tag}{said}>{inner}" + (f"</{tag}>" if closes else "")

    def table(some: Rows) -> str:
        body = "".join(f"<tr>{''.join(map(cell, row))}" + ("</tr>" if closes else "") for row in some)
        return f"<table>{body}" + ("</table>" if draw.random() < 0.9 else "")

    at = draw.randint(0, len(rows))
    pages = [rows] if draw.random() < 0.7 else [rows[:at], rows[:1] + rows[at:]]
    encoding, said = (draw.choice(["utf-8", "utf-8-sig", "windows-1256", "utf-16"]) for _ in range(2))
    head = draw.choice(["", "<h1>گزارش</h1>", "<!-- x -->", "<style>td{}</style>", "<div><table><tr><td>"])
    whole = f"<html><meta charset={said}>{head}{''.join(map(table, pages))}</html>"
    return draw.choice(["a.xls", "a.html"]), whole.encode(encoding, errors="replace")


def xml_2003(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    from xml.sax.saxutils import escape

    def cell(text: str) -> str:
        clean = escape("".join(char for char in text if char >= " ")) if draw.random() < 0.99 else text
        kind = draw.choice(["String", "String", "Number", "DateTime", "Boolean", "Error", "x"])
        said = draw.choice(
            [""] * 9 + [' ss:MergeDown="2"', ' ss:MergeAcross="1"', ' ss:Index="3"', ' ss:Formula="=A"']
        )
        return f'<Cell{said}><Data ss:Type="{kind}">{clean}</Data></Cell>'

    def row(cells: list[str]) -> str:
        said = draw.choice([""] * 9 + [' ss:Index="7"', ' ss:Span="4"'])
        return f"<Row{said}>{''.join(map(cell, cells))}</Row>"

    def sheet(number: int) -> str:
        hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
        body, shown = "".join(map(row, rows)), draw.choice(["", "", hidden])
        return f'<Worksheet ss:Name="{number}"><Table>{body}</Table>{shown}</Worksheet>'

    urn = "urn:schemas-microsoft-com:office:spreadsheet"
    encoding, said = (draw.choice(["utf-8", "utf-8", "utf-16", "windows-1256"]) for _ in range(2))
    sheets = "".join(map(sheet, range(draw.choice([1, 1, 2]))))
    whole = (
        f'<?xml version="1.0" encoding="{said}"?><Workbook xmlns="{urn}" xmlns:ss="{urn}">{sheets}</Workbook>'
    )
    return draw.choice(["a.xls", "a.xml"]), whole.encode(encoding, errors="replace")


WRITERS: list[Callable[[random.Random, Rows], tuple[str, bytes]]] = [
    text, text, text, text, xlsx, ods, xls, web_page, web_page, xml_2003, xml_2003,
]  # fmt: skip


def _zip(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def _packed(draw: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    if draw.random() < 0.4:
        return f"{name}.gz", gzip.compress(content, mtime=0)
    path = draw.choice(["", "", "1403/", "../", "/", "C:\\", "a/../../", "__MACOSX/"])
    files = {f"{path}{name}": content, f"more/{name}": content}
    if draw.random() < 0.2:
        files["readme.pdf"] = b"%PDF-1.7"
    if draw.random() < 0.1:
        files["inner.zip"] = _zip({name: content})
    return "a.zip", _zip(files)


def flipped(draw: random.Random, content: bytes) -> bytes:
    raw = bytearray(content)
    for _ in range(draw.choice([1, 3, 30])):
        if raw:
            raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    return bytes(raw)


def cut(draw: random.Random, content: bytes) -> bytes:
    return content[: draw.randint(0, len(content))]


def doubled(draw: random.Random, content: bytes) -> bytes:
    at = draw.randint(0, len(content))
    return content[:at] + content[max(0, at - draw.randint(0, 400)) :]


def noise(draw: random.Random, content: bytes) -> bytes:
    at = draw.randint(0, len(content))
    return content[:at] + draw.randbytes(draw.choice([1, 8, 300])) + content[at:]


def inserted(draw: random.Random, content: bytes) -> bytes:
    at = draw.randint(0, len(content))
    piece = draw.choice(
        [b'"', b"\x00", b"\r", b"\n", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe", b",,,,,", b'""', b"\\"]
    )
    return content[:at] + piece * draw.choice([1, 1, 2, 50]) + content[at:]


def emptied(draw: random.Random, content: bytes) -> bytes:
    return b"" if draw.random() < 0.2 else content


def other_kind(draw: random.Random, content: bytes) -> bytes:
    heads = [
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b\x08",
        b"<html>",
        b"\x89PNG\r\n",
    ]
    return draw.choice(heads) + content[draw.choice([0, 8, 100]) :]


BYTE_CHANGES: list[Callable[[random.Random, bytes], bytes]] = [
    flipped, cut, doubled, noise, inserted, inserted, emptied, other_kind,
]  # fmt: skip


def ten_thousand_columns(draw: random.Random) -> tuple[str, bytes]:
    return "a.csv", (",".join(f"c{i}" for i in range(10_000)) + "\n" + ",".join(["1"] * 10_000)).encode()


def cell_of_50_mb(draw: random.Random) -> tuple[str, bytes]:
    quote = draw.choice(["", '"'])
    head = f"تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n1403/01/01,{quote}"
    return "a.csv", b"".join([head.encode(), b"x" * 50_000_000, f"{quote},الف,5\n".encode()])


def zip_bomb(draw: random.Random) -> tuple[str, bytes]:
    # Piece by piece, so that what memory it takes is the import's.
    file, piece = io.BytesIO(), b"0" * 1_000_000
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.csv", "w") as member:
                for _ in range(150):
                    member.write(piece)
    return "a.zip", file.getvalue()


def gz_bomb(draw: random.Random) -> tuple[str, bytes]:
    return "a.csv.gz", gzip.compress(b"\n" * 1_000_000, mtime=0) * 2_500


def far_cells(draw: random.Random) -> tuple[str, bytes]:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "تاریخ")
        sheet.write(1_048_575, draw.choice([0, 300, 16_383]), 1)
    return "a.xlsx", file.getvalue()


def unclosed_quote(draw: random.Random) -> tuple[str, bytes]:
    head = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
    return "a.csv", (head + '1403/01/01,"خرید,الف,5\n' + "1403/01/01,خرید,الف,5\n" * 200_000).encode()


HUGE: list[Callable[[random.Random], tuple[str, bytes]]] = [
    ten_thousand_columns, cell_of_50_mb, zip_bomb, gz_bomb, far_cells, unclosed_quote,
]  # fmt: skip

MAPPING_CHANGES: list[tuple[str, Any]] = [
    ("file", {"encoding": "windows-1256"}),
    ("file", {"encoding": "utf-8"}),
    ("file", {"sheets": ["نیست"]}),
    ("file", {"delimiter": "\t"}),
    ("file", {"header": False}),
    ("numbers", {"decimal": ",", "thousands": ["."], "minor_digits": 2}),
    ("numbers", {"scale": "million_rial"}),
    ("dates", {"calendar": "gregorian", "order": "mdy", "pivot": 1970}),
    ("amounts", [{"stage": "paid", "names": ["ستونی که نیست"]}]),
]


def balanced(home: Path, receipt: Any) -> str:
    """Return what does not balance between a receipt and the files it tells of, recomputed from them; empty where all does."""
    import polars as pl

    from rasad.ledger.batches import folder, rows_aside, rows_quarantined

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
