"""Web archives as Excel («single file web page») and browsers save them."""

from __future__ import annotations

from email import policy
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.quoprimime import body_encode

HEADER = ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"]


def table(rows: list[list[str]], *, charset: str = "utf-8") -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><head><meta charset={charset}></head><body><table>{body}</table></body></html>"


def part(page: str, place: str, *, charset: str = "utf-8") -> MIMENonMultipart:
    """Return a page of the archive in quoted-printable, as Excel writes it."""
    made = MIMENonMultipart("text", "html", policy=policy.compat32)
    made["Content-Location"] = f"file:///C:/4D61/{place}"
    made["Content-Transfer-Encoding"] = "quoted-printable"
    made.set_payload(body_encode(page.encode(charset).decode("latin-1"), eol="\r\n"))
    return made


def archive(*pages: tuple[str, str], charset: str = "utf-8", head: str = "MIME-Version: 1.0") -> bytes:
    """Return an archive of the pages (place, text) and a picture."""
    mail = MIMEMultipart("related", boundary="----=_NextPart_01DB.6A")
    for place, page in pages:
        mail.attach(part(page, place, charset=charset))
    mail.attach(MIMEImage(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "png"))
    text = mail.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))
    return head.encode() + b"\r\n" + text.replace(b"MIME-Version: 1.0\r\n", b"", 1)


def book(
    sheets: dict[str, list[list[str]]], *, hidden: tuple[str, ...] = (), charset: str = "utf-8"
) -> bytes:
    """Return a workbook of several sheets: the first page says what they are called, and has none of them."""
    names = "".join(
        f"<x:ExcelWorksheet><x:Name>{name}</x:Name>"
        + (
            "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
            if name in hidden
            else ""
        )
        + f'<x:WorksheetSource HRef="Book1_files/sheet00{number}.htm"/></x:ExcelWorksheet>'
        for number, name in enumerate(sheets, 1)
    )
    frames = f"<html><head><xml><x:ExcelWorkbook><x:ExcelWorksheets>{names}</x:ExcelWorksheets></x:ExcelWorkbook></xml></head><frameset><frame src=x></frameset></html>"
    pages = [
        (f"Book1_files/sheet00{number}.htm", table(rows, charset=charset))
        for number, rows in enumerate(sheets.values(), 1)
    ]
    return archive(("Book1.htm", frames), *pages, charset=charset)
