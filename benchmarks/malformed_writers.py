"""Tables in the ways that offices' programs write them, more or less well: each writer returns a file's name and content."""

from __future__ import annotations

import base64
import io
import quopri
import random
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

Rows = list[list[str]]

XLS = Path(__file__).resolve().parent.parent / "tests" / "ledger" / "files" / "payments.xls"
"""No program here writes the old format: a file of it is what is harmed."""

MADE = datetime(2024, 1, 1)  # noqa: DTZ001 - no zone is written
"""When every file says that it was made: the same number is the same file at any time."""


def member(name: str) -> zipfile.ZipInfo:
    """Return a file of an archive, as old as all: of the first day that archives know."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(member(name), content)
    return file.getvalue()


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
    return "a.ods", zipped(
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


def web_archive(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    """A workbook of one or two sheets as a single file web page."""
    boundary, end = "----=_NextPart_1", draw.choice(["\r\n", "\n"])
    parts = []
    for number in range(draw.choice([1, 1, 2])):
        _, page = web_page(draw, rows)
        encoding = draw.choice(["quoted-printable", "base64", "8bit", "x"])
        body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(encoding, bytes)(
            page
        )
        head = f"Content-Location: file:///C:/a_files/sheet00{number + 1}.htm{end}Content-Transfer-Encoding: {encoding}{end}Content-Type: text/html"
        parts.append(head.encode() + (end * 2).encode() + body)
    start = draw.choice(["", "From: <Saved by Blink>" + end])
    top = f'{start}MIME-Version: 1.0{end}Content-Type: multipart/related; boundary="{boundary}"{end}{end}'
    mark = f"{end}--{boundary}"
    whole = top.encode() + b"".join(mark.encode() + end.encode() + part for part in parts)
    return draw.choice(["a.mht", "a.xls"]), whole + (mark + draw.choice(["--", "--", "--", ""])).encode()


def hidden(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    """A workbook of which rows and columns are hidden or filtered away."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("پرداخت")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell[:30_000].replace("\x00", ""))
            if draw.random() < 0.3:
                sheet.set_row(at, None, None, {"hidden": True})
        if draw.random() < 0.5:
            first = draw.randrange(6)
            sheet.set_column(first, first + draw.choice([0, 2, 16_000 - first]), None, None, {"hidden": True})
        if rows and rows[0]:
            sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
    return "a.xlsx", file.getvalue()


def with_nuls(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    """A text in which a few bytes are zeros, or its end is."""
    raw = bytearray("\n".join(",".join(_quoted(cell, ",") for cell in row) for row in rows).encode())
    for _ in range(draw.choice([1, 1, 2, 20])):
        raw.insert(draw.randint(0, len(raw)), 0)
    return "a.csv", bytes(raw) + bytes(draw.choice([0, 0, 5_000]))


def typed_figures(draw: random.Random, rows: Rows) -> tuple[str, bytes]:
    """Figures with slashes between thousands, before decimals, or in full width."""
    wide = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789,.-()"}

    def typed(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit()):
            return cell
        way = draw.randrange(4)
        parted = f"{int(cell):,}"
        return [parted.replace(",", "/"), f"{cell}/5", parted.translate(wide), cell][way]

    lines = [";".join(_quoted(typed(cell), ";") for cell in row) for row in rows]
    return "a.csv", "\n".join(lines).encode(errors="replace")


LATER = 0.08
"""The share of files that are of the kinds below."""
LATER_WRITERS: list[Callable[[random.Random, Rows], tuple[str, bytes]]] = [
    web_archive, hidden, with_nuls, typed_figures,
]  # fmt: skip

WRITERS: list[Callable[[random.Random, Rows], tuple[str, bytes]]] = [
    text, text, text, text, xlsx, ods, xls, web_page, web_page, xml_2003, xml_2003,
]  # fmt: skip
