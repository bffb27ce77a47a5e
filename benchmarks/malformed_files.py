"""Malformed files, made from a seed: a table as an office exports it, written in one of many ways, and what was done to it."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.malformed_writers import (
    LATER,
    LATER_WRITERS,
    MADE,
    WRITERS,
    Rows,
    member,
    typed_figures,
    zipped,
)

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
    # Kinds that came later have a die of their own: what the other numbers are stays as it was.
    later = random.Random(f"{seed}/{number}/later")
    if later.random() < LATER:
        write = later.choice(LATER_WRITERS)
        name, content = write(later, rows)
        done = [write.__name__]
        if later.random() < 0.6:
            harm = later.choice(BYTE_CHANGES)
            content = harm(later, content)
            done.append(harm.__name__)
        if write is typed_figures and later.random() < 0.5:
            mapping["numbers"] = {**mapping.get("numbers", {}), "thousands": ["/"]}
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


def _packed(draw: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    if draw.random() < 0.4:
        return f"{name}.gz", gzip.compress(content, mtime=0)
    path = draw.choice(["", "", "1403/", "../", "/", "C:\\", "a/../../", "__MACOSX/"])
    files = {f"{path}{name}": content, f"more/{name}": content}
    if draw.random() < 0.2:
        files["readme.pdf"] = b"%PDF-1.7"
    if draw.random() < 0.1:
        files["inner.zip"] = zipped({name: content})
    return "a.zip", zipped(files)


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
            with archive.open(member(f"{number}.csv"), "w") as file_:
                for _ in range(150):
                    file_.write(piece)
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
