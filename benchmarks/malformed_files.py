"""Malformed files, made from a seed: a table as an office exports it, written in one of many ways, and what was done to it."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

XLS = Path(__file__).resolve().parent.parent / "tests" / "ledger" / "files" / "payments.xls"
"""No program here writes the old format: a file of it is what is harmed."""

MADE = datetime(2024, 1, 1)  # noqa: DTZ001 - no zone is written
"""When every file says that it was made: the same number is the same file at any time."""

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
        book.set_properties({"created": MADE})
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
    return "a.xls", XLS.read_bytes()


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


def _member(name: str) -> zipfile.ZipInfo:
    """Return a file of an archive, as old as all: of the first day that archives know."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _zip(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_member(name), content)
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
            with archive.open(_member(f"{number}.csv"), "w") as member:
                for _ in range(150):
                    member.write(piece)
    return "a.zip", file.getvalue()


def gz_bomb(draw: random.Random) -> tuple[str, bytes]:
    return "a.csv.gz", gzip.compress(b"\n" * 1_000_000, mtime=0) * 2_500


def far_cells(draw: random.Random) -> tuple[str, bytes]:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": MADE})
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
